"""Column types that behave alike in SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Enum, String, Text
from sqlalchemy.types import TypeDecorator

from app.kernel.text import clean_line, clean_text

AnyEnum = TypeVar("AnyEnum", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive times; gives aware ones back, also from SQLite, which drops the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Line(TypeDecorator[str]):
    """One line of text, cleaned on its way in: a NUL is stored by SQLite and refused by PostgreSQL otherwise."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_line(value)


class Prose(TypeDecorator[str]):
    """Text of several lines, cleaned on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_text(value)


SORT_KEY = String().with_variant(String(collation="C"), "postgresql")
"""A key of ``kernel.sorting``, compared byte by byte: PostgreSQL would sort it by the language of the server otherwise."""


def enum_column(kind: type[AnyEnum], name: str) -> Enum:
    """An enumeration stored as its value, held by a CHECK on both databases."""
    return Enum(
        kind, native_enum=False, create_constraint=True, values_callable=_values, length=40, name=name
    )


def _values(kind: Any) -> list[str]:
    return [member.value for member in kind]
