"""Translations: English message ids, one ``.po`` file per language, compiled in memory at first use.

Compiled files are not committed: they go stale and cannot be merged.
"""

import io
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_format_date
from babel.dates import get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from app.kernel.language import Language
from app.platform.resources import resource_dir

LOCAL_ZONE = ZoneInfo("Europe/Oslo")  # Oslo and Copenhagen keep the same clock


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language. English is the message ids themselves; nynorsk falls back to bokmål."""
    if language is Language.EN:
        return NullTranslations()
    path = resource_dir("locale") / language.value / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language.value)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    loaded = Translations(fp=compiled)
    if language is Language.NN:
        loaded.add_fallback(translations(Language.NB))
    return loaded


def paper_word(language: Language, message: str) -> str:
    """A word or phrase of a printed paper, in the paper's language (gettext context ``paper``).

    Printed words have a context of their own, so that "Case" on a button and "Case" in a Word file may differ.
    """
    return str(translations(language).upgettext("paper", message))


def format_date(value: date) -> str:
    """``d.M.yyyy`` as Norwegian and Danish papers write it, without leading zeros."""
    return f"{value.day}.{value.month}.{value.year}"


def format_long_date(value: date, language: Language) -> str:
    """``13. juni 2019`` in the language's own words."""
    return str(babel_format_date(value, format="long", locale=language.tag.replace("-", "_")))


def weekdays(language: Language) -> tuple[str, ...]:
    """What the days of the week are called, Monday first."""
    names = get_day_names("wide", context="stand-alone", locale=language.tag.replace("-", "_"))
    return tuple(names[number] for number in range(7))


def local_date(value: datetime) -> date:
    """The day on the local clock of a stored UTC time."""
    return value.astimezone(LOCAL_ZONE).date()


def format_moment(value: datetime) -> str:
    """A stored UTC time on the local clock: ``13.6.2019 kl. 09.05`` without the words."""
    local = value.astimezone(LOCAL_ZONE)
    return f"{format_date(local.date())} {local:%H:%M}"


def negotiate(header: str | None, default: Language = Language.NB) -> Language:
    """The first language of an Accept-Language header that we speak; ``no`` means bokmål."""
    for part in (header or "").split(","):
        code = part.split(";")[0].strip().casefold().split("-")[0]
        if code == "no":
            return Language.NB
        if code in set(Language):
            return Language(code)
    return default
