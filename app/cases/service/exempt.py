"""Withholding a title, a paper, a part or an attachment from the public, and giving it free again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import record
from app.cases.models import Attachment, Presentation, PresentationPart, Treatment
from app.cases.queries.find import presentation_of
from app.cases.service.opening import open_treatment
from app.cases.service.published import numbers_in_files, numbers_in_texts
from app.exemptions.models import Exemption
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import (
    ExemptionDraft,
    decide_anew,
    decision_changes,
    end,
    require_as_seen,
)
from app.kernel.errors import NotFound, Reason, refuse_if
from app.platform.clock import utc_now
from app.platform.storage import FileStore


@dataclass(frozen=True, slots=True)
class Target:
    """What is withheld. ``record_id`` is the part or the attachment; for a title or a whole paper it does not count."""

    covers: Covers
    record_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    treatment: Treatment
    presentation: Presentation
    holder: Treatment | Presentation | PresentationPart | Attachment
    original: str

    @property
    def exemption_id(self) -> UUID | None:
        held = self.holder
        return held.title_exemption_id if isinstance(held, Treatment) else held.exemption_id

    def point_at(self, exemption: Exemption | None) -> None:
        held, found = self.holder, exemption.id if exemption else None
        if isinstance(held, Treatment):
            held.title_exemption_id = found
            held.public_title = exemption.public_text if exemption else held.title
        else:
            held.exemption_id = found


def exempt(
    db: Session,
    actor: Actor,
    store: FileStore,
    treatment_id: UUID,
    target: Target,
    draft: ExemptionDraft,
    *,
    replaces: UUID | None = None,
) -> Exemption:
    """Withhold something from the public. An exemption that it has already is ended and kept as history.

    ``replaces`` is the exemption that the actor saw there. Possible also when the case has been treated here.

    :raise NotFound: when the treatment is not readable, or has no such part or attachment.
    :raise NotAllowed: without ``case:exempt`` in the forum.
    :raise Conflict: when somebody else has decided since.
    :raise RuleBroken: as ``exemptions.service.decisions.decide``; ``exemption.redacted_same``; ``national_id.…`` when the case is released and the
        words or the file that would stand in its place hold a national identity number.
    """
    opened = _open(db, actor, treatment_id, target, replaces)
    refuse_if(_redacted_problems(opened.holder, draft))
    made, old = decide_anew(
        db,
        actor,
        forum_id=opened.treatment.forum_id,
        covers=target.covers,
        original=opened.original,
        draft=draft,
        standing=opened.exemption_id,
    )
    opened.point_at(made)
    _finish(db, actor, store, opened, "case.exemption_changed" if old else "case.exempted", old, made)
    return made


def end_exemption(
    db: Session, actor: Actor, store: FileStore, treatment_id: UUID, target: Target, *, exemption_id: UUID
) -> Exemption:
    """Give free what was withheld; when the case is released, the public sees it from now on.

    :raise NotFound: as ``exempt``.
    :raise NotAllowed: as ``exempt``.
    :raise Conflict: when ``exemption_id`` is not what stands there any more.
    :raise RuleBroken: ``national_id.…`` when the case is released and what becomes public holds such a number.
    """
    opened = _open(db, actor, treatment_id, target, exemption_id)
    ended = end(db, actor, exemption_id, forum_id=opened.treatment.forum_id)
    opened.point_at(None)
    _finish(db, actor, store, opened, "case.exemption_ended", ended, None)
    return ended


def _open(db: Session, actor: Actor, treatment_id: UUID, target: Target, seen: UUID | None) -> _Opened:
    treatment = open_treatment(db, actor, treatment_id, Permission.CASE_EXEMPT)
    presentation = presentation_of(db, treatment.id)
    opened = _Opened(treatment, presentation, *_holder(db, treatment, presentation, target))
    require_as_seen(opened.exemption_id, seen, version=treatment.version)
    return opened


def _holder(
    db: Session, treatment: Treatment, presentation: Presentation, target: Target
) -> tuple[Treatment | Presentation | PresentationPart | Attachment, str]:
    if target.covers is Covers.TITLE:
        return treatment, treatment.title
    if target.covers is Covers.DOCUMENT:
        return presentation, treatment.title
    held: PresentationPart | Attachment | None = None
    if target.covers is Covers.PART:
        held = db.get(PresentationPart, target.record_id, with_for_update=True, populate_existing=True)
    elif target.covers is Covers.ATTACHMENT:
        held = db.get(Attachment, target.record_id, with_for_update=True, populate_existing=True)
    if held is None or held.presentation_id != presentation.id:
        raise NotFound
    return held, held.heading if isinstance(held, PresentationPart) else held.title


def _redacted_problems(
    holder: Treatment | Presentation | PresentationPart | Attachment, draft: ExemptionDraft
) -> tuple[Reason, ...]:
    """The file that is exempt cannot stand for itself in public."""
    same = (
        isinstance(holder, Attachment)
        and draft.redacted is not None
        and draft.redacted.sha256 == holder.sha256
    )
    return (Reason("exemption.redacted_same", "file"),) if same else ()


def _finish(
    db: Session,
    actor: Actor,
    store: FileStore,
    opened: _Opened,
    action: str,
    old: Exemption | None,
    new: Exemption | None,
) -> None:
    treatment = opened.treatment
    treatment.version += 1
    treatment.updated_at = utc_now()
    db.flush()
    if treatment.released_at is not None:
        refuse_if((*numbers_in_texts(db, treatment.id), *numbers_in_files(db, store, treatment.id)))
    record(
        db,
        actor,
        action,
        new or old,
        name=opened.original,
        forum_id=treatment.forum_id,
        case_id=treatment.case_id,
        changes=decision_changes(db, opened.presentation.language, old, new),
    )
    db.flush()
