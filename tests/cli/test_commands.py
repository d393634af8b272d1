"""The command line as others script against it: 0 is done, 2 is refused with one clear message."""

import json
import resource
import signal
from pathlib import Path

import pytest

from app.documents.docx.reading import read_paragraph_texts
from app.documents.docx.styles import shipped_template
from tests.cli.conftest import Samstyr
from tests.factories.hostile import REFUSED
from tests.factories.packages import relations
from tests.factories.templates import with_members

PAPER = Path(__file__).resolve().parents[1] / "data" / "saksframlegg-oppdiktet.txt"


@pytest.fixture
def ready(samstyr):
    """A migrated database with one forum, whose key is that of the invented paper's forum."""
    assert samstyr("migrate").code == 0
    assert samstyr("forum", "add", "skate", "--name", "Skate", "--language", "nb").code == 0
    return samstyr


def _number(out: str) -> str:
    import re

    found = re.search(r"\b\d+/\d{4}\b", out)
    assert found, out
    return found[0]


def test_migrate_may_be_run_again(samstyr) -> None:
    assert samstyr("migrate").code == 0
    assert samstyr("migrate").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("forum", "add", "skate", "--name", "Skate"),
        ("user", "add", "kari@example.no", "--name", "Kari"),
        ("export", "case", "skate:1/2019", "--output", "x.docx"),
        ("serve",),
    ],
)
def test_before_migrating_every_command_says_what_to_run(samstyr, words) -> None:
    said = samstyr(*words)
    assert said.code == 2
    assert "samstyr migrate" in said.err
    assert "Traceback" not in said.err


def test_a_paper_goes_in_and_comes_out(ready, tmp_path: Path) -> None:
    checked = ready("import", "case", PAPER, "--forum", "skate", "--check")
    assert checked.code == 0
    number = _number(checked.out)
    assert ready("export", "case", f"skate:{number}", "--output", tmp_path / "x.docx").code == 2, (
        "--check stored it"
    )

    assert ready("import", "case", PAPER, "--forum", "skate", "--yes").code == 0
    target = tmp_path / "case.docx"
    assert ready("export", "case", f"skate:{number}", "--output", target).code == 0
    assert read_paragraph_texts(target.read_bytes())

    target = tmp_path / "case.json"
    short = number.replace("/20", "-")
    assert ready("export", "case", f"skate:{short}", "--output", target, "--format", "json").code == 0
    assert json.loads(target.read_text())["number"] == number
    said = ready("export", "case", f"skate:{number}", "--output", target, "--format", "json", "--public")
    assert said.code == 0
    assert json.loads(target.read_text())["revision"] == 0, "how often it was worked on is not public"


def test_the_same_paper_twice_is_refused(ready) -> None:
    assert ready("import", "case", PAPER, "--forum", "skate", "--yes").code == 0
    again = ready("import", "case", PAPER, "--forum", "skate", "--yes")
    assert again.code == 2
    assert again.err.strip()


