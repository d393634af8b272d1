"""Reasons in words. A code comes from a rule, a service or a form; the words are the interface's matter.

Every message says what is wrong and what to do. Values are filled in as ``%(name)s``.
"""

from collections.abc import Mapping
from typing import Any

from app.kernel.errors import Reason, RuleBroken
from app.kernel.language import Language
from app.platform.i18n import translations
from app.web.shared.flash import N_
from app.web.shared.forms import AnyForm, Bound, FieldError

MESSAGES: Mapping[str, str] = {
    # forms
    "missing": N_("Fill in this field."),
    "string_too_short": N_("Fill in this field."),
    "string_too_long": N_("This is too long. Use at most %(max_length)s characters."),
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
}
FALLBACK = N_("This cannot be done as things stand. Nothing was changed.")


def message_of(language: Language, code: str, values: Mapping[str, Any]) -> str:
    """The message of a code, in the reader's language."""
    message = translations(language).ugettext(MESSAGES.get(code, FALLBACK))
    return message % values if values and "%(" in message else message


def reason_messages(language: Language, reasons: tuple[Reason, ...]) -> list[str]:
    """Reasons in words, in their order."""
    return [message_of(language, reason.code, reason.values) for reason in reasons]


def refused(bound: Bound[AnyForm], broken: RuleBroken) -> Bound[AnyForm]:
    """The form again, with what the rules object to beside the fields concerned."""
    return bound.with_errors(
        *(FieldError(reason.field, reason.code, reason.values) for reason in broken.reasons)
    )
