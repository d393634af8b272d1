"""The editor of a paper that has been treated or withdrawn: nothing to type in, and nothing lost of what was typed."""

import re

import pytest

from app.cases.service.states import take_step
from tests.factories.cases import SYSTEM, make_case, parts_of


@pytest.fixture
def treatment(house):
    with house.writing() as db:
        made = make_case(db, house.forum, "Felles kalender")
        take_step(db, SYSTEM, made.id, version=1, step="withdraw")
        return made


def test_the_editor_of_a_closed_paper_holds_no_fields(secretary, treatment):
    page = secretary.get(f"/cases/{treatment.case_id}/edit?treatment={treatment.id}").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "Nothing can be saved here." in main
    assert re.findall(r"<(?:input|textarea|select|button)\b", main) == []


def test_what_is_sent_to_a_closed_paper_can_be_read_and_not_changed(house, secretary, treatment):
    with house.writing() as db:
        part = next(part for part in parts_of(db, treatment) if part.kind.value == "section")
    sent = {
        f"/treatments/{treatment.id}/parts/{part.id}": (
            {"version": part.version, "heading": part.heading, "body": "et ord & to"},
            "et ord &amp; to",
        ),
        f"/treatments/{treatment.id}": (
            {"version": 1, "title": "T", "kind": "decide", "language": "nb", "wanted_result": "Noe & annet"},
            "Noe &amp; annet",
        ),
        f"/treatments/{treatment.id}/parts": (
            {"kind": "section", "heading": "Enda en & en"},
            "Enda en &amp; en",
        ),
        f"/treatments/{treatment.id}/attachments": ({"title": "Plan & budsjett"}, "Plan &amp; budsjett"),
    }
    for address, (fields, shown) in sent.items():
        refused = secretary.post(address, data=fields)
        assert refused.status_code == 422
        assert re.search(rf"<textarea[^>]* readonly=\"readonly\">\n{shown}</textarea>", refused.text)
        assert not re.search(r"<textarea(?![^>]* readonly)", refused.text)
