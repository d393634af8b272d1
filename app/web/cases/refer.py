"""Bringing a case to another forum."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import edit_view
from app.cases.queries.show import CasePage
from app.cases.service.refer import refer_case
from app.forums.queries import list_forums
from app.kernel.errors import RuleBroken
from app.web.cases.forms import ReferForm
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import CASE_KINDS, choices
from app.web.writing.shown import FormDraft, drafted, find_form_draft, forget_saved
from app.writing.rules import refer_key

pages = Pages()


@pages.get("/treatments/{treatment_id}/refer", name="cases:ask_refer", access=Permission.CASE_EDIT)
def ask(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Which forum, and what it is asked."""
    case = edit_view(visit.db, visit.actor, treatment_id).page
    # The other forum has readers of its own: what is exempt goes there only when somebody writes it.
    title, kind = case.treatment.public_title, case.treatment.kind
    draft = find_form_draft(visit, refer_key(treatment_id))
    form = drafted(ReferForm, draft) or filled(ReferForm, forum_id="", title=title, kind=kind)
    return _form(visit, case, form, draft=draft)


@pages.post("/treatments/{treatment_id}/refer", name="cases:refer", access=Permission.CASE_EDIT)
def refer(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Ask the forum. Who may not read its drafts stays at the treatment that they came from."""
    case = edit_view(visit.db, visit.actor, treatment_id).page
    bound = bind(ReferForm, form)
    if bound.errors:
        return _form(visit, case, bound, status=422)
    wanted = bound.value
    try:
        made = refer_case(
            visit.db,
            visit.actor,
            case.case_id,
            to_forum_id=wanted.forum_id,
            title=wanted.title,
            kind=wanted.kind,
        )
    except RuleBroken as broken:
        return _form(visit, case, refused(bound, broken), status=422)
    forget_saved(visit, refer_key(treatment_id), form)
    sees_it = visit.actor.may(Permission.CASE_READ_DRAFT, made.forum_id)
    shown = made.id if sees_it else treatment_id
    return redirect(visit, "cases:show", case_id=case.case_id, treatment=shown, flash="referred")


def _form(
    visit: Visit,
    case: CasePage,
    bound: Bound[ReferForm],
    *,
    draft: FormDraft | None = None,
    status: int = 200,
) -> Response:
    context = {
        "draft": draft or find_form_draft(visit, refer_key(case.treatment.id)),
        "case": case,
        "treatment": case.treatment,
        "bound": bound,
        "forums": [(each.id, each.name) for each in list_forums(visit.db, visit.actor)],
        "kinds": choices(CASE_KINDS, visit.language),
    }
    return page(visit, "cases/refer.html", context, status=status)
