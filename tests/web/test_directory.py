"""Organisations and people, as readers and as those who keep the directory meet them."""

from datetime import date
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.access.actor import Actor
from app.access.roles import Role
from app.directory.queries import get_organisation, get_person
from app.directory.rules import Side
from app.directory.service import create_organisation, create_person, rename_organisation
from app.forums.rules import Level
from app.forums.service.forums import create_forum
from app.forums.service.seats import add_membership
from app.identity.models import UserAccount
from app.identity.service.users import create_user
from app.kernel.language import Language

SYSTEM = Actor.system()


def add_user(web, name: str, *, is_administrator: bool) -> UserAccount:
    with web.database.writing() as db:
        return create_user(
            db,
            SYSTEM,
            email=f"{name}@example.no",
            name=name,
            language=Language.EN,
            is_administrator=is_administrator,
        )


@pytest.fixture
def keeper(web) -> TestClient:
    """Somebody who may change the directory."""
    return web.client(add_user(web, "keeper", is_administrator=True))


@pytest.fixture
def reader(web) -> TestClient:
    """Somebody who may only look."""
    return web.client(add_user(web, "reader", is_administrator=False))


@pytest.fixture
def digdir(web):
    """Digdir, which was called Difi before 2020."""
    with web.database.writing() as db:
        made = create_organisation(
            db,
            SYSTEM,
            name="Direktoratet for forvaltning og IKT",
            abbreviation="Difi",
            side=Side.STATE,
            registration_number="991825827",
        )
        return rename_organisation(
            db,
            SYSTEM,
            made.id,
            version=1,
            name="Digitaliseringsdirektoratet",
            abbreviation="Digdir",
            valid_from=date(2020, 1, 1),
        )


@pytest.fixture
def kari(web, digdir):
    with web.database.writing() as db:
        return create_person(
            db, SYSTEM, name="Kari Nordmann", email="kari@hemmelig.no", organisation_id=digdir.id
        )


def organisation_now(web, organisation_id):
    with web.database.reading() as db:
        return get_organisation(db, SYSTEM, organisation_id)


def person_now(web, person_id):
    with web.database.reading() as db:
        return get_person(db, SYSTEM, person_id)


# organisations


def test_an_empty_list_says_what_it_is_for(reader, keeper):
    assert "No organisations yet" in reader.get("/organisations").text
    assert "New organisation" not in reader.get("/organisations").text
    assert "New organisation" in keeper.get("/organisations").text


@pytest.mark.parametrize("search", ["Digdir", "difi", "FORVALTNING", "  digitaliserings "])
def test_a_search_finds_an_organisation_under_all_its_names(reader, digdir, search):
    found = reader.get("/organisations", params={"q": search})
    assert "Digitaliseringsdirektoratet</a>" in found.text


@pytest.mark.parametrize("search", ["%", "_", "x'--", "<script>", "\x00zz", "zz"])
def test_a_search_without_hits_says_so(reader, digdir, search):
    found = reader.get("/organisations", params={"q": search})
    assert found.status_code == 200
    assert "No organisation is called that" in found.text
    assert "<script>" not in found.text


def test_a_long_list_has_pages_that_keep_the_search(web, reader):
    with web.database.writing() as db:
        for number in range(51):
            create_organisation(db, SYSTEM, name=f"Kommune {number:02}", side=Side.MUNICIPAL)
    first = reader.get("/organisations?q=kommune")
    assert "51 organisations" in first.text
    assert 'href="/organisations?q=kommune&amp;page=2"' in first.text
    assert "Kommune 50</a>" not in first.text
    assert "Kommune 50</a>" in reader.get("/organisations?q=kommune&page=2").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²", ""])
def test_a_page_that_is_not_there_is_the_nearest_one(reader, digdir, page):
    assert "Digitaliseringsdirektoratet</a>" in reader.get("/organisations", params={"page": page}).text


def test_an_organisation_shows_its_names_and_its_kin(web, reader, digdir):
    with web.database.writing() as db:
        create_organisation(
            db, SYSTEM, name="Ny etat", abbreviation="NE", side=Side.STATE, predecessor_id=digdir.id
        )
    text = reader.get(f"/organisations/{digdir.id}").text
    assert "Direktoratet for forvaltning og IKT" in text
    assert "31.12.2019" in text
    assert "Ny etat (NE)" in text
    assert "991825827" in text
    assert "Word template" not in text
    assert '/edit"' not in text


