"""What a draft may be, what it is a draft of, and how long drafts and presence last."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kernel.errors import Reason
from app.kernel.text import clean_text

KEEP_DRAFTS: Final = timedelta(days=90)
PRESENCE_LASTS: Final = timedelta(seconds=75)
MOST_CHARACTERS: Final = 1_000_000
MOST_FIELDS: Final = 100
MOST_DRAFTS: Final = 200
LONGEST_KEY: Final = 120
HEAD: Final = "head"

Fields = Mapping[str, Sequence[str]]
"""What stands in the fields of a form, by their names; a name may stand for several fields."""

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(
    rf"treatment/(?P<treatment>{_ID})/(?P<what>head|refer|correct|part/(?P<part>{_ID}))|forum/(?P<forum>{_ID})/(?P<kind>new|import)"
)
REVISION_FIELD: Final = "draft_revision"  # the last draft that the window knows of, in a form that is saved
_NOT_TEXT: Final = frozenset({"version", "idempotency_key", REVISION_FIELD})


class DraftKind(StrEnum):
    """The forms that keep drafts."""

    HEAD = "head"
    PART = "part"
    REFER = "refer"
    CORRECTION = "correct"
    NEW_CASE = "new"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which form a draft belongs to: one of a treatment, or one of a forum."""

    kind: DraftKind
    treatment_id: UUID | None = None
    part_id: UUID | None = None
    forum_id: UUID | None = None

    def __str__(self) -> str:
        if self.forum_id is not None:
            return f"forum/{self.forum_id}/{self.kind}"
        what = f"part/{self.part_id}" if self.kind is DraftKind.PART else self.kind.value
        return f"treatment/{self.treatment_id}/{what}"


def head_key(treatment_id: UUID) -> DraftKey:
    """The facts of a treatment."""
    return DraftKey(DraftKind.HEAD, treatment_id)


def part_key(treatment_id: UUID, part_id: UUID) -> DraftKey:
    """One part of its paper."""
    return DraftKey(DraftKind.PART, treatment_id, part_id)


def refer_key(treatment_id: UUID) -> DraftKey:
    """Referring it to another forum."""
    return DraftKey(DraftKind.REFER, treatment_id)


def correction_key(treatment_id: UUID) -> DraftKey:
    """Adding a correction to it."""
    return DraftKey(DraftKind.CORRECTION, treatment_id)


def forum_key(forum_id: UUID, kind: DraftKind) -> DraftKey:
    """A new case of the forum, or a paper to be read in."""
    return DraftKey(kind, forum_id=forum_id)


def parse_key(text: str) -> DraftKey | None:
    """The key as forms carry it; None for what is none."""
    found = _KEY.fullmatch(text) if len(text) <= LONGEST_KEY else None
    if found is None:
        return None
    if found["forum"]:
        return DraftKey(DraftKind(found["kind"]), forum_id=UUID(found["forum"]))
    kind = DraftKind.PART if found["part"] else DraftKind(found["what"])
    return DraftKey(kind, UUID(found["treatment"]), UUID(found["part"]) if found["part"] else None)


def clean_fields(fields: Fields) -> dict[str, list[str]]:
    """The fields as they are kept: without what is no text of the writer, and without what no database can hold."""
    return {
        clean_text(name): [clean_text(value) for value in values]
        for name, values in fields.items()
        if name not in _NOT_TEXT
    }


def draft_problems(fields: Fields) -> tuple[Reason, ...]:
    """Why these fields cannot be kept as a draft."""
    count = sum(len(values) for values in fields.values())
    characters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if count > MOST_FIELDS or characters > MOST_CHARACTERS:
        return (Reason("draft.too_large"),)
    return ()
