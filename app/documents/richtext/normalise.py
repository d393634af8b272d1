"""One form for every text: what looks the same is stored the same.

Every door through which rich text comes in (Markdown, JSON, an uploaded file) ends here, so comparing two versions
compares what a reader sees.
"""

from collections.abc import Callable, Iterable

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
from app.kernel.text import clean_text

DEEPEST_LIST = 3
HIGHEST_NUMBER = 9999


def normalise(tree: Iterable[Block]) -> Tree:
    """Return the tree without what nobody can see.

    Neighbouring runs with the same look are one run, bold and italic stretches and links begin and end with a word,
    there is no white space at the ends of lines,  empty paragraphs, items, notes and tables are gone, tables are rectangular, lists deeper than three
    levels continue on the third, and an address that is no link is text. Italic type that begins or ends inside a word is
    plain, and so is bold between two digits: Markdown cannot tell them from the stars of a sum.
    """
    return tuple(_blocks(tree))


def normalise_runs(runs: Iterable[Run]) -> Runs:
    """The runs of one paragraph in normal form; see ``normalise``."""
    return tuple(_trim(_merge(_inside(_settle(_merge(_outside(_merge(_split(runs)))))))))


def _blocks(tree: Iterable[Block]) -> Iterable[Block]:
    for block in tree:
        match block:
            case Paragraph(runs):
                if kept := normalise_runs(runs):
                    yield Paragraph(kept)
            case Heading(level, runs):
                if kept := _one_line(runs):
                    yield Heading(level, kept)
            case BulletList() | NumberedList():
                yield from _list(block, 1)
            case Table(rows):
                yield from _table(rows)
            case Quote(paragraphs):
                kept_paragraphs = [
                    Paragraph(kept) for each in paragraphs if (kept := normalise_runs(each.runs))
                ]
                if kept_paragraphs:
                    yield Quote(tuple(kept_paragraphs))


def _one_line(runs: Runs) -> Runs:
    return normalise_runs(
        Text(" ") if isinstance(run, Break) else _without_breaks(run) if isinstance(run, Text) else run
        for run in runs
    )


def _without_breaks(run: Text) -> Text:
    return Text(clean_text(run.text).replace("\n", " "), run.bold, run.italic, run.link)


def _table(rows: tuple[tuple[Runs, ...], ...]) -> Iterable[Table]:
    width = max((len(row) for row in rows), default=0)
    cells = [tuple(normalise_runs(cell) for cell in row) + ((),) * (width - len(row)) for row in rows]
    if any(cell for row in cells for cell in row):
        yield Table(tuple(cells))


def _list(block: BulletList | NumberedList, level: int) -> Iterable[BulletList | NumberedList]:
    items: list[ListItem] = []
    for item in block.items:
        items.extend(_item(item, level))
    if items and isinstance(block, NumberedList):
        yield NumberedList(tuple(items), min(max(block.start, 0), HIGHEST_NUMBER))
    elif items:
        yield BulletList(tuple(items))


def _item(item: ListItem, level: int) -> Iterable[ListItem]:
    """Yield the item, or its sub-items in its place when it has no text of its own or stands too deep for them."""
    blocks: list[Paragraph | BulletList | NumberedList] = []
    after: list[ListItem] = []
    for block in item.blocks:
        if isinstance(block, Paragraph):
            if kept := normalise_runs(block.runs):
                if after:
                    after.append(ListItem((Paragraph(kept),)))
                else:
                    blocks.append(Paragraph(kept))
        elif level == DEEPEST_LIST or not blocks:
            after.extend(each for part in _list(block, level) for each in part.items)
        else:
            blocks.extend(_list(block, level + 1))
    if blocks:
        yield ListItem(tuple(blocks))
    yield from after


