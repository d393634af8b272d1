"""What the server makes of pasted HTML, and for whom."""

import pytest

from app.documents.richtext.html_reader import LONGEST_HTML
from tests.support.house import HOSTILE
from tests.support.queries import counted_statements


def test_html_becomes_markdown(member) -> None:
    answer = member.post("/paste", data={"html": "<ul><li>a <b>b</b><img src=x></li></ul>"})
    assert (answer.status_code, answer.text) == (200, "- a **b**")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-images-left-out"] == "1"


def test_nobody_else_is_answered(web, house) -> None:
    stranger = web.client()
    stranger.headers["sec-fetch-dest"] = "empty"  # as scripts ask
    answer = stranger.post("/paste", data={"html": "<b>x</b>"})
    assert (answer.status_code, "**x**" in answer.text) == (401, False)


def test_too_much_is_refused_and_nothing_else_is(member) -> None:
    sent = [
        {"html": "x" * (LONGEST_HTML + 1)},
        {"html": "<b>" * 50_000 + "x"},
        {"html": ""},
        {},
        {"text": "x"},
    ]
    answers = [
        member.post("/paste", files={name: (None, value) for name, value in data.items()} or None)
        for data in sent
    ]
    assert [answer.status_code for answer in answers] == [413, 413, 200, 200, 200]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_fault(member, text: str) -> None:
    answer = member.post("/paste", data={"html": f"<p>{text}</p>"})
    assert answer.status_code == 200
    assert "etter" in answer.text


def test_only_the_caller_is_looked_up(house, member) -> None:
    member.post("/paste", data={"html": "x"})
    with counted_statements(house.web.database) as statements:
        member.post("/paste", data={"html": "<b>x</b>"})
    assert all(statement.startswith("SELECT") for statement in statements)
    assert len(statements) <= 2
