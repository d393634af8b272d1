"""Keeping drafts while people write, and telling them who else writes."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import JSONResponse

from app.access.permissions import Permission
from app.cases.queries.find import readable_case_of
from app.forums.queries import forum_by_id
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.kernel.words import N_
from app.platform.clock import utc_now
from app.platform.i18n import LOCAL_ZONE
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import message_of, reason_messages
from app.web.shared.templating import redirect, say
from app.web.shared.visit import SIGNED_IN, CurrentVisit, Visit
from app.web.writing.forms import DiscardForm, KeepForm, PresenceForm
from app.web.writing.shown import presence_words
from app.writing.queries import others_at_work, require_writable
from app.writing.rules import DraftKey, DraftKind, head_key, parse_key
from app.writing.service import drop_draft, keep_draft, note_presence

pages = Pages()


@pages.post("/drafts", name="writing:keep", access=SIGNED_IN)
def keep(visit: CurrentVisit, form: FormBody) -> Response:
    """Keep what somebody types, for themselves alone. Answers what the page is to say, and the draft's revision."""
    bound = bind(KeepForm, form)
    key = parse_key(bound.raw("key"))
    if bound.errors or key is None:
        return _said(message_of(visit.language, "draft.malformed", {}), status=422)
    wanted = bound.value
    if wanted.user != visit.actor.user_id:
        # Somebody else has logged in in this browser since: the text is theirs who typed it, and stays in the page.
        return _said(message_of(visit.language, "draft.other_person", {}), status=409)
    try:
        draft = keep_draft(
            visit.db,
            visit.actor,
            key,
            fields=wanted.by_name(),
            base_version=wanted.version,
            revision=wanted.revision,
            unanswered=wanted.unanswered_by_name(),
        )
    except RuleBroken as broken:
        return _said(" ".join(reason_messages(visit.language, broken.reasons)), status=422)
    except Conflict:
        return _said(message_of(visit.language, "draft.other_window", {}), status=409)
    at = f"{utc_now().astimezone(LOCAL_ZONE):%H:%M}"
    return _said(
        say(visit)(N_("Draft kept %(at)s. Only you can see it.")) % {"at": at}, revision=draft.revision
    )


@pages.post("/drafts/discard", name="writing:discard", access=SIGNED_IN)
def discard(visit: CurrentVisit, form: FormBody) -> Response:
    """Forget one's own draft and go back to the form."""
    bound = bind(DiscardForm, form)
    key = None if bound.errors else parse_key(bound.value.key)
    if key is None:
        raise NotFound
    drop_draft(visit.db, visit.actor, key)
    return _back(visit, key)


@pages.get("/treatments/{treatment_id}/presence", name="writing:presence", access=Permission.CASE_EDIT)
def presence(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Who else writes in the paper just now, in sentences by section."""
    require_writable(visit.db, visit.actor, head_key(treatment_id))
    return _presence(visit, treatment_id)


@pages.post("/treatments/{treatment_id}/presence", name="writing:presence", access=Permission.CASE_EDIT)
def be_present(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Say where one writes; answered like the question."""
    bound = bind(PresenceForm, form)
    if bound.errors:
        return _said(message_of(visit.language, "draft.malformed", {}), status=422)
    part = bound.value.part
    note_presence(visit.db, visit.actor, treatment_id, part if isinstance(part, UUID) else None)
    return _presence(visit, treatment_id)


def _presence(visit: Visit, treatment_id: UUID) -> Response:
    return JSONResponse(presence_words(visit, others_at_work(visit.db, visit.actor, treatment_id)))


def _said(said: str, *, revision: int = 0, status: int = 200) -> Response:
    return JSONResponse({"said": said, "revision": revision}, status_code=status)


def _back(visit: Visit, key: DraftKey) -> Response:
    flash = "draft_discarded"
    if key.forum_id is not None:
        forum = forum_by_id(visit.db, visit.actor, key.forum_id).key
        if key.kind is DraftKind.IMPORT:
            return redirect(visit, "cases:import", key=forum, flash=flash)
        return redirect(visit, "cases:new", forum=forum, flash=flash)
    pages_of_their_own = {
        DraftKind.REFER: "cases:ask_refer",
        DraftKind.CORRECTION: "cases:new_correction",
    }
    if key.kind in pages_of_their_own:
        return redirect(visit, pages_of_their_own[key.kind], treatment_id=key.treatment_id, flash=flash)
    case_id = readable_case_of(visit.db, visit.actor, key.treatment_id) if key.treatment_id else None
    if case_id is None:  # gone, or not theirs any more: the two are told alike
        return redirect(visit, "home", flash=flash)
    anchor = f"part-{key.part_id}" if key.part_id else "head"
    values = {"case_id": case_id, "treatment": key.treatment_id}
    return redirect(visit, "cases:edit", **values, flash=flash, anchor=anchor)
