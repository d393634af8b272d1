"""Build ``docx_templates/case_presentation.docx``, the look of a case presentation as shipped.

Run it from the checkout: ``python -m tools.make_docx_templates``. The file is committed, because an organisation takes it
as the start of its own. It holds styles, a header, a footer and named places; no logic.
"""

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm

from app.documents.docx.numbering import abstract_number, number_instance
from app.documents.docx.xml import W

TARGET = Path(__file__).resolve().parent.parent / "docx_templates" / "case_presentation.docx"
INK = "1B365D"  # dark blue on white: contrast 12 to 1
QUIET = "44546A"  # grey blue on white: contrast 7.6 to 1
LINE = "8496B0"
WASH = "EEF3F9"
TEXT_WIDTH = 9070  # twips: A4 with margins of 2.5 cm


def paragraph_style(
    style_id: str, name: str, layout: str, look: str = "", *, based: str = "Normal", after: str = ""
) -> str:
    base = f'<w:basedOn w:val="{based}"/>' if style_id != "Normal" else ""
    following = f'<w:next w:val="{after}"/>' if after else ""
    default = ' w:default="1"' if style_id == "Normal" else ""
    custom = ' w:customStyle="1"' if name.startswith("Samstyr") else ""
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{style_id}"><w:name w:val="{name}"/>{base}{following}'
        f"<w:qFormat/><w:pPr>{layout}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
    )


def character_style(style_id: str, name: str, look: str) -> str:
    custom = ' w:customStyle="1"' if name.startswith("Samstyr") else ""
    return (
        f'<w:style w:type="character"{custom} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{look}</w:rPr></w:style>'
    )


def spacing(before: int, after: int, line: int = 269) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def heading(level: int, points: float, before: int, extra: str = "") -> str:
    return paragraph_style(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/><w:keepLines/>{spacing(before, 60, 252)}<w:outlineLvl w:val="{level - 1}"/>',
        f'<w:b/><w:bCs/>{extra}<w:color w:val="{INK}"/>{size(points)}',
        after="BodyText",
    )


def list_style(kind: str, level: int) -> str:
    suffix = f" {level + 1}" if level else ""
    stated = f'<w:ilvl w:val="{level}"/>' if level else ""
    number = 1 if kind == "Bullet" else 2
    return paragraph_style(
        f"List{kind}{suffix.strip()}",
        f"List {kind}{suffix}",
        f'<w:numPr>{stated}<w:numId w:val="{number}"/></w:numPr>{spacing(0, 70)}',
        based="BodyText",
    )


