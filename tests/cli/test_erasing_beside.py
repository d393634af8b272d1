"""Erasing looks also where texts are kept for a while: what was saved over, and drafts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.cases.models import EarlierText
from app.identity.models import UserAccount
from app.platform.clock import utc_now
from app.platform.db import Database
from app.writing.models import Draft
from tests.cli.conftest import Samstyr

WORDS = ("audit", "erase", "--user", "kari@example.no", "--reason", "the law")


@pytest.fixture
def database(samstyr: Samstyr, tmp_path: Path) -> Iterator[Database]:
    """Kari is named in two texts that were saved over and in a draft of Ola's; others are not about her."""
    assert samstyr("migrate").code == 0
    for email, name in (("kari@example.no", "Kari Nordmann"), ("ola@example.no", "Ola Nordmann")):
        assert samstyr("user", "add", email, "--name", name).code == 0
    database = Database(f"sqlite:///{tmp_path / 'data' / 'samstyr.db'}")
    with database.writing() as db:
        ola = db.scalars(select(UserAccount).where(UserAccount.email == "ola@example.no")).one()
        for days, body in ((80, "Spør kari nordmann."), (1, "Fra KARI@example.no"), (1, "Ingen")):
            db.add(
                EarlierText(
                    subject_id=uuid4(),
                    since=1,
                    version=1,
                    fields={"body": ["", body]},
                    replaced_at=utc_now() - timedelta(days=days),
                )
            )
        for number, body in enumerate(("Vi spør Kari Nordmann", "Vi spør noen andre")):
            db.add(
                Draft(
                    user_id=ola.id,
                    key=f"forum/{uuid4()}/new",
                    fields={"title": [body]},
                    base_version=number,
                    updated_at=datetime(2026, 3, 1, tzinfo=UTC),
                )
            )
    yield database
    database.dispose()


def bodies(database: Database) -> list[str]:
    with database.reading() as db:
        return [row.fields["body"][1] for row in db.scalars(select(EarlierText)) if row.fields]


def test_what_names_the_person_is_told_with_its_last_day(samstyr: Samstyr, database: Database) -> None:
    said = samstyr(*WORDS)
    assert said.code == 0
    last = (utc_now() + timedelta(days=89)).date()
    assert (
        f"2 earlier versions of texts naming the person; the last of them goes by itself on {last}"
        in said.out
    )
    assert "1 draft naming the person" in said.out
    assert "the last on 2026-05-30" in said.out
    assert len(bodies(database)) == 3


def test_earlier_texts_are_erased_with_mentions_and_drafts_are_nobodys_to_take(
    samstyr: Samstyr, database: Database, tmp_path: Path
) -> None:
    said = samstyr(*WORDS, "--mentions")
    assert said.code == 0
    assert "Erased: 2 earlier versions of texts naming the person." in said.out
    assert "1 draft naming the person" in said.out
    assert bodies(database) == ["Ingen"]
    with database.reading() as db:
        assert len(db.scalars(select(Draft)).all()) == 2
    assert samstyr("verify").code == 0
    again = samstyr(*WORDS, "--mentions")
    assert "earlier versions" not in again.out
    database.dispose()
    assert "Spør kari nordmann".encode() not in (tmp_path / "data" / "samstyr.db").read_bytes()


def test_one_entry_says_nothing_of_what_is_beside_it(samstyr: Samstyr, database: Database) -> None:
    said = samstyr("audit", "erase", "--event", "1", "--reason", "the law")
    assert said.code == 0
    assert "drafts" not in said.out