def test_asking_and_hearing_no_stores_nothing(ready, monkeypatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    said = ready("import", "case", PAPER, "--forum", "skate")
    assert said.code == 2
    assert ready("import", "case", PAPER, "--forum", "skate", "--yes").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("import", "case", "missing.txt", "--forum", "skate", "--yes"),
        ("import", "case", PAPER, "--forum", "nowhere", "--yes"),
        ("import", "case", PAPER, "--forum", "skate", "--yes", "--check"),
        ("export", "case", "13/2019", "--output", "x.docx"),
        ("export", "case", "skate:13/2019", "--output", "x.docx"),
        ("export", "case", "skate:no number", "--output", "x.docx"),
        ("export", "case", "nowhere:13/2019", "--output", "x.docx"),
        ("forum", "add", "skate", "--name", "Skate again"),
        ("forum", "add", "Not A Key", "--name", "X"),
        ("forum", "add", "x", "--name", "X", "--language", "sv"),
        ("user", "add", "kari@example.no", "--name", "Kari", "--forum", "nowhere"),
        ("user", "add", "not an address", "--name", "Kari"),
        ("template", "check", "missing.docx"),
        ("template", "check", PAPER),
        ("bench", "nothing"),
        ("no-such-command",),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_message(ready, words, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = ready(*words)
    assert said.code == 2
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert list(tmp_path.glob("x.docx")) == []


def test_an_unusable_setting_is_named(samstyr, monkeypatch) -> None:
    monkeypatch.setenv("SAMSTYR_DATABASE_URL", "mysql://x")
    said = samstyr("migrate")
    assert said.code == 2
    assert "SAMSTYR_DATABASE_URL" in said.err


def test_an_unwritable_target_is_refused(ready, tmp_path: Path) -> None:
    assert ready("import", "case", PAPER, "--forum", "skate", "--yes").code == 0
    number = _number(ready("import", "case", PAPER, "--forum", "skate", "--check").out)
    assert (
        ready("export", "case", f"skate:{number}", "--output", tmp_path / "no" / "folder" / "x.docx").code
        == 2
    )


def test_a_person_gets_an_invite_link_or_a_password(ready, monkeypatch) -> None:
    import io

    said = ready("user", "add", "kari@example.no", "--name", "Kari Nordmann", "--admin")
    assert said.code == 0
    assert "/invite/" in said.out
    monkeypatch.setattr("sys.stdin", io.StringIO("et langt og godt passord\n"))
    assert (
        ready("user", "add", "ola@example.no", "--name", "Ola", "--forum", "skate", "--password-stdin").code
        == 0
    )
    assert ready("user", "add", "ola@example.no", "--name", "Ola").code == 2


def test_the_shipped_template_passes_its_own_check(samstyr) -> None:
    from app.platform.resources import resource_dir

    said = samstyr("template", "check", resource_dir("docx_templates") / "case_presentation.docx")
    assert said.code == 0
    assert said.out.strip()


def test_a_template_check_says_what_would_be_taken_out(samstyr, tmp_path: Path) -> None:
    file = tmp_path / "mal.docx"
    remote = relations(("rId1", "attachedTemplate", "http://evil.example/x.dotm", True))
    file.write_bytes(with_members(shipped_template(), {"word/_rels/settings.xml.rels": remote.encode()}))
    said = samstyr("template", "check", file)
    assert said.code == 0
    assert "taken out of the file: a template that is fetched from elsewhere" in said.out
    file.write_bytes(REFUSED["macros"][1])
    said = samstyr("template", "check", file)
    assert said.code == 2
    assert "macros" in said.err


def test_the_demo_is_loaded_once(samstyr) -> None:
    first = samstyr("demo", "--load-only")
    assert first.code == 0
    assert "loaded" in first.out
    again = samstyr("demo", "--load-only")
    assert again.code == 0
    assert "kept" in again.out


def test_a_closed_standard_input_is_nothing_to_read(ready, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    asked = ready("import", "case", PAPER, "--forum", "skate")
    assert (asked.code, asked.err) == (2, "Stopped. Nothing was stored.\n")
    monkeypatch.setattr("sys.stdin", None)
    assert ready("user", "add", "kari@example.no", "--name", "Kari", "--password-stdin").code == 2


def test_a_password_that_is_no_text_is_refused(ready, monkeypatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"p\xe5 en lang dag\n"), encoding="utf-8"))
    said = ready("user", "add", "kari@example.no", "--name", "Kari", "--password-stdin")
    assert said.code == 2
    assert "UTF-8" in said.err


def test_a_port_that_is_taken_is_refused(ready) -> None:
    import socket
    import subprocess
    import sys

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        # A process of its own: serving changes how signals and garbage are handled.
        said = subprocess.run(
            [sys.executable, "-m", "app.cli", "serve", "--port", port],
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 2
    assert "in use" in said.stderr
    assert "Traceback" not in said.stderr


def test_stopping_while_the_commands_are_loaded_is_a_stop(monkeypatch, capsys) -> None:
    from app import cli

    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli.root.main", stopped)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert capsys.readouterr().err == "Stopped. Nothing was stored.\n"


def test_a_word_file_goes_in_and_what_is_refused_says_why(ready, tmp_path: Path) -> None:
    from tests.factories.hostile import REFUSED

    foreign = PAPER.with_name("libreoffice-foreign.docx")
    checked = ready("import", "case", foreign, "--forum", "skate", "--check")
    assert checked.code == 0
    assert "Felles plan for samordning" in checked.out
    assert ready("import", "case", foreign, "--forum", "skate", "--yes").code == 0
    target = tmp_path / "own.docx"
    assert ready("export", "case", "skate:13/2019", "--output", target).code == 0
    own = ready("import", "case", target, "--forum", "skate", "--check")
    assert own.code == 2
    assert "The forum has a case 13/2019 already." in own.err
    for name in ("macros", "bomb", "doctype", "DDE", "cut"):
        hostile = tmp_path / "hostile.docx"
        hostile.write_bytes(REFUSED[name][1])
        refused = ready("import", "case", hostile, "--forum", "skate", "--check")
        assert refused.code == 2
        assert refused.err.strip()
        assert "Traceback" not in refused.err


def test_looking_for_an_installation_makes_none(samstyr: Samstyr, tmp_path: Path) -> None:
    """A mistyped folder must not seem to be an installation, nor keep a backup from being put back into it."""
    for words in (("verify",), ("serve",), ("backup", tmp_path / "backups"), ("sweep",), ("jobs",)):
        said = samstyr(*words)
        assert said.code == 2
        assert "There is no database" in said.err
        assert "samstyr migrate" in said.err
        assert "samstyr restore" in said.err
        assert said.err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_disk_that_is_full_is_said_in_words(samstyr: Samstyr, tmp_path: Path) -> None:
    """The copy is made below SQLAlchemy; a limit on files stands for a disk without room."""
    assert samstyr("migrate").code == 0
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    try:
        said = samstyr("backup", tmp_path / "backups")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert said.code == 2, said.err
    assert said.err.startswith("The database refused: ")
    assert said.err.count("\n") == 1
    assert list((tmp_path / "backups").iterdir()) == []
    assert samstyr("backup", tmp_path / "backups").code == 0
