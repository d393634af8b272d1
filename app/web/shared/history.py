"""Audit events in words, for the component ``timeline``: what was done, and each change as old and new."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query

from app.audit.queries import HistoryLine
from app.directory.queries import organisation_names
from app.forums.queries import list_forums
from app.kernel.language import Language
from app.kernel.words import N_
from app.platform.clock import today
from app.platform.i18n import format_date, format_moment, translations, weekdays
from app.web.shared.visit import Visit
from app.web.shared.words import (
    ATTENDANCE_ROLES,
    CASE_KINDS,
    DEADLINES,
    EXEMPTION_COVERS,
    LANGUAGES,
    LEVELS,
    MEETING_KINDS,
    PART_KINDS,
    PERIODS,
    READINGS,
    ROLES,
    SIDES,
    SIGN_IN_METHODS,
    TAKEN_OUT,
    Words,
    word,
)

Change = tuple[str, str | None, str | None]

ONE_MORE: Final = 51
"""One act more than a page of history shows."""

# Where to go on from, as addresses say it. Neither database can compare with a number of more than 64 bits.
Before = Annotated[int | None, Query(ge=1, lt=2**63)]

# What was done; %(name)s is what the act was done to.
ACTIONS: Words = {
    "audit.erased": N_("Erased names and texts from the history"),
    "basis.added": N_("Added the legal basis %(name)s"),
    "basis.ended": N_("Ended the legal basis %(name)s"),
    "case.attachment_added": N_("Added the attachment “%(name)s”"),
    "case.attachment_edited": N_("Changed the attachment “%(name)s”"),
    "case.attachment_moved": N_("Moved the attachment “%(name)s”"),
    "case.attachment_removed": N_("Removed the attachment “%(name)s”"),
    "case.corrected": N_("Corrected the paper by an addition"),
    "case.created": N_("Made the case"),
    "case.edited": N_("Changed the case"),
    "case.exempt_read": N_("Read what is exempt from public access: %(name)s"),
    "case.exempted": N_("Exempted from public access: %(name)s"),
    "case.exemption_changed": N_("Changed the exemption of %(name)s"),
    "case.exemption_ended": N_("Ended the exemption of %(name)s"),
    "case.exported": N_("Took the paper out as a file"),
    "case.file_infected": N_("A virus was found in the file of the attachment “%(name)s”, and it is blocked"),
    "case.file_put": N_("Put a file on the attachment “%(name)s”"),
    "case.imported": N_("Read in a finished paper"),
    "case.made_ready": N_("Marked the case as ready"),
    "case.numbered": N_("Gave the case its number"),
    "case.part_added": N_("Added the part “%(name)s”"),
    "case.part_edited": N_("Changed the part “%(name)s”"),
    "case.part_moved": N_("Moved the part “%(name)s”"),
    "case.part_removed": N_("Removed the part “%(name)s”"),
    "case.postponed": N_("Postponed the case"),
    "case.referred": N_("Referred the case"),
    "case.release_withdrawn": N_("Withdrew the release"),
    "case.released": N_("Released the case"),
    "case.reopened": N_("Took the case back to draft"),
    "case.returned": N_("Returned the case"),
    "case.scheduled": N_("The case came on an agenda"),
    "case.shared": N_("Shared the case with the forum"),
    "case.started": N_("Began to write"),
    "case.taken_up_again": N_("Took the case up again"),
    "case.treated": N_("Marked the case as treated"),
    "case.unscheduled": N_("The case came off the agenda"),
    "case.withdrawn": N_("Withdrew the case"),
    "forum.changed": N_("Changed the settings of the forum"),
    "forum.created": N_("Made the forum"),
    "forum.deadlines_changed": N_("Changed the deadlines of the forum"),
    "forum.labels_changed": N_("Changed the forum's own words"),
    "forum.sections_changed": N_("Changed the parts that new papers begin with"),
    "installation.restored": N_("Put the installation back from the backup of %(name)s"),
    "mandate.added": N_("Added a mandate"),
    "mandate.changed": N_("Changed a mandate"),
    "mandate.removed": N_("Removed a mandate"),
    "meeting.attendance_added": N_("Added %(name)s to those who were at a meeting"),
    "meeting.attendance_edited": N_("Changed %(name)s among those who were at a meeting"),
    "meeting.attendance_exempted": N_("Exempted from public access that %(name)s was at a meeting"),
    "meeting.attendance_exemption_changed": N_("Changed the exemption that %(name)s was at a meeting"),
    "meeting.attendance_exemption_ended": N_("Ended the exemption that %(name)s was at a meeting"),
    "meeting.attendance_moved": N_("Moved %(name)s among those who were at a meeting"),
    "meeting.attendance_removed": N_("Removed %(name)s from those who were at a meeting"),
    "meeting.called": N_("Called the meeting of %(name)s"),
    "meeting.cancelled": N_("Called off the meeting of %(name)s"),
    "meeting.created": N_("Planned a meeting: %(name)s"),
    "meeting.edited": N_("Changed the meeting of %(name)s"),
    "meeting.exempt_read": N_("Read what is exempt from public access at the meeting of %(name)s"),
    "meeting.item_added": N_("Put a case on an agenda: %(name)s"),
    "meeting.item_moved": N_("Moved a case on an agenda: %(name)s"),
    "meeting.item_removed": N_("Took a case off an agenda: %(name)s"),
    "meeting.recalled": N_("Withdrew the call of the meeting of %(name)s"),
    "meeting.restored": N_("Planned the meeting of %(name)s again"),
    "membership.added": N_("Gave %(name)s a role"),
    "membership.changed": N_("Changed the role of %(name)s"),
    "organisation.changed": N_("Changed the organisation %(name)s"),
    "organisation.created": N_("Added the organisation %(name)s"),
    "organisation.renamed": N_("Renamed an organisation to %(name)s"),
    "organisation.template_changed": N_("Changed the Word template of %(name)s"),
    "organisation.template_discarded": N_("Discarded a Word template offered for %(name)s"),
    "organisation.template_offered": N_("Offered a Word template for %(name)s"),
    "person.changed": N_("Changed %(name)s in the directory"),
    "person.created": N_("Added %(name)s to the directory"),
    "seat.added": N_("Added a seat"),
    "seat.changed": N_("Changed a seat"),
    "session.ended": N_("%(name)s logged out"),
    "session.refused": N_("A log-in failed: %(name)s"),
    "session.revoked": N_("Logged out another device"),
    "session.started": N_("%(name)s logged in"),
    "user.changed": N_("Changed the user %(name)s"),
    "user.code_removed": N_("%(name)s stopped using codes from an app"),
    "user.code_reset": N_("Let %(name)s log in without codes from an app"),
    "user.code_set_up": N_("%(name)s set up codes from an app"),
    "user.created": N_("Added the user %(name)s"),
    "user.identity_linked": N_("Tied the account of %(name)s to single sign-on"),
    "user.identity_unlinked": N_("Untied the account of %(name)s from single sign-on"),
    "user.invitation_accepted": N_("%(name)s chose a password"),
    "user.invited": N_("Invited %(name)s"),
    "user.password_changed": N_("%(name)s changed the password"),
    "user.preferences_changed": N_("%(name)s changed language or colours"),
    "user.recovery_code_used": N_("%(name)s used a recovery code"),
}
FIELDS: Words = {
    "abbreviation": N_("Abbreviation"),
    "active_from": N_("Active from"),
    "active_to": N_("Active to"),
    "appointed_by": N_("Appointed by"),
    "basis": N_("Legal basis"),
    "body": N_("Text"),
    "cancelled_because": N_("Why it is not held"),
    "candidate_name": N_("Word template that is being looked at"),
    "cases_in": N_("Deadline for proposing cases: days, weekday, time"),
    "closing": N_("Text after"),
    "color_scheme": N_("Colours"),
    "considered_wider_access": N_("Wider access considered"),
    "covers": N_("Covers"),
    "dated": N_("Date of the paper"),
    "day": N_("Date"),
    "default_place": N_("Usual place of meetings"),
    "email": N_("E-mail address"),
    "embargo_until": N_("Embargo until"),
    "ends": N_("Ends"),
    "file_name": N_("File"),
    "file_pattern": N_("Number in file names"),
    "format": N_("Format"),
    "forum": N_("Forum"),
    "found": N_("Found"),
    "heading": N_("Heading"),
    "is_absent": N_("Absent"),
    "is_active": N_("May log in"),
    "is_administrator": N_("Administrator"),
    "kind": N_("Kind"),
    "kind_label": N_("Name of the kind"),
    "language": N_("Language"),
    "lead_in": N_("Text before"),
    "level": N_("Level"),
    "lines": N_("Lines read"),
    "link": N_("Link to take part digitally"),
    "may_advise": N_("May give advice"),
    "may_decide": N_("May decide"),
    "may_grant": N_("May give grants"),
    "may_start_stop": N_("May start and stop initiatives"),
    "method": N_("Logged in with"),
    "minutes_out": N_("Deadline for sending the minutes for comment: days, weekday, time"),
    "minutes_pattern": N_("Number in minutes"),
    "name": N_("Name"),
    "names": N_("Names erased in entries"),
    "not_understood": N_("Lines not understood"),
    "note": N_("Reason"),
    "organisation": N_("Organisation"),
    "organisation_id": N_("Organisation"),
    "paper_pattern": N_("Number in papers"),
    "papers_dated": N_("Deadline for finishing the papers: days, weekday, time"),
    "papers_released": N_("Deadline for sending out the papers: days, weekday, time"),
    "parent_id": N_("Forum above"),
    "party": N_("Addressee"),
    "place": N_("Place"),
    "position": N_("Place in the list"),
    "predecessor_id": N_("Came after"),
    "prefix": N_("Prefix"),
    "preparer": N_("Prepared by"),
    "presenters": N_("Presented by"),
    "provider": N_("Provider"),
    "public_copy": N_("Copy for the public"),
    "public_text": N_("The public sees"),
    "reason": N_("Reason"),
    "redacted_name": N_("Redacted version"),
    "registration_number": N_("Registration number"),
    "released_at": N_("Released"),
    "review_on": N_("To be looked at again"),
    "revision": N_("Revision"),
    "role": N_("Role"),
    "secretariat_id": N_("Secretariat"),
    "sections": N_("Parts"),
    "sequence": N_("Number"),
    "series_period": N_("Numbering"),
    "series_prefix": N_("Prefix of numbers"),
    "sessions_ended": N_("Log-ins that were ended"),
    "shared_at": N_("Shared"),
    "side": N_("Side"),
    "standing_in_for": N_("By deputy for"),
    "starts": N_("Starts"),
    "taken_out": N_("Taken out of the file"),
    "template_name": N_("Word template"),
    "text": N_("Text"),
    "texts": N_("Texts erased in entries"),
    "title": N_("Title"),
    "unplaced": N_("Lines not placed"),
    "valid_from": N_("From"),
    "valid_to": N_("To"),
    "wanted_result": N_("Wanted result"),
    "way": N_("Read as"),
    "year": N_("Year"),
}
HIDDEN = frozenset(
    {
        "candidate_removed",
        "candidate_sha256",
        "case",
        "party_forum_id",
        "party_organisation_id",
        "person_id",
        "preparer_organisation_id",
        "released_by",
        "seat_id",
        "sha256",
        "state",
        "template_sha256",
    }
)
"""Fields that say nothing to a reader: keys of other records, checksums, and states, which the act itself names."""

_LISTS: Mapping[str, Words] = {
    "covers": EXEMPTION_COVERS,
    "way": READINGS,
    "kind": {**CASE_KINDS, **MEETING_KINDS, **PART_KINDS},
    "language": LANGUAGES,
    "level": LEVELS,
    "method": SIGN_IN_METHODS,
    "role": {**ROLES, **ATTENDANCE_ROLES},
    "series_period": PERIODS,
    "side": SIDES,
}
_DATES = frozenset({"active_from", "active_to", "dated", "day", "review_on", "valid_from", "valid_to"})
_MOMENTS = frozenset({"embargo_until", "released_at", "shared_at"})
_TIMES = frozenset({"starts", "ends"})
_ORGANISATIONS = frozenset({"organisation_id", "predecessor_id", "secretariat_id"})


def history_page(visit: Visit, lines: Sequence[HistoryLine], before: int | None) -> dict[str, Any]:
    """What a page of history is given. ``lines`` are ``ONE_MORE`` at the most: who knows of one more can lead on to it."""
    shown = lines[: ONE_MORE - 1]
    return {
        "events": history_events(visit, shown),
        "older": shown[-1].seq if len(lines) > len(shown) else None,
        "is_newest": before is None,
    }


def history_events(visit: Visit, lines: Iterable[HistoryLine]) -> list[dict[str, Any]]:
    """The events for ``components/timeline.html``, in the order of the lines. At most two queries."""
    lines = list(lines)
    names = _names(visit, lines)
    return [
        {
            "at": line.at.isoformat(),
            "shown": format_moment(line.at),
            "who": _who(visit.language, line),
            "text": action_text(visit.language, line.action, line.subject_name),
            "changes": list(_changes(visit.language, line.changes or {}, names)),
            "is_erased": line.changes is None,
        }
        for line in lines
    ]


def _who(language: Language, line: HistoryLine) -> str | None:
    if line.actor_name is None:
        return str(translations(language).ugettext(N_("Name erased")))
    return line.actor_name or None


def action_text(language: Language, action: str, name: str | None) -> str:
    """What was done, in the reader's words. A name that is a day is written as one; None stands for an erased name."""
    say = translations(language).ugettext
    name = name or "…"
    message = ACTIONS.get(action)
    if message is None:
        return action
    with suppress(ValueError):
        name = format_date(date.fromisoformat(name))
    shown = say(message)
    return shown % {"name": name} if "%(" in shown else shown


