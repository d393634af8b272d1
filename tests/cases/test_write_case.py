"""Making a case and writing its paper."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.models import Case, Presentation, Treatment
from app.cases.queries.editing import edit_view
from app.cases.queries.history import case_history
from app.cases.queries.show import show_case
from app.cases.rules import TreatmentKind, TreatmentState
from app.cases.service.create import create_case, create_from
from app.cases.service.drafts import TreatmentDraft
from app.cases.service.edit import edit_treatment
from app.cases.service.parts import add_part, move_part, remove_part, save_part
from app.cases.service.presenters import PresenterDraft
from app.cases.service.states import take_step
from app.cases.service.unplaced import clear_unplaced
from app.documents.case_presentation import PartKind
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.kernel.language import Language
from app.platform.db import Database
from app.platform.i18n import paper_word
from tests.factories.cases import SYSTEM, make_case, make_complete, parts_of
from tests.factories.forums import actor_with, make_forum
from tests.factories.people import make_organisation, make_person


def test_a_new_case_is_a_private_draft_by_the_forums_template(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, default_place="Lillevik")
        secretary = actor_with(forum, Role.SECRETARY)
        case_id = create_case(
            db, secretary, forum_id=forum.id, title=" Felles \n kalender ", kind=TreatmentKind.DISCUSS
        ).case_id
    with database.reading() as db:
        page = show_case(db, secretary, case_id)
    assert page.treatment.title == "Felles kalender"
    assert page.treatment.state is TreatmentState.DRAFTING
    assert page.treatment.shared_at is None
    assert page.treatment.place == "Lillevik"
    assert page.treatment.number == ""
    assert [part.key for part in page.parts] == [
        "background",
        "proposal",
        "presentation",
        "questions",
        "input",
    ]
    assert page.parts[1].kind is PartKind.PROPOSAL
    assert page.parts[1].heading == paper_word(Language.NB, "Proposed decision")
    assert page.treatment.kind_label == paper_word(Language.NB, "Case for discussion")
    assert page.may_edit
    assert page.may_share


def test_headings_are_in_the_language_of_the_paper(database: Database) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db), language=Language.EN)
        assert parts_of(db, treatment)[0].heading == "Background"


@pytest.mark.parametrize("role", [Role.LEADER, Role.MEMBER, Role.MINUTE_TAKER])
def test_only_a_secretary_makes_cases(role: Role, database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
    with pytest.raises(NotAllowed), database.writing() as db:
        make_case(db, forum, actor=actor_with(forum, role))
    with pytest.raises(NotFound), database.writing() as db:
        make_case(db, forum, actor=actor_with(make_forum(db, "annet"), Role.SECRETARY))


@pytest.mark.parametrize(("title", "code"), [(" \n", "treatment.no_title"), ("x" * 501, "text.too_long")])
def test_a_title_must_fit(title: str, code: str, database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        with pytest.raises(RuleBroken) as refused:
            make_case(db, forum, title)
        assert refused.value.reasons[0].code == code
        assert refused.value.reasons[0].field == "title"
        db.rollback()


def test_the_facts_of_a_treatment_are_saved_and_told(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        person, organisation = make_person(db, "Kari Nordmann"), make_organisation(db, "Tjenestekontoret")
    new = {
        "title": "Felles timebok",
        "kind": TreatmentKind.INFORM,
        "wanted_result": "Til kunnskap",
        "presenters": (
            PresenterDraft("", person_id=person.id),
            PresenterDraft("  "),
            PresenterDraft("Per Hansen, Tjenestekontoret", organisation_id=organisation.id),
        ),
        "preparer": "Tjenestekontoret",
        "preparer_organisation_id": organisation.id,
        "language": Language.NN,
        "place": "Storås",
        "dated": date(2022, 2, 21),
    }
    with database.writing() as db:
        edit_treatment(db, SYSTEM, treatment.id, version=1, **new)
    with database.reading() as db:
        page = show_case(db, SYSTEM, treatment.case_id)
        [told] = db.scalars(select(AuditEvent.changes).where(AuditEvent.action == "case.edited"))
    assert (page.treatment.version, page.treatment.revision) == (2, 2)
    assert [each.text for each in page.presenters] == ["Kari Nordmann", "Per Hansen, Tjenestekontoret"]
    assert page.presenters[0].person_id == person.id
    assert page.treatment.language is Language.NN
    assert told["title"] == ["Felles kalender", "Felles timebok"]
    assert told["presenters"] == ["Kari Oppdiktet", "Kari Nordmann, Per Hansen, Tjenestekontoret"]
    with database.writing() as db:  # the same again changes nothing
        assert edit_treatment(db, SYSTEM, treatment.id, version=2, **new).version == 2
    with pytest.raises(Conflict) as conflict, database.writing() as db:
        edit_treatment(db, SYSTEM, treatment.id, version=1, **new | {"title": "For sent"})
    assert conflict.value.stored_version == 2
    with pytest.raises(RuleBroken, match=r"presenter\.unknown_person"), database.writing() as db:
        edit_treatment(
            db,
            SYSTEM,
            treatment.id,
            version=2,
            **new | {"presenters": (PresenterDraft("X", person_id=uuid4()),)},
        )


def test_a_part_is_saved_as_a_tree_and_shown_as_html(database: Database) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        proposal = parts_of(db, treatment)[1]
        save_part(
            db,
            SYSTEM,
            proposal.id,
            version=1,
            heading="Forslag til vedtak:",
            lead_in_markdown="Tjenestekontoret bes om å",
            body_markdown="- velge **alternativ B**\n- <script>alert(1)</script>",
            closing_markdown="Saken følges opp i høst.",
            party="Tjenestekontoret",
        )
    with database.reading() as db:
        view = edit_view(db, SYSTEM, treatment.id)
        shown = view.page.parts[1].html
    source = view.parts[1]
    assert (source.version, source.heading, source.party) == (2, "Forslag til vedtak:", "Tjenestekontoret")
    assert source.lead_in.strip() == "Tjenestekontoret bes om å"
    assert "**alternativ B**" in source.body
    assert shown.index("bes om å") < shown.index("<strong>alternativ B</strong>") < shown.index("i høst")
    assert "<script" not in shown
    assert view.page.treatment.revision == 2


def test_a_stale_save_of_a_part_is_refused_and_both_texts_remain(database: Database) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        part = parts_of(db, treatment)[0]
        save_part(db, SYSTEM, part.id, version=1, heading=part.heading, body_markdown="Først")
    with pytest.raises(Conflict) as conflict, database.writing() as db:
        save_part(db, SYSTEM, part.id, version=1, heading="H", body_markdown="For sent")
    assert conflict.value.stored_version == 2
    with database.reading() as db:
        stored = edit_view(db, SYSTEM, treatment.id).part(part.id)
    assert stored is not None
    assert stored.body.strip() == "Først"


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"heading": " "}, "part.no_heading"),
        ({"heading": "x" * 501}, "text.too_long"),
        ({"body_markdown": "x" * 200_001}, "text.too_long"),
        ({"lead_in_markdown": "Skate bes om å"}, "part.only_body"),
        ({"party_organisation_id": uuid4()}, "organisation.unknown"),
    ],
)
def test_a_part_must_hold_together(texts: dict[str, object], code: str, database: Database) -> None:
    with database.writing() as db:
        part = parts_of(db, make_case(db, make_forum(db)))[0]
    with pytest.raises(RuleBroken) as refused, database.writing() as db:
        save_part(db, SYSTEM, part.id, version=1, **{"heading": "H", "body_markdown": "T", **texts})
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_parts_are_added_moved_and_removed(database: Database) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        first = parts_of(db, treatment)[0]
        save_part(db, SYSTEM, first.id, version=1, heading="Bakgrunn", body_markdown="Det som var")
        one = add_part(db, SYSTEM, treatment.id, kind=PartKind.SECTION, heading="Økonomi")
        add_part(db, SYSTEM, treatment.id, kind=PartKind.INPUT, heading="Innspill")
        move_part(db, SYSTEM, one.id, direction="up")
        move_part(db, SYSTEM, first.id, direction="up")
        remove_part(db, SYSTEM, first.id)
        three = add_part(db, SYSTEM, treatment.id, kind=PartKind.SECTION, heading="Mer")
        remove_part(db, SYSTEM, one.id)
        assert add_part(db, SYSTEM, treatment.id, kind=PartKind.SECTION, heading="Igjen").key == "free-1"
        move_part(db, SYSTEM, three.id, direction="down")
    with database.reading() as db:
        keys = [part.key for part in parts_of(db, treatment)]
        revision = db.scalar(select(Presentation.revision))
        [removed] = db.scalars(
            select(AuditEvent).where(
                AuditEvent.action == "case.part_removed", AuditEvent.subject_id == first.id
            )
        )
    assert keys == ["proposal", "presentation", "questions", "input", "free-2", "free-1", "free-3"]
    assert revision == 10  # the move of the first one up was none
    assert removed.changes["body"][0].strip() == "Det som var"


def test_what_has_been_withdrawn_stands_still(database: Database) -> None:
    with database.writing() as db:
        treatment = make_complete(db, make_forum(db))
        part = parts_of(db, treatment)[0]
        take_step(db, SYSTEM, treatment.id, version=treatment.version, step="withdraw")
    with pytest.raises(RuleBroken, match=r"treatment\.closed"), database.writing() as db:
        save_part(db, SYSTEM, part.id, version=part.version, heading="H", body_markdown="T")


@pytest.mark.parametrize("role", [Role.LEADER, Role.MINUTE_TAKER])
def test_reading_a_draft_is_no_right_to_write_it(role: Role, database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        part = parts_of(db, treatment)[0]
    actor = actor_with(forum, role)
    with pytest.raises(NotAllowed), database.writing() as db:
        save_part(db, actor, part.id, version=1, heading="H", body_markdown="T")
    with pytest.raises(NotAllowed), database.reading() as db:
        edit_view(db, actor, treatment.id)
    with pytest.raises(NotFound), database.writing() as db:
        save_part(
            db,
            actor_with(make_forum(db, "annet"), Role.SECRETARY),
            part.id,
            version=1,
            heading="H",
            body_markdown="T",
        )


def test_lines_that_nobody_understood_are_kept_until_placed(database: Database) -> None:
    draft = TreatmentDraft("Sak", TreatmentKind.INFORM, Language.NB, unplaced="en linje\nen til")
    with database.writing() as db:
        treatment = create_from(db, SYSTEM, forum_id=make_forum(db).id, draft=draft)
        assert show_case(db, SYSTEM, treatment.case_id).treatment.unplaced == "en linje\nen til"
        clear_unplaced(db, SYSTEM, treatment.id, version=1)
        assert show_case(db, SYSTEM, treatment.case_id).treatment.unplaced == ""
        told = db.scalars(select(AuditEvent.changes).where(AuditEvent.action == "case.edited")).one()
    assert told["unplaced"] == ["en linje\nen til", ""]


def test_the_history_of_a_case_is_told_forum_by_forum(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        make_case(db, forum, "En annen sak")
    with database.reading() as db:
        secretary = actor_with(forum, Role.SECRETARY)
        assert [line.action for line in case_history(db, secretary, treatment.case_id)] == ["case.created"]
        with pytest.raises(NotFound):
            case_history(db, actor_with(forum, Role.MEMBER), treatment.case_id)
        assert (
            db.scalar(select(Treatment.folded_title).where(Treatment.id == treatment.id)) == "felles kalender"
        )


def test_a_refused_case_leaves_no_trace(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        for refused in ({"title": ""}, {"preparer": "x" * 501}, {"preparer_organisation_id": uuid4()}):
            with pytest.raises(RuleBroken):
                make_case(db, forum, **refused)
    with database.reading() as db:
        assert db.scalars(select(Case)).all() == []
        assert db.scalars(select(AuditEvent)).all() == []
