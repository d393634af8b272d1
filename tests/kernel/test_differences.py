"""Comparing and merging texts: nothing is lost, and what only one changed needs no question."""

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.differences import Change, Side, merge, merge_without_base, word_differences

LINES = st.lists(st.sampled_from(["en", "to to", "- tre", "fire", "<b>", "æ ø å", "en"]), max_size=8)
TEXTS = LINES.map("\n\n".join)
ANY = st.text(alphabet="ab \n<&", max_size=40)


def old_of(pieces):
    return "".join(piece.text for piece in pieces if piece.change is not Change.ADDED)


def new_of(pieces):
    return "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)


@given(ANY, ANY)
def test_the_difference_holds_both_texts_whole(old, new):
    pieces = word_differences(old, new)
    assert old_of(pieces) == old
    assert new_of(pieces) == new
    if old == new:
        assert [piece.change for piece in pieces] == ([Change.SAME] if old else [])


def test_the_difference_is_told_word_by_word():
    pieces = word_differences("Rådet velger alternativ A.\nTakk.", "Rådet velger alternativ B nå.\nTakk.")
    assert [(piece.change.value, piece.text) for piece in pieces] == [
        ("same", "Rådet velger alternativ "),
        ("removed", "A"),
        ("added", "B nå"),
        ("same", ".\nTakk."),
    ]


@given(TEXTS, TEXTS)
def test_the_same_change_by_both_is_taken_once(base, text):
    assert merge(base, text, text).text == text
    assert merge(base, text, text).disputed == ()


@given(TEXTS, TEXTS)
def test_a_change_by_one_alone_is_taken_over(base, text):
    assert merge(base, base, text).text == text
    assert merge(base, text, base).text == text
    assert merge(base, base, text).disputed == merge(base, text, base).disputed == ()


@given(TEXTS, st.lists(st.integers(0, 8)), st.lists(st.integers(0, 8)), st.data())
def test_nothing_that_either_wrote_is_lost(base, my_places, their_places, data):
    """Each inserts words of their own and takes lines away at random; every inserted word is in the merged text."""
    mine, my_words = _edited(base, my_places, "min", data)
    theirs, their_words = _edited(base, their_places, "deres", data)
    for merged in (merge(base, mine, theirs), merge_without_base(mine, theirs)):
        words = merged.text.split()
        assert [word for word in my_words + their_words if word not in words] == []


def _edited(base, places, mark, data):
    lines = base.split("\n\n") if base else []
    words = []
    for number, place in enumerate(places):
        words.append(f"{mark}{number}")
        lines.insert(min(place, len(lines)), words[-1])
    keep = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    return "\n\n".join(
        line for line, stays in zip(lines, keep, strict=True) if stays or line.startswith(mark)
    ), words


@given(ANY, ANY, ANY)
def test_any_three_texts_can_be_merged_and_every_line_is_accounted_for(base, mine, theirs):
    found = merge(base, mine, theirs)
    for text, side in ((mine, "mine"), (theirs, "theirs")):
        lines = [line.text for place in found.places for line in getattr(place, side)]
        assert lines == [line for line in text.split("\n") if line]


def test_different_paragraphs_are_merged_without_a_question():
    base = "Innledning.\n\nMidten.\n\nSlutten."
    found = merge(
        base, "Ny innledning.\n\nMidten.\n\nSlutten.", "Innledning.\n\nMidten.\n\nSlutten.\n\nTillegg."
    )
    assert found.text == "Ny innledning.\n\nMidten.\n\nSlutten.\n\nTillegg."
    assert found.disputed == ()


def test_neighbouring_paragraphs_are_merged_without_a_question():
    found = merge("A.\n\nB.\n\nC.", "Min A.\n\nB.\n\nC.", "A.\n\nDeres B.\n\nC.")
    assert (found.text, found.disputed) == ("Min A.\n\nDeres B.\n\nC.", ())
    found = merge("A.\n\nB.", "B.", "A.\n\nDeres B.")
    assert (found.text, found.disputed) == ("Deres B.", ())


def test_lines_rewritten_one_by_one_are_told_apart():
    found = merge("A.\n\nB.\n\nC.", "Min A.\n\nMin B.\n\nC.", "A.\n\nDeres B.\n\nC.")
    assert found.text == "Min A.\n\nDeres B.\n\nMin B.\n\nC."
    assert [(place.my_text, place.their_text) for place in found.disputed] == [("Min B.", "Deres B.")]


def test_what_both_put_in_at_the_same_point_is_disputed():
    found = merge("A.\n\nB.", "A.\n\nMin.\n\nB.", "A.\n\nDeres.\n\nB.")
    assert (found.text, len(found.disputed)) == ("A.\n\nDeres.\n\nMin.\n\nB.", 1)


def test_the_same_paragraph_is_disputed_and_both_stand():
    found = merge("Før.\n\nA.\n\nEtter.", "Før.\n\nMin A.\n\nEtter.", "Før.\n\nDeres A.\n\nEtter.")
    assert [(place.side, place.my_text, place.their_text) for place in found.disputed] == [
        (Side.BOTH, "Min A.", "Deres A.")
    ]
    assert found.text == "Før.\n\nDeres A.\n\nMin A.\n\nEtter."


def test_one_takes_away_what_the_other_rewrites():
    found = merge("A.\n\nB.\n\nC.", "A.\n\nC.", "A.\n\nB, men bedre.\n\nC.")
    assert found.text == "A.\n\nB, men bedre.\n\nC."
    assert len(found.disputed) == 1


def test_a_changed_distance_between_lines_is_a_change_too():
    assert merge("en\nto", "en\n\nto", "en\nto").text == "en\n\nto"
    assert merge("en\nto", "en\nto", "en\n\nto\n\ntre").text == "en\n\nto\n\ntre"


def test_texts_made_to_be_slow_are_still_answered():
    """Without the bound on the work these do not end."""
    same, other = "a\n" * 100_000, "b\na\n" * 50_000
    words = "ord " * 50_000, "ord x " * 33_000
    for old, new in ((same, other), words):
        assert new_of(word_differences(old, new)) == new
        merge(same, old, new)
        merge_without_base(old, new)
