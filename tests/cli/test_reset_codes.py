"""``user reset-codes``: the way back in for the only administrator, whose phone is gone."""

import io

from sqlalchemy import select

from app.identity.models import SecondFactor, UserAccount
from app.identity.queries import user_by_email
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.settings import Settings


def test_an_operator_resets_codes(samstyr, monkeypatch) -> None:
    assert samstyr("migrate").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("riktig hest batteri stift\n"))
    assert samstyr("user", "add", "kari@example.no", "--name", "Kari", "--password-stdin").code == 0
    database = Database(Settings().resolved_database_url)
    try:
        with database.writing() as db:
            user = user_by_email(db, "kari@example.no")
            assert isinstance(user, UserAccount)
            db.add(SecondFactor(user_id=user.id, sealed_secret="x", last_step=1, created_at=utc_now()))
        said = samstyr("user", "reset-codes", " Kari@Example.no")
        assert (said.code, said.err) == (0, "")
        with database.reading() as db:
            assert db.scalars(select(SecondFactor)).all() == []
    finally:
        database.dispose()
    for email in ("kari@example.no", "nobody@example.no"):
        refused = samstyr("user", "reset-codes", email)
        assert refused.code == 2
        assert refused.err == f"There is no user {email} with codes.\n"
