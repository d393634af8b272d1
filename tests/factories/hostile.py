"""Hostile files of every class, with the code of the guard's refusal."""

import io
import struct
import warnings
import zipfile

from tests.factories.packages import (
    MAINS,
    W,
    field,
    odf,
    odf_part,
    office,
    paragraph,
    png_head,
    relations,
    types,
    zipped,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
_DTD = '<!DOCTYPE x [<!ENTITY a "b">]>'
_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
MAIN = "word/document.xml"


def document(inside: str = "") -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def doubled(name: str, second: str) -> bytes:
    """A package with a second member beside one of its own."""
    members = members_of(office())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for each, content in members.items():
            package.writestr(each, content)
        with warnings.catch_warnings(action="ignore"):
            package.writestr(name, second)
    return target.getvalue()


def patched(
    data: bytes, *changes: tuple[str, int, bytes], record: bytes = b"PK\x01\x02", number: int = 2
) -> bytes:
    """Other bytes at a place of the n-th record of a kind."""
    place = -1
    for _ in range(number + 1):
        place = data.index(record, place + 1)
    out = bytearray(data)
    for _why, offset, value in changes:
        out[place + offset : place + offset + len(value)] = value
    return bytes(out)


def overlapping() -> bytes:
    """Two entries of the directory that point at the same data."""
    data = office(parts={"a.xml": "<a/>", "b.xml": "<a/>"})
    first = data.index(b"PK\x01\x02")
    records = [first]
    while (following := data.find(b"PK\x01\x02", records[-1] + 1)) > 0:
        records.append(following)
    a, b = records[-2:]
    out = bytearray(data)
    out[b + 42 : b + 46] = out[a + 42 : a + 46]
    return bytes(out)


def swollen(size: int) -> bytes:
    """A member that is far larger than the directory says."""
    data = office(parts={"word/media/x.bin": bytes(size)})
    return patched(data, ("size", 24, struct.pack("<L", 100)), number=3)


def utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def second_name() -> bytes:
    """An entry with an extra field that names it otherwise."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in members_of(office()).items():
            entry = zipfile.ZipInfo(name)
            entry.extra = struct.pack("<HHBL", 0x7075, 8, 1, 0) + b"evl" if name == MAIN else b""
            package.writestr(entry, content)
    return target.getvalue()


def chart_with(embedded: bytes) -> bytes:
    """A document with a chart and the workbook behind it."""
    return office(
        parts={
            "[Content_Types].xml": types(
                "docx",
                word__charts__chart1="application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
            ).replace("chart1", "chart1.xml"),
            "word/charts/chart1.xml": '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>',
            "word/charts/_rels/chart1.xml.rels": relations(
                ("rId1", "package", "../embeddings/wb.xlsx", False)
            ),
            "word/embeddings/wb.xlsx": embedded,
        },
        links=(("rId5", "chart", "charts/chart1.xml", False),),
    )


def linked(kind: str, target: str, *, outside: bool = True, inside: str = "") -> bytes:
    return office(inside=inside or paragraph(), links=(("rId7", kind, target, outside),))


def settings_with_template(target: str) -> bytes:
    return office(
        parts={
            "word/settings.xml": f'<w:settings xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="rId1"/></w:settings>',
            "word/_rels/settings.xml.rels": relations(("rId1", "attachedTemplate", target, True)),
        },
        links=(("rId2", "settings", "settings.xml", False),),
    )


REFUSED: dict[str, tuple[str, bytes, str]] = {
    # the archive
    "prefix": ("docx", b"#!/bin/sh\n" + office(), "file.type_disagrees"),
    "prefix of a picture": ("docx", b"GIF89a" + office(), "file.type_disagrees"),
    "appended": ("docx", office() + b"<script>", "file.disguised"),
    "second archive behind": ("docx", office() + office(), "file.disguised"),
    "comment": (
        "docx",
        office()[:-2] + struct.pack("<H", 9) + b"<script/>",
        "file.disguised",
    ),
    "gap": ("docx", b"", "file.disguised"),
    "cut": ("docx", office()[:-30], "file.broken"),
    "zip64 lies": (
        "docx",
        patched(office(), ("size", 20, b"\xff" * 8)),
        "file.broken",
    ),
    "many entries": ("docx", office(parts={f"a/{n}.bin": b"" for n in range(10_001)}), "file.bomb"),
    "overlapping": ("docx", overlapping(), "file.broken"),
    "names differ": ("docx", patched(office(), ("name", 30, b"W"), record=b"PK\x03\x04"), "file.broken"),
    "absolute name": ("docx", office(parts={"/etc/x.xml": "<a/>"}), "file.broken"),
    "climbing name": ("docx", office(parts={"../x.xml": "<a/>"}), "file.broken"),
    "climbing name, masked": ("docx", office(parts={"word/%2e%2e/x.xml": "<a/>"}), "file.broken"),
    "backslash name": ("docx", office(parts={"word\\x.xml": "<a/>"}), "file.broken"),
    "drive name": ("docx", office(parts={"C:/x.xml": "<a/>"}), "file.broken"),
    "double": ("docx", doubled(MAIN, document(paragraph("Vedtak: nei"))), "file.broken"),
    "double by case": ("docx", doubled("WORD/Document.XML", document()), "file.broken"),
    "second name": ("docx", second_name(), "file.broken"),
    "script in a drawing": (
        "docx",
        office(
            parts={"word/media/x.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"}
        ),
        "file.macros",
    ),
    "OLE, type with a space": (
        "docx",
        linked("oleObject ", "embeddings/o.bin", outside=False),
        "file.embedded",
    ),
    "encrypted": ("docx", patched(office(), ("flags", 8, b"\x01\x00")), "file.encrypted"),
    "encrypted by Office": ("docx", _OLE, "file.encrypted"),
    "odd packing": ("docx", patched(office(), ("method", 10, b"\x0c\x00")), "file.broken"),
    "wrong checksum": ("docx", patched(office(), ("crc", 16, b"\x00\x00\x00\x00")), "file.broken"),
    "swollen": ("docx", swollen(1 << 20), "file.broken"),
    "bomb": ("docx", office(parts={"word/media/x.bin": bytes(30 << 20)}), "file.bomb"),
    "bomb of text": ("docx", office(inside=" " * (30 << 20)), "file.bomb"),
    "archive inside": ("docx", office(parts={"word/media/x.bin": office()}), "file.embedded"),
    # markup
    "doctype": ("docx", office(parts={MAIN: _DTD + document()}), "file.dtd"),
    "doctype in any part": ("docx", office(parts={"customXml/item1.xml": _DTD + "<x/>"}), "file.dtd"),
    "doctype without a name": ("docx", office(parts={"word/media/x.bin": _DTD + "<x/>"}), "file.dtd"),
    "doctype in relationships": (
        "docx",
        office(parts={"word/_rels/x.xml.rels": _DTD + relations()}),
        "file.dtd",
    ),
    "doctype in types": ("docx", office(parts={"[Content_Types].xml": _DTD + "<Types/>"}), "file.dtd"),
    "doctype, UTF-16": ("docx", office(parts={MAIN: utf16(_DTD + document())}), "file.dtd"),
    "doctype, UTF-16 unmarked": (
        "docx",
        office(parts={"x.xml": (f"<?xml version='1.0' encoding='UTF-16'?>{_DTD}<x/>").encode("utf-16-be")}),
        "file.dtd",
    ),
    "doctype, UTF-7": (
        "docx",
        office(parts={MAIN: b"<?xml version='1.0' encoding='UTF-7'?>" + (_DTD + document()).encode("utf-7")}),
        "file.broken",
    ),
    "doctype, other code page": (
        "docx",
        office(parts={"x.xml": f"<?xml version='1.0' encoding='cp037'?>{_DTD}<x/>".encode("cp037")}),
        "file.broken",
    ),
    "external entity": (
        "docx",
        office(parts={MAIN: '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}),
        "file.dtd",
    ),
    "billion laughs": (
        "xlsx",
        office("xlsx", parts={"xl/sharedStrings.xml": _BOMB + "<x>&b;</x>"}),
        "file.dtd",
    ),
    "not well formed": ("docx", office(parts={MAIN: "<w:document>"}), "file.broken"),
    "deep": ("docx", office(inside="<w:p>" * 300 + "</w:p>" * 300), "file.too_long"),
    "paragraphs": ("docx", office(inside="<w:p/>" * 20_001), "file.too_long"),
    "elements": ("docx", office(inside="<w:r/>" * 600_001), "file.too_long"),
    # kinds
    "no types": ("docx", zipped({MAIN: document()}), "file.type_disagrees"),
    "sheet as document": ("docx", office("xlsx"), "file.type_disagrees"),
    "template as document": ("docx", office("dotx"), "file.type_disagrees"),
    "two documents": (
        "docx",
        office(
            parts={
                "[Content_Types].xml": types("docx", word__document2=MAINS["docx"][1]).replace(
                    "document2", "document2.xml"
                ),
                "word/document2.xml": document(paragraph("Vedtak: nei")),
            }
        ),
        "file.broken",
    ),
    "two ways in": (
        "docx",
        office(
            parts={
                "_rels/.rels": relations(
                    ("rId1", "officeDocument", MAIN, False), ("rId2", "officeDocument", "word/b.xml", False)
                ),
                "word/b.xml": document(),
            }
        ),
        "file.broken",
    ),
    # programs
    "macros": ("docx", linked("vbaProject", "vbaProject.bin", outside=False), "file.macros"),
    "macro type": (
        "docx",
        office(
            parts={
                "[Content_Types].xml": types("docx").replace(
                    MAINS["docx"][1], "application/vnd.ms-word.document.macroEnabled.main+xml"
                )
            }
        ),
        "file.macros",
    ),
    "macro sheet": ("xlsx", office("xlsx", links=(("rId1", "xlMacrosheet", "x.xml", False),)), "file.macros"),
    "macro file, unnamed": ("docx", office(parts={"word/x.bin": _OLE}), "file.embedded"),
    "OLE": ("docx", linked("oleObject", "embeddings/o.bin", outside=False), "file.embedded"),
    "OLE link": ("docx", linked("oleObject", "file:///C:/x.xls"), "file.embedded"),
    "embedded package": ("docx", linked("package", "embeddings/x.docx", outside=False), "file.embedded"),
    "activeX": ("docx", linked("control", "activeX/activeX1.xml", outside=False), "file.embedded"),
    "program inside": ("pptx", office("pptx", parts={"ppt/media/m.wav": b"MZ" + bytes(90)}), "file.embedded"),
    "script inside": ("docx", office(parts={"word/x.js": b"alert(1)"}), "file.embedded"),
    "macros behind a chart": (
        "docx",
        chart_with(office("xlsx", links=(("r1", "vbaProject", "vbaProject.bin", False),))),
        "file.macros",
    ),
    "object behind a chart": (
        "docx",
        chart_with(office("xlsx", links=(("r1", "package", "embeddings/x.xlsx", False),))),
        "file.embedded",
    ),
    "altChunk": ("docx", linked("aFChunk", "chunk.html", outside=False), "file.fetches"),
    "subdocument": ("docx", linked("subDocument", "http://example.no/x.docx"), "file.fetches"),
    "frame": ("docx", linked("frame", "http://example.no/"), "file.fetches"),
    "DDE": ("docx", office(inside=field("DDE cmd ", '"/c calc"')), "file.dde"),
    "DDE, split": ("docx", office(inside=field("DD", "EAU", "TO c:\\\\x")), "file.dde"),
    "DDE, simple": (
        "docx",
        office(inside='<w:p><w:fldSimple w:instr=" DDEAUTO cmd /c calc "/></w:p>'),
        "file.dde",
    ),
    "DDE in a footer": ("docx", office(parts={"word/footer1.xml": document(field("DDE x"))}), "file.dde"),
    "DDE left open": (
        "docx",
        office(inside='<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE x</w:instrText></w:r>'),
        "file.dde",
    ),
    "DDE, other prefix": (
        "docx",
        office(
            parts={
                MAIN: f'<x:document xmlns:x="{W}"><x:fldSimple x:instr="DDE cmd"/></x:document>',
            }
        ),
        "file.dde",
    ),
    "DDE link of a sheet": (
        "xlsx",
        office(
            "xlsx",
            parts={"xl/externalLinks/e.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'},
        ),
        "file.dde",
    ),
    "DDE formula": (
        "xlsx",
        office("xlsx", parts={"xl/worksheets/s.xml": "<worksheet><f>cmd|'/C calc'!A0</f></worksheet>"}),
        "file.dde",
    ),
    # pictures
    "pixels": ("docx", office(parts={"word/media/x.png": png_head(60_000, 60_000)}), "file.too_many_pixels"),
    "pixels in all": (
        "docx",
        office(parts={f"word/media/{n}.png": png_head(9_900, 9_900) for n in range(6)}),
        "file.too_many_pixels",
    ),
    "picture of pixels": ("png", png_head(60_000, 60_000), "file.too_many_pixels"),
    "GIF of pixels": ("gif", b"GIF89a\x00\x7d\x00\x7d" + bytes(30), "file.too_many_pixels"),
    # OpenDocument
    "other ODF": ("odt", odf("ods"), "file.type_disagrees"),
    "ODF doctype": ("odt", odf(parts={"meta.xml": _DTD + "<x/>"}), "file.dtd"),
    "ODF macros": ("odt", odf(parts={"Basic/Standard/Module1.xml": "<x/>"}), "file.macros"),
    "ODF macro event": (
        "odt",
        odf(inside='<script:event-listener xlink:href="vnd.sun.star.script:x?language=Basic"/>'),
        "file.macros",
    ),
    "ODF password": (
        "odt",
        odf(parts={"META-INF/manifest.xml": odf_part("<manifest:encryption-data/>")}),
        "file.encrypted",
    ),
    "ODF DDE": ("odt", odf(inside='<office:dde-source office:dde-application="soffice"/>'), "file.dde"),
    "ODF OLE": ("odt", odf(inside='<draw:object-ole xlink:href="./Object 1"/>'), "file.embedded"),
    "ODF OLE part": ("odt", odf(parts={"Object 1": _OLE}), "file.embedded"),
    "ODF applet": ("odt", odf(inside="<draw:applet/>"), "file.embedded"),
    "ODF frame": ("odt", odf(inside='<draw:floating-frame xlink:href="http://x/"/>'), "file.fetches"),
    "ODF swollen": ("odt", b"", "file.broken"),
    # other kinds
    "page as text": ("txt", b"<!DOCTYPE html><script>1</script>", "file.type_disagrees"),
    "drawing as picture": ("png", b"<svg xmlns='x' onload='x'/>", "file.type_disagrees"),
    "program as text": ("csv", b"MZ\x90\x00", "file.type_disagrees"),
    "PDF behind a page": ("pdf", b"<html>%PDF-1.7 %%EOF", "file.type_disagrees"),
}


def _gap() -> bytes:
    """Bytes between the last entry and the directory that belong to nobody."""
    data = office()
    directory = data.index(b"PK\x01\x02")
    out = data[:directory] + b"<script>" + data[directory:]
    return out[:-6] + struct.pack("<L", directory + 8) + out[-2:]


REFUSED["gap"] = ("docx", _gap(), "file.disguised")
REFUSED["ODF swollen"] = ("odt", patched(odf(), ("size", 24, b"\x05\x00\x00\x00"), number=1), "file.broken")
