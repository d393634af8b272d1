"""The sides of co-governance, and which of several dated names holds on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from app.kernel.dates import is_within
from app.kernel.errors import Reason


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


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both ends included; None is open."""

    valid_from: date | None
    valid_to: date | None


AnyDated = TypeVar("AnyDated", bound=Dated)


def holds_on(record: Dated, day: date) -> bool:
    """Whether the day lies within the record's dates, both ends included."""
    return is_within(day, record.valid_from, record.valid_to)


def in_force(records: Iterable[AnyDated], day: date) -> AnyDated | None:
    """The record that holds on the day; of several, the one that began last."""
    holding = [record for record in records if holds_on(record, day)]
    return max(holding, key=lambda record: record.valid_from or date.min, default=None)


def overlap(one: Dated, other: Dated) -> bool:
    """Whether there is a day on which both hold."""
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    ends = min(one.valid_to or date.max, other.valid_to or date.max)
    return begins <= ends


def in_force_or_nearest(records: Iterable[AnyDated], day: date) -> AnyDated | None:
    """The record that holds on the day; else the last one before it; else the first one after it.

    A body is called something on every day that is asked about, also before the first name that we know.
    """
    known = sorted(records, key=lambda record: record.valid_from or date.min)
    begun = [record for record in known if (record.valid_from or date.min) <= day]
    return begun[-1] if begun else next(iter(known), None)


def registration_number_reasons(number: str) -> list[Reason]:
    """Why this is no number of the Norwegian (9 digits) or Danish (8 digits) register; an empty one is allowed."""
    if number and not (number.isascii() and number.isdecimal() and len(number) in (8, 9)):
        return [Reason("organisation.registration_number", "registration_number")]
    return []
