"""Pasted HTML: what the usual programs put on the clipboard, what hostile pages put there, and our own."""

import re
from pathlib import Path

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.documents.richtext.blocks import Break, Footnote, Text
from app.documents.richtext.codec import from_json, to_json
from app.documents.richtext.html import to_html
from app.documents.richtext.html_reader import LONGEST_HTML, HtmlTooLong, read_html
from app.documents.richtext.html_word import numbers_of
from app.documents.richtext.markdown_reader import parse_markdown
from app.documents.richtext.markdown_writer import to_markdown
from app.documents.richtext.normalise import normalise
from app.documents.richtext.plain import plain_text
from app.kernel.language import Language
from tests.factories.trees import trees

CLIPBOARD = sorted((Path(__file__).parents[1] / "data" / "clipboard").glob("*.html"))
IMAGES = {"outlook": 1, "word": 1}
OURS = {"p", "h3", "h4", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "br"}
OURS |= {"em", "strong", "a", "sup", "aside", "div"}


def markdown(html: str) -> str:
    return to_markdown(read_html(html).tree)


@pytest.mark.parametrize("page", CLIPBOARD, ids=lambda page: page.stem)
def test_what_a_program_puts_on_the_clipboard_is_understood(page: Path) -> None:
    pasted = read_html(page.read_text())
    assert to_markdown(pasted.tree) + "\n" == page.with_suffix(".md").read_text()
    assert pasted.images == IMAGES.get(page.stem, 0)


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("·", ()), ("o", ()), ("§", ()), ("–", ()), ("", ()), ("3.", (3,)), ("12)", (12,)), ("(4)", (4,)),
        ("1.2.", (2,)), ("1.2.3", (3,)), ("a)", (1,)), ("i.", (1, 9)), ("iv.", (4,)), ("xii)", (12,)), ("C.", (100, 3)),
        ("ord.", ()),
    ],
)  # fmt: skip
def test_the_marker_tells_bullet_or_number(marker: str, numbers: tuple[int, ...]) -> None:
    assert numbers_of(marker) == numbers


def _word(marker: str, text: str, level: int = 1, lists: str = "lfo1") -> str:
    return (
        f"<p class=MsoListParagraph style='mso-list:l0 level{level} {lists}'>"
        f"<![if !supportLists]><span style='mso-list:Ignore'>{marker}</span><![endif]>{text}</p>"
    )


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (_word("1.", "a") + _word("2.", "b") + "<p>x</p>" + _word("3.", "c"), "1. a\n2. b\n\nx\n\n3. c"),
        (_word("1.", "a") + "<p>&nbsp;</p>" + _word("2.", "b"), "1. a\n2. b"),
        (_word("1.", "a") + _word("·", "b"), "1. a\n\n- b"),
        (_word("2.", "a") + _word("1.", "b", lists="lfo2"), "2. a\n\n1) b"),
        (_word("·", "a", 3), "- a"),
        (_word("h)", "a") + _word("i)", "b") + _word("j)", "c"), "8. a\n9. b\n10. c"),
        ("<style>@list l0:level1 {mso-level-start-at:5;}</style>" + _word("", "a"), "5. a"),
        ("<style>@list l0:level1 {mso-level-number-format:bullet;}</style>" + _word("", "a"), "- a"),
        ("<h2 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.2 </span>Mål</h2>", "## 1.2 Mål"),
        ("<p class=MsoTitle>Tittel</p>", "## Tittel"),
        ("<h1>a</h1><h3>b</h3>", "## a\n\n### b"),
        ("<h5>a</h5>", "### a"),
        ("<ul><li>a<ol start=2><li>b</li></ol></li></ul>", "- a\n\n  2. b"),
        ("<ul><li><blockquote>a</blockquote></li><li>b</li></ul>", "- a\n- b"),
        ("<ul><li>a<table><tr><td>b</td><td>c</td></tr></table></li></ul>", "- a\n\n  b | c"),
        ("<table><tr><td>a<table><tr><td>b<td>c</table></td><td>d</td></tr></table>", "a\n\n| b | c |\n| --- | --- |\n\nd"),
        ("<table><tr><td><ul><li>a<li>b</ul></td><td>c</td></tr></table>", "| – a<br>– b | c |\n| --- | --- |"),
        ("<p><b>a</b><span style='font-weight:700'>b</span> c <i>d</i></p>", "**ab** c *d*"),
        ("<b style='font-weight:normal'>a</b>", "a"),
        ("<a href='javascript:alert(1)'>a</a> <a href='data:text/html,x'>b</a>", "a b"),
        ("<a href=' https://example.no/x y '>a</a>", "[a](https://example.no/x%20y)"),
        ("<a href='#kap2'>kapittel 2</a>", "kapittel 2"),
        ("<p>a<br>b</p><p>c<br><br>d</p>", "a\nb\n\nc\n\nd"),
        ("<p>13. juni</p>", "13. juni"),
        ("<p>- ikke liste</p>", "\\- ikke liste"),
        ("<p>a</p>tekst<p>b", "a\n\ntekst\n\nb"),
        ("bare tekst &amp; &lt;b&gt;", "bare tekst & <b>"),
        ("<p>x<sup><a href='#f1' id='r1'>1</a></sup></p>", "x1"),
    ],
)  # fmt: skip
def test_small_cases(html: str, wanted: str) -> None:
    assert markdown(html) == wanted


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<style>x</style>", "<!-- x -->", "<p style='display:none'>x</p>", "<p hidden>x</p>",
        "<span style='mso-hide:all'>x</span>", "<del>x</del>", "<svg><text>x</text></svg>", "<title>x</title>",
        "<div style='mso-element:comment-list'>x</div>", "<template><p>x</p></template>", "<img alt=x src=//e.no/x>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "<iframe src=x>x</iframe>", "", "<p>",
        "<math><mi>x</mi></math>", "<select><option>x</select>", "<xml>x</xml>", "<object>x</object>",
    ],
)  # fmt: skip
def test_what_is_dropped(html: str) -> None:
    assert markdown(html) == ""


