"""Reading in a finished paper: paste it, see what was understood, confirm."""

from fastapi import Response
from starlette.datastructures import FormData

from app.access.permissions import Permission
from app.documents.reading.reader import read_case_presentation
from app.documents.richtext.html import to_html
from app.forums.models import Forum
from app.forums.queries import get_forum
from app.kernel.errors import NotFound, Reason, RuleBroken
from app.papers.importing import import_presentation
from app.papers.understanding import ImportPreview, PreviewRow, understand
from app.web.cases.forms import ImportForm
from app.web.cases.pages import rendered
from app.web.cases.words import IMPORT_ROWS
from app.web.shared.forms import PROSE_LIMIT, Bound, FieldError, FormBody, bind, filled, upload
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import LANGUAGES, PART_KINDS, word
from app.web.writing.shown import FormDraft, drafted, find_form_draft
from app.writing.rules import DraftKind, forum_key
from app.writing.service import drop_draft

pages = Pages()

_MOST_BYTES = 4 * PROSE_LIMIT
_PARTS = {"section", "proposal", "questions", "input", "attachment"}


@pages.get("/forums/{key}/import", name="cases:import", access=Permission.CASE_EDIT)
def ask(visit: CurrentVisit, key: str) -> Response:
    """The form for the text of the paper."""
    forum = _forum(visit, key)
    return _form(visit, forum, drafted(ImportForm, _draft(visit, forum)) or filled(ImportForm))


@pages.post_reading("/forums/{key}/import", name="cases:check_import", access=Permission.CASE_EDIT)
def check(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    """Show what was understood; nothing is changed."""
    forum = _forum(visit, key)
    bound = _with_file(bind(ImportForm, form), form)
    if bound.errors:
        return _form(visit, forum, bound, status=422)
    return _check_page(visit, forum, bound.value.text)


@pages.post("/forums/{key}/import/confirm", name="cases:confirm_import", access=Permission.CASE_EDIT)
def confirm(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    """Make the case from the text that was shown."""
    forum = _forum(visit, key)
    bound = bind(ImportForm, form)
    if bound.errors:
        return _form(visit, forum, bound, status=422)
    text = bound.value.text
    paper = read_case_presentation(text, default_language=forum.language)
    try:
        treatment = import_presentation(
            visit.db, visit.actor, forum, paper, make_meeting=bool(bound.value.make_meeting)
        )
    except RuleBroken as broken:
        return _check_page(visit, forum, text, reasons=broken.reasons, status=422)
    drop_draft(visit.db, visit.actor, forum_key(forum.id, DraftKind.IMPORT))
    return redirect(visit, "cases:show", case_id=treatment.case_id, treatment=treatment.id, flash="imported")


def _forum(visit: Visit, key: str) -> Forum:
    forum = get_forum(visit.db, visit.actor, key)
    if not visit.actor.may(Permission.CASE_EDIT, forum.id):
        raise NotFound
    return forum


def _draft(visit: Visit, forum: Forum) -> FormDraft:
    return find_form_draft(visit, forum_key(forum.id, DraftKind.IMPORT))


def _with_file(bound: Bound[ImportForm], form: FormData) -> Bound[ImportForm]:
    """The form with the text of the chosen file, when nothing was pasted."""
    if bound.errors or bound.value.text.strip():
        return bound
    file = upload(form, "file")
    if file is None:
        return bound.with_errors(FieldError("text", "import.empty"))
    text = _decoded(file.file.read(_MOST_BYTES + 1))
    if text is None:
        return bound.with_errors(FieldError("file", "import.not_text"))
    again = bind(ImportForm, FormData({"text": text}))
    return (
        again
        if again.errors or again.value.text.strip()
        else again.with_errors(FieldError("text", "import.empty"))
    )


def _decoded(data: bytes) -> str | None:
    """Text of the usual encodings; None for what is no text."""
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def _check_page(
    visit: Visit, forum: Forum, text: str, *, reasons: tuple[Reason, ...] = (), status: int = 200
) -> Response:
    preview = understand(visit.db, visit.actor, forum, text)
    meeting = tuple(reason for reason in preview.refusals if reason.code.startswith("meeting."))
    if meeting:
        # The paper may come in without its meeting, when that is all that stands against it.
        preview = understand(visit.db, visit.actor, forum, text, make_meeting=False)
    new = [reason for reason in reasons if reason not in preview.refusals]
    makes_meeting = any(reason.code == "import.meeting_will_be_made" for reason in preview.warnings)
    content = preview.paper.content
    context = {
        "forum": forum,
        "text": text,
        "draft": _draft(visit, forum),
        "content": content,
        "facts": [_fact(visit, row) for row in preview.rows if row.field not in _PARTS],
        "parts": [
            (
                part,
                word(PART_KINDS, part.kind, visit.language),
                rendered(to_html((*part.lead_in, *part.body, *part.closing), part.key, content.language)),
            )
            for part in content.parts
        ],
        "not_understood": preview.not_understood,
        "warnings": reason_messages(visit.language, (*meeting, *_warnings(preview))),
        "refusals": reason_messages(visit.language, (*new, *preview.refusals)),
        "makes_meeting": makes_meeting,
    }
    return page(visit, "cases/import_check.html", context, status=status)


def _warnings(preview: ImportPreview) -> list[Reason]:
    """What to know beforehand, but for what the page shows in a place of its own."""
    own_place = {"import.meeting_will_be_made", "import.lines_not_understood"}
    return [reason for reason in preview.warnings if reason.code not in own_place]


def _fact(visit: Visit, row: PreviewRow) -> tuple[str, str]:
    value = word(LANGUAGES, row.value, visit.language) if row.field == "language" else row.value
    return word(IMPORT_ROWS, row.field, visit.language), value


def _form(visit: Visit, forum: Forum, bound: Bound[ImportForm], *, status: int = 200) -> Response:
    context = {"forum": forum, "bound": bound, "draft": _draft(visit, forum)}
    return page(visit, "cases/import.html", context, status=status)
