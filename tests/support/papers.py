"""Reading papers in tests: where they lie, and short ways of saying what was read."""

from pathlib import Path

from app.documents.case_presentation import Part
from app.documents.reading import ReadPaper, every_line_once, read_case_presentation
from app.documents.richtext.blocks import BulletList, Heading, NumberedList, Paragraph, Text

DATA = Path(__file__).parent.parent / "data"
INVENTED = DATA / "saksframlegg-oppdiktet.txt"
DANISH = DATA / "sagsfremstilling-opdigtet.txt"
SEED = DATA.parent.parent.parent / "shared" / "seeds" / "saksframlegg-skate-13-2019.txt"
PAPERS = [path for path in (INVENTED, DANISH, SEED) if path.exists()]


def read(*lines: str) -> ReadPaper:
    text = "\n".join(lines)
    paper = read_case_presentation(text)
    assert every_line_once(text, paper)
    return paper


def part(paper: ReadPaper, key: str) -> Part:
    return next(part for part in paper.content.parts if part.key == key)


def words(block: Paragraph | Heading) -> str:
    return "".join(run.text for run in block.runs if isinstance(run, Text))


def outline(found: BulletList | NumberedList) -> list[object]:
    """A list as nested Python lists of texts."""
    result: list[object] = []
    for item in found.items:
        first, *below = item.blocks
        assert isinstance(first, Paragraph)
        result.append(words(first))
        result.extend(outline(each) for each in below if not isinstance(each, Paragraph))
    return result
