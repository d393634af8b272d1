"""Templates of organisations: what is kept, what is filled, what is refused, and what the check says."""

import io
import zipfile

import docx
import pytest

from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.checking import check_template
from app.documents.docx.opening import LARGEST, TemplateRefused
from app.documents.docx.reading import read_paragraph_texts
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.kernel.errors import RuleBroken
from app.kernel.language import Language
from tests.factories.papers import full_content
from tests.factories.templates import localised_template, member, saved, with_members
from tools import make_docx_templates

RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def build(data: bytes) -> bytes:
    return build_case_presentation(full_content(Language.NB), Template.open(data, Language.NB))


def with_relation(kind: str, target: str, mode: str = "External") -> bytes:
    shipped = shipped_template()
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    changed = member(shipped, RELATIONS).replace(b"</Relationships>", relation.encode() + b"</Relationships>")
    return with_members(shipped, {RELATIONS: changed})


def broken(name: str, old: bytes, new: bytes) -> bytes:
    shipped = shipped_template()
    return with_members(shipped, {name: member(shipped, name).replace(old, new)})


def many_members() -> bytes:
    return with_members(shipped_template(), {f"x/{number}.bin": b"" for number in range(10_001)})


def with_paragraphs(count: int) -> bytes:
    return broken("word/document.xml", b"</w:sdtContent>", b"<w:p/>" * count + b"</w:sdtContent>")


REFUSED = [
    (b"", "file.empty"),
    (b"PK\x03\x04 not a zip but long enough", "file.broken"),
    (b"%PDF-1.7", "file.type_disagrees"),
    (shipped_template()[:4000], "file.broken"),
    (b"\0" * (LARGEST + 1), "template-too-large"),
    (with_members(shipped_template(), {"word/bomb.xml": b" " * (LARGEST + 1)}), "file.bomb"),
    (many_members(), "file.bomb"),
    (with_paragraphs(20_001), "file.too_long"),
    (
        broken("[Content_Types].xml", b"document.main+xml", b"template.macroEnabledTemplate.main+xml"),
        "file.macros",
    ),
    (with_members(shipped_template(), {"word/vbaProject.bin": b"x"}), "file.macros"),
    (
        broken("[Content_Types].xml", b"wordprocessingml.document.main", b"spreadsheetml.sheet.main"),
        "file.type_disagrees",
    ),
    (with_relation("frame", "file:///etc/passwd"), "file.fetches"),
    (with_relation("oleObject", "embeddings/x.bin", "Internal"), "file.embedded"),
    (
        broken("word/document.xml", b"<w:document", b'<!DOCTYPE a [<!ENTITY x "y">]><w:document'),
        "file.dtd",
    ),
    (broken("word/document.xml", b"</w:body>", b""), "file.broken"),
    (broken("word/document.xml", b"w:body", b"w:corpse"), "template-broken"),
    (broken(RELATIONS, b"styles.xml", b"nowhere.xml"), "template-broken"),
]


@pytest.mark.parametrize(
    ("data", "code"), REFUSED, ids=[f"{number}-{code}" for number, (_, code) in enumerate(REFUSED)]
)
def test_an_unsafe_or_broken_file_is_refused(data, code):
    with pytest.raises(TemplateRefused) as refusal:
        Template.open(data, Language.NB)
    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert isinstance(refusal.value, RuleBroken)
    report = check_template(data)
    assert not report.is_usable
    assert report.lines() == [f"refused: {code}"]


def test_a_utf16_part_cannot_hide_a_document_type():
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    data = with_members(shipped_template(), {"customXml/item9.xml": text.encode("utf-16")})
    assert check_template(data).lines() == ["refused: file.dtd"]


def test_a_finished_paper_is_no_template():
    paper = build(shipped_template())
    with pytest.raises(TemplateRefused, match="template-is-paper"):
        Template.open(paper, Language.NB)


