"""The migration that lets a line of who was there be exempt: on its way down it takes along only what it brought."""

from alembic import command
from sqlalchemy import text

from app.platform.db import Database
from app.platform.schema import alembic_config, migrate, rebuilding
from tests.factories.cases import make_meeting
from tests.factories.exemptions import make_exemption
from tests.factories.forums import make_forum
from tests.support.attendance import list_who_was_there

BEFORE = "b267866a7358"


def _covers(database: Database) -> list[str]:
    with database.reading() as db:
        return sorted(db.scalars(text("SELECT covers FROM exemption")))


def test_exemptions_of_cases_stay_and_those_of_lines_go(database: Database) -> None:
    with database.writing() as db:
        list_who_was_there(db, make_meeting(db, make_forum(db)), secret="hemmelig")
        make_exemption(db)
    assert _covers(database) == ["attendance", "attendance", "title"]
    config = alembic_config()
    with rebuilding(database) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    assert _covers(database) == ["title"]
    migrate(database)
    assert _covers(database) == ["title"]
