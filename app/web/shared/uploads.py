"""Forms that carry a file: as long as the operator allows, and answered kindly when they are longer.

What the file is gets found out before the transaction of the command begins: it takes a moment, and nobody who writes
shall wait for it.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from app.files.receiving import Arrival, Infected, receive
from app.files.service import suspect
from app.guard.confined import confined
from app.kernel.errors import SamstyrError
from app.web.shared.forms import BodyTooLong, FieldError, read_form, upload
from app.web.shared.visit import SIGNED_IN, Visit

_FIELDS = 1024 * 1024  # bytes for the fields beside the file
_PROSE = 20 * 1024 * 1024  # bytes; longer than a text may be, so that the form can be shown again
_MEGABYTE = 1024 * 1024


@dataclass
class FileForm:
    """The form, or the knowledge that it was too long to be read."""

    form: FormData
    is_too_long: bool = False
    _arrival: Arrival | None = None
    _problem: SamstyrError | None = None
    _found: Any = None

    @property
    def file(self) -> UploadFile | None:
        """The chosen file of the field ``file``, if any."""
        return upload(self.form, "file")

    @property
    def arrival(self) -> Arrival | None:
        """The chosen file as it was received, if any; for routes that are ``prepared`` by ``take_in``.

        :raise RuleBroken: why it may not come in.
        :raise NotAllowed: when the caller can attach files nowhere.
        """
        if self._problem is not None:
            raise self._problem
        return self._arrival

    @property
    def found(self) -> Any:
        """What ``look_into`` found, or None.

        :raise RuleBroken: why the file may not come in.
        """
        if self._problem is not None:
            raise self._problem
        return self._found

    def look_into(self, look: Callable[[], Any]) -> None:
        """Find something out about the chosen file; what stands against it is told when somebody asks for it."""
        try:
            self._found = look()
        except SamstyrError as problem:
            self._problem = problem

    def receive(
        self,
        visit: Visit,
        *,
        limit: int,
        as_template: bool = False,
        check: Callable[[str], None] | None = None,
    ) -> None:
        """Receive the chosen file; what stands against it is told when somebody asks for the arrival.

        :param check: looks at the path of the stored file in a process of its own, and raises what stands against it.
        """
        file = self.file
        if file is None:
            return
        try:
            self._arrival = receive(
                visit.actor,
                visit.store,
                stream=file.file,
                file_name=file.filename or "",
                limit=limit,
                scanner=visit.settings.scanner,
                as_template=as_template,
            )
            if check is not None:
                confined(check, str(visit.store.path(self._arrival.sha256)))
        except Infected as found:
            self._problem = found
            with visit.unit_of_work(writes=True, access=SIGNED_IN):
                suspect(visit.db, found.sha256)  # kept, though the upload is refused
        except SamstyrError as problem:
            self._problem = problem


def take_in(visit: Visit, values: Mapping[str, Any]) -> None:
    """Prepare a route whose parameter ``upload`` is a form with a file."""
    values["upload"].receive(visit, limit=upload_limit(visit))


def upload_limit(visit: Visit) -> int:
    """The largest file that may come in, in bytes."""
    return visit.settings.max_upload_mb * _MEGABYTE


def too_large(visit: Visit) -> FieldError:
    """What is wrong with a file that is too large, beside its field."""
    return FieldError("file", "file.too_large", {"megabytes": str(visit.settings.max_upload_mb)})


def _reading(longest_field: int) -> Callable[[Request], AsyncIterator[FileForm]]:
    async def file_form(request: Request) -> AsyncIterator[FileForm]:
        limit = request.app.state.settings.max_upload_mb * _MEGABYTE + longest_field
        try:
            async with read_form(
                request, longest_body=limit, longest_field=longest_field, files=1, fields=50
            ) as form:
                yield FileForm(form)
        except BodyTooLong:
            yield FileForm(FormData(), is_too_long=True)

    return file_form


FileFormBody = Annotated[FileForm, Depends(_reading(_FIELDS))]
ProseFileFormBody = Annotated[FileForm, Depends(_reading(_PROSE))]
