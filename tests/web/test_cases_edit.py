"""Writing a case: its head and its parts, refused and stale saves."""

import re
from uuid import uuid4

import pytest

from app.access.roles import Role
from app.cases.queries.editing import edit_view
from app.cases.service.edit import edit_treatment
from app.cases.service.parts import add_part, remove_part, save_part
from app.cases.service.states import take_step
from app.documents.case_presentation import PartKind
from app.kernel.language import Language
from tests.factories.cases import SYSTEM, make_case, parts_of
from tests.factories.forums import make_forum
from tests.factories.people import make_organisation, make_person
from tests.support.house import HOSTILE
from tests.support.queries import counted_statements


@pytest.fixture
def parts(house, treatment):
    """The parts of the paper by their kind; of the sections, the first."""
    with house.writing() as db:
        return {part.kind.value: part for part in reversed(parts_of(db, treatment))}


def view_of(house, treatment):
    with house.web.database.reading() as db:
        return edit_view(db, SYSTEM, treatment.id)


def head(version, **fields):
    return {
        "version": version,
        "title": "Felles kalender",
        "kind": "decide",
        "wanted_result": "",
        "presenters": ["Kari Oppdiktet", ""],
        "preparer": "",
        "language": "nb",
        "place": "",
        "dated": "",
    } | fields


def part_fields(part, **fields):
    return {"version": part.version, "heading": part.heading, "body": ""} | fields


def address_of(treatment, part):
    return f"/treatments/{treatment.id}/parts/{part.id}"


# The editor


def test_the_editor_holds_a_form_for_the_head_and_for_each_part(secretary, treatment, parts):
    page = secretary.get(f"/cases/{treatment.case_id}/edit")
    assert page.status_code == 200
    assert f'action="/treatments/{treatment.id}"' in page.text
    for part in parts.values():
        assert f'action="{address_of(treatment, part)}"' in page.text
    assert 'data-preview-url="/preview"' in page.text


def test_ids_are_unique_on_the_page(secretary, treatment):
    page = secretary.get(f"/cases/{treatment.case_id}/edit").text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEADER, Role.MINUTE_TAKER, None])
def test_nobody_else_writes(house, treatment, parts, role):
    browser = house.browser(*([role] if role else []))
    part = parts["proposal"]
    refusal = 403 if role in {Role.LEADER, Role.MINUTE_TAKER} else 404
    assert browser.get(f"/cases/{treatment.case_id}/edit").status_code == refusal
    commands = [
        (f"/treatments/{treatment.id}", head(1, title="Stjålet")),
        (address_of(treatment, part), part_fields(part, body="Stjålet")),
        (f"{address_of(treatment, part)}/remove", {}),
        (f"{address_of(treatment, part)}/move", {"direction": "up"}),
        (f"/treatments/{treatment.id}/parts", {"kind": "section", "heading": "Stjålet"}),
        (f"/treatments/{treatment.id}/unplaced", {"version": 1}),
    ]
    for address, data in commands:
        assert browser.post(address, data=data).status_code == refusal
    assert "Stjålet" not in str(view_of(house, treatment))


def test_a_part_belongs_to_its_treatment(house, secretary, treatment):
    with house.writing() as db:
        hidden = make_case(db, make_forum(db, "au", "AU"), "Andres")
        part = parts_of(db, hidden)[0]
    answer = secretary.post(address_of(treatment, part), data=part_fields(part, body="Mitt"))
    assert answer.status_code == 409
    assert secretary.post(f"{address_of(treatment, part)}/remove").status_code == 404
    assert secretary.post(f"{address_of(treatment, part)}/move", data={"direction": "up"}).status_code == 404
    assert "Mitt" not in str(view_of(house, hidden))


# The head


