"""Two people save the same thing: both texts, what differs, and a merged text that loses nothing. No scripts needed."""

import html
import re

import lxml.html
import pytest

from app.cases.queries.editing import edit_view
from app.cases.service.edit import edit_treatment
from app.cases.service.parts import save_part
from app.cases.service.states import take_step
from app.kernel.language import Language
from tests.factories.cases import SYSTEM, parts_of
from tests.support.house import HOSTILE

BASE = "Innledning.\n\nMidten.\n\nSlutten."


@pytest.fixture
def part(house, treatment):
    """A section at version 2, with three paragraphs."""
    with house.writing() as db:
        part = next(part for part in parts_of(db, treatment) if part.kind.value == "section")
        return save_part(db, SYSTEM, part.id, version=1, heading="Bakgrunn", body_markdown=BASE)


def address_of(treatment, part):
    return f"/treatments/{treatment.id}/parts/{part.id}"


def theirs(house, part, body, *, heading="Bakgrunn", version=2):
    with house.writing() as db:
        return save_part(db, SYSTEM, part.id, version=version, heading=heading, body_markdown=body).version


def mine(secretary, treatment, part, body, *, heading="Bakgrunn", version=2, **more):
    fields = {"version": version, "heading": heading, "body": body.replace("\n", "\r\n")} | more
    return secretary.post(address_of(treatment, part), data=fields)


def form_of(answer):
    """The form of the merged text, as a browser without scripts would send it."""
    page = lxml.html.fromstring(answer.text)
    return next(form for form in page.forms if form.xpath(".//button[contains(., 'Save the merged text')]"))


def stored(house, treatment, part):
    with house.web.database.reading() as db:
        return edit_view(db, SYSTEM, treatment.id).part(part.id)


def test_changes_in_different_paragraphs_are_merged_and_saved(house, secretary, treatment, part) -> None:
    theirs(house, part, BASE + "\n\nTillegg.")
    answer = mine(secretary, treatment, part, BASE.replace("Innledning.", "Bedre innledning."))
    assert answer.status_code == 409
    form = form_of(answer)
    merged = form.fields["body"].strip().replace("\r\n", "\n")
    assert merged == "Bedre innledning.\n\nMidten.\n\nSlutten.\n\nTillegg."
    assert "You have both changed" not in answer.text
    assert stored(house, treatment, part).body == BASE + "\n\nTillegg."

    saved = secretary.post(form.action, data=list_of(form))
    assert saved.status_code == 303
    assert stored(house, treatment, part).body == merged


def list_of(form):
    data: dict[str, list[str]] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return data


def test_a_paragraph_that_both_changed_holds_both_until_one_is_chosen(
    house, secretary, treatment, part
) -> None:
    theirs(house, part, BASE.replace("Midten.", "Deres midte."))
    answer = mine(secretary, treatment, part, BASE.replace("Midten.", "Min midte."))
    form = form_of(answer)
    both = "Innledning.\n\nDeres midte.\n\nMin midte.\n\nSlutten."
    assert form.fields["body"].strip().replace("\r\n", "\n") == both
    text = answer.text
    assert re.search(r"<del><span[^>]*>\[only in the stored text: </span>Deres<", text)
    assert re.search(r"<ins><span[^>]*>\[only in yours: </span>Min<", text)

    for choice, middle in (
        ("theirs", "Deres midte."),
        ("mine", "Min midte."),
        ("both", "Deres midte.\n\nMin midte."),
    ):
        form.fields["place-body-0"] = choice
        form.fields["body"] = both.replace("Slutten.", "Slutten, rettet for hånd.")
        again = secretary.post(form.action, data=list_of(form) | {"again": "1"})
        assert again.status_code == 409
        now = form_of(again).fields["body"].strip().replace("\r\n", "\n")
        assert now == f"Innledning.\n\n{middle}\n\nSlutten, rettet for hånd."
        assert form_of(again).fields["place-body-0"] == choice
    assert stored(house, treatment, part).version == 3

    form = form_of(again)
    assert secretary.post(form.action, data=list_of(form)).status_code == 303
    assert "rettet for hånd" in stored(house, treatment, part).body


def test_a_third_save_meanwhile_is_met_in_the_same_way(house, secretary, treatment, part) -> None:
    theirs(house, part, BASE.replace("Midten.", "Deres midte."))
    form = form_of(mine(secretary, treatment, part, BASE.replace("Midten.", "Min midte.")))
    theirs(house, part, BASE.replace("Midten.", "Deres midte.") + "\n\nEnda mer.", version=3)
    again = secretary.post(form.action, data=list_of(form))
    assert again.status_code == 409
    merged = form_of(again).fields["body"]
    assert all(words in merged for words in ("Deres midte.", "Min midte.", "Enda mer."))


