"""The world with somebody in every role, for the tests of who may do what."""

from tests.support.stage import stage

__all__ = ["stage"]
