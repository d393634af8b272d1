"""What the table of jobs needs done for itself."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.jobs.handlers import Payload, Surroundings, handles
from app.jobs.service import forget_done
from app.platform.clock import utc_now

_KEPT = timedelta(days=7)  # long enough to look into what happened


@handles("jobs.forget", every=timedelta(hours=24))
def forget(db: Session, _around: Surroundings, _payload: Payload) -> None:
    """Remove what was done more than a week ago."""
    forget_done(db, utc_now() - _KEPT)
