"""A case presentation as tagged PDF: the same content in the same order as the Word file."""

from collections.abc import Iterator
from typing import Any

from app.documents.case_presentation import AttachmentLine, CasePresentation, CorrectionNote, Part, PartKind
from app.documents.pdf.engine import Pdf, compile_layout, frame_data
from app.documents.richtext.codec import to_json
from app.documents.wording import head_marks, label, mark, with_addressee
from app.kernel.text import clean_line
from app.kernel.words import P_
from app.platform.i18n import format_date, paper_word


def build_case_pdf(content: CasePresentation) -> Pdf:
    """The paper as PDF: the same bytes for the same content. Takes any text, as the Word builder does."""
    number = clean_line(content.number)
    case = f"{_label(content, 'case')} {number}" if number else ""
    title = " ".join(each for each in (case, clean_line(content.title)) if each)
    frame = frame_data(
        content.language,
        title=title or _label(content, "document"),
        author=clean_line(content.author),
        running=" · ".join(each for each in (clean_line(content.forum), case) if each),
        day=content.dated or content.meeting_date,
    )
    return compile_layout(
        "case_presentation",
        {**frame, "document": _label(content, "document"), "case": paper_data(content)},
    )


def paper_data(content: CasePresentation) -> dict[str, Any]:
    """What ``paper`` in ``paper.typ`` sets, without the title."""
    parts = [_part(content, part) for part in content.parts if _is_printed(part)]
    corrections = [_correction(content, note) for note in content.corrections]
    _leave_no_level_out([*parts, *corrections])
    return {
        "details": _details(content),
        "marks": head_marks(content),
        "parts": parts,
        "attachments_label": _label(content, "attachments"),
        "attachments": [
            [line.number, title] for line in content.attachments if (title := _attachment(content, line))
        ],
        "signature": _signature(content),
        "corrections": corrections,
    }


def _leave_no_level_out(sections: list[dict[str, Any]]) -> None:
    """A writer may begin with the smaller of the two headings; PDF/UA-1 goes down one level at a time."""
    level = 0
    for section in sections:
        if section["heading"]:
            level = 1
        for heading in _headings(section["body"]):
            heading["level"] = level = min(heading["level"], level + 1)


def _headings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and value.get("type") == "heading":
        yield value
    elif isinstance(value, dict):
        yield from _headings(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _headings(each)


def _details(content: CasePresentation) -> list[list[str]]:
    held = format_date(content.meeting_date) if content.meeting_date else ""
    lines = [
        (_label(content, "forum"), clean_line(content.forum)),
        (_label(content, "meeting_date"), held),
        (f"{paper_word(content.language, P_('Kind of case'))}:", clean_line(content.kind_label)),
    ]
    return [[name, value] for name, value in lines if value]


def _is_printed(part: Part) -> bool:
    return bool(clean_line(part.heading) or part.lead_in or part.body or part.closing)


def _part(content: CasePresentation, part: Part) -> dict[str, Any]:
    is_proposal = part.kind is PartKind.PROPOSAL
    lead_in = with_addressee(part) if is_proposal else part.lead_in
    body = to_json((*lead_in, *part.body, *part.closing))
    said = mark(content.language, P_("Exempt from public access, cf. %s"), part.exempt_by)
    return {
        "heading": clean_line(part.heading),
        "marks": [said] if part.exempt_by else [],
        "boxed": is_proposal and bool(body),
        "body": body,
    }


def _attachment(content: CasePresentation, line: AttachmentLine) -> str:
    title = clean_line(line.title or line.file_name or "")
    if not line.exempt_by:
        return title
    return f"{title} ({mark(content.language, P_('Exempt from public access, cf. %s'), line.exempt_by)})"


def _signature(content: CasePresentation) -> list[str]:
    lines = [
        f"{_label(content, name)} {value}"
        for name, value in (
            ("presenter", clean_line(content.presenters)),
            ("preparer", clean_line(content.preparer)),
        )
        if value
    ]
    dated = format_date(content.dated) if content.dated else ""
    place_and_date = ", ".join(each for each in (clean_line(content.place), dated) if each)
    return [*lines, place_and_date] if place_and_date else lines


def _correction(content: CasePresentation, note: CorrectionNote) -> dict[str, Any]:
    heading = _label(content, "correction")
    made = ", ".join(each for each in (format_date(note.made_on), clean_line(note.author)) if each)
    reason = clean_line(note.reason)
    return {
        "heading": f"{heading} {note.number}" if len(content.corrections) > 1 else heading,
        "lines": [made, f"{_label(content, 'reason')} {reason}"] if reason else [made],
        "body": to_json(note.body),
    }


def _label(content: CasePresentation, key: str) -> str:
    return clean_line(label(content.language, key, content.wording))
