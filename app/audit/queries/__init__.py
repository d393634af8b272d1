"""Reading the record: as people read it, and as a chain."""

from app.audit.queries.history import HistoryLine, history, installation_history

__all__ = ["HistoryLine", "history", "installation_history"]
