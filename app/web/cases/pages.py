"""What the pages of one case are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from fastapi import Response
from markupsafe import Markup

from app.access.permissions import Permission
from app.cases.policy import Sight
from app.cases.queries.show import CasePage, PartView, StepOffer
from app.cases.rules import TreatmentState
from app.cases.service.readings import Reading, note_exempt_reading
from app.documents.wording import label
from app.files.rules import extension_of
from app.kernel.errors import Reason
from app.meetings.agenda_rules import may_be_put_on
from app.meetings.queries.find import meeting_of
from app.platform.i18n import local_date
from app.web.cases.words import MAIN_LINE, QUESTIONS, STATE_MEANINGS, STATES, STEPS, file_size
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page
from app.web.shared.visit import Visit
from app.web.shared.words import LANGUAGES, word


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part and its text as HTML."""

    part: PartView
    html: Markup


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as a button: its words, whether it is asked about first, and why it is not open."""

    name: str
    label: str
    is_asked: bool
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A correction and its text as HTML, with the day it was made on the local clock."""

    number: int
    html: Markup
    reason: str
    author_name: str
    day: date


def case_page(
    visit: Visit,
    case: CasePage,
    *,
    reasons: Sequence[Reason] = (),
    status: int = 200,
    as_public: bool = False,
) -> Response:
    """The case as a reader sees it, with what stood against the last try."""
    treatment = case.treatment
    if case.is_withheld:
        return page(
            visit, "cases/withheld.html", {"case": case, "treatment": treatment, "as_public": as_public}
        )
    note_reading(visit, case, Reading.PAGE)
    may_arrange = case.sight is Sight.WHOLE and visit.actor.may(Permission.MEETING_EDIT, treatment.forum_id)
    steps = [_step(visit, offer) for offer in case.steps]
    meeting = meeting_of(visit.db, treatment.id)
    can_be_listed = may_be_put_on(treatment.state, meeting.state if meeting else None)
    context = {
        "case": case,
        "treatment": treatment,
        "parts": [ShownPart(part, rendered(part.html)) for part in case.parts],
        "attachments": case.attachments,
        "corrections": shown_corrections(case),
        "may_correct": case.may_edit and treatment.state is TreatmentState.TREATED,
        # What belongs to the paper is in the paper's language, or as it stood in the paper that was read in.
        "printed": partial(label, treatment.language, wording=treatment.wording),
        "extension": extension_of,
        "file_size": partial(file_size, language=visit.language),
        "steps": [step for step in steps if step.name != "make_ready"],
        "ready_step": next((step for step in steps if step.name == "make_ready"), None),
        "stages": [(state.value, word(STATES, state, visit.language)) for state in MAIN_LINE]
        if treatment.state in MAIN_LINE
        else [],
        "language_name": word(LANGUAGES, treatment.language, visit.language),
        "meaning": word(STATE_MEANINGS, treatment.state, visit.language),
        "meeting": meeting,
        "may_arrange": may_arrange and can_be_listed,
        "refused": reason_messages(visit.language, tuple(reasons)),
        "is_public": case.sight is Sight.PUBLIC,
        "as_public": as_public,
        "has_embargo": treatment.released_at is not None and not treatment.is_open,
    }
    return page(visit, "cases/show.html", context, status=status)


def shown_corrections(case: CasePage) -> list[ShownCorrection]:
    """The corrections of the paper, the first first."""
    return [
        ShownCorrection(
            each.number, rendered(each.html), each.reason, each.author_name, local_date(each.made_at)
        )
        for each in case.corrections
    ]


def note_reading(visit: Visit, case: CasePage, way: Reading, *, name: str = "") -> None:
    """Have it written down that the caller read what is exempt, when there is any in the opened treatment."""
    if case.shows_exempt:
        note_exempt(visit, case.treatment.id, way, name=name)


def note_exempt(visit: Visit, treatment_id: UUID, way: Reading, *, name: str = "") -> None:
    """Have it written down that the caller read what is exempt."""
    visit.note_reading(partial(note_exempt_reading, treatment_id=treatment_id, way=way, name=name))


def rendered(html: str) -> Markup:
    """HTML that ``documents.richtext`` made from the block tree when the part was saved.

    This is the one place where stored text is let through unescaped. The renderer escapes every text and writes only the
    elements of its own table, and nothing else ever sets the column.
    """
    return Markup(html)  # noqa: S704  escaped when it was made from the blocks


def _step(visit: Visit, offer: StepOffer) -> ShownStep:
    return ShownStep(
        offer.name,
        word(STEPS, offer.name, visit.language),
        offer.name in QUESTIONS,
        reason_messages(visit.language, offer.objections),
    )
