"""States and steps of a case in words."""

from babel.numbers import format_decimal

from app.cases.rules import TreatmentState
from app.kernel.language import Language
from app.kernel.words import N_
from app.web.shared.words import Words

STATES: Words = {
    "requested": N_("Requested"),
    "drafting": N_("Being drafted"),
    "ready": N_("Ready"),
    "scheduled": N_("On an agenda"),
    "treated": N_("Treated"),
    "postponed": N_("Postponed"),
    "returned": N_("Returned"),
    "withdrawn": N_("Withdrawn"),
}
STATE_MEANINGS: Words = {
    "requested": N_("The forum has been asked to treat the case. Work on the paper has not begun."),
    "drafting": N_("The paper is being written."),
    "ready": N_("The paper is finished and can be put on a meeting's agenda."),
    "scheduled": N_("The case stands on the agenda of a meeting."),
    "treated": N_("The forum has treated the case. The paper stands as it is."),
    "postponed": N_("The forum put the case off. It can be taken up again."),
    "returned": N_("The case was sent back for more work."),
    "withdrawn": N_("The case was withdrawn here. The paper stands as it is."),
}
STEPS: Words = {
    "start": N_("Start writing"),
    "make_ready": N_("Mark as ready"),
    "reopen": N_("Back to draft"),
    "treat": N_("Mark as treated"),
    "postpone": N_("Postpone"),
    "take_up_again": N_("Take up again"),
    "return": N_("Return"),
    "withdraw": N_("Withdraw"),
}
QUESTIONS: Words = {
    "treat": N_("Mark the case as treated?"),
    "postpone": N_("Postpone the case?"),
    "return": N_("Return the case?"),
    "withdraw": N_("Withdraw the case?"),
}
"""The steps that are asked about before they are taken."""
CONSEQUENCES: Words = {
    "treat": N_("The forum is done with the case, and its paper cannot be changed any more."),
    "postpone": N_("The case waits until somebody takes it up again. It keeps its number."),
    "return": N_("The case goes back to those who write it, and must be started again."),
    "withdraw": N_(
        "The forum will not treat the case, and its paper cannot be changed any more. Its number is not used again."
    ),
}
IMPORT_ROWS: Words = {
    "language": N_("Language of the paper"),
    "forum": N_("Forum"),
    "meeting_date": N_("Meeting"),
    "number": N_("Number"),
    "title": N_("Title"),
    "kind": N_("Kind"),
    "presenter": N_("Presented by"),
    "preparer": N_("Prepared by"),
    "place": N_("Place"),
    "dated": N_("Date"),
}
MAIN_LINE = (
    TreatmentState.REQUESTED,
    TreatmentState.DRAFTING,
    TreatmentState.READY,
    TreatmentState.SCHEDULED,
    TreatmentState.TREATED,
)
"""The states of a case that goes the straight way."""


def file_size(size: int, language: Language) -> str:
    """A number of bytes as people read it: ``340 kB``, ``1,2 MB``."""
    for unit, bytes_each in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_each:
            return f"{format_decimal(size / bytes_each, format='0.#', locale=language.value)} {unit}"
    return f"{size} B"
