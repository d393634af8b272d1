"""Signing in, staying signed in, signing out."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.access.actor import Actor
from app.audit.models import AuditEvent
from app.identity.models import LoginAttempt, UserSession
from app.identity.rules import AttemptOutcome
from app.identity.service import sessions as service
from app.identity.service.sessions import (
    SignInRefused,
    end_session,
    find_session,
    list_sessions,
    revoke_session,
    sign_in,
    touch_session,
)
from app.kernel.errors import NotFound
from app.platform.db import Database
from tests.factories.forums import administrator, outsider
from tests.factories.users import PASSWORD, make_user
from tests.support.queries import counted_statements

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Verification without its cost; remembers the hashes that it was asked about."""
    asked: list[str | None] = []

    def verify(password: str, stored: str | None) -> bool:
        asked.append(stored)
        return stored is not None and password == PASSWORD

    monkeypatch.setattr(service, "verify_password", verify)
    return asked


def attempt(
    database: Database, *, email: str = "kari@example.no", password: str = PASSWORD, address: str = "10.0.0.1"
) -> str | SignInRefused:
    return sign_in(database, email=email, password=password, address=address, user_agent="Firefox", hours=12)


def code(answer: str | SignInRefused) -> str:
    return answer.reason.code if isinstance(answer, SignInRefused) else "signed in"


def actions(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_the_right_password_opens_a_session_and_the_cookie_is_stored_only_as_a_hash(
    database: Database,
) -> None:
    with database.writing() as db:
        user = make_user(db, person_id=None)
    token = attempt(database, email=" KARI@Example.no")
    assert isinstance(token, str)
    with database.reading() as db:
        row = db.scalars(select(UserSession)).one()
        assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
        found = find_session(db, token, idle_minutes=60)
        assert found is not None
        assert (found.user_id, found.name, found.session_id) == (user.id, "Kari Nordmann", row.id)
    assert actions(database) == ["session.started"]


def test_every_sign_in_has_an_id_of_its_own(database: Database, quick: object) -> None:
    with database.writing() as db:
        make_user(db)
    assert attempt(database) != attempt(database)


def test_all_who_cannot_sign_in_get_the_same_answer_after_a_verification(
    database: Database, quick: list[str | None]
) -> None:
    with database.writing() as db:
        make_user(db)
        make_user(db, "stopped@example.no", is_active=False)
        make_user(db, "invited@example.no", with_password=False)
    answers = [
        attempt(database, password="feil"),
        attempt(database, email="nobody@example.no"),
        attempt(database, email="stopped@example.no"),
        attempt(database, email="invited@example.no"),
        attempt(database, email="x" * 10_000, password="y" * 100_000),
    ]
    assert {code(answer) for answer in answers} == {"sign_in.wrong"}
    assert len(quick) == 5
    assert actions(database) == ["session.refused"] * 5


def test_no_transaction_is_open_while_a_password_is_verified(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as db:
        make_user(db)

    def verify(password: str, stored: str | None) -> bool:
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr(service, "verify_password", verify)
    assert code(attempt(database)) == "signed in"


@pytest.mark.parametrize("email", ["kari@example.no", "nobody@example.no"])
def test_after_five_failures_an_account_waits_whether_it_exists_or_not(
    database: Database, quick: list[str | None], clock: time_machine.Traveller, email: str
) -> None:
    with database.writing() as db:
        make_user(db)
    for number in range(5):
        assert (
            code(attempt(database, email=email, password="feil", address=f"10.0.0.{number}"))
            == "sign_in.wrong"
        )
    for _ in range(3):
        assert code(attempt(database, email=email)) == "sign_in.blocked"
    assert len(quick) == 5
    assert code(attempt(database, email="other@example.no", password="feil")) == "sign_in.wrong"
    # Blocked tries do not prolong the wait, so that nobody can be kept out for ever.
    clock.shift(timedelta(minutes=15, seconds=1))
    expected = "signed in" if email.startswith("kari") else "sign_in.wrong"
    assert code(attempt(database, email=email)) == expected


def test_after_twenty_failures_an_address_waits(database: Database, quick: object) -> None:
    with database.writing() as db:
        make_user(db)
    for number in range(20):
        assert code(attempt(database, email=f"{number}@example.no")) == "sign_in.wrong"
    assert code(attempt(database)) == "sign_in.blocked"
    assert code(attempt(database, address="10.0.0.2")) == "signed in"


def test_sign_ins_do_not_count_as_failures(database: Database, quick: object) -> None:
    with database.writing() as db:
        make_user(db)
    assert {code(attempt(database)) for _ in range(8)} == {"signed in"}


def test_the_limit_holds_for_tries_at_the_same_time(database: Database, quick: list[str | None]) -> None:
    with database.writing() as db:
        make_user(db)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: code(attempt(database, password="feil")), range(16)))
    assert set(answers) == {"sign_in.wrong", "sign_in.blocked"}
    assert len(quick) <= 5


