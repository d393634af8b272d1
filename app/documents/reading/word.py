"""The lines of a Word file as the source of a paper: plain text for the rules, and beside it what Word knew of each line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.documents.richtext.blocks import Paragraph, Runs, Text
from app.documents.richtext.codec import MalformedTree, from_json
from app.kernel.text import clean_line

LEFT_OUT: Final = ("tracked", "comments", "pictures")
_MOST_LINES: Final = 20_000
_INDENT: Final = 4


@dataclass(frozen=True, slots=True)
class WordLine:
    """A line that is not blank, and its looks."""

    text: str
    runs: Runs = ()
    level: int = 0  # of a heading; 0 for none
    style: str = ""  # in small letters, as Word calls it
    is_bold: bool = False
    depth: int = 0  # in lists
    marker: str = ""  # "-" or "3."; empty outside of lists
    number: int | None = None
    cells: tuple[Runs, ...] = ()
    table: int = 0
    part: str = ""
    role: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WordPaper:
    """A Word file as it was read."""

    is_own: bool
    language: str
    left_out: tuple[str, ...]
    lines: tuple[WordLine, ...]

    def source(self) -> tuple[str, dict[int, WordLine]]:
        """The paper as plain text, and what is known of each of its lines by its number, which counts from 1."""
        text: list[str] = []
        known: dict[int, WordLine] = {}
        before: WordLine | None = None
        for line in self.lines:
            in_list = before is not None and before.marker and line.marker
            in_table = before is not None and before.table and before.table == line.table
            if before is not None and not (in_list or in_table):
                text.append("")
            text.append(_shown(line))
            known[len(text)] = line
            before = line
        return "\n".join(text), known


def word_paper(value: Any) -> WordPaper:
    """The paper from the JSON of ``read_paper_lines``, which may have come by way of a browser.

    :raise ValueError: when it is something else.
    """
    try:
        lines = value["lines"]
        if not isinstance(lines, list) or len(lines) > _MOST_LINES:
            raise ValueError("no lines, or too many")
        return WordPaper(
            is_own=value["is_own"] is True,
            language=str(value["language"])[:20],
            left_out=tuple(each for each in LEFT_OUT if each in value["left_out"]),
            lines=tuple(line for each in lines if (line := _line(each)).text),
        )
    except (LookupError, TypeError, AttributeError, OverflowError, MalformedTree) as error:
        raise ValueError("not the lines of a Word file") from error


def _line(value: Any) -> WordLine:
    marker = value.get("marker")
    number = int(marker[1]) if marker and marker[1] is not None else None
    is_listed = marker is not None and (number is None or 0 <= number <= 999)
    return WordLine(
        text="\t".join(clean_line(cell) for cell in str(value["text"]).split("\t"))
        if value.get("cells")
        else clean_line(str(value["text"])),
        runs=_runs(value.get("runs", [])),
        level=min(max(int(value.get("level", 0)), 0), 9),
        style=clean_line(str(value.get("style", ""))),
        is_bold=value.get("is_bold") is True,
        depth=min(max(int(marker[0]), 0), 8) if marker else 0,
        marker=("-" if number is None else f"{number}.") if is_listed else "",
        number=number if is_listed else None,
        cells=tuple(_runs(cell) for cell in value.get("cells", [])),
        table=int(value.get("table", 0)),
        part=clean_line(str(value.get("part", "")))[:40],
        role=clean_line(str(value.get("role", ""))),
        fields={str(key): clean_line(str(each)) for key, each in value.get("fields", {}).items()},
    )


def _runs(value: Any) -> Runs:
    return next((block.runs for block in from_json(value) if isinstance(block, Paragraph)), ())


def _shown(line: WordLine) -> str:
    if line.marker:
        return f"{' ' * _INDENT * line.depth}{line.marker} {line.text}"
    if line.cells:
        return line.text
    if line.level:
        return f"# {line.text}"
    return f"**{line.text}**" if line.is_bold and "*" not in line.text else line.text


def runs_of(line: WordLine, words: str) -> Runs | None:
    """The runs of the words at the end of a line; None when they cannot be told."""
    wanted = "".join(words.replace("**", "").split())
    total = sum(len("".join(run.text.split())) for run in line.runs if isinstance(run, Text))
    skipped = total - len(wanted)
    if skipped < 0:
        return None
    kept: list[Any] = []
    for run in line.runs:
        if not isinstance(run, Text):
            if skipped == 0:
                kept.append(run)
            continue
        cut = 0
        while skipped and cut < len(run.text):
            skipped -= not run.text[cut].isspace()
            cut += 1
        if cut < len(run.text):
            kept.append(Text(run.text[cut:], run.bold, run.italic, run.link))
    said = "".join("".join(run.text.split()) for run in kept if isinstance(run, Text))
    return tuple(kept) if said == wanted else None
