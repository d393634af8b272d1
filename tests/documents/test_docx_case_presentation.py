"""What stands in the Word file, read back: words, order, styles, controls."""

import re
from dataclasses import replace
from datetime import date

import pytest

from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.reading import ReadParagraph, read_paragraph_texts
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.richtext.blocks import Paragraph, Text
from app.documents.wording import WORDING_KEYS, label
from app.kernel.language import Language
from tests.factories.papers import (
    bullets,
    corrected_content,
    empty_content,
    full_content,
    item,
    numbers,
    para,
    table,
)
from tests.factories.templates import member


def built(content: CasePresentation) -> bytes:
    return build_case_presentation(content, Template.open(shipped_template(), content.language))


def read(content: CasePresentation) -> list[ReadParagraph]:
    return read_paragraph_texts(built(content))


def texts(content: CasePresentation) -> list[str]:
    return [paragraph.text for paragraph in read(content)]


def document(content: CasePresentation) -> str:
    return member(built(content), "word/document.xml").decode()


def only(*parts: Part) -> CasePresentation:
    return CasePresentation(Language.NB, "", "", "", parts=parts)


def test_the_paper_stands_in_the_order_of_the_real_ones():
    assert read(full_content(Language.NB))[:4] == [
        ReadParagraph("SAKSFRAMLEGG", "Subtitle", ""),
        ReadParagraph("Forum: Skate", "Samstyr Details", ""),
        ReadParagraph("Møtedato: 13.6.2019", "Samstyr Details", ""),
        ReadParagraph(
            "Sak 13/2019 Handlingsplan for digitalisering i offentlig sektor – organisering og innretning Behandlingssak",
            "Title",
            "",
        ),
    ]
    headings = [each.text for each in read(full_content(Language.NB)) if each.style_name == "heading 1"]
    assert headings == [
        "Historikk/bakgrunn",
        "Forslag til beslutning:",
        "Presentasjon av saken",
        "Forslag til diskusjonstema:",
        "Innspill fra Skates arbeidsutvalg (AU)",
        "Vedlegg:",
    ]
    assert texts(full_content(Language.NB))[-5:] == [
        "Sak 13-19 Vedlegg 1 – Bakgrunnsstoff om prosess fra to virksomheter",
        "Sak 13-19 Vedlegg 2 – Utkast til tidsplan",
        "Saken vil bli framlagt av Steffen Sutorius",
        "Saksframlegget er utarbeidet av Difi",
        "Oslo, 27.5.2019",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.NN, ["SAKSFRAMLEGG", "Forum: Skate", "Møtedato: 13.6.2019", "Sak 13/2019 ", "Vedlegg:"]),
        (Language.DA, ["SAGSFREMSTILLING", "Forum: Skate", "Mødedato: 13.6.2019", "Sag 13/2019 ", "Bilag:"]),
        (
            Language.EN,
            ["CASE PRESENTATION", "Forum: Skate", "Meeting date: 13.6.2019", "Case 13/2019 ", "Attachments:"],
        ),
    ],
)
def test_labels_are_in_the_language_of_the_paper(language, words):
    whole = "\n".join(texts(full_content(language)))
    assert all(word in whole for word in words)


def test_an_imported_paper_keeps_its_own_words():
    wording = {key: f"<{key}>" for key in WORDING_KEYS}
    whole = texts(replace(full_content(Language.NB), wording=wording))
    assert whole[0] == "<document>"
    assert whole[1:3] == ["<forum> Skate", "<meeting_date> 13.6.2019"]
    assert whole[3].startswith("<case> 13/2019 ")
    assert "<attachments>" in whole
    assert whole[-3:-1] == ["<presenter> Steffen Sutorius", "<preparer> Difi"]
    assert label(Language.NB, "forum", {"forum": " "}) == "Forum:"
    with pytest.raises(KeyError):
        label(Language.NB, "unknown", {})


def test_what_is_empty_is_left_out():
    assert texts(empty_content(Language.NB)) == [
        "SAKSFRAMLEGG",
        "Forum: Skate",
        "Ny sak",
        "Bakgrunn",
        "Forslag til beslutning:",
        "Spørsmål",
        "Innspill",
    ]
    assert texts(only()) == ["SAKSFRAMLEGG"]
    assert "<w:tbl>" not in document(empty_content(Language.NB))


@pytest.mark.parametrize(
    ("party", "lead_in", "printed"),
    [
        ("Difi", (para("oppfordres til å"),), "Difi oppfordres til å"),
        ("Difi", (para("DIFI oppfordres til å"),), "DIFI oppfordres til å"),
        ("Difi", (), "Difi"),
        ("", (para("Skate slutter seg til"),), "Skate slutter seg til"),
        ("Difi", (bullets("punkt"),), "Difi"),
    ],
)
def test_the_addressee_stands_before_a_sentence_that_does_not_name_it(party, lead_in, printed):
    part = Part("proposal", PartKind.PROPOSAL, "Forslag", (bullets("a"),), lead_in, party=party)
    assert texts(only(part))[2] == printed


