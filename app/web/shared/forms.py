"""Forms: read from the request, checked by a Pydantic model, and shown again with what was typed."""

import dataclasses
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, Generic, TypeVar, get_origin
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from app.idempotency.rules import FIELD as KEY_FIELD
from app.kernel.dates import parse_date
from app.kernel.lengths import LONGEST_LINE, LONGEST_TEXT
from app.kernel.text import clean_line, clean_text
from app.writing.rules import REVISION_FIELD

_BODY_LIMIT = 64 * 1024 * 1024  # bytes of a form without files; thirty fields of a million letters each
_PART_LIMIT = 20 * 1024 * 1024  # bytes; longer than any field may be, so that the form can be shown again


def _line(value: Any) -> Any:
    return clean_line(value) if isinstance(value, str) else value


def _prose(value: Any) -> Any:
    return clean_text(value).strip("\n") if isinstance(value, str) else value


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = clean_line(value)
    if not text:
        return None
    try:
        return parse_date(text)
    except (ValueError, OverflowError):  # a number may be longer than any clock or calendar
        raise PydanticCustomError("not_a_date", "not a date") from None


def _time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = clean_line(value).replace(".", ":")
    if not text:
        return None
    try:
        hour, _, minute = text.partition(":")
        return time(int(hour), int(minute or "0"))
    except (ValueError, OverflowError):  # a number may be longer than any clock or calendar
        raise PydanticCustomError("not_a_time", "not a time") from None


def _empty_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


LineField = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=LONGEST_LINE)]
LongLineField = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=4 * LONGEST_LINE)]
RequiredLine = Annotated[
    str, BeforeValidator(_line), StringConstraints(min_length=1, max_length=LONGEST_LINE)
]
ProseField = Annotated[str, BeforeValidator(_prose), StringConstraints(max_length=LONGEST_TEXT)]
LongField = Annotated[
    str, StringConstraints(max_length=16 * 1024 * 1024)
]  # made by us, and checked when it is read
OptionalDate = Annotated[date | None, BeforeValidator(_date)]
RequiredDate = Annotated[date, BeforeValidator(_date)]
OptionalTime = Annotated[time | None, BeforeValidator(_time)]
OptionalId = Annotated[UUID | None, BeforeValidator(_empty_is_none)]
SecretField = Annotated[
    str, StringConstraints(max_length=1000)
]  # a password: no cleaning, every character counts


class Form(BaseModel):
    """The base of every form. Fields we did not ask for are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


AnyForm = TypeVar("AnyForm", bound=Form)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field: a stable code and values for its message; words are the templates' matter."""

    field: str
    code: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Bound(Generic[AnyForm]):
    """A form with what was typed and what is wrong with it."""

    data: Mapping[str, str | Sequence[str]]
    form: AnyForm | None = None
    errors: tuple[FieldError, ...] = ()

    @property
    def value(self) -> AnyForm:
        """The checked form.

        :raise ValueError: when it has errors.
        """
        if self.form is None:
            raise ValueError("the form has errors")
        return self.form

    def raw(self, name: str) -> str:
        """What was typed in a field, or what it begins with."""
        value = self.data.get(name, "")
        return value if isinstance(value, str) else (value[0] if value else "")

    def raw_list(self, name: str) -> Sequence[str]:
        """What was typed in the fields of one name."""
        value = self.data.get(name, ())
        return (value,) if isinstance(value, str) else value

    def error(self, name: str) -> FieldError | None:
        """The first error of a field."""
        return next((error for error in self.errors if error.field == name), None)

    def with_errors(self, *errors: FieldError) -> "Bound[AnyForm]":
        """The same form with errors that only the service could find."""
        return Bound(self.data, None, (*self.errors, *errors))


def bind(model: type[AnyForm], form: FormData) -> Bound[AnyForm]:
    """Check what came in. Never raises: errors come with the form, and everything typed is kept."""
    data: dict[str, str | Sequence[str]] = {}
    for name in form:
        if name in {KEY_FIELD, REVISION_FIELD}:  # of the unit of work and of drafts, and no field of any form
            continue
        values = [value for value in form.getlist(name) if isinstance(value, str)]
        known = model.model_fields.get(name)
        is_list = known is not None and get_origin(known.annotation) in {list, tuple}
        if values:
            data[name] = values if is_list else values[-1]
    try:
        return Bound(data, model.model_validate(data))
    except ValidationError as refused:
        errors = tuple(
            FieldError(
                str(problem["loc"][0]) if problem["loc"] else "", problem["type"], problem.get("ctx", {})
            )
            for problem in refused.errors(include_url=False, include_input=False)
        )
        return Bound(data, None, errors)


def filled(model: type[AnyForm], **values: Any) -> Bound[AnyForm]:
    """A form as it is first shown: what is stored, as text. Dates are written d.M.yyyy by the browser's own field."""
    data: dict[str, str | Sequence[str]] = {}
    for name, value in values.items():
        if name not in model.model_fields:
            raise KeyError(name)
        data[name] = [str(each) for each in value] if isinstance(value, (list, tuple)) else _as_typed(value)
    return Bound(data)


def _as_typed(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def upload(form: FormData, name: str) -> UploadFile | None:
    """The file of a field, or None when none was chosen."""
    value = form.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


class BodyTooLong(Exception):
    """The body of a request is longer than it may be. It has been received to its end, and kept nowhere."""


@asynccontextmanager
async def read_form(
    request: Request, *, longest_body: int, longest_field: int, files: int, fields: int
) -> AsyncIterator[FormData]:
    """The form of a request while the block lasts; its files are closed afterwards. Lengths are in bytes.

    :raise BodyTooLong: when the whole is too long.
    :raise HTTPException: 400 for what is no form, a made-up character set included.
    """
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > longest_body:
            # A browser shows our answer only after it has sent everything; so the rest is read, and kept nowhere.
            while message.get("more_body"):
                message = await request.receive()
            raise BodyTooLong
        return message

    bounded = Request(request.scope, receive)
    try:
        form = await bounded.form(max_files=files, max_fields=fields, max_part_size=longest_field)
    except UnicodeError as error:
        raise HTTPException(400) from error
    request.state.sent_form = form  # for the answer to who is not logged in any more: shared/kept.py
    try:
        yield form
    finally:
        await bounded.close()


async def _form(request: Request) -> AsyncIterator[FormData]:
    try:
        async with read_form(
            request, longest_body=_BODY_LIMIT, longest_field=_PART_LIMIT, files=20, fields=2000
        ) as form:
            yield form
    except BodyTooLong:
        raise HTTPException(413) from None


FormBody = Annotated[FormData, Depends(_form)]