def test_what_only_one_changed_is_not_asked_about(house, secretary, treatment, part) -> None:
    theirs(house, part, BASE, heading="Deres overskrift")
    answer = mine(secretary, treatment, part, BASE + "\n\nMitt.")
    form = form_of(answer)
    assert (form.fields["heading"], "Mitt." in form.fields["body"]) == ("Deres overskrift", True)
    assert "taken over" in answer.text
    assert secretary.post(form.action, data=list_of(form)).status_code == 303
    kept = stored(house, treatment, part)
    assert (kept.heading, kept.body) == ("Deres overskrift", BASE + "\n\nMitt.")


def test_the_same_change_by_both_is_no_quarrel(house, secretary, treatment, part) -> None:
    theirs(house, part, BASE + "\n\nLikt.")
    assert mine(secretary, treatment, part, BASE + "\n\nLikt.").status_code == 303


def test_a_version_that_nobody_remembers_is_compared_with_what_is_stored(
    house, secretary, treatment, part
) -> None:
    theirs(house, part, BASE + "\n\nTillegg.")
    for version in (0, -1, 99, 10**30):
        answer = mine(secretary, treatment, part, "Helt annet.", version=version)
        assert answer.status_code in {409, 422}
        assert "Helt annet." in answer.text
    assert stored(house, treatment, part).body == BASE + "\n\nTillegg."


def make_complete_by_hand(db, treatment) -> None:
    proposal = next(part for part in parts_of(db, treatment) if part.kind.value == "proposal")
    save_part(db, SYSTEM, proposal.id, version=1, heading="Forslag", body_markdown="- velge B")


def test_a_case_that_moved_on_refuses_nobody_who_writes_its_facts(house, secretary, treatment) -> None:
    with house.writing() as db:
        make_complete_by_hand(db, treatment)
        take_step(db, SYSTEM, treatment.id, version=1, step="make_ready")
    head = {
        "version": 1,
        "title": "Ny tittel",
        "kind": "decide",
        "presenters": ["Kari Oppdiktet"],
        "language": "nb",
    }
    assert secretary.post(f"/treatments/{treatment.id}", data=head).status_code == 303
    with house.web.database.reading() as db:
        treatment = edit_view(db, SYSTEM, treatment.id).page.treatment
        assert (treatment.title, treatment.state.value, treatment.version) == ("Ny tittel", "ready", 3)


def test_the_facts_are_merged_field_by_field(house, secretary, treatment) -> None:
    with house.writing() as db:
        edit_treatment(
            db,
            SYSTEM,
            treatment.id,
            version=1,
            title="Deres tittel",
            kind=treatment.kind,
            wanted_result="Deres ønske",
            presenters=(),
            preparer="",
            preparer_organisation_id=None,
            language=Language.NB,
            place="",
            dated=None,
        )
    head = {"version": 1, "title": "Min tittel", "kind": "inform", "language": "nb"}
    head["presenters"] = ["Kari Oppdiktet", "Ola Oppdiktet"]
    answer = secretary.post(f"/treatments/{treatment.id}", data=head)
    assert answer.status_code == 409
    form = form_of(answer)
    sent = list_of(form)
    assert sent["title"] == ["Min tittel"]
    assert "Deres tittel" in answer.text
    assert sent["wanted_result"] == ["Deres ønske"]
    assert sent["kind"] == ["inform"]
    assert "Ola Oppdiktet" in sent["presenters"]
    assert secretary.post(form.action, data=sent).status_code == 303


@pytest.mark.parametrize(
    "text", [*HOSTILE, '"><svg onload=alert(1)>', "</textarea><script>alert(1)</script>"]
)
def test_hostile_text_stays_text_in_difference_and_merge(house, secretary, treatment, part, text) -> None:
    theirs(house, part, f"{text} deres", heading=f"{text} deres"[:400])
    answer = mine(secretary, treatment, part, f"{text} min", heading=f"{text} min"[:400])
    assert answer.status_code == 409
    again = secretary.post(
        address_of(treatment, part),
        data=list_of(form_of(answer)) | {"again": "1", "place-body-0": text, f"place-{text}": text},
    )
    for page in (answer.text, again.text):
        assert not re.search(r"<script(?![^>]*\bsrc=)|<img src=x|<svg onload", page)
        assert "deres" in page
        assert "min" in html.unescape(page)
    assert secretary.post(address_of(treatment, part), data=list_of(form_of(again))).status_code == 303