def test_the_proposal_stands_in_a_box_under_its_heading():
    xml = document(
        only(Part("proposal", PartKind.PROPOSAL, "Forslag:", (para("Skate tar saken til orientering."),)))
    )
    heading, box = xml.index("Forslag:</w:t>"), xml.index("<w:tbl>")
    assert heading < box < xml.index("Skate tar saken")
    assert '<w:tblCaption w:val="Forslag:"/>' in xml
    assert '<w:tblDescription w:val="Ramme med teksten som legges fram til beslutning"/>' in xml
    assert "<w:cantSplit/><w:tblHeader/>" in xml


def test_corrections_stand_last_with_date_author_and_reason() -> None:
    lines = texts(corrected_content(Language.NN))
    assert lines[-9:] == [
        "Retting 1",
        "2.9.2019, Kari Oppdiktet",
        "Grunngiving: Feil tall fra leverandøren",
        "3 mill., ikke 2.",
        "Retting 2",
        "3.9.2019",
        "Se også",
        "tabell 1",
        "tabell 2",
    ]
    assert texts(full_content(Language.NN)) == lines[:-9]


def test_parts_and_fields_can_be_found_again():
    xml = document(full_content(Language.NB))
    for tag in (
        *("sec:background", "sec:proposal", "proposal:proposal", "questions:questions", "sec:advice-au"),
        *(
            "advice:advice-au",
            "sec:attachments",
            "meta:forum",
            "meta:meeting_date",
            "meta:number",
            "meta:title",
        ),
        *("meta:kind", "meta:presenter", "meta:preparer", "meta:place", "meta:dated"),
    ):
        assert xml.count(f'<w:tag w:val="{tag}"/>') == 1
    for name in ("sec_background", "sec_proposal", "sec_advice_au", "meta_forum", "meta_number"):
        assert xml.count(f'w:name="{name}"') == 1
    assert {each.part_key for each in read(full_content(Language.NB))} == {
        *("", "background", "proposal", "presentation", "questions", "advice-au", "attachments"),
    }


def test_parts_with_the_same_or_an_odd_key_get_keys_of_their_own():
    parts = [
        Part(key, PartKind.SECTION, "H") for key in ("a", "a", "attachments", "Å B!", "x" * 80, "x" * 80, "")
    ]
    keys = [each.part_key for each in read(only(*parts))][1:]
    assert keys == ["a", "a-2", "attachments-2", "b", "x" * 40, "x" * 40 + "-2", "part"]
    names = re.findall(r'w:name="(sec_[^"]*)"', document(only(*parts)))
    assert len(names) == len(set(names)) == len(parts)
    assert max(map(len, names)) <= 40


def test_every_numbered_list_counts_for_itself():
    body = (numbers("a"), numbers(item("b", numbers("c")), start=4))
    data = built(only(Part("a", PartKind.SECTION, "H", body)))
    xml, numbering = (member(data, f"word/{name}.xml").decode() for name in ("document", "numbering"))
    for level, number in ((0, 3), (0, 4), (1, 5)):
        assert f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>' in xml
    assert numbering.count("<w:startOverride") == 9
    assert (
        '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/>'
        in (numbering)
    )


def test_attachments_keep_their_numbers():
    lines = (
        AttachmentLine(1, "en"),
        AttachmentLine(2, "", "to.pdf"),
        AttachmentLine(4, "fire"),
        AttachmentLine(5, " "),
    )
    content = replace(only(), attachments=lines)
    assert texts(content)[1:] == ["Vedlegg:", "en", "to.pdf", "fire"]
    numbering = member(built(content), "word/numbering.xml").decode()
    assert '<w:ilvl="0">'.replace("<w:ilvl", "<w:lvlOverride w:ilvl") in numbering
    assert '<w:startOverride w:val="4"/>' in numbering


def test_a_title_without_number_or_kind_stands_alone():
    content = CasePresentation(Language.NB, "", "Tittel", "", dated=date(2020, 1, 2))
    assert texts(content) == ["SAKSFRAMLEGG", "Tittel", "2.1.2020"]


def test_the_signature_stays_with_the_last_paragraph():
    xml = document(replace(full_content(Language.NB), attachments=()))
    last = xml.index("AU oppfordret også")
    assert "<w:keepNext/>" in xml[xml.rindex("<w:p>", 0, last) : last]
    assert xml.count('<w:pStyle w:val="SamstyrSignature"/><w:keepNext/>') == 2


def test_two_tables_are_kept_apart_and_a_paper_never_ends_with_one():
    xml = document(only(Part("a", PartKind.SECTION, "H", (table(("a",)), table(("b",))))))
    assert "</w:tbl><w:tbl>" not in xml
    assert xml.index("</w:tbl>", xml.index(">b<")) < xml.rindex("<w:p>")


def test_a_proposal_that_is_no_list_is_printed():
    part = Part("proposal", PartKind.PROPOSAL, "Forslag", (para("Til orientering."), table(("a", "b"))))
    assert texts(only(part))[2:5] == ["Til orientering.", "a", "b"]


def test_a_link_that_is_none_is_printed_as_text():
    part = Part("a", PartKind.SECTION, "H", (Paragraph((Text("klikk", link="javascript:alert(1)"),)),))
    data = built(only(part))
    assert b"javascript" not in member(data, "word/_rels/document.xml.rels")
    assert "klikk" in texts(only(part))
