"""An id in an address or a form belongs to the parent that was checked; one of another's is not there, and nothing changes."""

from itertools import product

from app.web.shared.pages import Route
from tests.support.filling import (
    CASE_VALUES,
    FIELDS,
    OF_NO_FORUM,
    Filled,
    address,
    form_for,
    names_in,
    scenes_for,
)
from tests.support.stage import Stage
from tests.support.taking_back import NOT_CONTENT, RECORD, fingerprint
from tests.support.world import Scene, Who

NO_ID = frozenset({"covers", "file_name", "provider", "spelling", "step", "token"})
OTHERS = ("other shared", "other draft", "own scheduled")
"""Whose ids are tried: of another forum, readable there or not, and of another case of the same forum."""


def _nested(stage: Stage) -> list[tuple[Route, str]]:
    """Routes whose address holds several ids, with each id in turn."""
    return [
        (route, name)
        for route in stage.register
        if len(names_in(route.path) - NO_ID) > 1
        for name in sorted(names_in(route.path) - NO_ID)
    ]


def test_ids_in_an_address_belong_together(stage: Stage) -> None:
    before = fingerprint(stage.database.connection)
    own = stage.world.scenes["own shared"]
    faults, asked = [], 0
    for (route, name), other, who in product(
        _nested(stage), OTHERS, (Who.ADMINISTRATOR, Who.SECRETARY, Who.ELSEWHERE)
    ):
        theirs = stage.world.scenes[other].values[name]
        if theirs == own.values[name] or (other.startswith("own") and not names_in(route.path) & CASE_VALUES):
            continue  # what belongs to the same forum may be asked for there
        mixed = Scene("mixed", own.forum, own.reading, own.values | {name: theirs})
        place, token = address(route, mixed), stage.world.tokens[who]
        form = form_for(stage.forms, route, own)
        stage.database.take_back()
        answer = (
            stage.caller.send(place, form.fields, token=token, files=form.files)
            if route.method == "POST"
            else stage.caller.ask("GET", place, token=token)
        )
        asked += 1
        is_changed = stage.database.has_written and fingerprint(stage.database.connection) != before
        if answer.status not in {403, 404, 409, 422} or is_changed:
            faults.append(f"{route.method} {place} as {who}, {name} of {other}: {answer.status}")
    stage.database.take_back()
    print(f"nested ids: {asked} addresses asked, admitted {len(faults)}")
    assert asked > 100
    assert faults == [], "\n".join(faults[:40])


def _with_ids(stage: Stage) -> list[tuple[Route, Scene, Filled, str]]:
    """Forms that name something of a forum in a field, with each such field in turn."""
    found = []
    for route in stage.register:
        if route.method != "POST":
            continue
        for scene in scenes_for(route, stage.world):
            form = form_for(stage.forms, route, scene)
            is_offered_elsewhere = any(name == route.name for name, _ in stage.forms)
            if is_offered_elsewhere and (route.name, scene.name) not in stage.forms:
                continue  # there is nothing to do it to
            fields = [name for name in form.ids() if name not in OF_NO_FORUM] if scene.forum == "own" else []
            found += [(route, scene, form, name) for name in fields]
    return found


def test_ids_in_a_form_are_of_what_the_sender_may_use(stage: Stage) -> None:
    before = fingerprint(stage.database.connection, without=NOT_CONTENT | RECORD)
    faults, sent = [], 0
    for (route, scene, form, name), other in product(_with_ids(stage), ("other shared", "other draft")):
        value = FIELDS.get(name, name)
        known = stage.world.scenes[other].values
        assert value in known, (
            f"{route.name} has a field {name}: say in FIELDS of tests/support/filling.py what it holds"
        )
        stage.database.take_back()
        hostile = form.with_field(name, known[value])
        answer = stage.caller.send(
            form.action, hostile.fields, token=stage.world.tokens[Who.SECRETARY], files=form.files
        )
        sent += 1
        now = fingerprint(stage.database.connection, without=NOT_CONTENT | RECORD)
        is_changed = stage.database.has_written and now != before
        if not 400 <= answer.status < 500 or is_changed:
            faults.append(f"{route.name} in {scene.name}, {name} of {other}: {answer.status}")
    stage.database.take_back()
    print(f"ids in forms: {sent} forms sent, admitted {len(faults)}")
    assert sent > 10
    assert faults == [], "\n".join(faults[:40])
