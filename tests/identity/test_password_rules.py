"""What a password must be."""

import pytest

from app.identity.rules import email_reasons, password_reasons


def codes(password: str, email: str = "kari.nordmann@digdir.no", name: str = "Kari Nordmann") -> list[str]:
    return [reason.code for reason in password_reasons(password, email=email, name=name)]


@pytest.mark.parametrize(
    "password",
    [
        "fjorten grå hester",
        "alle fugler små de er",
        "xk7-Qm2!vTr9",
        "839201746528",
        "x" * 11 + "y" * 989,
        "🐴🐴🐴🐴🐴🐴🐴🐴🐴🐴🐴🦄🐖",
    ],
)
def test_length_counts_and_composition_does_not(password: str) -> None:
    assert codes(password) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("xk7-Qm2!vTr", "password.too_short"),
        ("", "password.too_short"),
        ("xy" * 501, "password.too_long"),
        ("passordpassord", "password.common"),
        ("PassordPassord", "password.common"),
        ("Sommeren2026!", "password.common"),
        ("digitalisering2026", "password.common"),
        ("123456789012", "password.common"),
        ("abababababab", "password.common"),
        ("aaaaaaaaaaaaaaaaa", "password.common"),
        ("correct horse battery staple", "password.common"),
        ("Nordmann er best i byen", "password.contains_identity"),
        ("hilsen kari.nordmann her", "password.contains_identity"),
        ("velkommen hos digdir i dag", "password.contains_identity"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, code: str) -> None:
    assert codes(password) == [code]


def test_short_words_of_a_name_may_stand_in_a_password() -> None:
    assert codes("boller og brus til fem", email="bo@ks.no", name="Bo Li") == []


@pytest.mark.parametrize("email", ["kari@example.no", "k@x", "kåri@blåbær.no"])
def test_addresses(email: str) -> None:
    assert email_reasons(email) == []


@pytest.mark.parametrize("email", ["", "kari", "@example.no", "kari@", "a@b@c", "a b@c.no", "a@" + "b" * 300])
def test_what_is_no_address(email: str) -> None:
    assert [reason.code for reason in email_reasons(email)] == ["user.email_invalid"]
