"""The pages of administration: users, invitation links and the table of rights."""

import re

import pytest
from fastapi.testclient import TestClient

from app.access.actor import Actor
from app.access.matrix import MATRIX
from app.access.permissions import Permission
from app.access.roles import Role
from app.directory.service import create_person
from app.identity.models import UserAccount
from app.identity.queries import get_user, list_users
from app.identity.service.users import create_user
from app.kernel.language import Language
from app.web.admin.pages import PERMISSION_WORDS, ROLE_WORDS, permission_groups

SYSTEM = Actor.system()


def add(web, name: str, *, is_administrator: bool = False) -> UserAccount:
    with web.database.writing() as db:
        return create_user(
            db,
            SYSTEM,
            email=f"{name.lower()}@example.no",
            name=name,
            language=Language.EN,
            is_administrator=is_administrator,
        )


@pytest.fixture
def chief(web) -> UserAccount:
    return add(web, "Astrid", is_administrator=True)


@pytest.fixture
def client(web, chief) -> TestClient:
    return web.client(chief)


def stored(web, user_id):
    with web.database.reading() as db:
        return get_user(db, SYSTEM, user_id)


def link_in(text: str) -> str:
    (link,) = re.findall(r'value="http://127\.0\.0\.1:8000(/invite/[\w-]{43})"', text)
    return link


ADMIN_PAGES = ["/admin/users", "/admin/users/new", "/admin/users/{id}", "/admin/access"]
ADMIN_COMMANDS = ["/admin/users", "/admin/users/{id}", "/admin/users/{id}/invite"]


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_only_administrators_see_the_pages(web, chief, path):
    address = path.format(id=chief.id)
    assert web.client(chief).get(address).status_code == 200
    assert web.client(add(web, "Lars")).get(address).status_code == 404
    assert web.client().get(address).headers["location"] == f"/login?next={address}"


@pytest.mark.parametrize("path", ADMIN_COMMANDS)
def test_only_administrators_give_the_commands(web, chief, path):
    lars = add(web, "Lars")
    before = stored(web, lars.id)
    data = {
        "name": "X",
        "email": "x@example.no",
        "language": "nb",
        "version": "1",
        "is_administrator": "true",
    }
    assert web.client(lars).post(path.format(id=lars.id), data=data).status_code == 404
    assert web.client().post(path.format(id=lars.id), data=data).status_code == 401
    assert stored(web, lars.id) == before
    with web.database.reading() as db:
        assert len(list_users(db, SYSTEM)) == 2


def test_the_list_shows_states(web, client):
    add(web, "Lars")
    text = client.get("/admin/users").text
    assert "lars@example.no" in text
    assert "Invited" in text
    assert "Administrator</span>" in text


def test_a_new_user_gets_a_link_that_works(web, client):
    with web.database.writing() as db:
        person = create_person(db, SYSTEM, name="Ola Hansen")
    data = {"name": "Ola Hansen", "email": "Ola@Example.no", "language": "nn", "person_id": str(person.id)}
    answer = client.post("/admin/users", data=data)
    assert answer.status_code == 200
    assert "Invitation link for Ola Hansen" in answer.text
    assert web.client().get(link_in(answer.text)).status_code == 200
    with web.database.reading() as db:
        (ola,) = [user for user in list_users(db, SYSTEM) if user.email == "ola@example.no"]
    assert (ola.person_id, ola.language, ola.is_administrator) == (person.id, Language.NN, False)
    assert "/invite/" not in client.get(f"/admin/users/{ola.id}").text


def test_the_link_never_comes_from_the_host_header(web, client):
    ola = add(web, "Ola")
    answer = client.post(f"/admin/users/{ola.id}/invite", headers={"host": "evil.example"})
    assert "evil.example" not in answer.text
    assert link_in(answer.text)


