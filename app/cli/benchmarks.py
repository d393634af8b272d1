"""``bench``."""

import json
from typing import Annotated

import typer

from app.bench.names import NAMES
from app.cli.work import Refused, progress


def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help=f"Which: {', '.join(NAMES)}. Default: all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure: medians and ratios of one run. Absolute figures are this machine's; ratios travel."""
    wanted = names or list(NAMES)
    for name in wanted:
        if name not in NAMES:
            raise Refused(f"There is no benchmark {name}. There are: {', '.join(NAMES)}.")
    from app.bench.run import run_benchmarks  # what it measures is loaded only to be measured

    figures = run_benchmarks(wanted, progress=progress)
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
        return
    for name, rows in figures.items():
        typer.echo(f"\n{name}")
        for row in rows:
            typer.echo("  " + "  ".join(f"{key}={value}" for key, value in row.items()))
