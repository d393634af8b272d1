"""Whatever a rule refuses with, the reader is told in words."""

import re
from pathlib import Path

from app.web.shared.reasons import MESSAGES

APP = Path(__file__).resolve().parents[2] / "app"
CODE = re.compile(
    r"(?:Reason|RuleBroken|SignInRefused|FieldError)\(\s*(?:\"\w*\",\s*)?\"([a-z_]+\.[a-z_]+)\""
)


def test_every_reason_has_words() -> None:
    codes = {code for path in APP.rglob("*.py") for code in CODE.findall(path.read_text())}
    assert len(codes) > 50
    assert sorted(codes - set(MESSAGES)) == []
