"""Drafts: kept for their writer alone, by those who may edit, until they are saved, discarded or old."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.identity.models import UserAccount
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.clock import utc_now
from app.platform.db import Database
from app.writing.models import Draft, Presence
from app.writing.queries import others_at_work, own_draft, own_drafts
from app.writing.rules import (
    KEEP_DRAFTS,
    MOST_CHARACTERS,
    MOST_DRAFTS,
    PRESENCE_LASTS,
    DraftKind,
    correction_key,
    forum_key,
    head_key,
    parse_key,
    part_key,
    refer_key,
)
from app.writing.service import drop_draft, keep_draft, note_presence, sweep_drafts
from tests.factories.cases import make_case, parts_of
from tests.factories.forums import make_forum
from tests.factories.users import make_user
from tests.support.house import HOSTILE

SOME = (
    "5f0c9b1e-27a4-4a83-9c1f-d9a3a3f7c001"  # the same in every process, so that they collect the same tests
)
TEXT = {"heading": ["Bakgrunn"], "body": ["hemmelig utkast"]}


class Desk:
    """A forum with a private draft case, and actors who are users."""

    def __init__(self, db) -> None:
        self.forum = make_forum(db)
        self.treatment = make_case(db, self.forum)
        self.part = parts_of(db, self.treatment)[0]
        self.key = part_key(self.treatment.id, self.part.id)
        self._db_users = 0

    def actor(self, db, *roles: Role, administrator: bool = False) -> Actor:
        self._db_users += 1
        name = f"Skriver {self._db_users}"
        user = make_user(db, f"skriver{self._db_users}@example.no", name)
        return Actor(user.id, name, is_administrator=administrator, roles={self.forum.id: frozenset(roles)})


@pytest.fixture
def desk(database: Database):
    with database.writing() as db:
        return Desk(db)


def keep(db, actor, key, fields=TEXT, *, version=1, revision=0):
    return keep_draft(db, actor, key, fields=fields, base_version=version, revision=revision)


def test_a_draft_is_kept_changed_and_dropped(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        first = keep(db, kari, desk.key)
        assert keep(db, kari, desk.key, {"body": ["mer"]}, revision=first.revision).revision == 2
    with database.reading() as db:
        kept = own_draft(db, kari, desk.key)
        assert (kept.fields, kept.base_version, kept.revision) == ({"body": ["mer"]}, 1, 2)
    with database.writing() as db:
        drop_draft(db, kari, desk.key)
        drop_draft(db, kari, desk.key)
        assert own_drafts(db, kari, "treatment/") == {}


def test_nobody_else_ever_sees_it_not_even_an_administrator(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        keep(db, kari, desk.key)
        others = [desk.actor(db, role) for role in Role if role is not Role.ADMINISTRATOR]
        others += [desk.actor(db, administrator=True), Actor.system()]
    seen = 0
    with database.writing() as db:
        for other in others:
            seen += len(own_drafts(db, other, ""))
            drop_draft(db, other, desk.key)
        assert own_draft(db, kari, desk.key) is not None
    print(f"drafts: {len(others)} other people looked, saw {seen}")
    assert seen == 0


def test_nothing_of_it_stands_in_the_audit(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        before = db.scalar(select(func.count()).select_from(AuditEvent))
        keep(db, kari, desk.key)
        note_presence(db, kari, desk.treatment.id, None)
        drop_draft(db, kari, desk.key)
        assert db.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_a_failing_database_says_nothing_of_the_text(database, desk) -> None:
    """Errors of the database go into the log; the values of a statement must not go with them."""
    fields = {"body": ["hemmelig"]}

    def nobodys_draft() -> None:
        with database.writing() as db:
            db.add(Draft(user_id=uuid4(), key="x", fields=fields, base_version=0, updated_at=utc_now()))

    with pytest.raises(DBAPIError) as failed:
        nobodys_draft()
    assert "hemmelig" not in str(failed.value)


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.DEPUTY, Role.SECOND, Role.OBSERVER])
def test_who_does_not_see_the_case_keeps_nothing(database, desk, role) -> None:
    with database.writing() as db:
        actor = desk.actor(db, *([role] if role else []))
        for key in (desk.key, head_key(desk.treatment.id), refer_key(desk.treatment.id)):
            with pytest.raises(NotFound):
                keep(db, actor, key)
        with pytest.raises(NotFound):
            note_presence(db, actor, desk.treatment.id, None)


@pytest.mark.parametrize("role", [Role.LEADER, Role.MINUTE_TAKER])
def test_who_sees_but_may_not_edit_keeps_nothing(database, desk, role) -> None:
    with database.writing() as db:
        actor = desk.actor(db, role)
        with pytest.raises(NotAllowed):
            keep(db, actor, desk.key)
        with pytest.raises(NotAllowed):
            keep(db, actor, forum_key(desk.forum.id, DraftKind.NEW_CASE))
        with pytest.raises(NotAllowed):
            note_presence(db, actor, desk.treatment.id, desk.part.id)


def test_forms_of_a_forum_keep_drafts_too(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        for kind in (DraftKind.NEW_CASE, DraftKind.IMPORT):
            key = forum_key(desk.forum.id, kind)
            keep(db, kari, key, version=0)
            assert own_draft(db, kari, key).fields == TEXT
        with pytest.raises(NotFound):
            keep(db, kari, forum_key(uuid4(), DraftKind.NEW_CASE))


def test_two_windows_of_one_person_do_not_overwrite_each_other(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        keep(db, kari, desk.key)
        with pytest.raises(Conflict):
            keep(db, kari, desk.key, {"body": ["fra et annet vindu"]}, revision=0)
        assert keep(db, kari, desk.key, TEXT, revision=0).revision == 1  # the same text again is no quarrel
        assert own_draft(db, kari, desk.key).fields == TEXT


def test_a_draft_has_a_size_and_a_person_a_number_of_them(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        with pytest.raises(RuleBroken, match=r"draft\.too_large"):
            keep(db, kari, desk.key, {"body": ["æ" * MOST_CHARACTERS]})
        with pytest.raises(RuleBroken, match=r"draft\.too_large"):
            keep(db, kari, desk.key, {"presenters": [""] * 1000})
        for _ in range(MOST_DRAFTS):
            keep(db, kari, part_key(desk.treatment.id, uuid4()))
        with pytest.raises(RuleBroken, match=r"draft\.too_many"):
            keep(db, kari, desk.key)


@pytest.mark.parametrize("text", [*HOSTILE, "\ud800 halv", "\x00"])
def test_any_text_can_be_kept(database, desk, text) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        keep(db, kari, desk.key, {"body": [text], text: [text], "version": ["7"], "idempotency_key": ["k"]})
    with database.reading() as db:
        kept = own_draft(db, kari, desk.key).fields
    assert json.dumps(kept)
    assert not {"version", "idempotency_key"} & set(kept)


def test_old_drafts_are_swept(database, desk) -> None:
    with database.writing() as db:
        kari, ola = desk.actor(db, Role.SECRETARY), desk.actor(db, Role.SECRETARY)
        for actor in (kari, ola):
            keep(db, actor, desk.key).updated_at = utc_now() - KEEP_DRAFTS - timedelta(days=1)
        keep(db, ola, head_key(desk.treatment.id))  # takes Ola's old one along
    with database.writing() as db:
        assert list(own_drafts(db, ola, "")) == [str(head_key(desk.treatment.id))]
        assert sweep_drafts(db, utc_now() - KEEP_DRAFTS) == 1
        assert own_drafts(db, kari, "") == {}


def test_drafts_go_with_the_account(database, desk) -> None:
    with database.writing() as db:
        kari = desk.actor(db, Role.SECRETARY)
        keep(db, kari, desk.key)
        note_presence(db, kari, desk.treatment.id, None)
        db.delete(db.get_one(UserAccount, kari.user_id))
        db.flush()
        assert db.scalars(select(Draft)).all() == []
        assert db.scalars(select(Presence)).all() == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "treatment/",
        "forum/x/new",
        f"treatment/{SOME}",
        f"treatment/{SOME}/part/1",
        "a" * 200,
        f"treatment/{SOME}/head/",
        f"treatment/{SOME}/head\n",
        f"../treatment/{SOME}/head",
    ],
)
def test_keys_that_mean_nothing(key) -> None:
    assert parse_key(key) is None


def test_keys_are_read_as_they_are_written() -> None:
    one, two = uuid4(), uuid4()
    keys = [head_key(one), part_key(one, two), refer_key(one), correction_key(one)]
    keys += [forum_key(one, DraftKind.NEW_CASE), forum_key(one, DraftKind.IMPORT)]
    assert [parse_key(str(key)) for key in keys] == keys


# Presence


def test_others_are_seen_while_they_write_and_not_longer(database, desk) -> None:
    with database.writing() as db:
        kari, ola = desk.actor(db, Role.SECRETARY), desk.actor(db, Role.SECRETARY)
        note_presence(db, kari, desk.treatment.id, desk.part.id)
        note_presence(db, kari, desk.treatment.id, desk.part.id)
        note_presence(db, ola, desk.treatment.id, None)
    with database.reading() as db:
        assert [(each.part, each.name) for each in others_at_work(db, ola, desk.treatment.id)] == [
            (str(desk.part.id), kari.name)
        ]
        assert [each.part for each in others_at_work(db, kari, desk.treatment.id)] == ["head"]
    with database.writing() as db:
        for row in db.scalars(select(Presence)):
            row.seen_at -= PRESENCE_LASTS + timedelta(seconds=1)
    with database.writing() as db:
        assert others_at_work(db, ola, desk.treatment.id) == []
        note_presence(db, ola, desk.treatment.id, desk.part.id)
        assert len(db.scalars(select(Presence)).all()) == 1  # no history of who wrote when
