"""Reading in a finished paper: paste it or choose its file, see what was understood, confirm."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Response
from starlette.datastructures import FormData

from app.access.permissions import Permission
from app.documents.reading.word import WordPaper, word_paper
from app.documents.richtext.html import to_html
from app.forums.models import Forum
from app.forums.queries import get_forum
from app.kernel.errors import NotFound, Reason, RuleBroken
from app.kernel.lengths import LONGEST_TEXT
from app.papers.importing import import_presentation
from app.papers.understanding import ImportPreview, PreviewRow, read_paper, understand
from app.papers.word_files import claims_to_be_word, word_lines
from app.web.cases.forms import ImportForm
from app.web.cases.pages import rendered
from app.web.cases.words import IMPORT_ROWS
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled, upload
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages, refused
from app.web.shared.templating import page, redirect
from app.web.shared.uploads import FileForm, ProseFileFormBody, too_large
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import LANGUAGES, PART_KINDS, word
from app.web.writing.shown import FormDraft, drafted, find_form_draft, forget_saved
from app.writing.rules import DraftKind, forum_key

pages = Pages()

_MOST_BYTES = 4 * LONGEST_TEXT
_PARTS = {"section", "proposal", "questions", "input", "attachment"}


@pages.get("/forums/{key}/import", name="cases:import", access=Permission.CASE_EDIT)
def ask(visit: CurrentVisit, key: str) -> Response:
    """The form for the text of the paper."""
    forum = _forum(visit, key)
    return _form(visit, forum, drafted(ImportForm, _draft(visit, forum)) or filled(ImportForm))


def _read_file(visit: Visit, values: Mapping[str, Any]) -> None:
    """Read a Word file before anything else: it takes a moment."""
    upload: FileForm = values["upload"]
    file = upload.file
    if file is None or upload.form.get("text", ""):
        return
    if visit.actor.forums_with(Permission.CASE_EDIT) == frozenset():
        return  # who may read in nothing is refused afterwards, and costs us nothing
    if claims_to_be_word(file.filename or "", file.file.read(4)):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "paper.docx"
            file.file.seek(0)
            with path.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            upload.look_into(lambda: word_lines(path))
    file.file.seek(0)


@pages.post_reading(
    "/forums/{key}/import", name="cases:check_import", access=Permission.CASE_EDIT, prepared=_read_file
)
def check(visit: CurrentVisit, key: str, upload: ProseFileFormBody) -> Response:
    """Show what was understood; nothing is changed."""
    forum = _forum(visit, key)
    if upload.is_too_long:
        return _form(visit, forum, filled(ImportForm).with_errors(too_large(visit)), status=413)
    bound = bind(ImportForm, upload.form)
    try:
        found = upload.found
    except RuleBroken as broken:
        return _form(visit, forum, refused(bound, broken), status=422)
    if found is not None and not bound.errors:
        return _check_page(visit, forum, word_paper(found), lines=json.dumps(found, ensure_ascii=False))
    bound = _with_file(bound, upload.form)
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
    source: str | WordPaper = bound.value.text
    if bound.value.lines:
        try:
            source = word_paper(json.loads(bound.value.lines))
        except (ValueError, RecursionError):
            return _form(visit, forum, bound.with_errors(FieldError("file", "file.missing")), status=422)
    paper = read_paper(source, forum.language)
    try:
        treatment = import_presentation(
            visit.db, visit.actor, forum, paper, make_meeting=bool(bound.value.make_meeting)
        )
    except RuleBroken as broken:
        return _check_page(visit, forum, source, lines=bound.value.lines, reasons=broken.reasons, status=422)
    forget_saved(visit, forum_key(forum.id, DraftKind.IMPORT), form)
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
    visit: Visit,
    forum: Forum,
    source: str | WordPaper,
    *,
    lines: str = "",
    reasons: tuple[Reason, ...] = (),
    status: int = 200,
) -> Response:
    preview = understand(visit.db, visit.actor, forum, source)
    meeting = tuple(reason for reason in preview.refusals if reason.code.startswith("meeting."))
    if meeting:
        # The paper may come in without its meeting, when that is all that stands against it.
        preview = understand(visit.db, visit.actor, forum, source, make_meeting=False)
    new = [reason for reason in reasons if reason not in preview.refusals]
    makes_meeting = any(reason.code == "import.meeting_will_be_made" for reason in preview.warnings)
    content = preview.paper.content
    context = {
        "forum": forum,
        "text": source if isinstance(source, str) else "",
        "lines": lines,
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
