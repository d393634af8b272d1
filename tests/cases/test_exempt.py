"""Deciding exemptions, and releasing: what the rules ask for, what is kept, and what is refused."""

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
from app.exemptions.models import Exemption
from app.exemptions.rules import Covers
from app.files.service import store_upload
from app.kernel.errors import Conflict, NotAllowed, NotFound
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM, make_case
from tests.factories.exemptions import draft, shared_case
from tests.factories.forums import actor_with

TITLE = Target(Covers.TITLE)
WHOLE = Target(Covers.DOCUMENT)


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


def parts_and_lines(db, treatment):
    paper = presentation_of(db, treatment.id)
    return parts_of(db, paper.id), attachments_of(db, paper.id)


def stored(db, store, text, name="notat.txt"):
    return store_upload(db, SYSTEM, store, stream=BytesIO(text.encode()), file_name=name, limit=1_000_000)


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