def test_doubled_members_are_refused():
    target = io.BytesIO(shipped_template())
    with zipfile.ZipFile(target, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("word/document.xml", b"<x/>")
    assert check_template(target.getvalue()).lines() == ["refused: file.broken"]


@pytest.mark.parametrize("kind", ["attachedTemplate", "image"])
def test_what_would_be_fetched_from_elsewhere_is_not_in_the_paper(kind):
    paper = build(with_relation(kind, "http://evil.example/x"))
    assert b"evil.example" not in member(paper, RELATIONS)


def test_a_link_in_the_letterhead_is_no_danger():
    assert check_template(with_relation("hyperlink", "https://example.no/")).is_usable


def test_letterhead_logo_and_text_around_the_paper_are_kept():
    data = build(localised_template())
    texts = [each.text for each in read_paragraph_texts(data)]
    assert texts[:2] == ["Vår referanse: se saksnummer", "SAKSFRAMLEGG"]
    assert texts[-2:] == ["Oslo, 27.5.2019", "Besøksadresse: Grev Wedels plass 9, Oslo"]
    assert "Her" not in texts
    document = docx.Document(io.BytesIO(data))
    first = document.sections[0].first_page_header
    assert first.paragraphs[0].text == "Digitaliseringsetaten"
    assert len(first._element.xpath(".//a:blip")) == 1
    assert any(str(part.partname).endswith(".png") for part in first.part.package.iter_parts())


def test_named_places_in_header_and_footer_are_filled():
    document = docx.Document(io.BytesIO(build(localised_template())))
    header, footer = document.sections[0].header, document.sections[0].footer
    assert header.paragraphs[0].text == "Saksnr. 13/2019"
    assert header.paragraphs[0].runs[-1].bold
    assert not header._element.xpath(".//w:sdt")
    assert footer._element.xpath(".//w:fldSimple/@w:instr") == [" PAGE ", " NUMPAGES "]
    assert footer.paragraphs[-1].alignment is not None


def test_the_shipped_header_says_forum_and_case():
    document = docx.Document(io.BytesIO(build(shipped_template())))
    assert document.sections[0].header.paragraphs[0].text == "Skate\tSak 13/2019"
    assert "".join(document.sections[0].footer._element.xpath(".//w:t/text()")) == "Side 1 av 1"


def test_styles_are_found_by_name_and_missing_ones_added():
    template = Template.open(localised_template(), Language.NB)
    assert template.styles["heading 1"] == "Overskrift1"
    assert template.styles["List Bullet"] == "Punktliste"
    paragraphs = read_paragraph_texts(build(localised_template()))
    named = {each.text: each.style_name for each in paragraphs}
    assert named["Historikk/bakgrunn"].casefold() == "heading 1"
    assert named["Det er neppe ønskelig med overlappende strategier."] == "Quote"
    assert named["Til detaljering"] == "List Bullet 3"


def test_without_a_place_the_paper_follows_the_template():
    texts = [each.text for each in read_paragraph_texts(build(localised_template(place=False)))]
    assert texts[:2] == ["Vår referanse: se saksnummer", "SAKSFRAMLEGG"]
    assert texts[-1] == "Oslo, 27.5.2019"


def test_a_bare_document_will_do():
    document = docx.Document()
    document.add_paragraph("")
    data = build(saved(document))
    assert read_paragraph_texts(data)[0].text == "SAKSFRAMLEGG"


def test_a_word_template_file_will_do():
    data = broken("[Content_Types].xml", b"document.main+xml", b"template.main+xml")
    built = build(data)
    assert b"template.main+xml" not in member(built, "[Content_Types].xml")
    assert check_template(data).is_usable


def test_a_place_inside_a_line_gives_way_to_the_paper():
    data = broken("word/document.xml", b"<w:sdt>", b"<w:p><w:sdt>")
    data = with_members(
        data,
        {
            "word/document.xml": member(data, "word/document.xml")
            .replace(b"</w:sdt>", b"</w:sdt></w:p>")
            .replace(b'<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r>', b"<w:r>")
            .replace(b"</w:r></w:p></w:sdtContent>", b"</w:r></w:sdtContent>")
        },
    )
    assert read_paragraph_texts(build(data))[0].text == "SAKSFRAMLEGG"


def test_the_check_says_what_will_happen():
    report = check_template(localised_template())
    assert report.is_usable
    assert report.has_content_control
    assert {"Quote", "List Bullet 3", "Subtitle", "Strong"} <= set(report.missing_styles)
    assert not {"heading 1", "Title", "List Bullet"} & set(report.missing_styles)
    assert [tag for _, tag in report.filled_places] == ["page", "meta:number"]
    assert len(report.plain_margins) == 2
    assert 'the paper replaces the content control tagged "innhold"' in report.lines()
    shipped = check_template(shipped_template())
    assert shipped.missing_styles == ()
    follows = 'no content control tagged "innhold": the paper follows the text of the template'
    assert follows in check_template(localised_template(place=False)).lines()
    bare = check_template(saved(docx.Document())).lines()
    assert 'no content control tagged "innhold": the paper is the whole body' in bare


def test_a_template_never_runs():
    """Text that other template engines would carry out is text, in the template as in the paper."""
    document = docx.Document()
    document.add_paragraph(
        "{{ cycler.__init__.__globals__.os.popen('id').read() }} {% for x in range(9) %}x{% endfor %}"
    )
    texts = [each.text for each in read_paragraph_texts(build(saved(document)))]
    assert texts[0].startswith("{{ cycler.")


def test_the_shipped_file_is_what_its_script_builds():
    built = make_docx_templates.build()
    with (
        zipfile.ZipFile(io.BytesIO(built)) as fresh,
        zipfile.ZipFile(io.BytesIO(shipped_template())) as shipped,
    ):
        assert fresh.namelist() == shipped.namelist()
        assert all(fresh.read(name) == shipped.read(name) for name in fresh.namelist())
