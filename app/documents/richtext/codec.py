"""Block tree ↔ JSON, the form in which the database and the exports hold it."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias, TypeVar

from app.documents.richtext.blocks import (
    Block,
    Break,
    BulletList,
    Footnote,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    Run,
    Runs,
    Table,
    Text,
    Tree,
)
from app.documents.richtext.links import is_link
from app.documents.richtext.normalise import DEEPEST_LIST, HIGHEST_NUMBER, normalise

Json: TypeAlias = dict[str, Any]
_T = TypeVar("_T")


class MalformedTree(ValueError):
    """The JSON is no block tree. The message says where and why."""


def to_json(tree: Tree) -> list[Json]:
    """The tree as lists, dictionaries, strings, numbers and booleans. What is false or absent is left out."""
    return [_block_to_json(block) for block in tree]


def from_json(value: object) -> Tree:
    """Read what ``to_json`` wrote, or what a client sends in its place, and return it normalised.

    Text is cleaned, not refused: a control character is dropped and the words after it stay.

    :raise MalformedTree: for an unknown key or kind, a missing or mistyped value, an address that is no http, https or
        mailto link, a table without the same number of cells in every row, a list deeper than three levels.
    """
    return normalise(_blocks(value, "tree"))


def _block_to_json(block: Block) -> Json:
    match block:
        case Paragraph(runs):
            return {"type": "paragraph", "runs": _runs_to_json(runs)}
        case Heading(level, runs):
            return {"type": "heading", "level": level, "runs": _runs_to_json(runs)}
        case BulletList(items):
            return {
                "type": "bullets",
                "items": [[_block_to_json(each) for each in item.blocks] for item in items],
            }
        case NumberedList(items, start):
            content = [[_block_to_json(each) for each in item.blocks] for item in items]
            return {"type": "numbers", "start": start, "items": content}
        case Table(rows):
            return {"type": "table", "rows": [[_runs_to_json(cell) for cell in row] for row in rows]}
        case Quote(paragraphs):
            return {"type": "quote", "paragraphs": [_runs_to_json(each.runs) for each in paragraphs]}


def _runs_to_json(runs: Sequence[Run]) -> list[Json]:
    return [_run_to_json(run) for run in runs]


def _run_to_json(run: Run) -> Json:
    match run:
        case Break():
            return {"break": True}
        case Footnote(note):
            return {"note": _runs_to_json(note)}
        case Text(text, bold, italic, link):
            look: Json = {"bold": bold, "italic": italic, "link": link}
            return {"text": text, **{name: value for name, value in look.items() if value}}


def _blocks(value: object, place: str, level: int = 0) -> tuple[Block, ...]:
    return _all(_list(value, place), place, lambda each, where: _block(each, where, level))


def _block(value: object, place: str, level: int) -> Block:
    block = _object(value, place)
    kind = block.get("type")
    match kind:
        case "paragraph":
            return Paragraph(_runs(_keys(block, place, "runs")["runs"], place))
        case "heading":
            heading_level = _keys(block, place, "level", "runs")["level"]
            if type(heading_level) is not int or heading_level not in (2, 3):
                _refuse(place, "a heading has level 2 or 3")
            return Heading(2 if heading_level == 2 else 3, _runs(block["runs"], place))
        case "bullets":
            return BulletList(_items(_keys(block, place, "items")["items"], place, level + 1))
        case "numbers":
            start = _keys(block, place, "items", "start")["start"]
            if type(start) is not int or not 0 <= start <= HIGHEST_NUMBER:
                _refuse(place, f"a list starts with a number from 0 to {HIGHEST_NUMBER}")
            return NumberedList(_items(block["items"], place, level + 1), start)
        case "table":
            rows = _all(_list(_keys(block, place, "rows")["rows"], place), place, _row)
            if len({len(row) for row in rows}) != 1 or not rows[0]:
                _refuse(place, "a table has rows, and the same number of cells in each")
            return Table(rows)
        case "quote":
            paragraphs = _list(_keys(block, place, "paragraphs")["paragraphs"], place)
            return Quote(_all(paragraphs, place, lambda each, where: Paragraph(_runs(each, where))))
    raise MalformedTree(f"{place}: unknown kind {kind!r:.40}")


def _items(value: object, place: str, level: int) -> tuple[ListItem, ...]:
    if level > DEEPEST_LIST:
        _refuse(place, f"a list has at most {DEEPEST_LIST} levels")
    return _all(_list(value, place), place, lambda each, where: _item(each, where, level))


def _item(value: object, place: str, level: int) -> ListItem:
    blocks = _blocks(value, place, level)
    kept = tuple(block for block in blocks if isinstance(block, Paragraph | BulletList | NumberedList))
    if len(kept) != len(blocks):
        _refuse(place, "a list item holds paragraphs and lists")
    return ListItem(kept)


def _row(value: object, place: str) -> tuple[Runs, ...]:
    return _all(_list(value, place), place, _runs)


def _runs(value: object, place: str) -> Runs:
    return _all(_list(value, place), place, _run)


def _run(value: object, place: str) -> Run:
    run = _object(value, place)
    if "break" in run:
        if run != {"break": True}:
            _refuse(place, "a break is true and alone")
        return Break()
    if "note" in run:
        if len(run) != 1:
            _refuse(place, "a note stands alone")
        return Footnote(_all(_list(run["note"], place), place, _text))
    return _text(run, place)


def _text(value: object, place: str) -> Text:
    run = _object(value, place)
    if unknown := run.keys() - {"text", "bold", "italic", "link"}:
        _refuse(place, f"unknown key {min(map(str, unknown))!r:.40}")
    text, bold, italic, link = (
        run.get("text"),
        run.get("bold", False),
        run.get("italic", False),
        run.get("link"),
    )
    if not isinstance(text, str) or not isinstance(bold, bool) or not isinstance(italic, bool):
        _refuse(place, "text is a string, bold and italic are true or false")
    if link is not None and not (isinstance(link, str) and is_link(link)):
        _refuse(place, "a link is a complete http, https or mailto address")
    return Text(text, bold, italic, link)


def _all(values: Sequence[object], place: str, read: Callable[[object, str], _T]) -> tuple[_T, ...]:
    return tuple(read(each, f"{place}[{number}]") for number, each in enumerate(values))


def _keys(block: Json, place: str, *names: str) -> Json:
    if block.keys() != {"type", *names}:
        _refuse(place, f"a block of this kind has exactly type, {', '.join(names)}")
    return block


def _object(value: object, place: str) -> Json:
    if not isinstance(value, dict):
        _refuse(place, "an object is expected")
    return value


def _list(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        _refuse(place, "a list is expected")
    return value


def _refuse(place: str, why: str) -> NoReturn:
    raise MalformedTree(f"{place}: {why}")
