"""The editor page: its forms filled with what is stored, one of them perhaps as it was typed and refused."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Response

from app.cases.queries.editing import EditView, PartSource
from app.cases.queries.show import CasePage
from app.cases.service.readings import Reading
from app.files.rules import MEDIA_TYPES
from app.forums.queries import labels_of, list_forums
from app.web.cases.forms import AttachmentForm, HeadForm, NewPartForm, PartForm
from app.web.cases.lookups import Directory
from app.web.cases.pages import note_reading
from app.web.cases.words import file_size
from app.web.shared.forms import Bound, filled
from app.web.shared.templating import ShownForm, page
from app.web.shared.visit import Visit
from app.web.shared.words import LANGUAGES, PART_KINDS, choices

ACCEPT = ",".join(f".{extension}" for extension in MEDIA_TYPES)
"""What the file dialogue offers."""


def editor_page(
    visit: Visit,
    view: EditView,
    *,
    head: Bound[HeadForm] | None = None,
    parts: dict[UUID, Bound[PartForm]] | None = None,
    new_part: Bound[NewPartForm] | None = None,
    attachment: Bound[AttachmentForm] | None = None,
    status: int = 200,
) -> Response:
    """The editor. A form that is given stands in the place of the stored one."""
    case = view.page
    treatment = case.treatment
    note_reading(visit, case, Reading.EDITOR)
    labels = labels_of(visit.db, treatment.forum_id, treatment.language)
    kinds = dict(labels.case_kind)
    if treatment.own_kind_label:
        kinds[treatment.kind.value] = treatment.own_kind_label
    refused = parts or {}
    shown: list[tuple[PartSource, ShownForm]] = [
        (part, ShownForm(refused.get(part.id) or part_form(part), visit.language)) for part in view.parts
    ]
    context: dict[str, Any] = {
        "case": case,
        "treatment": treatment,
        "head": head or head_form(case),
        "parts": shown,
        "new_part": new_part or filled(NewPartForm),
        "attachment": attachment or filled(AttachmentForm),
        "kinds": list(kinds.items()),
        "languages": choices(LANGUAGES, visit.language),
        "part_kinds": choices(PART_KINDS, visit.language),
        "directory": Directory.load(visit),
        "forums": list_forums(visit.db, visit.actor),
        "file_size": partial(file_size, language=visit.language),
        "accept": ACCEPT,
        "max_upload_mb": visit.settings.max_upload_mb,
    }
    return page(visit, "cases/edit.html", context, status=status)


def head_form(case: CasePage) -> Bound[HeadForm]:
    """The head as it is stored."""
    treatment = case.treatment
    return filled(
        HeadForm,
        version=treatment.version,
        title=treatment.title,
        kind=treatment.kind,
        wanted_result=treatment.wanted_result,
        presenters=[presenter.text for presenter in case.presenters],
        preparer=treatment.preparer,
        language=treatment.language,
        place=treatment.place,
        dated=treatment.dated,
    )


def part_form(part: PartSource) -> Bound[PartForm]:
    """A part as it is stored."""
    return filled(
        PartForm,
        version=part.version,
        heading=part.heading,
        party=part.party,
        lead_in=part.lead_in,
        body=part.body,
        closing=part.closing,
    )