def test_the_head_is_saved(house, secretary, treatment):
    with house.writing() as db:
        digdir = make_organisation(db, "Digitaliseringsdirektoratet", "Digdir")
    saved = secretary.post(
        f"/treatments/{treatment.id}",
        data=head(
            treatment.version,
            title="Ny tittel",
            kind="inform",
            language="da",
            preparer="Digdir",
            place="Oslo",
            dated="27.5.2019",
        ),
    )
    assert saved.status_code == 303
    assert saved.headers["location"].endswith("#head")
    page = view_of(house, treatment).page
    assert (page.treatment.title, page.treatment.language) == ("Ny tittel", Language.DA)
    assert page.treatment.preparer_organisation_id == digdir.id
    assert str(page.treatment.dated) == "2019-05-27"
    assert 'value="2019-05-27"' in secretary.get(f"/cases/{treatment.case_id}/edit").text


def test_a_name_that_stays_keeps_what_it_is_tied_to(house, secretary):
    with house.writing() as db:
        make_organisation(db, "Direktoratet for forvaltning", "Difi")
        owner = make_organisation(db, "Digitaliseringsdirektoratet", "Digdir")
        treatment = make_case(db, house.forum, preparer="Difi", preparer_organisation_id=owner.id)
    secretary.post(f"/treatments/{treatment.id}", data=head(1, preparer="Difi", title="Ny tittel"))
    assert view_of(house, treatment).page.treatment.preparer_organisation_id == owner.id
    secretary.post(f"/treatments/{treatment.id}", data=head(2, preparer="Ukjent", title="Ny tittel"))
    assert view_of(house, treatment).page.treatment.preparer_organisation_id is None


def test_presenters_are_tied_to_people_and_taken_away(house, secretary, treatment):
    with house.writing() as db:
        ola = make_person(db, "Ola Nordmann")
    secretary.post(f"/treatments/{treatment.id}", data=head(1, presenters=["Ola Nordmann", "Ukjent", ""]))
    presenters = view_of(house, treatment).page.presenters
    assert [(each.text, each.person_id) for each in presenters] == [
        ("Ola Nordmann", ola.id),
        ("Ukjent", None),
    ]
    secretary.post(f"/treatments/{treatment.id}", data=head(2, presenters=[""]))
    assert view_of(house, treatment).page.presenters == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Fill in “Title”."),
        ({"title": "x" * 501}, "too long"),
        ({"dated": "31.2.2019"}, "“Date”: write the date"),
        ({"kind": "nonsense"}, "“What the forum is asked to do”: choose one"),
        ({"language": "xx"}, "“Language of the paper”: choose one"),
        ({"presenters": ["x" * 501]}, "too long"),
        ({"version": "one"}, "whole number"),
    ],
)
def test_a_refused_head_comes_back_as_typed(house, secretary, treatment, fields, message):
    refused = secretary.post(
        f"/treatments/{treatment.id}", data=head(1, wanted_result="Noe & annet") | fields
    )
    assert refused.status_code == 422
    assert message in refused.text
    assert "Noe &amp; annet" in refused.text
    assert view_of(house, treatment).page.treatment.wanted_result == ""


def test_a_stale_head_shows_both_and_saves_mine_anyway(house, secretary, treatment):
    with house.writing() as db:
        edit_treatment(
            db,
            SYSTEM,
            treatment.id,
            version=1,
            title="Den andres tittel",
            kind=treatment.kind,
            wanted_result="",
            presenters=(),
            preparer="",
            preparer_organisation_id=None,
            language=Language.NB,
            place="",
            dated=None,
        )
    stale = secretary.post(
        f"/treatments/{treatment.id}",
        data=head(1, title="Min <tittel>", kind="inform", presenters=["Kari", "Ola"]),
    )
    assert stale.status_code == 409
    assert "Den andres tittel" in stale.text
    assert "Min &lt;tittel&gt;" in stale.text
    assert 'name="version" value="2"' in stale.text
    assert 'name="kind" value="inform"' in stale.text
    for name in ("Kari", "Ola"):
        assert f'value="{name}"' in stale.text
    assert view_of(house, treatment).page.treatment.title == "Den andres tittel"
    again = secretary.post(f"/treatments/{treatment.id}", data=head(2, title="Min tittel"))
    assert again.status_code == 303


