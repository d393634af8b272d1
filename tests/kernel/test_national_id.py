"""Identity numbers are found however they are written, and nothing else is taken for one."""

import random
from datetime import date, timedelta

import pytest

from app.kernel.national_id import national_ids, without_national_ids

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def norwegian(day: date, individual: int, *, d_number: bool = False) -> str | None:
    """A number with right control digits, or None when there is none for this individual number."""
    digits = [int(each) for each in f"{day:%d%m%y}{individual:03}"]
    if d_number:
        digits[0] += 4
    for weights in (_FIRST, _SECOND):
        control = -sum(a * b for a, b in zip(digits, weights, strict=True)) % 11
        if control == 10:
            return None
        digits.append(control)
    return "".join(map(str, digits))


NUMBER = norwegian(date(1990, 1, 1), 123) or norwegian(date(1990, 1, 1), 124) or ""
D_NUMBER = (
    norwegian(date(1990, 1, 1), 125, d_number=True) or norwegian(date(1990, 1, 1), 126, d_number=True) or ""
)


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        D_NUMBER,
        f"{NUMBER[:6]} {NUMBER[6:]}",
        f"{NUMBER[:6]}\u00a0{NUMBER[6:]}",
        f"{NUMBER[:6]}-{NUMBER[6:]}",
        f"{NUMBER[:6]} – {NUMBER[6:]}",
        f"{NUMBER[:6]} **{NUMBER[6:]}**",
        f"{NUMBER[:2]}.{NUMBER[2:4]}.{NUMBER[4:6]} {NUMBER[6:]}",
        f"{NUMBER[:2]} {NUMBER[2:4]} {NUMBER[4:6]} {NUMBER[6:9]} {NUMBER[9:]}",
        f"{NUMBER[:4]}\u200b{NUMBER[4:]}",
        f"{NUMBER[:4]}\u00ad{NUMBER[4:]}",
        f"fnr.{NUMBER},",
        f"x{NUMBER}y",
        f"sak 12 {NUMBER}",
        "010190-1234",
        "CPR: 290204-4321.",
        "010190–1234",
        "010190 - 1234",
    ],
)
def test_found_and_never_told_in_full(written: str) -> None:
    found = national_ids(f"Før {written} etter")
    assert len(found) == 1
    assert found[0][:6].isdigit()
    assert set(found[0][6:]) == {"*"}
    assert NUMBER not in without_national_ids(written)


@pytest.mark.parametrize(
    "harmless",
    [
        "Org.nr. 991 825 827",
        "991825827",
        "Tlf. 22 45 10 00, +47 22451000",
        "Konto 7694.05.00021",
        "Sak 13/2019, 13-19, 2020/2649",
        "13.06.2019–14.06.2019",
        "2019-06-13T09:00:00",
        "306-2009-600",
        "320190-1234",  # no 32nd of January
        "011390-1234",  # no 13th month
        "12345678901234567890",
        "ISBN 978-82-7400-123-4",
        "EAN 5790000123456",
        "1 234 567 890 123",
        f"{NUMBER[:-1]}{(int(NUMBER[-1]) + 1) % 10}",  # one control digit is wrong
        f"{NUMBER}7",
        "",
    ],
)
def test_no_false_alarm(harmless: str) -> None:
    assert national_ids(harmless) == ()
    assert without_national_ids(harmless) == harmless


def test_every_number_of_a_year_is_found_and_hardly_any_other() -> None:
    """Of random eleven-digit numbers about one in three thousand looks like one; of real ones every one is found."""
    chance = random.Random(7)
    made = [
        number
        for _ in range(3000)
        if (
            number := norwegian(
                date(1900, 1, 1) + timedelta(days=chance.randrange(45000)),
                chance.randrange(1000),
                d_number=chance.random() < 0.2,
            )
        )
    ]
    missed = [number for number in made if not national_ids(number)]
    alarms = sum(bool(national_ids(f"{chance.randrange(10**10, 10**11)}")) for _ in range(20_000))
    print(f"identity numbers: {len(made)} made, missed {len(missed)}; false alarms {alarms} of 20000 random")
    assert missed == []
    assert alarms < 20
