"""Block tree → paragraphs, lists and tables as WordprocessingML."""

from collections.abc import Sequence
from typing import Final

from app.documents.docx.numbering import LEVELS, ListLevel, restarted
from app.documents.docx.template import Template
from app.documents.docx.xml import attribute, run
from app.documents.richtext.blocks import (
    Block,
    Break,
    BulletList,
    Footnote,
    Heading,
    NumberedList,
    Paragraph,
    Quote,
    Runs,
    Table,
    Text,
    Tree,
)
from app.documents.richtext.links import is_link
from app.documents.richtext.plain import plain_runs
from app.kernel.language import Language
from app.platform.i18n import paper_word

_HYPERLINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_NARROWEST, _WIDEST = 8, 48  # characters that a column is reckoned to hold, at least and at most
_AFTER_TABLE: Final = '<w:spacing w:before="180"/>'


class Links:
    """The addresses of one part: each has one relation."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.numbers: dict[str, int] = {}

    def relation(self, address: str) -> str:
        """The id of the relation to an address."""
        return f"rId{self.numbers.setdefault(address, self.first + len(self.numbers))}"

    def xml(self) -> str:
        """The relations, for the end of the part that holds them."""
        return "".join(
            f'<Relationship Id="rId{number}" Type="{_HYPERLINK}" Target="{attribute(address)}" TargetMode="External"/>'
            for address, number in self.numbers.items()
        )


class Body:
    """The growing body of one paper. ``out`` is joined when it is finished."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.language: Language = template.language
        self.styles = template.styles
        self.out: list[str] = []
        self.links = Links(template.first_relation)
        self.note_links = Links(template.first_footnote_relation)
        self.notes: list[str] = []
        self.lists: list[str] = []
        self.tables = 0
        self.after_table = False
        self.looks = {
            (bold, italic, linked): self._look(bold, italic, linked)
            for bold in (False, True)
            for italic in (False, True)
            for linked in (False, True)
        }
        self.body_text = f'<w:p><w:pPr><w:pStyle w:val="{self.styles["Body Text"]}"/></w:pPr>'

    def blocks(self, tree: Tree, style: str = "Body Text") -> None:
        """Write the blocks one after the other; ``style`` is the name of the style of plain paragraphs."""
        for block in tree:
            self.block(block, style)

    def block(self, block: Block, style: str = "Body Text") -> None:
        match block:
            case Paragraph(runs):
                self.paragraph(runs, style)
            case Heading(level, runs):
                self.paragraph(runs, f"heading {level}")
            case BulletList() | NumberedList():
                self.nested_list(block, 0)
            case Table(rows):
                self.table(rows)
            case Quote(paragraphs):
                for paragraph in paragraphs:
                    self.paragraph(paragraph.runs, "Quote")

    def paragraph(self, runs: Runs, style: str, *, numbering: str = "", indent: int = 0) -> None:
        """Write a paragraph, unless it has nothing to show. An indent is in twips."""
        inside = self.runs(runs)
        if not inside:
            return
        if style == "Body Text" and not indent and not self.after_table:
            self.out.append(f"{self.body_text}{inside}</w:p>")
            return
        spacing = _AFTER_TABLE if self.after_table and not style.startswith("heading") else ""
        moved = f'<w:ind w:left="{indent}"/>' if indent else ""
        self.out.append(
            f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{numbering}{spacing}{moved}</w:pPr>{inside}</w:p>'
        )
        self.after_table = False

    def runs(self, runs: Sequence[Text | Break | Footnote]) -> str:
        parts = []
        for each in runs:
            match each:
                case Text():
                    parts.append(self.text(each, self.links))
                case Break():
                    parts.append("<w:r><w:br/></w:r>")
                case Footnote(note):
                    parts.append(self.note(note))
        return "".join(parts)

    def text(self, each: Text, links: Links) -> str:
        if not each.text:
            return ""
        if each.link is None or not is_link(each.link):
            return run(each.text, self.looks[each.bold, each.italic, False])
        inside = run(each.text, self.looks[each.bold, each.italic, True])
        return f'<w:hyperlink r:id="{links.relation(each.link)}" w:history="1">{inside}</w:hyperlink>'

    def note(self, note: tuple[Text, ...]) -> str:
        number = self.template.first_footnote + len(self.notes)
        mark = f'<w:rPr><w:rStyle w:val="{self.styles["footnote reference"]}"/></w:rPr>'
        words = "".join(self.text(each, self.note_links) for each in note)
        self.notes.append(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{self.styles["footnote text"]}"/></w:pPr>'
            f"<w:r>{mark}<w:footnoteRef/></w:r>{run(' ')}{words}</w:p></w:footnote>"
        )
        return f'<w:r>{mark}<w:footnoteReference w:id="{number}"/></w:r>'

    def nested_list(self, block: BulletList | NumberedList, depth: int) -> None:
        """Write a list; each numbered list counts for itself."""
        level = min(depth, LEVELS - 1)
        if isinstance(block, NumberedList):
            style, form = "List Number", self.template.numbers[level]
            numbering = self.new_list(form, block.start)
        else:
            style, form = "List Bullet", self.template.bullets[level]
            numbering = _numbering(form.number_id, form.level) if form.number_id else ""
        style = f"{style} {level + 1}" if level else style
        for item in block.items:
            first = True
            for each in item.blocks:
                if not isinstance(each, Paragraph):
                    self.nested_list(each, depth + 1)
                elif first:
                    self.paragraph(each.runs, style, numbering=numbering)
                else:
                    self.paragraph(each.runs, "Body Text", indent=form.indent)
                first = False

    def new_list(self, form: ListLevel, start: int) -> str:
        """The numbering of a list that begins at ``start`` whatever came before it."""
        number = self.template.first_number + len(self.lists)
        self.lists.append(restarted(number, form.abstract, form.level, start))
        return _numbering(number, form.level)

    def table(self, rows: tuple[tuple[Runs, ...], ...]) -> None:
        self.part_tables()
        self.tables += 1
        word = paper_word(self.language, "Table")
        widths = self.widths(rows)
        self.out.append(table_start(self.styles["Table Grid"], f"{word} {self.tables}", widths, header=True))
        for number, row in enumerate(rows):
            flags = "<w:cantSplit/><w:tblHeader/>" if number == 0 else "<w:cantSplit/>"
            self.out.append(f"<w:tr><w:trPr>{flags}</w:trPr>")
            style = self.styles["Samstyr Table Text" if number else "Samstyr Table Heading"]
            for width, cell in zip(widths, (*row, *((),) * (len(widths) - len(row))), strict=True):
                self.out.append(
                    f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
                    f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{self.runs(cell)}</w:p></w:tc>'
                )
            self.out.append("</w:tr>")
        self.out.append("</w:tbl>")
        self.after_table = True

    def widths(self, rows: tuple[tuple[Runs, ...], ...]) -> list[int]:
        """Column widths in twips, by the longest text of each column within limits."""
        columns = max((len(row) for row in rows), default=1) or 1
        longest = [_NARROWEST] * columns
        for row in rows:
            for column, cell in enumerate(row):
                longest[column] = max(longest[column], min(len(plain_runs(cell)), _WIDEST))
        whole = sum(longest)
        return [self.template.text_width * share // whole for share in longest]

    def part_tables(self) -> None:
        """Keep two tables apart: Word would join them. The one paragraph without text that we write."""
        if self.after_table:
            self.out.append(
                '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
            )
            self.after_table = False

    def _look(self, bold: bool, italic: bool, linked: bool) -> str:
        style = f'<w:rStyle w:val="{self.styles["Hyperlink"]}"/>' if linked else ""
        look = style + ("<w:b/><w:bCs/>" if bold else "") + ("<w:i/><w:iCs/>" if italic else "")
        return f"<w:rPr>{look}</w:rPr>" if look else ""


def table_start(
    style: str, caption: str, widths: Sequence[int], *, header: bool, description: str = ""
) -> str:
    """The beginning of a table over the whole width, named for those who cannot see it."""
    first_row = "0420" if header else "0400"
    described = f'<w:tblDescription w:val="{attribute(description)}"/>' if description else ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{first_row}"/><w:tblCaption w:val="{attribute(caption, 250)}"/>'
        f"{described}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
    )


def _numbering(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
