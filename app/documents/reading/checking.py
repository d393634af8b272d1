"""The proof that a reading lost nothing: what each field prints is what its source lines said."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from app.documents.case_presentation import CasePresentation, Part
from app.documents.reading.head import dated_value
from app.documents.reading.lines import source_lines
from app.documents.reading.paper import UNPLACED, ReadPaper
from app.documents.reading.signature import place_and_date
from app.documents.reading.vocabulary import Vocabulary, vocabulary
from app.documents.richtext.blocks import (
    BulletList,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    Runs,
    Table,
    Text,
    Tree,
)
from app.documents.wording import WORDING_KEYS, label
from app.platform.i18n import format_date

_CASE_FIELDS = ("case_line", "title", "kind")


def every_line_once(text: str, paper: ReadPaper) -> bool:
    """Whether every source line is placed once, in order, and every field prints the words of its lines and no others.

    Punctuation, markers of lists and of bold, white space and the way a date is written do not count; the numbers of a
    list do.
    """
    source = [(line.number, line.raw) for line in source_lines(text)]
    if source != [(line.number, line.text) for line in paper.lines]:
        return False
    if paper.unplaced != tuple(line for line in paper.lines if line.field == UNPLACED):
        return False
    fields: dict[str, list[str]] = {}
    for line in paper.lines:
        fields.setdefault(line.field, []).append(line.text)
    fields.pop(UNPLACED, None)
    words = vocabulary()
    parts = {f"part:{part.key}": part for part in paper.content.parts}
    case = {field: fields.pop(field) for field in _CASE_FIELDS if field in fields}
    return _case_is_whole(case, paper.content, words) and all(
        _letters(" ".join(lines)) == _letters(" ".join(_part_lines(parts[field])))
        if field in parts
        else _is_whole(field, lines, paper.content, words)
        for field, lines in fields.items()
    )


def printed_lines(content: CasePresentation) -> list[str]:
    """The content as lines of text in the order of the printed paper, with the markers of lists."""

    def head(key: str, value: str) -> list[str]:
        return [f"{label(content.language, key, content.wording)} {value}"] if value else []

    meeting = format_date(content.meeting_date) if content.meeting_date else ""
    dated = format_date(content.dated) if content.dated else ""
    lines = [label(content.language, "document", content.wording)]
    lines += head("forum", content.forum) + head("meeting_date", meeting)
    lines += head("case", " ".join(filter(None, (content.number, content.title, content.kind_label))))
    for part in content.parts:
        lines += _part_lines(part)
    if content.attachments:
        lines.append(label(content.language, "attachments", content.wording))
        lines += [f"- {attachment.title}" for attachment in content.attachments]
    lines += head("presenter", content.presenters) + head("preparer", content.preparer)
    if content.place or dated:
        lines.append(", ".join(filter(None, (content.place, dated))))
    return lines


def _is_whole(field: str, lines: Sequence[str], content: CasePresentation, words: Vocabulary) -> bool:
    if field == "place_and_date":
        signed = place_and_date(_unmarked(lines), words)
        return signed is not None and (signed.value, signed.dated) == (content.place, content.dated)
    if field not in WORDING_KEYS:
        return False
    own = label(content.language, field, content.wording)
    if field == "meeting_date":
        plain = _unmarked(lines)
        return plain.startswith(own) and dated_value(plain[len(own) :], words) == (content.meeting_date, "")
    if field == "attachments":
        titles = [attachment.title for attachment in content.attachments]
        return _without_numbers(" ".join(lines)) == _without_numbers(" ".join([own, *titles]))
    values: Mapping[str, str] = {
        "document": "",
        "forum": content.forum,
        "presenter": content.presenters,
        "preparer": content.preparer,
    }
    return field in values and _letters(" ".join(lines)) == _letters(own + values[field])


def _unmarked(lines: Sequence[str]) -> str:
    """Lines as one, without the marks of bold and of headings."""
    return " ".join(" ".join(line.lstrip().lstrip("#") for line in lines).replace("**", "").split())


def _case_is_whole(fields: Mapping[str, Sequence[str]], content: CasePresentation, words: Vocabulary) -> bool:
    """Number, title and kind are one printed line, though they may have stood on several."""
    printed = {"case_line": content.number, "title": content.title, "kind": content.kind_label}
    if "case_line" in fields:
        printed["case_line"] += "".join(printed[field] for field in ("title", "kind") if field not in fields)
    labels = {_letters(word) for word in words.fields} | {""}
    for field, lines in fields.items():
        said, value = _letters(" ".join(lines)), _letters(printed[field])
        if not said.endswith(value) or said[: len(said) - len(value)].casefold() not in labels:
            return False
    return True


def _part_lines(part: Part) -> list[str]:
    return [part.heading, *_tree_lines(part.lead_in), *_tree_lines(part.body), *_tree_lines(part.closing)]


def _tree_lines(tree: Tree) -> Iterator[str]:
    for block in tree:
        if isinstance(block, Paragraph | Heading):
            yield _plain(block.runs)
        elif isinstance(block, Quote):
            yield from (_plain(paragraph.runs) for paragraph in block.paragraphs)
        elif isinstance(block, Table):
            yield from (" ".join(map(_plain, row)) for row in block.rows)
        else:
            yield from _list_lines(block, "")


def _list_lines(found: BulletList | NumberedList, indent: str) -> Iterator[str]:
    for place, item in enumerate(found.items):
        marker = "-" if isinstance(found, BulletList) else f"{found.start + place}."
        yield from _item_lines(item, f"{indent}{marker} ", indent + " ")


def _item_lines(item: ListItem, first: str, indent: str) -> Iterator[str]:
    for block in item.blocks:
        if isinstance(block, Paragraph):
            yield first + _plain(block.runs)
        else:
            yield from _list_lines(block, indent)


def _plain(runs: Runs) -> str:
    return "".join(run.text for run in runs if isinstance(run, Text))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _without_numbers(text: str) -> str:
    """Letters only: the printed list counts its lines itself, whatever numbers stood before them."""
    return "".join(
        "" if is_digit else "".join(group) for is_digit, group in groupby(_letters(text), str.isdigit)
    )
