"""The paper as PDF: the words of the Word file, in its order, in a file that everybody can read and an archive can keep."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pdfua import validate
from pypdf import PdfReader

from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.reading import read_paragraph_texts
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.pdf.case_presentation import build_case_pdf
from app.documents.richtext.blocks import BulletList, Heading, ListItem, NumberedList, Text
from app.kernel.language import Language
from tests.factories.papers import corrected_content, empty_content, full_content, para

HOSTILE = (
    '#read("/etc/passwd")',
    '"]; #panic("x")',
    "*ikke fet* _ikke kursiv_ $x^2$",
    "<merke> @henvisning = Overskrift",
    "\\#let x = 1 // /* */",
    "{{ 7*7 }} {% raw %} «felt»",
)


def words(data: bytes) -> str:
    """Everything that stands on the pages, without white space: where lines break is the page's own affair."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def letters(text: str) -> str:
    """Without marks of footnotes and the hyphens at the ends of lines."""
    return "".join(character for character in text if character.isalpha())


def only(*parts: Part) -> CasePresentation:
    return CasePresentation(Language.NB, "", "Sak", "", parts=parts)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("content", [full_content, corrected_content, empty_content])
def test_it_claims_the_standards_and_a_checker_finds_nothing(
    tmp_path, language: Language, content: Callable[[Language], CasePresentation]
) -> None:
    made = build_case_pdf(content(language))
    assert made.is_archivable
    path = tmp_path / "paper.pdf"
    path.write_bytes(made.data)
    assert [(finding.rule_id, finding.message) for finding in validate(str(path)).findings] == []
    reader = PdfReader(path)
    said = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in said
    assert str(reader.trailer["/Root"]["/Lang"]).startswith(language.value)


@pytest.mark.parametrize("language", Language)
def test_it_says_what_the_word_file_says_in_the_same_order(language: Language) -> None:
    content = full_content(language)
    word = build_case_presentation(content, Template.open(shipped_template(), language))
    printed = letters(words(build_case_pdf(content).data))
    place = 0
    for paragraph in read_paragraph_texts(word):
        if paragraph.part_key:  # the head is arranged otherwise: the kind of case has a line of its own
            for piece in paragraph.text.split("\n"):
                found = printed.find(letters(piece), place)
                assert found >= 0, piece
                place = found + len(letters(piece))


def test_the_head_and_every_number_are_printed() -> None:
    numbered = NumberedList(tuple(ListItem((para(text),)) for text in ("Tredje", "Fjerde")), 3)
    content = replace(
        full_content(Language.NB),
        parts=(Part("a", PartKind.SECTION, "Bakgrunn", body=(numbered,)),),
        attachments=(AttachmentLine(1, "Plan"), AttachmentLine(4, "Budsjett")),
    )
    printed = words(build_case_pdf(content).data)
    for said in ("Forum:Skate", "Møtedato:13.6.2019", "Sakstype:Behandlingssak", "3.Tredje", "4.Fjerde"):
        assert said in printed
    assert "Vedlegg:1.Plan4.Budsjett" in printed


def test_who_reads_by_headings_finds_every_part() -> None:
    content = full_content(Language.NB)
    outline = PdfReader(io.BytesIO(build_case_pdf(content).data)).outline
    top = [str(each.title) for each in outline if not isinstance(each, list)]
    assert top == [*(part.heading for part in content.parts), "Vedlegg:"]


def test_the_same_paper_is_the_same_file() -> None:
    assert build_case_pdf(full_content(Language.NN)) == build_case_pdf(full_content(Language.NN))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_command_is_printed(text: str) -> None:
    content = replace(
        only(Part("a", PartKind.SECTION, text, body=(para(text),))),
        title=text,
        forum=text,
        presenters=text,
        attachments=(AttachmentLine(1, text),),
    )
    assert words(build_case_pdf(content).data).count(squeezed(text)) >= 5


def test_what_cannot_be_printed_takes_nothing_with_it() -> None:
    made = build_case_pdf(replace(only(), title="Før\x00\x1b\ufffeEtter", presenters="Kari\ud800 Nord"))
    assert made.is_archivable
    assert "FørEtter" in words(made.data)
    assert "KariNord" in words(made.data)


@pytest.mark.parametrize("heading", ["", "Bakgrunn"])
@pytest.mark.parametrize("levels", [(2,), (3,), (3, 2, 3), (2, 3, 3)])
def test_a_writer_may_begin_with_either_heading(tmp_path, heading: str, levels: tuple[Any, ...]) -> None:
    body = tuple(Heading(level, (Text(f"Under {level}"),)) for level in levels)
    in_a_list = BulletList((ListItem((Heading(3, (Text("I en liste"),)),)),))
    for blocks in (body, (*body, in_a_list)):
        made = build_case_pdf(only(Part("a", PartKind.SECTION, heading, body=blocks)))
        assert made.is_archivable
        (tmp_path / "paper.pdf").write_bytes(made.data)
        assert not validate(str(tmp_path / "paper.pdf")).findings


def test_a_letter_without_a_shape_costs_the_claim_and_not_the_paper() -> None:
    made = build_case_pdf(only(Part("a", PartKind.SECTION, "Bakgrunn", body=(para("Møte i 漢城 i høst"),))))
    assert not made.is_archivable
    assert "pdfaid" not in PdfReader(io.BytesIO(made.data)).xmp_metadata.stream.get_data().decode()
    assert "ihøst" in words(made.data)


def test_what_is_exempt_says_on_which_ground() -> None:
    content = replace(
        only(
            Part("a", PartKind.SECTION, "Kostnader", body=(para("Pris"),), exempt_by="offl. § 23 første ledd")
        ),
        attachments=(AttachmentLine(1, "Tilbud", exempt_by="offl. § 13"),),
    )
    printed = words(build_case_pdf(content).data)
    assert squeezed("Unntatt offentlighet, jf. offl. § 23 første ledd") in printed
    assert squeezed("offl. § 13") in printed
