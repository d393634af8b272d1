"""Every word of a stored file is found, with its place: what is about to be published is looked through by it."""

from io import BytesIO
from pathlib import Path

import pytest

from app.files.texts import extract_texts
from app.kernel.errors import RuleBroken
from tests.factories.packages import R, W, odf, office, paragraph, relations

NUMBER = "01010112345"


def texts(tmp_path: Path, name: str, data: bytes) -> dict[str, str]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    found: dict[str, str] = {}
    for each in extract_texts(path, name):
        place = f"{each.kind} {each.name}".strip()
        found[place] = found.get(place, "") + each.text
    return found


def places(tmp_path, name, data) -> list[str]:
    return [place for place, text in texts(tmp_path, name, data).items() if NUMBER in text.replace(" ", "")]


def part(inside: str) -> str:
    return f'<w:x xmlns:w="{W}" xmlns:r="{R}">{inside}</w:x>'


WORD = {
    "text": office(inside="<w:p><w:r><w:t>010101</w:t></w:r><w:r><w:t>12345</w:t></w:r></w:p>"),
    "footnotes": office(parts={"word/footnotes.xml": part(paragraph(NUMBER))}),
    "comments": office(parts={"word/comments.xml": part(paragraph(NUMBER))}),
    "header": office(parts={"word/header1.xml": part(paragraph(NUMBER))}),
    "properties": office(parts={"docProps/core.xml": f"<p><t>{NUMBER}</t></p>"}),
    "part word/charts/chart1.xml": office(parts={"word/charts/chart1.xml": f"<c><v>{NUMBER}</v></c>"}),
}


@pytest.mark.parametrize("place", WORD)
def test_every_place_of_a_word_file(place, tmp_path):
    assert places(tmp_path, "a.docx", WORD[place]) == [place]


def test_deleted_and_hidden_words_and_descriptions_of_pictures_count_too(tmp_path):
    deleted = f"<w:p><w:del><w:r><w:delText>{NUMBER}</w:delText></w:r></w:del></w:p>"
    hidden = f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NUMBER}</w:t></w:r></w:p>"
    picture = f'<w:p><w:drawing><docPr descr="{NUMBER}"/></w:drawing></w:p>'
    link = office(links=(("r1", "hyperlink", f"https://x.no/{NUMBER}", True),))
    for data in (office(inside=deleted), office(inside=hidden), office(inside=picture), link):
        assert places(tmp_path, "a.docx", data)


def test_neighbouring_figures_are_not_run_together(tmp_path):
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("010101", "12345"))
    inside = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    found = texts(
        tmp_path,
        "a.docx",
        office(inside=inside, parts={"docProps/app.xml": "<a><b>010101</b><c>12345</c></a>"}),
    )
    assert not [text for text in found.values() if NUMBER in text]


def test_a_workbook_names_its_sheet(tmp_path):
    data = office(
        "xlsx",
        '<sheets><sheet name="Budsjett" r:id="rId1"/></sheets>',
        parts={
            "xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "worksheets/sheet1.xml", False)),
            "xl/sharedStrings.xml": "<sst><si><r><t>0101</t></r><r><t>0112345</t></r></si></sst>",
            "xl/worksheets/sheet1.xml": '<worksheet><row><c t="s"><v>0</v></c><c><v>7</v></c></row></worksheet>',
        },
    )
    assert "sheet Budsjett" in places(tmp_path, "a.xlsx", data)


def test_a_cell_of_figures_is_read_as_the_sheet_may_show_it(tmp_path):
    """A number format puts the zero in front of an identity number that is stored as a figure."""
    data = office(
        "xlsx",
        '<sheets><sheet name="Liste" r:id="rId1"/></sheets>',
        parts={
            "xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "worksheets/sheet1.xml", False)),
            "xl/worksheets/sheet1.xml": f"<worksheet><row><c><v>{int(NUMBER)}</v></c></row></worksheet>",
        },
    )
    assert places(tmp_path, "a.xlsx", data) == ["sheet Liste"]


def pdf_with(add) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    add(writer)
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


def linked(writer) -> None:
    from pypdf.annotations import Link

    writer.add_annotation(0, Link(rect=(0, 0, 50, 50), url=f"https://x.no/{NUMBER}"))


