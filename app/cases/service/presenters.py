"""Who puts a case before the forum."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.models import Presenter
from app.directory.models import Organisation, Person
from app.kernel.errors import Reason, RuleBroken, refuse_if
from app.kernel.lengths import too_long
from app.kernel.text import clean_line


@dataclass(frozen=True, slots=True)
class PresenterDraft:
    """A presenter as a form gives it. Without a text the person's name is printed."""

    text: str
    person_id: UUID | None = None
    organisation_id: UUID | None = None


def presenter_rows(db: Session, drafts: Sequence[PresenterDraft]) -> list[Presenter]:
    """New rows in order; a draft that names nobody is left out.

    :raise RuleBroken: ``presenter.unknown_person``, ``organisation.unknown`` or ``text.too_long``.
    """
    rows: list[Presenter] = []
    for draft in drafts:
        text = clean_line(draft.text)
        refuse_if(too_long("presenters", text))
        if draft.person_id is not None:
            person = db.get(Person, draft.person_id)
            if person is None:
                raise RuleBroken(Reason("presenter.unknown_person", "presenters"))
            text = text or person.name
        check_organisation(db, draft.organisation_id, "presenters")
        if text:
            rows.append(
                Presenter(
                    position=len(rows) + 1,
                    text=text,
                    person_id=draft.person_id,
                    organisation_id=draft.organisation_id,
                )
            )
    return rows


def printed(presenters: Sequence[Presenter]) -> str:
    """The presenters as one line, as the paper and the history show them."""
    return ", ".join(presenter.text for presenter in presenters)


def check_organisation(db: Session, organisation_id: UUID | None, field: str) -> None:
    """Let pass an organisation of the directory, or none.

    :raise RuleBroken: ``organisation.unknown``.
    """
    if organisation_id is not None and db.get(Organisation, organisation_id) is None:
        raise RuleBroken(Reason("organisation.unknown", field))
