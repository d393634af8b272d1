"""Deciding exemptions, and releasing: what the rules ask for, what is kept, and what is refused."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.queries.find import attachments_of, parts_of, presentation_of
from app.cases.service.attachments import add_attachment, remove_attachment
from app.cases.service.exempt import Target, end_exemption, exempt
from app.cases.service.parts import remove_part
from app.cases.service.release import release
from app.cases.service.share import share
from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.rules import Covers, Decision, decision_problems, in_language, is_due
from app.exemptions.service.bases import add_basis, end_basis
from app.exemptions.service.decisions import ExemptionDraft
from app.files.service import store_upload
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.kernel.language import Language
from app.platform.clock import today
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM, make_case
from tests.factories.exemptions import basis
from tests.factories.forums import actor_with, make_forum

TITLE = Target(Covers.TITLE)
WHOLE = Target(Covers.DOCUMENT)


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


def codes(broken):
    return [reason.code for reason in broken.value.reasons]


def draft(db, key="offl-23-1", **fields):
    legal = basis(db, key)
    fields.setdefault("considered_wider_access", not legal.is_duty)
    return ExemptionDraft(legal.id, **fields)


def shared_case(db, title="Felles innkjøp"):
    forum = make_forum(db)
    treatment = make_case(db, forum, title)
    share(db, SYSTEM, treatment.id)
    return forum, treatment


def parts_and_lines(db, treatment):
    paper = presentation_of(db, treatment.id)
    return parts_of(db, paper.id), attachments_of(db, paper.id)


def stored(db, store, text, name="notat.txt"):
    return store_upload(db, SYSTEM, store, stream=BytesIO(text.encode()), file_name=name, limit=1_000_000)


# --- the rules, bare


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision(Covers.PART, False, False, True), []),
        (Decision(Covers.PART, False, False, False), ["exemption.wider_access"]),
        (Decision(Covers.PART, True, False, False), []),
        (Decision(Covers.PART, True, False, True), ["exemption.nothing_to_consider"]),
        (Decision(Covers.TITLE, True, False, False, original="A"), ["exemption.no_public_text"]),
        (Decision(Covers.TITLE, True, False, False, "Anbud", "anbud"), ["exemption.same_text"]),
        (Decision(Covers.ATTACHMENT, True, False, False, "Et notat", "Anbud"), []),
        (Decision(Covers.DOCUMENT, True, False, False), ["exemption.only_information"]),
        (Decision(Covers.DOCUMENT, True, False, False, whole_is_meant=True), []),
        (Decision(Covers.DOCUMENT, True, False, False, has_redacted=True), []),
        (Decision(Covers.DOCUMENT, False, True, True), []),
        (Decision(Covers.PART, True, False, False, note="x" * 20_001), ["text.too_long"]),
    ],
)
def test_what_a_decision_must_hold(decision, expected):
    assert [reason.code for reason in decision_problems(decision)] == expected


def test_an_exemption_is_looked_at_again_from_its_day_on():
    assert is_due(today(), today())
    assert not is_due(today() + timedelta(days=1), today())
    assert not is_due(None, today())


def test_a_citation_that_is_missing_is_lent_from_another_language():
    assert in_language({"nb": "offl. § 14", "da": "§ 14"}, Language.NN) == "offl. §\u00a014"
    assert in_language({"da": "§ 14"}, Language.EN) == "§\u00a014"
    assert in_language({}, Language.NB) == ""


# --- the list of bases


def test_the_list_holds_the_law_and_no_rule_for_municipalities_alone(database):
    with database.reading() as db:
        assert basis(db, "offl-13-1").is_duty
        assert basis(db, "offl-14-1").whole_document
        assert basis(db, "offl-23-1").printed["nb"] == "offl. § 23 første ledd"
        assert basis(db, "offl-13-2").printed["nb"] == "offl. § 13, jf. fvl. § 13 første ledd nr. 2"
        assert basis(db, "dk-33-5").printed["da"] == "offentlighedsloven § 33, nr. 5"
        sections = set(db.scalars(select(LegalBasis.section)))
        assert "16" not in sections


def test_a_basis_that_is_no_longer_law_exempts_nothing_more(database, store):
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        (part, *_rest), _lines = parts_and_lines(db, treatment)
        made = exempt(db, SYSTEM, store, treatment.id, TITLE, draft(db, public_text="Et innkjøp"))
        legal = basis(db)
        end_basis(db, SYSTEM, legal.id, version=legal.version, valid_to=today() - timedelta(days=1))
        with pytest.raises(RuleBroken) as broken:
            exempt(db, SYSTEM, store, treatment.id, Target(Covers.PART, part.id), draft(db))
        assert made.ended_at is None  # what was decided stays until a person ends it
        with pytest.raises(RuleBroken) as refused:
            release(db, SYSTEM, store, treatment.id, version=treatment.version)
    assert codes(refused) == ["release.basis_ended"]
    assert codes(broken) == ["exemption.no_basis"]


def test_only_administrators_keep_the_list(database):
    with database.writing() as db:
        forum = make_forum(db)
        facts = {
            "law": "Ny lov",
            "section": "1",
            "paragraph": "",
            "printed": {"nb": "nl. § 1", "nn": ""},
            "about": "Noe nytt",
            "is_duty": False,
            "whole_document": False,
            "valid_from": today(),
        }
        made = add_basis(db, SYSTEM, **facts)
        assert made.printed == {"nb": "nl. § 1"}
        with pytest.raises(NotAllowed):
            add_basis(db, actor_with(forum, Role.SECRETARY), **facts)
        with pytest.raises(RuleBroken) as broken:
            add_basis(db, SYSTEM, **{**facts, "printed": {}, "law": " ", "valid_to": today() - timedelta(1)})
        assert codes(broken) == ["basis.incomplete", "basis.incomplete", "basis.days"]
        with pytest.raises(Conflict):
            end_basis(db, SYSTEM, made.id, version=9, valid_to=today())


# --- decisions


def test_a_title_has_its_public_words_until_the_exemption_ends(database, store):
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        first = exempt(db, SYSTEM, store, treatment.id, TITLE, draft(db, public_text="Et innkjøp"))
        assert (treatment.title, treatment.public_title) == ("Felles innkjøp", "Et innkjøp")
        second = exempt(
            db,
            SYSTEM,
            store,
            treatment.id,
            TITLE,
            draft(db, "offl-13-2", public_text="Kontrakt"),
            replaces=first.id,
        )
        assert treatment.folded_public_title == "kontrakt"
        assert first.ended_at is not None  # a change is an addition
        assert second.ended_at is None
        with pytest.raises(Conflict):
            exempt(db, SYSTEM, store, treatment.id, TITLE, draft(db, public_text="X"), replaces=first.id)
        end_exemption(db, SYSTEM, store, treatment.id, TITLE, exemption_id=second.id)
        assert treatment.public_title == "Felles innkjøp"
        assert len(db.scalars(select(Exemption)).all()) == 2
        assert second.ended_by_name == SYSTEM.name
        acts = list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert acts[-3:] == ["case.exempted", "case.exemption_changed", "case.exemption_ended"]


def test_the_title_of_the_paper_and_its_public_one_go_each_their_way(database, store):
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        exempt(db, SYSTEM, store, treatment.id, TITLE, draft(db, public_text="Et innkjøp"))
        treatment.title = "Felles innkjøp av lisenser"
        db.flush()
        assert treatment.public_title == "Et innkjøp"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.MINUTE_TAKER])
def test_only_secretariat_and_leader_decide(role, database, store):
    with database.writing() as db:
        forum, treatment = shared_case(db)
        actor = actor_with(forum, role)
        with pytest.raises(NotAllowed):
            exempt(db, actor, store, treatment.id, TITLE, draft(db, public_text="X"))
        with pytest.raises(NotAllowed):
            release(db, actor, store, treatment.id, version=treatment.version)
        leader = actor_with(forum, Role.LEADER)
        leader = type(leader)(None, leader.name, roles=leader.roles)
        assert exempt(db, leader, store, treatment.id, TITLE, draft(db, public_text="X")).id
        assert release(db, leader, store, treatment.id, version=treatment.version).released_at


def test_a_part_of_another_paper_cannot_be_reached(database, store):
    with database.writing() as db:
        forum, treatment = shared_case(db)
        other = make_case(db, forum, "En annen")
        (part, *_rest), _lines = parts_and_lines(db, other)
        with pytest.raises(NotFound):
            exempt(db, SYSTEM, store, treatment.id, Target(Covers.PART, part.id), draft(db))


def test_what_is_removed_takes_its_exemption_into_history(database, store):
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        line = add_attachment(db, SYSTEM, treatment.id, title="Tilbud")
        (part, *_rest), _lines = parts_and_lines(db, treatment)
        of_part = exempt(db, SYSTEM, store, treatment.id, Target(Covers.PART, part.id), draft(db))
        of_line = exempt(
            db,
            SYSTEM,
            store,
            treatment.id,
            Target(Covers.ATTACHMENT, line.id),
            draft(db, public_text="Notat"),
        )
        remove_part(db, SYSTEM, part.id)
        remove_attachment(db, SYSTEM, line.id)
        assert of_part.ended_at is not None
        assert of_line.ended_at is not None
