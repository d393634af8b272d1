"""Papers that come as Word files: ours part by part, others by the rules for text, and no line of either is lost."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.case_presentation import PartKind
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.paper_lines import read_paper_lines
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.reading.checking import every_line_once
from app.documents.reading.reader import read_word_paper
from app.documents.reading.word import WordPaper, word_paper
from app.documents.richtext.blocks import BulletList, NumberedList, Paragraph, Table, Text
from app.documents.richtext.plain import plain_text
from app.kernel.language import Language
from tests.factories.packages import W, field, office, paragraph
from tests.factories.papers import full_content
from tests.factories.templates import localised_template

DATA = Path(__file__).parent.parent / "data"
TEMPLATES = {"shipped": shipped_template(), "localised": localised_template()}


def lines_of(data: bytes, tmp_path: Path) -> WordPaper:
    path = tmp_path / "paper.docx"
    path.write_bytes(data)
    return word_paper(read_paper_lines(str(path)))


def read(data: bytes, tmp_path: Path):
    """What was understood; that no line is lost holds for every file."""
    paper = lines_of(data, tmp_path)
    found = read_word_paper(paper)
    assert every_line_once(paper.source()[0], found)
    return found


def heading(text: str, level: int = 1) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="H{level}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


STYLES = (
    f'<w:styles xmlns:w="{W}">'
    + "".join(f'<w:style w:styleId="H{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2, 3))
    + "</w:styles>"
)


def foreign(*inside: str) -> bytes:
    return office(inside="".join(inside), parts={"word/styles.xml": STYLES})


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", TEMPLATES)
def test_our_own_paper_comes_back_part_by_part(language, template, tmp_path):
    content = full_content(language)
    found = read(build_case_presentation(content, Template.open(TEMPLATES[template], language)), tmp_path)
    back = found.content
    for name in (
        "language",
        "forum",
        "title",
        "kind_label",
        "number",
        "meeting_date",
        "presenters",
        "preparer",
    ):
        assert getattr(back, name) == getattr(content, name), name
    assert (back.place, back.dated) == (content.place, content.dated)
    assert [line.title for line in back.attachments] == [line.title for line in content.attachments]
    assert [(part.key, part.kind, part.heading) for part in back.parts] == [
        (part.key, part.kind, part.heading) for part in content.parts
    ]
    for sent, came in zip(content.parts, back.parts, strict=True):
        assert came.body == sent.body
        assert came.closing == sent.closing
        if sent.kind is not PartKind.PROPOSAL:  # there the addressee is printed in front of the sentence
            assert came.lead_in == sent.lead_in
    if template == "shipped":
        assert found.unplaced == ()
    else:  # what the letterhead says around the paper is listed, not swallowed
        assert "Vår referanse: se saksnummer" in [line.text for line in found.unplaced]


def test_our_paper_after_libreoffice_is_told_by_its_bookmarks(tmp_path):
    content = full_content(Language.NB)
    found = read((DATA / "libreoffice-own.docx").read_bytes(), tmp_path)
    assert found.unplaced == ()
    assert [part.key for part in found.content.parts] == [part.key for part in content.parts]
    assert [part.kind for part in found.content.parts] == [part.kind for part in content.parts]
    assert found.content.title == content.title


def test_another_paper_is_read_with_its_looks(tmp_path):
    found = read((DATA / "libreoffice-foreign.docx").read_bytes(), tmp_path)
    assert found.unplaced == ()
    content = found.content
    assert (content.number, content.title) == ("13/2019", "Felles plan for samordning")
    background, proposal = content.parts
    text, points, table = background.body
    assert isinstance(text, Paragraph)
    assert Text("felles plan", bold=True) in text.runs
    assert Text("rapporten", italic=True) in text.runs
    assert any(run.link == "https://www.digdir.no/" for run in text.runs if isinstance(run, Text))
    assert isinstance(points, BulletList)
    assert isinstance(points.items[0].blocks[1], BulletList)
    assert isinstance(table, Table)
    assert table.rows[1][1] == (Text("3 mill."),)
    assert proposal.kind is PartKind.PROPOSAL
    assert isinstance(proposal.body[0], NumberedList)
    assert [line.title for line in content.attachments] == ["Plan for arbeidet"]


def test_own_headings_open_parts_and_those_below_stay_inside(tmp_path):
    found = read(
        foreign(
            paragraph("Sak 3/2024 Noe nytt"),
            heading("Bakgrunn"),
            paragraph("Slik var det."),
            heading("Noe for seg", 2),
            paragraph("Slik er det."),
            heading("Helt egne ord"),
            paragraph("Slik blir det."),
        ),
        tmp_path,
    )
    assert [part.heading for part in found.content.parts] == ["Bakgrunn", "Helt egne ord"]
    assert "Noe for seg" in plain_text(found.content.parts[0].body)


def test_tracked_changes_comments_and_pictures_are_told(tmp_path):
    paper = lines_of(
        foreign(
            "<w:p><w:r><w:t>Vi </w:t></w:r><w:ins><w:r><w:t>går inn</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>går ut</w:delText></w:r></w:del>"
            '<w:r><w:commentReference w:id="1"/></w:r><w:r><w:drawing/></w:r></w:p>',
            field("PAGE", result="7"),
        ),
        tmp_path,
    )
    assert [line.text for line in paper.lines] == ["Vi går inn", "7"]
    assert paper.left_out == ("tracked", "comments", "pictures")


def test_text_boxes_and_layout_tables_lose_no_line(tmp_path):
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('I boks')}</w:txbxContent></w:pict></w:r>"
    cell = f"<w:tc>{paragraph('En')}{paragraph('To')}</w:tc>"
    paper = lines_of(foreign(f"<w:p>{box}</w:p><w:tbl><w:tr>{cell}</w:tr></w:tbl>"), tmp_path)
    assert [line.text for line in paper.lines] == ["I boks", "En", "To"]


WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Bakgrunn",
                "Forslag til vedtak:",
                "Sak 1/2024 X",
                "Vedlegg",
                "Forum: Skate",
                "Oslo, 3. juni 2019",
                "a: b",
            ]
        ),
        st.text(
            st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="<>&\ufffe\uffff"),
            min_size=1,
            max_size=40,
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.data())
def test_whatever_stands_in_a_file_every_line_is_placed_once(tmp_path_factory, words, data):
    pieces = []
    for word in words:
        match data.draw(st.sampled_from(["plain", "heading", "bold", "row"])):
            case "plain":
                pieces.append(paragraph(word))
            case "heading":
                pieces.append(heading(word, data.draw(st.integers(1, 3))))
            case "bold":
                pieces.append(f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{word}</w:t></w:r></w:p>")
            case "row":
                cell = f"<w:tc>{paragraph(word)}</w:tc>"
                pieces.append(f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>")
    read(foreign(*pieces), tmp_path_factory.mktemp("word"))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"lines": 1, "is_own": True, "language": "", "left_out": []},
        {"lines": [{"text": "a", "level": float("inf")}], "is_own": False, "language": "", "left_out": []},
        {"lines": [{"text": "a", "marker": [1]}], "is_own": False, "language": "", "left_out": []},
        {"lines": [{"text": "a", "runs": [{"type": "x"}]}], "is_own": False, "language": "", "left_out": []},
        {"lines": ["a"], "is_own": False, "language": "", "left_out": []},
    ],
)
def test_what_a_browser_sends_in_place_of_lines_is_refused(value):
    with pytest.raises(ValueError, match="lines"):
        word_paper(value)


def test_lines_survive_the_way_by_a_browser(tmp_path):
    path = tmp_path / "paper.docx"
    path.write_bytes((DATA / "libreoffice-foreign.docx").read_bytes())
    sent = read_paper_lines(str(path))
    assert (
        dataclasses.asdict(read_word_paper(word_paper(sent)).content)["title"] == "Felles plan for samordning"
    )
