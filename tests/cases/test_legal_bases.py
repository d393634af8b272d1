"""What a decision on exemption must hold, and the list of legal bases that it chooses from."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.cases.queries.find import parts_of, presentation_of
from app.cases.service.exempt import Target, exempt
from app.cases.service.release import release
from app.exemptions.models import LegalBasis
from app.exemptions.rules import Covers, Decision, decision_problems, in_language, is_due
from app.exemptions.service.bases import add_basis, end_basis
from app.kernel.errors import Conflict, NotAllowed, RuleBroken
from app.kernel.language import Language
from app.platform.clock import today
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM
from tests.factories.exemptions import basis, codes, draft, shared_case
from tests.factories.forums import actor_with, make_forum

TITLE = Target(Covers.TITLE)


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


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
        part = parts_of(db, presentation_of(db, treatment.id).id)[0]
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
