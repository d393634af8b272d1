"""Every route, for everybody, in every state: the answer is what the table of permissions says, and a refusal changes nothing.

The cells are generated from the register of routes and the scenes of the world; a route added tomorrow is asked tomorrow.
"""

import re
from collections import Counter
from collections.abc import Callable
from uuid import UUID
from zlib import crc32

import pytest

from app.access.actor import Actor
from app.access.permissions import Permission
from app.web.shared.pages import Route
from app.web.shared.visit import PUBLIC
from tests.support.calling import Answer
from tests.support.expecting import Expected, expected
from tests.support.filling import NEEDS_MORE, address, form_for, scenes_for
from tests.support.stage import Stage
from tests.support.taking_back import NOT_CONTENT, RECORD, fingerprint, stored_files
from tests.support.world import HERE, Scene, Who

OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")
REFUSALS = frozenset({Expected.HIDDEN, Expected.REFUSED, Expected.NOT_THEIRS, Expected.SIGN_IN})
KEY = re.compile(rb'name="idempotency_key" value="[^"]*"')


def ask(stage: Stage, route: Route, scene: Scene, token: str, method: str = "") -> Answer:
    """Send what a browser would: the page's own form where there is one."""
    place = address(route, scene)
    if (method or route.method) != "POST":
        return stage.caller.ask(method or route.method, place, token=token)
    form = form_for(stage.forms, route, scene)
    return stage.caller.send(form.action, form.fields, token=token, files=form.files)


def fault_of(answer: Answer, wanted: Expected, reference: Answer) -> str:
    """What is wrong with an answer; nothing, if it is as expected."""
    status = answer.status
    if status >= 500:
        return f"answered {status}"
    if wanted is Expected.OPEN:
        return ""
    if wanted is Expected.SIGN_IN:
        # A form that somebody fills in while they are logged out is not lost: it comes back with the log-in.
        leads_there = status == 303 and (answer.header("location") or "").startswith("/login")
        right = leads_there or status == 401
    elif wanted is Expected.HIDDEN:
        right = status == 404
    elif wanted is Expected.NOT_THEIRS:
        right = status in {403, 404, 409}
    elif wanted is Expected.REFUSED:
        right = status in {403, 404}
    else:
        right = status == reference.status
    return "" if right else f"answered {status}, not as {wanted} (administrator: {reference.status})"


def test_every_route_for_everybody_in_every_state(stage: Stage) -> None:
    """Each cell on one of the two databases, a third on the slower one; the long variant asks all of them on both."""
    on_sqlite = stage.database.is_sqlite
    _ask_cells(stage, lambda *cell: (crc32(repr(cell).encode()) % 3 > 0) == on_sqlite)


@pytest.mark.long
def test_every_route_for_everybody_in_every_state_on_both_databases(stage: Stage) -> None:
    _ask_cells(stage, lambda *_cell: True)


def _ask_cells(stage: Stage, is_wanted: Callable[..., bool]) -> None:
    before = {only: _fingerprint(stage, content_only=only) for only in (False, True)}
    cells: Counter[str] = Counter()
    faults: list[str] = []
    missing: dict[object, Answer] = {}
    for route in stage.register:
        for scene in scenes_for(route, stage.world):
            asking = [who for who in Who if is_wanted(route.method, route.path, scene.name, who.value)]
            stage.database.take_back()
            reference = ask(stage, route, scene, stage.world.tokens[Who.ADMINISTRATOR])
            files = stored_files(stage.folder)
            for who in asking:
                stage.database.take_back()
                wanted = expected(route, who, scene, stage.world)
                answer = ask(stage, route, scene, stage.world.tokens[who])
                fault = fault_of(answer, wanted, reference)
                cells[wanted] += 1
                content_only = wanted not in REFUSALS
                if (
                    not fault
                    and answer.status >= 400
                    and _is_changed(stage, before[content_only], content_only)
                ):
                    fault = f"answered {answer.status} and changed the database"
                if not fault and wanted is Expected.HIDDEN:
                    fault = _told_more(stage, route, who, answer, missing)
                if not fault and wanted in REFUSALS and stored_files(stage.folder) != files:
                    fault = "answered with a refusal and kept a file"
                if fault:
                    faults.append(f"{route.method} {route.path} as {who} in {scene.name}: {fault}")
    stage.database.take_back()
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(cells.items()))
    print(f"access: {cells.total()} cells ({told}), wrong {len(faults)}")
    assert faults == [], "\n".join(faults[:60])


