"""A case presentation as JSON: what ``samstyr export case --format json`` writes and an import can read again."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from app.documents.case_presentation import (
    AttachmentLine,
    CasePresentation,
    CorrectionNote,
    Part,
    PartKind,
)
from app.documents.richtext.blocks import Tree
from app.documents.richtext.codec import MalformedTree
from app.documents.richtext.codec import from_json as tree_from_json
from app.documents.richtext.codec import to_json as tree_to_json
from app.documents.wording import WORDING_KEYS
from app.kernel.language import Language
from app.kernel.text import clean_line

FORMAT: Final = "samstyr.case-presentation/1"
_LINES: Final = (
    "forum",
    "title",
    "kind_label",
    "number",
    "presenters",
    "preparer",
    "place",
    "case_id",
    "author",
)
_TREES: Final = ("lead_in", "body", "closing")
_LISTS: Final = ("parts", "attachments", "corrections", "wording")
_GROUNDS: Final = ("exempt_by", "title_exempt_by", "parts_left_out_by")
_E = TypeVar("_E", Language, PartKind)


class MalformedPaper(ValueError):
    """The JSON is no case presentation. The message says which field and why."""


def to_json(content: CasePresentation) -> dict[str, Any]:
    """The paper as JSON values. Dates are ISO 8601, rich text is the block tree as ``richtext.codec`` writes it."""
    return {
        "format": FORMAT,
        "language": content.language.value,
        **{name: getattr(content, name) for name in _LINES},
        "meeting_date": content.meeting_date.isoformat() if content.meeting_date else None,
        "dated": content.dated.isoformat() if content.dated else None,
        "revision": content.revision,
        "parts": [
            {
                "key": part.key,
                "kind": part.kind.value,
                "heading": part.heading,
                "party": part.party,
                **{name: tree_to_json(getattr(part, name)) for name in _TREES},
                **_exempt_by(part),
            }
            for part in content.parts
        ],
        "attachments": [
            {
                "number": each.number,
                "title": each.title,
                "file_name": each.file_name,
                **_exempt_by(each),
            }
            for each in content.attachments
        ],
        # Only where there are any, so that those who know nothing of corrections read every other paper.
        **(
            {"corrections": [_note_json(each) for each in content.corrections]} if content.corrections else {}
        ),
        "wording": dict(content.wording),
        **{name: list(grounds) for name in _GROUNDS if (grounds := getattr(content, name))},
    }


def _exempt_by(each: Part | AttachmentLine) -> dict[str, str]:
    """The ground, where something is exempt from public access; most papers have no such key."""
    return {"exempt_by": each.exempt_by} if each.exempt_by else {}


def _note_json(note: CorrectionNote) -> dict[str, Any]:
    return {
        "number": note.number,
        "made_on": note.made_on.isoformat(),
        "reason": note.reason,
        "author": note.author,
        "body": tree_to_json(note.body),
    }


def from_json(value: object) -> CasePresentation:
    """Read what ``to_json`` wrote. A field that is absent is empty; rich text comes back normalised.

    :raise MalformedPaper: for another format, an unknown key, a missing title or forum, a mistyped value.
    """
    paper = _object(
        value,
        "paper",
        {"format", "language", "meeting_date", "dated", "revision", *_LINES, *_LISTS, *_GROUNDS},
    )
    if paper.get("format") != FORMAT:
        raise MalformedPaper(f"format: {FORMAT} is expected")
    wording = _object(paper.get("wording", {}), "wording", set(WORDING_KEYS))
    return CasePresentation(
        language=_one_of(Language, paper.get("language"), "language"),
        meeting_date=_date(paper.get("meeting_date"), "meeting_date"),
        dated=_date(paper.get("dated"), "dated"),
        revision=_number(paper.get("revision", 1), "revision"),
        parts=tuple(_part(each, f"parts[{number}]") for number, each in enumerate(_list(paper, "parts"))),
        attachments=tuple(
            _attachment(each, f"attachments[{number}]")
            for number, each in enumerate(_list(paper, "attachments"))
        ),
        corrections=tuple(
            _note(each, f"corrections[{number}]") for number, each in enumerate(_list(paper, "corrections"))
        ),
        wording={key: _line(wording, key, f"wording.{key}") for key in wording},
        exempt_by=_grounds(paper, "exempt_by"),
        title_exempt_by=_grounds(paper, "title_exempt_by"),
        parts_left_out_by=_grounds(paper, "parts_left_out_by"),
        **{name: _line(paper, name, name, required=name in {"forum", "title"}) for name in _LINES},
    )


def _part(value: object, place: str) -> Part:
    part = _object(value, place, {"key", "kind", "heading", "party", "exempt_by", *_TREES})
    trees = {name: _tree(part, name, place) for name in _TREES}
    return Part(
        key=_line(part, "key", f"{place}.key", required=True),
        kind=_one_of(PartKind, part.get("kind"), f"{place}.kind"),
        heading=_line(part, "heading", f"{place}.heading"),
        party=_line(part, "party", f"{place}.party"),
        exempt_by=_line(part, "exempt_by", f"{place}.exempt_by"),
        **trees,
    )


def _tree(values: Mapping[str, Any], name: str, place: str) -> Tree:
    try:
        return tree_from_json(values.get(name, []))
    except MalformedTree as error:
        raise MalformedPaper(f"{place}.{name}: {error}") from error


def _note(value: object, place: str) -> CorrectionNote:
    note = _object(value, place, {"number", "made_on", "reason", "author", "body"})
    made_on = _date(note.get("made_on"), f"{place}.made_on")
    if made_on is None:
        raise MalformedPaper(f"{place}.made_on: a date such as 2019-06-13 is expected")
    return CorrectionNote(
        number=_number(note.get("number"), f"{place}.number"),
        made_on=made_on,
        reason=_line(note, "reason", f"{place}.reason"),
        author=_line(note, "author", f"{place}.author"),
        body=_tree(note, "body", place),
    )


def _attachment(value: object, place: str) -> AttachmentLine:
    line = _object(value, place, {"number", "title", "file_name", "exempt_by"})
    file_name = _line(line, "file_name", f"{place}.file_name") if line.get("file_name") is not None else None
    exempt_by = _line(line, "exempt_by", f"{place}.exempt_by")
    return AttachmentLine(
        _number(line.get("number"), place), _line(line, "title", place), file_name, exempt_by
    )


def _grounds(paper: Mapping[str, Any], name: str) -> tuple[str, ...]:
    grounds = _list(paper, name)
    return tuple(_line({name: ground}, name, f"{name}[{number}]") for number, ground in enumerate(grounds))


def _object(value: object, place: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedPaper(f"{place}: an object is expected")
    if unknown := value.keys() - known:
        raise MalformedPaper(f"{place}: unknown key {min(map(str, unknown))!r:.40}")
    return value


def _list(paper: Mapping[str, Any], name: str) -> list[object]:
    value = paper.get(name, [])
    if not isinstance(value, list):
        raise MalformedPaper(f"{name}: a list is expected")
    return value


def _line(values: Mapping[str, Any], name: str, place: str, *, required: bool = False) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise MalformedPaper(f"{place}: text is expected")
    line = clean_line(value)
    if required and not line:
        raise MalformedPaper(f"{place}: it must not be empty")
    return line


def _number(value: object, place: str) -> int:
    if type(value) is not int or not 0 <= value <= 1_000_000:
        raise MalformedPaper(f"{place}: a whole number is expected")
    return value


def _date(value: object, place: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise MalformedPaper(f"{place}: a date such as 2019-06-13 is expected") from error


def _one_of(kind: type[_E], value: object, place: str) -> _E:
    try:
        return kind(str(value))
    except ValueError as error:
        raise MalformedPaper(f"{place}: unknown value {value!r:.40}") from error