def _collapsed(value):
    """A tree as HTML can say it: runs of spaces are one."""
    if isinstance(value, tuple):
        made, ends_in_space = [], True
        for run in value:
            if isinstance(run, Text):
                text = re.sub(r"[ \t]+", " ", run.text)
                text = text[1:] if ends_in_space and text.startswith(" ") else text
                ends_in_space = text.endswith(" ") if text else ends_in_space
                made.append(Text(text, run.bold, run.italic, run.link))
            elif isinstance(run, Break | Footnote):
                ends_in_space = isinstance(run, Break)
                made.append(Footnote(_collapsed(run.runs)) if isinstance(run, Footnote) else run)
            else:
                made.append(_collapsed(run))
        return tuple(made)
    fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return type(value)(
        **{name: _collapsed(field) if isinstance(field, tuple) else field for name, field in fields.items()}
    )


@given(trees)
@settings(max_examples=80, deadline=None)
def test_our_own_pages_read_back_as_they_were(tree) -> None:
    normal = normalise(_collapsed(normalise(tree)))
    normal = normalise(_collapsed(normal))
    assert read_html(to_html(normal, "x", Language.NB)).tree == normal


TAGS = [
    "p",
    "div",
    "b",
    "i",
    "span",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "h2",
    "blockquote",
    "a",
    "o:p",
    "pre",
]
GONE = ["script", "style", "del", "template", "svg"]
STYLES = ["", "font-weight:700", "mso-list:l0 level2 lfo1", "white-space:pre", "font-style:italic"]
words = st.integers(0, 10**9).map(lambda number: f"ord{number}")
soup = st.recursive(
    words.map(lambda word: (None, "", [word])),
    lambda inside: st.tuples(
        st.sampled_from([*TAGS, *TAGS, *GONE]), st.sampled_from(STYLES), st.lists(inside, max_size=4)
    ),
    max_leaves=25,
)


def _html(node, *, closed: bool) -> str:
    tag, style, inside = node
    if tag is None:
        return f" {inside[0]} "
    closed = closed or tag in GONE  # what is never closed is gone to the end of the page
    text = "".join(_html(each, closed=closed) for each in inside)
    return f'<{tag} style="{style}" href="#{tag}">{text}' + (f"</{tag}>" if closed else "")


