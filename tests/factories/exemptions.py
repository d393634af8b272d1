"""Exemptions, built directly."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Treatment
from app.cases.service.share import share
from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.forums.models import Forum
from app.platform.clock import utc_now
from tests.factories.cases import SYSTEM, make_case
from tests.factories.forums import make_forum


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


def draft(db: Session, key: str = "offl-23-1", **fields: Any) -> ExemptionDraft:
    """A decision as a form would bring it."""
    legal = basis(db, key)
    fields.setdefault("considered_wider_access", not legal.is_duty)
    return ExemptionDraft(legal.id, **fields)


def shared_case(db: Session, title: str = "Felles innkjøp") -> tuple[Forum, Treatment]:
    """A forum and a case that its readers can see."""
    forum = make_forum(db)
    treatment = make_case(db, forum, title)
    share(db, SYSTEM, treatment.id)
    return forum, treatment


def codes(broken: Any) -> list[str]:
    """The reasons of a refusal that a test has caught."""
    return [reason.code for reason in broken.value.reasons]
