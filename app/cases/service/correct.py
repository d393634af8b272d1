"""Correcting a paper that has been treated: by adding to it, never by changing it."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Correction
from app.cases.queries.corrections import next_correction_number
from app.cases.queries.find import presentation_of
from app.cases.rules import TreatmentState
from app.cases.service.opening import finish, open_treatment, touch
from app.documents.richtext.codec import to_json
from app.documents.richtext.html import to_html
from app.documents.richtext.markdown_reader import parse_markdown
from app.kernel.errors import Reason, RuleBroken, refuse_if
from app.kernel.lengths import LONGEST_TEXT, too_long
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
    refuse_if((*too_long("body", body_markdown, LONGEST_TEXT), *too_long("reason", reason)))
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
    changes = {"body": (None, body_markdown), "reason": (None, reason)}
    finish(db, actor, "case.corrected", treatment, subject=correction, changes=changes)
    return correction
