"""Names as people type them, and who they are in the directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.cases.service.presenters import PresenterDraft
from app.directory.queries import OrganisationOption, PersonOption, organisation_options, person_options
from app.platform.clock import today
from app.web.shared.visit import Visit


@dataclass(frozen=True)
class Directory:
    """Everybody that can be suggested in a field. A name that two people have leads to neither."""

    persons: tuple[PersonOption, ...]
    organisations: tuple[OrganisationOption, ...]

    @classmethod
    def load(cls, visit: Visit) -> "Directory":
        """The directory as of today."""
        return cls(tuple(person_options(visit.db)), tuple(organisation_options(visit.db, today())))

    def presenters(
        self, names: Iterable[str], stored: Mapping[str, PresenterDraft] | None = None
    ) -> list[PresenterDraft]:
        """Presenters from typed names. A name that stood there before keeps what it was tied to."""
        kept = stored or {}
        return [kept.get(name) or self._presenter(name) for name in names if name]

    def organisation(self, name: str) -> UUID | None:
        """The organisation that has this name or abbreviation today."""
        return _only(
            option.id for option in self.organisations if _same(name, option.name, option.abbreviation)
        )

    def _presenter(self, name: str) -> PresenterDraft:
        person = _only(option.id for option in self.persons if _same(name, option.name))
        return PresenterDraft(name, person, None if person else self.organisation(name))


def _same(typed: str, *names: str) -> bool:
    return bool(typed) and typed.casefold() in {name.casefold() for name in names if name}


def _only(found: Iterable[UUID]) -> UUID | None:
    ids = list(found)
    return ids[0] if len(ids) == 1 else None
