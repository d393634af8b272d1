"""Opening a case to everybody who is signed in, and taking that back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import changed, record
from app.cases.models import Treatment
from app.cases.queries.find import presentation_of
from app.cases.queries.published import bases_that_ended
from app.cases.rules import release_problems
from app.cases.service.opening import open_treatment
from app.cases.service.published import numbers_in_files, numbers_in_texts
from app.exemptions.rules import in_language, is_valid_on
from app.kernel.errors import Conflict, Reason, RuleBroken, refuse_if
from app.kernel.language import Language
from app.platform.clock import today, utc_now
from app.platform.storage import FileStore


def release(
    db: Session,
    actor: Actor,
    store: FileStore,
    treatment_id: UUID,
    *,
    version: int,
    revision: int | None = None,
    embargo_until: datetime | None = None,
) -> Treatment:
    """Let everybody who is signed in read the public part, at once or from a later moment on.

    ``revision`` is that of the paper which the actor looked over: its parts and attachments have versions of their own.

    :raise NotFound: when the actor may not read the treatment.
    :raise NotAllowed: without ``case:release`` in the forum.
    :raise Conflict: when somebody else changed the treatment or its paper since the actor looked it over.
    :raise RuleBroken: ``release.not_shared``, ``release.already``, ``release.embargo_past``, and as ``obstacles``.
    """
    treatment = open_treatment(db, actor, treatment_id, Permission.CASE_RELEASE, version=version)
    refuse_if(
        release_problems(
            is_shared=treatment.shared_at is not None,
            is_released=treatment.released_at is not None,
            embargo_until=embargo_until,
            now=utc_now(),
        )
    )
    presentation = presentation_of(db, treatment.id)
    if revision is not None and revision != presentation.revision:
        raise Conflict("treatment", stored_version=treatment.version)
    refuse_if(obstacles(db, store, treatment.id, presentation.language))
    changes = changed(
        treatment, released_at=utc_now(), released_by=actor.user_id, embargo_until=embargo_until
    )
    changes.pop("released_by", None)
    _finish(db, actor, "case.released", treatment, changes)
    return treatment


def withdraw_release(db: Session, actor: Actor, treatment_id: UUID) -> Treatment:
    """Close the case to the outside again. What others have read cannot be made unread.

    :raise NotFound: as ``release``.
    :raise NotAllowed: as ``release``.
    :raise RuleBroken: ``release.not_released``.
    """
    treatment = open_treatment(db, actor, treatment_id, Permission.CASE_RELEASE)
    if treatment.released_at is None:
        raise RuleBroken("release.not_released")
    changes = changed(treatment, released_at=None, released_by=None, embargo_until=None)
    changes.pop("released_by", None)
    _finish(db, actor, "case.release_withdrawn", treatment, changes)
    return treatment


def obstacles(db: Session, store: FileStore, treatment_id: UUID, language: Language) -> tuple[Reason, ...]:
    """What stands against opening the public part as it is now: ``release.basis_ended``, ``national_id.…``.

    The caller has checked that the actor may read the whole.
    """
    return (
        *(
            Reason("release.basis_ended", "", {"basis": in_language(basis.printed, language)})
            for basis in bases_that_ended(db, treatment_id)
            if not is_valid_on(basis.valid_from, basis.valid_to, today())
        ),
        *numbers_in_texts(db, treatment_id),
        *numbers_in_files(db, store, treatment_id),
    )


def _finish(
    db: Session, actor: Actor, action: str, treatment: Treatment, changes: dict[str, tuple[object, object]]
) -> None:
    treatment.version += 1
    treatment.updated_at = utc_now()
    record(
        db,
        actor,
        action,
        treatment,
        name=treatment.title,
        forum_id=treatment.forum_id,
        case_id=treatment.case_id,
        changes=changes,
    )
    db.flush()
