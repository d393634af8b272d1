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
from app.web.writing.shown import FormDraft, drafted, form_draft, orphans, presence_words
from app.writing.queries import others_at_work, own_drafts
from app.writing.rules import head_key, part_key

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
    """The editor. A form that is given stands in the place of the writer's draft, and that in the place of the stored one."""
    case = view.page
    treatment = case.treatment
    note_reading(visit, case, Reading.EDITOR)
    labels = labels_of(visit.db, treatment.forum_id, treatment.language)
    kinds = dict(labels.case_kind)
    if treatment.own_kind_label:
        kinds[treatment.kind.value] = treatment.own_kind_label
    refused = parts or {}
    drafts = own_drafts(visit.db, visit.actor, f"treatment/{treatment.id}/")
    shown: list[tuple[PartSource, ShownForm, FormDraft]] = []
    for part in view.parts:
        draft = form_draft(drafts, part_key(treatment.id, part.id), part.version)
        bound = refused.get(part.id) or drafted(PartForm, draft) or part_form(part)
        shown.append((part, ShownForm(bound, visit.language), draft))
    head_draft = form_draft(drafts, head_key(treatment.id), treatment.version)
    context: dict[str, Any] = {
        "case": case,
        "treatment": treatment,
        "head": head or drafted(HeadForm, head_draft) or head_form(case),
        "head_draft": head_draft,
        "parts": shown,
        "orphans": orphans(drafts, {draft.key for _, _, draft in shown}, treatment.id),
        "at_work": presence_words(visit, others_at_work(visit.db, visit.actor, treatment.id)),
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
