"""The installation's key: made once, for us alone, and no use for anything else."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from app.platform.keys import InstallationKeys


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _: InstallationKeys(tmp_path).sign("x", {"a": 1}), range(16)))
    (path,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    one = InstallationKeys(tmp_path)
    assert all(one.signed("x", text, seconds=60) == {"a": 1} for text in texts)


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    InstallationKeys(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_signature_is_for_one_use_and_one_time(tmp_path: Path) -> None:
    keys = InstallationKeys(tmp_path)
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False) as clock:
        text = keys.sign("one", {"a": "b"})
        assert keys.signed("one", text, seconds=600) == {"a": "b"}
        assert keys.signed("another", text, seconds=600) is None
        assert InstallationKeys(tmp_path / "other").signed("one", text, seconds=600) is None
        for altered in (text[:-1], text + "x", text.replace(".", "", 1), "", ".", "é"):
            assert keys.signed("one", altered, seconds=600) is None
        clock.shift(timedelta(seconds=601))
        assert keys.signed("one", text, seconds=600) is None


def test_what_is_sealed_is_read_by_this_installation_for_this_use(tmp_path: Path) -> None:
    keys = InstallationKeys(tmp_path)
    sealed = keys.seal("one", "hemmelig")
    assert "hemmelig" not in sealed
    assert keys.opened("one", sealed) == "hemmelig"
    assert keys.opened("another", sealed) is None
    assert InstallationKeys(tmp_path / "other").opened("one", sealed) is None
    assert keys.opened("one", "\ud800") is None


def test_a_damaged_key_signs_nothing(tmp_path: Path) -> None:
    InstallationKeys(tmp_path).sign("x", {})
    path = tmp_path / "keys" / "installation.key"
    path.write_bytes(b"short")
    with pytest.raises(OSError, match="damaged"):
        InstallationKeys(tmp_path).sign("x", {})
