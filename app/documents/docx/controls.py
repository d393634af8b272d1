"""Content controls and bookmarks: how an edited file is led back to its case.

The contract (never changed without a new ``SamstyrFormat``): a block control ``sec:<key>`` around each part with a
bookmark ``sec_<key>`` on its heading; inside it ``proposal:<key>``, ``questions:<key>`` or ``advice:<key>`` around what
is proposed, asked or advised; an inline control ``meta:<field>`` in a bookmark ``meta_<field>`` for each field of the head.
"""

import re
from typing import Final

from app.documents.docx.xml import attribute, run

_LONGEST_TAG: Final = 64  # characters; Word's own limit
_LONGEST_BOOKMARK: Final = 40
_LONGEST_KEY: Final = 40


class Controls:
    """Hands out tags, names and numbers that occur once in a paper."""

    def __init__(self, first_control: int, first_bookmark: int) -> None:
        self.next_control = first_control
        self.next_bookmark = first_bookmark
        self.keys: set[str] = set()
        self.names: set[str] = set()

    def key(self, wanted: str) -> str:
        """The key of a part, or the same with a number when the paper has it already."""
        base = re.sub(r"[^a-z0-9-]+", "-", wanted.casefold()).strip("-")[:_LONGEST_KEY] or "part"
        key, number = base, 1
        while key in self.keys:
            number += 1
            key = f"{base}-{number}"
        self.keys.add(key)
        return key

    def block(self, tag: str, alias: str, *, locked: bool = False) -> str:
        """The beginning of a control around whole paragraphs; ``BLOCK_END`` ends it."""
        return f"<w:sdt>{self._properties(tag, alias, locked=locked)}<w:sdtContent>"

    def field(self, name: str, alias: str, value: str, look: str = "") -> str:
        """A field of the head: its control in its bookmark."""
        number = self.next_bookmark
        self.next_bookmark += 1
        # LibreOffice drops the look of a plain-text control, so one with a look of its own is a rich-text control.
        kind = "" if look else "<w:text/>"
        properties = self._properties(f"meta:{name}", alias, locked=True, kind=kind, look=look)
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="meta_{name}"/><w:sdt>{properties}<w:sdtContent>'
            f'{run(value, look)}</w:sdtContent></w:sdt><w:bookmarkEnd w:id="{number}"/>'
        )

    def heading(self, key: str, runs: str) -> str:
        """The runs of a part's heading in their bookmark."""
        number = self.next_bookmark
        self.next_bookmark += 1
        whole = f"sec_{key.replace('-', '_')}"
        name = whole[:_LONGEST_BOOKMARK]
        if name in self.names:  # keys that differ only at their end, or in a hyphen
            name = f"{whole[: _LONGEST_BOOKMARK - 5]}_{number}"
        self.names.add(name)
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'

    def _properties(self, tag: str, alias: str, *, locked: bool, kind: str = "", look: str = "") -> str:
        number = self.next_control
        self.next_control += 1
        named = f'<w:alias w:val="{attribute(alias, _LONGEST_TAG)}"/>' if alias.strip() else ""
        lock = '<w:lock w:val="sdtLocked"/>' if locked else ""
        return (
            f'<w:sdtPr>{look}{named}<w:tag w:val="{attribute(tag, _LONGEST_TAG)}"/><w:id w:val="{number}"/>'
            f"{lock}{kind}</w:sdtPr>"
        )


BLOCK_END: Final = "</w:sdtContent></w:sdt>"
