"""How much a file from outside may ask of the machine, and the codes of its refusals."""

from typing import Final

from app.kernel.errors import Reason, RuleBroken

MEGABYTE: Final = 1 << 20
MEMORY: Final = 512 * MEGABYTE  # of the process that reads a file
CPU_SECONDS: Final = 8
WALL_SECONDS: Final = 9.5  # from the start of the process to its end, on a busy machine too

MOST_ENTRIES: Final = 10_000
MOST_INFLATED: Final = 256 * MEGABYTE  # beside what is packed: pictures and film do not shrink
MOST_IN_TEMPLATE: Final = 20 * MEGABYTE  # a template is opened for every paper
MOST_MARKUP: Final = 128 * MEGABYTE  # in all parts of a package together
MOST_EDITED: Final = 48 * MEGABYTE  # of one part that something is taken out of
RATIO: Final = 100
RATIO_FROM: Final = 10 * MEGABYTE  # a small honest part may well shrink to a thousandth
MOST_ELEMENTS: Final = 4_000_000
MOST_WORD_ELEMENTS: Final = 600_000
DEEPEST: Final = 250  # of elements in each other
MOST_PARAGRAPHS: Final = 20_000
MOST_PIXELS: Final = 100_000_000  # of one picture
MOST_PIXELS_IN_ALL: Final = 500_000_000


def refusal(code: str) -> RuleBroken:
    """The refusal with this code, beside the field of the file."""
    return RuleBroken(Reason(code, "file"))
