"""Dates as papers write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.dates import parse_date

MONTHS = {"juni": 6, "june": 6, "jun": 6, "maj": 5}


@pytest.mark.parametrize(
    "text",
    [
        "13.6.2019",
        "13.06.2019",
        "13. 6. 2019",
        "13.6.19",
        "13/6/2019",
        "13/6 2019",
        "13/6-2019",
        "13-06-2019",
        "2019-06-13",
        "13. juni 2019",
        "13 JUNI 2019",
        "13.\u00a0juni\t2019",
        "13 June 2019",
        "13. jun. 2019",
        "June 13, 2019",
    ],
)
def test_the_usual_ways_of_writing_a_date(text: str) -> None:
    assert parse_date(text, MONTHS) == date(2019, 6, 13)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13.6",
        "31.6.2019",
        "13.13.2019",
        "13. juli 2019",
        "juni 2019",
        "13.6.2019 kl. 9",
        "1.1.0019",
        "9" * 500,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(text, MONTHS)


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_numbers_round_trip(day: date) -> None:
    assert parse_date(f"{day.day}.{day.month}.{day.year}") == day
    assert parse_date(f"{day.day:02}.{day.month:02}.{day.year % 100:02}") == day
    assert parse_date(day.isoformat()) == day


@given(st.text(max_size=100))
def test_junk_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        parse_date(text, MONTHS)
    except ValueError:
        return
