"""Commands, run in this process as an operator would type them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.root import main


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Samstyr = Callable[..., Said]


@pytest.fixture
def samstyr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Samstyr:
    """Run ``samstyr`` with a data folder of its own."""
    monkeypatch.setenv("SAMSTYR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SAMSTYR_DATABASE_URL", raising=False)

    def run(*words: str | Path) -> Said:
        monkeypatch.setattr("sys.argv", ["samstyr", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run