def _split(runs: Iterable[Run]) -> Iterable[Run]:
    """Clean the text and turn its line ends into breaks."""
    for run in runs:
        match run:
            case Text(text, bold, italic, link):
                kept_link = link if link and is_link(link) else None
                for number, line in enumerate(clean_text(text).split("\n")):
                    if number:
                        yield Break()
                    if line:
                        yield Text(line, bold, italic, kept_link)
            case Footnote(note):
                if kept := tuple(each for each in _one_line(note) if isinstance(each, Text)):
                    yield Footnote(kept)
            case Break():
                yield run


def _merge(runs: Iterable[Run]) -> list[Run]:
    merged: list[Run] = []
    pending: list[str] = []
    look: Text | None = None
    for run in runs:
        if not isinstance(run, Text):
            if look is not None:
                merged.append(Text("".join(pending), look.bold, look.italic, look.link))
                look = None
            merged.append(run)
        elif not run.text:
            continue
        elif look is not None and _same_look(look, run):
            pending.append(run.text)
        else:
            if look is not None:
                merged.append(Text("".join(pending), look.bold, look.italic, look.link))
            look, pending = run, [run.text]
    if look is not None:
        merged.append(Text("".join(pending), look.bold, look.italic, look.link))
    return merged


def _same_look(first: Text, second: Text) -> bool:
    return (first.bold, first.italic, first.link) == (second.bold, second.italic, second.link)


def _outside(runs: Iterable[Run]) -> Iterable[Run]:
    """Move white space at the ends of a formatted run out of it."""
    for run in runs:
        if not isinstance(run, Text) or not (run.bold or run.italic or run.link):
            yield run
            continue
        core = run.text.strip()
        start = run.text.find(core) if core else len(run.text)
        yield Text(run.text[:start])
        yield Text(core, run.bold, run.italic, run.link)
        yield Text(run.text[start + len(core) :])


def _inside(runs: list[Run]) -> list[Run]:
    """Give white space between two runs what both have: a space between two bold words is bold."""
    for position in range(1, len(runs) - 1):
        before, here, after = runs[position - 1 : position + 2]
        if (
            isinstance(here, Text)
            and here.text.isspace()
            and isinstance(before, Text)
            and isinstance(after, Text)
            and before.link == after.link
        ):
            bold, italic = before.bold and after.bold, before.italic and after.italic
            runs[position] = Text(here.text, bold, italic, before.link)
    return runs


def _settle(runs: list[Run]) -> list[Run]:
    """Drop the italic and bold type that Markdown cannot write; one sweep from each end reaches a fixed point."""
    if not any(isinstance(run, Text) and (run.bold or run.italic) for run in runs):
        return runs
    for backwards in (False, True):
        _sweep(runs, backwards)
    return runs


def _sweep(runs: list[Run], backwards: bool) -> None:
    step = -1 if backwards else 1
    for position in range(len(runs) - 2, -1, -1) if backwards else range(1, len(runs)):
        here, beside = runs[position], runs[position - step]
        if not isinstance(here, Text) or not isinstance(beside, Text) or here.link != beside.link:
            continue
        left, right = (here, beside) if backwards else (beside, here)
        edge = left.text[-1:], right.text[:1]
        italic = here.italic and (beside.italic or not _both(edge, str.isalnum))
        bold = here.bold and (beside.bold or not _both(edge, str.isdigit))
        runs[position] = Text(here.text, bold, italic, here.link)


def _both(edge: tuple[str, str], holds: Callable[[str], bool]) -> bool:
    return holds(edge[0]) and holds(edge[1])


def _trim(runs: list[Run]) -> Iterable[Run]:
    """Drop breaks at the ends and white space at the ends of every line."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if isinstance(run, Break):
            lines.append([])
        else:
            lines[-1].append(run)
    kept = [trimmed for line in lines if (trimmed := _trim_line(line))]
    for number, line in enumerate(kept):
        if number:
            yield Break()
        yield from line


def _trim_line(line: list[Run]) -> list[Run]:
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while line and isinstance(edge := line[end], Text):
            text = strip(edge.text)
            if text:
                line[end] = Text(text, edge.bold, edge.italic, edge.link)
                break
            line.pop(end)
    return line
