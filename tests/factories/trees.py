"""Hypothesis strategies for block trees."""

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
    Tree,
)

LINKS = [
    "https://www.digdir.no/",
    "http://example.no/a_(b)?x=1&y=*2*",
    "mailto:post@digdir.no",
    "https://æøå.no/sti#del",
]

_WORDS = st.one_of(
    st.sampled_from(
        [
            "Skate", "13. juni 2019", "2019. Året", "5*3*2 kr", "fil_navn_2", "- 5 prosent", "+ 47 22", "# nei",
            "> nei", "| a | b |", "| --- | --- |", "---", "***", "[x](y)", "^[x]", "![a](http://b.no)", "&copy;",
            "<b>x</b>", "\\", "\\*", "`kode`", "R&D", "1) a", "1. januar", "* * *", "a*", "*a", "](", "<br>", "  ",
            "===", "~~~", "```", "[a]: http://b.no", "A\u00a0B", "\t", "å", "x" * 300,
        ]
    ),
    st.text(alphabet="ab1 *_[]()^!|\\<>#-+.:\n\u00a0é2", max_size=12),
    st.text(max_size=10),
)  # fmt: skip

texts = st.builds(
    Text, text=_WORDS, bold=st.booleans(), italic=st.booleans(), link=st.none() | st.sampled_from(LINKS)
)
footnotes = st.builds(Footnote, runs=st.lists(texts, max_size=3).map(tuple))
runs = st.lists(st.one_of(texts, texts, texts, st.just(Break()), footnotes), max_size=6).map(tuple)
paragraphs = st.builds(Paragraph, runs=runs)


def _lists(level: int) -> st.SearchStrategy[BulletList | NumberedList]:
    blocks = paragraphs if level == 4 else st.one_of(paragraphs, st.deferred(lambda: _lists(level + 1)))
    items = st.lists(st.builds(ListItem, blocks=st.lists(blocks, max_size=3).map(tuple)), max_size=3).map(
        tuple
    )
    starts = st.sampled_from([0, 1, 1, 1, 2, 13, 99, 100, 2019, 9999])
    return st.one_of(st.builds(BulletList, items=items), st.builds(NumberedList, items=items, start=starts))


tables = st.builds(Table, rows=st.lists(st.lists(runs, max_size=3).map(tuple), max_size=3).map(tuple))
quotes = st.builds(Quote, paragraphs=st.lists(paragraphs, max_size=3).map(tuple))
headings = st.builds(Heading, level=st.sampled_from([2, 3]), runs=runs)

trees: st.SearchStrategy[Tree] = st.lists(
    st.one_of(paragraphs, headings, _lists(1), _lists(1), tables, quotes), max_size=5
).map(tuple)
