"""Every page test may ask for the application on an empty database."""

from tests.support.web import database, web

__all__ = ["database", "web"]
