"""Word templates for tests: an organisation's own, written by a Norwegian Word."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import docx
from docx.oxml import parse_xml
from docx.shared import Cm

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LOCAL_IDS = {
    "Heading1": "Overskrift1",
    "Heading2": "Overskrift2",
    "Heading3": "Overskrift3",
    "Title": "Tittel",
    "BodyText": "Brdtekst",
    "ListBullet": "Punktliste",
    "ListBullet2": "Punktliste2",
    "ListNumber": "Nummerertliste",
    "ListNumber2": "Nummerertliste2",
    "TableGrid": "Tabellrutenett",
    "Header": "Topptekst",
    "Footer": "Bunntekst",
}
ABSENT = ("ListBullet3", "Quote", "QuoteChar", "Strong", "Subtitle", "SubtitleChar")


def localised_template(*, place: bool = True) -> bytes:
    """A template with Norwegian style ids, a logo on the first page, its own text, and some styles missing.

    :param place: whether it says with a content control where the paper goes.
    """
    document = docx.Document()
    styles = document.styles.element
    for style in list(styles):
        if style.get(f"{{{W}}}styleId") in ABSENT:
            styles.remove(style)
    for element in styles.iter():
        if element.tag == f"{{{W}}}name":
            continue  # the names of built-in styles are the same in every language
        for name, value in list(element.attrib.items()):
            if value in LOCAL_IDS:
                element.set(name, LOCAL_IDS[value])
    for element in document.part.numbering_part.element.iter(f"{{{W}}}pStyle"):
        value = element.get(f"{{{W}}}val")
        element.set(f"{{{W}}}val", LOCAL_IDS.get(value, value))
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].add_run().add_picture(io.BytesIO(png()), width=Cm(2))
    section.first_page_header.paragraphs[0].add_run("Digitaliseringsetaten")
    head = section.header.paragraphs[0]
    head.add_run("Saksnr. ")
    head._p.append(control("meta:number", "<w:r><w:rPr><w:b/></w:rPr><w:t>nr</w:t></w:r>"))
    section.footer._element.append(
        control("page", "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:t>side</w:t></w:r></w:p>")
    )
    for part in (section.first_page_header, section.header, section.footer, section.first_page_footer):
        for style in part._element.iter(f"{{{W}}}pStyle"):
            style.set(f"{{{W}}}val", LOCAL_IDS[style.get(f"{{{W}}}val")])
    body = document.element.body
    document.add_paragraph("Vår referanse: se saksnummer")
    if place:
        body.insert(len(body) - 1, control("innhold", "<w:p><w:r><w:t>Her</w:t></w:r></w:p>"))
        document.add_paragraph("Besøksadresse: Grev Wedels plass 9, Oslo")
    return saved(document)


def control(tag: str, content: str):
    return parse_xml(
        f'<w:sdt xmlns:w="{W}"><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'
    )


def saved(document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def png() -> bytes:
    """A picture of one dark blue dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\x1b\x36\x5d"))
        + chunk(b"IEND", b"")
    )


def with_members(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The file with some members replaced or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            copy.writestr(name, changed.get(name, source.read(name)))
        for name in changed.keys() - set(source.namelist()):
            copy.writestr(name, changed[name])
    return target.getvalue()


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)
