"""The headers on every kind of answer of every route, as it is served over TLS."""

from collections import Counter
from collections.abc import Iterator

import pytest

from app.main import create_app
from app.platform.settings import Settings
from app.web.shared.addresses import static_address
from app.web.shared.headers import CONTENT_SECURITY_POLICY
from tests.support.breaking import Broken, breaking, gone
from tests.support.calling import Answer, Caller
from tests.support.filling import address, form_for
from tests.support.stage import Stage, stage
from tests.support.world import Who

__all__ = ["stage"]

ORIGIN = "https://testserver"
KINDS = {200, 206, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 422, 500, 503}
"""Every status that the test must have seen."""
PAGES = ("text/html", "text/plain", "application/json")


@pytest.fixture(scope="module")
def secure(stage: Stage) -> Iterator[Stage]:
    """The same world behind TLS, with room for small files only."""
    app = create_app(Settings(data_dir=stage.folder, public_origin=ORIGIN, max_upload_mb=1))
    app.state.database.dispose()
    app.state.database = stage.database
    with Caller(app, cookie="__Host-samstyr", scheme="https") as caller:
        yield Stage(app, stage.world, stage.database, app.state.store, caller, stage.folder)


def faults_of(answer: Answer) -> list[str]:
    """What an answer lacks, or says too much of."""
    kind = (answer.header("content-type") or "").partition(";")[0]
    is_download = answer.header("content-disposition") is not None
    caching = answer.header("cache-control") or ""
    policy = "sandbox; default-src 'none'" if is_download else CONTENT_SECURITY_POLICY
    wanted = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-request-id": "0123456789abcdef",
    }
    faults = [
        f"{name} is {answer.header(name)}" for name, value in wanted.items() if answer.header(name) != value
    ]
    if any(answer.header(name) for name in ("server", "x-powered-by", "access-control-allow-origin")):
        faults.append("tells what it is made of, or lets others read it")
    if is_download and not (answer.header("content-disposition") or "").startswith("attachment; "):
        faults.append("a file is shown and not saved")
    if kind.startswith("text/") and "charset=utf-8" not in (answer.header("content-type") or ""):
        faults.append(f"text in an unknown character set: {answer.header('content-type')}")
    if "no-store" not in caching and answer.header("set-cookie"):
        faults.append("a cookie in an answer that may be kept")
    return faults + [fault for cookie in _cookies(answer) for fault in _faults_of_cookie(cookie)]


def _cookies(answer: Answer) -> list[str]:
    return [value for name, value in answer.headers if name == "set-cookie"]


def _faults_of_cookie(cookie: str) -> list[str]:
    said = {each.strip().partition("=")[0].casefold() for each in cookie.split(";")[1:]}
    missing = {"secure", "httponly", "samesite", "path"} - said
    faults = [f"the cookie {cookie.partition('=')[0]} lacks {each}" for each in sorted(missing)]
    if not cookie.startswith("__Host-") or "domain" in said:
        faults.append(f"the cookie {cookie.partition('=')[0]} is not held to this host")
    return faults


def _answers(secure: Stage) -> Iterator[tuple[str, Answer]]:
    """Every route as it is, refused, malformed and broken."""
    scene = secure.world.scenes["own shared"]
    tokens, ask = secure.world.tokens, secure.caller.ask
    for route in secure.register:
        place = address(route, scene)
        for who in (Who.STRANGER, Who.OBSERVER, Who.ADMINISTRATOR):
            if route.method == "GET":
                yield f"{place} as {who}", ask("GET", place, token=tokens[who])
            else:
                form = form_for(secure.forms, route, scene)
                yield (
                    f"POST {place} as {who}",
                    secure.caller.send(form.action, form.fields, token=tokens[who], files=form.files),
                )
            secure.database.take_back()
        if route.method == "POST":
            token = tokens[Who.ADMINISTRATOR]
            yield f"POST {place} with nothing", secure.caller.send(place, [], token=token)
            secure.database.take_back()
            elsewhere = [("sec-fetch-site", "cross-site"), ("x-request-id", "0123456789abcdef")]
            refused = ask("POST", place, token=token, headers=elsewhere, usual=False)
            yield f"POST {place} from elsewhere", refused
            torn = [("content-type", "multipart/form-data")]
            yield f"POST {place} torn", ask("POST", place, token=token, headers=torn, body=b"--x\r\nno")
            secure.database.take_back()
        else:
            yield f"DELETE {place}", ask("DELETE", place, token=tokens[Who.ADMINISTRATOR])
            yield f"HEAD {place}", ask("HEAD", place, token=tokens[Who.ADMINISTRATOR])
            secure.database.take_back()