def described(writer) -> None:
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{NUMBER}</a></x:xmpmeta>".encode()


BESIDE_THE_PAGES = {
    "text": lambda writer: writer.add_outline_item(title=NUMBER, page_number=0),
    "page 1": linked,
    "properties": described,
    "part liste.txt": lambda writer: writer.add_attachment("liste.txt", NUMBER.encode()),
    f"part {NUMBER}.txt": lambda writer: writer.add_attachment(f"{NUMBER}.txt", b"x"),
    "part liste.docx": lambda writer: writer.add_attachment("liste.docx", office(inside=paragraph(NUMBER))),
    "part inni.pdf": lambda writer: writer.add_attachment(
        "inni.pdf", pdf_with(lambda inner: inner.add_attachment("liste.csv", NUMBER.encode()))
    ),
}


@pytest.mark.parametrize("place", BESIDE_THE_PAGES)
def test_what_a_pdf_says_beside_its_pages_and_in_the_files_it_carries(place, tmp_path):
    assert places(tmp_path, "a.pdf", pdf_with(BESIDE_THE_PAGES[place])) == [place]


def test_a_pdf_that_carries_what_we_cannot_read_counts_as_unread(tmp_path):
    with pytest.raises(RuleBroken, match=r"file\.unreadable"):
        texts(tmp_path, "a.pdf", pdf_with(lambda writer: writer.add_attachment("a.exe", b"MZ")))


def test_slides_are_counted_as_they_are_shown(tmp_path):
    slide = "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>"
    data = office(
        "pptx",
        '<p:sldIdLst><p:sldId id="1" r:id="rId2"/><p:sldId id="2" r:id="rId1"/></p:sldIdLst>',
        parts={
            "ppt/_rels/presentation.xml.rels": relations(
                ("rId1", "slide", "slides/slide1.xml", False), ("rId2", "slide", "slides/slide2.xml", False)
            ),
            "ppt/slides/slide1.xml": slide.format(NUMBER),
            "ppt/slides/slide2.xml": slide.format("Hei"),
            "ppt/notesSlides/notesSlide4.xml": slide.format(NUMBER),
        },
    )
    assert sorted(places(tmp_path, "a.pptx", data)) == ["notes 4", "slide 2"]


def test_opendocument_text_pdf_and_plain_text(tmp_path):
    from app.demo.slides import slides_pdf

    assert places(tmp_path, "a.odt", odf(inside="<text:p>010101<text:span>12345</text:span></text:p>")) == [
        "text"
    ]
    ods = odf("ods", f'<table:table table:name="Ark"><text:p>{NUMBER}</text:p></table:table>')
    assert places(tmp_path, "a.ods", ods) == ["sheet Ark"]
    odp = odf(
        "odp", f"<draw:page><text:p>Hei</text:p></draw:page><draw:page><text:p>{NUMBER}</text:p></draw:page>"
    )
    assert places(tmp_path, "a.odp", odp) == ["slide 2"]
    assert places(tmp_path, "a.csv", f"a;{NUMBER}".encode("cp1252")) == ["text"]
    assert "Slik gikk vi fram" in texts(tmp_path, "a.pdf", slides_pdf())["page 1"]
    assert texts(tmp_path, "a.png", b"x") == {}


def test_what_cannot_be_looked_through_says_so(tmp_path):
    for name, data in (("a.pdf", b"%PDF-1.7\nnothing\n%%EOF"), ("a.docx", b"PK\x03\x04 no")):
        with pytest.raises(RuleBroken, match=r"file\.(unreadable|broken)"):
            texts(tmp_path, name, data)


def test_what_is_filled_into_the_form_of_a_pdf_is_read_too(tmp_path):
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    from app.demo.slides import slides_pdf

    writer = PdfWriter(clone_from=BytesIO(slides_pdf()))
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("nummer"),
            NameObject("/V"): TextStringObject("Utfylt for hånd"),
        }
    )
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer.root_object[NameObject("/AcroForm")] = form
    out = BytesIO()
    writer.write(out)
    assert "Utfylt for hånd" in texts(tmp_path, "a.pdf", out.getvalue())["text"]
