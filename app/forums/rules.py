"""Kinds of things a forum has, the keys of what it may name in its own words, and who may sit where when."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.access.roles import FORUM_ROLES, Role
from app.directory.rules import Dated, overlap
from app.kernel.case_number import check_pattern, format_case_number, parse_case_number
from app.kernel.errors import Reason
from app.kernel.words import P_


class Level(StrEnum):
    """Where in co-governance the forum stands."""

    POLITICAL = "political"
    STRATEGIC = "strategic"
    ADMINISTRATIVE = "administrative"
    TECHNICAL = "technical"


class SeriesPeriod(StrEnum):
    """When case numbers begin at 1 again."""

    YEAR = "year"
    NEVER = "never"


class LabelKind(StrEnum):
    """What a forum may call by its own word."""

    CASE_KIND = "case_kind"  # keys: decide, discuss, inform
    SECTION = "section"  # keys: those of the section template


class PartTemplateKind(StrEnum):
    """The kinds of part in a presentation; the same values as ``documents`` uses."""

    SECTION = "section"
    PROPOSAL = "proposal"
    QUESTIONS = "questions"
    INPUT = "input"


CASE_KIND_WORDS: Final = {
    "decide": P_("Case for decision"),
    "discuss": P_("Case for discussion"),
    "inform": P_("Case for information"),
}
"""What the kinds of case are called where the forum has no word of its own: messages of printed papers."""

SECTION_WORDS: Final = {
    "background": P_("Background"),
    "proposal": P_("Proposed decision"),
    "presentation": P_("Presentation of the case"),
    "questions": P_("Topics for discussion"),
    "input": P_("Input from the preparing forum"),
}
"""The headings of the sections that a forum begins with: messages of printed papers."""

FIRST_SECTIONS: Final = (
    ("background", PartTemplateKind.SECTION),
    ("proposal", PartTemplateKind.PROPOSAL),
    ("presentation", PartTemplateKind.SECTION),
    ("questions", PartTemplateKind.QUESTIONS),
    ("input", PartTemplateKind.INPUT),
)
"""The section template of a new forum."""

MOST_SECTIONS: Final = 30
LAST_NUMBER: Final = 999_999

_RESERVED_KEYS: Final = frozenset({"new"})  # stand in addresses where a key could
_FORUM_KEY: Final = re.compile(r"[a-z0-9-]{2,40}")
_SECTION_KEY: Final = re.compile(r"[a-z0-9-]{1,40}")
_IN_A_SEAT: Final = frozenset({Role.LEADER, Role.MEMBER, Role.DEPUTY, Role.SECOND})
_HOLDS_THE_SEAT: Final = frozenset({Role.LEADER, Role.MEMBER})


def key_reasons(key: str) -> list[Reason]:
    """Why this cannot stand in addresses as the forum's key."""
    if not _FORUM_KEY.fullmatch(key):
        return [Reason("forum.key_invalid", "key")]
    return [Reason("forum.key_reserved", "key")] if key in _RESERVED_KEYS else []


def series_prefix(typed: str) -> str:
    """The prefix as numbers are stored and found: in capitals.

    :raise ValueError: when a number with this prefix could not be read back.
    """
    if not typed:
        return ""
    return parse_case_number(format_case_number("{prefix} {n}", 1, None, typed)).prefix


def number_reasons(*, period: SeriesPeriod, prefix: str, paper: str, minutes: str, file: str) -> list[Reason]:
    """Why the forum cannot number its cases so; the last three are patterns of ``kernel.case_number``."""
    reasons = []
    try:
        series_prefix(prefix)
    except ValueError:
        reasons.append(Reason("forum.prefix_invalid", "series_prefix"))
    for field, pattern in (("paper_pattern", paper), ("minutes_pattern", minutes), ("file_pattern", file)):
        try:
            check_pattern(pattern)
        except ValueError:
            reasons.append(Reason("forum.pattern_invalid", field))
            continue
        if period is SeriesPeriod.NEVER and "{y" in pattern:
            reasons.append(Reason("forum.pattern_without_year", field))
    if "/" in file:
        reasons.append(Reason("forum.pattern_not_for_files", "file_pattern"))
    return reasons


def dates_reasons(
    valid_from: date | None, valid_to: date | None, subject: str, field: str = "valid_to"
) -> list[Reason]:
    """Why something cannot hold between these days, both included."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        return [Reason(f"{subject}.dates_out_of_order", field)]
    return []


def sections_reasons(sections: Sequence[tuple[str, bool]]) -> list[Reason]:
    """Why these cannot be a section template; each is a key, and whether it has a heading in the forum's language."""
    if not 1 <= len(sections) <= MOST_SECTIONS:
        return [Reason("forum.sections_count", "sections", {"most": str(MOST_SECTIONS)})]
    reasons = []
    seen = set()
    for key, has_heading in sections:
        if not _SECTION_KEY.fullmatch(key):
            reasons.append(Reason("forum.section_key_invalid", "sections", {"key": key[:40]}))
        elif key in seen:
            reasons.append(Reason("forum.section_key_twice", "sections", {"key": key}))
        elif not has_heading and key not in SECTION_WORDS:
            reasons.append(Reason("forum.section_heading_missing", "sections", {"key": key}))
        seen.add(key)
    return reasons


@dataclass(frozen=True, slots=True)
class Term:
    """A person in a role, between two days, both included."""

    person_id: UUID
    role: Role
    seat_id: UUID | None
    valid_from: date
    valid_to: date | None


def membership_reasons(term: Term, others: Iterable[Term], seat: Dated | None) -> list[Reason]:
    """Why the term cannot stand beside the others of the forum. ``seat`` is the term's, when it has one.

    A forum has at most one leader, and a seat at most one leader or member, on any day. Nobody has the same role twice.
    """
    if term.role not in FORUM_ROLES:
        return [Reason("membership.not_a_forum_role", "role")]
    if reasons := dates_reasons(term.valid_from, term.valid_to, "membership"):
        return reasons
    if term.role in _IN_A_SEAT and seat is None:
        return [Reason("membership.seat_needed", "seat_id")]
    reasons = []
    if seat is not None and not covers(seat, term):
        reasons.append(Reason("membership.outside_seat", "valid_from"))
    at_once = [other for other in others if overlap(term, other)]
    if any(other.person_id == term.person_id and other.role is term.role for other in at_once):
        reasons.append(Reason("membership.twice", "person_id"))
    elif term.role is Role.LEADER and any(other.role is Role.LEADER for other in at_once):
        reasons.append(Reason("membership.leader_already", "role"))
    elif term.role in _HOLDS_THE_SEAT and any(
        other.seat_id == term.seat_id and other.role in _HOLDS_THE_SEAT for other in at_once
    ):
        reasons.append(Reason("membership.seat_taken", "seat_id"))
    return reasons


def covers(whole: Dated, part: Dated) -> bool:
    """Whether every day of the part lies within the whole."""
    return (whole.valid_from or date.min) <= (part.valid_from or date.min) and (
        part.valid_to or date.max
    ) <= (whole.valid_to or date.max)
