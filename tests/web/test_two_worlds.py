"""Nobody who may not read what is exempt can tell whether it is there: every answer is the same without it."""

import io
import zipfile

import pytest

import app.cases.queries.files
import app.cases.queries.lines
import app.cases.queries.lists
import app.cases.queries.treatments
import app.meetings.queries.attendance
import app.papers.queries
from app.access.roles import Role
from app.cases.models import Treatment
from app.meetings.models import AttendanceLine
from tests.factories.forums import make_forum
from tests.support.house import House
from tests.support.worlds import (
    CANARY,
    addresses,
    answer_of,
    build_world,
    more_addresses,
    take_out_exempt,
    take_out_hidden,
)


class Worlds:
    """The application in its first world, and browsers of those who may not read what is exempt."""

    def __init__(self, web):
        self.house = House.build(web)
        with self.house.writing() as db:
            other = make_forum(db, "annet", "Et annet forum")
            self.world = build_world(db, web.app.state.store, self.house.forum, other)
        self.register = web.app.state.register
        self.browsers = {
            # First, for what the others take out as files stands in the history of this forum.
            "secretary of another forum": self.house.browser(Role.SECRETARY, forum=other),
            "observer": self.house.browser(Role.OBSERVER),
            "outsider": self.house.browser(),
            "member of another forum": self.house.browser(Role.MEMBER, forum=other),
            "stranger": web.client(),
        }

    def requests(self):
        gets = [*addresses(self.world, self.register, "GET"), *more_addresses(self.world)]
        return [("GET", each) for each in gets] + [
            ("POST", each) for each in addresses(self.world, self.register, "POST") if each not in _WRITES
        ]

    def answers(self, who, requests):
        """Who has rights somewhere only reads: what they write would make a third world."""
        browser = self.browsers[who]
        asked = [request for request in requests if who not in _WRITERS or request[0] == "GET"]
        return {request: answer_of(browser, *request) for request in asked}


_WRITERS = frozenset({"secretary of another forum"})
_WRITES = frozenset({"/login", "/logout"})


@pytest.fixture
def worlds(web):
    return Worlds(web)


def _text(answer):
    """The body as it can be read: of a Word file, every part of the package."""
    body = answer[2]
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace") + str(answer[1])
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return "\n".join(parts) + str(answer[1])


def _told(answers):
    """The requests in whose answers something exempt is told. What was asked for oneself is no secret."""
    return [
        request
        for request, answer in answers.items()
        if CANARY.casefold() in _text(answer).casefold() and CANARY.casefold() not in request[1].casefold()
    ]


def test_every_answer_is_the_same_without_what_is_exempt(worlds):
    requests = worlds.requests()
    first = {who: worlds.answers(who, requests) for who in worlds.browsers}
    shown = sum(answer[0] == 200 for answers in first.values() for answer in answers.values())
    assert {who: _told(answers) for who, answers in first.items()} == {who: [] for who in first}
    second = {}
    with worlds.house.writing() as db:
        take_out_exempt(db)
        take_out_hidden(db, drafts_only=True)
    second["observer"] = worlds.answers("observer", requests)
    with worlds.house.writing() as db:
        take_out_hidden(db, drafts_only=False)
    second |= {who: worlds.answers(who, requests) for who in worlds.browsers if who != "observer"}
    different = [
        (who, request, first[who][request][0], second[who][request][0])
        for who in first
        for request in first[who]
        if first[who][request] != second[who][request]
    ]
    compared = sum(map(len, first.values()))
    print(
        f"two worlds: {compared} answers compared ({shown} of them pages and files), differences {len(different)}"
    )
    assert different == []
    assert shown > 200


def test_those_who_may_read_it_see_it(worlds):
    """The world holds what the others must not see: else nothing would have been proven."""
    member = worlds.house.browser(Role.MEMBER)
    for name in ("parts", "whole", "embargoed parts", "shared whole", "shared parts"):
        treatment = worlds.world.treatments[name]
        assert CANARY in member.get(f"/cases/{treatment.case_id}?treatment={treatment.id}").text
    assert CANARY in member.get(f"/meetings/{worlds.world.meeting.id}").text.partition('id="attendance"')[2]


_RAW = {
    "the title in lists": (app.cases.queries.lines, "title_for", lambda _actor: Treatment.title),
    "the title of a search": (
        app.cases.queries.lists,
        "folded_title_for",
        lambda _actor: Treatment.folded_title,
    ),
    "the moment of the last change": (
        app.cases.queries.lists,
        "changed_for",
        lambda _actor: Treatment.updated_at.expression,
    ),
    "the state in filters": (
        app.cases.queries.lists,
        "paper_for",
        lambda _actor: Treatment.id == Treatment.id,
    ),
    "the title of the page": (app.cases.queries.treatments, "title_for", lambda _actor: Treatment.title),
    "the paper on the page": (
        app.cases.queries.treatments,
        "paper_for",
        lambda _actor: Treatment.id == Treatment.id,
    ),
    "the rest of the page": (
        app.cases.queries.treatments,
        "whole",
        lambda _actor: Treatment.id == Treatment.id,
    ),
    "files": (app.cases.queries.files, "attachment_for", lambda _actor: Treatment.id == Treatment.id),
    "exports": (app.papers.queries, "paper_for", lambda _actor: Treatment.id == Treatment.id),
    "parts of exports": (app.papers.queries, "whole", lambda _actor: Treatment.id == Treatment.id),
    "who was at a meeting": (
        app.meetings.queries.attendance,
        "readable_line",
        lambda _actor: AttendanceLine.id == AttendanceLine.id,
    ),
    "drafts and embargo": (
        app.cases.queries.lists,
        "readable",
        lambda _actor: Treatment.shared_at.is_not(None),
    ),
}


def test_with_any_filter_missing_it_is_noticed(worlds, monkeypatch):
    """The twin: each filter taken away by itself makes a difference to somebody."""
    few = [worlds.world.treatments[name] for name in ("parts", "whole", "embargoed parts")]
    asked = [
        ("GET", f"/cases?{query}") for query in ("page=1", f"q={CANARY}", "state=drafting", "state=scheduled")
    ]
    asked.append(("GET", f"/meetings/{worlds.world.meeting.id}"))
    for treatment in few:
        asked += [
            ("GET", f"/cases/{treatment.case_id}?treatment={treatment.id}"),
            ("GET", f"/treatments/{treatment.id}/public.docx"),
            ("GET", f"/attachments/{worlds.world.attachments[treatment.id][0]}/fil.txt"),
        ]
    people = ("observer", "outsider")
    broken = {}
    for name, (module, function, raw) in _RAW.items():
        with monkeypatch.context() as patched:
            patched.setattr(module, function, raw)
            broken[name] = {who: worlds.answers(who, asked) for who in people}
    with worlds.house.writing() as db:
        take_out_exempt(db)
        take_out_hidden(db, drafts_only=True)
    second = {"observer": worlds.answers("observer", asked)}
    with worlds.house.writing() as db:
        take_out_hidden(db, drafts_only=False)
    second["outsider"] = worlds.answers("outsider", asked)
    noticed = {
        name: sum(answers[who][request] != second[who][request] for who in people for request in asked)
        for name, answers in broken.items()
    }
    print(
        f"two worlds: filters taken away {len(noticed)}, noticed {sum(map(bool, noticed.values()))}: {noticed}"
    )
    assert all(noticed.values()), noticed
