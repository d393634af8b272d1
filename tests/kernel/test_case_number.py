"""One case number has many spellings; whatever a pattern prints is read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.case_number import CaseNumber, check_pattern, format_case_number, parse_case_number

SPELLINGS = [
    ("Sak 13/2019", 13, 2019, ""),
    ("13/19", 13, 2019, ""),
    ("Sak 13-19", 13, 2019, ""),
    ("013/19", 13, 2019, ""),
    ("13-2019", 13, 2019, ""),
    ("13/2019", 13, 2019, ""),
    ("Sak 13 / 2019", 13, 2019, ""),
    ("Sak13/2019", 13, 2019, ""),
    ("sak 13–19", 13, 2019, ""),
    ("SAK\u00a013/2019:", 13, 2019, ""),
    ("Sag 7/2011", 7, 2011, ""),
    ("Case no. 7/2011", 7, 2011, ""),
    ("saksnr. 7/11", 7, 2011, ""),
    ("Saknr 7/11", 7, 2011, ""),
    ("sagsnummer: 7/11", 7, 2011, ""),
    ("0015/08", 15, 2008, ""),
    ("01/16", 1, 2016, ""),
    ("143/17", 143, 2017, ""),
    ("3/1998", 3, 1998, ""),
    ("3/70", 3, 1970, ""),
    ("3/69", 3, 2069, ""),
    ("PS 8/11", 8, 2011, "PS"),
    ("ps 8/11", 8, 2011, "PS"),
    ("Sak PS 8/11", 8, 2011, "PS"),
    ("PS 8/11 08/443", 8, 2011, "PS"),
    ("PS 8/11 14/1277", 8, 2011, "PS"),
    ("KST-63/16", 63, 2016, "KST"),
    ("STY 67/10", 67, 2010, "STY"),
    ("FSK-7/14", 7, 2014, "FSK"),
    ("V-SAK 2", 2, None, "V-SAK"),
    ("o-sak 1", 1, None, "O-SAK"),
    ("Sak 4", 4, None, ""),
    ("49.", 49, None, ""),
]

REFUSED = [
    "",
    " ",
    "/18",
    "0/19",
    "13/",
    "sak",
    "13/019",
    "13/1277",
    "2020/2649",
    "13.6.2019",
    "2019-06-13",
    "13/19 14/19",
    "PS 8/11 9/2011",
    "Møte 2/2018",
    "møde 2",
    "Arkivsaksnr. 09/810",
    "1.3.a",
    "1234567/19",
    "13/19; drop table",
    "Sak 13/2019 Strategi",
    "١٣/١٩",
    "9" * 5000,
    "-" * 5000,
    "a" * 50,
    "\x00",
]


@pytest.mark.parametrize(("text", "sequence", "year", "prefix"), SPELLINGS)
def test_every_usual_spelling_is_read(text: str, sequence: int, year: int | None, prefix: str) -> None:
    assert parse_case_number(text) == CaseNumber(sequence, year, prefix)


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a (case number|year)$"):
        parse_case_number(text)


def test_a_missing_year_is_this_year_when_the_caller_says_so() -> None:
    assert parse_case_number("Sak 4", today_year=2026) == CaseNumber(4, 2026, "")
    assert parse_case_number("4/19", today_year=2026) == CaseNumber(4, 2019, "")


@pytest.mark.parametrize(
    ("pattern", "prefix", "printed"),
    [
        ("{n}/{year}", "", "13/2019"),
        ("Sak {n}/{year}", "", "Sak 13/2019"),
        ("{n:03}/{yy}", "", "013/19"),
        ("Sak {n}-{yy}", "", "Sak 13-19"),
        ("{prefix} {n}/{yy}", "PS", "PS 13/19"),
        ("{prefix} {n}/{yy}", "", "13/19"),
        ("{prefix}-{n}/{yy}", "kst", "KST-13/19"),
        ("{prefix}-{n}/{yy}", "", "13/19"),
        ("{prefix} {n}", "V-SAK", "V-SAK 13"),
        ("{n}.", "", "13."),
    ],
)
def test_patterns_print_what_they_say(pattern: str, prefix: str, printed: str) -> None:
    assert format_case_number(pattern, 13, 2019, prefix) == printed


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "Sak",
        "{year}",
        "{year}/{n}",
        "{n}{year}",
        "{n}/{n}",
        "{n}/{year}/{yy}",
        "{n!r}",
        "{n.__class__}/{year}",
        "{0}/{1}",
        "{n:>9999999}",
        "{n:0}",
        "{n:07}",
        "{n:2}",
        "{{n}}",
        "{n}/{month}",
        "PS {n}/{yy}",
        "{n}/{year} <b>",
        "{n}/{year}\n",
        "{n}" * 50,
    ],
)
def test_other_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        check_pattern(pattern)
    with pytest.raises(ValueError, match="pattern"):
        format_case_number(pattern, 13, 2019)


@pytest.mark.parametrize(
    ("pattern", "sequence", "year", "prefix"),
    [
        ("{n}/{year}", 13, None, ""),
        ("{n}/{yy}", 13, 1950, ""),
        ("{n}/{year}", 13, 2100, ""),
        ("{n}/{year}", 0, 2019, ""),
        ("{n}/{year}", 1_000_000, 2019, ""),
        ("{prefix} {n}/{year}", 13, 2019, "Sak"),
        ("{prefix} {n}/{year}", 13, 2019, "saknr"),
        ("{prefix} {n}/{year}", 13, 2019, "{n}"),
        ("{prefix} {n}/{year}", 13, 2019, "TOOLONG"),
    ],
)
def test_values_that_could_not_be_read_back_are_refused(
    pattern: str, sequence: int, year: int | None, prefix: str
) -> None:
    with pytest.raises(ValueError, match=r"year|bounds"):
        format_case_number(pattern, sequence, year, prefix)


WORDS = ["", "Sak", "Sak.", "Sak ", "sag ", "Case ", "Saksnr. ", "Sak nr. "]
PATTERNS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from(["", "{prefix} ", "{prefix}-", "{prefix}"]),
        st.sampled_from(["{n}", "{n:02}", "{n:04}", "{n:06}"]),
        st.sampled_from(["", "/{year}", "-{year}", "/{yy}", "–{yy}", " / {year}"]),
        st.sampled_from(["", "."]),
    ),
)
PREFIXES = st.sampled_from(["", "PS", "RS", "KST", "STY", "FSK", "V-SAK", "O-SAK", "ØÅ"])


@given(PATTERNS, st.integers(1, 999_999), st.integers(1970, 2069), PREFIXES)
def test_whatever_a_pattern_prints_is_read_back(pattern: str, sequence: int, year: int, prefix: str) -> None:
    try:
        check_pattern(pattern)
    except ValueError:
        assert pattern.startswith("Sak{prefix}")  # the word and the prefix would run together
        return

    read = parse_case_number(format_case_number(pattern, sequence, year, prefix))

    assert read.sequence == sequence
    assert read.year == (year if re.search("year|yy", pattern) else None)
    assert read.prefix == (prefix if "{prefix}" in pattern else "")


@given(st.text(max_size=70))
def test_junk_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        number = parse_case_number(text)
    except ValueError:
        return
    assert number.sequence >= 1


@given(st.text(alphabet="{}nyear prefix:0123/-.!", max_size=30))
def test_no_pattern_breaks_the_printer(pattern: str) -> None:
    try:
        printed = format_case_number(pattern, 13, 2019, "PS")
    except ValueError:
        return
    assert parse_case_number(printed).sequence == 13
