"""Forms that carry a file: as long as the operator allows, and answered kindly when they are longer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from app.web.shared.forms import BodyTooLong, FieldError, read_form, upload
from app.web.shared.visit import Visit

_FIELDS = 1024 * 1024  # bytes for the fields beside the file
_MEGABYTE = 1024 * 1024


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
    try:
        async with read_form(request, longest_body=limit, longest_field=_FIELDS, files=1, fields=50) as form:
            yield FileForm(form)
    except BodyTooLong:
        yield FileForm(FormData(), is_too_long=True)


FileFormBody = Annotated[FileForm, Depends(_file_form)]
