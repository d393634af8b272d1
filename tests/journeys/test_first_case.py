"""From an empty installation to the Word file of its first case, by the pages alone."""

import re

import pytest

from app.documents.docx.reading import read_paragraph_texts
from app.kernel.language import Language
from tests.factories.users import make_user
from tests.support.reader import Reader

PASSWORD = "fire blå paraplyer"
PROPOSAL = "- Fastsette årshjulet\n- Be om et budsjett"


@pytest.fixture
def administrator(web):
    with web.database.writing() as db:
        user = make_user(db, "admin@example.no", "Ada Admin", is_administrator=True, language=Language.EN)
    return Reader(web.client(user))


def test_from_an_empty_installation_to_the_first_case(web, administrator) -> None:
    build_the_forum(administrator)
    secretary = newcomer(web, administrator, "Solveig Sekretær")
    member = newcomer(web, administrator, "Marte Medlem")
    outsider = newcomer(web, administrator, "Ole Utenfor")

    case = draft(secretary)
    assert member.status(case) == outsider.status(case) == 404, "a draft is private"
    assert "Felles kalender" not in member.open("/cases").text

    secretary.open(case).follow("Share with the forum").send("Share")
    assert "Shared. Everybody in the forum can now read it." in secretary.page.text_content()
    assert "Fastsette årshjulet" in member.open("/").follow("Felles kalender").text
    assert outsider.status(case) == 404
    assert "Felles kalender" not in outsider.open("/cases").text

    address = member.link("Download Word file")
    assert outsider.status(address) == 404
    paper = member.client.get(address)
    assert paper.headers["content-type"].endswith("wordprocessingml.document")
    assert "attachment;" in paper.headers["content-disposition"]
    texts = [each.text for each in read_paragraph_texts(paper.content)]
    assert any("Felles kalender" in text for text in texts)
    assert {"Kalenderen er viktig for alle.", "Fastsette årshjulet", "Be om et budsjett"} <= set(texts)


def build_the_forum(administrator) -> None:
    administrator.open("/organisations").follow("New organisation")
    administrator.send("Save", name="Digitaliseringsdirektoratet", abbreviation="Digdir", side="state")
    for name in ("Solveig Sekretær", "Marte Medlem", "Ole Utenfor"):
        administrator.open("/persons").follow("New person")
        administrator.send("Save", name=name, organisation_id="Digdir")
    administrator.open("/").follow_to("/forums/new")
    administrator.send(
        "Make the forum", name="Prøverådet", key="prove", level="Strategic", language="Norwegian Bokmål"
    )
    administrator.open("/forums/prove/members").follow("Add a seat")
    administrator.send("Add the seat", organisation_id="Digdir", valid_from="2024-01-01")
    administrator.open("/forums/prove/members").follow("Add a person")
    administrator.send("Add the person", person_id="Solveig", role="Secretary", valid_from="2024-01-01")
    administrator.open("/forums/prove/members").follow("Add a person")
    administrator.send(
        "Add the person", person_id="Marte", role="Member", seat_id="Digdir", valid_from="2024-01-01"
    )
    assert "Marte Medlem" in administrator.open("/forums/prove/members").text


def newcomer(web, administrator, name: str) -> Reader:
    """Invite a user and be that user: choose a password with the link, and log in with it."""
    email = f"{name.split(maxsplit=1)[0].lower()}@example.no"
    administrator.open("/admin/users").follow("Add a user")
    administrator.send("Add the user", name=name, email=email, language="English", person_id=name)
    link = re.search(r"/invite/[\w-]+", administrator.page.get_element_by_id("link").value)
    someone = Reader(web.client())
    someone.open(link[0]).send("Save the password", password=PASSWORD, password_again=PASSWORD)
    someone.send("Log in", email=email, password=PASSWORD)
    assert f"Welcome, {name.split(maxsplit=1)[0]}" in someone.text
    assert someone.client.get(link[0]).status_code == 410, "an invitation works once"
    return someone


def draft(secretary) -> str:
    """Write a case that has what it needs; returns its address."""
    secretary.open("/").follow("New case")
    secretary.send("Make the case", title="Felles kalender", kind="decide", presenters="Marte Medlem")
    background = "Kalenderen er **viktig** for alle."
    secretary.send("Save this part", near="Historikk/bakgrunn", body=background)
    secretary.send("Save this part", near="Forslag til beslutning", lead_in="Rådet bes om å", body=PROPOSAL)
    secretary.follow("Read the case").send("Mark as ready")
    assert "Ready" in secretary.text
    return secretary.address
