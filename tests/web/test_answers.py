"""What every answer promises: headers, one answer for strangers, commands only from our own pages."""

from uuid import uuid4

import pytest
from sqlalchemy.orm.exc import StaleDataError

from app.web.shared.visit import PUBLIC
from tests.factories.users import make_user

STRANGE_PATHS = [
    "/cases/not-a-uuid",
    "/cases/00000000-0000-4000-8000-000000000000",
    "/no/such/page",
    "/forums/skate",
    "/meetings/1",
    "/admin/users",
]


def _user(web, **values):
    with web.database.writing() as db:
        return make_user(db, **values)


@pytest.mark.parametrize("path", STRANGE_PATHS)
def test_a_stranger_gets_one_answer_for_what_exists_and_what_does_not(web, path: str) -> None:
    answer = web.client().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={path}"
    assert answer.content == b""


def test_every_route_sends_a_stranger_to_sign_in(web) -> None:
    for route in web.app.state.register:
        if route.access == PUBLIC:
            continue
        path = route.path.replace(":path}", "}").format_map(_AnyValue())
        answer = web.client().request(route.method, path)
        assert answer.status_code == 303, route
        assert answer.headers["location"].startswith("/login"), route


def test_an_outsider_finds_nothing(web) -> None:
    """Signed in, but with no role anywhere: what asks for a right is not there."""
    client = web.client(_user(web))
    for route in web.app.state.register:
        if "{" not in route.path or route.access == PUBLIC or route.name.startswith("directory:"):
            continue
        if (
            route.name == "account:confirm_link"
        ):  # a step of one's own account, which leads back to its beginning
            continue
        path = route.path.replace(":path}", "}").format_map(_AnyValue())
        answer = client.request(route.method, path)
        assert answer.status_code in {404, 422}, (route, answer.status_code)


class _AnyValue(dict):
    def __missing__(self, name: str) -> str:
        return {"key": "skate", "spelling": "13/2019", "token": "x", "file_name": "a.pdf"}.get(
            name, str(uuid4())
        )


@pytest.mark.parametrize(
    "path", ["/login", "/no/such/page", "/static/css/base.css", "/static/nothing.css", "/healthz"]
)
def test_every_answer_carries_the_security_headers(web, path: str) -> None:
    headers = web.client().get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-request-id"]
    assert headers["cache-control"]


def test_static_files_are_kept_and_pages_are_not(web) -> None:
    client = web.client()
    assert "no-store" in client.get("/login").headers["cache-control"]
    assert "immutable" in client.get("/static/css/base.css?v=1").headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://elsewhere"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_commands_come_from_our_own_pages(web, headers: dict[str, str], allowed: bool) -> None:
    client = web.client(_user(web))
    del client.headers["sec-fetch-site"]
    answer = client.post("/logout", headers=headers)
    assert answer.status_code == (303 if allowed else 403)


def test_a_refused_command_changes_nothing(web) -> None:
    client = web.client(_user(web))
    assert client.post("/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get("/account").status_code == 200


def test_a_fault_of_ours_is_a_page_with_a_number_and_no_details(web, monkeypatch) -> None:
    from app.web.home import routes

    def broken(*_values):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(routes, "page", broken)
    client = web.client(_user(web))
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_readiness_knows_the_schema_and_the_data_folder(web) -> None:
    client = web.client()
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200


def test_a_huge_body_is_refused_with_a_page(web) -> None:
    client = web.client(_user(web))
    answer = client.post("/preview", data={"text": "x" * (65 * 1024 * 1024)})
    assert answer.status_code == 413
    assert answer.text.rstrip().endswith("</html>")


def test_an_address_that_lacks_a_value_is_a_fault_of_ours_not_a_dead_link(web) -> None:
    addresses = web.app.state.templates.addresses
    assert addresses("forums:show", key="skate", page=2) == "/forums/skate?page=2"
    with pytest.raises(KeyError):
        addresses("forums:show")


@pytest.mark.parametrize("charset", ["punycode", "no-such-set", "utf-16"])
def test_a_made_up_character_set_is_no_fault_of_ours(web, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff-\xfe-99999999\r\n--x--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = web.client(_user(web)).post("/preview", content=body, headers=headers)
    assert answer.status_code in {200, 400}


def test_monitors_may_ask_for_the_head_alone(web) -> None:
    for path in ("/healthz", "/readyz", "/login"):
        assert web.client().head(path).status_code == 200


def test_a_full_disk_is_said_and_reading_goes_on(web, monkeypatch) -> None:
    from app.web.cases import preview

    def full(_text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preview, "parse_markdown", full)
    client = web.client(_user(web))
    answer = client.post("/preview", data={"text": "x"})
    assert answer.status_code == 503
    assert answer.headers["x-request-id"] in answer.text
    assert client.get("/").status_code == 200


def test_what_somebody_took_away_in_the_same_moment_is_told_as_a_conflict(web, monkeypatch) -> None:
    from app.web.account import routes

    def overtaken(*_args: object, **_values: object) -> None:
        raise StaleDataError("expected to update 1 row(s); 0 were matched")

    monkeypatch.setattr(routes.users, "set_preferences", overtaken)
    client = web.client(_user(web))
    answer = client.post("/account/preferences", data={"language": "en", "color_scheme": "dark"})
    assert answer.status_code == 409
    assert "expected to update" not in answer.text
    assert client.get("/").status_code == 200
