"""The pages of forums: what they show to whom, and what comes of the forms on them."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.service.share import share
from app.directory.rules import Side
from app.directory.service import create_organisation, rename_organisation
from app.forums.models import Forum, Mandate, Membership, Seat
from app.forums.queries import get_forum, labels_of
from app.kernel.language import Language
from app.platform.clock import today
from tests.factories.cases import make_complete, make_meeting
from tests.factories.forums import make_forum, make_membership, make_seat
from tests.factories.people import make_organisation, make_person
from tests.support.browsers import browser_as
from tests.support.queries import counted_statements

SYSTEM = Actor.system()
BASICS = {
    "name": "Skate",
    "level": "strategic",
    "language": "nb",
    "parent_id": "",
    "secretariat_id": "",
    "default_place": "Oslo",
    "active_from": "",
    "active_to": "",
}
NUMBERING = {
    "series_period": "year",
    "series_prefix": "",
    "paper_pattern": "{n}/{year}",
    "minutes_pattern": "{n}/{yy}",
    "file_pattern": "{n}-{yy}",
}


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
def administrator(web):
    return browser_as(web, Role.ADMINISTRATOR)


def stored(web, key: str = "skate") -> Forum:
    with web.database.reading() as db:
        return get_forum(db, SYSTEM, key)


# The list, and a new forum


def test_the_list_shows_the_forums_of_the_reader_and_no_others(web, skate, member) -> None:
    with web.database.writing() as db:
        make_forum(db, "au", "Arbeidsutvalget", parent_id=skate.id)
    page = member.get("/forums").text
    assert "Skate" in page
    assert "Arbeidsutvalget" not in page


def test_the_list_says_which_forum_stands_above(web, skate, administrator) -> None:
    with web.database.writing() as db:
        make_forum(db, "au", "Arbeidsutvalget", parent_id=skate.id)
    assert "Under Skate" in administrator.get("/forums").text


def test_an_empty_list_tells_each_reader_what_to_do(web, administrator) -> None:
    assert "Make the first forum" in administrator.get("/forums").text
    page = browser_as(web, None).get("/forums").text
    assert "Ask the secretariat" in page
    assert "Make the first forum" not in page


def test_an_administrator_makes_a_forum(web, administrator) -> None:
    assert administrator.get("/forums/new").status_code == 200
    answer = administrator.post("/forums", data={**BASICS, "key": "skate"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/forums/skate")
    assert stored(web).default_place == "Oslo"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Fill in this field."),
        ("key", "Ikke lov", "small letters"),
        ("key", "new", "taken by Samstyr"),
        ("key", "skate", "Another forum has this short name"),
        ("level", "", "Choose one from the list."),
        ("active_to", "1.1.2000", "before the first one"),
    ],
)
def test_a_refused_forum_comes_back_with_what_was_typed(
    web, skate, administrator, field: str, value: str, message: str
) -> None:
    form = {**BASICS, "name": "Et nytt forum", "key": "nytt", "active_from": "2019-01-01", field: value}
    answer = administrator.post("/forums", data=form)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'href="#{field}"' in answer.text
    assert field == "name" or "Et nytt forum" in answer.text


def test_only_administrators_make_forums(secretary) -> None:
    assert secretary.get("/forums/new").status_code == 404
    assert secretary.post("/forums", data={**BASICS, "key": "nytt"}).status_code == 404


# The overview


def test_the_overview_shows_the_forum_its_meetings_and_its_cases(web, skate, member) -> None:
    with web.database.writing() as db:
        owner = make_organisation(db, "Digitaliseringsdirektoratet")
        forum = db.get(Forum, skate.id)
        forum.secretariat_id = owner.id
        day = today() + timedelta(days=7)
        make_meeting(db, skate, day, place="Rom 2015")
        shown = make_complete(db, skate, "Felles kalender")
        share(db, SYSTEM, shown.id)
        make_complete(db, skate, "Et utkast")
        db.add(Mandate(forum_id=skate.id, valid_from=date(2019, 1, 1), text="Gi råd.", may_decide=True))
    page = member.get("/forums/skate").text
    for text in ("Strategic", "Digitaliseringsdirektoratet", "Rom 2015", "Felles kalender", "Gi råd."):
        assert text in page
    assert "May decide" in page
    assert "Et utkast" not in page


def test_buttons_are_there_for_those_who_may_use_them(secretary, member) -> None:
    for label in ("New case", "New meeting", "Settings", "History"):
        assert label in secretary.get("/forums/skate").text
        assert label not in member.get("/forums/skate").text


def test_a_forum_does_not_exist_for_outsiders(web, skate) -> None:
    outsider = browser_as(web, None)
    for path in ("", "/members", "/settings", "/history", "/meetings", "/members/new", "/mandates/new"):
        assert outsider.get(f"/forums/skate{path}").status_code == 404, path


def test_strangers_are_sent_to_log_in(web, skate) -> None:
    assert web.client().get("/forums/skate").headers["location"].startswith("/login")


def test_members_may_look_but_not_change(member) -> None:
    for path in (
        "/settings",
        "/settings/basics",
        "/settings/numbering",
        "/settings/words",
        "/settings/parts",
    ):
        assert member.get(f"/forums/skate{path}").status_code == 403, path
    for path in ("/members/new", "/seats/new", "/mandates/new", "/history"):
        assert member.get(f"/forums/skate{path}").status_code == 403, path
    assert member.post("/forums/skate/settings/basics", data={**BASICS, "version": 1}).status_code == 403
    assert member.post("/forums/skate/seats", data={"side": "state"}).status_code == 403


def test_the_overview_takes_as_many_queries_whatever_there_is(web, skate, secretary) -> None:
    def statements() -> int:
        with counted_statements(web.database) as seen:
            assert secretary.get("/forums/skate").status_code == 200
        return len(seen)

    with web.database.writing() as db:
        make_complete(db, skate, "Den første")
        make_meeting(db, skate, today())
    few = statements()
    with web.database.writing() as db:
        for number in range(5):
            make_complete(db, skate, f"Sak {number}")
            make_meeting(db, skate, today() + timedelta(days=number))
            seat = make_seat(db, skate, position=number)
            make_membership(db, skate, make_person(db, f"Person {number}").id, seat_id=seat.id)
    assert statements() == few


# Settings


def test_settings_are_saved_and_told_in_the_history(web, secretary) -> None:
    form = {**BASICS, "name": "Skate – rådet", "version": stored(web).version}
    answer = secretary.post("/forums/skate/settings/basics", data=form)
    assert answer.headers["location"] == "/forums/skate/settings"
    assert stored(web).name == "Skate – rådet"
    history = secretary.get("/forums/skate/history").text
    assert "Changed the settings of the forum" in history
    assert "Skate – rådet" in history


def test_a_stale_save_shows_both_texts_and_saves_nothing(web, secretary) -> None:
    version = stored(web).version
    first = {**BASICS, "name": "Den andres navn", "version": version}
    assert secretary.post("/forums/skate/settings/basics", data=first).status_code == 303
    second = {**BASICS, "name": "Mitt navn", "version": version}
    answer = secretary.post("/forums/skate/settings/basics", data=second)
    assert answer.status_code == 409
    assert "Den andres navn" in answer.text
    assert "Mitt navn" in answer.text
    assert stored(web).name == "Den andres navn"
    again = {**second, "version": stored(web).version}
    assert f'name="version" value="{again["version"]}"' in answer.text
    assert secretary.post("/forums/skate/settings/basics", data=again).status_code == 303


def test_numbering_shows_what_it_would_print_without_saving(web, secretary) -> None:
    typed = {**NUMBERING, "version": 1, "series_prefix": "ps", "paper_pattern": "{prefix} {n:03}/{year}"}
    page = secretary.get("/forums/skate/settings/numbering", params=typed).text
    assert f"PS 013/{today().year}" in page
    assert stored(web).paper_pattern == "{n}/{year}"
    part = secretary.get(
        "/forums/skate/settings/numbering",
        params={**typed, "minutes_pattern": "nonsense"},
        headers={"hx-request": "true", "hx-request-type": "partial"},
    ).text
    assert "This pattern cannot be used" in part
    assert "<html" not in part


def test_numbering_is_saved_or_refused_with_the_reason_beside_the_field(web, secretary) -> None:
    form = {**NUMBERING, "version": stored(web).version}
    refused = secretary.post(
        "/forums/skate/settings/numbering", data={**form, "paper_pattern": "Sak {n} av {year}"}
    )
    assert refused.status_code == 422
    assert 'id="paper_pattern-error"' in refused.text
    assert "Sak {n} av {year}" in refused.text
    saved = secretary.post(
        "/forums/skate/settings/numbering", data={**form, "minutes_pattern": "Sak {n}/{yy}"}
    )
    assert saved.status_code == 303
    assert stored(web).minutes_pattern == "Sak {n}/{yy}"


def test_own_words_are_kept_for_each_language(web, skate, secretary) -> None:
    form = {"version": stored(web).version, "decide_nb": "Vedtakssak", "inform_en": "For your information"}
    assert secretary.post("/forums/skate/settings/words", data=form).status_code == 303
    with web.database.reading() as db:
        assert labels_of(db, skate.id, Language.NB).case_kind["decide"] == "Vedtakssak"
        assert labels_of(db, skate.id, Language.EN).case_kind["inform"] == "For your information"
    page = secretary.get("/forums/skate/settings/words").text
    assert 'value="Vedtakssak"' in page
    assert "Vedtakssak" in secretary.get("/forums/skate/history").text


def parts_form(web, **changes) -> dict:
    sections = stored(web).sections
    return {
        "version": stored(web).version,
        "key": [section.key for section in sections],
        "kind": [section.kind.value for section in sections],
        **{f"heading_{language}": [""] * len(sections) for language in Language},
        "new_heading": "",
        "new_kind": "section",
        "act": "save",
        **changes,
    }


def keys(web) -> list[str]:
    return [section.key for section in stored(web).sections]


def test_parts_move_go_and_come_without_scripts(web, secretary) -> None:
    address = "/forums/skate/settings/parts"
    before = keys(web)
    assert secretary.post(address, data=parts_form(web, act="down-0")).status_code == 303
    assert keys(web) == [before[1], before[0], *before[2:]]
    assert secretary.post(address, data=parts_form(web, act="up-1")).status_code == 303
    assert keys(web) == before
    assert secretary.post(address, data=parts_form(web, act="remove-4")).status_code == 303
    assert keys(web) == before[:4]
    assert secretary.post(address, data=parts_form(web, act="add", new_heading="Økonomi")).status_code == 303
    assert keys(web) == [*before[:4], "okonomi"]
    assert secretary.post(address, data=parts_form(web, new_heading="Økonomi")).status_code == 422
    assert keys(web) == [*before[:4], "okonomi"]


def test_a_move_keeps_the_headings_that_were_typed(web, skate, secretary) -> None:
    headings = ["Sakens historie", *[""] * 4]
    form = parts_form(web, act="down-0", heading_nb=headings)
    assert secretary.post("/forums/skate/settings/parts", data=form).status_code == 303
    with web.database.reading() as db:
        assert labels_of(db, skate.id, Language.NB).section["background"] == "Sakens historie"
    assert keys(web)[1] == "background"


def test_a_new_part_needs_a_heading_and_a_form_its_lists(web, secretary) -> None:
    address = "/forums/skate/settings/parts"
    before = keys(web)
    answer = secretary.post(address, data=parts_form(web, act="add"))
    assert answer.status_code == 422
    assert 'id="new_heading-error"' in answer.text
    uneven = parts_form(web, heading_nb=["bare én"])
    assert secretary.post(address, data=uneven).status_code == 422
    assert keys(web) == before


def test_parts_that_somebody_else_changed_are_shown(web, secretary) -> None:
    stale = parts_form(web, act="remove-0")
    assert (
        secretary.post("/forums/skate/settings/parts", data=parts_form(web, act="down-0")).status_code == 303
    )
    answer = secretary.post("/forums/skate/settings/parts", data=stale)
    assert answer.status_code == 409
    assert "Somebody else saved this before you" in answer.text


def test_mandates_are_added_changed_and_removed_after_a_question(web, skate, secretary) -> None:
    form = {"valid_from": "2020-01-01", "text": "Gi råd.", "may_advise": "1"}
    assert secretary.post("/forums/skate/mandates", data=form).status_code == 303
    mandate = stored(web).mandates[0]
    assert (mandate.may_advise, mandate.may_decide) == (True, False)
    overlapping = secretary.post("/forums/skate/mandates", data={**form, "valid_from": "2021-01-01"})
    assert overlapping.status_code == 422
    assert "Another mandate holds" in overlapping.text
    address = f"/forums/skate/mandates/{mandate.id}"
    changed = {**form, "may_decide": "1", "version": stored(web).version}
    assert secretary.post(address, data=changed).status_code == 303
    assert stored(web).mandates[0].may_decide
    assert secretary.post(address, data=changed).status_code == 409
    question = secretary.get(f"{address}/remove")
    assert "Remove the mandate from 1.1.2020?" in question.text
    assert secretary.post(f"{address}/remove", data={"version": 1}).status_code == 409
    assert secretary.post(f"{address}/remove", data={"version": stored(web).version}).status_code == 303
    assert stored(web).mandates == []


def test_a_mandate_of_another_forum_is_not_found(web, skate, secretary) -> None:
    with web.database.writing() as db:
        other = make_forum(db, "au", "AU")
        mandate = Mandate(forum_id=other.id, valid_from=date(2019, 1, 1))
        db.add(mandate)
        db.flush()
        mandate_id = mandate.id
    assert secretary.get(f"/forums/skate/mandates/{mandate_id}").status_code == 404


# Members


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
        ("administrator", False, "Choose one from the list."),
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


# History


def test_the_history_goes_on_to_older_acts(web, skate, secretary) -> None:
    with web.database.writing() as db:
        for number in range(55):
            make_meeting(db, skate, date(2019, 1, 1) + timedelta(days=number))
    newest = secretary.get("/forums/skate/history").text
    assert newest.count("Planned a meeting") == 50
    older = newest.partition("/forums/skate/history?before=")[2].partition('"')[0]
    assert secretary.get(f"/forums/skate/history?before={older}").text.count("Planned a meeting") == 5