def _words(node, *, visible: bool = True) -> set[str]:
    tag, _, inside = node
    if tag is None:
        return set(inside) if visible else set()
    return set().union(*(_words(each, visible=visible and tag not in GONE) for each in inside))


@given(st.lists(soup, max_size=4), st.booleans())
@settings(max_examples=120, deadline=None)
def test_no_visible_word_is_lost(nodes, closed: bool) -> None:
    html = "".join(_html(node, closed=closed) for node in nodes)
    shown = set(re.findall(r"ord\d+", plain_text(read_html(html).tree)))
    wanted = set().union(*(_words(node) for node in nodes))
    assert wanted <= shown, html


FRAGMENTS = [
    "<script>", "</script>", "<svg onload=alert(1)>", "<img src=x onerror=alert(1)>", "<a href=javascript:alert(1)>", "</a>",
    "<a href='https://e.no/\"onclick=1'>", "<style>*{}", "</style>", "<!--", "-->", "<![if !supportLists]>", "<![endif]>",
    "<math><mtext><table><mglyph><style>", "<noscript>", "</noscript>", "<table>", "<td colspan=99999 rowspan=99999>",
    "</table>", "<tr>", "<li value=99999999999>", "<ol start=-5>", "<ul>", "</ul>", "</li>", "<p style='mso-list:l9 level99'>",
    "<a href='#a' id=b>", "<a href='#b' id=a>", "<blockquote>", "</blockquote>", "<h1>", "</h1>", "<p>", "</p>", "<br>", "tekst",
    "&#0;", "&#x110000;", "&lt;script&gt;", "\x00", "\x0b", "\ud800", "\ufffe", "<", ">", "]]>", "<?php ?>", "<x:y z>", "**", "[x](",
    "| --- |", "^[", "<textarea>", "<plaintext>", "<pre>", "</pre>", "1. ", "- ",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=30).map("".join) | st.text())
@example('<noscript><p title="</noscript><img src=x onerror=alert(1)>">')
@example('<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">')
@example(
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">'
)
@settings(max_examples=200, deadline=None)
def test_whatever_comes_in_only_our_own_tree_comes_out(html: str) -> None:
    tree = read_html(html).tree
    assert from_json(to_json(tree)) == tree
    assert parse_markdown(to_markdown(tree)) == tree
    shown = to_html(tree, "x", Language.EN)
    if not shown:
        return
    for element in lxml.html.fragment_fromstring(shown, create_parent="div").iter():
        assert element.tag in OURS
        assert not any(name.startswith("on") or name in {"style", "src"} for name in element.attrib)
        assert re.match(r"(https?://|mailto:|#x-)", element.get("href", "#x-"), re.IGNORECASE)


HUGE = {
    "nested": "<div>" * 27_000 + "tekst",
    "bold in bold": "<b>" * 27_000 + "tekst",
    "paragraphs": "<p>tekst" * 27_000,
    "lists in lists": "<ul><li>tekst" * 13_000,
    "tables in tables": "<table><tr><td>tekst" * 9_000,
    "a wide row over many": "<table><tr>" + "<td>tekst" * 14_000 + "<tr><td>x" * 7_000,
    "spans": "<table>" + "<tr><td colspan=9999 rowspan=9999>tekst" * 13_000,
    "notes": "<a href='#a' id='b'>tekst</a>" * 27_000,
    "attributes": "<p style='" + "a:b;" * 450_000 + "mso-list:l0 level1'>tekst",
    "style sheet": "<style>" + "@list l0:level1{" * 120_000 + "</style>tekst",
    "unclosed comment": "tekst" + "<!--" * 400_000,
    "ampersands": "tekst" + "&" * 1_900_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_page_is_read(name: str) -> None:
    pasted = read_html(HUGE[name])
    assert "tekst" in plain_text(pasted.tree)


@pytest.mark.parametrize("html", ["x" * (LONGEST_HTML + 1), "<b>" * 60_000 + "x", "<p>x" * 1_000_000])
def test_what_is_too_long_is_refused(html: str) -> None:
    with pytest.raises(HtmlTooLong):
        read_html(html)