def test_a_newer_link_replaces_the_older(web, client):
    ola = add(web, "Ola")
    first = link_in(client.post(f"/admin/users/{ola.id}/invite").text)
    second = link_in(client.post(f"/admin/users/{ola.id}/invite").text)
    assert web.client().get(first).status_code == 410
    assert web.client().get(second).status_code == 200


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("ASTRID@example.no", "There is a user with this e-mail address already."),
        ("not an address", "Write an e-mail address"),
        ("", "Fill in “E-mail address”."),
    ],
)
def test_a_refused_user_keeps_what_was_typed(web, client, email, said):
    answer = client.post("/admin/users", data={"name": "Ola <i>", "email": email, "language": "nb"})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Ola &lt;i&gt;"' in answer.text
    with web.database.reading() as db:
        assert len(list_users(db, SYSTEM)) == 1


def test_a_user_is_changed(web, client):
    ola = add(web, "Ola")
    data = {"version": "1", "name": "Ola Hansen", "is_administrator": "true", "is_active": "true"}
    answer = client.post(f"/admin/users/{ola.id}", data=data)
    assert answer.headers["location"] == "/admin/users"
    now = stored(web, ola.id)
    assert (now.name, now.is_administrator, now.is_active, now.version) == ("Ola Hansen", True, True, 2)


def test_a_stopped_user_is_out_at_once(web, client):
    ola = add(web, "Ola")
    his = web.client(ola)
    assert his.get("/account").status_code == 200
    client.post(f"/admin/users/{ola.id}", data={"version": "1", "name": "Ola"})
    assert his.get("/account").status_code == 303
    assert "Make a new link" not in client.get(f"/admin/users/{ola.id}").text
    assert client.post(f"/admin/users/{ola.id}/invite").status_code == 422


def test_a_stale_save_shows_both_texts(web, client):
    ola = add(web, "Ola")
    client.post(f"/admin/users/{ola.id}", data={"version": "1", "name": "Saved first", "is_active": "true"})
    late = {"version": "1", "name": "Typed later", "is_active": "true"}
    answer = client.post(f"/admin/users/{ola.id}", data=late)
    assert answer.status_code == 409
    assert "<dd>Saved first</dd>" in answer.text
    assert 'value="Typed later"' in answer.text
    assert stored(web, ola.id).name == "Saved first"
    assert 'name="version" value="2"' in answer.text


def test_a_refused_save_keeps_the_version_it_began_from(web, client):
    ola = add(web, "Ola")
    client.post(f"/admin/users/{ola.id}", data={"version": "1", "name": "Saved first", "is_active": "true"})
    answer = client.post(f"/admin/users/{ola.id}", data={"version": "1", "name": "", "is_active": "true"})
    assert answer.status_code == 422
    assert 'name="version" value="1"' in answer.text


def test_somebody_must_be_left_to_administer(web, client, chief):
    answer = client.post(
        f"/admin/users/{chief.id}", data={"version": "1", "name": "Astrid", "is_active": "true"}
    )
    assert answer.status_code == 422
    assert "Nobody else is administrator." in answer.text
    add(web, "Berit", is_administrator=True)
    gone = client.post(
        f"/admin/users/{chief.id}", data={"version": "1", "name": "Astrid", "is_active": "true"}
    )
    assert gone.headers["location"] == "/"
    assert client.get("/admin/users").status_code == 404


def test_an_unknown_user_is_not_found(client):
    assert client.get("/admin/users/00000000-0000-0000-0000-000000000001").status_code == 404
    assert client.get("/admin/users/x").status_code == 404


def test_every_role_and_permission_has_words():
    assert set(ROLE_WORDS) == set(Role)
    assert set(PERMISSION_WORDS) == set(Permission)
    shown = [row.permission for _, rows in permission_groups() for row in rows]
    assert sorted(shown) == sorted(Permission)


def test_the_page_says_what_the_table_says(client):
    text = client.get("/admin/access").text
    rows = {
        words: re.findall(r"ds-sr-only\">(Yes|No)<", cells)
        for words, cells in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', text, flags=re.S)
    }
    for permission, words in PERMISSION_WORDS.items():
        expected = ["Yes" if permission in MATRIX[Role(role)] else "No" for role in ROLE_WORDS]
        assert rows[words] == expected
