"""Reasons in words. A code comes from a rule, a service or a form; the words are the interface's matter.

Every message says what is wrong and what to do. Values are filled in as ``%(name)s``.
"""

from collections.abc import Mapping
from typing import Any

from app.kernel.errors import Reason, RuleBroken
from app.kernel.language import Language
from app.kernel.words import N_
from app.platform.i18n import translations
from app.web.shared.forms import AnyForm, Bound, FieldError
from app.web.shared.words import FILE_PLACES, word

MESSAGES: Mapping[str, str] = {
    # the record
    "erase.no_reason": N_("Say why with --reason."),
    "erase.names_it": N_("The reason names what is to be erased. Write it without the name."),
    "erase.of_erasing": N_("What was erased, and why, stays in the record."),
    "erase.done": N_("There is nothing left to erase in this entry."),
    # forms
    "missing": N_("Fill in this field."),
    "string_too_short": N_("Fill in this field."),
    "string_too_long": N_("This is too long. Use at most %(max_length)s characters."),
    # The same two, as they are called when a text is cleaned before it is measured.
    "too_short": N_("Fill in this field."),
    "too_long": N_("This is too long. Use at most %(max_length)s characters."),
    "not_a_date": N_("Write the date as day.month.year, such as 13.6.2019."),
    "not_a_time": N_("Write the time as hours and minutes, such as 09:00."),
    "date_type": N_("Fill in the date."),
    "int_parsing": N_("Write a whole number."),
    "int_type": N_("Write a whole number."),
    "greater_than_equal": N_("The number is too low. The lowest is %(ge)s."),
    "less_than_equal": N_("The number is too high. The highest is %(le)s."),
    "enum": N_("Choose one from the list."),
    "uuid_parsing": N_("Choose one from the list."),
    "literal_error": N_("Choose one from the list."),
    "bool_parsing": N_("Choose one from the list."),
    "extra_forbidden": N_("The form holds something we did not ask for. Load the page again."),
    # accounts
    "code.already": N_("Your account has codes already. Load the page again."),
    "code.begin_again": N_("This took too long, or the account was changed. Log in again."),
    "code.no_password": N_("Your account has no password, so it needs no codes."),
    "code.offer_too_old": N_(
        "The page was open for too long. Scan the new picture, and type the code for it."
    ),
    "code.wrong": N_("The code is wrong or has been used. Wait for a new one in the app, and type that."),
    "code.wrong_at_set_up": N_(
        "The code is wrong. Check the clock of your phone, and type the code that the app shows now."
    ),
    "identity.last_way_in": N_(
        "You could not log in any more without it. Choose a password first, with an invitation link."
    ),
    "identity.offer_too_old": N_("The page was open for too long. Begin again."),
    "identity.taken": N_("This single sign-on opens an account already. Nothing was changed."),
    "identity.unknown": N_("Samstyr does not know this single sign-on."),
    "invitation.not_valid": N_("This link cannot be used any more. Ask for a new one."),
    "password.common": N_(
        "This password is easily guessed. Choose a longer one, or words that do not belong together."
    ),
    "password.contains_identity": N_(
        "The password holds your name or e-mail address. Choose one without them."
    ),
    "password.not_same": N_("The two passwords are not the same. Type them again."),
    "password.too_long": N_("The password is too long. Use at most %(longest)s characters."),
    "password.too_short": N_("The password is too short. Use at least %(shortest)s characters."),
    "password.wrong": N_("This is not your password. Type the one that you logged in with."),
    "sign_in.blocked": N_("There have been too many tries. Wait 15 minutes, and try again."),
    "sign_in.wrong": N_("The e-mail address or the password is wrong. Try again."),
    "user.color_scheme_unknown": N_("Choose one from the list."),
    "user.email_invalid": N_("Write an e-mail address, such as kari@example.no."),
    "user.email_taken": N_("There is a user with this e-mail address already."),
    "user.last_administrator": N_("Nobody else is administrator. Make somebody else administrator first."),
    "user.name_missing": N_("Fill in the name."),
    "user.not_active": N_("This user is stopped. Let the user log in again first."),
    "user.person_unknown": N_("Choose one from the list."),
    # cases
    "attachment.no_title": N_("Write what the attachment is called, or choose a file."),
    "number.not_a_number": N_("Write the number as it stands in the paper, such as 13/2019."),
    "number.out_of_range": N_("Write a number from 1 up, and a year from 1900 to 2099."),
    "organisation.unknown": N_("This organisation is not in the directory any more. Write the name again."),
    "part.no_heading": N_("Give the part a heading."),
    "part.only_body": N_(
        "A running text has nothing but its text. Move what stands before and after it into it."
    ),
    "presenter.unknown_person": N_("This person is not in the directory any more. Write the name again."),
    "text.too_long": N_("This is too long. Use at most %(most)s characters."),
    "treatment.by_agenda": N_("This happens by itself when the case is put on an agenda or taken off it."),
    "correction.not_treated": N_(
        "Only a paper that the forum has treated is corrected by an addition. Edit this one instead."
    ),
    "correction.no_text": N_("Write what is corrected, and how it should read."),
    "correction.no_reason": N_("Write why the paper is corrected."),
    "correction.overtaken": N_(
        "Somebody else added a correction meanwhile. It is shown below, and your text is kept. Read both and save again."
    ),
    "treatment.closed": N_("The case has been treated or withdrawn, so its paper stands as it is."),
    "treatment.forum_not_active": N_("The forum does not meet on that day. Choose a day when it is active."),
    "treatment.no_presenter": N_("Nobody is named to present the case. Edit the case and name somebody."),
    "treatment.no_proposal": N_(
        "A case for decision needs a proposed decision. Edit the case and write one."
    ),
    "treatment.no_title": N_("Give the case a title."),
    "treatment.number_final": N_("Others have seen the number that the case has, so it stays."),
    "treatment.number_taken": N_("Another case of the forum has this number. Choose another one."),
    "workflow.unknown_step": N_("There is no such step. Load the page again."),
    "workflow.wrong_state": N_("The case has moved on since you loaded the page. Look at it again."),
    # exemption and release
    "basis.days": N_("The last day is before the first one."),
    "basis.incomplete": N_("Fill in this field."),
    "exemption.no_basis": N_("Choose a legal basis that is in force today."),
    "exemption.no_public_text": N_("Write what the public is to see instead."),
    "exemption.nothing_to_consider": N_(
        "This provision forbids giving access, so there is no wider access to consider. Take the tick away."
    ),
    "exemption.only_information": N_(
        "This provision covers information and not the whole document. Exempt only the parts that hold it, add a redacted "
        "version, or confirm that the whole paper must be withheld."
    ),
    "exemption.redacted_same": N_(
        "This is the very file that is exempt. Choose one with everything exempt taken out."
    ),
    "exemption.same_text": N_("This tells what is to be exempt. Write other words."),
    "exemption.wider_access": N_(
        "The law lets you withhold this but does not oblige you to. Consider whether access can be given all the same, and tick "
        "that you have."
    ),
    "national_id.attachment": N_(
        "The attachment “%(place)s” has a national identity number in its name (%(number)s). Take it out."
    ),
    "national_id.facts": N_(
        "The facts of the paper hold a national identity number (%(number)s). Take it out."
    ),
    "national_id.file": N_(
        "The file of the attachment “%(place)s” holds a national identity number (%(number)s) in %(within)s. "
        "Replace the file, or exempt the attachment."
    ),
    "national_id.file_unread": N_(
        "The file of the attachment “%(place)s” could not be looked through for national identity numbers; it may be "
        "protected by a password. Replace the file, or exempt the attachment."
    ),
    "national_id.correction": N_(
        "The correction holds a national identity number (%(number)s). Take it out."
    ),
    "national_id.part": N_(
        "The part “%(place)s” holds a national identity number (%(number)s). Take it out, or exempt the part."
    ),
    "national_id.presenters": N_(
        "One of those who present the case has a national identity number in the name (%(number)s). Take it out."
    ),
    "national_id.title": N_("The public title holds a national identity number (%(number)s). Take it out."),
    "release.already": N_("The case is released already."),
    "release.basis_ended": N_(
        "Something is exempt by %(basis)s, which is no longer in force. Decide that exemption again first."
    ),
    "release.embargo_no_day": N_("Say on which day the embargo ends, or leave the time open as well."),
    "release.embargo_past": N_("Choose a moment that has not passed, or leave it open to release at once."),
    "release.file_unseen": N_(
        "The case is released, and this file could not be looked through. Withdraw the release first."
    ),
    "release.not_released": N_("The case is not released. Somebody else may have withdrawn it."),
    "release.not_shared": N_("Share the case with the forum first. A private draft cannot be released."),
    # files
    "file.awaits_scan": N_(
        "The file waits to be checked for viruses. It is kept, and can be downloaded once that is done."
    ),
    "file.blocked": N_(
        "A virus was found in the file, so it is given to nobody. Put another file in its place."
    ),
    "file.bomb": N_(
        "The file unpacks to far more than a document needs. Make it smaller, or save it again, and try once more."
    ),
    "file.broken": N_(
        "The file cannot be read. Open it on your own machine, save it again and try once more."
    ),
    "file.dde": N_(
        "The file holds a field or formula that starts another program. Take it out, and try again."
    ),
    "file.disguised": N_(
        "The file holds data that is no part of the document. Open it on your own machine, save it again and try once more."
    ),
    "file.dtd": N_(
        "The file declares entities of its own, which can do harm. Open it on your own machine, save it again and try once more."
    ),
    "file.embedded": N_(
        "The file carries an object or a file of another program. Take it out, or put a picture in its place."
    ),
    "file.empty": N_("The file is empty. Choose another one."),
    "file.encrypted": N_(
        "The file is protected by a password, or is in the format of an old Office. "
        "Save it without a password, in today's format, and try again."
    ),
    "file.fetches": N_(
        "The file is put together from other files or pages when it is opened. Put their text into the file itself."
    ),
    "file.infected": N_(
        "A virus was found in the file. Nothing of it was kept. Check the machine that it came from."
    ),
    "file.macros": N_("The file holds macros, which can do harm. Save it without macros and try again."),
    "file.missing": N_("Choose a file."),
    "file.too_long": N_(
        "The file is too long: it may hold 20,000 paragraphs. Divide it, or send it as a PDF."
    ),
    "file.too_many_pixels": N_(
        "A picture in the file is too large: it may have 100 million pixels, and all together 500 million. Make it smaller."
    ),
    "file.unreadable": N_(
        "The file could not be read within the time and memory that one file may take. Make it simpler, or send it as a PDF."
    ),
    "file.too_large": N_("The file is too large. The largest that can come in is %(megabytes)s MB."),
    "file.type_disagrees": N_(
        "The content of the file is not what its name says. Save it again in the right format."
    ),
    "file.type_not_allowed": N_(
        "Files of this kind cannot come in. Use PDF, Word, Excel, PowerPoint, OpenDocument, pictures or plain text."
    ),
    # forums
    "changed_meanwhile": N_(
        "Somebody else changed this since you opened the page. Look it over, and do it again if it is still right."
    ),
    "forum.dates_out_of_order": N_("The last day is before the first one."),
    "forum.key_invalid": N_("Use 2 to 40 small letters (a–z), figures and hyphens."),
    "forum.key_reserved": N_("This word is taken by Samstyr itself. Choose another one."),
    "forum.key_taken": N_("Another forum has this short name. Choose another one."),
    "forum.label_key_unknown": N_("There is nothing of this kind to give a word. Load the page again."),
    "forum.name_missing": N_("Fill in the name."),
    "forum.parent_ring": N_("A forum cannot stand above itself, not even by way of others."),
    "forum.parent_unknown": N_("Choose one from the list."),
    "forum.pattern_invalid": N_(
        "A number printed like this could not be read back. Use {n}, and if you want {year} or {yy}, such as {n}/{year}."
    ),
    "forum.pattern_not_for_files": N_("File names cannot hold this mark. Use a hyphen, such as {n}-{yy}."),
    "forum.pattern_without_year": N_(
        "Numbers that never begin again have no year. Leave out {year} and {yy}."
    ),
    "forum.prefix_invalid": N_("Use one to five letters, such as PS."),
    "forum.secretariat_unknown": N_("Choose one from the list."),
    "forum.section_heading_missing": N_("Give every part a heading in the language of the forum's papers."),
    "forum.section_key_invalid": N_("One of the parts cannot be stored. Load the page again."),
    "forum.section_key_twice": N_("The same part stands twice. Load the page again."),
    "forum.sections_count": N_("There must be at least one part, and at most %(most)s."),
    "mandate.dates_out_of_order": N_("The last day is before the first one."),
    "mandate.overlap": N_("Another mandate holds on some of these days. End that one first."),
    "membership.dates_out_of_order": N_("The last day is before the first one."),
    "membership.leader_already": N_("The forum has a leader in this time. End that role first."),
    "membership.not_a_forum_role": N_("Choose one from the list."),
    "membership.outside_seat": N_("The seat does not exist for the whole of this time. Choose other days."),
    "membership.person_unknown": N_("Choose one from the list."),
    "membership.seat_needed": N_("Leaders, members, deputies and seconds sit in a seat. Choose which one."),
    "membership.seat_taken": N_("Somebody else holds this seat in this time. End that role first."),
    "membership.seat_unknown": N_("Choose one from the list."),
    "membership.twice": N_("The person has this role already in some of this time."),
    "seat.dates_out_of_order": N_("The last day is before the first one."),
    "seat.organisation_unknown": N_("Choose one from the list."),
    "seat.side_needed": N_("Choose an organisation, or the side that the seat belongs to."),
    "seat.still_held": N_("Somebody sits in this seat outside these days. End or change those roles first."),
    # deadlines
    "deadline.days_out_of_range": N_("Write a number of days from 0 to %(most)s."),
    "deadline.no_weekday": N_("Choose a day from the list."),
    "deadline.twice": N_("The same deadline stands twice. Load the page again."),
    # meetings
    "agenda.choose_case": N_("Choose a case from the list."),
    "agenda.choose_meeting": N_("Choose a meeting from the list."),
    "agenda.gone": N_("The case or the meeting is not there any more. The list below is as it is now."),
    "agenda.meeting_cancelled": N_("The meeting is called off. Choose another one, or plan it again first."),
    "agenda.on_another_agenda": N_("The case stands on another agenda. Take it off there first."),
    "agenda.other_forum": N_("The case is for another forum."),
    "agenda.treated": N_("The forum treated the case at this meeting, so it stays on the agenda."),
    "agenda.wrong_state": N_("The case cannot be put on an agenda as it stands."),
    "attendance.no_name": N_("Fill in the name."),
    "meeting.day_out_of_range": N_("Choose a day from 1900 to 2099."),
    "meeting.empty_agenda": N_("There is nothing on the agenda. Put a case on it first."),
    "meeting.ends_before_start": N_("The meeting must end after it starts."),
    "meeting.link_invalid": N_("Write the whole address of the link, beginning with https://."),
    "meeting.no_cancel_reason": N_("Say why the meeting is not held. Those who were to come will read it."),
    "meeting.forum_not_active": N_("The forum does not meet on that day. Choose a day when it is active."),
    "number.prefix_invalid": N_(
        "The prefix of the forum's numbers cannot be used. Change it in its settings."
    ),
    "number.series_full": N_("The forum has used up its case numbers. Change the prefix in its settings."),
    "number.year_needed": N_("Write the year too, such as 13/2019."),
    # papers read in
    "import.comments": N_("The file has comments. They are left out."),
    "import.empty": N_("Paste the text of the paper, or choose a Word file or a text file."),
    "import.exempt": N_(
        "The paper says that something in it is exempt from public access. Read in, it is open until somebody decides "
        "here what is exempt: do that before the case is shared."
    ),
    "import.lines_not_understood": N_(
        "%(count)s lines were not understood. They are kept with the case until somebody has placed them."
    ),
    "import.meeting_will_be_made": N_("The forum has no meeting on %(day)s yet. It will be made."),
    "import.no_meeting": N_("The paper names no day of a meeting, so the case comes on no agenda."),
    "import.no_number": N_("The paper has no number that can be told. The case is given one with an agenda."),
    "import.no_title": N_(
        "No title was found. Give the paper a line such as “Sak 13/2019 Title” and try again."
    ),
    "import.number_taken": N_("The forum has a case %(number)s already. Look at that case first."),
    "import.own_paper": N_(
        "The file was made here, and is read part by part. Reading it in makes a case of its own; the one it came from stays as it is."
    ),
    "import.pictures": N_("The file has pictures. They are left out."),
    "import.tracked": N_(
        "The file has changes that somebody tracked. What was inserted is taken, what was deleted is left out."
    ),
    "import.other_forum": N_("The paper names the forum “%(named)s”, and you read it into %(forum)s."),
    "import.not_text": N_(
        "The file is neither a Word file (.docx) nor plain text. Open it, copy the text and paste it here."
    ),
    # drafts
    "draft.malformed": N_(
        "This could not be read, so it is not kept as a draft. Save what you have written."
    ),
    "draft.other_person": N_(
        "Somebody else has logged in in this browser. Your text is kept here until you log in again."
    ),
    "draft.other_window": N_(
        "You have written other text here in another window. What stands here is kept in this browser until you save it."
    ),
    "draft.too_large": N_("The text is too long to be kept as a draft. Save it before you leave."),
    "draft.too_many": N_("You have too many drafts. Save or discard some of them first."),
    # directory
    "organisation.name_missing": N_("Fill in the name."),
    "organisation.name_too_early": N_("The new name must begin after the one before it."),
    "organisation.predecessor_ring": N_(
        "An organisation cannot come after itself, not even by way of others."
    ),
    "organisation.predecessor_unknown": N_("Choose one from the list."),
    "organisation.registration_number": N_(
        "Write nine digits (Norway) or eight (Denmark), or leave it empty."
    ),
    "person.name_missing": N_("Fill in the name."),
    "person.organisation_unknown": N_("Choose one from the list."),
    # Word templates
    "template-broken": N_("A part of the file is missing or broken. Save it anew in Word, and try again."),
    "template-is-paper": N_("This is a finished paper, not a template. Take one without the text of a case."),
    "template-too-large": N_("The file is too large. A template may be 20 MB, and hold 20,000 paragraphs."),
}
NAMED: Mapping[str, str] = {
    "Fill in this field.": N_("Fill in “%(label)s”."),
    "Fill in the date.": N_("Fill in “%(label)s”."),
    "Choose one from the list.": N_("“%(label)s”: choose one from the list."),
    "This is too long. Use at most %(max_length)s characters.": N_(
        "“%(label)s” is too long. Use at most %(max_length)s characters."
    ),
    "This is too long. Use at most %(most)s characters.": N_(
        "“%(label)s” is too long. Use at most %(most)s characters."
    ),
    "Write the date as day.month.year, such as 13.6.2019.": N_(
        "“%(label)s”: write the date as day.month.year, such as 13.6.2019."
    ),
    "Write the time as hours and minutes, such as 09:00.": N_(
        "“%(label)s”: write the time as hours and minutes, such as 09:00."
    ),
    "Write a whole number.": N_("“%(label)s”: write a whole number."),
    "The number is too low. The lowest is %(ge)s.": N_("“%(label)s” is too low. The lowest is %(ge)s."),
    "The number is too high. The highest is %(le)s.": N_("“%(label)s” is too high. The highest is %(le)s."),
}
"""Messages that say nothing without the field they stand beside, and how they read where the field has a name."""

FALLBACK = N_("This cannot be done as things stand. Nothing was changed.")


def message_of(language: Language, code: str, values: Mapping[str, Any], label: str = "") -> str:
    """The message of a code, in the reader's language; with the name of the field where it needs that."""
    source = MESSAGES.get(code, FALLBACK)
    if label and source in NAMED:
        source, values = NAMED[source], {**values, "label": label}
    message = translations(language).ugettext(source)
    if "kind" in values:  # of the place in a file where something stands
        values = {**values, "within": word(FILE_PLACES, values["kind"], language) % values}
    return message % values if values and "%(" in message else message


def reason_messages(language: Language, reasons: tuple[Reason, ...]) -> list[str]:
    """Reasons in words, in their order."""
    return [message_of(language, reason.code, reason.values) for reason in reasons]


def refused(bound: Bound[AnyForm], broken: RuleBroken) -> Bound[AnyForm]:
    """The form again, with what the rules object to beside the fields concerned."""
    return bound.with_errors(
        *(FieldError(reason.field, reason.code, reason.values) for reason in broken.reasons)
    )
