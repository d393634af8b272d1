"""Audit events in words: every act and every field of them has some."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.access.actor import Actor
from app.audit.queries import HistoryLine
from app.directory.rules import Side
from app.directory.service import create_organisation
from app.kernel.language import Language
from app.web.shared.history import ACTIONS, FIELDS, HIDDEN, action_text, history_events

APP = Path(__file__).parents[2] / "app"
WHEN = datetime(2019, 6, 13, 7, 5, tzinfo=UTC)
RECORDING = {"record", "finish", "record_change"}
NOUNS = (
    "audit.",
    "case.",
    "forum.",
    "mandate.",
    "meeting.",
    "membership.",
    "organisation.",
    "person.",
    "seat.",
    "session.",
    "user.",
)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the features that keep a record, with the name of what is called."""
    for area in ("audit", "cases", "directory", "forums", "identity", "meetings", "papers"):
        for path in (APP / area).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield node.func.id.strip("_"), node


def recorded_actions() -> set[str]:
    """Every action that is written out where it is recorded."""
    return {
        argument.value
        for name, call in calls()
        if name in RECORDING
        for argument in call.args
        if isinstance(argument, ast.Constant) and str(argument.value).startswith(NOUNS)
    }


def recorded_fields() -> set[str]:
    """Every field that is written out where its change is recorded."""
    found = {keyword.arg for name, call in calls() if name == "changed" for keyword in call.keywords}
    for name, call in calls():
        if name in RECORDING:
            for node in ast.walk(call):
                if isinstance(node, ast.Dict):
                    found |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return {field for field in found if field}


def test_every_recorded_field_has_words_or_is_hidden() -> None:
    fields = recorded_fields()
    assert len(fields) > 25
    assert fields <= set(FIELDS) | HIDDEN, fields - set(FIELDS) - HIDDEN


def test_every_recorded_act_has_words() -> None:
    from app.cases.service.states import _ACTIONS
    from app.meetings.service.meetings import STEPS

    made = {f"case.{done}" for done in _ACTIONS.values()} | {f"meeting.{done}" for done in STEPS.values()}
    actions = recorded_actions() | made
    assert len(actions) > 30
    assert actions <= set(ACTIONS), actions - set(ACTIONS)


def line(action: str, name: str = "", **changes: list[Any]) -> HistoryLine:
    return HistoryLine(1, WHEN, action, "Kari Nordmann", name, changes)


def visit(db: Any = None) -> Any:
    return SimpleNamespace(language=Language.EN, db=db, actor=Actor.system())


def told(action: str, **changes: list[Any]) -> list[tuple[str, str | None, str | None]]:
    return history_events(visit(), [line(action, **changes)])[0]["changes"]


def test_an_event_says_when_who_and_what() -> None:
    event = history_events(visit(), [line("case.part_edited", "Bakgrunn 100 %")])[0]
    assert event["shown"] == "13.6.2019 09:05"
    assert event["at"] == "2019-06-13T07:05:00+00:00"
    assert event["who"] == "Kari Nordmann"
    assert event["text"] == "Changed the part “Bakgrunn 100 %”"


def test_a_name_that_is_a_day_is_written_as_one() -> None:
    assert action_text(Language.EN, "meeting.called", "2019-06-13") == "Called the meeting of 13.6.2019"


def test_an_act_from_another_version_is_shown_as_it_is_called() -> None:
    assert action_text(Language.EN, "case.something_new", "x") == "case.something_new"


@pytest.mark.parametrize(
    ("field", "values", "shown"),
    [
        ("role", ["member", "deputy"], ("Role", "Member", "Deputy")),
        ("kind", ["decide", "inform"], ("Kind", "Case for decision", "Case for information")),
        ("language", [None, "nn"], ("Language", None, "Norwegian Nynorsk")),
        ("valid_from", [None, "2019-06-13"], ("From", None, "13.6.2019")),
        ("starts", ["09:00:00", None], ("Starts", "09.00", None)),
        ("shared_at", [None, "2019-06-13T07:05:00+00:00"], ("Shared", None, "13.6.2019 09:05")),
        ("may_decide", [False, True], ("May decide", "No", "Yes")),
        ("sections", [["a:section"], ["a:section", "b:proposal"]], ("Parts", "a", "a, b")),
        ("title", ["Gammel", "Ny"], ("Title", "Gammel", "Ny")),
        ("position", [1, 2], ("Place in the list", "1", "2")),
    ],
)
def test_values_are_told_in_words(field: str, values: list[Any], shown: tuple[Any, ...]) -> None:
    assert told("case.edited", **{field: values}) == [shown]


def test_what_says_nothing_is_left_out() -> None:
    assert told("case.edited", sha256=["a", "b"], state=["draft", "ready"], place=["", None]) == []


def test_of_many_words_only_those_that_changed_are_told() -> None:
    old = {"decide.nb": "Vedtakssak", "inform.nb": "O-sak"}
    new = {"decide.nb": "Beslutningssak", "inform.nb": "O-sak"}
    assert told("forum.labels_changed", **{"case_kind.nb": [old, new]}) == [
        ("Case for decision (Norwegian Bokmål)", "Vedtakssak", "Beslutningssak")
    ]
    assert told("forum.labels_changed", **{"case_kind.nb": [{}, {"decide.nb": "X"}]}) == [
        ("Case for decision (Norwegian Bokmål)", None, "X")
    ]


def test_organisations_are_called_by_name(database) -> None:
    with database.writing() as db:
        made = create_organisation(db, Actor.system(), name="Arkivverket", side=Side.STATE)
        events = history_events(visit(db), [line("seat.added", organisation_id=[None, str(made.id)])])
    assert events[0]["changes"] == [("Organisation", None, "Arkivverket")]


def test_fields_are_named_in_order() -> None:
    assert list(FIELDS) == sorted(FIELDS)
    assert list(ACTIONS) == sorted(ACTIONS)
