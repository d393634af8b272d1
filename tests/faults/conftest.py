"""The world, for the tests of what happens when something breaks in the middle."""

from tests.support.stage import stage

__all__ = ["stage"]
