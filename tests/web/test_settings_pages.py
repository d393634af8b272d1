"""The settings of a forum: what is saved, what is refused, and what happens when two people save."""

from datetime import date

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.forums.models import Forum, Mandate
from app.forums.queries import get_forum, labels_of
from app.kernel.language import Language
from app.platform.clock import today
from tests.factories.forums import make_forum
from tests.support.browsers import browser_as

SYSTEM = Actor.system()
BASICS = {
    "name": "Skate",
    "level": "strategic",
    "language": "nb",
    "parent_id": "",
    "secretariat_id": "",
    "default_place": "Oslo",
    "active_from": "",
    "active_to": "",
}
NUMBERING = {
    "series_period": "year",
    "series_prefix": "",
    "paper_pattern": "{n}/{year}",
    "minutes_pattern": "{n}/{yy}",
    "file_pattern": "{n}-{yy}",
}


@pytest.fixture
def skate(web) -> Forum:
    with web.database.writing() as db:
        return make_forum(db, "skate", "Skate")


@pytest.fixture
def secretary(web, skate):
    return browser_as(web, Role.SECRETARY, skate)


@pytest.fixture
def member(web, skate):
    return browser_as(web, Role.MEMBER, skate)


def stored(web, key: str = "skate") -> Forum:
    with web.database.reading() as db:
        return get_forum(db, SYSTEM, key)


def test_settings_are_saved_and_told_in_the_history(web, secretary) -> None:
    form = {**BASICS, "name": "Skate – rådet", "version": stored(web).version}
    answer = secretary.post("/forums/skate/settings/basics", data=form)
    assert answer.headers["location"] == "/forums/skate/settings"
    assert stored(web).name == "Skate – rådet"
    history = secretary.get("/forums/skate/history").text
    assert "Changed the settings of the forum" in history
    assert "Skate – rådet" in history


def test_a_stale_save_shows_both_texts_and_saves_nothing(web, secretary) -> None:
    version = stored(web).version
    first = {**BASICS, "name": "Den andres navn", "version": version}
    assert secretary.post("/forums/skate/settings/basics", data=first).status_code == 303
    second = {**BASICS, "name": "Mitt navn", "version": version}
    answer = secretary.post("/forums/skate/settings/basics", data=second)
    assert answer.status_code == 409
    assert "Den andres navn" in answer.text
    assert "Mitt navn" in answer.text
    assert stored(web).name == "Den andres navn"
    again = {**second, "version": stored(web).version}
    assert f'name="version" value="{again["version"]}"' in answer.text
    assert secretary.post("/forums/skate/settings/basics", data=again).status_code == 303


def test_numbering_shows_what_it_would_print_without_saving(web, secretary) -> None:
    typed = {**NUMBERING, "version": 1, "series_prefix": "ps", "paper_pattern": "{prefix} {n:03}/{year}"}
    page = secretary.get("/forums/skate/settings/numbering", params=typed).text
    assert f"PS 013/{today().year}" in page
    assert stored(web).paper_pattern == "{n}/{year}"
    part = secretary.get(
        "/forums/skate/settings/numbering",
        params={**typed, "minutes_pattern": "nonsense"},
        headers={"hx-request": "true", "hx-request-type": "partial"},
    ).text
    assert "This pattern cannot be used" in part
    assert "<html" not in part


def test_numbering_is_saved_or_refused_with_the_reason_beside_the_field(web, secretary) -> None:
    form = {**NUMBERING, "version": stored(web).version}
    refused = secretary.post(
        "/forums/skate/settings/numbering", data={**form, "paper_pattern": "Sak {n} av {year}"}
    )
    assert refused.status_code == 422
    assert 'id="paper_pattern-error"' in refused.text
    assert "Sak {n} av {year}" in refused.text
    saved = secretary.post(
        "/forums/skate/settings/numbering", data={**form, "minutes_pattern": "Sak {n}/{yy}"}
    )
    assert saved.status_code == 303
    assert stored(web).minutes_pattern == "Sak {n}/{yy}"


def test_own_words_are_kept_for_each_language(web, skate, secretary) -> None:
    form = {"version": stored(web).version, "decide_nb": "Vedtakssak", "inform_en": "For your information"}
    assert secretary.post("/forums/skate/settings/words", data=form).status_code == 303
    with web.database.reading() as db:
        assert labels_of(db, skate.id, Language.NB).case_kind["decide"] == "Vedtakssak"
        assert labels_of(db, skate.id, Language.EN).case_kind["inform"] == "For your information"
    page = secretary.get("/forums/skate/settings/words").text
    assert 'value="Vedtakssak"' in page
    assert "Vedtakssak" in secretary.get("/forums/skate/history").text


