"""Eight processes draw from one series at once, and one draw in ten comes to nothing."""

import multiprocessing
from uuid import UUID

from sqlalchemy import select

from app.forums.models import Forum, NumberSeries
from app.forums.service.numbers import draw_number
from app.platform.db import Database
from tests.factories.forums import make_forum

PROCESSES = 8
DRAWS = 500
YEAR = 2026


class Abandoned(Exception):
    """The command that needed the number failed after it was drawn."""


def draw_many(url: str, forum_id: UUID) -> list[int]:
    """Draw again and again, each in a transaction of its own; returns the numbers that were committed."""
    database = Database(url)
    with database.reading() as db:
        forum = db.get_one(Forum, forum_id)
    kept = []
    for draw in range(DRAWS):
        try:
            with database.writing() as db:
                number = draw_number(db, forum, YEAR)
                if draw % 10 == 3:
                    raise Abandoned
        except Abandoned:
            continue
        kept.append(number.sequence)
    database.dispose()
    return kept


def test_numbers_have_neither_duplicates_nor_holes(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
    url = database.engine.url.render_as_string(hide_password=False)

    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        drawn = pool.starmap(draw_many, [(url, forum.id)] * PROCESSES)

    numbers = sorted(number for each in drawn for number in each)
    assert numbers == list(range(1, PROCESSES * DRAWS * 9 // 10 + 1))
    assert all(each == sorted(each) for each in drawn)
    with database.reading() as db:
        series = db.scalars(select(NumberSeries)).one()
        assert (series.period, series.last) == ("2026", numbers[-1])
