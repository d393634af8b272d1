"""The list of cases, a new case, and the case as it is read."""

from uuid import uuid4

import pytest

from app.access.roles import Role
from app.cases.queries.find import presentation_of
from app.cases.queries.lists import list_cases
from app.cases.queries.show import show_case
from app.cases.rules import TreatmentKind
from app.cases.service.attachments import add_attachment
from app.cases.service.numbers import set_number
from app.cases.service.parts import save_part
from app.cases.service.refer import refer_case
from app.cases.service.share import share
from app.forums.models import ForumLabel
from app.forums.rules import LabelKind
from app.kernel.language import Language
from app.meetings.service.agenda import put_on_agenda
from tests.factories.cases import SYSTEM, make_case, make_complete, make_meeting, parts_of
from tests.factories.forums import make_forum
from tests.factories.people import make_organisation, make_person
from tests.support.house import HOSTILE
from tests.support.queries import counted_statements


def shared_case(house, title="Felles kalender", **facts):
    with house.writing() as db:
        treatment = make_complete(db, house.forum, title, **facts)
        share(db, SYSTEM, treatment.id)
    return treatment


def only_case(house):
    with house.web.database.reading() as db:
        (line,) = list_cases(db, SYSTEM).lines
        return show_case(db, SYSTEM, line.case_id, line.treatment_id)


def new_case(**fields):
    return {
        "forum": "skate",
        "title": "Felles kalender",
        "kind": "decide",
        "language": "nb",
        "presenters": ["", ""],
    } | fields


# The list


def test_the_empty_list_says_what_a_case_is(secretary):
    page = secretary.get("/cases")
    assert page.status_code == 200
    assert "No cases yet" in page.text
    assert "/cases/new" in page.text


def test_a_list_shows_what_a_reader_may_know(house, secretary):
    treatment = shared_case(house, "Delt sak")
    with house.writing() as db:
        set_number(db, SYSTEM, treatment.id, sequence=13, year=2019)
        make_case(db, house.forum, "Hemmelig utkast")
    member = house.browser(Role.MEMBER)
    assert "Delt sak" in member.get("/cases").text
    assert "13/2019" in member.get("/cases").text
    assert "Hemmelig" not in member.get("/cases").text
    assert "/cases/new" not in member.get("/cases").text
    assert "Hemmelig utkast" in secretary.get("/cases").text
    assert "Delt sak" not in house.browser().get("/cases").text


def test_the_list_is_filtered_by_forum_state_and_words(house, secretary):
    with house.writing() as db:
        au = make_forum(db, "au", "AU")
        make_case(db, house.forum, "Ønsket kalender")
        make_case(db, au, "Budsjett")
    chief = house.browser(administrator=True)
    assert "Budsjett" not in chief.get("/cases?forum=skate").text
    assert "Budsjett" in chief.get("/cases?forum=au&state=drafting").text
    assert "No case fits" in chief.get("/cases?forum=au&state=treated").text
    assert "Ønsket kalender" in secretary.get("/cases", params={"q": "ØNSKET"}).text
    assert "No case fits" in secretary.get("/cases", params={"q": "<b>budsjett"}).text


def test_filters_that_nobody_made_are_left_out(secretary):
    assert secretary.get("/cases?state=nonsense&forum=%00&page=999").status_code == 200
    assert secretary.get("/cases?page=one").status_code == 422


def test_a_long_list_has_pages_that_keep_the_filter(house, secretary):
    with house.writing() as db:
        for number in range(51):
            make_case(db, house.forum, f"Sak {number:02} & mer")
    first = secretary.get("/cases", params={"q": "& mer"})
    assert "51 cases" in first.text
    assert "/cases?q=%26+mer&amp;page=2" in first.text
    assert first.text.count("<tr>") == 51
    assert secretary.get("/cases?q=%26+mer&page=2").text.count("<tr>") == 2


# A new case


def test_a_new_case_begins_in_the_words_of_the_forum(house, secretary):
    with house.writing() as db:
        db.add(
            ForumLabel(
                forum_id=house.forum.id,
                kind=LabelKind.CASE_KIND,
                key="decide",
                language=Language.NB,
                text="Behandlingssak",
            )
        )
    page = secretary.get("/cases/new?forum=skate")
    assert page.status_code == 200
    assert "Behandlingssak" in page.text


def test_with_several_forums_one_is_chosen_first(house):
    with house.writing() as db:
        make_forum(db, "au", "AU")
    chief = house.browser(administrator=True)
    assert 'href="/cases/new?forum=au"' in chief.get("/cases/new").text


def test_who_writes_no_cases_is_told_so(house):
    member = house.browser(Role.MEMBER)
    assert "do not write cases" in member.get("/cases/new").text
    assert member.get("/cases/new?forum=skate").status_code == 404
    assert member.post("/cases/new", data=new_case()).status_code == 403


