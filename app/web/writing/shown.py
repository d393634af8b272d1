"""A form that keeps drafts, as templates and scripts see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_origin
from uuid import UUID

from starlette.datastructures import FormData

from app.platform.i18n import translations
from app.web.shared.forms import AnyForm, Bound
from app.web.shared.visit import Visit
from app.writing.queries import KeptDraft, WriterAtWork, own_draft
from app.writing.rules import REVISION_FIELD, DraftKey
from app.writing.service import drop_draft


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The key of a form, and the draft that its writer has for it, if any."""

    key: str
    kept: KeptDraft | None = None
    stored_version: int = 0

    @property
    def attributes(self) -> dict[str, str]:
        """What ``js/drafts.js`` reads on the form."""
        return {"data-draft": self.key, "data-draft-revision": str(self.kept.revision if self.kept else 0)}

    @property
    def at(self) -> datetime | None:
        """When the draft was kept; None when there is none."""
        return self.kept.updated_at if self.kept else None

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody has saved since the writer began."""
        return self.kept is not None and self.kept.base_version != self.stored_version


def form_draft(drafts: Mapping[str, KeptDraft], key: DraftKey, version: int = 0) -> FormDraft:
    """The form with this key among drafts that are loaded already."""
    return FormDraft(str(key), drafts.get(str(key)), version)


def find_form_draft(visit: Visit, key: DraftKey) -> FormDraft:
    """The form with this key. One query."""
    return FormDraft(str(key), own_draft(visit.db, visit.actor, key))


def drafted(model: type[AnyForm], form: FormDraft) -> Bound[AnyForm] | None:
    """The form as its writer left it; None without a draft. Fields that the form does not have any more fall away."""
    if form.kept is None:
        return None
    data: dict[str, str | list[str]] = {}
    for name, values in form.kept.fields.items():
        known = model.model_fields.get(name)
        if known is None or not values:
            continue
        data[name] = list(values) if get_origin(known.annotation) is list else values[-1]
    if "version" in model.model_fields:
        data["version"] = str(form.kept.base_version)
    return Bound(data)


def forget_saved(visit: Visit, key: DraftKey, form: FormData) -> None:
    """Forget the draft of a form that is saved now; not what another window of the same person has kept since."""
    sent = str(form.get(REVISION_FIELD, ""))
    known = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    drop_draft(visit.db, visit.actor, key, known=known)


def orphans(drafts: Mapping[str, KeptDraft], keys: set[str], treatment_id: UUID) -> list[KeptDraft]:
    """Drafts for parts of the paper that somebody has removed since."""
    beginning = f"treatment/{treatment_id}/part/"
    return [draft for key, draft in drafts.items() if key.startswith(beginning) and key not in keys]


def presence_words(visit: Visit, writers: list[WriterAtWork]) -> dict[str, str]:
    """Who writes in which section, in one sentence for each, by ``head`` or the id of the part."""
    say = translations(visit.language).ugettext
    now, before = say("%(name)s is writing here."), say("%(name)s was writing here a minute ago.")
    found: dict[str, list[str]] = {}
    for writer in writers:
        found.setdefault(writer.part, []).append((before if writer.minutes else now) % {"name": writer.name})
    return {part: " ".join(said) for part, said in found.items()}
