"""``import case``, ``export case`` and ``template check``."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cases.queries.find import find_by_number
from app.cli.work import OPERATOR, Refused, opened, read_text
from app.documents.docx.checking import check_template
from app.documents.reading.word import WordPaper
from app.forums import queries as forums
from app.kernel.errors import RuleBroken, refuse_if
from app.kernel.language import Language
from app.papers.export import export_docx, export_json, export_pdf
from app.papers.importing import import_presentation
from app.papers.understanding import ImportPreview, understand
from app.papers.word_files import claims_to_be_word, harmless_template, read_word_file
from app.platform.settings import Settings
from app.web.shared.reasons import reason_messages
from app.web.shared.words import TAKEN_OUT, word

import_cli = typer.Typer(no_args_is_help=True)
export_cli = typer.Typer(no_args_is_help=True)
template_cli = typer.Typer(no_args_is_help=True)
MAX_TEMPLATE = 20 * 1024 * 1024  # bytes


class Format(StrEnum):
    """What a case can be written out as."""

    DOCX = "docx"
    PDF = "pdf"
    JSON = "json"


@import_cli.callback()
def _imports() -> None:
    """Read finished papers in."""


@export_cli.callback()
def _exports() -> None:
    """Write papers out."""


@template_cli.callback()
def _templates() -> None:
    """Word templates."""


@import_cli.command("case")
def import_case(
    file: Annotated[
        Path, typer.Argument(help="A finished case presentation: a Word file (.docx) or plain text.")
    ],
    forum: Annotated[str, typer.Option(help="The forum that treats the case, by its key.")],
    yes: Annotated[bool, typer.Option("--yes", help="Store it without asking.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Show what was understood and store nothing.")
    ] = False,
) -> None:
    """Read a finished case presentation into its fields. Lines that were not understood are listed and kept."""
    if yes and check:
        raise Refused("--yes and --check say opposite things. Choose one.")
    source = _read_source(file)
    with opened() as (database, _store):
        with database.reading() as db:
            preview = understand(db, OPERATOR, forums.get_forum(db, OPERATOR, forum), source)
        _show(preview)
        if preview.refusals:
            raise Refused(" ".join(reason_messages(Language.EN, preview.refusals)))
        if check:
            return
        if not yes and not typer.confirm("Store this?", default=False):
            raise Refused("Nothing was stored.")
        with database.writing() as db:
            import_presentation(db, OPERATOR, forums.get_forum(db, OPERATOR, forum), preview.paper)
    typer.echo("Stored.")


def _read_source(file: Path) -> str | WordPaper:
    """The paper as text, or as the lines of a Word file.

    :raise Refused: when it cannot be read; says why.
    """
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    with file.open("rb") as source:
        is_word = claims_to_be_word(file.name, source.read(4))
    if not is_word:
        return read_text(file)
    if file.stat().st_size > Settings().max_upload_mb << 20:
        raise Refused(f"{file} is larger than {Settings().max_upload_mb} MB.")
    try:
        return read_word_file(file)
    except RuleBroken as broken:
        raise Refused(" ".join(reason_messages(Language.EN, broken.reasons))) from broken


def _show(preview: ImportPreview) -> None:
    for row in preview.rows:
        typer.echo(f"{row.label + ':':<20}{row.value}")
    for warning in reason_messages(Language.EN, preview.warnings):
        typer.echo(f"Note: {warning}")
    for line in preview.not_understood:
        typer.echo(f"Not understood, kept with the case: line {line.number}: {line.text}")


@export_cli.command("case")
def export_case(
    case: Annotated[str, typer.Argument(help="Forum key and number, such as skate:13/2019.")],
    output: Annotated[Path, typer.Option(help="The file to write.")],
    as_format: Annotated[
        Format, typer.Option("--format", help="Word, tagged PDF, or the same content as JSON.")
    ] = Format.DOCX,
    public: Annotated[
        bool, typer.Option("--public", help="The copy for the public, without what is exempt.")
    ] = False,
) -> None:
    """Write a case presentation to a file: all of it, or with --public what the public may read."""
    key, colon, spelling = case.partition(":")
    if not colon:
        raise Refused("Write the case as forum key, colon and number, such as skate:13/2019.")
    with opened() as (database, store), database.writing() as db:
        _case_id, treatment_id = find_by_number(db, OPERATOR, key, spelling)
        if as_format is Format.JSON:
            content = export_json(db, OPERATOR, treatment_id, public=public)
            data = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
        else:
            if as_format is Format.DOCX:
                file = export_docx(db, OPERATOR, store, treatment_id, public=public)
            else:
                file = export_pdf(db, OPERATOR, treatment_id, public=public)
            file.note_taken(db, OPERATOR)
            data = file.data
        output.write_bytes(data)
    typer.echo(f"Wrote {output} ({len(data)} bytes).")


@template_cli.command("check")
def template_check(
    file: Annotated[Path, typer.Argument(help="A Word file (.docx) to use as template.")],
) -> None:
    """Say which named styles and which insertion point a Word template has, what falls back, and what is taken out of it."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    if file.stat().st_size > MAX_TEMPLATE:
        raise Refused(f"{file} is larger than {MAX_TEMPLATE // 1024 // 1024} MB.")
    try:
        data, removed = harmless_template(file)
        report = check_template(data)
        refuse_if(report.refused)
    except RuleBroken as broken:
        why = " ".join(reason_messages(Language.EN, broken.reasons))
        raise Refused(f"The template cannot be used. {why}") from broken
    typer.echo("The template can be used.")
    for each in removed:
        typer.echo(f"- taken out of the file: {word(TAKEN_OUT, each, Language.EN)}")
    for line in report.lines():
        typer.echo(f"- {line}")
