"""What is told about an exemption beside the thing that it withholds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select
from sqlalchemy.orm import aliased

from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.rules import in_language, is_due
from app.kernel.language import Language
from app.platform.clock import today
from app.platform.db import Base

AnySelect = TypeVar("AnySelect", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """An exemption in force. For a reader of the public part, all but ground, public text and redacted file is empty."""

    id: UUID
    ground: str  # offl. § 23 første ledd
    public_text: str
    redacted_name: str
    redacted_sha256: str | None = None
    basis_id: UUID | None = None
    is_duty: bool = False
    decided_by: str = ""
    decided_at: datetime | None = None
    review_on: date | None = None
    considered_wider_access: bool = False
    note: str = ""

    @property
    def is_due(self) -> bool:
        """Whether somebody should look at it again."""
        return is_due(self.review_on, today())


AnyRecord = TypeVar("AnyRecord", bound=Base)


def _aliased(model: type[AnyRecord], name: str) -> type[AnyRecord]:
    """The table under another name, ready for threads.

    An alias finds its columns by an index that is filled at the first question. Of two threads that ask first, the second
    may see half of it; it is then given the column of the bare table, for as long as the process lives. What lives as long
    must be asked once while there is one thread, so it is asked here.
    """
    table = model.__table__.alias(name)
    for column in model.__table__.c:
        table.corresponding_column(column)
    return aliased(model, table)


class ExemptionColumns:
    """The columns of one exemption and its basis, to join to a statement that can show several."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.exemption = _aliased(Exemption, f"{name}_exemption")
        self.basis = _aliased(LegalBasis, f"{name}_basis")

    def columns(self) -> Sequence[ColumnElement[Any]]:
        """To select."""
        exemption, basis = self.exemption, self.basis
        wanted: dict[str, Any] = {
            "id": exemption.id,
            "basis_id": exemption.basis_id,
            "public_text": exemption.public_text,
            "redacted_name": exemption.redacted_name,
            "redacted_sha256": exemption.redacted_sha256,
            "decided_by_name": exemption.decided_by_name,
            "decided_at": exemption.decided_at,
            "review_on": exemption.review_on,
            "considered": exemption.considered_wider_access,
            "note": exemption.note,
            "printed": basis.printed,
            "is_duty": basis.is_duty,
        }
        return [column.label(f"{self._name}_exemption_{key}") for key, column in wanted.items()]

    def joined(self, statement: AnySelect, exemption_id: Any) -> AnySelect:
        """The statement with the exemption that the column points at, when it points at one."""
        return statement.outerjoin(self.exemption, self.exemption.id == exemption_id).outerjoin(
            self.basis, self.basis.id == self.exemption.basis_id
        )

    def ground(self, row: Row[Any], language: Language) -> str:
        """The provision as it is cited; empty without an exemption."""
        exemption = self.view(row, language, is_whole=False)
        return exemption.ground if exemption is not None else ""

    def view(self, row: Row[Any], language: Language, *, is_whole: bool) -> ExemptionView | None:
        """What the reader of the row is told; None without an exemption."""

        def value(key: str) -> Any:
            return getattr(row, f"{self._name}_exemption_{key}")

        if value("id") is None:
            return None
        told = ExemptionView(
            id=value("id"),
            ground=in_language(value("printed"), language),
            public_text=value("public_text"),
            redacted_name=value("redacted_name"),
        )
        if not is_whole:
            return told
        return ExemptionView(
            id=told.id,
            ground=told.ground,
            public_text=told.public_text,
            redacted_name=told.redacted_name,
            redacted_sha256=value("redacted_sha256"),
            basis_id=value("basis_id"),
            is_duty=value("is_duty"),
            decided_by=value("decided_by_name"),
            decided_at=value("decided_at"),
            review_on=value("review_on"),
            considered_wider_access=value("considered"),
            note=value("note"),
        )


def distinct_grounds(views: Sequence[ExemptionView | None]) -> tuple[str, ...]:
    """Each ground once, in the order in which they come."""
    return tuple(dict.fromkeys(view.ground for view in views if view is not None))