# Parts


def test_a_part_is_saved_as_a_tree_and_shown(house, secretary, treatment, parts):
    part = parts["proposal"]
    saved = secretary.post(
        address_of(treatment, part),
        data=part_fields(
            part,
            heading="Forslag",
            party="Difi",
            lead_in="Difi bes om å",
            body="- lage\r\n- følge opp",
            closing="Takk.",
        ),
    )
    assert saved.status_code == 303
    assert saved.headers["location"].endswith(f"#part-{part.id}")
    source = view_of(house, treatment).part(part.id)
    assert (source.heading, source.party, source.lead_in) == ("Forslag", "Difi", "Difi bes om å")
    assert source.body == "- lage\n- følge opp"
    page = secretary.get(f"/cases/{treatment.case_id}").text
    assert "<li>" in page
    assert "følge opp" in page


def test_the_forum_behind_an_input_is_known_by_its_name(house, secretary, treatment, parts):
    with house.writing() as db:
        make_organisation(db, "Direktoratet", "Dir")
    secretary.post(address_of(treatment, parts["input"]), data=part_fields(parts["input"], party="skate"))
    assert view_of(house, treatment).part(parts["input"].id).party_forum_id == house.forum.id
    proposal = parts["proposal"]
    secretary.post(address_of(treatment, proposal), data=part_fields(proposal, party="dir"))
    assert view_of(house, treatment).part(proposal.id).party_organisation_id is not None


def test_a_refused_part_comes_back_as_typed(house, secretary, treatment, parts):
    part = parts["section"]
    refused = secretary.post(
        address_of(treatment, part), data=part_fields(part, heading="", body="Alt **dette**")
    )
    assert refused.status_code == 422
    assert "Alt **dette**" in refused.text
    assert refused.text.count("Fill in “Heading”.") == 2  # in the summary and beside the field
    assert f'href="#p{part.id}-heading"' in refused.text
    assert f'id="p{part.id}-heading"' in refused.text
    assert view_of(house, treatment).part(part.id).body == ""