def _special(secure: Stage) -> Iterator[tuple[str, Answer]]:
    ask, send = secure.caller.ask, secure.caller.send
    token, scene = secure.world.tokens[Who.ADMINISTRATOR], secure.world.scenes["own shared"]
    style = static_address("css/base.css")
    first = ask("GET", style)
    yield "static", first
    yield "static again", ask("GET", style, headers=[("if-none-match", first.header("etag") or "")])
    yield "a part of static", ask("GET", style, headers=[("range", "bytes=0-9")])
    yield "too much of static", ask("GET", style, headers=[("range", "bytes=999999999-")])
    for name in ("/static/nothing.css", "/static/../main.py", "/no/such/page"):
        yield name, ask("GET", name, token=token)
    yield "an invitation that is over", ask("GET", "/invite/used-long-ago")
    for name, fields, files in (
        ("cases:attach", None, {"file": ("big.txt", b"x" * 3_000_000)}),
        ("cases:save_head", [("version", "999")], None),
    ):
        route = next(each for each in secure.register if each.name == name and each.method == "POST")
        form = form_for(secure.forms, route, scene)
        typed = form.with_field(*fields[0]) if fields else form
        yield name, send(form.action, typed.fields, token=token, files=files)
        secure.database.take_back()
    with breaking(secure.database, 2, Broken(), for_good=False):
        yield "a fault of ours", ask("GET", "/", token=token)
    with breaking(secure.database, 1, gone(), for_good=True):
        yield "without a database", ask("GET", "/", token=token)
        yield "not ready", ask("GET", "/readyz")


def test_every_answer_of_every_route_carries_the_headers(secure: Stage) -> None:
    seen: Counter[int] = Counter()
    faults = []
    for what, answer in (*_answers(secure), *_special(secure)):
        seen[answer.status] += 1
        faults += [f"{what} ({answer.status}): {fault}" for fault in faults_of(answer)]
        if "no-store" not in (answer.header("cache-control") or "") and "static" not in what:
            faults.append(f"{what} ({answer.status}) may be kept")
        location = answer.header("location")
        if location and not location.startswith("/"):
            faults.append(f"{what} leads to {location}")
    told = ", ".join(f"{count} of {status}" for status, count in sorted(seen.items()))
    print(f"headers: {seen.total()} answers ({told}), faults {len(faults)}")
    assert faults == [], "\n".join(faults[:60])
    assert seen.keys() >= KINDS, f"never seen: {KINDS - seen.keys()}"


def test_the_cookies_of_a_log_in_are_held_to_this_host(secure: Stage) -> None:
    route = next(each for each in secure.register if each.name == "account:sign_in")
    form = form_for(secure.forms, route, secure.world.scenes["own shared"])
    typed = form.with_field("email", "kept@example.no")
    answer = secure.caller.send(form.action, typed.fields)
    secure.database.take_back()
    assert answer.status == 303
    assert any(cookie.startswith("__Host-samstyr=") for cookie in _cookies(answer))
    assert faults_of(answer) == []


def test_an_answer_without_its_headers_is_seen() -> None:
    """The twin."""
    bare = Answer(200, (("content-type", "text/html"), ("set-cookie", "a=b; Path=/")), b"")
    assert len(faults_of(bare)) > 8
