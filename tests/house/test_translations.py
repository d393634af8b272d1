"""The interface is complete in bokmål, nynorsk and Danish; English is the messages themselves."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.kernel.language import Language
from app.platform.resources import resource_dir
from tools.messages import extract

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = [Language.NB, Language.NN, Language.DA]


def _catalogue(language: Language):
    with (resource_dir("locale") / language.value / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=language.value)


@pytest.fixture(scope="module")
def wanted():
    return {(message.id, message.context) for message in extract(ROOT) if message.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing(language: Language, wanted) -> None:
    catalogue = _catalogue(language)
    missing = [key for key in wanted if (found := catalogue.get(*key)) is None or not _filled(found.string)]
    assert sorted(map(str, missing)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_fuzzy_or_left_over(language: Language, wanted) -> None:
    catalogue = _catalogue(language)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert [
        message.id for message in catalogue if message.id and (message.id, message.context) not in wanted
    ] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_value_of_a_message_is_in_its_translation(language: Language) -> None:
    for message in _catalogue(language):
        assert not list(message.check()), f"{language}: {message.id}"


def _filled(string) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)
