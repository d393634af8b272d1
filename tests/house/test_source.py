"""Rules of the house that a reader of one file cannot see broken."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = sorted((ROOT / "app").rglob("*.py"))
LONGEST = 400


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().splitlines() if (ROOT / name).is_file()]


def _offenders(pattern: str, *, allowed: str) -> list[str]:
    found = []
    for path in APP:
        relative = path.relative_to(ROOT).as_posix()
        if re.search(allowed, relative):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{relative}:{number}: {line.strip()}")
    return found


def test_only_the_owner_of_sessions_commits() -> None:
    assert _offenders(r"\.commit\(", allowed=r"^app/platform/(db|schema)\.py$") == []


def test_selects_stand_in_queries_and_policies() -> None:
    """A SELECT elsewhere would have to repeat who may read what."""
    allowed = r"/queries(/|\.py$)|/policy(/|\.py$)|^app/bench/"
    assert _offenders(r"(?<![\w.])select\(", allowed=allowed) == []


def test_rules_kernel_and_access_use_only_the_standard_library() -> None:
    """Held by import-linter for packages; here for the rules modules inside the features."""
    for path in APP:
        relative = path.relative_to(ROOT).as_posix()
        if not (relative.endswith("/rules.py") or relative.startswith(("app/kernel/", "app/access/"))):
            continue
        for line in path.read_text().splitlines():
            match = re.match(r"(?:from|import) ([\w.]+)", line)
            if match and not match[1].startswith(("app.kernel", "app.access")):
                module = match[1].split(".")[0]
                own = "rules" in match[1] and match[1].startswith("app.")
                assert own or module in _standard_library(), f"{relative}: {line}"


def _standard_library() -> frozenset[str]:
    import sys

    return sys.stdlib_module_names


@pytest.mark.parametrize("suffix", [".py", ".html", ".js", ".css"])
def test_no_file_is_longer_than_one_can_read(suffix: str) -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in _tracked()
        if path.suffix == suffix
        and "/vendor/" not in path.as_posix()
        and "migrations/versions" not in path.as_posix()
        and (count := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_every_package_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in APP
        if path.name == "__init__.py" and not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_no_file_names_a_package_registry() -> None:
    """The files install from whatever registry the reader's machine is set up for."""
    hosts = ["pypi." + "org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb.deb" + "ian.org"]
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in _tracked()
        if path.suffix not in {".woff2", ".png", ".docx"}
        for host in hosts
        if host in path.read_text(errors="replace")
    ]
    assert named == []
