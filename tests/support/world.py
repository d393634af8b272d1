"""A small world in which every kind of object stands in every state, and somebody has every role.

This is the one place where the values of addresses come from: a route with a value that nobody thought of fails with a
message that names this file. Two forums work, ``own`` and ``other``; a third has ended.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import FORUM_ROLES, Role
from app.cases.models import Treatment
from app.cases.queries.find import attachments_of, get_treatment, presentation_of
from app.cases.service.attachments import add_attachment
from app.cases.service.exempt import Target, exempt
from app.cases.service.numbers import set_number
from app.cases.service.release import release
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.directory.rules import Side
from app.directory.service import create_organisation, offer_template, set_template
from app.documents.docx.styles import shipped_template
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.files.service import store_upload
from app.forums.models import Forum
from app.forums.service.mandates import add_mandate
from app.identity.models import UserAccount, UserIdentity, UserSession
from app.identity.service.invitations import invite
from app.kernel.language import Language
from app.meetings.models import Meeting
from app.meetings.service.agenda import mark_ready, put_on_agenda
from app.meetings.service.attendance import AttendanceDraft, add_attendance
from app.meetings.service.exempt import exempt_attendance
from app.meetings.service.meetings import take_step as take_meeting_step
from app.platform.clock import utc_now
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM, make_complete, make_meeting, parts_of
from tests.factories.exemptions import basis
from tests.factories.forums import make_forum, make_membership, make_seat
from tests.factories.people import make_person
from tests.factories.users import PASSWORD, make_user

HERE = "tests/support/world.py"
OWN, OTHER, ENDED = "own", "other", "ended"


class Who(StrEnum):
    """Everybody who may call. The roles are roles in the forum ``own``."""

    STRANGER = "stranger"
    NOBODY = "nobody"  # signed in, without a role anywhere
    ELSEWHERE = "elsewhere"  # secretary of the forum ``other``
    FORMER = "former"  # was the secretary of ``own`` until yesterday
    LEADER = "leader"
    MEMBER = "member"
    DEPUTY = "deputy"
    SECOND = "second"
    OBSERVER = "observer"
    SECRETARY = "secretary"
    MINUTE_TAKER = "minute_taker"
    ADMINISTRATOR = "administrator"


class Reading(StrEnum):
    """For whom a treatment is there at all."""

    DRAFT = "draft"  # for those who write in the forum
    SHARED = "shared"  # for everybody in the forum; so is a released one until the end of its embargo
    OPEN = "open"  # released: the public part is for everybody who is signed in


@dataclass(frozen=True)
class Scene:
    """One object of each kind, which hang together, in one state."""

    name: str
    forum: str
    reading: Reading
    values: dict[str, str] = field(default_factory=dict)
    is_exempt: bool = False  # the title, the part and the attachment that the values name


@dataclass(frozen=True)
class Plan:
    """How a scene comes to be: the steps that its treatment takes after it has been written."""

    name: str
    forum: str
    reading: Reading
    road: tuple[str, ...] = ()
    is_exempt: bool = False
    embargo: bool = False


PLANS = (
    Plan("own draft", OWN, Reading.DRAFT),
    Plan("own shared", OWN, Reading.SHARED),
    Plan("own scheduled", OWN, Reading.SHARED, ("ready", "schedule")),
    Plan("own treated", OWN, Reading.SHARED, ("ready", "schedule", "treat")),
    Plan("own withdrawn", OWN, Reading.SHARED, ("withdraw",)),
    Plan("other draft", OTHER, Reading.DRAFT),
    Plan("other shared", OTHER, Reading.SHARED),
    Plan("own exempt", OWN, Reading.SHARED, is_exempt=True),
    Plan("own exempt and released", OWN, Reading.OPEN, is_exempt=True),
    Plan("own released", OWN, Reading.OPEN),
    Plan("own embargoed", OWN, Reading.SHARED, is_exempt=True, embargo=True),
    Plan("other exempt and released", OTHER, Reading.OPEN, is_exempt=True),
    Plan("ended shared", ENDED, Reading.SHARED, ("ready", "schedule", "treat")),
)
"""The states. What each means for readers is said in ``tests/support/expecting.py``."""

ONE_FOR_EACH_FORUM = ("own shared", "other shared", "ended shared")
"""The scenes for routes that speak of a forum or a meeting and not of a case."""


@dataclass
class World:
    """What was made, and the way into it."""

    scenes: dict[str, Scene]
    tokens: dict[Who, str]
    roles: dict[Who, dict[str, frozenset[Role]]]
    people: dict[Who, UUID]
    users: dict[Who, UUID]
    forums: dict[str, UUID]

    @cached_property
    def missing(self) -> Scene:
        """Ids of the right shape that name nothing."""
        known = self.scenes["own shared"].values
        values = {name: str(uuid4()) if _is_id(value) else value for name, value in known.items()}
        return Scene("missing", OWN, Reading.SHARED, values | {"key": "no-such-forum", "spelling": "99/1999"})


def build_world(db: Session, store: FileStore) -> World:
    """Make it all, by the commands that people use where there are any."""
    forums = {
        OWN: make_forum(db, OWN, "Vårt forum"),
        OTHER: make_forum(db, OTHER, "Det andre forumet"),
        ENDED: make_forum(db, ENDED, "Nedlagt forum"),
    }
    roles, people, users, tokens = _people(db, forums)
    shared = _installation(db, store, users)
    scenes = {
        plan.name: _scene(db, store, plan, forums[plan.forum], position, shared)
        for position, plan in enumerate(PLANS, start=1)
    }
    soon = utc_now().date() + timedelta(days=30)
    for key in (OWN, OTHER):
        make_meeting(db, forums[key], soon)
    forums[ENDED].active_to = date(2023, 1, 1)
    db.flush()
    ids = {key: forum.id for key, forum in forums.items()}
    return World(scenes, tokens, roles, people, users, ids)


def begin_session(db: Session, user_id: UUID, token: str) -> UUID:
    """A signed-in browser."""
    now = utc_now()
    session = UserSession(
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        user_id=user_id,
        created_at=now,
        last_seen_at=now
        + timedelta(minutes=30),  # so that no request of a long run counts as the first after a while
        expires_at=now + timedelta(hours=12),
    )
    db.add(session)
    db.flush()
    return session.id


def _people(db: Session, forums: dict[str, Forum]) -> tuple[Any, Any, Any, Any]:
    roles: dict[Who, dict[str, frozenset[Role]]] = {who: {} for who in Who}
    people, users, tokens = {}, {}, {Who.STRANGER: ""}
    for who in Who:
        if who is Who.STRANGER:
            continue
        person = make_person(db, f"Person {who.value}")
        if who.value in FORUM_ROLES:
            for key in (OWN, ENDED):
                make_membership(db, forums[key], person.id, Role(who.value))
                roles[who][key] = frozenset({Role(who.value)})
        elif who is Who.ELSEWHERE:
            make_membership(db, forums[OTHER], person.id, Role.SECRETARY)
            roles[who][OTHER] = frozenset({Role.SECRETARY})
        elif who is Who.FORMER:
            yesterday = date.today() - timedelta(days=2)  # noqa: DTZ011  any day that is over everywhere
            make_membership(db, forums[OWN], person.id, Role.SECRETARY, valid_to=yesterday)
        user = make_user(
            db,
            f"{who.value}@example.no",
            f"User {who.value}",
            person_id=person.id,
            language=Language.EN,
            is_administrator=who is Who.ADMINISTRATOR,
        )
        people[who], users[who] = person.id, user.id
        tokens[who] = f"token-of-{who.value}"
        begin_session(db, user.id, tokens[who])
    return roles, people, users, tokens


def _installation(db: Session, store: FileStore, users: dict[Who, UUID]) -> dict[str, str]:
    """What belongs to no forum: a file, an organisation with a template, an account, a device of the administrator's."""
    organisation = create_organisation(db, SYSTEM, name="Mønsteretaten", abbreviation="ME", side=Side.STATE)
    template = io.BytesIO(shipped_template())
    kept = store_upload(db, SYSTEM, store, stream=template, file_name="own.docx", limit=10**7)
    set_template(db, SYSTEM, organisation.id, version=1, sha256=kept.blob.sha256, name=kept.file_name)
    offered = {"sha256": kept.blob.sha256, "name": kept.file_name}
    offer_template(db, SYSTEM, organisation.id, version=organisation.version, **offered)
    person = make_person(db, "Kari Kjent")
    invited = make_user(db, "invited@example.no", "Invitert", with_password=False)
    token = invite(db, SYSTEM, invited.id, hours=24)
    device = begin_session(db, users[Who.ADMINISTRATOR], "another-device")
    account = _account(db)
    identity = UserIdentity(
        user_id=account.id,
        provider="etat",
        issuer="https://id.example",
        subject="somebody",
        created_at=utc_now(),
    )
    db.add(identity)
    db.flush()
    return {
        "organisation_id": str(organisation.id),
        "person_id": str(person.id),
        "user_id": str(account.id),
        "session_id": str(device),
        "administrator_id": str(users[Who.ADMINISTRATOR]),
        "identity_id": str(identity.id),
        "basis_id": str(basis(db).id),
        "provider": "etat",
        "token": token,
    }


