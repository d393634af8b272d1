"""A case presentation as a Word file: head, parts, attachments, signature, in that order."""

from datetime import date

from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.docx.body import Body, table_start
from app.documents.docx.controls import BLOCK_END, Controls
from app.documents.docx.parts import Frame
from app.documents.docx.properties import core_properties, custom_properties
from app.documents.docx.template import Template
from app.documents.docx.xml import run, text
from app.documents.richtext.blocks import Text, Tree
from app.documents.wording import head_marks, label, mark, with_addressee
from app.kernel.text import clean_line
from app.kernel.words import P_
from app.platform.i18n import format_date, paper_word


def build_case_presentation(content: CasePresentation, template: Template) -> bytes:
    """The paper as the bytes of a Word file: the same bytes for the same content and template.

    Takes any text: what XML cannot hold is dropped, and what follows it stays. Fields and parts without content are
    left out, headings and all, except a part that has a heading: it keeps its place for those who write on.
    """
    paper = _Paper(content, template)
    paper.head()
    for part in content.parts:
        paper.part(part)
    paper.attachments()
    paper.signature()
    paper.corrections()
    paper.body.part_tables()
    return template.pack(paper.changed())


class _Paper:
    def __init__(self, content: CasePresentation, template: Template) -> None:
        self.content = content
        self.template = template
        self.body = Body(template)
        self.styles = template.styles
        self.controls = Controls(template.first_control, template.first_bookmark)
        self.controls.keys.add("attachments")
        self.label = {
            key: clean_line(label(content.language, key, content.wording))
            for key in (
                "document",
                "forum",
                "meeting_date",
                "case",
                "attachments",
                "presenter",
                "preparer",
                "correction",
                "reason",
            )
        }
        self.number = clean_line(content.number)
        self.values = {
            "forum": clean_line(content.forum),
            "number": self.number,
            "case": f"{self.label['case']} {self.number}" if self.number else "",
            "title": clean_line(content.title),
            "kind": clean_line(content.kind_label),
            "meeting_date": _day(content.meeting_date),
        }

    def head(self) -> None:
        """The label of the paper, forum and date, and the title line with number and kind."""
        self.line("Subtitle", run(self.label["document"]))
        strong = f'<w:rPr><w:rStyle w:val="{self.styles["Strong"]}"/></w:rPr>'
        for name in ("forum", "meeting_date"):
            if self.values[name]:
                start = run(f"{self.label[name]} ", strong)
                self.line("Samstyr Details", start + self.field(name, self.label[name], self.values[name]))
        pieces = []
        if self.number:
            pieces.append(
                run(f"{self.label['case']} ") + self.field("number", self.label["case"], self.number)
            )
        if self.values["title"]:
            pieces.append(
                self.field("title", paper_word(self.content.language, "Title"), self.values["title"])
            )
        if self.values["kind"]:
            # A character style cannot turn off the bold of a paragraph style, the run itself can.
            style = self.styles["Samstyr Kind"]
            quiet = f'<w:rPr><w:rStyle w:val="{style}"/><w:b w:val="0"/><w:bCs w:val="0"/></w:rPr>'
            pieces.append(
                self.field(
                    "kind", paper_word(self.content.language, "Kind of case"), self.values["kind"], quiet
                )
            )
        if pieces:
            self.line("Title", run(" ").join(pieces))
        for said in head_marks(self.content):
            self.mark(said)

    def mark(self, said: str) -> None:
        """A line of its own that says on which ground something is withheld."""
        strong = f'<w:rPr><w:rStyle w:val="{self.styles["Strong"]}"/></w:rPr>'
        self.line("Samstyr Details", run(said, strong))

    def part(self, part: Part) -> None:
        """A headed part in its control, with a control of its own around what is proposed, asked or advised."""
        heading = clean_line(part.heading)
        lead_in = with_addressee(part) if part.kind is PartKind.PROPOSAL else part.lead_in
        if not heading and not (lead_in or part.body or part.closing):
            return
        key = self.controls.key(part.key)
        out = self.body.out
        out.append(self.controls.block(f"sec:{key}", heading, locked=True))
        before = len(out)
        if heading:
            self.line("heading 1", self.controls.heading(key, run(heading)))
        if part.exempt_by:
            self.mark(mark(self.content.language, P_("Exempt from public access, cf. %s"), part.exempt_by))
        match part.kind:
            case PartKind.PROPOSAL:
                self.proposal(key, heading, (*lead_in, *part.body, *part.closing))
            case PartKind.SECTION:
                self.body.blocks((*lead_in, *part.body, *part.closing))
            case PartKind.QUESTIONS | PartKind.INPUT:
                self.lead_in(lead_in)
                name = "questions" if part.kind is PartKind.QUESTIONS else "advice"
                self.controlled(f"{name}:{key}", heading, part.body)
                self.body.blocks(part.closing)
        if len(out) == before:
            out.pop()
        else:
            out.append(BLOCK_END)

    def lead_in(self, tree: Tree) -> None:
        """What stands before a list, on the same page as its first item."""
        self.body.blocks(tree)
        if tree:
            self.keep_with_next()

    def controlled(self, tag: str, alias: str, tree: Tree) -> None:
        """Blocks in a control, which is left out when there is nothing to put in it."""
        out = self.body.out
        out.append(self.controls.block(tag, alias))
        before = len(out)
        self.body.blocks(tree)
        if len(out) == before:
            out.pop()
        else:
            out.append(BLOCK_END)

    def proposal(self, key: str, heading: str, tree: Tree) -> None:
        """What is proposed, in a box: a table of one cell, under its heading and not around it."""
        out = self.body.out
        start = len(out)
        out.append(self.controls.block(f"proposal:{key}", heading))
        described = paper_word(self.content.language, "Box with the text that is put forward for decision")
        widths = [self.template.text_width]
        caption = heading or described
        out.append(
            table_start(self.styles["Samstyr Decision"], caption, widths, header=True, description=described)
        )
        out.append(
            "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr><w:tc><w:tcPr>"
            f'<w:tcW w:w="{widths[0]}" w:type="dxa"/></w:tcPr>'
        )
        before = len(out)
        self.body.blocks(tree)
        if len(out) == before:
            del out[start:]
            return
        self.body.part_tables()
        out.append(f"</w:tc></w:tr></w:tbl>{BLOCK_END}")
        self.body.after_table = True

    def attachments(self) -> None:
        """The numbered list of attachments. A number that does not follow the one before it starts a new list."""
        named = [(each.number, self.attachment(each)) for each in self.content.attachments]
        listed = [(number, title) for number, title in named if title]
        if not listed:
            return
        out = self.body.out
        out.append(self.controls.block("sec:attachments", self.label["attachments"], locked=True))
        self.line("heading 1", self.controls.heading("attachments", run(self.label["attachments"])))
        numbering, expected = "", None
        for number, title in listed:
            if number != expected:
                numbering = self.body.new_list(self.template.numbers[0], max(number, 0))
            self.body.paragraph((Text(title),), "List Number", numbering=numbering)
            expected = number + 1
        out.append(BLOCK_END)

    def attachment(self, line: AttachmentLine) -> str:
        """The words of one attachment, with the ground on which it is withheld."""
        title = clean_line(line.title or line.file_name or "")
        if not line.exempt_by:
            return title
        said = mark(self.content.language, P_("Exempt from public access, cf. %s"), line.exempt_by)
        return f"{title} ({said})"

    def signature(self) -> None:
        """Who presents, who prepared, where and when: lines that never stand alone on a page."""
        lines = [
            run(f"{self.label[name]} ") + self.field(name, self.label[name], value)
            for name, value in (
                ("presenter", clean_line(self.content.presenters)),
                ("preparer", clean_line(self.content.preparer)),
            )
            if value
        ]
        place_and_date = [
            self.field(name, alias, value)
            for name, alias, value in (
                ("place", paper_word(self.content.language, "Place"), clean_line(self.content.place)),
                ("dated", paper_word(self.content.language, "Date"), _day(self.content.dated)),
            )
            if value
        ]
        if place_and_date:
            lines.append(run(", ").join(place_and_date))
        if lines:
            self.keep_with_next()
        style = self.styles["Samstyr Signature"]
        for position, inside in enumerate(lines):
            keep = "<w:keepNext/>" if position + 1 < len(lines) else ""
            spacing = '<w:spacing w:before="480"/>' if position == 0 else ""
            self.body.out.append(
                f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}<w:keepLines/>{spacing}</w:pPr>{inside}</w:p>'
            )
            self.body.after_table = False

    def corrections(self) -> None:
        """What was put right after the paper was treated, each with its date, author and reason."""
        out = self.body.out
        for note in self.content.corrections:
            heading = self.label["correction"]
            if len(self.content.corrections) > 1:
                heading = f"{heading} {note.number}"
            key = self.controls.key(f"correction-{note.number}")
            out.append(self.controls.block(f"sec:{key}", heading, locked=True))
            self.line("heading 1", self.controls.heading(key, run(heading)))
            made = ", ".join(each for each in (format_date(note.made_on), clean_line(note.author)) if each)
            self.line("Samstyr Details", run(made))
            if reason := clean_line(note.reason):
                self.line("Samstyr Details", run(f"{self.label['reason']} {reason}"))
            self.body.blocks(note.body)
            out.append(BLOCK_END)

    def line(self, style: str, runs: str) -> None:
        """A paragraph of runs that are written already."""
        if runs:
            self.body.out.append(f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/></w:pPr>{runs}</w:p>')
            self.body.after_table = False

    def field(self, name: str, alias: str, value: str, look: str = "") -> str:
        return self.controls.field(name, alias.rstrip(": "), value, look)

    def keep_with_next(self) -> None:
        """Hold the last paragraph on the page of what follows it."""
        out = self.body.out
        position = next((number for number in range(len(out) - 1, -1, -1) if out[number] != BLOCK_END), 0)
        if out and out[position].startswith('<w:p><w:pPr><w:pStyle w:val="'):
            out[position] = out[position].replace('"/>', '"/><w:keepNext/>', 1)

    def changed(self) -> list[tuple[str, str]]:
        """The parts of the file that are this paper's own."""
        template, body = self.template, self.body
        grown: list[tuple[Frame, str]] = [
            (template.document, "".join(body.out)),
            (template.relations, body.links.xml()),
            (template.numbering, "".join(body.lists)),
            (template.footnotes, "".join(body.notes)),
            (template.footnote_relations, body.note_links.xml()),
            (
                template.custom_properties,
                custom_properties(self.content, template.digest, template.first_property),
            ),
        ]
        parts = [(frame.name, frame.before + inside + frame.after) for frame, inside in grown]
        parts.append((template.core_properties, core_properties(self.content)))
        for name, pieces in template.margins:
            filled = [
                text(self.values.get(piece, "")) if position % 2 else piece
                for position, piece in enumerate(pieces)
            ]
            parts.append((name, "".join(filled)))
        return parts


def _day(value: date | None) -> str:
    return format_date(value) if value else ""
