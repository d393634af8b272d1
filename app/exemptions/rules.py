"""What a decision to withhold something must hold, and when somebody should look at it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.kernel.dates import is_within
from app.kernel.errors import Reason
from app.kernel.language import Language
from app.kernel.lengths import too_long

LONGEST_NOTE: Final = 20_000


class Covers(StrEnum):
    """What an exemption withholds."""

    TITLE = "title"
    DOCUMENT = "document"  # the whole paper
    PART = "part"
    ATTACHMENT = "attachment"
    ATTENDANCE = "attendance"  # that somebody was at a meeting


NEEDS_PUBLIC_TEXT: Final = frozenset({Covers.TITLE, Covers.ATTACHMENT})
"""What keeps its place in public, under words that a person writes."""

MAY_BE_REDACTED: Final = frozenset({Covers.DOCUMENT, Covers.ATTACHMENT})
"""What a file with the exempt information taken out can stand in for."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is about to be made. ``original`` is the text that ``public_text`` stands in for."""

    covers: Covers
    is_duty: bool
    whole_document: bool
    considered_wider_access: bool
    public_text: str = ""
    original: str = ""
    note: str = ""
    has_redacted: bool = False
    whole_is_meant: bool = False


def decision_problems(decision: Decision) -> tuple[Reason, ...]:
    """What stands against a decision.

    Where the law only allows to withhold, somebody must have considered to give access all the same; where it forbids to
    give access there is nothing to consider. Most bases cover information and not the document that holds it: then the
    whole paper is withheld only by somebody who says that this is meant.
    """
    reasons = []
    if decision.is_duty and decision.considered_wider_access:
        reasons.append(Reason("exemption.nothing_to_consider", "considered_wider_access"))
    if not decision.is_duty and not decision.considered_wider_access:
        reasons.append(Reason("exemption.wider_access", "considered_wider_access"))
    if decision.covers in NEEDS_PUBLIC_TEXT:
        if not decision.public_text.strip():
            reasons.append(Reason("exemption.no_public_text", "public_text"))
        elif decision.public_text.casefold() == decision.original.casefold():
            reasons.append(Reason("exemption.same_text", "public_text"))
    reasons += too_long("public_text", decision.public_text)
    reasons += too_long("note", decision.note, LONGEST_NOTE)
    needs_saying = not decision.whole_document and not decision.has_redacted
    if decision.covers is Covers.DOCUMENT and needs_saying and not decision.whole_is_meant:
        reasons.append(Reason("exemption.only_information", "whole_is_meant"))
    return tuple(reasons)


def is_valid_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a basis is law on the day; both ends included, None is open."""
    return is_within(day, valid_from, valid_to)


def is_due(review_on: date | None, day: date) -> bool:
    """Whether somebody should look at the exemption again. It stands until a person ends it."""
    return review_on is not None and review_on <= day


def in_language(texts: Mapping[str, str], language: Language) -> str:
    """The text in the language, else in the nearest one there is. No line breaks between § and its number."""
    nearest = (language.value, *("nb", "nn", "da", "en"))
    found = next((text for code in nearest if (text := texts.get(code, ""))), "")
    return found.replace("§ ", "§\u00a0").replace("nr. ", "nr.\u00a0")
