"""A ZIP file read by its own records, so that what we checked is what every other program will find in it.

Programs disagree about ZIP files whose records contradict each other. Here every byte belongs to exactly one record: the
first entry begins at 0, each next one where the one before ends, the directory after the last, and the file ends with
the directory's end record. Entries are unpacked in pieces, and real bytes are counted, whatever the directory says.
"""

import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from app.guard.limits import MOST_ENTRIES, MOST_INFLATED, RATIO, RATIO_FROM, refusal

STORED: Final = 0
DEFLATED: Final = 8
_END: Final = struct.Struct("<4s4H2LH")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_DESCRIBED: Final = 0x0008  # sizes stand behind the data, as programs write that cannot go back
_UTF8: Final = 0x0800
_OTHER_NAME: Final = 0x7075
_PIECE: Final = 1 << 16
_MANY: Final = 0xFFFF
_MUCH: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of the archive. ``start`` is where its packed bytes begin."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int

    @property
    def is_folder(self) -> bool:
        """Whether it names a folder and holds nothing."""
        return self.name.endswith("/")


class Archive:
    """The entries of a ZIP file in the order of its directory.

    :raise RuleBroken: ``file.broken``, ``file.disguised``, ``file.encrypted`` or ``file.bomb``.
    """

    def __init__(self, source: BinaryIO, *, most: int = MOST_INFLATED) -> None:
        self._source = source
        self.length = source.seek(0, 2)
        self._most = most + self.length  # pictures and film do not shrink
        self._counted: set[str] = set()
        self._inflated = 0
        self.entries = self._entries()
        self.named = {entry.name: entry for entry in self.entries}

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """The unpacked bytes, as long as they keep to what the directory says of them.

        :raise RuleBroken: ``file.broken`` when they do not, ``file.bomb`` when they are far more than they should be.
        """
        first = entry.name not in self._counted
        self._counted.add(entry.name)
        produced = check = 0
        for piece in self._unpacked(entry):
            produced += len(piece)
            check = zlib.crc32(piece, check)
            if first:
                self._inflated += len(piece)
            if produced > max(RATIO_FROM, RATIO * entry.packed) or self._inflated > self._most:
                raise refusal("file.bomb")
            if produced > entry.size:
                raise refusal("file.broken")
            yield piece
        if produced != entry.size or check != entry.crc:
            raise refusal("file.broken")

    def read(self, entry: Entry, limit: int) -> bytes:
        """The whole entry.

        :raise RuleBroken: ``file.too_long`` when it is larger than ``limit``.
        """
        if entry.size > limit:
            raise refusal("file.too_long")
        return b"".join(self.pieces(entry))

    def packed(self, entry: Entry) -> Iterator[bytes]:
        """The bytes as they lie in the file."""
        place, end = entry.start, entry.start + entry.packed
        while place < end:
            self._source.seek(place)
            piece = self._source.read(min(_PIECE, end - place))
            if not piece:
                raise refusal("file.broken")
            place += len(piece)
            yield piece

    def _unpacked(self, entry: Entry) -> Iterator[bytes]:
        if entry.method == STORED:
            yield from self.packed(entry)
            return
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for packed in self.packed(entry):
                rest = packed
                while rest:
                    piece = engine.decompress(rest, _PIECE)
                    rest = engine.unconsumed_tail
                    if piece:
                        yield piece
                    elif engine.eof:
                        break
            while piece := engine.decompress(engine.unconsumed_tail, _PIECE):
                yield piece
        except zlib.error as error:
            raise refusal("file.broken") from error
        if not engine.eof or engine.unused_data:
            raise refusal("file.broken")

    def _at(self, place: int, length: int) -> bytes:
        self._source.seek(place)
        data = self._source.read(length)
        if len(data) != length:
            raise refusal("file.broken")
        return data

    def _entries(self) -> tuple[Entry, ...]:
        self._source.seek(0)
        if self._source.read(4) != b"PK\x03\x04":
            raise refusal("file.type_disagrees")
        if self.length < _END.size:
            raise refusal("file.broken")
        directory_end = self.length - _END.size
        mark, disk, start_disk, here, in_all, size, start, comment = _END.unpack(
            self._at(directory_end, _END.size)
        )
        if mark != b"PK\x05\x06":
            raise refusal("file.disguised" if self._has_end_record() else "file.broken")
        if disk or start_disk or here != in_all or in_all == _MANY or _MUCH in {size, start}:
            raise refusal("file.broken")
        if comment or start + size != directory_end:
            raise refusal("file.disguised")
        if in_all > MOST_ENTRIES:
            raise refusal("file.bomb")
        entries, ends = [], []
        place = start
        for _ in range(in_all):
            entry, offset, place = self._central(place)
            entries.append(entry)
            ends.append((offset, entry.start + entry.packed, entry))
        if place != directory_end:
            raise refusal("file.broken")
        self._follow_each_other(ends, start)
        _require_plain_names(entries)
        if sum(entry.size for entry in entries) > self._most:
            raise refusal("file.bomb")
        return tuple(entries)

    def _has_end_record(self) -> bool:
        self._source.seek(max(0, self.length - _PIECE))
        return b"PK\x05\x06" in self._source.read(_PIECE)

    def _central(self, place: int) -> tuple[Entry, int, int]:
        fields = _CENTRAL.unpack(self._at(place, _CENTRAL.size))
        mark, _by, _needed, flags, method, _time, _date, crc, packed, size, named, extra, comment = fields[
            :13
        ]
        disk, _inner, _outer, offset = fields[13:]
        if mark != b"PK\x01\x02" or disk or _MUCH in {packed, size, offset}:
            raise refusal("file.broken")
        if flags & _ENCRYPTED:
            raise refusal("file.encrypted")
        if method not in {STORED, DEFLATED} or (method == STORED and packed != size):
            raise refusal("file.broken")
        raw_name = self._at(place + _CENTRAL.size, named)
        _require_one_name(self._at(place + _CENTRAL.size + named, extra))
        start = self._local(offset, raw_name, flags, method)
        try:
            name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437")
        except UnicodeDecodeError as error:
            raise refusal("file.broken") from error
        entry = Entry(name, raw_name, flags, method, crc, packed, size, start)
        return entry, offset, place + _CENTRAL.size + named + extra + comment

    def _local(self, offset: int, raw_name: bytes, flags: int, method: int) -> int:
        mark, _needed, own_flags, own_method, _time, _date, _crc, _packed, _size, named, extra = (
            _LOCAL.unpack(self._at(offset, _LOCAL.size))
        )
        _require_one_name(self._at(offset + _LOCAL.size + named, extra))
        same = own_method == method and (own_flags ^ flags) & (_ENCRYPTED | _DESCRIBED) == 0
        start: int = offset + _LOCAL.size + named + extra
        if mark != b"PK\x03\x04" or not same or self._at(offset + _LOCAL.size, named) != raw_name:
            raise refusal("file.broken")
        return start

    def _follow_each_other(self, ends: list[tuple[int, int, Entry]], directory: int) -> None:
        expected = 0
        for offset, end, entry in sorted(ends, key=lambda each: each[0]):
            if offset != expected:
                raise refusal("file.disguised" if offset > expected else "file.broken")
            expected = end + (self._descriptor(end, entry) if entry.flags & _DESCRIBED else 0)
        if expected != directory:
            raise refusal("file.disguised" if expected < directory else "file.broken")

    def _descriptor(self, place: int, entry: Entry) -> int:
        """The length of the record behind the data, with or without its mark, in either width."""
        for mark in (b"PK\x07\x08", b""):
            for width in ("LL", "QQ"):
                try:
                    record = mark + struct.pack(f"<L{width}", entry.crc, entry.packed, entry.size)
                except struct.error:
                    continue
                self._source.seek(place)
                if self._source.read(len(record)) == record:
                    return len(record)
        raise refusal("file.broken")


