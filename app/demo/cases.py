"""Cases of the demo, each taken to its stage of work by the steps that people take."""

import io
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Treatment
from app.cases.queries.find import find_by_number, get_treatment, parts_of, presentation_of
from app.cases.rules import TreatmentKind
from app.cases.service.attachments import add_attachment, put_file
from app.cases.service.create import create_case
from app.cases.service.edit import edit_treatment
from app.cases.service.numbers import set_number
from app.cases.service.parts import remove_part, save_part
from app.cases.service.presenters import PresenterDraft
from app.cases.service.refer import refer_case
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.demo.access import restrict_access
from app.demo.people import Known
from app.demo.slides import slides_pdf
from app.files.service import store_upload
from app.meetings.service.agenda import mark_ready, put_on_agenda
from app.platform.storage import FileStore

# From a fresh draft to each stage: the steps of the workflow, in order.
_ROADS: dict[str, tuple[str, ...]] = {
    "requested": (),
    "drafting": (),
    "ready": ("make_ready",),
    "scheduled": ("make_ready",),
    "treated": ("make_ready", "treat"),
    "postponed": ("make_ready", "postpone"),
    "returned": ("return",),
    "withdrawn": ("withdraw",),
}


def load_cases(
    db: Session, actor: Actor, store: FileStore, known: Known, files: list[dict[str, Any]]
) -> None:
    """Every case of the data files, in the order of the files."""
    for data in files:
        entries = data.pop("case", [data])
        for entry in entries:
            _load_case(db, actor, store, known, {"forum": data["forum"], **entry})


def _load_case(db: Session, actor: Actor, store: FileStore, known: Known, entry: dict[str, Any]) -> None:
    treatment = _make(db, actor, known, entry)
    if "number" in entry:
        treatment = set_number(db, actor, treatment.id, sequence=entry["number"], year=entry["year"])
    _write_parts(db, actor, treatment.id, entry.get("part", []))
    for attachment in entry.get("attachment", []):
        _attach(db, actor, store, treatment.id, attachment)
    if "meeting" in entry:
        put_on_agenda(db, actor, known.meetings[entry["forum"], entry["meeting"]], treatment.id)
    for step in _ROADS[entry["stage"]]:
        version = get_treatment(db, actor, treatment.id).version
        if step == "make_ready":
            mark_ready(db, actor, treatment.id, version=version)
        else:
            take_step(db, actor, treatment.id, version=version, step=step)
    if entry.get("shared"):
        share(db, actor, treatment.id)
    restrict_access(db, actor, store, treatment.id, entry)


def _make(db: Session, actor: Actor, known: Known, entry: dict[str, Any]) -> Treatment:
    forum = known.forums[entry["forum"]]
    if "same_case_as" in entry:
        key, _, spelling = entry["same_case_as"].partition(":")
        case_id, _treatment_id = find_by_number(db, actor, key, spelling)
        referred = refer_case(
            db, actor, case_id, to_forum_id=forum.id, title=entry["title"], kind=TreatmentKind(entry["kind"])
        )
        started = take_step(db, actor, referred.id, version=referred.version, step="start")
        return edit_treatment(
            db,
            actor,
            started.id,
            version=started.version,
            title=entry["title"],
            kind=TreatmentKind(entry["kind"]),
            wanted_result=entry["wanted_result"],
            presenters=[PresenterDraft(text) for text in entry["presenters"]],
            preparer=entry["preparer"],
            preparer_organisation_id=None,
            language=forum.language,
            place="",
            dated=None,
        )
    made = create_case(
        db,
        actor,
        forum_id=forum.id,
        title=entry["title"],
        kind=TreatmentKind(entry["kind"]),
        wanted_result=entry.get("wanted_result", ""),
        presenters=[PresenterDraft(text) for text in entry.get("presenters", [])],
        preparer=entry.get("preparer", ""),
        place=entry.get("place", ""),
        dated=entry.get("dated"),
    )
    if "referred_to" in entry:
        target = known.forums[entry["referred_to"]]
        return refer_case(
            db,
            actor,
            made.case_id,
            to_forum_id=target.id,
            title=made.title,
            kind=TreatmentKind(entry["kind"]),
        )
    return made


def _write_parts(db: Session, actor: Actor, treatment_id: UUID, written: list[dict[str, Any]]) -> None:
    """Fill the parts that are written and take away the ones of the template that this paper does without."""
    by_key = {part["key"]: part for part in written}
    for part in parts_of(db, presentation_of(db, treatment_id).id):
        text = by_key.get(part.key)
        if text is None:
            if written:
                remove_part(db, actor, part.id)
            continue
        save_part(
            db,
            actor,
            part.id,
            version=part.version,
            heading=text.get("heading", part.heading),
            body_markdown=text["body"],
            lead_in_markdown=text.get("lead_in", ""),
            closing_markdown=text.get("closing", ""),
            party=text.get("party", ""),
        )


def _attach(db: Session, actor: Actor, store: FileStore, treatment_id: UUID, entry: dict[str, Any]) -> None:
    line = add_attachment(db, actor, treatment_id, title=entry["title"])
    if "file" not in entry:
        return
    stored = store_upload(
        db, actor, store, stream=io.BytesIO(slides_pdf()), file_name=entry["file"], limit=1024 * 1024
    )
    put_file(db, actor, line.id, version=line.version, blob=stored.blob, file_name=stored.file_name)
