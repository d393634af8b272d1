"""``/forums/{key}/settings``: the forum's own words, and the parts that new papers begin with."""

import re
import unicodedata

from fastapi import Response

from app.access.permissions import Permission
from app.forums.models import Forum
from app.forums.queries import get_forum
from app.forums.rules import CASE_KIND_WORDS, SECTION_WORDS, LabelKind, PartTemplateKind
from app.forums.service.wording import SectionDraft, set_labels, set_sections
from app.kernel.errors import Conflict, RuleBroken
from app.kernel.language import Language
from app.platform.i18n import paper_word
from app.web.forums.forms import LabelsForm, SectionsForm
from app.web.forums.pages import for_change, frame
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import CASE_KINDS, LANGUAGES, PART_KINDS, choices

pages = Pages()

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


@pages.get("/forums/{key}/settings/words", name="forums:edit_words", access=Permission.FORUM_EDIT)
def edit_words(visit: CurrentVisit, key: str) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    return _words_page(visit, forum, filled(LabelsForm, version=forum.version, **_own_words(forum)))


@pages.post("/forums/{key}/settings/words", name="forums:update_words", access=Permission.FORUM_EDIT)
def update_words(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = bind(LabelsForm, form)
    if bound.errors:
        return _words_page(visit, forum, bound, status=422)
    typed = bound.value
    version = typed.version
    try:
        for language in Language:
            texts = {kind: getattr(typed, f"{kind}_{language}") for kind in CASE_KIND_WORDS}
            stored = set_labels(
                visit.db,
                visit.actor,
                forum.id,
                version=version,
                kind=LabelKind.CASE_KIND,
                language=language,
                texts=texts,
            )
            version = stored.version
    except RuleBroken as broken:
        return _words_page(visit, forum, refused(bound, broken), status=422)
    except Conflict:
        return _words_page(visit, get_forum(visit.db, visit.actor, key), bound, status=409)
    return redirect(visit, "forums:settings", key=key, flash="saved")


@pages.get("/forums/{key}/settings/parts", name="forums:edit_parts", access=Permission.FORUM_EDIT)
def edit_parts(visit: CurrentVisit, key: str) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    return _parts_page(visit, forum, _stored_parts(forum))


@pages.post("/forums/{key}/settings/parts", name="forums:update_parts", access=Permission.FORUM_EDIT)
def update_parts(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    """Save what was typed together with the move that was asked for, so that no button loses a heading."""
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = bind(SectionsForm, form)
    if bound.errors:
        return _parts_page(visit, forum, bound, status=422)
    drafts = _drafts(bound.value, forum.language)
    if drafts is None:
        return _parts_page(visit, forum, bound.with_errors(FieldError("new_heading", "missing")), status=422)
    try:
        set_sections(visit.db, visit.actor, forum.id, version=bound.value.version, sections=drafts)
    except RuleBroken as broken:
        return _parts_page(visit, forum, refused(bound, broken), status=422)
    except Conflict:
        return _parts_page(visit, get_forum(visit.db, visit.actor, key), bound, status=409)
    return redirect(visit, "forums:edit_parts", key=key, flash="saved")


def _own_words(forum: Forum) -> dict[str, str]:
    return {
        f"{label.key}_{label.language}": label.text
        for label in forum.labels
        if label.kind is LabelKind.CASE_KIND and label.key in CASE_KIND_WORDS
    }


def _stored_parts(forum: Forum) -> Bound[SectionsForm]:
    headings = {
        (label.key, label.language): label.text for label in forum.labels if label.kind is LabelKind.SECTION
    }
    keys = [section.key for section in forum.sections]
    columns = {
        f"heading_{language}": [headings.get((key, language), "") for key in keys] for language in Language
    }
    kinds = [section.kind.value for section in forum.sections]
    return filled(SectionsForm, version=forum.version, key=keys, kind=kinds, **columns)


def _drafts(typed: SectionsForm, language: Language) -> list[SectionDraft] | None:
    """The sections that the form asks for; None when a new one is asked for without a heading.

    :raise RuleBroken: when the lists of the form are not of one length, as no browser would send them.
    """
    columns = {each: getattr(typed, f"heading_{each}") for each in Language}
    if {len(typed.kind), *map(len, columns.values())} != {len(typed.key)}:
        raise RuleBroken("extra_forbidden")
    drafts = [
        SectionDraft(key, kind, {each: column[place] for each, column in columns.items()})
        for place, (key, kind) in enumerate(zip(typed.key, typed.kind, strict=True))
    ]
    act, _, place_typed = typed.act.partition("-")
    place = int(place_typed) if place_typed.isascii() and place_typed.isdecimal() else -1
    if 0 <= place < len(drafts):
        if act == "remove":
            del drafts[place]
        other = {"up": place - 1, "down": place + 1}.get(act, -1)
        if 0 <= other < len(drafts):
            drafts[place], drafts[other] = drafts[other], drafts[place]
    if typed.new_heading:
        key = _new_key(typed.new_heading, {draft.key for draft in drafts})
        kind = typed.new_kind or PartTemplateKind.SECTION
        drafts.append(SectionDraft(key, kind, {language: typed.new_heading}))
    elif act == "add":
        return None
    return drafts


def _new_key(heading: str, taken: set[str]) -> str:
    """A key that says what the section is about, and that no other section of the forum has."""
    plain = unicodedata.normalize("NFKD", heading.casefold().translate(_LETTERS))
    stem = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:30] or "part"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _words_page(visit: Visit, forum: Forum, bound: Bound[LabelsForm], status: int = 200) -> Response:
    context = {
        **frame(forum),
        "bound": bound,
        "kinds": choices(CASE_KINDS, visit.language),
        "languages": _forum_language_first(visit, forum),
        "usual": {
            (kind, language.value): paper_word(language, message)
            for kind, message in CASE_KIND_WORDS.items()
            for language in Language
        },
        "is_conflict": status == 409,
        "stored": _own_words(forum),
    }
    return page(visit, "forums/words.html", context, status=status)


def _parts_page(visit: Visit, forum: Forum, bound: Bound[SectionsForm], status: int = 200) -> Response:
    typed = {name: bound.raw_list(name) for name in SectionsForm.model_fields}
    count = min(len(typed["key"]), len(typed["kind"]))
    usual = {key: paper_word(forum.language, message) for key, message in SECTION_WORDS.items()}
    stored = _stored_parts(forum)
    context = {
        **frame(forum),
        "bound": bound,
        "rows": [
            {
                "key": typed["key"][place],
                "kind": typed["kind"][place],
                "usual": usual.get(typed["key"][place], ""),
                "headings": {
                    language.value: (typed[f"heading_{language}"][place : place + 1] or [""])[0]
                    for language in Language
                },
            }
            for place in range(count)
        ],
        "kinds": choices(PART_KINDS, visit.language),
        "languages": _forum_language_first(visit, forum),
        "is_conflict": status == 409,
        "stored": [
            heading or usual.get(key, key)
            for key, heading in zip(
                stored.raw_list("key"), stored.raw_list(f"heading_{forum.language}"), strict=True
            )
        ],
    }
    return page(visit, "forums/parts.html", context, status=status)


def _forum_language_first(visit: Visit, forum: Forum) -> list[tuple[str, str]]:
    return sorted(choices(LANGUAGES, visit.language), key=lambda choice: choice[0] != forum.language)
