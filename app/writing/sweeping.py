"""Removing the drafts of people who never came back to them, and what such drafts may have begun from."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.cases.service.earlier import KEEP as KEEP_EARLIER
from app.cases.service.earlier import forget_earlier
from app.jobs.handlers import Payload, Surroundings, handles
from app.platform.clock import utc_now
from app.writing.rules import KEEP_DRAFTS
from app.writing.service import sweep_drafts


@handles("writing.sweep", every=timedelta(hours=24))
def swept(db: Session, _around: Surroundings, _payload: Payload) -> None:
    """Remove drafts that nobody has touched for as long as drafts are kept, and empty texts that were saved over long ago."""
    sweep_drafts(db, utc_now() - KEEP_DRAFTS)
    forget_earlier(db, utc_now() - KEEP_EARLIER)
