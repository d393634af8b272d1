"""The style sheets, scripts and fonts that we ship but did not write.

``python tools/vendor.py check`` (offline, part of the tests) says whether every file is the one the manifest names.
``python tools/vendor.py sync`` (a maintainer's step, needs npm) fetches the packages anew and writes their checksums.

To take a new version: change its number in ``app/web/static/vendor/manifest.json``, run sync, look at the pages, commit.
The files are committed so that installing Samstyr needs no network and no Node.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "app" / "web" / "static" / "vendor"
MANIFEST = "manifest.json"
# A name, never fetched; pictures drawn inside a style sheet need it.
SVG_NAMESPACE = b"http://www.w3.org/2000/svg"
LICENCE = "LICENSE"


def digest(content: bytes) -> str:
    """The checksum as subresource integrity writes it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def faults(vendor: Path) -> list[str]:
    """One sentence for every file that is missing, changed, unknown or without a licence; empty when all is well."""
    manifest = json.loads((vendor / MANIFEST).read_text(encoding="utf-8"))
    found: list[str] = []
    known = {vendor / MANIFEST}
    for package in manifest["packages"]:
        names = [entry["name"] for entry in package["files"]]
        if LICENCE not in names or not package.get("licence"):
            found.append(f"{package['name']} has no licence")
        for entry in package["files"]:
            path = vendor / package["folder"] / entry["name"]
            known.add(path)
            shown = path.relative_to(vendor)
            if not path.is_file():
                found.append(f"{shown} is missing")
                continue
            content = path.read_bytes()
            if digest(content) != entry.get("sha384"):
                found.append(f"{shown} is not the file that the manifest names")
            # A licence may name its authors' home; nothing that a browser runs may name any address.
            if (
                path.name != LICENCE
                and path.suffix in {".css", ".js"}
                and b"://" in content.replace(SVG_NAMESPACE, b"")
            ):
                found.append(f"{shown} names an outside address")
    found += [
        f"{path.relative_to(vendor)} is not in the manifest"
        for path in sorted(vendor.rglob("*"))
        if path.is_file() and path not in known
    ]
    return found


def _fetch(package: dict[str, Any], vendor: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = f"{package['name']}@{package['version']}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", folder, name],
            check=True,
            capture_output=True,
            text=True,
        )
        archive = Path(folder) / packed.stdout.split()[-1]
        checksum = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        # A published version never changes: the same number with other content is a reason to stop.
        if package.get("fetched") == package["version"] and package.get("archive") != checksum:
            raise SystemExit(f"{name} is not the package it was when it was last fetched")
        package["fetched"], package["archive"] = package["version"], checksum
        with tarfile.open(archive) as opened:
            for entry in package["files"]:
                source = opened.extractfile(f"package/{entry['from']}")
                if source is None:
                    raise SystemExit(f"{name} has no file {entry['from']}")
                content = source.read()
                target = vendor / package["folder"] / entry["name"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                entry["sha384"] = digest(content)


def sync(vendor: Path) -> None:
    """Fetch every package of the manifest and write the files and their checksums.

    :raise SystemExit: when a package lacks a file or is not what it was.
    """
    manifest = json.loads((vendor / MANIFEST).read_text(encoding="utf-8"))
    for package in manifest["packages"]:
        _fetch(package, vendor)
    (vendor / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    if arguments == ["sync"]:
        sync(VENDOR)
    elif arguments != ["check"]:
        print("usage: vendor.py sync | check", file=sys.stderr)
        return 2
    found = faults(VENDOR)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
