"""Journeys through the client share the application with the page tests."""

from tests.support.web import database, web

__all__ = ["database", "web"]
