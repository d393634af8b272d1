"""What a person typed is kept, whatever odd characters came with it."""

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.text import clean_line, clean_text

any_text = st.text(st.characters(exclude_categories=[]))


def test_the_text_after_an_odd_character_is_still_there() -> None:
    for odd in ["\x00", "\x1b", "\ud800", "\ufffe", "\uffff", "\U0001ffff", "\x7f", "\x9f"]:
        assert clean_text(f"før{odd}etter") == "føretter"


def test_soft_returns_from_word_become_line_breaks() -> None:
    assert clean_text("ett\vto\ftre\r\nfire\u2028fem") == "ett\nto\ntre\nfire\nfem"


def test_letters_are_composed() -> None:
    assert clean_text("A\u030alesund") == "Ålesund"


def test_right_to_left_emoji_and_joiners_are_left_alone() -> None:
    assert clean_text("שלום 👩\u200d💻") == "שלום 👩\u200d💻"


@given(any_text)
def test_clean_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert "\0" not in cleaned
    assert clean_text(cleaned) == cleaned


@given(any_text)
def test_a_line_is_one_line(text: str) -> None:
    assert "\n" not in clean_line(text)
    assert clean_line(text) == clean_line(text).strip()