def test_a_megabyte_of_text_is_refused_and_kept(secretary, treatment, parts):
    part = parts["section"]
    text = "æ" * 1_000_000
    refused = secretary.post(address_of(treatment, part), data=part_fields(part, body=text))
    assert refused.status_code == 422
    assert text in refused.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_every_field_of_a_part(house, secretary, treatment, parts, text):
    part = parts["proposal"]
    fields = part_fields(part, heading=text, party=text, lead_in=text, body=text, closing=text)
    assert secretary.post(address_of(treatment, part), data=fields).status_code == 303
    last = text.split()[-1].rpartition("\x00")[2].rpartition("\x0c")[2]
    source = view_of(house, treatment).part(part.id)
    for stored in (source.heading, source.party, source.lead_in, source.body, source.closing):
        assert stored.endswith(last)
    for path in ("", "/edit"):
        page = secretary.get(f"/cases/{treatment.case_id}{path}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_links_that_run_scripts_are_text(secretary, treatment, parts):
    part = parts["section"]
    body = "[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.no/?a=1&b=2)"
    assert secretary.post(address_of(treatment, part), data=part_fields(part, body=body)).status_code == 303
    page = secretary.get(f"/cases/{treatment.case_id}").text
    assert 'href="javascript' not in page
    assert 'href="data' not in page
    assert 'href="https://example.no/' in page


def test_a_stale_part_shows_both_texts_and_saves_mine_anyway(house, secretary, treatment, parts):
    part = parts["section"]
    with house.writing() as db:
        save_part(db, SYSTEM, part.id, version=1, heading=part.heading, body_markdown="Den andres tekst")
    stale = secretary.post(address_of(treatment, part), data=part_fields(part, body="Min <tekst>\r\n\r\nmer"))
    assert stale.status_code == 409
    assert "Den andres tekst" in stale.text
    assert "Min &lt;tekst&gt;\n\nmer" in stale.text
    assert 'name="version" value="2"' in stale.text
    assert f'id="part-{part.id}"' in stale.text
    assert view_of(house, treatment).part(part.id).body == "Den andres tekst"
    again = secretary.post(address_of(treatment, part), data=part_fields(part, version=2, body="Min tekst"))
    assert again.status_code == 303
    assert view_of(house, treatment).part(part.id).body == "Min tekst"


def test_what_was_written_in_a_removed_part_is_not_lost(house, secretary, treatment, parts):
    part = parts["section"]
    with house.writing() as db:
        remove_part(db, SYSTEM, part.id)
    answer = secretary.post(address_of(treatment, part), data=part_fields(part, body="Lang tekst"))
    assert answer.status_code == 409
    assert "Lang tekst" in answer.text
    assert "removed this part" in answer.text


def test_saving_one_part_leaves_the_versions_of_others(house, secretary, treatment, parts):
    secretary.post(address_of(treatment, parts["section"]), data=part_fields(parts["section"], body="En"))
    saved = secretary.post(
        address_of(treatment, parts["input"]), data=part_fields(parts["input"], body="- To")
    )
    assert saved.status_code == 303
    assert secretary.post(f"/treatments/{treatment.id}", data=head(1)).status_code == 303


def test_parts_are_added_moved_and_removed(house, secretary, treatment):
    for kind in PartKind:
        added = secretary.post(
            f"/treatments/{treatment.id}/parts", data={"kind": kind.value, "heading": f"Ny {kind.value}"}
        )
        assert added.status_code == 303
    new = view_of(house, treatment).parts[-1]
    assert new.heading == "Ny input"
    secretary.post(f"{address_of(treatment, new)}/move", data={"direction": "up"})
    assert view_of(house, treatment).parts[-2].id == new.id
    asked = secretary.get(f"{address_of(treatment, new)}/remove")
    assert asked.status_code == 200
    assert "Ny input" in asked.text
    assert secretary.post(f"{address_of(treatment, new)}/remove").status_code == 303
    assert view_of(house, treatment).part(new.id) is None
    assert secretary.get(f"{address_of(treatment, new)}/remove").status_code == 404


def test_a_part_needs_a_heading(secretary, treatment):
    refused = secretary.post(f"/treatments/{treatment.id}/parts", data={"kind": "input", "heading": ""})
    assert refused.status_code == 422
    assert '<option value="input" selected>' in refused.text


def test_a_treated_case_stands_as_it_is(house, secretary, treatment, parts):
    with house.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=1, step="withdraw")
    part = parts["section"]
    refused = secretary.post(address_of(treatment, part), data=part_fields(part, body="For sent"))
    assert refused.status_code == 422
    assert "For sent" in refused.text
    assert "stands as it is" in secretary.get(f"/cases/{treatment.case_id}/edit").text
    assert f"/cases/{treatment.case_id}/edit" not in secretary.get(f"/cases/{treatment.case_id}").text


def test_many_parts_do_not_mean_many_questions(house, secretary, treatment):
    with house.writing() as db:
        for number in range(20):
            add_part(db, SYSTEM, treatment.id, kind=PartKind.SECTION, heading=f"Del {number}")
            make_person(db, f"Person {number}")
    with counted_statements(house.web.database) as statements:
        assert secretary.get(f"/cases/{treatment.case_id}/edit").status_code == 200
    assert len(statements) <= 20


def test_ids_that_nobody_made(secretary):
    assert secretary.post(f"/treatments/{uuid4()}", data=head(1)).status_code == 404
    assert secretary.post(f"/treatments/{uuid4()}/parts/{uuid4()}", data={}).status_code == 404
    assert secretary.post("/treatments/x/parts/y", data={}).status_code == 404
