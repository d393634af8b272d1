"""Append-only events: who did what, and the old and new values, in the transaction that did it."""