def test_an_old_try_is_forgotten(database: Database, quick: object, clock: time_machine.Traveller) -> None:
    with database.writing() as db:
        make_user(db)
    attempt(database, password="feil")
    attempt(database)
    clock.shift(timedelta(days=40))
    attempt(database)
    with database.reading() as db:
        assert db.scalars(select(LoginAttempt.outcome)).all() == [AttemptOutcome.SUCCEEDED]
        assert len(db.scalars(select(UserSession)).all()) == 1


def test_a_session_ends_when_idle_and_lives_when_used(
    database: Database, quick: object, clock: time_machine.Traveller
) -> None:
    with database.writing() as db:
        make_user(db)
    token = str(attempt(database))
    clock.shift(timedelta(minutes=59))
    with database.writing() as db:
        found = find_session(db, token, idle_minutes=60)
        assert found is not None
        touch_session(db, found.session_id)
    clock.shift(timedelta(minutes=59))
    with database.reading() as db:
        assert find_session(db, token, idle_minutes=60) is not None
        assert find_session(db, token, idle_minutes=30) is None
        assert find_session(db, token + "x", idle_minutes=60) is None
        assert find_session(db, "\ud800", idle_minutes=60) is None
    clock.shift(timedelta(minutes=2))
    with database.reading() as db:
        assert find_session(db, token, idle_minutes=60) is None


def test_a_session_ends_after_its_hours_however_much_it_is_used(
    database: Database, quick: object, clock: time_machine.Traveller
) -> None:
    with database.writing() as db:
        user = make_user(db)
    token = str(attempt(database))
    clock.shift(timedelta(hours=12, seconds=-1))
    with database.writing() as db:
        [line] = list_sessions(db, user.id)
        touch_session(db, line.id)
        assert find_session(db, token, idle_minutes=60) is not None
    clock.shift(timedelta(seconds=2))
    with database.reading() as db:
        assert find_session(db, token, idle_minutes=60) is None
        assert list_sessions(db, user.id) == []


def test_signing_out_is_final(database: Database, quick: object) -> None:
    with database.writing() as db:
        make_user(db)
    token = str(attempt(database))
    with database.writing() as db:
        held = find_session(db, token, idle_minutes=60)
        assert held is not None
        end_session(db, token)
        end_session(db, token)
        end_session(db, "unknown")
        touch_session(db, held.session_id)
        assert find_session(db, token, idle_minutes=60) is None
    assert actions(database) == ["session.started", "session.ended"]


def test_a_session_is_revoked_by_its_owner_or_an_administrator(database: Database, quick: object) -> None:
    with database.writing() as db:
        user = make_user(db)
    first, second = str(attempt(database)), str(attempt(database))
    with database.writing() as db:
        lines = list_sessions(db, user.id)
        assert {line.user_agent for line in lines} == {"Firefox"}
        with pytest.raises(NotFound):
            revoke_session(db, outsider(), lines[0].id)
        with pytest.raises(NotFound):
            revoke_session(db, administrator(), user.id)
        revoke_session(db, Actor(user.id, user.name), lines[0].id)
        revoke_session(db, administrator(), lines[1].id)
        assert find_session(db, first, idle_minutes=60) is None
        assert find_session(db, second, idle_minutes=60) is None


def test_finding_a_session_is_one_query(database: Database, quick: object) -> None:
    with database.writing() as db:
        make_user(db)
    token = str(attempt(database))
    with database.reading() as db, counted_statements(database) as statements:
        assert find_session(db, token, idle_minutes=60) is not None
    assert len(statements) == 1
