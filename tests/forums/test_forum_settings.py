"""Forums: making them, changing them, reading them."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import FORUM_ROLES, Role
from app.audit.models import AuditEvent
from app.forums.models import Forum
from app.forums.policy import may_read, readable
from app.forums.queries import forum_by_id, forum_overview, get_forum, list_forums
from app.forums.rules import Level, SeriesPeriod
from app.forums.service import forums
from app.forums.service.forums import (
    add_mandate,
    create_forum,
    remove_mandate,
    update_forum,
    update_mandate,
)
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.kernel.language import Language
from app.platform.db import Database
from tests.factories.forums import actor_with, administrator, make_forum, make_seat, outsider
from tests.factories.people import make_organisation
from tests.support.queries import counted_statements

TODAY = date(2026, 3, 2)


def refused(refusal: pytest.ExceptionInfo[RuleBroken]) -> list[tuple[str, str]]:
    return [(reason.code, reason.field) for reason in refusal.value.reasons]


def test_a_new_forum_has_the_usual_sections_and_numbers(database: Database) -> None:
    with database.writing() as db:
        create_forum(db, administrator(), key="skate", name=" Skate ", language=Language.NB)
    with database.reading() as db:
        forum = get_forum(db, administrator(), "skate")
        assert (forum.name, forum.level, forum.series_period) == ("Skate", Level.STRATEGIC, SeriesPeriod.YEAR)
        assert [section.key for section in forum.sections] == [
            "background",
            "proposal",
            "presentation",
            "questions",
            "input",
        ]
        assert forum.labels == []
        event = db.scalars(select(AuditEvent)).one()
        assert (event.action, event.forum_id) == ("forum.created", forum.id)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("x", "forum.key_invalid"),
        ("Skate", "forum.key_invalid"),
        ("a" * 41, "forum.key_invalid"),
        ("skåte", "forum.key_invalid"),
        ("a/b", "forum.key_invalid"),
        ("skate\n", "forum.key_invalid"),
        ("new", "forum.key_reserved"),
        ("au", "forum.key_taken"),
    ],
)
def test_keys_that_cannot_stand_in_addresses(database: Database, key: str, code: str) -> None:
    with database.writing() as db:
        make_forum(db, "au")
        with pytest.raises(RuleBroken) as refusal:
            create_forum(db, administrator(), key=key, name="X", language=Language.NB)
    assert refused(refusal) == [(code, "key")]


def test_every_reason_against_the_settings_is_told_at_once(database: Database) -> None:
    with database.writing() as db, pytest.raises(RuleBroken) as refusal:
        create_forum(
            db,
            administrator(),
            key="skate",
            name=" ",
            language=Language.NB,
            active_from=date(2026, 1, 2),
            active_to=date(2026, 1, 1),
            series_prefix="1x",
            series_period=SeriesPeriod.NEVER,
            paper_pattern="{n}/{year}",
            minutes_pattern="{x}",
            file_pattern="{n}/{n}",
            parent_id=uuid4(),
            secretariat_id=uuid4(),
        )
    assert refused(refusal) == [
        ("forum.name_missing", "name"),
        ("forum.dates_out_of_order", "active_to"),
        ("forum.prefix_invalid", "series_prefix"),
        ("forum.pattern_without_year", "paper_pattern"),
        ("forum.pattern_invalid", "minutes_pattern"),
        ("forum.pattern_invalid", "file_pattern"),
        ("forum.pattern_not_for_files", "file_pattern"),
        ("forum.parent_unknown", "parent_id"),
        ("forum.secretariat_unknown", "secretariat_id"),
    ]


def test_the_secretary_changes_what_is_given_and_nothing_else(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, default_place="Oslo")
        secretary = actor_with(forum, Role.SECRETARY)
        changed = update_forum(db, secretary, forum.id, version=1, name="Åpen", series_prefix="ps")
        assert (changed.name, changed.series_prefix, changed.default_place, changed.version) == (
            "Åpen",
            "PS",
            "Oslo",
            2,
        )
        assert update_forum(db, secretary, forum.id, version=2, name="Åpen").version == 2
        with pytest.raises(Conflict):
            update_forum(db, secretary, forum.id, version=1, name="X")
        event = db.scalars(select(AuditEvent)).one()
        assert event.changes == {"name": ["Skate", "Åpen"], "series_prefix": ["", "PS"]}


def test_only_administrators_make_and_only_secretaries_change(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        for role in FORUM_ROLES:
            actor = actor_with(forum, role)
            with pytest.raises(NotAllowed):
                create_forum(db, actor, key="ny", name="Ny", language=Language.NB)
            if role is not Role.SECRETARY:
                with pytest.raises(NotAllowed):
                    update_forum(db, actor, forum.id, version=1, name="X")
                with pytest.raises(NotAllowed):
                    add_mandate(db, actor, forum.id, valid_from=TODAY)
        with pytest.raises(NotFound):
            update_forum(db, outsider(), forum.id, version=1, name="X")


def test_no_forum_stands_above_itself(database: Database) -> None:
    with database.writing() as db:
        top = make_forum(db, "top")
        middle = make_forum(db, "middle", parent_id=top.id)
        bottom = make_forum(db, "bottom", parent_id=middle.id)
        for ring in (top, bottom):
            with pytest.raises(RuleBroken, match=r"forum\.parent_ring"):
                update_forum(db, administrator(), top.id, version=1, parent_id=ring.id)
        update_forum(db, administrator(), bottom.id, version=1, parent_id=top.id)


def test_a_forum_that_one_cannot_read_is_no_parent(database: Database) -> None:
    with database.writing() as db:
        forum, hidden = make_forum(db, "skate"), make_forum(db, "hidden")
        with pytest.raises(RuleBroken, match=r"forum\.parent_unknown"):
            update_forum(db, actor_with(forum, Role.SECRETARY), forum.id, version=1, parent_id=hidden.id)


def test_the_rule_for_one_forum_and_for_the_list_agree(database: Database) -> None:
    with database.writing() as db:
        own, other = make_forum(db, "own"), make_forum(db, "other")
    actors = [administrator(), outsider(), *(actor_with(own, role) for role in FORUM_ROLES)]
    with database.reading() as db:
        for actor in actors:
            listed = set(db.scalars(select(Forum.id).where(readable(actor))))
            assert listed == {forum.id for forum in (own, other) if may_read(actor, forum)}
            assert listed == {line.id for line in list_forums(db, actor)}
            for forum in (own, other):
                if forum.id in listed:
                    assert forum_by_id(db, actor, forum.id).key == forum.key
                else:
                    with pytest.raises(NotFound):
                        get_forum(db, actor, forum.key)
                    with pytest.raises(NotFound):
                        forum_by_id(db, actor, forum.id)
                    with pytest.raises(NotFound):
                        forum_overview(db, actor, forum.key, TODAY)


def test_mandates_follow_each_other_without_overlap(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        secretary = actor_with(forum, Role.SECRETARY)
        first = add_mandate(
            db, secretary, forum.id, valid_from=date(2015, 1, 1), valid_to=date(2019, 12, 31), text="Gi råd."
        )
        second = add_mandate(db, secretary, forum.id, valid_from=date(2020, 1, 1), may_decide=True)
        with pytest.raises(RuleBroken, match=r"mandate\.overlap"):
            add_mandate(db, secretary, forum.id, valid_from=date(2030, 1, 1))
        with pytest.raises(RuleBroken, match=r"mandate\.overlap"):
            update_mandate(db, secretary, first.id, version=3, valid_to=date(2020, 1, 1))
        with pytest.raises(RuleBroken, match=r"mandate\.dates_out_of_order"):
            update_mandate(db, secretary, first.id, version=3, valid_to=date(2014, 12, 31))
        with pytest.raises(Conflict):
            update_mandate(db, secretary, first.id, version=2, text="Ny")
        with pytest.raises(NotFound):
            update_mandate(db, outsider(), first.id, version=3, text="Ny")
        update_mandate(db, secretary, first.id, version=3, text="Gi gode råd.")
        for day, expected in (
            (date(2014, 12, 31), None),
            (date(2019, 12, 31), first.id),
            (date(2020, 1, 1), second.id),
        ):
            mandate = forum_overview(db, secretary, "skate", day).mandate
            assert (mandate.id if mandate else None) == expected
        remove_mandate(db, secretary, second.id, version=4)
        left = forum_overview(db, secretary, "skate", TODAY)
        assert [(mandate.text, mandate.may_advise, mandate.may_decide) for mandate in left.mandates] == [
            ("Gi gode råd.", True, False)
        ]


def test_the_page_of_a_forum_shows_only_readable_neighbours(database: Database) -> None:
    with database.writing() as db:
        office = make_organisation(db, "Digitaliseringsdirektoratet", "Digdir")
        parent = make_forum(db, "parent")
        forum = make_forum(db, "skate", parent_id=parent.id, secretariat_id=office.id)
        child, _hidden = (make_forum(db, key, parent_id=forum.id) for key in ("child", "hidden"))
        make_seat(db, forum, organisation_id=office.id)
    insider = Actor(
        uuid4(),
        "Kari",
        roles={forum.id: frozenset({Role.MEMBER}), child.id: frozenset({Role.OBSERVER})},
    )
    with database.reading() as db:
        page = forum_overview(db, insider, "skate", TODAY)
        assert page.parent is None
        assert [line.key for line in page.children] == ["child"]
        assert page.secretariat is not None
        assert page.secretariat.short == "Digdir"
        assert [seat.abbreviation for seat in page.seats] == ["Digdir"]
        everything = forum_overview(db, administrator(), "skate", TODAY)
        assert everything.parent is not None
        assert [line.key for line in everything.children] == ["child", "hidden"]


def test_the_page_of_a_forum_takes_a_constant_number_of_queries(database: Database) -> None:
    counts = []
    with database.writing() as db:
        forum = make_forum(db)
    for round_number in range(2):
        with database.writing() as db:
            for number in range(3):
                body = make_organisation(db)
                make_seat(db, forum, organisation_id=body.id)
                make_forum(db, f"child-{round_number}-{number}", parent_id=forum.id)
        with database.reading() as db, counted_statements(database) as statements:
            forum_overview(db, administrator(), "skate", TODAY)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_key_taken_in_the_same_moment_is_refused_and_the_page_can_still_be_shown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forums, "key_in_use", lambda _db, _key: False)
    with database.writing() as db:
        make_forum(db, "skate")
        with pytest.raises(RuleBroken, match=r"forum\.key_taken"):
            create_forum(db, administrator(), key="skate", name="Skate", language=Language.NB)
        assert [line.key for line in list_forums(db, administrator())] == ["skate"]
