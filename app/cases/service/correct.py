"""Correcting a paper that has been treated: by adding to it, never by changing it."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.cases.models import Correction
from app.cases.queries.corrections import next_correction_number
from app.cases.queries.find import presentation_of
from app.cases.rules import TreatmentState, line_problems, text_problems
from app.cases.service.opening import open_treatment, touch
from app.documents.richtext.codec import to_json
from app.documents.richtext.html import to_html
from app.documents.richtext.markdown_reader import parse_markdown
from app.kernel.errors import Reason, RuleBroken, refuse_if
from app.kernel.text import clean_line
from app.platform.clock import utc_now


def add_correction(
    db: Session, actor: Actor, treatment_id: UUID, *, version: int, body_markdown: str, reason: str
) -> Correction:
    """Add a correction after the paper of a treatment that the forum is done with. The paper stays as it was treated.

    :raise Conflict: when somebody else changed the treatment first.
    :raise RuleBroken: ``correction.not_treated`` for a paper that can still be edited or was withdrawn,
        ``correction.no_text``, ``correction.no_reason``, ``text.too_long``.
    """
    treatment = open_treatment(db, actor, treatment_id, version=version)
    if treatment.state is not TreatmentState.TREATED:
        raise RuleBroken("correction.not_treated")
    refuse_if((*text_problems("body", body_markdown), *line_problems("reason", reason)))
    body = parse_markdown(body_markdown)
    reason = clean_line(reason)
    refuse_if(
        (
            *(() if body else (Reason("correction.no_text", "body"),)),
            *(() if reason else (Reason("correction.no_reason", "reason"),)),
        )
    )
    presentation = presentation_of(db, treatment.id)
    number = next_correction_number(db, treatment.id)
    correction = Correction(
        treatment_id=treatment.id,
        number=number,
        body=to_json(body),
        html=to_html(body, f"correction-{number}", presentation.language),
        reason=reason,
        author_user_id=actor.user_id,
        author_name=actor.name,
        made_at=utc_now(),
    )
    db.add(correction)
    treatment.version += 1
    touch(treatment, presentation)
    db.flush()
    record(
        db,
        actor,
        "case.corrected",
        correction,
        name=treatment.title,
        forum_id=treatment.forum_id,
        case_id=treatment.case_id,
        changes={"body": (None, body_markdown), "reason": (None, reason)},
    )
    return correction
