"""Drafts and presence on the pages: what scripts send, and what their writer sees again."""

import json
from uuid import uuid4

import pytest

from app.access.roles import Role
from app.cases.service.parts import remove_part, save_part
from tests.factories.cases import SYSTEM, make_treated, parts_of
from tests.support.queries import counted_statements
from tests.support.reader import Reader


@pytest.fixture
def part(house, treatment):
    with house.writing() as db:
        return next(part for part in parts_of(db, treatment) if part.kind.value == "section")


@pytest.fixture
def secretary(house):
    return Person(house, Role.SECRETARY)


class Person:
    """A browser, and whose it is."""

    def __init__(self, house, *roles, administrator=False) -> None:
        self.client = house.browser(*roles, administrator=administrator)
        page = self.client.get("/forums").text
        self.user = page.partition('data-user="')[2].partition('"')[0]

    def keep(self, key, *, user=None, version=1, revision=0, **fields):
        data = {"user": user or self.user, "key": key, "version": version, "revision": revision}
        return self.client.post("/drafts", data=data | {"fields": json.dumps(list(fields.items()))})

    def get(self, address):
        return self.client.get(address)


def part_key(treatment, part) -> str:
    return f"treatment/{treatment.id}/part/{part.id}"


def editor(treatment) -> str:
    return f"/cases/{treatment.case_id}/edit?treatment={treatment.id}"


def test_the_writer_sees_the_draft_again_and_others_do_not(house, treatment, part, secretary) -> None:
    kept = secretary.keep(part_key(treatment, part), heading="Bakgrunn", body="hemmelig utkast")
    assert kept.status_code == 200
    assert kept.json()["revision"] == 1
    assert kept.json()["said"].startswith("Draft kept ")
    page = secretary.get(editor(treatment)).text
    assert "hemmelig utkast" in page
    assert "You have text here that is not saved" in page
    assert page.count('data-draft-revision="1"') == 1

    others = [Person(house, role) for role in (Role.SECRETARY, Role.LEADER, Role.MEMBER)]
    others.append(Person(house, administrator=True))
    addresses = [editor(treatment), f"/cases/{treatment.case_id}", f"/cases/{treatment.case_id}/history", "/"]
    addresses += ["/admin/users", f"/admin/users/{secretary.user}", "/account", "/forums/skate/history"]
    seen = [address for other in others for address in addresses if "hemmelig" in other.get(address).text]
    print(f"drafts: {len(others)} other people, {len(addresses)} pages each, text seen {len(seen)} times")
    assert seen == []


def test_saving_ends_the_draft(treatment, part, secretary) -> None:
    secretary.keep(part_key(treatment, part), heading="Bakgrunn", body="utkast")
    address = f"/treatments/{treatment.id}/parts/{part.id}"
    saved = secretary.client.post(address, data={"version": 1, "heading": "Bakgrunn", "body": "ferdig"})
    assert saved.status_code == 303
    page = secretary.get(editor(treatment)).text
    assert "ferdig" in page
    assert "You have text here that is not saved, from" not in page


def test_saving_ends_no_draft_that_another_window_has_kept_since(treatment, part, secretary) -> None:
    secretary.keep(part_key(treatment, part), heading="Bakgrunn", body="fra det lukkede vinduet")
    address = f"/treatments/{treatment.id}/parts/{part.id}"
    typed = {"version": 1, "heading": "Bakgrunn", "body": "fra det andre vinduet"}
    assert secretary.client.post(address, data=typed | {"draft_revision": "0"}).status_code == 303
    page = secretary.get(editor(treatment)).text
    assert "fra det lukkede vinduet" in page
    assert "Compare and merge" in page
    typed |= {"version": 2, "body": "begge"}
    assert secretary.client.post(address, data=typed | {"draft_revision": "1"}).status_code == 303
    assert "fra det lukkede vinduet" not in secretary.get(editor(treatment)).text


