"""The rule for one treatment and the rule for a list say the same."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import FORUM_ROLES, Role
from app.cases.models import Case, Treatment
from app.cases.policy import may_read, readable, readable_case, scope_of
from app.cases.queries.find import get_case, get_treatment
from app.cases.queries.lists import list_cases
from app.cases.queries.show import show_case
from app.cases.service.share import share
from app.kernel.errors import NotFound
from app.platform.db import Database
from tests.factories.cases import SYSTEM, make_case
from tests.factories.forums import make_forum

ACTORS = {
    **{role.value: frozenset({role}) for role in FORUM_ROLES},
    "stranger": frozenset[Role](),
    "administrator": None,
}
INSIDERS = {"leader", "secretary", "minute_taker", "administrator"}


def actor_named(name: str, forum_id: object) -> Actor:
    roles = ACTORS[name]
    if roles is None:
        return Actor(user_id=uuid4(), name=name, is_administrator=True)
    return Actor(user_id=uuid4(), name=name, roles={forum_id: roles} if roles else {})


@pytest.mark.parametrize("name", ACTORS)
def test_drafts_are_private_until_shared(name: str, database: Database) -> None:
    with database.writing() as db:
        forum, other = make_forum(db), make_forum(db, "annet")
        draft, shared = make_case(db, forum, "Utkast"), make_case(db, forum, "Delt")
        share(db, SYSTEM, shared.id)
        elsewhere = make_case(db, other, "Et annet sted")
        share(db, SYSTEM, elsewhere.id)
    actor = actor_named(name, forum.id)
    expected = {draft.id, shared.id} if name in INSIDERS else {shared.id} if name != "stranger" else set()
    if name == "administrator":
        expected.add(elsewhere.id)
    with database.reading() as db:
        listed = set(db.scalars(select(Treatment.id).where(readable(actor))))
        one_by_one = {each.id for each in db.scalars(select(Treatment)) if may_read(actor, scope_of(each))}
        cases = set(db.scalars(select(Case.id).where(readable_case(actor))))
        assert listed == one_by_one == expected
        assert cases == {each.case_id for each in (draft, shared, elsewhere) if each.id in expected}
        page = list_cases(db, actor)
        assert page.total == len(page.lines) == len(expected)
        for each in (draft, shared, elsewhere):
            if each.id in expected:
                assert show_case(db, actor, each.case_id).treatment.id == each.id
                assert get_treatment(db, actor, each.id).id == each.id
            else:
                for refused in (
                    lambda each=each: show_case(db, actor, each.case_id),
                    lambda each=each: show_case(db, actor, each.case_id, each.id),
                    lambda each=each: get_treatment(db, actor, each.id),
                    lambda each=each: get_case(db, actor, each.case_id),
                ):
                    with pytest.raises(NotFound):
                        refused()
