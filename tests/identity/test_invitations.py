"""Links with which a user chooses a password."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.identity.models import Invitation
from app.identity.passwords import verify_password
from app.identity.service import invitations
from app.identity.service.invitations import accept_invitation, find_invitation, invite
from app.identity.service.sessions import find_session, sign_in
from app.kernel.errors import RuleBroken
from app.platform.db import Database
from tests.factories.forums import administrator
from tests.factories.users import PASSWORD, make_user

NEW = "sytten brune kuer"


def test_a_link_works_once(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db, with_password=False)
        token = invite(db, administrator(), user.id, hours=24)
        assert token not in db.scalars(select(Invitation.token_hash)).all()
        invited = find_invitation(db, token)
        assert invited is not None
        assert (invited.user_id, invited.email) == (user.id, "kari@example.no")
    accepted = accept_invitation(database, token, NEW)
    assert verify_password(NEW, accepted.password_hash)
    with database.reading() as db:
        assert find_invitation(db, token) is None
    with pytest.raises(RuleBroken, match=r"invitation\.not_valid"):
        accept_invitation(database, token, NEW)


def test_a_link_works_within_its_hours(database: Database) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 8, 0, tzinfo=UTC), tick=False) as clock:
        with database.writing() as db:
            user = make_user(db, with_password=False)
            token = invite(db, administrator(), user.id, hours=24)
        clock.shift(timedelta(hours=24))
        with database.reading() as db:
            assert find_invitation(db, token) is None


def test_a_newer_link_voids_the_older(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
        first = invite(db, administrator(), user.id, hours=24)
        second = invite(db, administrator(), user.id, hours=24)
        assert find_invitation(db, first) is None
        assert find_invitation(db, second) is not None


def test_a_password_that_will_not_do_leaves_the_link_in_force(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db, with_password=False)
        token = invite(db, administrator(), user.id, hours=24)
    with pytest.raises(RuleBroken, match=r"password\.common"):
        accept_invitation(database, token, "passordpassord")
    with database.reading() as db:
        assert find_invitation(db, token) is not None


def test_a_reset_ends_the_sessions_under_the_old_password(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
        token = invite(db, administrator(), user.id, hours=24)
    cookie = sign_in(
        database, email=user.email, password=PASSWORD, address="::1", user_agent="Firefox", hours=12
    )
    assert isinstance(cookie, str)
    accept_invitation(database, token, NEW)
    with database.reading() as db:
        assert find_session(db, cookie, idle_minutes=60) is None


def test_nobody_waits_while_a_chosen_password_is_hashed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        user = make_user(db, with_password=False)
        token = invite(db, administrator(), user.id, hours=24)

    def hashed_while_others_write(password: str) -> str:
        with database.writing() as db:
            make_user(db, email="annen@example.no")
        return "hash"

    monkeypatch.setattr(invitations, "hash_password", hashed_while_others_write)
    assert accept_invitation(database, token, NEW).password_hash == "hash"
