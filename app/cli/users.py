"""``user add`` and ``user reset-codes``."""

import sys
from typing import Annotated

import typer

from app.access.roles import FORUM_ROLES, Role
from app.cli.work import OPERATOR, Refused, opened
from app.directory.service import create_person
from app.forums import queries as forums
from app.forums.service.seats import add_membership
from app.identity.queries import has_second_factor, user_by_email
from app.identity.service.invitations import invite
from app.identity.service.second_factor import reset
from app.identity.service.users import create_user
from app.kernel.language import Language
from app.platform.clock import today
from app.platform.settings import Settings

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def _group() -> None:
    """People who sign in."""


@cli.command("add")
def add(
    email: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    admin: Annotated[bool, typer.Option("--admin", help="Make the person an administrator.")] = False,
    language: Annotated[Language, typer.Option(help="The language of the interface.")] = Language.NB,
    forum: Annotated[str | None, typer.Option(help="Give a role in this forum, by its key.")] = None,
    role: Annotated[Role, typer.Option(help="The role in the forum.")] = Role.SECRETARY,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read a password from standard input instead of making a link."
        ),
    ] = False,
) -> None:
    """Add a person who signs in. Prints an invite link, good once and for SAMSTYR_INVITE_HOURS, unless a password is given."""
    if forum and role not in FORUM_ROLES:
        raise Refused(f"{role.value} is not a role in a forum.")
    password = _read_password() if password_stdin else None
    settings = Settings()
    with opened(settings) as (database, _store), database.writing() as db:
        person = create_person(db, OPERATOR, name=name, email=email)
        user = create_user(
            db,
            OPERATOR,
            email=email,
            name=name,
            person_id=person.id,
            is_administrator=admin,
            language=language,
            password=password,
        )
        if forum:
            found = forums.get_forum(db, OPERATOR, forum)
            add_membership(
                db,
                OPERATOR,
                found.id,
                person_id=person.id,
                role=role,
                seat_id=None,
                valid_from=today(),
                valid_to=None,
            )
        token = None if password_stdin else invite(db, OPERATOR, user.id, hours=settings.invite_hours)
    if token is None:
        typer.echo(f"{email} can sign in.")
    else:
        typer.echo(
            f"{email} chooses a password here within {settings.invite_hours} hours:\n{settings.origin}/invite/{token}"
        )


@cli.command("reset-codes")
def reset_codes(
    email: Annotated[str, typer.Argument(help="What the person signs in with.")],
) -> None:
    """Let somebody sign in without codes from an app, when phone and recovery codes are lost. Ends their sessions."""
    with opened() as (database, _store), database.writing() as db:
        user = user_by_email(db, email)
        if user is None or not has_second_factor(db, user.id):
            raise Refused(f"There is no user {email} with codes.")
        reset(db, OPERATOR, user.id)
    typer.echo(f"{email} signs in with the password alone.")


def _read_password() -> str:
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("The password cannot be read. Send it as UTF-8.") from None