def border(side: str, width: int, colour: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="{colour}"/>'


def styles() -> str:
    edges = "".join(
        border(side, 4, LINE) for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    frame = (
        border("top", 6, LINE)
        + border("left", 24, INK)
        + border("bottom", 6, LINE)
        + border("right", 6, LINE)
    )
    parts = [
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri"'
        f' w:cs="Calibri"/>{size(11)}<w:lang w:val="nb-NO" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>",
        paragraph_style("Normal", "Normal", spacing(0, 0)),
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>',
        paragraph_style("BodyText", "Body Text", spacing(40, 100)),
        heading(1, 14, 300),
        heading(2, 12, 220),
        heading(3, 11, 180, "<w:i/><w:iCs/>"),
        paragraph_style(
            "Title",
            "Title",
            f"<w:keepNext/><w:keepLines/><w:pBdr>{border('bottom', 8, INK, 6)}</w:pBdr>{spacing(220, 200, 247)}",
            f'<w:b/><w:bCs/><w:color w:val="{INK}"/>{size(19)}',
            after="BodyText",
        ),
        paragraph_style(
            "Subtitle",
            "Subtitle",
            f"<w:keepNext/>{spacing(0, 100)}",
            f'<w:b/><w:bCs/><w:color w:val="{QUIET}"/><w:spacing w:val="40"/>{size(12)}',
            after="BodyText",
        ),
        paragraph_style("SamstyrDetails", "Samstyr Details", f"<w:keepNext/>{spacing(0, 20)}"),
        paragraph_style("SamstyrSignature", "Samstyr Signature", f"<w:keepLines/>{spacing(0, 40)}"),
        paragraph_style("SamstyrTableText", "Samstyr Table Text", spacing(30, 30, 252), size(10)),
        paragraph_style(
            "SamstyrTableHeading",
            "Samstyr Table Heading",
            "<w:keepNext/>",
            "<w:b/><w:bCs/>",
            based="SamstyrTableText",
        ),
        *(list_style(kind, level) for kind in ("Bullet", "Number") for level in range(3)),
        paragraph_style(
            "Quote",
            "Quote",
            f"<w:pBdr>{border('left', 18, LINE, 10)}</w:pBdr>{spacing(60, 100)}"
            '<w:ind w:left="425" w:right="425"/>',
            f'<w:i/><w:iCs/><w:color w:val="{QUIET}"/>',
            based="BodyText",
        ),
        paragraph_style(
            "Header",
            "header",
            f"<w:pBdr>{border('bottom', 4, LINE, 4)}</w:pBdr>"
            f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>',
            f'<w:color w:val="{QUIET}"/>{size(9)}',
        ),
        paragraph_style("Footer", "footer", '<w:jc w:val="right"/>', f'<w:color w:val="{QUIET}"/>{size(9)}'),
        paragraph_style("FootnoteText", "footnote text", spacing(0, 20, 240), size(9)),
        character_style("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
        character_style("Hyperlink", "Hyperlink", '<w:color w:val="0B5394"/><w:u w:val="single"/>'),
        character_style("Strong", "Strong", "<w:b/><w:bCs/>"),
        character_style(
            "SamstyrKind",
            "Samstyr Kind",
            f'<w:b w:val="0"/><w:bCs w:val="0"/><w:color w:val="{QUIET}"/>{size(13)}',
        ),
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="{INK}"/></w:rPr><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/></w:tcPr></w:tblStylePr></w:style>',
        '<w:style w:type="table" w:customStyle="1" w:styleId="SamstyrDecision"><w:name w:val="Samstyr Decision"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{frame}</w:tblBorders><w:tblCellMar>'
        '<w:top w:w="85" w:type="dxa"/><w:left w:w="227" w:type="dxa"/><w:bottom w:w="57" w:type="dxa"/>'
        '<w:right w:w="227" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/></w:tcPr></w:style>',
    ]
    return f'<w:styles xmlns:w="{W}">{"".join(parts)}</w:styles>'


def settings() -> str:
    compatibility = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    )
    return (
        f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:footnotePr><w:footnote w:id="-1"/>'
        f'<w:footnote w:id="0"/></w:footnotePr><w:compat>{compatibility}</w:compat>'
        '<w:themeFontLang w:val="nb-NO"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def fonts() -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{W}"><w:font w:name="Calibri">'
        '<w:altName w:val="Carlito"/><w:panose1 w:val="020F0502020204030204"/><w:charset w:val="00"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def footnotes() -> str:
    def rule(number: int, kind: str, element: str) -> str:
        return (
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            f'w:lineRule="auto"/></w:pPr><w:r><w:{element}/></w:r></w:p></w:footnote>'
        )

    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:footnotes xmlns:w="{W}">'
        + rule(-1, "separator", "separator")
        + rule(0, "continuationSeparator", "continuationSeparator")
        + "</w:footnotes>"
    )


def control(tag: str, alias: str, number: int, shown: str) -> str:
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{alias}"/><w:tag w:val="{tag}"/><w:id w:val="{number}"/><w:text/></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{shown}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def build() -> bytes:
    document = docx.Document()
    package = document.part.package
    kept = {
        RELATIONSHIP_TYPE.STYLES,
        RELATIONSHIP_TYPE.SETTINGS,
        RELATIONSHIP_TYPE.NUMBERING,
        RELATIONSHIP_TYPE.THEME,
        RELATIONSHIP_TYPE.FONT_TABLE,
    }
    for key, relation in list(document.part.rels.items()):
        if relation.reltype not in kept:
            document.part.rels.pop(key)
    for key, relation in list(package.rels.items()):
        if "thumbnail" in relation.reltype:
            package.rels.pop(key)
    document.part.part_related_by(RELATIONSHIP_TYPE.STYLES)._element = parse_xml(styles())
    document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)._element = parse_xml(settings())
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = fonts().encode()
    bullets = ("ListBullet", "ListBullet2", "ListBullet3")
    numbers = ("ListNumber", "ListNumber2", "ListNumber3")
    numbering = (
        f'<w:numbering xmlns:w="{W}">{abstract_number(0, "bullet", bullets)}{abstract_number(1, "number", numbers)}'
        f"{number_instance(1, 0)}{number_instance(2, 1)}</w:numbering>"
    )
    document.part.numbering_part._element = parse_xml(numbering)
    notes = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, footnotes().encode(), package)
    document.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    section.header_distance = section.footer_distance = Cm(1.25)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.style, foot.style = document.styles["header"], document.styles["footer"]
    tab = f'<w:r xmlns:w="{W}"><w:tab/></w:r>'
    for piece in (control("meta:forum", "Forum", 101, "Forum"), tab, control("meta:case", "Sak", 102, "Sak")):
        head._p.append(parse_xml(piece.replace("<w:sdt>", f'<w:sdt xmlns:w="{W}">', 1)))
    page = control("page", "Side", 103, "Side 1 av 1").replace("<w:sdt>", f'<w:sdt xmlns:w="{W}">', 1)
    foot._p.append(parse_xml(page))

    body = document.element.body
    for paragraph in list(body.p_lst):
        body.remove(paragraph)
    place = (
        f'<w:sdt xmlns:w="{W}"><w:sdtPr><w:alias w:val="Innhold"/><w:tag w:val="innhold"/><w:id w:val="104"/></w:sdtPr>'
        '<w:sdtContent><w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t>Innhold'
        "</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    body.insert(0, parse_xml(place))
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.keywords = "", "", "", ""
    properties.last_modified_by = ""
    saved = io.BytesIO()
    document.save(saved)
    return with_fixed_dates(saved.getvalue())


def with_fixed_dates(data: bytes) -> bytes:
    """The same file each time, so that building it again changes nothing in the repository."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for entry in source.infolist():
            fixed = ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type = ZIP_DEFLATED
            copy.writestr(fixed, source.read(entry))
    return target.getvalue()


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(build())
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")
