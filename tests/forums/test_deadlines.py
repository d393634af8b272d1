"""Setting a forum's deadlines."""

from datetime import time

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.forums.deadline_rules import DeadlineKind, DeadlineRule
from app.forums.queries import deadline_rules
from app.forums.service.deadlines import set_deadlines
from app.kernel.errors import Conflict, NotAllowed, RuleBroken
from app.platform.db import Database
from tests.factories.cases import SYSTEM
from tests.factories.forums import actor_with, make_forum

OLD = (DeadlineRule(DeadlineKind.CASES_IN, 30), DeadlineRule(DeadlineKind.PAPERS_RELEASED, 10, 3, time(12)))
NEW = (DeadlineRule(DeadlineKind.CASES_IN, 28, 0), DeadlineRule(DeadlineKind.MINUTES_OUT, 14))


def test_they_are_set_changed_and_told(database: Database) -> None:
    with database.writing() as db:
        forum, other = make_forum(db), make_forum(db, "annet")
        set_deadlines(db, SYSTEM, forum.id, version=1, rules=OLD)
        set_deadlines(db, SYSTEM, forum.id, version=2, rules=OLD)  # changes nothing, and is no event
        set_deadlines(db, SYSTEM, forum.id, version=2, rules=NEW)
    with database.reading() as db:
        stored, elsewhere = deadline_rules(db, forum.id), deadline_rules(db, other.id)
        told = db.scalars(
            select(AuditEvent.changes)
            .where(AuditEvent.action == "forum.deadlines_changed")
            .order_by(AuditEvent.seq)
        ).all()
    assert set(stored) == set(NEW)
    assert elsewhere == ()
    assert told == [
        {"cases_in": [None, "30"], "papers_released": [None, "10 · 4 · 12.00"]},
        {
            "cases_in": ["30", "28 · 1"],
            "papers_released": ["10 · 4 · 12.00", None],
            "minutes_out": [None, "14"],
        },
    ]


def test_nobody_overwrites_what_they_have_not_seen(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        set_deadlines(db, SYSTEM, forum.id, version=1, rules=OLD)
    with pytest.raises(Conflict), database.writing() as db:
        set_deadlines(db, SYSTEM, forum.id, version=1, rules=NEW)
    with pytest.raises(RuleBroken, match=r"deadline\.twice"), database.writing() as db:
        set_deadlines(db, SYSTEM, forum.id, version=2, rules=(*NEW, NEW[0]))
    with pytest.raises(NotAllowed), database.writing() as db:
        set_deadlines(db, actor_with(forum, Role.MEMBER), forum.id, version=2, rules=NEW)
    with database.reading() as db:
        assert set(deadline_rules(db, forum.id)) == set(OLD)
