"""A case presentation built the usual way, element by element with python-docx, for the comparison.

The words, styles, lists and tables are those of the product's own builder; content controls, notes and real hyperlinks,
which python-docx has no calls for, are left out, so the comparison favours this way.
"""

import io
from collections.abc import Iterable
from typing import Any

import docx

from app.documents.case_presentation import CasePresentation, Part, PartKind
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
)
from app.documents.richtext.plain import plain_runs
from app.documents.wording import label
from app.platform.i18n import format_date


def build_with_element_api(content: CasePresentation, template_bytes: bytes) -> bytes:
    """The same paper as ``build_case_presentation`` writes, by ``add_paragraph`` and ``add_run``."""
    document = docx.Document(io.BytesIO(template_bytes))

    def words(key: str) -> str:
        return label(content.language, key, content.wording)

    document.add_paragraph(words("document"), style="Subtitle")
    document.add_paragraph(f"{words('forum')} {content.forum}", style="Samstyr Details")
    if content.meeting_date:
        day = format_date(content.meeting_date)
        document.add_paragraph(f"{words('meeting_date')} {day}", style="Samstyr Details")
    document.add_paragraph(
        f"{words('case')} {content.number} {content.title} {content.kind_label}", style="Title"
    )
    for part in content.parts:
        _part(document, part)
    if content.attachments:
        document.add_paragraph(words("attachments"), style="heading 1")
        for each in content.attachments:
            document.add_paragraph(each.title, style="List Number")
    document.add_paragraph(f"{words('presenter')} {content.presenters}", style="Samstyr Signature")
    document.add_paragraph(f"{words('preparer')} {content.preparer}", style="Samstyr Signature")
    day = format_date(content.dated) if content.dated else ""
    document.add_paragraph(f"{content.place}, {day}", style="Samstyr Signature")
    document.core_properties.title = content.title[:255]
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _part(document: Any, part: Part) -> None:
    document.add_paragraph(part.heading, style="heading 1")
    holder = document
    if part.kind is PartKind.PROPOSAL:
        holder = document.add_table(rows=1, cols=1, style="Samstyr Decision").cell(0, 0)
    _blocks(holder, document, (*part.lead_in, *part.body, *part.closing))


def _blocks(holder: Any, document: Any, blocks: Iterable[Block]) -> None:
    for block in blocks:
        match block:
            case Paragraph(runs):
                _runs(holder.add_paragraph(style="Body Text"), runs)
            case Heading(level, runs):
                _runs(holder.add_paragraph(style=f"heading {level}"), runs)
            case BulletList() | NumberedList():
                _list(holder, block, 1)
            case Table(rows):
                _table(document, rows)
            case Quote(paragraphs):
                for paragraph in paragraphs:
                    _runs(holder.add_paragraph(style="Quote"), paragraph.runs)


def _list(holder: Any, block: BulletList | NumberedList, level: int) -> None:
    name = "List Bullet" if isinstance(block, BulletList) else "List Number"
    style = f"{name} {level}" if level > 1 else name
    for item in block.items:
        for each in item.blocks:
            if isinstance(each, Paragraph):
                _runs(holder.add_paragraph(style=style), each.runs)
            else:
                _list(holder, each, level + 1)


def _table(document: Any, rows: tuple[tuple[Runs, ...], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            paragraph = table.cell(number, column).paragraphs[0]
            paragraph.style = "Samstyr Table Text"
            _runs(paragraph, cell)


def _runs(paragraph: Any, runs: Runs) -> None:
    for each in runs:
        match each:
            case Break():
                paragraph.add_run().add_break()
            case Footnote(note):
                paragraph.add_run(f" [{plain_runs(note)}]")
            case Text(text, bold, italic, _):
                run = paragraph.add_run(text)
                run.bold = bold or None
                run.italic = italic or None
