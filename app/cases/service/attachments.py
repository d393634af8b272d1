"""The numbered list of attachments. A line may stand before its file has come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import Changes, changed
from app.cases.models import Attachment, Presentation, Treatment
from app.cases.queries.find import attachments_of, treatment_of_attachment
from app.cases.service.opening import finish, open_content, touch
from app.cases.service.published import numbers_in_file
from app.exemptions.service.decisions import end
from app.files.models import Blob
from app.kernel.errors import Conflict, NotFound, Reason, refuse_if
from app.kernel.lengths import too_long
from app.kernel.ordering import Direction, move, number
from app.kernel.text import clean_line
from app.platform.clock import utc_now
from app.platform.storage import FileStore


def add_attachment(
    db: Session,
    actor: Actor,
    treatment_id: UUID,
    *,
    title: str,
    blob: Blob | None = None,
    file_name: str = "",
    store: FileStore | None = None,
    removed: Sequence[str] = (),
) -> Attachment:
    """Add a line after the others; without a title it is the name of the file.

    ``store`` is where the file of a released case is looked through before it stands open; ``removed`` names what was
    taken out of the file on its way in.

    :raise RuleBroken: ``treatment.closed``, ``attachment.no_title``, ``text.too_long``; of a released case
        ``national_id.…`` for what the public may not see, ``release.file_unseen`` without a store.
    """
    treatment, presentation = open_content(db, actor, treatment_id)
    title = clean_line(title) or (file_name.rpartition(".")[0] if blob else "")
    refuse_if(_title_problems(title))
    if blob is not None and treatment.released_at is not None:
        refuse_if(_file_problems(store, title, blob, file_name))
    attachment = Attachment(
        presentation_id=presentation.id,
        position=len(attachments_of(db, presentation.id)) + 1,
        title=title,
        sha256=blob.sha256 if blob else None,
        file_name=file_name if blob else "",
        added_at=utc_now() if blob else None,
    )
    db.add(attachment)
    db.flush()
    changes: dict[str, tuple[Any, Any]] = {"file_name": ("", attachment.file_name)}
    changes |= {"sha256": (None, attachment.sha256)}
    changes |= _taken_out(removed)
    _finish(db, actor, "case.attachment_added", treatment, presentation, attachment, changes)
    return attachment


def edit_attachment(
    db: Session, actor: Actor, attachment_id: UUID, *, version: int, title: str
) -> Attachment:
    """Save the title of a line.

    :raise Conflict: when somebody else changed the line first.
    :raise RuleBroken: ``treatment.closed``, ``attachment.no_title``, ``text.too_long``.
    """
    treatment, presentation, attachment = _open(db, actor, attachment_id, version)
    refuse_if(_title_problems(title))
    changes = changed(attachment, title=clean_line(title))
    if changes:
        attachment.version += 1
        _finish(db, actor, "case.attachment_edited", treatment, presentation, attachment, changes)
    return attachment


def put_file(
    db: Session,
    actor: Actor,
    attachment_id: UUID,
    *,
    version: int,
    blob: Blob,
    file_name: str,
    store: FileStore | None = None,
    removed: Sequence[str] = (),
) -> Attachment:
    """Give a line its file, or another file instead of the one it has. ``store`` as for ``add_attachment``.

    :raise Conflict: when somebody else changed the line first.
    :raise RuleBroken: ``treatment.closed``; of a released case as ``add_attachment``.
    """
    treatment, presentation, attachment = _open(db, actor, attachment_id, version)
    if treatment.released_at is not None and not (attachment.exemption_id or presentation.exemption_id):
        refuse_if(_file_problems(store, attachment.title, blob, file_name))
    changes = changed(attachment, sha256=blob.sha256, file_name=file_name)
    if changes:
        attachment.added_at = utc_now()
        attachment.version += 1
        changes |= _taken_out(removed)
        _finish(db, actor, "case.file_put", treatment, presentation, attachment, changes)
    return attachment


def move_attachment(db: Session, actor: Actor, attachment_id: UUID, *, direction: Direction) -> None:
    """Let the line change numbers with its neighbour; the first does not go up nor the last down.

    :raise RuleBroken: ``treatment.closed``.
    """
    treatment, presentation, attachment = _open(db, actor, attachment_id, None)
    moved = move(attachments_of(db, presentation.id), attachment, direction)
    if moved is not None:
        changes = {"position": moved}
        _finish(db, actor, "case.attachment_moved", treatment, presentation, attachment, changes)


def remove_attachment(db: Session, actor: Actor, attachment_id: UUID) -> None:
    """Take a line out of the list; those below it move up. The file stays in the store.

    :raise RuleBroken: ``treatment.closed``.
    """
    treatment, presentation, attachment = _open(db, actor, attachment_id, None)
    lines = attachments_of(db, presentation.id)
    lines.remove(attachment)
    number(lines)
    if attachment.exemption_id is not None:
        end(db, actor, attachment.exemption_id, forum_id=treatment.forum_id)
    db.delete(attachment)
    changes = {"file_name": (attachment.file_name, None), "sha256": (attachment.sha256, None)}
    _finish(db, actor, "case.attachment_removed", treatment, presentation, attachment, changes)


def _open(
    db: Session, actor: Actor, attachment_id: UUID, version: int | None
) -> tuple[Treatment, Presentation, Attachment]:
    treatment, presentation = open_content(db, actor, treatment_of_attachment(db, attachment_id))
    attachment = db.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
    if attachment is None:
        raise NotFound
    if version is not None and version != attachment.version:
        raise Conflict("attachment", stored_version=attachment.version)
    return treatment, presentation, attachment


def _file_problems(store: FileStore | None, title: str, blob: Blob, file_name: str) -> tuple[Reason, ...]:
    if store is None:
        return (Reason("release.file_unseen", "file"),)
    return numbers_in_file(store, title, blob.sha256, file_name)


def _taken_out(removed: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    return {"taken_out": (None, ", ".join(removed))} if removed else {}


def _title_problems(title: str) -> tuple[Reason, ...]:
    if not title.strip():
        return (Reason("attachment.no_title", "title"),)
    return too_long("title", title)


def _finish(
    db: Session,
    actor: Actor,
    action: str,
    treatment: Treatment,
    presentation: Presentation,
    attachment: Attachment,
    changes: Changes,
) -> None:
    touch(treatment, presentation)
    finish(db, actor, action, treatment, subject=attachment, name=attachment.title, changes=changes)