def _changes(
    language: Language, changes: Mapping[str, list[Any]], names: Mapping[str, str]
) -> Iterator[Change]:
    say = translations(language).ugettext
    for field, (old, new) in changes.items():
        if field in HIDDEN:
            continue
        if isinstance(old or new, dict):
            yield from _words_changed(language, old or {}, new or {})
            continue
        shown = (_shown(language, field, old, names), _shown(language, field, new, names))
        if shown != (None, None):
            yield (say(FIELDS.get(field, field)), *shown)


def _words_changed(language: Language, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """Own words of a forum are told as a whole; only those that changed are shown."""
    for place in sorted({*old, *new}):
        if old.get(place) != new.get(place):
            key, _, its_language = place.partition(".")
            what = f"{word(CASE_KINDS, key, language)} ({word(LANGUAGES, its_language, language)})"
            yield what, old.get(place), new.get(place)


def _shown(language: Language, field: str, value: Any, names: Mapping[str, str]) -> str | None:
    say = translations(language).ugettext
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, bool):
        return say(N_("Yes")) if value else say(N_("No"))
    if isinstance(value, list):
        return ", ".join(str(each).partition(":")[0] for each in value)
    text = str(value)
    if field == "taken_out":
        return ", ".join(word(TAKEN_OUT, each, language) for each in text.split(", "))
    if field in _LISTS:
        return word(_LISTS[field], text, language)
    if field in _DATES:
        return format_date(date.fromisoformat(text))
    if field in _TIMES:
        return f"{time.fromisoformat(text):%H.%M}"
    if field in _MOMENTS:
        return format_moment(datetime.fromisoformat(text))
    if field in DEADLINES:
        days, *more = text.split(" · ")
        return ", ".join(
            [days, *(each if "." in each else weekdays(language)[int(each) - 1] for each in more)]
        )
    if field in _ORGANISATIONS or field == "parent_id":
        return names.get(text)
    return text


def _names(visit: Visit, lines: Iterable[HistoryLine]) -> dict[str, str]:
    """What the organisations and forums of the changes are called today, by their ids as text."""
    organisations: set[UUID] = set()
    forums: set[str] = set()
    for line in lines:
        for field, values in (line.changes or {}).items():
            told = {value for value in values if isinstance(value, str)}
            if field in _ORGANISATIONS:
                organisations.update(UUID(value) for value in told)
            elif field == "parent_id":
                forums |= told
    names = {
        str(key): name.name for key, name in organisation_names(visit.db, organisations, today()).items()
    }
    if forums:
        names |= {str(forum.id): forum.name for forum in list_forums(visit.db, visit.actor)}
    return names
