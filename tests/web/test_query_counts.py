"""How many statements a page costs, the caller's session and roles included. The same for ten cases and a thousand."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import insert

from app.access.roles import Role
from app.cases.models import Case, Presentation, Treatment
from app.cases.rules import TreatmentKind, TreatmentState
from app.kernel.language import Language
from app.meetings.models import AgendaItem
from app.platform.clock import today, utc_now
from tests.factories.cases import make_complete, make_meeting
from tests.factories.forums import make_forum, make_membership
from tests.factories.people import make_person
from tests.factories.users import make_user
from tests.support.queries import counted_statements

MOST = {
    "/": 10,
    "/forums/skate": 13,
    "/cases": 8,
    "/meetings/{meeting}": 10,
    "/cases/{case}": 10,
    "/cases/{case}/edit": 20,
}


def _crowd(db, forum, meeting, count: int) -> None:
    """Cases on the forum's list and on the meeting's agenda, written as rows."""
    now = utc_now()
    ids = [(uuid4(), uuid4()) for _ in range(count)]
    db.execute(
        insert(Case),
        [{"id": case, "working_title": "Sak", "created_at": now, "version": 1} for case, _ in ids],
    )
    common = {
        "forum_id": forum.id,
        "kind": TreatmentKind.INFORM,
        "state": TreatmentState.SCHEDULED,
        "version": 1,
    }
    common |= {
        "created_at": now,
        "updated_at": now,
        "shared_at": now,
        "wanted_result": "",
        "preparer": "",
        "kind_label": "",
    }
    named = [
        {
            "title": f"Sak {number}",
            "folded_title": f"sak {number}",
            "public_title": f"Sak {number}",
            "folded_public_title": f"sak {number}",
        }
        for number in range(count)
    ]
    rows = [
        common | named[place] | {"id": treatment, "case_id": case}
        for place, (case, treatment) in enumerate(ids)
    ]
    db.execute(insert(Treatment), rows)
    papers = [
        {"id": uuid4(), "treatment_id": treatment, "language": Language.NB, "version": 1}
        for _, treatment in ids
    ]
    db.execute(
        insert(Presentation),
        [paper | {"revision": 1, "place": "", "wording": {}, "unplaced": ""} for paper in papers],
    )
    items = [
        {"id": uuid4(), "meeting_id": meeting.id, "treatment_id": treatment, "position": place + 2}
        for place, (_, treatment) in enumerate(ids)
    ]
    db.execute(insert(AgendaItem), items)


@pytest.fixture
def house(web):
    with web.database.writing() as db:
        forum = make_forum(db)
        person = make_person(db)
        make_membership(db, forum, person_id=person.id, role=Role.SECRETARY, valid_from=date(2020, 1, 1))
        user = make_user(db, person_id=person.id)
        meeting = make_meeting(db, forum, today())
        treatment = make_complete(db, forum)
        _crowd(db, forum, meeting, 10)
    places = {"meeting": str(meeting.id), "case": str(treatment.case_id)}
    return web, web.client(user), forum, meeting, places


def _counts(web, client, places) -> dict[str, int]:
    counts = {}
    for path in MOST:
        client.get(path.format_map(places))
        with counted_statements(web.database) as statements:
            assert client.get(path.format_map(places)).status_code == 200, path
        counts[path] = len(statements)
    return counts


def test_no_page_asks_more_than_it_may_however_many_cases_there_are(house) -> None:
    web, client, forum, meeting, places = house
    few = _counts(web, client, places)
    assert {path: count for path, count in few.items() if count > MOST[path]} == {}
    with web.database.writing() as db:
        for item in db.query(AgendaItem).all():
            db.delete(item)
        db.flush()
        _crowd(db, forum, meeting, 990)
    assert _counts(web, client, places) == few
