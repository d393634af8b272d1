"""Exemptions, built directly."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.rules import Covers
from app.platform.clock import utc_now


def basis(db: Session, key: str = "offl-23-1") -> LegalBasis:
    """One of the bases that the migrations bring."""
    return db.scalars(select(LegalBasis).where(LegalBasis.key == key)).one()


def make_exemption(
    db: Session, key: str = "offl-23-1", *, covers: Covers = Covers.TITLE, **fields: Any
) -> Exemption:
    """A decision by the operator, on nothing yet."""
    legal = basis(db, key)
    exemption = Exemption(
        basis_id=legal.id,
        covers=covers,
        decided_by_name="samstyr",
        decided_at=utc_now(),
        considered_wider_access=not legal.is_duty,
        **fields,
    )
    db.add(exemption)
    db.flush()
    return exemption
