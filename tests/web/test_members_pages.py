"""Who sat where on any day, and the forms that seats and terms are changed by."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import Role
from app.directory.rules import Side
from app.directory.service import create_organisation, rename_organisation
from app.forums.models import Forum, Membership, Seat
from tests.factories.forums import make_forum, make_membership, make_seat
from tests.factories.people import make_person
from tests.support.browsers import browser_as

SYSTEM = Actor.system()


@pytest.fixture
def skate(web) -> Forum:
    with web.database.writing() as db:
        return make_forum(db, "skate", "Skate")


@pytest.fixture
def secretary(web, skate):
    return browser_as(web, Role.SECRETARY, skate)


@pytest.fixture
def member(web, skate):
    return browser_as(web, Role.MEMBER, skate)


@pytest.fixture
def seated(web, skate) -> SimpleNamespace:
    """Difi's seat, later called Digdir, held by one person until the end of 2019 and by another after."""
    with web.database.writing() as db:
        difi = create_organisation(
            db, SYSTEM, name="Direktoratet for forvaltning og IKT", abbreviation="Difi", side=Side.STATE
        )
        rename_organisation(
            db,
            SYSTEM,
            difi.id,
            version=difi.version,
            name="Digitaliseringsdirektoratet",
            abbreviation="Digdir",
            valid_from=date(2020, 1, 1),
        )
        seat = make_seat(db, skate, organisation_id=difi.id)
        first = make_membership(
            db,
            skate,
            make_person(db, "Stefan Sutterud").id,
            Role.LEADER,
            seat_id=seat.id,
            valid_from=date(2017, 1, 1),
            valid_to=date(2019, 12, 31),
        )
        second = make_membership(
            db,
            skate,
            make_person(db, "Berit Blå").id,
            Role.LEADER,
            seat_id=seat.id,
            valid_from=date(2020, 1, 1),
        )
        person = make_person(db, "Ny Person")
        return SimpleNamespace(difi=difi, seat=seat, first=first, second=second, person=person)


def test_who_sat_where_on_any_day_under_the_name_of_the_day(seated, member) -> None:
    then = member.get("/forums/skate/members", params={"day": "13.6.2019"}).text
    assert "Direktoratet for forvaltning og IKT (Difi)" in then
    assert "Stefan Sutterud" in then
    assert "1.1.2017–31.12.2019" in then
    assert "Berit Blå" not in then
    later = member.get("/forums/skate/members", params={"day": "2021-06-13"}).text
    assert "Digitaliseringsdirektoratet (Digdir)" in later
    assert "Berit Blå" in later
    assert "Stefan Sutterud" not in later


def test_people_without_a_seat_stand_by_themselves(skate, secretary) -> None:
    assert "Person secretary" in secretary.get("/forums/skate/members").text.partition("Without a seat")[2]


def test_a_day_that_cannot_be_read_is_said_and_kept(member) -> None:
    answer = member.get("/forums/skate/members", params={"day": "31.2.2019"})
    assert answer.status_code == 422
    assert "31.2.2019" in answer.text
    assert "Write the date as" in answer.text


def test_a_seat_is_added_changed_and_ended(web, skate, seated, secretary) -> None:
    form = {"organisation_id": "", "side": "municipal", "appointed_by": "KS", "valid_from": "2019-01-01"}
    answer = secretary.post("/forums/skate/seats?day=2019-06-13", data=form)
    assert answer.headers["location"] == "/forums/skate/members?day=2019-06-13"
    with web.database.reading() as db:
        seat = db.scalars(select(Seat).where(Seat.appointed_by == "KS")).one()
    address = f"/forums/skate/seats/{seat.id}"
    changed = {**form, "appointed_by": "KS, styret", "position": "1", "version": seat.version}
    assert secretary.post(f"{address}?day=2019-06-13", data=changed).status_code == 303
    stale = secretary.post(f"{address}?day=2019-06-13", data={**changed, "appointed_by": "Meg"})
    assert stale.status_code == 409
    assert "KS, styret" in stale.text
    assert "Meg" in stale.text
    assert "End the seat of Municipal?" in secretary.get(f"{address}/end?day=2019-06-13").text
    ending = {"version": seat.version + 1, "last_day": "2018-01-01"}
    refused = secretary.post(f"{address}/end?day=2019-06-13", data=ending)
    assert refused.status_code == 422
    assert 'id="last_day-error"' in refused.text
    ended = secretary.post(f"{address}/end?day=2019-06-13", data={**ending, "last_day": "31.12.2019"})
    assert ended.status_code == 303
    assert "KS, styret" not in secretary.get("/forums/skate/members?day=2020-01-01").text


