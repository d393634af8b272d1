"""Write a migration from the difference between the models and the newest migration: ``make migration m="why"``."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from app.platform.db import Database
from app.platform.schema import alembic_config, migrate


def main() -> None:
    """Migrate an empty SQLite file to the head, compare, and write ``YYYYMMDD_HHMM_slug.py``."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        migrate(database)
        config = alembic_config()
        config.set_main_option(
            "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
        )
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, " ".join(sys.argv[1:]), autogenerate=True)
        database.dispose()


if __name__ == "__main__":
    main()
