"""Markdown as people type it, and the round trip between tree and text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.richtext.blocks import (
    Break,
    BulletList,
    Footnote,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    Table,
    Text,
)
from app.documents.richtext.markdown_reader import parse_markdown
from app.documents.richtext.markdown_writer import to_markdown
from app.documents.richtext.normalise import normalise
from app.documents.richtext.plain import plain_text
from tests.factories.trees import trees


def para(*runs: str | Text | Break | Footnote) -> Paragraph:
    return Paragraph(tuple(Text(run) if isinstance(run, str) else run for run in runs))


def item(text: str, *below: BulletList | NumberedList) -> ListItem:
    return ListItem((para(text), *below))


@given(trees)
@settings(max_examples=150, deadline=None)
def test_a_tree_survives_the_text_field(tree):
    normal = normalise(tree)
    assert parse_markdown(to_markdown(normal)) == normal


@given(trees)
@settings(deadline=None)
def test_a_normal_tree_is_left_alone(tree):
    assert normalise(normalise(tree)) == normalise(tree)


@given(st.text() | st.text(alphabet="-*+>1.)# \t\n|[]()^_\\a\ud800\x0b\x00"))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_read_again_is_the_same(text):
    tree = parse_markdown(text)
    assert parse_markdown(to_markdown(tree)) == tree


@pytest.mark.parametrize(
    "line",
    [
        "13. juni 2019 vedtok Skate saken.",
        "1. januar 2020 trer loven i kraft",
        "1. des. 2020",
        "3. maj 2021 blev sagen behandlet",
        "2019. Året da alt skjedde",
        "150. møte i Skate",
        "5*3*2 kr",
        "fil_navn_2 og 2 * 3 * 4",
        "[klikk](javascript:alert(1))",
        "[klikk](file:///etc/passwd)",
        "![bilde](https://example.no/a.png)",
        "<script>alert(1)</script>",
        "<b>fet</b> &copy; &amp;",
        "---",
        "***",
        "* * *",
        "- - -",
        "R&D {{ 7*7 }} {% x %}",
        "    ikke kode",
        "`kode`",
        "```",
        "[a]: https://example.no",
        "#hashtag",
        "*) uten slutt",
        "C:\\bruker\\navn",
    ],
)
def test_what_is_no_markup_stays_text(line):
    assert parse_markdown(line) == (para(line.strip()),)


def test_everything_that_the_form_holds():
    text = """## Bakgrunn

Første linje
andre linje med **fet *og* kursiv**, [lenke](https://www.digdir.no/) og note^[Se *strategien*.].

- en
  1. nr
  2. to
- to

| Tiltak | Kostnad |
| --- | --- |
| A \\| B | 5<br>6 |

> sitert

### Under"""
    assert parse_markdown(text) == (
        Heading(2, (Text("Bakgrunn"),)),
        para(
            "Første linje",
            Break(),
            "andre linje med ",
            Text("fet ", bold=True),
            Text("og", bold=True, italic=True),
            Text(" kursiv", bold=True),
            ", ",
            Text("lenke", link="https://www.digdir.no/"),
            " og note",
            Footnote((Text("Se "), Text("strategien", italic=True), Text("."))),
            ".",
        ),
        BulletList((item("en", NumberedList((item("nr"), item("to")))), item("to"))),
        Table((((Text("Tiltak"),), (Text("Kostnad"),)), ((Text("A | B"),), (Text("5"), Break(), Text("6"))))),
        Quote((para("sitert"),)),
        Heading(3, (Text("Under"),)),
    )


def test_neighbouring_lists_of_one_kind_stay_apart():
    tree = (
        NumberedList((item("a"),)),
        NumberedList((item("b"),)),
        NumberedList((item("c"),)),
        BulletList((item("d"),)),
        BulletList((item("e"),)),
    )
    assert parse_markdown(to_markdown(tree)) == tree


def test_a_list_may_hold_dates_and_years():
    tree = (
        NumberedList((item("januar er fristen"), item("februar")), 1),
        NumberedList((item("Året"),), 2019),
    )
    assert parse_markdown(to_markdown(tree)) == tree


def test_a_long_numbered_list_is_a_list():
    text = "\n".join(f"{number}. punkt" for number in range(98, 105))
    (block,) = parse_markdown(text)
    assert isinstance(block, NumberedList)
    assert (block.start, len(block.items)) == (98, 7)


def test_the_text_field_is_free_of_needless_signs():
    lines = "Møtet (nr. 3) er 13. juni! [Foreløpig] * se under_streker, 50 % -- 1.5 < 2 & mer."
    assert to_markdown((para(lines),)) == lines
    assert to_markdown((para("13. juni 2019 vedtok"),)) == "13. juni 2019 vedtok"


def test_lists_below_the_third_level_continue_on_it():
    (block,) = parse_markdown("- a\n  - b\n    - c\n      - d\n        - e\n    - f")
    assert block == BulletList(
        (item("a", BulletList((item("b", BulletList((item("c"), item("d"), item("e"), item("f")))),))),)
    )


def test_a_list_in_a_quote_stands_beside_it():
    assert parse_markdown("> a\n>\n> - b\n>\n> c") == (
        Quote((para("a"),)),
        BulletList((item("b"),)),
        Quote((para("c"),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "- " * 50_000 + "ord",
        ">" * 50_000 + " ord",
        "> - " * 20_000 + "ord",
        "1. " * 30_000 + "ord",
        "\n".join(" " * depth + "- x" for depth in range(400)) + " ord",
        "\n".join("  " * depth + "1. x" for depth in range(400)) + " ord",
        "[" * 100_000 + "ord",
        "*a" * 100_000 + " ord",
        "^[" * 50_000 + "ord",
        "[a](" * 30_000 + "ord",
        "[a](" + " " * 100_000 + "ord",
        "**" * 50_000 + " ord",
        "- x\n" * 10_000 + "ord",
        "|" * 20_000 + "\n" + "|-" * 20_000 + "\nord",
        "\\" * 100_000 + "ord",
        "ord " * 250_000,
        "-" * 100_000 + "ord",
        "- " * 100 + "\n" + "  - " * 100 + "ord",
    ],
    ids=lambda text: text[:6] + str(len(text)),
)
def test_hostile_text_is_read_and_keeps_its_words(text):
    assert "ord" in plain_text(parse_markdown(text))
