"""Block tree → HTML that is safe to put on a page: every word is escaped and no tag comes from the text."""

from dataclasses import dataclass, field
from html import escape

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
from app.kernel.language import Language
from app.platform.i18n import paper_word


def to_html(tree: Tree, prefix: str, language: Language) -> str:
    """The tree as HTML, its notes as a list at the end.

    :param prefix: makes the ids of notes unique on a page; letters, digits and hyphens.
    :param language: of the text; the labels of tables and notes are in it.
    """
    writer = _Writer(prefix, language)
    body = "".join(writer.block(block) for block in tree)
    return body + writer.notes_list()


@dataclass(slots=True)
class _Writer:
    prefix: str
    language: Language
    notes: list[str] = field(default_factory=list)
    tables: int = 0

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(runs):
                return f"<p>{self.runs(runs)}</p>"
            case Heading(level, runs):
                # The heading of the section is h2, so the headings inside it are h3 and h4.
                return f"<h{level + 1}>{self.runs(runs)}</h{level + 1}>"
            case BulletList() | NumberedList():
                return self.list(block)
            case Table(rows):
                return self.table(rows)
            case Quote(paragraphs):
                return f"<blockquote>{''.join(self.block(each) for each in paragraphs)}</blockquote>"

    def list(self, block: BulletList | NumberedList) -> str:
        items = "".join(
            f"<li>{''.join(self.block(each) for each in item.blocks)}</li>" for item in block.items
        )
        if isinstance(block, BulletList):
            return f"<ul>{items}</ul>"
        start = f' start="{block.start}"' if block.start != 1 else ""
        return f"<ol{start}>{items}</ol>"

    def table(self, rows: tuple[tuple[Runs, ...], ...]) -> str:
        self.tables += 1
        word = paper_word(self.language, "Table")
        label = f"{escape(word)} {self.tables}"
        head = "".join(f'<th scope="col">{self.runs(cell)}</th>' for cell in rows[0]) if rows else ""
        body = "".join(
            f"<tr>{''.join(f'<td>{self.runs(cell)}</td>' for cell in row)}</tr>" for row in rows[1:]
        )
        return (
            f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def runs(self, runs: Runs | tuple[Text, ...]) -> str:
        return "".join(self.run(run) for run in runs)

    def run(self, run: Text | Break | Footnote) -> str:
        match run:
            case Break():
                return "<br>"
            case Footnote(note):
                return self.note(note)
            case Text(text, bold, italic, link):
                html = escape(text)
                html = f"<em>{html}</em>" if italic else html
                html = f"<strong>{html}</strong>" if bold else html
                if link and is_link(link):
                    html = f'<a href="{escape(link)}" rel="noopener noreferrer">{html}</a>'
                return html

    def note(self, note: tuple[Text, ...]) -> str:
        number = len(self.notes) + 1
        label = escape(paper_word(self.language, "Footnote"))
        back = escape(paper_word(self.language, "Back to the text"))
        mark, place = f"{self.prefix}-note-{number}", f"{self.prefix}-mark-{number}"
        self.notes.append(
            f'<li id="{mark}">{self.runs(note)} <a href="#{place}" role="doc-backlink" aria-label="{back}">↩</a></li>'
        )
        return (
            f'<sup class="note-mark"><a href="#{mark}" id="{place}" role="doc-noteref" '
            f'aria-label="{label} {number}">{number}</a></sup>'
        )

    def notes_list(self) -> str:
        if not self.notes:
            return ""
        label = escape(paper_word(self.language, "Notes"))
        return f'<aside class="notes" aria-label="{label}"><ol>{"".join(self.notes)}</ol></aside>'
