"""Adding to the record."""

from app.audit.service.record import Changes, changed, record

__all__ = ["Changes", "changed", "record"]
