"""Looking through the files of a case before the transaction that may let them out.

It takes seconds for a long file, and nobody who writes shall wait for it. What is found is remembered, and told by the
command, which asks again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.access.permissions import Permission
from app.cases.queries.published import PublishedFile, is_changed_in_public, published_files
from app.cases.service.published import numbers_in_file
from app.kernel.errors import SamstyrError
from app.web.shared.uploads import FileForm, take_in
from app.web.shared.visit import Visit


def look_through(visit: Visit, files: list[PublishedFile]) -> None:
    """Have looked through these files, outside any transaction."""
    for file in files:
        numbers_in_file(visit.store, file.place, file.sha256, file.file_name)


def take_in_attachment(visit: Visit, values: Mapping[str, Any]) -> None:
    """Prepare a route that puts a file into a case, which may be released."""
    take_in(visit, values)
    arrived = _arrived(values["upload"])
    if arrived and _is_open(visit, values, Permission.CASE_EDIT):
        look_through(visit, arrived)


def take_in_redacted(visit: Visit, values: Mapping[str, Any]) -> None:
    """Prepare a route that decides an exemption, of a case that may be released."""
    take_in(visit, values)
    if _is_open(visit, values, Permission.CASE_EXEMPT):
        look_through(visit, [*_published(visit, values), *_arrived(values["upload"])])


def look_at_everything(visit: Visit, values: Mapping[str, Any]) -> None:
    """Prepare a route that ends an exemption, of a case that may be released."""
    if _is_open(visit, values, Permission.CASE_EXEMPT):
        look_through(visit, _published(visit, values, with_exempt=True))


def _is_open(visit: Visit, values: Mapping[str, Any], permission: Permission) -> bool:
    with visit.unit_of_work(writes=False, access=permission):
        return is_changed_in_public(visit.db, visit.actor, values["treatment_id"], permission)


def _published(visit: Visit, values: Mapping[str, Any], *, with_exempt: bool = False) -> list[PublishedFile]:
    treatment_id: UUID = values["treatment_id"]
    with visit.unit_of_work(writes=False, access=Permission.CASE_EXEMPT):
        return published_files(visit.db, treatment_id, with_exempt=with_exempt)


def _arrived(upload: FileForm) -> list[PublishedFile]:
    try:
        arrival = upload.arrival
    except SamstyrError:  # told by the route
        return []
    return [PublishedFile(arrival.file_name, arrival.sha256, arrival.file_name)] if arrival else []