def _account(db: Session) -> UserAccount:
    user = make_user(db, "kept@example.no", "Somebody", language=Language.EN)
    # Dear hashes are tested elsewhere; here somebody logs in a hundred times.
    user.password_hash = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    return user


def _scene(
    db: Session, store: FileStore, plan: Plan, forum: Forum, number: int, shared: dict[str, str]
) -> Scene:
    title = f"Sak om {plan.name}"
    treatment = make_complete(db, forum, title)
    text = io.BytesIO(f"Vedlegg til {plan.name}\n".encode())
    kept = store_upload(db, SYSTEM, store, stream=text, file_name=f"{number}.txt", limit=10**6)
    add_attachment(db, SYSTEM, treatment.id, title="Vedlegg", blob=kept.blob, file_name=kept.file_name)
    add_attachment(db, SYSTEM, treatment.id, title="Kommer senere")
    set_number(db, SYSTEM, treatment.id, sequence=10 * number, year=2022)
    meeting = make_meeting(db, forum, date(2022, 1 + number % 12, 1 + number))
    paper = presentation_of(db, treatment.id)
    paper.unplaced = "En linje som ingen har plassert"
    for step in plan.road:
        _take(db, treatment, meeting.id, step)
    if plan.reading is not Reading.DRAFT:
        share(db, SYSTEM, treatment.id)
    covers, exemption_id = _hide(db, store, treatment, plan)
    if plan.embargo or plan.reading is Reading.OPEN:
        until = utc_now() + timedelta(days=30) if plan.embargo else None
        version = get_treatment(db, SYSTEM, treatment.id).version
        release(db, SYSTEM, store, treatment.id, version=version, embargo_until=until)
    if "schedule" in plan.road:
        beside = make_complete(db, forum, f"Neste sak {plan.name}")
        put_on_agenda(db, SYSTEM, meeting.id, beside.id)
        take_meeting_step(db, SYSTEM, meeting.id, version=meeting.version, step="call")
    mandate = add_mandate(
        db, SYSTEM, forum.id, valid_from=date(2000 + number, 1, 1), valid_to=date(2000 + number, 2, 1)
    )
    seat = make_seat(db, forum, position=number)
    seated = make_person(db, f"Sitter {number}")
    sat_in = make_seat(db, forum, position=number + 100)
    member = make_membership(db, forum, seated.id, Role.DEPUTY, seat_id=sat_in.id)
    line = attachments_of(db, paper.id)[0]
    values = {
        "key": forum.key,
        "forum_id": str(forum.id),
        "spelling": f"{10 * number}/2022",
        "case_id": str(treatment.case_id),
        "treatment_id": str(treatment.id),
        "part_id": str(parts_of(db, treatment)[1].id),
        "attachment_id": str(line.id),
        "file_name": line.file_name or "file.txt",
        "draft_key": f"treatment/{treatment.id}/head",
        "covers": covers.value,
        "record_id": str(line.id if covers is Covers.ATTACHMENT else parts_of(db, treatment)[1].id),
        "exemption_id": str(exemption_id),
        **_list_who_was_there(db, meeting, forum),
        "mandate_id": str(mandate.id),
        "seat_id": str(seat.id),
        "membership_id": str(member.id),
        **{name: found(db, treatment) for name, found in MORE.items()},
    }
    return Scene(plan.name, plan.forum, plan.reading, shared | values, plan.is_exempt)


