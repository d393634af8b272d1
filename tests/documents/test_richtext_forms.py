"""JSON, HTML and plain text of the block tree."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

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
from app.documents.richtext.codec import MalformedTree, from_json, to_json
from app.documents.richtext.html import to_html
from app.documents.richtext.links import is_link
from app.documents.richtext.normalise import normalise
from app.documents.richtext.plain import plain_lines, plain_text
from app.kernel.language import Language
from tests.factories.trees import trees

PARAGRAPH = {"type": "paragraph", "runs": [{"text": "a"}]}


@given(trees)
@settings(deadline=None)
def test_a_tree_survives_the_database(tree):
    normal = normalise(tree)
    assert from_json(json.loads(json.dumps(to_json(normal)))) == normal


def bullets(depth: int) -> dict[str, object]:
    below = [bullets(depth - 1)] if depth > 1 else []
    return {"type": "bullets", "items": [[PARAGRAPH, *below]]}


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        [None],
        [{"type": "paragraph"}],
        [{"type": "html", "runs": []}],
        [{**PARAGRAPH, "style": "x"}],
        [{"type": "paragraph", "runs": [{"text": 1}]}],
        [{"type": "paragraph", "runs": [{"text": "a", "bold": "yes"}]}],
        [{"type": "paragraph", "runs": [{"text": "a", "onclick": "x"}]}],
        [{"type": "paragraph", "runs": [{"text": "a", "link": "javascript:alert(1)"}]}],
        [{"type": "paragraph", "runs": [{"break": True, "text": "a"}]}],
        [{"type": "paragraph", "runs": [{"note": [{"break": True}]}]}],
        [{"type": "paragraph", "runs": [{"note": [{"note": []}]}]}],
        [{"type": "heading", "level": 1, "runs": []}],
        [{"type": "heading", "level": True, "runs": []}],
        [{"type": "numbers", "start": -1, "items": [[PARAGRAPH]]}],
        [{"type": "numbers", "start": "1", "items": [[PARAGRAPH]]}],
        [{"type": "table", "rows": []}],
        [{"type": "table", "rows": [[[]], [[], []]]}],
        [{"type": "bullets", "items": [[{"type": "quote", "paragraphs": []}]]}],
        [bullets(4)],
        [bullets(300)],
    ],
)
def test_what_is_no_tree_is_refused(value):
    with pytest.raises(MalformedTree):
        from_json(value)


def test_three_levels_and_bad_characters_are_taken():
    assert from_json([bullets(3)])
    assert from_json([{"type": "paragraph", "runs": [{"text": "før\x00\ud800etter\x0bny"}]}]) == (
        Paragraph((Text("føretter"), Break(), Text("ny"))),
    )


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("https://www.digdir.no", True),
        ("HTTP://x.no:8080/a?b#c", True),
        ("https://no.wikipedia.org/wiki/Skate_(forum)", True),
        ("http://[::1]/", True),
        ("mailto:post@digdir.no?subject=Hei", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://a b.no", False),
        ('https://a.no/"onclick', False),
        ("http://[x", False),
        ("http://x.no:port/", False),
        ("//x.no", False),
        ("mailto:ingen", False),
        ("https://x.no/\n", False),
        ("https://x.no/" + "a" * 3000, False),
    ],
)
def test_which_addresses_are_links(address, holds):
    assert is_link(address) is holds


FULL = (
    Heading(2, (Text("A & B"),)),
    Paragraph((Text("<b>"), Break(), Text("x", bold=True, italic=True), Footnote((Text("note"),)))),
    BulletList(
        (ListItem((Paragraph((Text("a"),)), NumberedList((ListItem((Paragraph((Text("b"),)),)),), 3))),)
    ),
    Table((((Text("h"),),), ((Text("c"), Footnote((Text("to"),))),))),
    Quote((Paragraph((Text("q", link="https://x.no/?a=1&b=2"),)),)),
)


def test_html_is_escaped_and_accessible():
    html = to_html(FULL, "sec-1", Language.NB)
    assert "<h3>A &amp; B</h3>" in html
    assert "&lt;b&gt;<br><strong><em>x</em></strong>" in html
    assert '<a href="#sec-1-note-1" id="sec-1-mark-1" role="doc-noteref" aria-label="Fotnote 1">1</a>' in html
    assert '<ol start="3"><li><p>b</p></li></ol>' in html
    assert '<div class="table-scroll" tabindex="0" role="region" aria-label="Tabell 1">' in html
    assert '<th scope="col">h</th>' in html
    assert '<a href="https://x.no/?a=1&amp;b=2" rel="noopener noreferrer">q</a>' in html
    assert '<ol><li id="sec-1-note-1">note' in html


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert re.fullmatch(
            r"p|h[34]|ul|ol|li|div|table|thead|tbody|tr|th|td|blockquote|em|strong|a|sup|br|aside", tag
        )
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@given(trees)
@settings(deadline=None)
def test_html_holds_only_our_own_tags(tree):
    normal = normalise(tree)
    parser = _Balance()
    parser.feed(to_html(normal, "x", Language.DA))
    parser.close()
    assert not parser.open
    assert len("".join(parser.text)) >= len(
        "".join(
            run.text
            for block in normal
            if isinstance(block, Paragraph)
            for run in block.runs
            if isinstance(run, Text)
        )
    )


def test_plain_text_reads_like_the_paper():
    assert plain_lines(FULL) == ["A & B", "<b>", "x [note]", "- a", "  3. b", "h", "c [to]", "q"]
    assert plain_text(()) == ""
