"""What we ship from others is what the manifest says, with licences and without outside addresses."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "app" / "web" / "static"


def _load() -> ModuleType:
    specification = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


vendor = _load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    target = tmp_path / "vendor"
    shutil.copytree(STATIC / "vendor", target)
    return target


def test_what_is_committed_is_what_the_manifest_names(copy: Path) -> None:
    assert vendor.faults(STATIC / "vendor") == []
    assert vendor.faults(copy) == []


@pytest.mark.parametrize("name", ["htmx/htmx.min.js", "designsystemet/theme.css", "inter/LICENSE"])
def test_one_changed_byte_is_seen(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    assert vendor.faults(copy) == [f"{name} is not the file that the manifest names"]


def test_a_missing_an_unknown_and_a_licenceless_file_are_seen(copy: Path) -> None:
    (copy / "htmx" / "hx-sse.min.js").unlink()
    (copy / "htmx" / "extra.js").write_text("1")
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"licence": "MIT"', '"licence": ""'))
    assert vendor.faults(copy) == [
        "htmx/hx-sse.min.js is missing",
        "@digdir/designsystemet-css has no licence",
        "htmx/extra.js is not in the manifest",
    ]


def test_a_script_with_an_outside_address_is_seen(copy: Path) -> None:
    """Even one that the manifest names: a sync must not bring in something that calls home."""
    path = copy / "htmx" / "htmx.min.js"
    content = path.read_bytes() + b"\n//# sourceMappingURL=https://example.org/x.map"
    before = vendor.digest(path.read_bytes())
    path.write_bytes(content)
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace(before, vendor.digest(content)))
    assert vendor.faults(copy) == ["htmx/htmx.min.js names an outside address"]


def test_our_own_style_sheets_and_pictures_fetch_nothing_from_outside() -> None:
    own = [path for folder in ("css", "img") for path in (STATIC / folder).iterdir()]
    assert own
    for path in own:
        text = path.read_bytes().replace(vendor.SVG_NAMESPACE, b"")
        assert b"://" not in text, path.name
