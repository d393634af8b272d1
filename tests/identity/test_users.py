"""Accounts: who may make and change them, and what follows."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.audit.models import AuditEvent
from app.idempotency.rules import new_key
from app.idempotency.service import claim
from app.identity.models import UserAccount
from app.identity.passwords import verify_password
from app.identity.queries import get_user, list_users
from app.identity.rules import FAILURES_PER_ACCOUNT
from app.identity.service import users
from app.identity.service.invitations import find_invitation, invite
from app.identity.service.sessions import find_session, list_sessions, sign_in
from app.identity.service.users import change_password, create_user, set_preferences, update_user
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.kernel.language import Language
from app.platform.db import Database
from tests.factories.forums import administrator, outsider
from tests.factories.people import make_person
from tests.factories.users import PASSWORD, make_user

NEW = "sytten brune kuer"


def start(database: Database) -> str:
    token = sign_in(
        database, email="kari@example.no", password=PASSWORD, address="::1", user_agent="Firefox", hours=12
    )
    assert isinstance(token, str)
    return token


def acting(user_id: UUID) -> Actor:
    return Actor(user_id, "Kari Nordmann")


def test_an_administrator_makes_accounts(database: Database) -> None:
    with database.writing() as db:
        person = make_person(db)
        user = create_user(
            db, administrator(), email=" Kari@Example.NO ", name="Kari  Nordmann", person_id=person.id
        )
    with database.reading() as db:
        line = get_user(db, administrator(), user.id)
        assert (line.email, line.name, line.person_name) == (
            "kari@example.no",
            "Kari Nordmann",
            "Kari Nordmann",
        )
        assert line.is_active
        assert not line.has_password
        assert [each.id for each in list_users(db, administrator())] == [user.id]
        event = db.scalars(select(AuditEvent)).one()
        assert (event.action, event.actor_name) == ("user.created", "Ada Admin")


def test_nobody_else_does(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
        with pytest.raises(NotAllowed):
            create_user(db, outsider(), email="a@b.no", name="A")
        with pytest.raises(NotAllowed):
            list_users(db, outsider())
        with pytest.raises(NotAllowed):
            invite(db, outsider(), user.id, hours=24)
        with pytest.raises(NotAllowed):
            update_user(
                db,
                outsider(),
                user.id,
                version=1,
                name="A",
                person_id=None,
                is_administrator=True,
                is_active=True,
            )
        with pytest.raises(NotFound):
            get_user(db, outsider(), user.id)
        assert get_user(db, acting(user.id), user.id).name == "Kari Nordmann"


def test_every_reason_is_told_at_once(database: Database) -> None:
    with database.writing() as db:
        make_user(db)
        with pytest.raises(RuleBroken) as refusal:
            create_user(db, administrator(), email="nobody", name=" ", person_id=uuid4(), password="kort")
        assert [reason.code for reason in refusal.value.reasons] == [
            "user.email_invalid",
            "user.name_missing",
            "user.person_unknown",
            "password.too_short",
        ]
        with pytest.raises(RuleBroken, match=r"user\.email_taken"):
            create_user(db, administrator(), email="KARI@example.no", name="Kari")


def test_stopping_an_account_ends_everything_it_could_be_used_through(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
        letter = invite(db, administrator(), user.id, hours=24)
    token = start(database)
    with database.writing() as db:
        update_user(
            db,
            administrator(),
            user.id,
            version=1,
            name=user.name,
            person_id=None,
            is_administrator=False,
            is_active=False,
        )
        assert find_session(db, token, idle_minutes=60) is None
        assert find_invitation(db, letter) is None
        assert list_sessions(db, user.id) == []
        with pytest.raises(RuleBroken, match=r"user\.not_active"):
            invite(db, administrator(), user.id, hours=24)


@pytest.mark.parametrize(("is_administrator", "is_active"), [(False, True), (True, False)])
def test_the_last_administrator_stays(database: Database, is_administrator: bool, is_active: bool) -> None:
    with database.writing() as db:
        last = make_user(db, is_administrator=True)
        make_user(db, "stopped@example.no", is_administrator=True, is_active=False)
        fields = {
            "name": last.name,
            "person_id": None,
            "is_administrator": is_administrator,
            "is_active": is_active,
        }
        with pytest.raises(RuleBroken, match=r"user\.last_administrator"):
            update_user(db, administrator(), last.id, version=1, **fields)
        make_user(db, "second@example.no", is_administrator=True)
        assert update_user(db, administrator(), last.id, version=1, **fields).version == 2


def test_a_stale_save_is_refused(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
        fields = {"person_id": None, "is_administrator": False, "is_active": True}
        update_user(db, administrator(), user.id, version=1, name="Kari N.", **fields)
        with pytest.raises(Conflict) as refusal:
            update_user(db, administrator(), user.id, version=1, name="Kari Ny", **fields)
        assert refusal.value.stored_version == 2


def test_preferences_are_ones_own(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
        set_preferences(db, acting(user.id), language=Language.DA, color_scheme="dark")
        assert (user.language, user.color_scheme, user.version) == (Language.DA, "dark", 1)
        with pytest.raises(RuleBroken, match=r"user\.color_scheme_unknown"):
            set_preferences(db, acting(user.id), language=Language.DA, color_scheme="pink")
        with pytest.raises(NotFound):
            set_preferences(db, Actor.system(), language=Language.DA, color_scheme="dark")


def test_a_new_password_ends_every_other_session(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
    here, there = start(database), start(database)
    with database.reading() as db:
        kept = find_session(db, here, idle_minutes=60)
    assert kept is not None
    actor, keep = acting(user.id), kept.session_id
    with pytest.raises(RuleBroken, match=r"password\.wrong"):
        change_password(database, actor, current="feil", new=NEW, address="::1", keep_session_id=keep)
    with pytest.raises(RuleBroken, match=r"password\.too_short"):
        change_password(database, actor, current=PASSWORD, new="kort", address="::1", keep_session_id=keep)
    with database.reading() as db:
        assert find_session(db, there, idle_minutes=60) is not None
    renewed = change_password(database, actor, current=PASSWORD, new=NEW, address="::1", keep_session_id=keep)
    with database.reading() as db:
        assert find_session(db, there, idle_minutes=60) is None
        assert find_session(db, here, idle_minutes=60) is None, "who had got hold of it is out as well"
        assert renewed is not None
        assert find_session(db, renewed, idle_minutes=60) is not None


def test_an_open_session_is_no_way_to_find_the_password_out(database: Database) -> None:
    with database.writing() as db:
        user = make_user(db)
    change = partial(change_password, database, acting(user.id), new=NEW, address="::1", keep_session_id=None)
    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(RuleBroken, match=r"password\.wrong"):
            change(current="feil")
    with pytest.raises(RuleBroken, match=r"sign_in\.blocked"):
        change(current=PASSWORD)


def test_a_password_is_the_same_however_its_letters_are_composed(database: Database) -> None:
    with database.writing() as db:
        user = create_user(db, administrator(), email="a@b.no", name="Å", password="åtte grå hester")
    assert verify_password("a\u030atte gra\u030a hester", user.password_hash)
    assert not verify_password("åtte grå hester", None)
    assert not verify_password("atte gra hester", user.password_hash)


def test_nobody_waits_while_a_new_password_is_hashed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a password that somebody else changed meanwhile is not overwritten."""
    with database.writing() as db:
        user = make_user(db)

    def hashed_while_others_write(password: str) -> str:
        with database.writing() as db:
            db.get_one(UserAccount, user.id).password_hash = "another"
        return "mine"

    monkeypatch.setattr(users, "hash_password", hashed_while_others_write)
    with pytest.raises(RuleBroken, match=r"password\.wrong"):
        change_password(
            database, acting(user.id), current=PASSWORD, new=NEW, address="::1", keep_session_id=None
        )
    with database.reading() as db:
        assert db.get_one(UserAccount, user.id).password_hash == "another"


def test_two_forms_of_one_user_do_not_wait_for_each_other_for_ever(database: Database) -> None:
    """Each holds on to the account with its key before it changes the account."""
    with database.writing() as db:
        user = make_user(db)
    both = threading.Barrier(2)

    def choose(scheme: str) -> None:
        with database.writing() as db:
            claim(db, user.id, new_key(), command="POST /account/preferences", body_hash=scheme)
            with suppress(threading.BrokenBarrierError):  # SQLite lets one in at a time
                both.wait(timeout=2)
            set_preferences(db, acting(user.id), language=Language.DA, color_scheme=scheme)

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(choose, ("dark", "light"))) == [None, None]
    with database.reading() as db:
        assert db.get_one(UserAccount, user.id).color_scheme in {"dark", "light"}
