"""Organisations under every name they have had."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.directory.models import OrganisationName
from app.directory.queries import (
    get_organisation,
    list_organisations,
    organisation_names,
    organisation_options,
)
from app.directory.rules import Days, Side, in_force_or_nearest, overlap
from app.directory.service import (
    create_organisation,
    rename_organisation,
    set_template,
    update_organisation,
)
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from tests.factories.forums import administrator, outsider
from tests.factories.people import make_organisation
from tests.support.queries import counted_statements

TODAY = date(2026, 3, 2)
BECAME_DIGDIR = date(2020, 1, 1)


def names_on(db, day: date, search: str = "") -> list[str]:
    return [line.name for line in list_organisations(db, outsider(), search=search, day=day, page=1).lines]


def test_a_body_is_called_what_it_was_called_on_the_day(database: Database) -> None:
    with database.writing() as db:
        body = create_organisation(
            db,
            administrator(),
            name="Direktoratet for forvaltning og ikt",
            abbreviation="Difi",
            side=Side.STATE,
            registration_number="991 825 827",
            valid_from=date(2008, 1, 1),
        )
        rename_organisation(
            db,
            administrator(),
            body.id,
            version=1,
            name="Digitaliseringsdirektoratet",
            abbreviation="Digdir",
            valid_from=BECAME_DIGDIR,
        )
    with database.reading() as db:
        details = get_organisation(db, outsider(), body.id)
        assert details.registration_number == "991825827"
        assert [(name.abbreviation, name.valid_from, name.valid_to) for name in details.names] == [
            ("Difi", date(2008, 1, 1), date(2019, 12, 31)),
            ("Digdir", BECAME_DIGDIR, None),
        ]
        for day, expected in (
            (date(1999, 1, 1), "Difi"),  # before the first name that we know
            (date(2019, 12, 31), "Difi"),
            (BECAME_DIGDIR, "Digdir"),
        ):
            assert organisation_names(db, [body.id], day)[body.id].abbreviation == expected
            assert [line.abbreviation for line in organisation_options(db, day)] == [expected]
        assert names_on(db, TODAY, "difi") == ["Digitaliseringsdirektoratet"]
        assert organisation_names(db, [uuid4()], TODAY) == {}
        assert organisation_names(db, [], TODAY) == {}
        actions = db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
        assert actions == ["organisation.created", "organisation.renamed"]


def test_a_name_cannot_begin_before_the_one_it_follows(database: Database) -> None:
    with database.writing() as db:
        body = make_organisation(db, valid_from=BECAME_DIGDIR)
        for day in (BECAME_DIGDIR, BECAME_DIGDIR - timedelta(days=1)):
            with pytest.raises(RuleBroken, match=r"organisation\.name_too_early"):
                rename_organisation(
                    db, administrator(), body.id, version=1, name="Ny", abbreviation="", valid_from=day
                )


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["KS", "Oslo 100 % kommune", "Ærfugl AS", "Øystre Slidre kommune", "Åmot kommune"]),
        ("åMOT", ["Åmot kommune"]),
        ("ØYSTRE  slidre", ["Øystre Slidre kommune"]),
        ("ær", ["Ærfugl AS"]),
        ("%", ["Oslo 100 % kommune"]),
        ("_", []),
        ("\\", []),
        ("a", ["Ærfugl AS"]),
        ("ks", ["KS"]),
        ("kommunesektorens", []),
    ],
)
def test_search_takes_letters_of_any_case_and_signs_literally(
    database: Database, search: str, expected: list[str]
) -> None:
    with database.writing() as db:
        for name in ("Åmot kommune", "Ærfugl AS", "Øystre Slidre kommune", "KS", "Oslo 100 % kommune"):
            make_organisation(db, name)
    with database.reading() as db:
        assert names_on(db, TODAY, search) == expected


def test_a_long_list_comes_in_pages(database: Database) -> None:
    with database.writing() as db:
        for number in range(101):
            make_organisation(db, f"Kommune {number:03}")
    with database.reading() as db:
        first = list_organisations(db, outsider(), day=TODAY, page=0)
        last = list_organisations(db, outsider(), day=TODAY, page=99)
    assert (first.page, first.pages, first.total, len(first.lines)) == (1, 3, 101, 50)
    assert (last.page, [line.name for line in last.lines]) == (3, ["Kommune 100"])


def test_the_number_of_queries_does_not_grow_with_the_list(database: Database) -> None:
    counts = []
    for _ in range(2):
        with database.writing() as db:
            for _ in range(3):
                make_organisation(db)
        with database.reading() as db, counted_statements(database) as statements:
            list_organisations(db, outsider(), day=TODAY, page=1)
            organisation_options(db, TODAY)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_nobody_comes_before_themselves(database: Database) -> None:
    with database.writing() as db:
        first = make_organisation(db, "Unit")
        second = make_organisation(db, "Sikt", predecessor_id=first.id)
        third = make_organisation(db, "Ny", predecessor_id=second.id)
        fields = {"side": Side.STATE, "registration_number": ""}
        for ring in (first, third):
            with pytest.raises(RuleBroken, match=r"organisation\.predecessor_ring"):
                update_organisation(
                    db, administrator(), first.id, version=1, predecessor_id=ring.id, **fields
                )
        with pytest.raises(RuleBroken, match=r"organisation\.predecessor_unknown"):
            update_organisation(db, administrator(), first.id, version=1, predecessor_id=uuid4(), **fields)
        details = get_organisation(db, outsider(), second.id)
        assert details.predecessor is not None
        assert details.predecessor.name == "Unit"
        assert [successor.name for successor in details.successors] == ["Ny"]


@pytest.mark.parametrize("number", ["12345678", "123456789", "123 456 789", ""])
def test_registration_numbers_of_both_countries(database: Database, number: str) -> None:
    with database.writing() as db:
        create_organisation(db, administrator(), name="A", side=Side.OTHER, registration_number=number)


@pytest.mark.parametrize("number", ["1234567", "1234567890", "NO123456789", "١٢٣٤٥٦٧٨٩"])
def test_other_registration_numbers_are_refused(database: Database, number: str) -> None:
    with database.writing() as db, pytest.raises(RuleBroken, match=r"organisation\.registration_number"):
        create_organisation(db, administrator(), name="A", side=Side.OTHER, registration_number=number)


def test_a_template_is_chosen_and_given_up(database: Database) -> None:
    with database.writing() as db:
        body = make_organisation(db)
        set_template(db, administrator(), body.id, version=1, sha256="a" * 64, name="mal.docx")
        assert (body.template_sha256, body.template_name, body.version) == ("a" * 64, "mal.docx", 2)
        set_template(db, administrator(), body.id, version=2, sha256=None, name="mal.docx")
        assert (body.template_sha256, body.template_name) == (None, "")
        with pytest.raises(Conflict):
            set_template(db, administrator(), body.id, version=1, sha256=None, name="")


def test_everybody_reads_and_few_write(database: Database) -> None:
    with database.writing() as db:
        body = make_organisation(db)
        assert get_organisation(db, outsider(), body.id).name == "Digitaliseringsdirektoratet"
        with pytest.raises(NotFound):
            get_organisation(db, outsider(), uuid4())
        with pytest.raises(NotFound):
            set_template(db, administrator(), uuid4(), version=1, sha256=None, name="")
        with pytest.raises(NotAllowed):
            create_organisation(db, outsider(), name="A", side=Side.STATE)
        with pytest.raises(NotAllowed):
            set_template(db, outsider(), body.id, version=1, sha256=None, name="")
        with pytest.raises(RuleBroken, match=r"organisation\.name_missing"):
            create_organisation(db, administrator(), name=" \x00", side=Side.STATE)


days = st.dates(date(2000, 1, 1), date(2000, 1, 9))
spans = st.builds(Days, st.none() | days, st.none() | days)


@given(spans, spans)
def test_overlap_means_a_common_day(one: Days, other: Days) -> None:
    window = [date(1999, 12, 31) + timedelta(days=step) for step in range(12)]

    def held(span: Days) -> set[date]:
        return {day for day in window if (span.valid_from or date.min) <= day <= (span.valid_to or date.max)}

    assert overlap(one, other) == bool(held(one) & held(other))


def test_the_list_and_the_rule_choose_the_same_name(database: Database) -> None:
    with database.writing() as db:
        body = make_organisation(db, "A", valid_from=date(2010, 1, 1), valid_to=date(2011, 12, 31))
        for name, begins, ends in (("B", date(2012, 1, 1), date(2012, 6, 30)), ("C", date(2014, 1, 1), None)):
            db.add(
                OrganisationName(
                    organisation_id=body.id, name=name, sort_key=name, valid_from=begins, valid_to=ends
                )
            )
        open_body = make_organisation(db, "D", valid_to=date(2012, 1, 31))
        db.add(
            OrganisationName(
                organisation_id=open_body.id, name="E", sort_key="e", valid_from=date(2012, 2, 1)
            )
        )
    with database.reading() as db:
        for year in range(2008, 2017):
            day = date(year, 3, 1)
            names = [get_organisation(db, outsider(), each).names for each in (body.id, open_body.id)]
            expected = [in_force_or_nearest(its, day) for its in names]
            assert names_on(db, day) == [name.name for name in expected if name]