def test_a_seat_with_people_in_it_does_not_end(seated, secretary) -> None:
    answer = secretary.post(
        f"/forums/skate/seats/{seated.seat.id}/end",
        data={"version": seated.seat.version, "last_day": "2019-01-01"},
    )
    assert answer.status_code == 422
    assert "Somebody sits in this seat outside these days" in answer.text


def test_a_seat_needs_an_organisation_or_a_side(secretary) -> None:
    answer = secretary.post("/forums/skate/seats", data={"organisation_id": "", "side": ""})
    assert answer.status_code == 422
    assert "Choose an organisation, or the side" in answer.text


def test_a_person_is_added_changed_and_ended(web, skate, seated, secretary) -> None:
    page = secretary.get(f"/forums/skate/members/new?day=2019-06-13&seat={seated.seat.id}").text
    assert "Ny Person" in page
    assert f'<option value="{seated.seat.id}" selected>' in page
    form = {
        "person_id": str(seated.person.id),
        "role": "deputy",
        "seat_id": str(seated.seat.id),
        "valid_from": "2019-01-01",
        "valid_to": "",
    }
    assert secretary.post("/forums/skate/members?day=2019-06-13", data=form).status_code == 303
    with web.database.reading() as db:
        added = db.scalars(select(Membership).where(Membership.person_id == seated.person.id)).one()
    address = f"/forums/skate/members/{added.id}"
    assert 'value="2019-01-01"' in secretary.get(f"{address}?day=2019-06-13").text
    changed = {key: value for key, value in form.items() if key != "person_id"}
    changed |= {"role": "second", "version": str(added.version)}
    assert secretary.post(f"{address}?day=2019-06-13", data=changed).status_code == 303
    assert secretary.post(f"{address}?day=2019-06-13", data=changed).status_code == 409
    assert "as second?" in secretary.get(f"{address}/end?day=2019-06-13").text
    ending = {"version": added.version + 1, "last_day": "2019-12-31"}
    assert secretary.post(f"{address}/end?day=2019-06-13", data=ending).status_code == 303
    assert "Ny Person" in secretary.get("/forums/skate/members?day=2019-12-31").text
    assert "Ny Person" not in secretary.get("/forums/skate/members?day=2020-01-01").text
    history = secretary.get("/forums/skate/history").text
    assert "Gave Ny Person a role" in history
    assert "Second" in history


@pytest.mark.parametrize(
    ("role", "with_seat", "message"),
    [
        ("leader", True, "The forum has a leader in this time"),
        ("member", True, "Somebody else holds this seat"),
        ("member", False, "sit in a seat"),
        ("administrator", False, "choose one from the list."),
    ],
)
def test_a_role_that_cannot_be_is_refused_with_the_reason(
    seated, secretary, role: str, with_seat: bool, message: str
) -> None:
    form = {
        "person_id": str(seated.person.id),
        "role": role,
        "seat_id": str(seated.seat.id) if with_seat else "",
        "valid_from": "2019-01-01",
    }
    answer = secretary.post("/forums/skate/members?day=2019-06-13", data=form)
    assert answer.status_code == 422
    assert message in answer.text


def test_seats_and_people_of_another_forum_are_not_found(web, seated, secretary) -> None:
    with web.database.writing() as db:
        other = make_forum(db, "au", "AU")
        seat = make_seat(db, other)
        membership = make_membership(db, other, make_person(db, "En Annen").id, seat_id=seat.id)
    for path in (f"seats/{seat.id}", f"seats/{seat.id}/end", f"members/{membership.id}"):
        assert secretary.get(f"/forums/skate/{path}").status_code == 404, path
    form = {"version": 1, "last_day": "2019-01-01"}
    assert secretary.post(f"/forums/skate/seats/{seat.id}/end", data=form).status_code == 404
    assert secretary.post(f"/forums/skate/members/{membership.id}/end", data=form).status_code == 404