def parts_form(web, **changes) -> dict:
    sections = stored(web).sections
    return {
        "version": stored(web).version,
        "key": [section.key for section in sections],
        "kind": [section.kind.value for section in sections],
        **{f"heading_{language}": [""] * len(sections) for language in Language},
        "new_heading": "",
        "new_kind": "section",
        "act": "save",
        **changes,
    }


def keys(web) -> list[str]:
    return [section.key for section in stored(web).sections]


def test_parts_move_go_and_come_without_scripts(web, secretary) -> None:
    address = "/forums/skate/settings/parts"
    before = keys(web)
    assert secretary.post(address, data=parts_form(web, act="down-0")).status_code == 303
    assert keys(web) == [before[1], before[0], *before[2:]]
    assert secretary.post(address, data=parts_form(web, act="up-1")).status_code == 303
    assert keys(web) == before
    assert secretary.post(address, data=parts_form(web, act="remove-4")).status_code == 303
    assert keys(web) == before[:4]
    assert secretary.post(address, data=parts_form(web, act="add", new_heading="Økonomi")).status_code == 303
    assert keys(web) == [*before[:4], "okonomi"]
    assert secretary.post(address, data=parts_form(web, new_heading="Økonomi")).status_code == 422
    assert keys(web) == [*before[:4], "okonomi"]


def test_a_move_keeps_the_headings_that_were_typed(web, skate, secretary) -> None:
    headings = ["Sakens historie", *[""] * 4]
    form = parts_form(web, act="down-0", heading_nb=headings)
    assert secretary.post("/forums/skate/settings/parts", data=form).status_code == 303
    with web.database.reading() as db:
        assert labels_of(db, skate.id, Language.NB).section["background"] == "Sakens historie"
    assert keys(web)[1] == "background"


def test_a_new_part_needs_a_heading_and_a_form_its_lists(web, secretary) -> None:
    address = "/forums/skate/settings/parts"
    before = keys(web)
    answer = secretary.post(address, data=parts_form(web, act="add"))
    assert answer.status_code == 422
    assert 'id="new_heading-error"' in answer.text
    uneven = parts_form(web, heading_nb=["bare én"])
    assert secretary.post(address, data=uneven).status_code == 422
    assert keys(web) == before


def test_parts_that_somebody_else_changed_are_shown(web, secretary) -> None:
    stale = parts_form(web, act="remove-0")
    assert (
        secretary.post("/forums/skate/settings/parts", data=parts_form(web, act="down-0")).status_code == 303
    )
    answer = secretary.post("/forums/skate/settings/parts", data=stale)
    assert answer.status_code == 409
    assert "Somebody else saved this before you" in answer.text


def test_mandates_are_added_changed_and_removed_after_a_question(web, skate, secretary) -> None:
    form = {"valid_from": "2020-01-01", "text": "Gi råd.", "may_advise": "1"}
    assert secretary.post("/forums/skate/mandates", data=form).status_code == 303
    mandate = stored(web).mandates[0]
    assert (mandate.may_advise, mandate.may_decide) == (True, False)
    overlapping = secretary.post("/forums/skate/mandates", data={**form, "valid_from": "2021-01-01"})
    assert overlapping.status_code == 422
    assert "Another mandate holds" in overlapping.text
    address = f"/forums/skate/mandates/{mandate.id}"
    changed = {**form, "may_decide": "1", "version": stored(web).version}
    assert secretary.post(address, data=changed).status_code == 303
    assert stored(web).mandates[0].may_decide
    assert secretary.post(address, data=changed).status_code == 409
    question = secretary.get(f"{address}/remove")
    assert "Remove the mandate from 1.1.2020?" in question.text
    assert secretary.post(f"{address}/remove", data={"version": 1}).status_code == 409
    assert secretary.post(f"{address}/remove", data={"version": stored(web).version}).status_code == 303
    assert stored(web).mandates == []


def test_a_mandate_of_another_forum_is_not_found(web, skate, secretary) -> None:
    with web.database.writing() as db:
        other = make_forum(db, "au", "AU")
        mandate = Mandate(forum_id=other.id, valid_from=date(2019, 1, 1))
        db.add(mandate)
        db.flush()
        mandate_id = mandate.id
    assert secretary.get(f"/forums/skate/mandates/{mandate_id}").status_code == 404
