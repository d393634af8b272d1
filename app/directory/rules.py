"""The sides of co-governance, and which of several dated names holds on a day."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar


class Side(StrEnum):
    """Whom an organisation speaks for."""

    STATE = "state"
    MUNICIPAL = "municipal"
    REGION = "region"
    OTHER = "other"


class Dated(Protocol):
    """Anything that holds from one day to another, both included; None is open."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


AnyDated = TypeVar("AnyDated", bound=Dated)


def holds_on(record: Dated, day: date) -> bool:
    """Whether the day lies within the record's dates, both ends included."""
    return (record.valid_from is None or record.valid_from <= day) and (
        record.valid_to is None or day <= record.valid_to
    )


def in_force(records: Iterable[AnyDated], day: date) -> AnyDated | None:
    """The record that holds on the day; of several, the one that began last."""
    holding = [record for record in records if holds_on(record, day)]
    return max(holding, key=lambda record: record.valid_from or date.min, default=None)