def _list_who_was_there(db: Session, meeting: Meeting, forum: Forum) -> dict[str, str]:
    """Two lines that everybody may read, and one that is exempt between them; in the other forum it is that which is named."""
    first, hidden, _ = (
        add_attendance(db, SYSTEM, meeting.id, AttendanceDraft(name))
        for name in ("Kari Kjent", "Hemmelig Gjest", "Ola Kjent")
    )
    draft = ExemptionDraft(basis(db).id, considered_wider_access=True)
    exempt_attendance(db, SYSTEM, meeting.id, hidden.id, draft)
    return {"meeting_id": str(meeting.id), "line_id": str(hidden.id if forum.key == OTHER else first.id)}


def _hide(db: Session, store: FileStore, treatment: Treatment, plan: Plan) -> tuple[Covers, UUID]:
    """Decide that title, part and attachment are exempt; the attachment has a redacted file in its place."""
    if not plan.is_exempt:
        return Covers.PART, uuid4()
    paper = presentation_of(db, treatment.id)
    part, line = parts_of(db, treatment)[1], attachments_of(db, paper.id)[0]
    legal = basis(db).id
    redacted = store_upload(
        db, SYSTEM, store, stream=io.BytesIO(b"Sladdet\n"), file_name="sladdet.txt", limit=10**6
    )
    whole = ExemptionDraft(legal, considered_wider_access=True, public_text=f"Offentlig {plan.name}")
    exempt(db, SYSTEM, store, treatment.id, Target(Covers.TITLE, None), whole)
    exempt(
        db,
        SYSTEM,
        store,
        treatment.id,
        Target(Covers.PART, part.id),
        ExemptionDraft(legal, considered_wider_access=True),
    )
    shown = ExemptionDraft(
        legal,
        considered_wider_access=True,
        public_text="Et vedlegg",
        redacted=redacted.blob,
        redacted_name=redacted.file_name,
    )
    exempt(db, SYSTEM, store, treatment.id, Target(Covers.ATTACHMENT, line.id), shown)
    db.refresh(line)
    assert line.exemption_id is not None
    return Covers.ATTACHMENT, line.exemption_id


MORE: dict[str, Callable[[Session, Treatment], str]] = {}
"""Values of addresses that hang on a treatment in another way: by their name, how to make or find them."""


def _take(db: Session, treatment: Treatment, meeting_id: UUID, step: str) -> None:
    version = get_treatment(db, SYSTEM, treatment.id).version
    if step == "ready":
        mark_ready(db, SYSTEM, treatment.id, version=version)
    elif step == "schedule":
        put_on_agenda(db, SYSTEM, meeting_id, treatment.id)
    else:
        take_step(db, SYSTEM, treatment.id, version=version, step=step)


def actor_of(world: World, who: Who) -> Actor:
    """The caller as the application will see them."""
    roles = {world.forums[key]: held for key, held in world.roles[who].items()}
    return Actor(
        world.users[who],
        f"User {who.value}",
        person_id=world.people[who],
        language=Language.EN,
        is_administrator=who is Who.ADMINISTRATOR,
        roles=roles,
    )


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
