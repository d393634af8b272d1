"""What is looked for in every member of a package, whatever program it is for."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from app.guard.archive import Archive, Entry
from app.guard.limits import refusal
from app.guard.markup import Counts, Watcher, looks_like_markup, watch
from app.guard.pictures import HEAD, Pixels, is_picture

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"#!", b"PK\x03\x04", _OLE)
_PROGRAM_NAMES: Final = (
    *(".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".js", ".jse", ".vbs", ".vbe", ".wsf"),
    *(".hta", ".lnk", ".jar", ".msi", ".htm", ".html", ".mht", ".mhtml", ".swf", ".class", ".py", ".sh"),
)


class Members:
    """Runs over the members of one archive, with one count for all of them."""

    def __init__(self, archive: Archive, counts: Counts) -> None:
        self.archive = archive
        self.counts = counts
        self.pixels = Pixels()

    def look(self, entry: Entry, content_type: str, watcher: Watcher) -> None:
        """Look through a member: unpacked to its end, as markup where any program could read it so.

        :raise RuleBroken: with one of the guard's codes.
        """
        pieces = self.archive.pieces(entry)
        head = next(pieces, b"")
        name = entry.name.casefold()
        if "vbaproject" in name or "vbadata" in name:
            raise refusal("file.macros")
        if not head:
            return  # LibreOffice writes such members, whatever their names say
        if head.startswith(_FOREIGN) or name.endswith(_PROGRAM_NAMES):
            raise refusal("file.embedded")
        if is_picture(head):
            self._count_pixels(head, pieces)
        elif looks_like_markup(entry.name, content_type, head):
            watch(chain((head,), pieces), self.counts, watcher, is_loose=name.endswith(".vml"))
        for _ in pieces:
            pass

    def _count_pixels(self, head: bytes, pieces: Iterator[bytes]) -> None:
        held = bytearray(head)
        for piece in pieces:
            held += piece
            if len(held) >= HEAD:
                break
        self.pixels.add(bytes(held))
