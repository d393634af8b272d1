"""What the database refuses to do to the record: nothing is changed, taken away or put in between; text is only erased."""

from app.audit.rules import ERASED
from app.platform.guards import Guard, register

_ADD_ONLY = "the record is only added to"
_ERASE_ONLY = "the text of the record is only erased"
_FORWARD = "the head of the record only moves forward"

register(
    Guard("guard_audit_event_update", "audit_event", "UPDATE", _ADD_ONLY),
    Guard("guard_audit_event_delete", "audit_event", "DELETE", _ADD_ONLY),
    Guard("guard_audit_event_truncate", "audit_event", "TRUNCATE", _ADD_ONLY),
    # REPLACE in SQLite deletes without asking those who guard against deleting.
    Guard(
        "guard_audit_event_insert",
        "audit_event",
        "INSERT",
        _ADD_ONLY,
        when="EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq)",
    ),
    Guard(
        "guard_audit_text_insert",
        "audit_text",
        "INSERT",
        _ERASE_ONLY,
        when="EXISTS (SELECT 1 FROM audit_text WHERE seq = NEW.seq)",
    ),
    Guard("guard_audit_text_place", "audit_text", "UPDATE", _ERASE_ONLY, columns=("seq",)),
    Guard(
        "guard_audit_text_actor",
        "audit_text",
        "UPDATE",
        _ERASE_ONLY,
        columns=("actor_salt", "actor_name"),
        when="NEW.actor_salt IS NOT NULL OR NEW.actor_name IS NOT NULL",
    ),
    Guard(
        "guard_audit_text_text",
        "audit_text",
        "UPDATE",
        _ERASE_ONLY,
        columns=("text_salt", "subject_name", "changes"),
        when="NEW.text_salt IS NOT NULL OR NEW.subject_name IS NOT NULL OR NEW.changes IS NOT NULL",
    ),
    Guard(
        "guard_audit_text_erasing",
        "audit_text",
        "UPDATE",
        "what was erased, and why, stays",
        columns=("text_salt", "subject_name", "changes"),
        when=f"EXISTS (SELECT 1 FROM audit_event WHERE seq = OLD.seq AND action = '{ERASED}')",  # noqa: S608
    ),
    Guard("guard_audit_text_delete", "audit_text", "DELETE", _ERASE_ONLY),
    Guard("guard_audit_text_truncate", "audit_text", "TRUNCATE", _ERASE_ONLY),
    Guard(
        "guard_audit_head_insert",
        "audit_head",
        "INSERT",
        _FORWARD,
        when="EXISTS (SELECT 1 FROM audit_head)",
    ),
    Guard(
        "guard_audit_head_update",
        "audit_head",
        "UPDATE",
        _FORWARD,
        when="NEW.id <> OLD.id OR NEW.seq <= OLD.seq",
    ),
    Guard("guard_audit_head_delete", "audit_head", "DELETE", _FORWARD),
    Guard("guard_audit_head_truncate", "audit_head", "TRUNCATE", _FORWARD),
)