def test_a_case_is_made_and_opened_for_writing(house, secretary):
    with house.writing() as db:
        digdir = make_organisation(db, "Digitaliseringsdirektoratet", "Digdir")
        kari = make_person(db, "Kari Nordmann")
    made = secretary.post(
        "/cases/new",
        data=new_case(
            kind="discuss",
            language="nn",
            wanted_result="Et råd",
            presenters=["kari nordmann", "", "Digdir", "En fremmed"],
            preparer="digdir",
        ),
    )
    assert made.status_code == 303
    assert "/edit?treatment=" in made.headers["location"]
    case = only_case(house)
    assert case.treatment.kind is TreatmentKind.DISCUSS
    assert case.treatment.language is Language.NN
    assert case.treatment.preparer_organisation_id == digdir.id
    assert [(each.text, each.person_id, each.organisation_id) for each in case.presenters] == [
        ("kari nordmann", kari.id, None),
        ("Digdir", None, digdir.id),
        ("En fremmed", None, None),
    ]
    assert secretary.get(made.headers["location"]).status_code == 200


def test_namesakes_are_tied_to_nobody(house, secretary):
    with house.writing() as db:
        make_person(db, "Ola Hansen")
        make_person(db, "Ola Hansen")
    secretary.post("/cases/new", data=new_case(presenters=["Ola Hansen"]))
    assert only_case(house).presenters[0].person_id is None


