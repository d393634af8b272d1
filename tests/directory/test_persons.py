"""Persons."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.directory.queries import get_person, list_persons, person_options
from app.directory.service import create_person, update_person
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from tests.factories.forums import administrator, outsider
from tests.factories.people import make_organisation, make_person

TODAY = date(2026, 3, 2)


def test_a_person_is_made_found_and_changed(database: Database) -> None:
    with database.writing() as db:
        body = make_organisation(db, "Kommunesektorens organisasjon", "KS")
        person = create_person(
            db,
            administrator(),
            name=" Åse  Ødegård ",
            email="Ase.Odegard@KS.no",
            organisation_id=body.id,
        )
        other = create_person(db, administrator(), name="Aage Berg")
    with database.reading() as db:
        for search in ("ÅSE ØDE", "odegard@ks", "Ase.O"):
            [line] = list_persons(db, administrator(), search=search, day=TODAY, page=1).lines
            assert (line.id, line.name) == (person.id, "Åse Ødegård")
            assert line.organisation is not None
            assert line.organisation.short == "KS"
        assert list_persons(db, outsider(), search="%", day=TODAY, page=1).lines == ()
        assert list_persons(db, outsider(), search="x" * 60_000, day=TODAY, page=1).lines == ()
        assert [(each.name, each.organisation) for each in person_options(db)] == [
            ("Aage Berg", ""),
            ("Åse Ødegård", "KS"),
        ]
        assert get_person(db, outsider(), other.id).organisation is None
    with database.writing() as db:
        update_person(
            db, administrator(), person.id, version=1, name="Åse Aas", email="", organisation_id=None
        )
        assert get_person(db, outsider(), person.id).name == "Åse Aas"
        assert list_persons(db, outsider(), search="ødegård", day=TODAY, page=1).total == 0
        change = db.scalars(select(AuditEvent).where(AuditEvent.action == "person.changed")).one()
        assert change.changes["name"] == ["Åse Ødegård", "Åse Aas"]
        with pytest.raises(Conflict):
            update_person(db, administrator(), person.id, version=1, name="X", email="", organisation_id=None)


def test_refusals(database: Database) -> None:
    with database.writing() as db:
        person = make_person(db)
        with pytest.raises(NotAllowed):
            create_person(db, outsider(), name="Kari")
        with pytest.raises(NotAllowed):
            update_person(db, outsider(), person.id, version=1, name="K", email="", organisation_id=None)
        with pytest.raises(RuleBroken) as refusal:
            create_person(db, administrator(), name=" ", organisation_id=uuid4())
        assert [reason.code for reason in refusal.value.reasons] == [
            "person.name_missing",
            "person.organisation_unknown",
        ]
        with pytest.raises(NotFound):
            get_person(db, outsider(), uuid4())


def test_names_stand_in_the_order_of_the_alphabet(database: Database) -> None:
    with database.writing() as db:
        for name in ("Åse", "Øyvind", "Ærlend", "Zoe", "Aage", "anne", "Émile"):
            make_person(db, name)
    with database.reading() as db:
        names = [line.name for line in list_persons(db, outsider(), day=TODAY, page=1).lines]
    assert names == ["anne", "Émile", "Zoe", "Ærlend", "Øyvind", "Aage", "Åse"]


def test_addresses_are_for_those_who_keep_the_directory(database: Database) -> None:
    """Neither shown to others nor found by searching, which would let anybody guess them letter by letter."""
    with database.writing() as db:
        create_person(db, administrator(), name="Kari", email="kari@example.no")
    with database.reading() as db:
        day = date(2026, 1, 1)
        assert list_persons(db, administrator(), search="kari@", day=day).total == 1
        assert list_persons(db, outsider(), search="kari@", day=day).total == 0
        (seen,) = list_persons(db, outsider(), day=day).lines
        assert (seen.name, seen.email) == ("Kari", "")
