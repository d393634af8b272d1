"""A forum's own words and sections."""

import pytest

from app.access.roles import Role
from app.forums.queries import get_forum, labels_of
from app.forums.rules import CASE_KIND_WORDS, SECTION_WORDS, LabelKind, PartTemplateKind
from app.forums.service.forums import SectionDraft, set_labels, set_sections
from app.kernel.errors import Conflict, NotAllowed, RuleBroken
from app.kernel.language import Language
from app.platform.db import Database
from app.platform.i18n import paper_word
from tests.factories.forums import actor_with, make_forum

SECTION, PROPOSAL = PartTemplateKind.SECTION, PartTemplateKind.PROPOSAL


@pytest.mark.parametrize("language", Language)
def test_without_own_words_the_usual_ones_are_printed(database: Database, language: Language) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        labels = labels_of(db, forum.id, language)
    assert labels.case_kind == {key: paper_word(language, word) for key, word in CASE_KIND_WORDS.items()}
    assert labels.section == {key: paper_word(language, word) for key, word in SECTION_WORDS.items()}


def test_own_words_hold_in_their_language_until_blanked(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        secretary = actor_with(forum, Role.SECRETARY)
        usual = labels_of(db, forum.id, Language.NB).case_kind
        settings = {"kind": LabelKind.CASE_KIND, "language": Language.NB}
        set_labels(
            db,
            secretary,
            forum.id,
            version=1,
            texts={"decide": " Vedtakssak ", "discuss": "", "inform": "O-sak"},
            **settings,
        )
        set_labels(
            db,
            secretary,
            forum.id,
            version=2,
            kind=LabelKind.CASE_KIND,
            language=Language.DA,
            texts={"decide": "Beslutning"},
        )
        assert labels_of(db, forum.id, Language.NB).case_kind == usual | {
            "decide": "Vedtakssak",
            "inform": "O-sak",
        }
        set_labels(db, secretary, forum.id, version=3, texts={"decide": "Sak"}, **settings)
        assert labels_of(db, forum.id, Language.NB).case_kind == usual | {"decide": "Sak"}
        assert labels_of(db, forum.id, Language.DA).case_kind["decide"] == "Beslutning"
        with pytest.raises(Conflict):
            set_labels(db, secretary, forum.id, version=3, texts={}, **settings)
        with pytest.raises(RuleBroken, match=r"forum\.label_key_unknown"):
            set_labels(db, secretary, forum.id, version=4, texts={"vote": "Sak"}, **settings)
        with pytest.raises(NotAllowed):
            set_labels(db, actor_with(forum, Role.MEMBER), forum.id, version=4, texts={}, **settings)


def test_sections_are_arranged_renamed_added_and_taken_away(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        secretary = actor_with(forum, Role.SECRETARY)
        set_sections(
            db,
            secretary,
            forum.id,
            version=1,
            sections=[
                SectionDraft("proposal", PROPOSAL, {Language.NB: "Innstilling"}),
                SectionDraft("cost", SECTION, {Language.NB: "Kostnader", Language.DA: "Udgifter"}),
                SectionDraft("background", SECTION),
            ],
        )
        loaded = get_forum(db, secretary, "skate")
        assert [(part.key, part.kind, part.position) for part in loaded.sections] == [
            ("proposal", PROPOSAL, 1),
            ("cost", SECTION, 2),
            ("background", SECTION, 3),
        ]
        nb, nn, da = (
            labels_of(db, forum.id, each).section for each in (Language.NB, Language.NN, Language.DA)
        )
        assert (nb["proposal"], nb["cost"], nn["cost"], da["cost"]) == (
            "Innstilling",
            "Kostnader",
            "Kostnader",  # no heading in nynorsk, so the forum's language
            "Udgifter",
        )
        assert nn["proposal"] == paper_word(Language.NN, "Proposed decision")
        set_labels(
            db,
            secretary,
            forum.id,
            version=2,
            kind=LabelKind.SECTION,
            language=Language.NN,
            texts={"cost": "Kostnad"},
        )
        assert labels_of(db, forum.id, Language.NN).section["cost"] == "Kostnad"
        set_sections(
            db,
            secretary,
            forum.id,
            version=3,
            sections=[SectionDraft("cost", SECTION, {Language.NB: "Pris"})],
        )
        assert labels_of(db, forum.id, Language.NB).section["cost"] == "Pris"
        assert [part.key for part in get_forum(db, secretary, "skate").sections] == ["cost"]


@pytest.mark.parametrize(
    ("sections", "code"),
    [
        ([], "forum.sections_count"),
        ([SectionDraft("background", SECTION)] * 31, "forum.sections_count"),
        ([SectionDraft("background", SECTION)] * 2, "forum.section_key_twice"),
        ([SectionDraft("Bakgrunn", SECTION)], "forum.section_key_invalid"),
        ([SectionDraft("cost", SECTION)], "forum.section_heading_missing"),
        ([SectionDraft("cost", SECTION, {Language.DA: "Udgifter"})], "forum.section_heading_missing"),
    ],
)
def test_templates_that_would_not_work(database: Database, sections: list[SectionDraft], code: str) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        with pytest.raises(RuleBroken) as refusal:
            set_sections(db, actor_with(forum, Role.SECRETARY), forum.id, version=1, sections=sections)
    assert [reason.code for reason in refusal.value.reasons] == [code]
