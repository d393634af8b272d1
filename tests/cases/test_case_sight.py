"""How much of a treatment there is for whom: one rule, for a single treatment and for a list, in every state."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import FORUM_ROLES, Role
from app.cases.models import Treatment
from app.cases.policy import Sight, readable, scope_of, sight, title_for, whole
from app.cases.service.share import share
from app.forums.models import Forum
from app.platform.clock import utc_now
from app.platform.db import Database
from tests.factories.cases import SYSTEM, make_case
from tests.factories.forums import make_forum

N, P, W = Sight.NOTHING, Sight.PUBLIC, Sight.WHOLE
STATES = ("draft", "shared", "released", "embargoed", "embargo passed", "withdrawn release")
INSIDERS = (Role.LEADER, Role.SECRETARY, Role.MINUTE_TAKER)
MEMBERS = (Role.MEMBER, Role.DEPUTY, Role.SECOND)
EXPECTED: dict[str, tuple[Sight, ...]] = {
    **{role.value: (W, W, W, W, W, W) for role in INSIDERS},
    **{role.value: (N, W, W, W, W, W) for role in MEMBERS},
    "observer": (N, P, P, P, P, P),
    "outsider": (N, N, P, N, P, N),
    "member of another forum": (N, N, P, N, P, N),
    "secretary of another forum": (N, N, P, N, P, N),
    "administrator": (W, W, W, W, W, W),
}


def _actor(name: str, forum_id: UUID, other_id: UUID) -> Actor:
    if name == "administrator":
        return Actor(uuid4(), name, is_administrator=True)
    roles = {
        "outsider": {},
        "member of another forum": {other_id: frozenset({Role.MEMBER})},
        "secretary of another forum": {other_id: frozenset({Role.SECRETARY})},
    }.get(name)
    return Actor(uuid4(), name, roles={forum_id: frozenset({Role(name)})} if roles is None else roles)


def treatments_in_every_state(db: Session, forum: Forum) -> dict[str, Treatment]:
    """One treatment in each of the states, set without the commands."""
    now = utc_now()
    made = {state: make_case(db, forum, f"Sak {state}") for state in STATES}
    for state, treatment in made.items():
        if state != "draft":
            share(db, SYSTEM, treatment.id)
        if state in {"released", "embargoed", "embargo passed"}:
            treatment.released_at = now
        if state.startswith("embargo"):
            hour = timedelta(hours=1)
            treatment.embargo_until = now + hour if state == "embargoed" else now - hour
    db.flush()
    return made


def test_every_role_is_in_the_table() -> None:
    assert {role.value for role in FORUM_ROLES} < set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_one_rule_for_one_and_for_a_list(name: str, database: Database) -> None:
    with database.writing() as db:
        forum, other = make_forum(db), make_forum(db, "annet")
        made = treatments_in_every_state(db, forum)
    actor = _actor(name, forum.id, other.id)
    with database.reading() as db:
        listed = set(db.scalars(select(Treatment.id).where(readable(actor))))
        listed_whole = set(db.scalars(select(Treatment.id).where(readable(actor), whole(actor))))
        for number, state in enumerate(STATES):
            treatment = db.get_one(Treatment, made[state].id)
            expected = EXPECTED[name][number]
            assert sight(actor, scope_of(treatment)) is expected, state
            assert (treatment.id in listed) is (expected is not N), state
            assert (treatment.id in listed_whole) is (expected is W), state


@pytest.mark.parametrize(("name", "expected"), [("member", "Sak shared"), ("observer", "Sak")])
def test_the_title_follows_the_sight(name: str, expected: str, database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = treatments_in_every_state(db, forum)["shared"]
        _hide_title(db, treatment, "Sak")
    actor = _actor(name, forum.id, uuid4())
    with database.reading() as db:
        assert db.scalars(select(title_for(actor)).where(Treatment.id == treatment.id)).one() == expected


def _hide_title(db: Session, treatment: Treatment, public: str) -> None:
    from tests.factories.exemptions import make_exemption

    treatment.title_exemption_id = make_exemption(db, public_text=public).id
    treatment.public_title = public
    db.flush()
