"""Changing what is said about a treatment outside its parts."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import changed
from app.cases.models import Presentation, Treatment
from app.cases.queries.find import parts_of
from app.cases.rules import TreatmentKind, title_problems
from app.cases.service.earlier import remember
from app.cases.service.opening import finish, open_content, touch
from app.cases.service.presenters import PresenterDraft, check_organisation, presenter_rows, printed
from app.cases.service.rich_text import set_texts, texts_of
from app.kernel.errors import refuse_if
from app.kernel.language import Language
from app.kernel.lengths import too_long
from app.kernel.text import clean_line


def edit_treatment(
    db: Session,
    actor: Actor,
    treatment_id: UUID,
    *,
    version: int,
    title: str,
    kind: TreatmentKind,
    wanted_result: str,
    presenters: Sequence[PresenterDraft],
    preparer: str,
    preparer_organisation_id: UUID | None,
    language: Language,
    place: str,
    dated: date | None,
    kind_label: str = "",
) -> Treatment:
    """Save the facts of a treatment and the head and foot of its paper.

    ``kind_label`` is the name of the kind as an imported paper had it; empty for the forum's own word. The texts and
    headings of the parts stay as they are when the language changes.

    :raise Conflict: when somebody else saved first.
    :raise RuleBroken: ``treatment.closed``, ``treatment.no_title``, ``text.too_long``, ``presenter.unknown_person``,
        ``organisation.unknown``.
    """
    treatment, presentation = open_content(db, actor, treatment_id, version=version)
    refuse_if(
        (
            *title_problems(title),
            *too_long("wanted_result", wanted_result),
            *too_long("preparer", preparer),
            *too_long("place", place),
        )
    )
    check_organisation(db, preparer_organisation_id, "preparer")
    rows = presenter_rows(db, presenters)
    stood = _stood(treatment, presentation)
    changes = changed(
        treatment,
        title=clean_line(title),
        kind=kind,
        kind_label=clean_line(kind_label),
        wanted_result=clean_line(wanted_result),
        preparer=clean_line(preparer),
        preparer_organisation_id=preparer_organisation_id,
    )
    changes |= changed(presentation, language=language, place=clean_line(place), dated=dated)
    if "language" in changes:
        for part in parts_of(db, presentation.id):
            lead_in, body, closing = texts_of(part)
            set_texts(part, language, lead_in=lead_in, body=body, closing=closing)
    if _identity(treatment.presenters) != _identity(rows):
        changes["presenters"] = (printed(treatment.presenters), printed(rows))
        treatment.presenters = rows
    if changes:
        remember(db, treatment.id, treatment.version, stood)
        treatment.version += 1
        touch(treatment, presentation)
        finish(db, actor, "case.edited", treatment, changes=changes)
    return treatment


def _stood(treatment: Treatment, presentation: Presentation) -> dict[str, list[str]]:
    """The facts as their form has them."""
    return {
        "title": [treatment.title],
        "kind": [treatment.kind.value],
        "wanted_result": [treatment.wanted_result],
        "presenters": [presenter.text for presenter in treatment.presenters],
        "preparer": [treatment.preparer],
        "language": [presentation.language.value],
        "place": [presentation.place],
        "dated": [presentation.dated.isoformat() if presentation.dated else ""],
    }


def _identity(presenters: Sequence[object]) -> list[tuple[object, ...]]:
    return [
        tuple(getattr(row, field) for field in ("text", "person_id", "organisation_id")) for row in presenters
    ]
