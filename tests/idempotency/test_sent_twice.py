"""A form that is sent twice acts once, whoever sends it, whenever, and whatever happened in between."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import lxml.html
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.models import Case
from app.cases.models.presentation import Attachment
from app.idempotency import service
from app.idempotency.models import IdempotencyKey
from app.idempotency.rules import FIELD, is_key, new_key
from app.identity.models import Invitation, UserAccount
from app.platform.clock import utc_now
from tests.factories.cases import make_case
from tests.support.queries import counted_statements

AT_ONCE = 50


class NobodyThere(Exception):
    """The line to the browser is broken."""


@pytest.fixture
def secretary(house):
    return house.browser(Role.SECRETARY)


def new_case(key: str | None, title: str = "Felles kalender", **fields: str) -> dict[str, str]:
    data = {"forum": "skate", "title": title, "kind": "inform", "language": "nb", **fields}
    return data | ({FIELD: key} if key else {})


def count(house, table, *where) -> int:
    with house.web.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table).where(*where))


def acts(house) -> int:
    return count(house, AuditEvent, AuditEvent.action == "case.created")


def same(answer) -> tuple[int, str, str | None]:
    return answer.status_code, answer.headers.get("location"), answer.cookies.get("samstyr-said")


def test_fifty_at_once_act_once_and_are_answered_alike(house, secretary) -> None:
    data = new_case(new_key())
    browsers = [house.web.client() for _ in range(AT_ONCE)]
    for browser in browsers:
        browser.cookies = secretary.cookies
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = set(pool.map(lambda browser: same(browser.post("/cases/new", data=data)), browsers))
    kind = "SQLite" if house.web.database.is_sqlite else "PostgreSQL"
    print(f"idempotency on {kind}: {AT_ONCE} at once, acts {acts(house)}, different answers {len(answers)}")
    assert (count(house, Case), acts(house)) == (1, 1)
    ((status, location, said),) = answers
    assert (status, said) == (303, "created")
    assert secretary.get(location).status_code == 200


def test_without_a_key_the_same_would_act_every_time(house, secretary) -> None:
    """The twin: it is the key that makes the difference, and programs that send none are served as before."""
    assert {secretary.post("/cases/new", data=new_case(None)).status_code for _ in range(3)} == {303}
    assert acts(house) == 3


def test_another_content_under_the_key_changes_nothing_and_comes_back_to_be_sent_anew(
    house, secretary
) -> None:
    key, written = new_key(), "En lang tekst som noen har skrevet, og som ikke må bli borte for dem. " * 2
    secretary.post("/cases/new", data=new_case(key))
    refused = secretary.post(
        "/cases/new",
        data=new_case(key, "Noe annet", wanted_result=written),
        headers={"referer": "http://testserver/cases/new"},
    )
    assert refused.status_code == 422
    assert acts(house) == 1
    page = lxml.html.fromstring(refused.text)
    assert "sent before, with other content" in page.get_element_by_id("sent-before").text_content()
    assert "/cases/new" in page.xpath("//main//a/@href")
    form = page.xpath("//main//form")[0]
    assert form.fields["wanted_result"].strip() == written.strip()
    assert form.fields[FIELD] != key
    again = secretary.post(form.action, data=dict(form.form_values()))
    assert again.status_code == 303
    assert acts(house) == 2


def test_another_command_under_the_key_is_refused_too(house, secretary) -> None:
    with house.writing() as db:
        treatment = make_case(db, house.forum, "Felles kalender")
    key = new_key()
    assert secretary.post(f"/treatments/{treatment.id}/share", data={FIELD: key}).status_code == 303
    assert secretary.post(f"/treatments/{treatment.id}/unplaced", data={FIELD: key}).status_code == 422


def test_the_part_that_htmx_replaces_is_the_one_that_is_answered(house, secretary) -> None:
    key = new_key()
    secretary.post("/cases/new", data=new_case(key))
    fragment = secretary.post("/cases/new", data=new_case(key, "Ny"), headers={"hx-target": "section#part-7"})
    assert lxml.html.fromstring(fragment.text).get_element_by_id("part-7").xpath(".//form")
    odd = secretary.post("/cases/new", data=new_case(key, "Ny"), headers={"hx-target": 'x#"><script>'})
    assert "<script>" not in odd.text.partition("<main")[2]


def test_the_key_of_another_user_is_another_key(house, secretary) -> None:
    key, other = new_key(), house.browser(Role.SECRETARY)
    assert secretary.post("/cases/new", data=new_case(key)).status_code == 303
    assert other.post("/cases/new", data=new_case(key, "Min egen sak")).status_code == 303
    assert acts(house) == 2


def test_a_refused_form_goes_through_under_its_key_when_it_is_corrected(house, secretary) -> None:
    key = new_key()
    refused = secretary.post("/cases/new", data=new_case(key, ""))
    assert refused.status_code == 422
    assert count(house, IdempotencyKey) == 0
    assert secretary.post("/cases/new", data=new_case(key)).status_code == 303
    assert (acts(house), count(house, IdempotencyKey)) == (1, 1)


def test_a_refusal_by_the_house_frees_the_key_too(house) -> None:
    """What is refused by an exception leaves no trace, and so may be sent when the right is there."""
    member, key = house.browser(Role.MEMBER), new_key()
    with house.writing() as db:
        treatment = make_case(db, house.forum, "Felles kalender")
    assert member.post(f"/treatments/{treatment.id}/share", data={FIELD: key}).status_code in {403, 404}
    assert count(house, IdempotencyKey) == 0


def test_an_answer_that_was_lost_on_its_way_comes_with_the_retry(house, secretary) -> None:
    """The process dies, or the line breaks, when the work is committed and nothing is answered yet."""
    data, app = new_case(new_key()), house.web.app

    async def broken_line(scope, receive, send):
        async def lose(_message):
            raise NobodyThere

        await app(scope, receive, lose if scope["type"] == "http" else send)

    deaf = TestClient(broken_line, headers=secretary.headers, cookies=secretary.cookies)
    with pytest.raises(NobodyThere):
        deaf.post("/cases/new", data=data)
    assert acts(house) == 1, "the work was done, and nobody heard of it"
    status, location, said = same(secretary.post("/cases/new", data=data))
    assert (status, said, acts(house)) == (303, "created", 1)
    assert secretary.get(location).status_code == 200


def test_a_crash_before_the_commit_leaves_neither_key_nor_work(house, secretary, monkeypatch) -> None:
    data = new_case(new_key())

    def crash(*_args):
        raise RuntimeError("out of power")

    with monkeypatch.context() as patched:
        patched.setattr(service, "keep", crash)
        assert secretary.post("/cases/new", data=data).status_code == 500
    assert (acts(house), count(house, IdempotencyKey)) == (0, 0)
    assert secretary.post("/cases/new", data=data).status_code == 303
    assert acts(house) == 1


def test_a_file_that_is_sent_twice_is_attached_once(house, secretary) -> None:
    with house.writing() as db:
        treatment = make_case(db, house.forum, "Felles kalender")
    key, path = new_key(), f"/treatments/{treatment.id}/attachments"

    def attach(data: bytes):
        files = {"file": ("bakgrunn.txt", BytesIO(data), "text/plain")}
        return secretary.post(path, data={FIELD: key, "title": "Bakgrunn"}, files=files)

    text = b"Bakgrunn for saken.\n" * 100_000
    first = attach(text)
    assert first.status_code == 303, first.text
    assert same(attach(text)) == same(first)
    other = attach(text[:-1] + b"!")
    assert other.status_code == 422
    assert "choose the file once more" in other.text
    assert not lxml.html.fromstring(other.text).xpath("//main//form"), (
        "a form without its file would say less"
    )
    assert count(house, Attachment) == 1


def test_an_answer_that_may_be_seen_once_is_not_kept(house) -> None:
    """The link of an invitation stands nowhere but in the first answer."""
    boss = house.browser(administrator=True)
    data = {
        FIELD: new_key(),
        "name": "Ny Bruker",
        "email": "ny@example.no",
        "language": "en",
        "person_id": "",
    }
    first = boss.post("/admin/users", data=data)
    assert "/invite/" in first.text
    second = boss.post("/admin/users", data=data)
    assert second.status_code == 200
    assert "done already" in second.text
    assert "/invite/" not in second.text
    assert count(house, UserAccount, UserAccount.email == "ny@example.no") == 1
    assert count(house, Invitation) == 1


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 65, "with space 123456", "æøåæøåæøåæøåæøåæøå", "a\x00" * 12]
)
def test_what_cannot_be_a_key_is_refused(house, secretary, key: str) -> None:
    assert not is_key(key)
    assert secretary.post("/cases/new", data=new_case(None) | {FIELD: key}).status_code == 422
    assert acts(house) == 0


def test_two_keys_and_a_file_for_a_key_are_refused(house, secretary) -> None:
    two = secretary.post("/cases/new", data=new_case(None) | {FIELD: [new_key(), new_key()]})
    file = secretary.post("/cases/new", data=new_case(None), files={FIELD: ("a", b"x")})
    assert (two.status_code, file.status_code, acts(house)) == (422, 422, 0)


def test_old_keys_are_swept_and_young_ones_stay(house, secretary) -> None:
    old, young = new_key(), new_key()
    secretary.post("/cases/new", data=new_case(old))
    secretary.post("/cases/new", data=new_case(young, "En annen sak"))
    with house.writing() as db:
        aged = update(IdempotencyKey).where(IdempotencyKey.key == old)
        db.execute(aged.values(created_at=utc_now() - timedelta(hours=49)))
    with house.writing() as db:
        assert service.sweep(db, utc_now() - timedelta(hours=48)) == 1
    assert secretary.post("/cases/new", data=new_case(young, "En annen sak")).status_code == 303
    assert acts(house) == 2


def test_a_key_costs_two_statements_and_a_page_none(house, secretary) -> None:
    chosen = {"language": "en", "color_scheme": "dark"}
    secretary.post("/account/preferences", data=chosen)

    def cost(key: dict[str, str]) -> int:
        with counted_statements(house.web.database) as statements:
            assert secretary.post("/account/preferences", data=chosen | key).status_code == 303
        return len(statements)

    key = {FIELD: new_key()}
    plain, keyed, again = cost({}), cost(key), cost(key)
    print(f"idempotency: {keyed - plain} statements more for a key; {again} in all when it comes again")
    assert keyed - plain <= 2
    with counted_statements(house.web.database) as statements:
        secretary.get("/cases/new?forum=skate")
    assert not any("idempotency" in statement for statement in statements)


def test_a_section_that_was_saved_comes_back_with_a_key_of_its_own(house, secretary) -> None:
    """So that saving it again is another act, with and without scripts."""
    with house.writing() as db:
        treatment = make_case(db, house.forum, "Felles kalender")
    page = f"/cases/{treatment.case_id}/edit?treatment={treatment.id}"
    form = _part_form(secretary.get(page).text)
    for text in ("Først dette.", "Så dette."):
        used = form.fields[FIELD]
        form.fields["body"] = text
        saved = secretary.post(form.action, data=dict(form.form_values()), headers={"hx-request": "true"})
        assert saved.status_code == 303
        form = _part_form(secretary.get(unquote(saved.headers["location"])).text)
        assert form.fields[FIELD] != used
        assert form.fields["body"].strip() == text


def _part_form(page: str):
    forms = lxml.html.fromstring(page).xpath("//section[starts-with(@id, 'part-')]//form[@data-guard]")
    return next(form for form in forms if re.search(r"/parts/", form.action) and "body" in form.fields)
