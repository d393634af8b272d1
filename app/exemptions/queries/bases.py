"""Reading legal bases."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.rules import in_language, is_valid_on
from app.kernel.errors import NotFound
from app.kernel.language import Language


@dataclass(frozen=True, slots=True)
class BasisLine:
    """A provision as a list shows it, in the reader's language."""

    id: UUID
    version: int
    law: str
    printed: str
    about: str
    is_duty: bool
    whole_document: bool
    valid_from: date
    valid_to: date | None
    uses: int = 0  # exemptions in force by it

    def is_valid_on(self, day: date) -> bool:
        """Whether something may be withheld by it on the day."""
        return is_valid_on(self.valid_from, self.valid_to, day)


def valid_bases(db: Session, language: Language, day: date) -> tuple[BasisLine, ...]:
    """The bases that are law on the day, in the order of the list."""
    valid = select(LegalBasis).where(
        LegalBasis.valid_from <= day, or_(LegalBasis.valid_to.is_(None), LegalBasis.valid_to >= day)
    )
    bases = db.scalars(valid.order_by(LegalBasis.position, LegalBasis.key))
    return tuple(_line(basis, language) for basis in bases)


def all_bases(db: Session, language: Language) -> tuple[BasisLine, ...]:
    """Every basis there has been, with how many exemptions stand by it."""
    in_force = select(Exemption.basis_id, func.count().label("uses")).where(Exemption.ended_at.is_(None))
    counted = in_force.group_by(Exemption.basis_id).subquery()
    wanted = select(LegalBasis, func.coalesce(counted.c.uses, 0))
    wanted = wanted.outerjoin(counted, counted.c.basis_id == LegalBasis.id)
    rows = db.execute(wanted.order_by(LegalBasis.position, LegalBasis.key))
    return tuple(_line(basis, language, count) for basis, count in rows)


def get_basis(db: Session, basis_id: UUID, language: Language) -> BasisLine | None:
    """One basis."""
    basis = db.get(LegalBasis, basis_id)
    return _line(basis, language) if basis is not None else None


def basis_by_key(db: Session, key: str) -> LegalBasis:
    """One of the bases that came with the tables.

    :raise NotFound: when there is none of this key.
    """
    found = db.scalars(select(LegalBasis).where(LegalBasis.key == key)).one_or_none()
    if found is None:
        raise NotFound
    return found


def last_position(db: Session) -> int:
    """Where the list ends."""
    return db.scalar(select(func.max(LegalBasis.position))) or 0


def _line(basis: LegalBasis, language: Language, uses: int = 0) -> BasisLine:
    return BasisLine(
        id=basis.id,
        version=basis.version,
        law=basis.law,
        printed=in_language(basis.printed, language),
        about=in_language(basis.about, language),
        is_duty=basis.is_duty,
        whole_document=basis.whole_document,
        valid_from=basis.valid_from,
        valid_to=basis.valid_to,
        uses=uses,
    )
