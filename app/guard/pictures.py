"""How many pixels a picture unpacks to, read from its head alone."""

import io
from typing import Final

import imagesize

from app.guard.limits import MOST_PIXELS, MOST_PIXELS_IN_ALL, refusal

HEAD: Final = 1 << 20  # bytes; a camera may put this much before the size
_MAGIC: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")


def is_picture(head: bytes) -> bool:
    """Whether the bytes begin like a picture made of pixels."""
    return head.startswith(_MAGIC)


class Pixels:
    """Counts the pixels of a file."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, head: bytes) -> bool:
        """Count a picture by its first bytes; answers whether its size was found.

        :raise RuleBroken: ``file.too_many_pixels``.
        """
        try:
            width, height = imagesize.get(io.BytesIO(head))
        except Exception:  # the library raises whatever it stumbles over in hostile bytes
            return False
        if width <= 0 or height <= 0:
            return False
        pixels = int(width) * int(height)
        self.total += pixels
        if pixels > MOST_PIXELS or self.total > MOST_PIXELS_IN_ALL:
            raise refusal("file.too_many_pixels")
        return True
