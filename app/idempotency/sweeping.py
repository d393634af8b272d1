"""Forgetting the answers that nobody will ask for again."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.idempotency.rules import KEEP_ANSWERS
from app.idempotency.service import sweep
from app.jobs.handlers import Payload, Surroundings, handles
from app.platform.clock import utc_now


@handles("idempotency.sweep", every=timedelta(hours=6))
def swept(db: Session, _around: Surroundings, _payload: Payload) -> None:
    """Remove keys that are older than forms are good for."""
    sweep(db, utc_now() - KEEP_ANSWERS)