def test_a_form_sent_again_after_a_new_draft_is_the_same_form(treatment, part, secretary) -> None:
    address = f"/treatments/{treatment.id}/parts/{part.id}"
    typed = {"version": 1, "heading": "Bakgrunn", "body": "ferdig", "idempotency_key": "k" * 24}
    first = secretary.client.post(address, data=typed | {"draft_revision": "0"})
    again = secretary.client.post(address, data=typed | {"draft_revision": "1"})
    assert (first.status_code, again.status_code) == (303, 303)


def test_a_draft_whose_answer_was_lost_is_no_other_window(treatment, part, secretary) -> None:
    key = part_key(treatment, part)
    secretary.keep(key, body="kom fram")
    data = {"user": secretary.user, "key": key, "version": 1, "revision": 0}
    data |= {"fields": json.dumps([["body", "kom fram, og mer"]])}
    assert secretary.client.post("/drafts", data=data).status_code == 409
    data |= {"unanswered": json.dumps([[["body", "kom aldri fram"]], [["body", "kom fram"]]])}
    assert secretary.client.post("/drafts", data=data).json()["revision"] == 2
    assert "kom fram, og mer" in secretary.get(editor(treatment)).text


def test_discarding_brings_back_what_is_stored(treatment, part, secretary) -> None:
    secretary.keep(part_key(treatment, part), heading="Bakgrunn", body="utkast")
    gone = secretary.client.post("/drafts/discard", data={"key": part_key(treatment, part)})
    assert gone.status_code == 303
    assert gone.headers["location"].endswith(f"#part-{part.id}")
    assert "utkast</textarea>" not in secretary.get(editor(treatment)).text
    assert secretary.client.post("/drafts/discard", data={"key": "x"}).status_code == 404


def test_a_draft_that_was_overtaken_says_so_and_leads_to_both_texts(
    house, treatment, part, secretary
) -> None:
    secretary.keep(part_key(treatment, part), heading="Bakgrunn", body="mitt utkast")
    with house.writing() as db:
        save_part(db, SYSTEM, part.id, version=1, heading="Bakgrunn", body_markdown="deres tekst")
    page = secretary.get(editor(treatment)).text
    assert "Something else was saved here since you began" in page
    assert "mitt utkast" in page
    address = f"/treatments/{treatment.id}/parts/{part.id}"
    answer = secretary.client.post(address, data={"version": 1, "heading": "Bakgrunn", "body": "mitt utkast"})
    assert answer.status_code == 409
    assert "deres tekst" in answer.text
    assert 'data-draft-revision="1"' in answer.text  # so that the page goes on with the same draft


def test_a_draft_of_a_removed_part_is_shown_to_its_writer(house, treatment, part, secretary) -> None:
    secretary.keep(part_key(treatment, part), heading="Bakgrunn", body="mitt utkast")
    with house.writing() as db:
        remove_part(db, SYSTEM, part.id)
    page = secretary.get(editor(treatment)).text
    assert "somebody has removed since" in page
    assert "mitt utkast" in page


def test_the_facts_and_the_forms_of_the_forum_keep_drafts(house, treatment, secretary) -> None:
    forms = {
        f"treatment/{treatment.id}/head": editor(treatment),
        f"treatment/{treatment.id}/refer": f"/treatments/{treatment.id}/refer",
        f"forum/{house.forum.id}/new": "/cases/new?forum=skate",
    }
    for key, address in forms.items():
        assert secretary.keep(key, title="Et utkast til tittel", presenters="Ola").status_code == 200
        page = secretary.get(address).text
        assert 'value="Et utkast til tittel"' in page
        assert f'data-draft="{key}"' in page
        discarded = secretary.client.post("/drafts/discard", data={"key": key})
        assert discarded.status_code == 303
        assert 'value="Et utkast til tittel"' not in secretary.get(discarded.headers["location"]).text
    key = f"forum/{house.forum.id}/import"
    secretary.keep(key, text="Forum: Skate")
    assert "Forum: Skate" in secretary.get("/forums/skate/import").text


