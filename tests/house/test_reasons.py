"""Whatever a rule refuses with, the reader is told in words."""

import re
from pathlib import Path

from app.web.shared.reasons import MESSAGES, NAMED

APP = Path(__file__).resolve().parents[2] / "app"
CODE = re.compile(
    r"(?:Reason|RuleBroken|SignInRefused|FieldError)\(\s*(?:\"\w*\",\s*)?\"([a-z_]+\.[a-z_]+)\""
)


def test_every_reason_has_words() -> None:
    codes = {code for path in APP.rglob("*.py") for code in CODE.findall(path.read_text())}
    assert len(codes) > 50
    assert sorted(codes - set(MESSAGES)) == []


def test_a_message_that_can_name_its_field_is_one_of_the_messages() -> None:
    """They are found by their words, so one that is reworded would lose its field in silence."""
    assert sorted(NAMED.keys() - set(MESSAGES.values())) == []
