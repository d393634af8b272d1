"""Drawing numbers and taking up old ones."""

import pytest

from app.forums.queries import find_series
from app.forums.rules import SeriesPeriod
from app.forums.service.numbers import draw_number, register_number
from app.kernel.errors import RuleBroken
from app.platform.db import Database
from tests.factories.forums import make_forum


def test_each_forum_and_year_counts_for_itself(database: Database) -> None:
    with database.writing() as db:
        skate, au = make_forum(db, "skate"), make_forum(db, "au", series_prefix="AU")
        assert [draw_number(db, skate, 2026).sequence for _ in range(3)] == [1, 2, 3]
        assert draw_number(db, skate, 2027).sequence == 1
        drawn = draw_number(db, au, 2026)
        assert (drawn.sequence, drawn.year, drawn.prefix) == (1, 2026, "AU")
        series = find_series(db, au.id, 2026, "AU")
        assert series is not None
        assert series.id == drawn.series_id
        assert find_series(db, au.id, 2026) is None


def test_a_series_may_never_begin_again(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, series_period=SeriesPeriod.NEVER)
        first, second = draw_number(db, forum, 2026), draw_number(db, forum, 2027)
        assert (first.year, second.year, second.sequence) == (None, None, 2)
        assert find_series(db, forum.id, None) is not None
        assert register_number(db, forum, year=None, sequence=7).sequence == 7
        assert draw_number(db, forum, 2028).sequence == 8


def test_a_number_that_was_not_used_is_given_again(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)

    def fail_after_drawing() -> None:
        with database.writing() as db:
            draw_number(db, forum, 2026)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_drawing()
    with database.writing() as db:
        assert draw_number(db, forum, 2026).sequence == 1


def test_history_raises_the_counter_and_never_lowers_it(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        taken = register_number(db, forum, year=2019, sequence=13)
        register_number(db, forum, year=2019, sequence=4)
        drawn = draw_number(db, forum, 2019)
        assert (drawn.sequence, drawn.series_id) == (14, taken.series_id)
        old = register_number(db, forum, year=2019, sequence=2, prefix="ps")
        assert (old.prefix, old.series_id == taken.series_id) == ("PS", False)


@pytest.mark.parametrize(
    ("year", "sequence", "prefix", "code"),
    [
        (2019, 0, None, "number.out_of_range"),
        (2019, 1_000_000, None, "number.out_of_range"),
        (None, 1, None, "number.year_needed"),
        (1066, 1, None, "number.year_needed"),
        (2019, 1, "Sak", "number.prefix_invalid"),
    ],
)
def test_numbers_that_cannot_be(
    database: Database, year: int | None, sequence: int, prefix: str | None, code: str
) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        with pytest.raises(RuleBroken, match=code):
            register_number(db, forum, year=year, sequence=sequence, prefix=prefix)


def test_a_full_series_says_so(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        register_number(db, forum, year=2026, sequence=999_999)
        with pytest.raises(RuleBroken, match=r"number\.series_full"):
            draw_number(db, forum, 2026)
