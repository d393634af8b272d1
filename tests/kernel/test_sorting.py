"""Names in the order that Norwegian and Danish readers expect."""

from app.kernel.sorting import sort_key


def test_the_nordic_letters_come_last_in_their_order() -> None:
    names = ["Øst", "Ærlig", "Zeta", "Berg", "anna", "Åse", "Aas"]
    assert sorted(names, key=sort_key) == ["anna", "Berg", "Zeta", "Ærlig", "Øst", "Aas", "Åse"]


def test_other_accents_and_case_do_not_count() -> None:
    assert sort_key("Café") == sort_key("cafe")
    assert sort_key("MÜLLER") == sort_key("myller")
