"""Kinds of things a forum has, and the keys of what it may name in its own words."""

from enum import StrEnum


class Level(StrEnum):
    """Where in co-governance the forum stands."""

    POLITICAL = "political"
    STRATEGIC = "strategic"
    ADMINISTRATIVE = "administrative"
    TECHNICAL = "technical"


class SeriesPeriod(StrEnum):
    """When case numbers begin at 1 again."""

    YEAR = "year"
    NEVER = "never"


class LabelKind(StrEnum):
    """What a forum may call by its own word."""

    CASE_KIND = "case_kind"  # keys: decide, discuss, inform
    SECTION = "section"  # keys: those of the section template


class PartTemplateKind(StrEnum):
    """The kinds of part in a presentation; the same values as ``documents`` uses."""

    SECTION = "section"
    PROPOSAL = "proposal"
    QUESTIONS = "questions"
    INPUT = "input"
