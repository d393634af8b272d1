"""How a text being written will look."""

import pytest

from tests.support.house import HOSTILE


def test_the_preview_is_safe_html_for_those_who_are_signed_in(house, secretary):
    shown = secretary.post("/preview", data={"text": "**fet** <script>x</script>\n\n- a"})
    assert shown.status_code == 200
    assert "<strong>fet</strong>" in shown.text
    assert "<script>" not in shown.text
    assert house.web.client().post("/preview", data={"text": "x"}).status_code == 401


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 1_000_000, ""])
def test_the_preview_shows_anything(secretary, text):
    assert secretary.post("/preview", data={"text": text}).status_code == 200


def test_the_preview_needs_no_text(secretary):
    assert secretary.post("/preview").status_code == 200
    assert secretary.post("/preview", files={"text": ("a.txt", b"x")}).status_code == 200
