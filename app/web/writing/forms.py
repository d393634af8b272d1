"""The forms of drafts and presence, which scripts send."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter

from app.web.shared.forms import Form
from app.writing.rules import LONGEST_KEY

Key = Annotated[str, StringConstraints(max_length=LONGEST_KEY)]
_PAIRS = TypeAdapter(list[tuple[str, str]])


def _pairs(text: str) -> str:
    _PAIRS.validate_json(text.encode("utf-8", "replace"))
    return text


# As text, because a field whose type is a list would be taken for several fields of one name.
Pairs = Annotated[str, AfterValidator(_pairs)]
Counter = Annotated[int, Field(ge=0, lt=2**31)]


class KeepForm(Form):
    """What was typed in a form. ``user`` is whose page it was typed in; ``fields`` are pairs of name and value."""

    user: UUID
    key: Key
    version: Counter = 0
    revision: Counter = 0
    fields: Pairs

    def by_name(self) -> dict[str, list[str]]:
        """The values of the fields by their names."""
        found: dict[str, list[str]] = {}
        for name, value in _PAIRS.validate_json(self.fields.encode("utf-8", "replace")):
            found.setdefault(name, []).append(value)
        return found


class DiscardForm(Form):
    """The draft that is not wanted any more."""

    key: Key


class PresenceForm(Form):
    """Where somebody writes: in a part, or in the facts."""

    part: UUID | Literal["head"]
