"""``forum add``."""

from typing import Annotated

import typer

from app.cli.work import OPERATOR, opened
from app.forums.service.forums import create_forum
from app.kernel.language import Language

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def _group() -> None:
    """Forums."""


@cli.command("add")
def add(
    key: Annotated[
        str, typer.Argument(help="The short name in addresses: a-z, 0-9 and hyphens. Never changes.")
    ],
    name: Annotated[str, typer.Option(help="The forum's name.")],
    language: Annotated[Language, typer.Option(help="The language of its papers.")] = Language.NB,
) -> None:
    """Make a forum with the usual parts in its presentations."""
    with opened() as (database, _store), database.writing() as db:
        create_forum(db, OPERATOR, key=key, name=name, language=language)
    typer.echo(f"The forum {name} stands at /forums/{key}")
