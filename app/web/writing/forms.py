"""The forms of drafts and presence, which scripts send."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter

from app.web.shared.forms import Form
from app.writing.rules import LONGEST_KEY

Key = Annotated[str, StringConstraints(max_length=LONGEST_KEY)]
_PAIRS = TypeAdapter(list[tuple[str, str]])
_LISTS = TypeAdapter(list[list[tuple[str, str]]])


def _pairs(text: str) -> str:
    _PAIRS.validate_json(text.encode("utf-8", "replace"))
    return text


def _lists(text: str) -> str:
    _LISTS.validate_json(text.encode("utf-8", "replace"))
    return text


def _by_name(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


# As text, because a field whose type is a list would be taken for several fields of one name.
Pairs = Annotated[str, AfterValidator(_pairs)]
Lists = Annotated[str, AfterValidator(_lists)]
Counter = Annotated[int, Field(ge=0, lt=2**31)]


class KeepForm(Form):
    """What was typed in a form. ``user`` is whose page it was typed in; ``fields`` are pairs of name and value.

    ``unanswered`` is what the window has sent since its last answer, in the same way.
    """

    user: UUID
    key: Key
    version: Counter = 0
    revision: Counter = 0
    fields: Pairs
    unanswered: Lists = "[]"

    def by_name(self) -> dict[str, list[str]]:
        """The values of the fields by their names."""
        return _by_name(_PAIRS.validate_json(self.fields.encode("utf-8", "replace")))

    def unanswered_by_name(self) -> list[dict[str, list[str]]]:
        """The same of what was sent without an answer."""
        return [_by_name(each) for each in _LISTS.validate_json(self.unanswered.encode("utf-8", "replace"))]


class DiscardForm(Form):
    """The draft that is not wanted any more."""

    key: Key


class PresenceForm(Form):
    """Where somebody writes: in a part, or in the facts."""

    part: UUID | Literal["head"]
