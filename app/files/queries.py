"""Which stored files a row names."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.models import Blob


def unnamed(db: Session, names: Sequence[str]) -> list[str]:
    """Those of the SHA-256 names that no row has."""
    known = set(db.scalars(select(Blob.sha256).where(Blob.sha256.in_(names))))
    return [name for name in names if name not in known]
