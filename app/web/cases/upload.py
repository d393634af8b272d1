"""Forms that carry a file: as long as the operator allows, and answered kindly when they are longer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from app.web.shared.forms import FieldError, read_form, upload
from app.web.shared.visit import Visit

LONGEST_BODY = (
    2100 * 1024 * 1024
)  # bytes; above the highest SAMSTYR_MAX_UPLOAD_MB, so that the setting decides
_FIELDS = 1024 * 1024  # bytes for the fields beside the file
_MEGABYTE = 1024 * 1024


class _TooLong(Exception):
    """The body is longer than the operator allows."""


@dataclass(frozen=True)
class FileForm:
    """The form, or the knowledge that it was too long to be read."""

    form: FormData
    is_too_long: bool = False

    @property
    def file(self) -> UploadFile | None:
        """The chosen file of the field ``file``, if any."""
        return upload(self.form, "file")


def upload_limit(visit: Visit) -> int:
    """The largest file that may come in, in bytes."""
    return visit.settings.max_upload_mb * _MEGABYTE


def too_large(visit: Visit) -> FieldError:
    """What is wrong with a file that is too large, beside its field."""
    return FieldError("file", "file.too_large", {"megabytes": str(visit.settings.max_upload_mb)})


async def _file_form(request: Request) -> AsyncIterator[FileForm]:
    limit = request.app.state.settings.max_upload_mb * _MEGABYTE + _FIELDS
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            # A browser shows our answer only after it has sent everything; so the rest is read, and kept nowhere.
            while message.get("more_body"):
                message = await request.receive()
            raise _TooLong
        return message

    limited = Request(request.scope, receive)
    try:
        form = await read_form(limited, files=1, fields=50, longest=_FIELDS)
    except _TooLong:
        yield FileForm(FormData(), is_too_long=True)
        return
    try:
        yield FileForm(form)
    finally:
        await limited.close()


FileFormBody = Annotated[FileForm, Depends(_file_form)]
