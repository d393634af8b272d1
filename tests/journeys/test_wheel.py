"""The wheel, installed into an empty environment and run from another directory."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_the_wheel_loads_the_demo_and_exports_a_case(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist"],
        cwd=ROOT,
        check=True,
    )
    wheel = next((tmp_path / "dist").glob("samstyr-*.whl"))
    venv.create(tmp_path / "venv", with_pip=True)
    pip = [
        tmp_path / "venv" / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {"PATH": os.environ["PATH"], "SAMSTYR_DATA_DIR": str(tmp_path / "data")}
    samstyr = tmp_path / "venv" / "bin" / "samstyr"
    subprocess.run([samstyr, "demo", "--load-only"], cwd=elsewhere, env=environment, check=True)
    for extension, begins in (("docx", b"PK"), ("pdf", b"%PDF-")):
        output = f"case.{extension}"
        export = [samstyr, "export", "case", "skate:13/2019", "--format", extension, "--output", output]
        subprocess.run(export, cwd=elsewhere, env=environment, check=True)
        assert (elsewhere / output).read_bytes().startswith(begins)
