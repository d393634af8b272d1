"""Case numbers in addresses, and numbers typed by hand."""

import pytest

from app.access.roles import Role
from app.cases.queries.show import show_case
from app.cases.service.numbers import set_number
from app.cases.service.share import share
from tests.factories.cases import SYSTEM, make_case, make_complete


@pytest.mark.parametrize(
    "spelling",
    [
        "13/2019",
        "13/19",
        "13-19",
        "Sak 13/2019",
        "sak%2013-19",
        "SAK%2013%2F2019",
        "013/19",
        "Sak+13-19",
        "13/2019/",
    ],
)
def test_any_spelling_of_a_number_leads_to_the_case(house, spelling):
    with house.writing() as db:
        treatment = make_complete(db, house.forum)
        set_number(db, SYSTEM, treatment.id, sequence=13, year=2019)
        share(db, SYSTEM, treatment.id)
    found = house.browser(Role.MEMBER).get(f"/sak/skate/{spelling}")
    assert found.status_code == 303
    assert found.headers["location"].startswith(f"/cases/{treatment.case_id}")


def test_numbers_of_drafts_and_nonsense_are_not_found(house):
    with house.writing() as db:
        treatment = make_case(db, house.forum, "Hemmelig")
        set_number(db, SYSTEM, treatment.id, sequence=13, year=2019)
    member = house.browser(Role.MEMBER)
    for spelling in ("13/2019", "14/2019", "x", "%00", "1" * 300):
        assert member.get(f"/sak/skate/{spelling}").status_code == 404
    assert member.get("/sak/nonsense/13/2019").status_code == 404


def test_a_number_is_typed_for_a_paper_that_has_one(house, secretary):
    with house.writing() as db:
        treatment = make_case(db, house.forum)
        other = make_case(db, house.forum, "Annen sak")
    address = f"/treatments/{treatment.id}/number"
    assert secretary.get(address).status_code == 200
    assert secretary.post(address, data={"number": "Sak 13-19"}).status_code == 303
    with house.web.database.reading() as db:
        assert show_case(db, SYSTEM, treatment.case_id).treatment.number == "13/2019"
    taken = secretary.post(f"/treatments/{other.id}/number", data={"number": "13/19"})
    assert taken.status_code == 422
    assert "Another case of the forum has this number" in taken.text
    wrong = secretary.post(address, data={"number": "tretten <b>"})
    assert wrong.status_code == 422
    assert 'value="tretten &lt;b&gt;"' in wrong.text
