"""Two worlds: one with everything in it, and the same one after all that the public may not know has been taken out.

The second is made of the first, in its place, so that ids and moments are the same. Whoever may not read what is exempt
must not be able to tell which of the two they are in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.audit.models import ENTRIES
from app.cases.models import Attachment, Case, Presentation, PresentationPart, Presenter, Treatment
from app.cases.queries.find import attachments_of, parts_of, presentation_of
from app.cases.rules import TreatmentKind, TreatmentState
from app.cases.service.attachments import add_attachment
from app.cases.service.exempt import Target, exempt
from app.cases.service.numbers import set_number
from app.cases.service.parts import save_part
from app.cases.service.presenters import PresenterDraft
from app.cases.service.refer import refer_case
from app.cases.service.release import release
from app.cases.service.share import share
from app.exemptions.models import Exemption
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.files.service import Upload, store_upload
from app.forums.models import Forum
from app.meetings.models import AgendaItem, Meeting
from app.meetings.service.agenda import put_on_agenda
from app.platform.clock import utc_now
from tests.factories.cases import SYSTEM, make_case, make_meeting
from tests.factories.exemptions import basis
from tests.support.attendance import list_who_was_there, take_out_who_was_there
from tests.support.databases import forget_acts, without_guards

CANARY = "Kanarifugl"
"""Stands in everything that is exempt, and in nothing else."""
_KEY = re.compile(rb'name="idempotency_key" value="[^"]*"')


@dataclass
class World:
    """What was built: the treatments by what they are, the forums, a meeting, and ids to ask for."""

    store: Any
    forum: Forum
    other: Forum
    meeting: Meeting | None = None
    lines: list[UUID] = field(default_factory=list)  # of who was there; every other one is exempt
    treatments: dict[str, Treatment] = field(default_factory=dict)
    parts: dict[UUID, list[UUID]] = field(default_factory=dict)
    attachments: dict[UUID, list[UUID]] = field(default_factory=dict)
    exemptions: list[UUID] = field(default_factory=list)


def build_world(db: Session, store: Any, forum: Forum, other: Forum) -> World:
    """Cases of every kind: exempt in title, whole, in part; released, embargoed, only shared, and draft."""
    world = World(store, forum, other)
    _open(world, db, "open")
    _hide_parts(world, db, "parts")
    _hide_whole(world, db, "whole")
    _hide_parts(world, db, "embargoed parts")
    _hide_whole(world, db, "shared whole")
    _hide_parts(world, db, "shared parts")
    _open(world, db, f"draft {CANARY}")
    for name, treatment in world.treatments.items():
        if not name.startswith("draft"):
            share(db, SYSTEM, treatment.id)
    for name in ("open", "parts", "whole", "embargoed parts"):
        treatment = world.treatments[name]
        later = utc_now() + timedelta(days=30) if name.startswith("embargoed") else None
        release(db, SYSTEM, store, treatment.id, version=treatment.version, embargo_until=later)
    _bring_elsewhere(world, db)
    world.meeting = make_meeting(db, forum)
    for name, treatment in list(world.treatments.items()):
        if not name.startswith("elsewhere"):
            put_on_agenda(db, SYSTEM, world.meeting.id, treatment.id)
    world.lines = list_who_was_there(db, world.meeting, secret=CANARY)
    set_number(db, SYSTEM, world.treatments["elsewhere of parts"].id, sequence=77, year=2022)
    db.flush()
    for treatment in world.treatments.values():
        paper = presentation_of(db, treatment.id)
        world.parts[treatment.id] = [part.id for part in parts_of(db, paper.id)]
        world.attachments[treatment.id] = [line.id for line in attachments_of(db, paper.id)]
    world.exemptions = list(db.scalars(select(Exemption.id).order_by(Exemption.decided_at, Exemption.id)))
    return world


def _open(world: World, db: Session, name: str, *, secret: str = "") -> Treatment:
    hidden = f" {secret}" if secret else ""
    treatment = make_case(
        db,
        world.forum,
        f"Sak {name}{hidden}",
        wanted_result=f"Råd{hidden}",
        presenters=(PresenterDraft(f"Kari Oppdiktet{hidden}"),),
        preparer=f"Direktoratet{hidden}",
        place=f"Oslo{hidden}",
        dated=date(2022, 3, 1),
    )
    for part in parts_of(db, presentation_of(db, treatment.id).id):
        save_part(
            db,
            SYSTEM,
            part.id,
            version=part.version,
            heading=f"{part.heading}{hidden}",
            body_markdown=f"Tekst{hidden} om {name}",
        )
    for number in (1, 2):
        stored = _file(world, db, f"vedlegg{number}{secret}.txt", f"Innhold{hidden} {name} {number}")
        title = f"Vedlegg {number}{hidden}"
        add_attachment(db, SYSTEM, treatment.id, title=title, blob=stored.blob, file_name=stored.file_name)
    world.treatments[name] = treatment
    return treatment


def _hide_whole(world: World, db: Session, name: str) -> None:
    """Title and paper: everything that was written is exempt."""
    treatment = _open(world, db, name, secret=CANARY)
    _exempt(world, db, treatment, Covers.TITLE, None, public_text=f"Offentlig sak {name}")
    redacted = _file(world, db, "sladdet.txt", f"Sladdet {name}")
    _exempt(world, db, treatment, Covers.DOCUMENT, None, redacted=redacted, whole_is_meant=True)


def _hide_parts(world: World, db: Session, name: str) -> None:
    """The title, one part and one attachment."""
    treatment = _open(world, db, name)
    treatment.title = f"Sak {name} {CANARY}"
    paper = presentation_of(db, treatment.id)
    part = parts_of(db, paper.id)[0]
    save_part(
        db,
        SYSTEM,
        part.id,
        version=part.version,
        heading=f"{CANARY} i overskriften",
        body_markdown=f"{CANARY} i teksten",
    )
    line = attachments_of(db, paper.id)[0]
    line.title, line.file_name = f"{CANARY} i vedlegget", f"{CANARY}.txt"
    line.sha256 = _file(world, db, f"{CANARY}.txt", f"{CANARY} i fila til {name}").blob.sha256
    db.flush()
    _exempt(world, db, treatment, Covers.TITLE, None, public_text=f"Offentlig sak {name}")
    _exempt(world, db, treatment, Covers.PART, part.id)
    redacted = _file(world, db, "sladdet-vedlegg.txt", f"Sladdet vedlegg {name}")
    _exempt(world, db, treatment, Covers.ATTACHMENT, line.id, public_text="Et vedlegg", redacted=redacted)


def _exempt(
    world: World,
    db: Session,
    treatment: Treatment,
    covers: Covers,
    record_id: UUID | None,
    *,
    redacted: Upload | None = None,
    **fields: Any,
) -> None:
    if redacted is not None:
        fields |= {"redacted": redacted.blob, "redacted_name": redacted.file_name}
    draft = ExemptionDraft(
        basis(db).id, considered_wider_access=True, note=f"{CANARY} i begrunnelsen", **fields
    )
    exempt(db, SYSTEM, world.store, treatment.id, Target(covers, record_id), draft)


def _file(world: World, db: Session, name: str, text: str) -> Upload:
    return store_upload(
        db, SYSTEM, world.store, stream=BytesIO(text.encode()), file_name=name, limit=1_000_000
    )


def _bring_elsewhere(world: World, db: Session) -> None:
    """The same matters in another forum, whose readers see their own treatment of it."""
    for name in ("parts", "whole", "embargoed parts", f"draft {CANARY}"):
        made = refer_case(
            db,
            SYSTEM,
            world.treatments[name].case_id,
            to_forum_id=world.other.id,
            title="I det andre forumet",
            kind=TreatmentKind.INFORM,
        )
        share(db, SYSTEM, made.id)
        world.treatments[f"elsewhere of {name}"] = made


def take_out_exempt(db: Session) -> None:
    """Leave of what is exempt only what stands in its place: public title, public text, ground, redacted file."""
    with without_guards(db):
        _take_out_exempt(db)


def _take_out_exempt(db: Session) -> None:
    hidden = {"updated_at": utc_now() + timedelta(days=3), "version": 900}
    papers = select(Presentation.id).where(Presentation.exemption_id.is_not(None))
    of_papers = select(Presentation.treatment_id).where(Presentation.exemption_id.is_not(None))
    db.execute(delete(PresentationPart).where(PresentationPart.presentation_id.in_(papers)))
    db.execute(delete(Attachment).where(Attachment.presentation_id.in_(papers)))
    db.execute(delete(Presenter).where(Presenter.treatment_id.in_(of_papers)))
    db.execute(
        update(Treatment)
        .where(Treatment.id.in_(of_papers))
        .values(
            kind=TreatmentKind.DISCUSS,
            kind_label="",
            state=TreatmentState.WITHDRAWN,
            wanted_result="",
            preparer="",
            preparer_organisation_id=None,
            **hidden,
        )
    )
    db.execute(
        update(Presentation)
        .where(Presentation.exemption_id.is_not(None))
        .values(place="", dated=None, unplaced="", wording={}, revision=900, version=900)
    )
    db.execute(
        update(Treatment)
        .where(Treatment.title_exemption_id.is_not(None))
        .values(title="", folded_title="", **hidden)
    )
    db.execute(
        update(PresentationPart)
        .where(PresentationPart.exemption_id.is_not(None))
        .values(heading="", party="", lead_in=[], body=[], closing=[], html="", key="gone", version=900)
    )
    below = (
        select(table.presentation_id).where(table.exemption_id.is_not(None))
        for table in (PresentationPart, Attachment)
    )
    for papers_with_parts in below:
        db.execute(
            update(Presentation)
            .where(Presentation.id.in_(papers_with_parts))
            .values(revision=900, version=900)
        )
    db.execute(
        update(Attachment)
        .where(Attachment.exemption_id.is_not(None))
        .values(title="", file_name="", sha256=None, added_at=None, version=900)
    )
    take_out_who_was_there(db)
    db.execute(
        update(Exemption).values(
            note="",
            decided_by=None,
            decided_by_name="",
            decided_at=utc_now() - timedelta(days=9),
            review_on=date(2020, 1, 1),
            considered_wider_access=False,
        )
    )
    db.execute(update(Case).values(working_title=""))
    # What the other forum did itself stays in its history; what the test itself took out as files does not.
    own = select(Forum.id).where(Forum.key == "annet")
    elsewhere = or_(ENTRIES.c.forum_id.is_(None), ENTRIES.c.forum_id.not_in(own))
    forget_acts(db, or_(elsewhere, ENTRIES.c.action == "case.exported"))


def take_out_hidden(db: Session, *, drafts_only: bool) -> None:
    """Remove what does not exist: drafts; for readers outside the forum also what is not released, or embargoed."""
    with without_guards(db):
        _take_out_hidden(db, drafts_only=drafts_only)


def _take_out_hidden(db: Session, *, drafts_only: bool) -> None:
    gone = Treatment.shared_at.is_(None)
    if not drafts_only:
        gone = gone | Treatment.released_at.is_(None) | (Treatment.embargo_until > utc_now())
        own = select(Forum.id).where(Forum.key == "annet")
        gone = gone & Treatment.forum_id.not_in(own)
    for treatment_id, case_id in db.execute(select(Treatment.id, Treatment.case_id).where(gone)).all():
        papers = select(Presentation.id).where(Presentation.treatment_id == treatment_id)
        db.execute(delete(PresentationPart).where(PresentationPart.presentation_id.in_(papers)))
        db.execute(delete(Attachment).where(Attachment.presentation_id.in_(papers)))
        db.execute(delete(Presentation).where(Presentation.treatment_id == treatment_id))
        db.execute(delete(Presenter).where(Presenter.treatment_id == treatment_id))
        db.execute(delete(AgendaItem).where(AgendaItem.treatment_id == treatment_id))
        db.execute(delete(Treatment).where(Treatment.id == treatment_id))
        left = db.scalar(select(Treatment.id).where(Treatment.case_id == case_id).limit(1))
        if left is None:
            db.execute(delete(Case).where(Case.id == case_id))


def addresses(world: World, register: list[Any], method: str) -> Iterator[str]:
    """Every address of the register that ids of this world fit into; of a nested id also one of another parent."""
    for route in register:
        if route.method != method or route.name in _NOT_ASKED:
            continue
        path = route.path.replace(":path}", "}")
        of_a_forum = _values(world, path, every=method == "GET" and route.name in _SHOWN)
        yield from dict.fromkeys(path.format_map(values) for values in of_a_forum)


_NOT_ASKED = frozenset(
    {
        *("account:logout", "account:end_session", "account:set_preferences", "account:change_password"),
        *("account:show", "health:alive", "health:ready"),
        *("account:second_factor", "account:set_up_second_factor", "account:link_identity"),
    }
)
"""What would end the visits that the test makes, tells the time, or shows a new secret every time."""
_FILES = ("export", "export_public", "export_pdf", "export_public_pdf", "download", "download_redacted")
_SHOWN = frozenset({"cases:show", *(f"cases:{name}" for name in _FILES)})
"""What readers are shown something by; of the rest, which is for those who write, a few treatments are enough."""
_ENOUGH = ("parts", "whole", "embargoed parts", "shared parts")


def _values(world: World, path: str, *, every: bool) -> Iterator[dict[str, str]]:
    for forum in (world.forum, world.other):
        about = _about(world) | {"key": forum.key}
        if "{treatment_id}" in path or "{case_id}" in path or "{attachment_id}" in path:
            yield from _of_treatments(world, path, about, every=every)
        elif "{line_id}" in path:
            yield from (about | {"line_id": line_id} for line_id in world.lines)
        elif "{exemption_id}" in path:
            yield from (about | {"exemption_id": exemption_id} for exemption_id in world.exemptions)
        elif "{spelling}" in path:
            yield from (about | {"spelling": f"{number}/2022"} for number in (*range(1, 9), 77))
        else:
            yield about


def _about(world: World) -> dict[str, Any]:
    if world.meeting is None:
        raise RuntimeError("the world has no meeting")
    fixed = {
        "meeting_id": world.meeting.id,
        "file_name": "fil.txt",
        "token": "ukjent-lenke",
        "step": "withdraw",
        "session_id": world.meeting.id,
        "identity_id": world.meeting.id,
        "provider": "nobody",
    }
    ids = dict.fromkeys(
        ("organisation_id", "person_id", "user_id", "seat_id", "membership_id", "mandate_id", "basis_id"),
        world.meeting.id,
    )
    return fixed | ids


def _of_treatments(
    world: World, path: str, about: dict[str, Any], *, every: bool
) -> Iterator[dict[str, Any]]:
    for name, treatment in world.treatments.items():
        if not every and name not in _ENOUGH:
            continue
        parts = world.parts[treatment.id] or [treatment.id]
        lines = world.attachments[treatment.id] or [treatment.id]
        here = about | {"treatment_id": treatment.id, "case_id": treatment.case_id}
        pairs = ((parts[0], lines[0]), (parts[-1], lines[-1]))
        for part_id, line_id in pairs if every else pairs[:1]:
            below = here | {"part_id": part_id, "attachment_id": line_id}
            if "{covers}" not in path:
                yield below
                continue
            things = (("title", treatment.id), ("part", part_id), ("attachment", line_id))
            yield from (below | {"covers": covers, "record_id": record_id} for covers, record_id in things)
    # A part of one paper under the address of another.
    hidden, shown = world.treatments["parts"], world.treatments["open"]
    yield about | {
        "treatment_id": shown.id,
        "case_id": shown.case_id,
        "part_id": world.parts[hidden.id][0],
        "attachment_id": world.attachments[hidden.id][0],
        "covers": "part",
        "record_id": world.parts[hidden.id][0],
    }


def more_addresses(world: World) -> Iterator[str]:
    """Lists, searches and filters, and pages with a query."""
    yield from ("/cases?page=2", "/cases?forum=skate", "/cases?forum=annet", "/nowhere", "/cases/not-an-id")
    words = (CANARY, CANARY.lower(), "anarif", "Offentlig", "Sak", "1", "3/2022", "Oppdiktet", "%")
    yield from (f"/cases?q={word}" for word in words)
    yield from (f"/cases?state={state.value}" for state in TreatmentState)
    for treatment in world.treatments.values():
        case = f"/cases/{treatment.case_id}"
        yield f"{case}?treatment={treatment.id}"
        yield f"{case}?treatment={treatment.id}&view=public"


def answer_of(browser: Any, method: str, address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, of a request that always bears the same number."""
    headers = {"x-request-id": "the-same-number"}
    answer = browser.request(method, address, headers=headers, data={} if method == "POST" else None)
    kept = {name: value for name, value in answer.headers.items() if name not in {"content-length", "date"}}
    return answer.status_code, kept, _KEY.sub(b"", answer.content)