def test_a_correction_keeps_a_draft(house, secretary) -> None:
    with house.writing() as db:
        treated = make_treated(db, house.forum, "Behandlet sak")
    address = f"/treatments/{treated.id}/correction"
    assert secretary.keep(
        f"treatment/{treated.id}/correct", body="Skal være B", version=treated.version
    ).is_success
    reader = Reader(secretary.client).open(address)
    assert "Skal være B" in reader.text
    reader.open(address).send("Add the correction", reason="Skrivefeil")
    assert "Skal være B" not in Reader(secretary.client).open(address).page.xpath("string(//form//textarea)")


def test_keeping_and_asking_who_writes_cost_little(house, treatment, part, secretary) -> None:
    """They come from every open editor several times a minute."""
    key, address = part_key(treatment, part), f"/treatments/{treatment.id}/presence"
    secretary.keep(key, body="a")
    secretary.client.post(address, data={"part": "head"})
    costs = {}
    with counted_statements(house.web.database) as statements:
        assert secretary.keep(key, body="b", revision=1).is_success
    costs["keep"] = len(statements)
    with counted_statements(house.web.database) as statements:
        assert secretary.client.post(address, data={"part": "head"}).is_success
    costs["be present"] = len(statements)
    with counted_statements(house.web.database) as statements:
        assert secretary.get(address).is_success
    costs["ask"] = len(statements)
    print(f"drafts: statements {costs}, the caller's session and roles included")
    assert costs["keep"] <= 6
    assert costs["be present"] <= 7
    assert costs["ask"] <= 5


def test_a_draft_of_somebody_else_who_left_the_page_open_is_not_taken(treatment, part, secretary) -> None:
    refused = secretary.keep(part_key(treatment, part), user=str(uuid4()), body="en annens tekst")
    assert refused.status_code == 409
    assert "Somebody else has logged in" in refused.json()["said"]
    assert "en annens tekst" not in secretary.get(editor(treatment)).text


def test_two_windows_do_not_overwrite_each_other(treatment, part, secretary) -> None:
    key = part_key(treatment, part)
    assert secretary.keep(key, body="første vindu").json()["revision"] == 1
    refused = secretary.keep(key, body="andre vindu", revision=0)
    assert refused.status_code == 409
    assert "another window" in refused.json()["said"]
    assert "første vindu" in secretary.get(editor(treatment)).text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"fields": "x"},
        {"fields": "[[1, 2]]"},
        {"key": "../../etc"},
        {"version": "-1"},
        {"revision": str(10**30)},
        {"fields": "[" * 3000},
        {"unanswered": "[[1]]"},
    ],
)
def test_what_is_no_draft_is_refused_in_words(treatment, part, secretary, data) -> None:
    whole = {"user": secretary.user, "key": part_key(treatment, part), "fields": "[]"}
    answer = secretary.client.post("/drafts", data=(whole | data) if data else {})
    assert answer.status_code == 422
    assert "not kept as a draft" in answer.json()["said"]


def test_no_draft_stands_in_the_log(treatment, part, secretary, capsys) -> None:
    secretary.keep(part_key(treatment, part), body="hemmelig utkast")
    assert "hemmelig" not in capsys.readouterr().out


def test_the_editor_tells_who_else_writes(house, treatment, part, secretary) -> None:
    address = f"/treatments/{treatment.id}/presence"
    other = Person(house, Role.SECRETARY)
    assert secretary.client.post(address, data={"part": str(part.id)}).json() == {}
    said = other.get(address).json()
    assert said == {str(part.id): "Secretary is writing here."}
    assert "Secretary is writing here." in other.get(editor(treatment)).text
    assert "is writing here" not in secretary.get(editor(treatment)).text
    for role, status in ((Role.LEADER, 403), (Role.MEMBER, 404)):
        curious = Person(house, role)
        assert curious.get(address).status_code == status
        assert curious.client.post(address, data={"part": "head"}).status_code == status
    assert secretary.client.post(address, data={"part": "x"}).status_code == 422
