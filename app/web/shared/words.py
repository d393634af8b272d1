"""The values of lists in words: levels, roles, sides, languages, kinds. Keyed as they are stored."""

from collections.abc import Mapping

from app.kernel.language import Language
from app.kernel.words import N_
from app.platform.i18n import translations

Words = Mapping[str, str]

LEVELS: Words = {
    "political": N_("Political"),
    "strategic": N_("Strategic"),
    "administrative": N_("Administrative"),
    "technical": N_("Technical"),
}
LANGUAGES: Words = {
    "nb": N_("Norwegian Bokmål"),
    "nn": N_("Norwegian Nynorsk"),
    "da": N_("Danish"),
    "en": N_("English"),
}
SIGN_IN_METHODS: Words = {
    "password": N_("Password"),
    "password_and_code": N_("Password and code"),
    "provider": N_("Single sign-on"),
}
SIDES: Words = {
    "state": N_("Central government"),  # “State” is what a case has
    "municipal": N_("Municipal"),
    "region": N_("Region"),
    "other": N_("Other"),
}
ROLES: Words = {
    "leader": N_("Leader"),
    "member": N_("Member"),
    "deputy": N_("Deputy"),
    "second": N_("Second"),
    "observer": N_("Observer"),
    "secretary": N_("Secretary"),
    "minute_taker": N_("Minute-taker"),
}
PERIODS: Words = {
    "year": N_("Begin at 1 every year"),
    "never": N_("Never begin again"),
}
MEETING_KINDS: Words = {
    "ordinary": N_("Ordinary meeting"),
    "seminar": N_("Seminar day"),
    "circulation": N_("Written treatment"),
}
MEETING_STATES: Words = {
    "planned": N_("Planned"),
    "called": N_("Called"),
}
"""The way of a meeting that is held; one that is called off stands beside it."""
DEADLINES: Words = {
    "cases_in": N_("Deadline for proposing cases"),
    "papers_dated": N_("Deadline for finishing the papers"),
    "papers_released": N_("Deadline for sending out the papers"),
    "minutes_out": N_("Deadline for sending the minutes for comment"),
}
ATTENDANCE_ROLES: Words = {
    "member": N_("Member"),
    "deputy": N_("Deputy"),
    "second": N_("Second"),
    "observer": N_("Observer"),
    "secretariat": N_("Secretariat"),
    "guest": N_("Guest"),
}
CASE_KINDS: Words = {
    "decide": N_("Case for decision"),
    "discuss": N_("Case for discussion"),
    "inform": N_("Case for information"),
}
PART_KINDS: Words = {
    "section": N_("Running text"),
    "proposal": N_("Proposed decision"),
    "questions": N_("Questions for discussion"),
    "input": N_("Input from another forum"),
}
EXEMPTION_COVERS: Words = {
    "title": N_("The title"),
    "document": N_("The whole paper"),
    "part": N_("A part"),
    "attachment": N_("An attachment"),
    "attendance": N_("That somebody was at a meeting"),
}
READINGS: Words = {
    "page": N_("Page"),
    "editor": N_("Editor"),
    "file": N_("File"),
    "attachment": N_("Attachment"),
    "history": N_("History"),
}
TAKEN_OUT: Words = {
    "template": N_("a template that is fetched from elsewhere"),
    "field": N_("fields that fetch text or pictures from elsewhere"),
    "link": N_("links to files and programs"),
    "linked": N_("pictures and other content that is fetched from elsewhere"),
    "workbook": N_("the way to other workbooks"),
    "data": N_("data that is fetched when the file is opened"),
    "action": N_("buttons that start programs"),
    "add_in": N_("add-ins"),
}
FILE_PLACES: Words = {
    "text": N_("the text"),
    "header": N_("header or footer"),
    "footnotes": N_("the footnotes"),
    "comments": N_("the comments"),
    "properties": N_("the properties of the file"),
    "page": N_("page %(name)s"),
    "slide": N_("slide %(name)s"),
    "notes": N_("the notes to slide %(name)s"),
    "sheet": N_("the sheet %(name)s"),
    "part": N_("the part %(name)s"),
}
"""Where words stand in a file, by ``PlacedText.kind``; ``name`` is that of the text."""


def word(words: Words, value: str, language: Language) -> str:
    """A stored value in the reader's language; a value that the list does not know stands as it is."""
    message = words.get(value)
    return translations(language).ugettext(message) if message else value


def choices(words: Words, language: Language) -> list[tuple[str, str]]:
    """Every value with its word, as the fields of forms want their options."""
    return [(value, word(words, value, language)) for value in words]