READ = ["/organisations", "/organisations/{organisation}", "/persons", "/persons/{person}"]
EDIT = [
    "/organisations/new",
    "/organisations/{organisation}/edit",
    "/organisations/{organisation}/rename",
    "/persons/new",
    "/persons/{person}/edit",
]


@pytest.mark.parametrize("path", READ)
def test_everybody_signed_in_may_look(web, reader, digdir, kari, path):
    address = path.format(organisation=digdir.id, person=kari.id)
    assert reader.get(address).status_code == 200
    assert web.client().get(address).headers["location"] == f"/login?next={address}"


@pytest.mark.parametrize("path", EDIT)
def test_only_keepers_see_the_forms(web, reader, keeper, digdir, kari, path):
    address = path.format(organisation=digdir.id, person=kari.id)
    assert keeper.get(address).status_code == 200
    assert reader.get(address).status_code == 404
    assert web.client().get(address).status_code == 303


@pytest.mark.parametrize(
    "path", ["/organisations", "/persons", *(path for path in EDIT if "new" not in path)]
)
def test_only_keepers_change_anything(web, reader, digdir, kari, path):
    before = organisation_now(web, digdir.id), person_now(web, kari.id)
    data = {"version": "2", "name": "Kapret", "side": "other", "valid_from": "2024-01-01"}
    address = path.format(organisation=digdir.id, person=kari.id)
    assert reader.post(address, data=data).status_code == 404
    answer = web.client().post(address, data=data)  # the log-in, with what was typed
    assert (answer.status_code, "Kapret" in answer.text) == (401, True)
    assert (organisation_now(web, digdir.id), person_now(web, kari.id)) == before
    assert "Kapret" not in reader.get("/organisations").text + reader.get("/persons").text


def test_an_organisation_is_made(web, keeper, digdir):
    data = {
        "name": "KS & venner",
        "abbreviation": "KS",
        "valid_from": "2001-02-03",
        "side": "municipal",
        "registration_number": "971 032 146",
        "predecessor_id": str(digdir.id),
    }
    answer = keeper.post("/organisations", data=data)
    made = organisation_now(web, UUID(answer.headers["location"].removeprefix("/organisations/")))
    assert (made.name, made.abbreviation, made.side) == ("KS & venner", "KS", Side.MUNICIPAL)
    assert (made.registration_number, made.predecessor.id) == ("971032146", digdir.id)
    assert made.names[0].valid_from == date(2001, 2, 3)
    assert "<h1 class" in keeper.get(answer.headers["location"]).text


def test_a_refused_organisation_keeps_what_was_typed(keeper):
    data = {"name": "Etat <b>", "side": "state", "registration_number": "12"}
    answer = keeper.post("/organisations", data=data)
    assert answer.status_code == 422
    assert "Write nine digits (Norway) or eight (Denmark)" in answer.text
    assert 'value="Etat &lt;b&gt;"' in answer.text
    assert "Etat" not in keeper.get("/organisations").text
    missing = keeper.post("/organisations", data={"name": ""})
    assert 'href="#side"' in missing.text
    assert 'href="#name"' in missing.text


def test_an_organisation_is_changed(web, keeper, digdir):
    data = {"version": "2", "side": "region", "registration_number": "", "predecessor_id": ""}
    answer = keeper.post(f"/organisations/{digdir.id}/edit", data=data)
    assert answer.headers["location"] == f"/organisations/{digdir.id}"
    assert organisation_now(web, digdir.id).side is Side.REGION


def test_an_organisation_is_not_offered_as_its_own_predecessor(web, keeper, digdir):
    page = keeper.get(f"/organisations/{digdir.id}/edit").text
    assert f'value="{digdir.id}"' not in page
    data = {"version": "2", "side": "state", "predecessor_id": str(digdir.id)}
    assert "cannot come after itself" in keeper.post(f"/organisations/{digdir.id}/edit", data=data).text


def test_a_stale_save_of_an_organisation_shows_both(web, keeper, digdir):
    keeper.post(
        f"/organisations/{digdir.id}/edit",
        data={"version": "2", "side": "state", "registration_number": "11111111"},
    )
    answer = keeper.post(
        f"/organisations/{digdir.id}/edit",
        data={"version": "2", "side": "state", "registration_number": "22222222"},
    )
    assert answer.status_code == 409
    assert "<dd>11111111</dd>" in answer.text
    assert 'value="22222222"' in answer.text
    assert organisation_now(web, digdir.id).registration_number == "11111111"
    assert 'name="version" value="3"' in answer.text


