"""The manifest of a backup, and how operators speak of number series."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from app.kernel.errors import SamstyrError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMPS: Final = {"sqlite": "samstyr.db", "postgresql": "samstyr.pgdump"}
FOLDER: Final = re.compile(r"samstyr-\d{8}T\d{6}Z(-\d+)?")
_FILE: Final = re.compile(r"[0-9a-f]{64}")
_KEY: Final = re.compile(r"(keys/)?[^/\\\x00]+\.key")
HIGHEST_TOLD: Final = 999_999
_HIGHEST: Final = re.compile(r"(?P<series>[a-z0-9-]+(:[^=:]*)?(:\d{4}|:)?)=(?P<number>\d{1,6})")


class BackupRefused(SamstyrError):
    """It cannot be copied or put back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Series:
    """A number series as an operator names it: ``skate:2026``, ``sts:PS:2026``, ``kommit`` when it never restarts."""

    forum: str
    prefix: str
    period: str
    last: int

    @property
    def name(self) -> str:
        """What stands before the equals sign of ``--highest``."""
        parts = [self.forum, *([self.prefix] if self.prefix else []), *([self.period] if self.period else [])]
        return ":".join(parts) + (":" if self.prefix and not self.period else "")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, so that it can be checked without being put back."""

    format: int
    version: str
    taken_at: str  # ISO 8601, UTC
    database: str  # sqlite or postgresql
    revision: str  # the migration that the database was at
    dump: str  # its SHA-256
    dump_size: int  # bytes
    counts: dict[str, int]  # rows of each table
    record_seq: int  # the last entry of the record
    record_hash: str
    files: dict[str, int]  # SHA-256 of each stored file, and its bytes
    keys: dict[str, str]  # name and SHA-256 of each key of the installation
    damaged: list[str] = field(
        default_factory=list
    )  # files that were missing or changed in the store already
    series: list[Series] = field(default_factory=list)
    forums: dict[str, str] = field(default_factory=dict)  # key of each active forum: year, or never

    @property
    def moment(self) -> datetime:
        """When the backup was begun: everything committed before it is in it."""
        return datetime.fromisoformat(self.taken_at)


def written(manifest: Manifest) -> str:
    """The manifest as a file."""
    return json.dumps(asdict(manifest), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read(text: str) -> Manifest:
    """A manifest from its file.

    :raise BackupRefused: when it is no manifest, or of a newer kind.
    """
    try:
        told: dict[str, Any] = json.loads(text)
        if int(told["format"]) > FORMAT:
            raise BackupRefused("The backup was made by a newer Samstyr. Restore it with that version.")
        told["series"] = [Series(**each) for each in told["series"]]
        manifest = Manifest(**{each.name: told[each.name] for each in fields(Manifest)})
        names = (*manifest.files, *manifest.damaged)
        # They become paths: one that leads elsewhere would be written there.
        if not all(map(_FILE.fullmatch, names)) or not all(map(_KEY.fullmatch, manifest.keys)):
            raise ValueError("the name of a file is none of ours")
        if manifest.database not in DUMPS:
            raise ValueError("no kind of database that we know")
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused(f"{MANIFEST} is not whole. Take another backup.") from error


def series_to_ask(manifest: Manifest, year: int) -> list[Series]:
    """The series from which numbers may have been given between the backup and now.

    Those of the year of the backup and later, those that never restart, and for each forum the years that had not begun.
    """
    first = manifest.moment.year
    asked = [each for each in manifest.series if not each.period or int(each.period) >= first]
    known = {(each.forum, each.period) for each in asked}
    for forum, restarts in manifest.forums.items():
        periods = [str(each) for each in range(first, year + 1)] if restarts == "year" else [""]
        asked += [Series(forum, "", period, 0) for period in periods if (forum, period) not in known]
    return sorted(asked, key=lambda each: (each.forum, each.prefix, each.period))


def parse_highest(given: Iterable[str], manifest: Manifest) -> dict[str, int]:
    """What ``--highest NAME=NUMBER`` says, by the name of the series.

    :raise BackupRefused: for what is not of that form, or names no forum of the backup.
    """
    highest = {}
    for each in given:
        match = _HIGHEST.fullmatch(each)
        if match is None:
            raise BackupRefused(f"{each} is not like skate:2026=21.")
        if match["series"].split(":")[0] not in manifest.forums:
            raise BackupRefused(f"The backup has no active forum {match['series'].split(':')[0]}.")
        number = int(match["number"])
        last = next((series.last for series in manifest.series if series.name == match["series"]), 0)
        if number < last:
            raise BackupRefused(f"{match['series']} has given {last} already. Say {last} or a higher number.")
        highest[match["series"]] = number
    return highest


def series_named(name: str) -> Series:
    """The series of a name, as ``Series.name`` writes it; its last number is not known."""
    forum, *rest = name.split(":")
    period = rest.pop() if rest and re.fullmatch(r"\d{4}|", rest[-1]) else ""
    return Series(forum, rest[0] if rest else "", period, 0)


def differing_counts(told: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """What to say of tables that do not have the rows they should."""
    return [
        f"table {name} has {found.get(name, 0)} rows instead of {count}"
        for name, count in sorted(told.items())
        if found.get(name, 0) != count
    ]