def _is_changed(stage: Stage, before: str, content_only: bool) -> bool:
    return stage.database.has_written and _fingerprint(stage, content_only=content_only) != before


def _fingerprint(stage: Stage, *, content_only: bool) -> str:
    """Who may read what is exempt, and is told of a mistake on a page that shows it, has that reading written down."""
    return fingerprint(
        stage.database.connection, without=NOT_CONTENT | RECORD if content_only else NOT_CONTENT
    )


def _told_more(stage: Stage, route: Route, who: Who, answer: Answer, seen: dict[object, Answer]) -> str:
    """What is not there for somebody must look like what is not there at all."""
    if "{" not in route.path:
        return ""
    if (route, who) not in seen:
        seen[route, who] = ask(stage, route, stage.world.missing, stage.world.tokens[who])
    missing = seen[route, who]
    same = missing.status == answer.status and KEY.sub(b"", missing.body) == KEY.sub(b"", answer.body)
    return "" if same else f"differs from what is missing ({missing.status})"


def test_every_route_does_its_work_for_somebody(stage: Stage) -> None:
    """Else the cells above would be empty: a form that never goes through proves nothing."""
    idle = []
    for route in stage.register:
        if route.name in NEEDS_MORE:
            continue
        answers = []
        for scene in scenes_for(route, stage.world):
            stage.database.take_back()
            token = "" if route.access == PUBLIC else stage.world.tokens[Who.ADMINISTRATOR]
            answers.append(ask(stage, route, scene, token).status)
        if not any(status < 400 for status in answers):
            idle.append(f"{route.method} {route.path} ({route.name}) answers {sorted(set(answers))}")
    stage.database.take_back()
    assert idle == [], f"say what to type in tests/support/filling.py, or make it in {HERE}:\n" + "\n".join(
        idle
    )


def test_other_methods_do_nothing(stage: Stage) -> None:
    faults, asked = [], 0
    methods: dict[str, set[str]] = {}
    for route in stage.register:
        methods.setdefault(route.path, set()).add(route.method)
    for route in {route.path: route for route in stage.register}.values():
        wanted = {*OTHER_METHODS, "POST"} - methods[route.path]
        for method in sorted(wanted):
            for who in (Who.STRANGER, Who.NOBODY, Who.ADMINISTRATOR):
                asked += 1
                scene = stage.world.scenes["own shared"]
                answer = stage.caller.ask(method, address(route, scene), token=stage.world.tokens[who])
                if answer.status not in {303, 404, 405} or stage.database.has_written:
                    faults.append(f"{method} {route.path} as {who}: {answer.status}")
    print(f"other methods: {asked} asked, with an effect {len(faults)}")
    assert faults == [], "\n".join(faults[:40])


def test_the_head_of_a_page_tells_no_more_than_the_page(stage: Stage) -> None:
    faults = []
    for route in stage.register:
        if route.method != "GET":
            continue
        for scene in (stage.world.scenes["own draft"], stage.world.scenes["other shared"]):
            for who in (Who.STRANGER, Who.NOBODY, Who.OBSERVER):
                token = stage.world.tokens[who]
                page = stage.caller.ask("GET", address(route, scene), token=token)
                head = stage.caller.ask("HEAD", address(route, scene), token=token)
                stage.database.take_back()
                if head.status != page.status:
                    faults.append(f"{route.path} as {who} in {scene.name}: {page.status}, {head.status}")
    assert faults == [], "\n".join(faults[:40])


def test_a_hole_in_the_rule_of_reading_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: were drafts there for all readers of the forum, the cells would say so."""
    asked = Actor.forums_with

    def too_many(actor: Actor, permission: Permission) -> frozenset[UUID] | None:
        is_draft = permission is Permission.CASE_READ_DRAFT
        return asked(actor, Permission.CASE_READ if is_draft else permission)

    route = next(each for each in stage.register if each.name == "cases:show" and each.method == "GET")
    scene = stage.world.scenes["own draft"]
    wanted = expected(route, Who.MEMBER, scene, stage.world)
    token = stage.world.tokens[Who.MEMBER]
    safe = ask(stage, route, scene, token)
    assert not fault_of(safe, wanted, safe)
    monkeypatch.setattr(Actor, "forums_with", too_many)
    unsafe = ask(stage, route, scene, token)
    assert fault_of(unsafe, wanted, unsafe)