def test_a_refused_form_keeps_everything_typed(secretary):
    refused = secretary.post(
        "/cases/new", data=new_case(title="  ", wanted_result="Et <råd>", presenters=["Kari", "Ola"])
    )
    assert refused.status_code == 422
    assert "Et &lt;råd&gt;" in refused.text
    assert 'value="Kari"' in refused.text
    assert 'value="Ola"' in refused.text
    assert refused.text.count("Fill in “Title”.") == 2  # in the summary and beside the field


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_stored_as_text(house, secretary, text):
    made = secretary.post(
        "/cases/new",
        data=new_case(title=text, wanted_result=text, presenters=[text], preparer=text),
    )
    assert made.status_code == 303
    treatment = only_case(house).treatment
    assert treatment.title.endswith(
        text.split()[-1].replace("\x00", "").replace("\x0b", " ").replace("\x0c", " ")
    )
    page = secretary.get(f"/cases/{only_case(house).case_id}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "49" not in treatment.title


def test_a_lone_surrogate_does_not_swallow_what_follows(house, secretary):
    body = b"forum=skate&kind=decide&language=nb&title=f%C3%B8r%ED%A0%80etter&presenters="
    made = secretary.post(
        "/cases/new", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert made.status_code == 303
    assert only_case(house).treatment.title.startswith("før")
    assert only_case(house).treatment.title.endswith("etter")


def test_a_line_of_a_megabyte_is_refused_and_kept(secretary):
    refused = secretary.post("/cases/new", data=new_case(title="å" * 1_000_000))
    assert refused.status_code == 422
    assert "å" * 1_000_000 in refused.text
    assert "too long" in refused.text


# The case as it is read


def test_a_case_reads_like_its_paper(house):
    treatment = shared_case(house, preparer="Digdir", place="Oslo", wanted_result="Et valg")
    with house.writing() as db:
        add_attachment(db, SYSTEM, treatment.id, title="Bakgrunn")
        section = parts_of(db, treatment)[0]
        save_part(
            db, SYSTEM, section.id, version=1, heading="Historikk", body_markdown="Det **var** <en> gang."
        )
    page = house.browser(Role.MEMBER).get(f"/cases/{treatment.case_id}").text
    for words in (
        "Felles kalender",
        "Historikk",
        "Det <strong>var</strong> &lt;en&gt; gang.",
        "velge alternativ B",
        "Bakgrunn",
        "File awaited",
        "Et valg",
        "Saken vil bli framlagt av Kari Oppdiktet",
        "Saksframlegget er utarbeidet av Digdir",
        "Oslo",
    ):
        assert words in page
    assert page.index("Historikk") < page.index("velge alternativ B") < page.index("File awaited")
    assert 'lang="nb-NO"' in page


def test_buttons_follow_from_rights(house, secretary):
    treatment = shared_case(house)
    address = f"/cases/{treatment.case_id}"
    edit = f"{address}/edit"
    assert edit in secretary.get(address).text
    for role in (Role.MEMBER, Role.LEADER, Role.MINUTE_TAKER):
        page = house.browser(role).get(address).text
        assert edit not in page
        assert "/steps/" not in page
    assert "/share" not in secretary.get(address).text


def test_a_private_draft_does_not_exist_for_others(house):
    with house.writing() as db:
        treatment = make_case(db, house.forum, "Hemmelig")
    for browser in (house.browser(Role.MEMBER), house.browser()):
        for path in ("", "/edit", "/history", f"?treatment={treatment.id}"):
            assert browser.get(f"/cases/{treatment.case_id}{path}").status_code == 404
    page = house.browser(Role.LEADER).get(f"/cases/{treatment.case_id}")
    assert "Private draft" in page.text


def test_unknown_and_malformed_ids_are_not_found(secretary):
    assert secretary.get(f"/cases/{uuid4()}").status_code == 404
    assert secretary.get("/cases/nonsense").status_code == 404
    assert secretary.get(f"/cases/{uuid4()}?treatment=x").status_code == 422


def test_treatments_of_other_forums_are_named_and_opened(house, secretary):
    treatment = shared_case(house)
    with house.writing() as db:
        au = make_forum(db, "au", "Arbeidsutvalget")
        other = refer_case(
            db, SYSTEM, treatment.case_id, to_forum_id=au.id, title="Råd til Skate", kind=TreatmentKind.INFORM
        )
    chief = house.browser(administrator=True)
    page = chief.get(f"/cases/{treatment.case_id}?treatment={treatment.id}").text
    assert "Arbeidsutvalget" in page
    assert f"treatment={other.id}" in page
    assert "Råd til Skate" in chief.get(f"/cases/{treatment.case_id}?treatment={other.id}").text
    assert "Råd til Skate" not in secretary.get(f"/cases/{treatment.case_id}").text


def test_a_greyed_button_says_why(house, secretary):
    with house.writing() as db:
        treatment = make_case(db, house.forum, presenters=())
    page = secretary.get(f"/cases/{treatment.case_id}").text
    assert "needs a proposed decision" in page
    assert "Nobody is named to present" in page


def test_lines_not_understood_are_shown_to_editors_until_cleared(house, secretary):
    treatment = shared_case(house)
    with house.writing() as db:
        presentation_of(db, treatment.id).unplaced = "Unntatt {{ offentlighet }} <b>"
    address = f"/cases/{treatment.case_id}"
    assert "no place yet" in secretary.get(address).text
    assert "no place yet" not in house.browser(Role.MEMBER).get(address).text
    assert "Unntatt {{ offentlighet }} &lt;b&gt;" in secretary.get(f"{address}/edit").text
    version = only_case(house).treatment.version
    cleared = secretary.post(f"/treatments/{treatment.id}/unplaced", data={"version": version})
    assert cleared.status_code == 303
    assert "no place yet" not in secretary.get(address).text
    assert "Unntatt" in secretary.get(f"{address}/history").text


def test_the_page_asks_the_database_a_few_times_however_long_the_paper(house, secretary):
    treatment = shared_case(house)
    with house.writing() as db:
        put_on_agenda(db, SYSTEM, make_meeting(db, house.forum).id, treatment.id)
        for number in range(20):
            add_attachment(db, SYSTEM, treatment.id, title=f"Vedlegg {number}")
        for forum in ("a1", "a2", "a3"):
            other = make_forum(db, forum, forum)
            refer_case(
                db, SYSTEM, treatment.case_id, to_forum_id=other.id, title=forum, kind=TreatmentKind.INFORM
            )
    with counted_statements(house.web.database) as statements:
        assert secretary.get(f"/cases/{treatment.case_id}").status_code == 200
    assert len(statements) <= 10, statements


# History


def test_history_tells_who_changed_what(house, secretary):
    treatment = shared_case(house)
    page = secretary.get(f"/cases/{treatment.case_id}/history")
    assert page.status_code == 200
    assert "Shared the case with the forum" in page.text
    assert house.browser(Role.MEMBER).get(f"/cases/{treatment.case_id}/history").status_code == 404


def test_long_histories_have_an_older_page(house, secretary):
    treatment = shared_case(house)
    with house.writing() as db:
        for number in range(55):
            add_attachment(db, SYSTEM, treatment.id, title=f"Vedlegg {number}")
    first = secretary.get(f"/cases/{treatment.case_id}/history").text
    assert "before=" in first
    assert "Made the case" not in first
    older = first.split("before=")[1].split('"')[0]
    assert "Made the case" in secretary.get(f"/cases/{treatment.case_id}/history?before={older}").text


def test_a_history_that_ends_with_its_page_leads_no_further(house, secretary):
    treatment = shared_case(house)  # made, written, shared
    with house.writing() as db:
        for number in range(47):
            add_attachment(db, SYSTEM, treatment.id, title=f"Vedlegg {number}")
    page = secretary.get(f"/cases/{treatment.case_id}/history").text
    assert "Made the case" in page
    assert "before=" not in page