def test_a_new_name_holds_from_its_day(web, keeper, digdir):
    data = {"version": "2", "name": "Digitaliseringsetaten", "abbreviation": "DE", "valid_from": "2031-05-01"}
    answer = keeper.post(f"/organisations/{digdir.id}/rename", data=data)
    assert answer.headers["location"] == f"/organisations/{digdir.id}"
    names = organisation_now(web, digdir.id).names
    assert [(each.abbreviation, each.valid_to) for each in names] == [
        ("Difi", date(2019, 12, 31)),
        ("Digdir", date(2031, 4, 30)),
        ("DE", None),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"valid_from": "2020-01-01"}, "The new name must begin after the one before it."),
        ({"valid_from": "31.2.2030"}, "write the date as day.month.year"),
        ({"valid_from": ""}, "Fill in “Called so from”"),
        ({"name": ""}, "Fill in “Name”."),
    ],
)
def test_a_name_that_will_not_do_is_explained(web, keeper, digdir, changes, said):
    data = {"version": "2", "name": "Ny", "abbreviation": "", "valid_from": "2031-05-01"} | changes
    answer = keeper.post(f"/organisations/{digdir.id}/rename", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(organisation_now(web, digdir.id).names) == 2


def test_a_stale_renaming_shows_what_it_is_called_now(keeper, digdir):
    data = {"version": "1", "name": "Ny", "abbreviation": "", "valid_from": "2031-05-01"}
    answer = keeper.post(f"/organisations/{digdir.id}/rename", data=data)
    assert answer.status_code == 409
    assert "<dd>Digitaliseringsdirektoratet</dd>" in answer.text
    assert 'value="Ny"' in answer.text


# people


def test_addresses_are_shown_to_keepers_alone(reader, keeper, kari):
    for address in ("/persons", f"/persons/{kari.id}"):
        assert "kari@hemmelig.no" in keeper.get(address).text
        assert "kari@hemmelig.no" not in reader.get(address).text


def test_people_are_found_by_name(reader, kari):
    found = reader.get("/persons", params={"q": "NORD"}).text
    assert "Kari Nordmann</a>" in found
    assert "Digdir</a>" in found
    assert "Nobody is called that" in reader.get("/persons", params={"q": "%"}).text


def test_a_person_shows_the_forums_that_the_visitor_may_read(web, reader, keeper, kari):
    with web.database.writing() as db:
        forum = create_forum(
            db, SYSTEM, key="skate", name="Skate & co", level=Level.STRATEGIC, language=Language.NB
        )
        add_membership(
            db,
            SYSTEM,
            forum.id,
            person_id=kari.id,
            role=Role.SECRETARY,
            seat_id=None,
            valid_from=date(2020, 1, 1),
            valid_to=None,
        )
    text = keeper.get(f"/persons/{kari.id}").text
    assert 'href="/forums/skate">Skate &amp; co</a>' in text
    assert "Secretary" in text
    assert "Skate" not in reader.get(f"/persons/{kari.id}").text


def test_a_person_is_made_and_changed(web, keeper, digdir):
    answer = keeper.post("/persons", data={"name": "Åse Ås", "email": "", "organisation_id": str(digdir.id)})
    made = person_now(web, UUID(answer.headers["location"].removeprefix("/persons/")))
    assert (made.name, made.organisation_id, made.version) == ("Åse Ås", digdir.id, 1)
    data = {"version": "1", "name": "Åse Aas", "email": "aase@example.no", "organisation_id": ""}
    assert keeper.post(f"/persons/{made.id}/edit", data=data).status_code == 303
    now = person_now(web, made.id)
    assert (now.name, now.email, now.organisation_id) == ("Åse Aas", "aase@example.no", None)


def test_a_refused_person_keeps_what_was_typed(keeper):
    answer = keeper.post("/persons", data={"name": " ", "email": "aase@example.no"})
    assert answer.status_code == 422
    assert 'value="aase@example.no"' in answer.text


def test_a_stale_save_of_a_person_shows_both(web, keeper, kari):
    keeper.post(f"/persons/{kari.id}/edit", data={"version": "1", "name": "Lagret"})
    answer = keeper.post(f"/persons/{kari.id}/edit", data={"version": "1", "name": "Skrevet"})
    assert answer.status_code == 409
    assert "<dd>Lagret</dd>" in answer.text
    assert 'value="Skrevet"' in answer.text
    assert person_now(web, kari.id).name == "Lagret"


@pytest.mark.parametrize(
    "address", ["/organisations/00000000-0000-0000-0000-000000000001", "/persons/x", "/organisations/x/edit"]
)
def test_what_is_not_there_is_not_found(keeper, address):
    assert keeper.get(address).status_code == 404
