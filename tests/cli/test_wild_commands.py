"""Whatever is typed after ``samstyr``: exit code 0 or 2, one message, and never a traceback.

The commands and their options are found in the command tree, so a new one is tried without a word here.
"""

import contextlib
import io
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.core import TyperOption

from app.cli.root import cli, main
from app.platform.db import Database
from tests.factories.forums import make_forum
from tests.support import wild

RUNS_ON = frozenset({"serve", "demo", "worker", "bench"})
"""Commands that go on until they are stopped, or for long: they get an option that nobody knows, and must say so."""

FILES = ("text.txt", "empty.txt", "bytes.bin", "folder", "missing.txt", "folder/new.txt", "a" * 300, "", "-")
QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
THOROUGH = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
Command = tuple[tuple[str, ...], Any]


def _leaves(command: Any, words: tuple[str, ...] = ()) -> Iterator[Command]:
    below = getattr(command, "commands", None)
    if below is None:
        yield words, command
        return
    for name, each in below.items():
        yield from _leaves(each, (*words, name))


COMMANDS = list(_leaves(typer.main.get_command(cli)))


@pytest.fixture
def place(tmp_path: Path, sqlite_original: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, a forum in it, and files of all sorts in the working folder."""
    data, here = tmp_path / "data", tmp_path / "here"
    data.mkdir()
    (here / "folder").mkdir(parents=True)
    shutil.copy(sqlite_original, data / "samstyr.db")
    database = Database(f"sqlite:///{data / 'samstyr.db'}")
    with database.writing() as db:
        make_forum(db, "skate", "Skate")
    database.dispose()
    (here / "text.txt").write_text("Sak 13/2022 Tittel\n\nBakgrunn\nTekst\n", encoding="utf-8")
    (here / "empty.txt").touch()
    (here / "bytes.bin").write_bytes(bytes(range(256)))
    monkeypatch.setenv("SAMSTYR_DATA_DIR", str(data))
    monkeypatch.delenv("SAMSTYR_DATABASE_URL", raising=False)
    monkeypatch.chdir(here)
    return here


def _value(parameter: Any) -> st.SearchStrategy[str]:
    """What is typed for a parameter: something likely, or something wild; files only of those that lie here."""
    if "Path" in str(parameter.type_descriptor.annotation):
        return st.sampled_from(FILES)
    likely = ["skate", "skate:13/2022", "kari@example.no", "1", "Kari", "nb", "docx", "json"]
    # A name in a command line holds no NUL, and cannot be longer than the system allows.
    typed = wild.values.map(lambda text: text.replace("\x00", "")[:500])
    return st.one_of(st.sampled_from(likely), typed)


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its options and arguments, wild or not, in any number."""
    words, command = draw(st.sampled_from(COMMANDS))
    line = list(words)
    for parameter in command.params:
        if "--help" in parameter.opts or draw(st.integers(0, 3)) == 0:
            continue
        is_option = isinstance(parameter, TyperOption)
        if is_option:
            line.append(draw(st.sampled_from([*parameter.opts, *parameter.secondary_opts])))
        if not is_option or not getattr(parameter, "is_flag", False):
            line.append(draw(_value(parameter)))
    line += draw(st.lists(st.sampled_from(("--", "--help", "-x", "--no-such", "more")), max_size=1))
    if words[0] in RUNS_ON:
        line.append("--no-such-option")
    return line


def _run(line: list[str], typed: str) -> tuple[int, str, str]:
    out, err, code = io.StringIO(), io.StringIO(), 0
    stdin, argv = sys.stdin, sys.argv
    sys.stdin, sys.argv = io.StringIO(typed), ["samstyr", *line]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.stdin, sys.argv = stdin, argv
    return code, out.getvalue(), err.getvalue()


def _try(how_many: settings) -> None:
    seen: Counter[int] = Counter()

    @how_many
    @given(command_lines(), st.sampled_from(("", "y\n", "n\n", "\n\n\n", "æøå" * 50)))
    def type_it(line: list[str], typed: str) -> None:
        code, out, err = _run(line, typed)
        seen[code] += 1
        assert code in {0, 2}, (line, code, err)
        assert "Traceback" not in out + err, (line, err)
        assert code == 0 or err.strip(), (line, "refused without a word")

    type_it()
    print(f"commands: {seen.total()} typed ({seen[0]} done, {seen[2]} refused), tracebacks 0")


def test_no_command_line_ends_in_a_traceback(place: Path) -> None:
    _try(QUICK)


@pytest.mark.long
def test_no_command_line_ends_in_a_traceback_in_thousands(place: Path) -> None:
    _try(THOROUGH)


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_every_command_explains_itself(place: Path, words: tuple[str, ...]) -> None:
    code, out, _err = _run([*words, "--help"], "")
    assert code == 0
    assert "Usage" in out
