"""The benchmarks by name. Each returns rows of figures, medians of one run; ratios are what to quote."""

from collections.abc import Callable, Iterable
from typing import Any

from app.bench import docx, pages
from app.bench.names import NAMES

Progress = Callable[[str], None]
Rows = list[dict[str, Any]]
_RUNS: tuple[Callable[[Progress], Rows], ...] = (lambda _progress: docx.run(), pages.run)
BENCHMARKS = dict(zip(NAMES, _RUNS, strict=True))


def run_benchmarks(names: Iterable[str], *, progress: Progress) -> dict[str, Rows]:
    """Run the named benchmarks one after another.

    :raise KeyError: for a name that is not in ``BENCHMARKS``.
    """
    figures = {}
    for name in names:
        progress(name)
        figures[name] = BENCHMARKS[name](progress)
    return figures