def _require_one_name(extra: bytes) -> None:
    """Refuse an entry that gives itself a second name, which some programs believe and others do not."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == _OTHER_NAME:
            raise refusal("file.broken")
        place += 4 + length


def _require_plain_names(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.name
        folded = unicodedata.normalize("NFC", name).casefold()
        steps = name.removesuffix("/").split("/")
        if (
            any(step in {"", ".", ".."} for step in steps)
            or "\\" in name
            or ":" in name
            or any(ord(sign) < 32 for sign in name)
            or "%2e%2e" in folded
            or "%2f" in folded
            or "%5c" in folded
            or folded in seen
            or (entry.is_folder and entry.size)
        ):
            raise refusal("file.broken")
        seen.add(folded)


def write_copy(archive: Archive, changed: dict[str, bytes], target: BinaryIO) -> None:
    """Write the archive anew with other content for some entries; the rest is copied as it is packed."""
    directory = []
    place = 0
    for entry in archive.entries:
        if entry.name in changed:
            content = changed[entry.name]
            engine = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
            content_packed = engine.compress(content) + engine.flush()
            method, crc, size, packed = DEFLATED, zlib.crc32(content), len(content), len(content_packed)
            pieces: Iterator[bytes] = iter((content_packed,))
        else:
            method, crc, size, packed = entry.method, entry.crc, entry.size, entry.packed
            pieces = archive.packed(entry)
        flags = entry.flags & _UTF8
        shared = (20, flags, method, 0, 0x21, crc, packed, size, len(entry.raw_name), 0)
        target.write(_LOCAL.pack(b"PK\x03\x04", *shared) + entry.raw_name)
        for piece in pieces:
            target.write(piece)
        directory.append(_CENTRAL.pack(b"PK\x01\x02", 20, *shared, 0, 0, 0, 0, place) + entry.raw_name)
        place += _LOCAL.size + len(entry.raw_name) + packed
    for record in directory:
        target.write(record)
    count, size = len(directory), sum(map(len, directory))
    target.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, place, 0))
