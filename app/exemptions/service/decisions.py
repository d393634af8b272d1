"""Deciding that something is withheld, and ending that. The floors above say what: their records point here."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.rules import Covers, Decision, decision_problems, in_language, is_valid_on
from app.files.models import Blob
from app.kernel.errors import Conflict, Reason, RuleBroken, refuse_if
from app.kernel.language import Language
from app.kernel.text import clean_line, clean_text
from app.platform.clock import today, utc_now


@dataclass(frozen=True, slots=True)
class ExemptionDraft:
    """A decision as a person fills it in."""

    basis_id: UUID
    considered_wider_access: bool = False
    public_text: str = ""
    review_on: date | None = None
    note: str = ""
    redacted: Blob | None = None
    redacted_name: str = ""
    whole_is_meant: bool = False


def decide(
    db: Session, actor: Actor, *, forum_id: UUID, covers: Covers, original: str, draft: ExemptionDraft
) -> Exemption:
    """Make an exemption. The caller lets its record point at it, and records the act.

    :raise NotAllowed: without ``case:exempt`` in the forum.
    :raise RuleBroken: ``exemption.no_basis`` without a basis that is law today, and as ``rules.decision_problems``.
    """
    require(actor, Permission.CASE_EXEMPT, forum_id)
    basis = db.get(LegalBasis, draft.basis_id)
    if basis is None or not is_valid_on(basis.valid_from, basis.valid_to, today()):
        raise RuleBroken(Reason("exemption.no_basis", "basis_id"))
    public_text, note = clean_line(draft.public_text), clean_text(draft.note).strip()
    refuse_if(
        decision_problems(
            Decision(
                covers=covers,
                is_duty=basis.is_duty,
                whole_document=basis.whole_document,
                considered_wider_access=draft.considered_wider_access,
                public_text=public_text,
                original=original,
                note=note,
                has_redacted=draft.redacted is not None,
                whole_is_meant=draft.whole_is_meant,
            )
        )
    )
    exemption = Exemption(
        basis_id=basis.id,
        covers=covers,
        decided_by=actor.user_id,
        decided_by_name=actor.name,
        decided_at=utc_now(),
        review_on=draft.review_on,
        considered_wider_access=draft.considered_wider_access,
        note=note,
        public_text=public_text,
        redacted_sha256=draft.redacted.sha256 if draft.redacted else None,
        redacted_name=draft.redacted_name if draft.redacted else "",
    )
    db.add(exemption)
    db.flush()
    return exemption


def end(db: Session, actor: Actor, exemption_id: UUID, *, forum_id: UUID) -> Exemption:
    """End an exemption, which stays as history. The caller lets its record point elsewhere, and records the act.

    :raise NotAllowed: without ``case:exempt`` in the forum.
    """
    require(actor, Permission.CASE_EXEMPT, forum_id)
    exemption = db.get_one(Exemption, exemption_id)
    exemption.ended_at = max(utc_now(), exemption.decided_at)
    exemption.ended_by, exemption.ended_by_name = actor.user_id, actor.name
    db.flush()
    return exemption


def decide_anew(
    db: Session,
    actor: Actor,
    *,
    forum_id: UUID,
    covers: Covers,
    original: str,
    draft: ExemptionDraft,
    standing: UUID | None,
) -> tuple[Exemption, Exemption | None]:
    """Make an exemption, and end the one that stands there; says both. The caller's record and history as for ``decide``.

    :raise NotAllowed: as ``decide``.
    :raise RuleBroken: as ``decide``.
    """
    made = decide(db, actor, forum_id=forum_id, covers=covers, original=original, draft=draft)
    return made, end(db, actor, standing, forum_id=forum_id) if standing else None


def require_as_seen(standing: UUID | None, seen: UUID | None, *, version: int) -> None:
    """Let a decision be made only by somebody who has seen the one that stands.

    :raise Conflict: when somebody else has decided since.
    """
    if standing != seen:
        raise Conflict("exemption", stored_version=version)


def decision_changes(
    db: Session, language: Language, old: Exemption | None, new: Exemption | None
) -> dict[str, tuple[object, object]]:
    """What the history tells of a decision: each of its facts, from and to.

    :raise RuntimeError: when there is neither an old nor a new one.
    """
    decided = new or old
    if decided is None:
        raise RuntimeError("an act on no exemption")
    before, after = _told(db, language, old), _told(db, language, new)
    told: dict[str, tuple[object, object]] = {"covers": (None, decided.covers)}
    return told | {field: (before.get(field), after.get(field)) for field in {**before, **after}}


def _told(db: Session, language: Language, exemption: Exemption | None) -> dict[str, object]:
    if exemption is None:
        return {}
    basis = db.get_one(LegalBasis, exemption.basis_id)
    return {
        "basis": in_language(basis.printed, language),
        "public_text": exemption.public_text,
        "redacted_name": exemption.redacted_name,
        "review_on": exemption.review_on,
        "considered_wider_access": None if basis.is_duty else exemption.considered_wider_access,
        "note": exemption.note,
    }
