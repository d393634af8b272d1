"""What is exempt from public access in the demo, and what is released."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.queries.find import attachments_of, get_treatment, parts_of, presentation_of
from app.cases.service.exempt import Target, exempt
from app.cases.service.release import release
from app.demo.slides import REDACTED, slides_pdf
from app.exemptions.queries import basis_by_key
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.files.models import Blob
from app.files.service import store_upload
from app.platform.clock import utc_now
from app.platform.storage import FileStore


def restrict_access(
    db: Session, actor: Actor, store: FileStore, treatment_id: UUID, entry: dict[str, Any]
) -> None:
    """Decide the exemptions of a case and release it, as far as its entry says."""
    for decision in entry.get("exempt", []):
        _exempt(db, actor, store, treatment_id, decision)
    if entry.get("released"):
        days = entry.get("embargo_days")
        release(
            db,
            actor,
            store,
            treatment_id,
            version=get_treatment(db, actor, treatment_id).version,
            embargo_until=utc_now() + timedelta(days=days) if days else None,
        )


def _exempt(
    db: Session, actor: Actor, store: FileStore, treatment_id: UUID, decision: dict[str, Any]
) -> None:
    paper = presentation_of(db, treatment_id)
    covers = Covers(decision["covers"])
    record_id = None
    if covers is Covers.PART:
        record_id = next(part.id for part in parts_of(db, paper.id) if part.key == decision["key"])
    elif covers is Covers.ATTACHMENT:
        record_id = attachments_of(db, paper.id)[decision["number"] - 1].id
    basis = basis_by_key(db, decision["basis"])
    draft = ExemptionDraft(
        basis.id,
        considered_wider_access=not basis.is_duty,
        public_text=decision.get("public_text", ""),
        review_on=decision.get("review_on"),
        note=decision.get("note", ""),
        redacted=_redacted(db, actor, store, decision),
        redacted_name=decision.get("redacted", ""),
    )
    exempt(db, actor, store, treatment_id, Target(covers, record_id), draft)


def _redacted(db: Session, actor: Actor, store: FileStore, decision: dict[str, Any]) -> Blob | None:
    if "redacted" not in decision:
        return None
    stream = io.BytesIO(slides_pdf(REDACTED))
    return store_upload(
        db, actor, store, stream=stream, file_name=decision["redacted"], limit=1024 * 1024
    ).blob
