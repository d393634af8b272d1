"""Settings of single sign-on: what is wrong is said in one line at start, and nothing is started with less safety."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError

from app.platform.settings import Settings
from tests.cli.conftest import samstyr

__all__ = ["samstyr"]
TENANT = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):
    def give(**values: str) -> None:
        monkeypatch.setenv("SAMSTYR_PUBLIC_ORIGIN", "https://samstyr.example.no")
        for name, value in values.items():
            monkeypatch.setenv(f"SAMSTYR_{name}", value)

    return give


GOOD = {
    "OIDC__X__ISSUER": "https://idp.example.no",
    "OIDC__X__CLIENT_ID": "samstyr",
    "OIDC__X__CLIENT_SECRET": "hemmelig",
}


def test_several_providers_are_read_from_the_environment(environment) -> None:
    environment(
        **GOOD,
        OIDC__ENTRA__KIND="entra",
        OIDC__ENTRA__ISSUER=TENANT,
        OIDC__ENTRA__CLIENT_ID="a",
        OIDC__ENTRA__CLIENT_SECRET="b",
        OIDC__IDP__KIND="idporten",
        OIDC__IDP__ISSUER="https://idporten.no",
        OIDC__IDP__CLIENT_ID="c",
        OIDC__IDP__CLIENT_SECRET="d",
        OIDC__ANSATT__KIND="ansattporten",
        OIDC__ANSATT__ISSUER="https://ansattporten.no",
        OIDC__ANSATT__CLIENT_ID="e",
        OIDC__ANSATT__CLIENT_SECRET="f",
        OIDC__ANSATT__ACR_VALUES="high",
        OIDC__ANSATT__LABEL="Ansattporten for rådet",
    )
    oidc = Settings().oidc
    assert {key: (one.name, one.accepted_acr) for key, one in oidc.items()} == {
        "x": ("idp.example.no", ()),
        "entra": ("Microsoft Entra ID", ()),
        "idp": ("ID-porten", ("idporten-loa-substantial", "idporten-loa-high")),
        "ansatt": ("Ansattporten for rådet", ("high",)),
    }
    assert "hemmelig" not in repr(Settings())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"OIDC__X__ISSUER": "http://idp.example.no"}, "SAMSTYR_OIDC__X__ISSUER"),
        ({"OIDC__X__ISSUER": "idp.example.no"}, "https://"),
        ({"OIDC__X__CLIENT_ID": " "}, "SAMSTYR_OIDC__X__CLIENT_ID"),
        ({"OIDC__X__CLIENT_SECRET": ""}, "CLIENT_SECRET must not be empty"),
        ({"OIDC__X__PRIVATE_KEY_FILE": "/nowhere.pem"}, "either CLIENT_SECRET or PRIVATE_KEY_FILE"),
        ({"OIDC__X__ACR_VALUE": "high"}, "SAMSTYR_OIDC__X__ACR_VALUE"),
        ({"OIDC__X__KIND": "google"}, "SAMSTYR_OIDC__X__KIND"),
        ({"OIDC__X__KIND": "entra"}, "must name one tenant"),
        ({"OIDC__X__KIND": "entra", "OIDC__X__ISSUER": TENANT.replace("0000", "common", 1)}, "one tenant"),
        ({"OIDC__X__KIND": "idporten", "OIDC__X__ACR_VALUES": ""}, "ACR_VALUES must not be empty"),
        ({"OIDC__X__SCOPE": "profile"}, "openid"),
        ({"PUBLIC_ORIGIN": ""}, "SAMSTYR_PUBLIC_ORIGIN"),
        ({"OIDC__CODE__ISSUER": "https://x.no"}, "SAMSTYR_OIDC__CODE"),
        ({"OIDC": "not json"}, "settings cannot be read"),
        ({"REQUIRE_TOTP": "everybody"}, "SAMSTYR_REQUIRE_TOTP"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(samstyr, environment, change, said) -> None:
    environment(**{**GOOD, **change})
    answer = samstyr("migrate")
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert "hemmelig" not in answer.err


@pytest.mark.parametrize("name", ["x y", "ÆØÅ", "a" * 40, "code"])
def test_names_stand_in_addresses(name) -> None:
    one = {"issuer": "https://idp.example.no", "client_id": "a", "client_secret": "b"}
    with pytest.raises(ValidationError, match="the name"):
        Settings(public_origin="https://samstyr.example.no", oidc={name: one})


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"x", "PEM form"), ("weak", "at least 2048 bits"), ("good", "")],
)
def test_a_private_key_is_looked_at_before_it_is_needed(
    samstyr, environment, tmp_path: Path, content, said
) -> None:
    path = tmp_path / "key.pem"
    if content in {"weak", "good"}:
        key = generate_private_key(65537, 1024 if content == "weak" else 2048)
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    elif content is not None:
        path.write_bytes(content)
    with_key = {name: value for name, value in GOOD.items() if "SECRET" not in name}
    environment(**with_key, OIDC__X__PRIVATE_KEY_FILE=str(path))
    answer = samstyr("migrate")
    assert (answer.code, said in answer.err) == (2 if said else 0, True)
