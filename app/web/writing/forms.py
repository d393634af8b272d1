"""The forms of drafts and presence, which scripts send."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, Json, StringConstraints

from app.web.shared.forms import Form
from app.writing.rules import LONGEST_KEY

Key = Annotated[str, StringConstraints(max_length=LONGEST_KEY)]
Counter = Annotated[int, Field(ge=0, lt=2**31)]


class KeepForm(Form):
    """What was typed in a form. ``user`` is whose page it was typed in; ``fields`` are pairs of name and value."""

    user: UUID
    key: Key
    version: Counter = 0
    revision: Counter = 0
    fields: Json[list[tuple[str, str]]]


class DiscardForm(Form):
    """The draft that is not wanted any more."""

    key: Key


class PresenceForm(Form):
    """Where somebody writes: in a part, or in the facts."""

    part: UUID | Literal["head"]
