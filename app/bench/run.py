"""The benchmarks by name. Each returns rows of figures, medians of one run; ratios are what to quote."""

from collections.abc import Callable, Iterable
from typing import Any

from app.bench import docx, pages

Progress = Callable[[str], None]
Rows = list[dict[str, Any]]
BENCHMARKS: dict[str, Callable[[Progress], Rows]] = {"docx": lambda _progress: docx.run(), "pages": pages.run}


def run_benchmarks(names: Iterable[str], *, progress: Progress) -> dict[str, Rows]:
    """Run the named benchmarks one after another.

    :raise KeyError: for a name that is not in ``BENCHMARKS``.
    """
    figures = {}
    for name in names:
        progress(name)
        figures[name] = BENCHMARKS[name](progress)
    return figures
