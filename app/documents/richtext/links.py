"""Which addresses a link may have."""

import re
from typing import Final

_LONGEST: Final = 2000
_WEB = re.compile(
    r"https?://(?:[^\W_][\w.-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s<>\"\\^`{|}\[\]]*)?", re.IGNORECASE
)
_MAIL = re.compile(r"mailto:[^\s<>\"\\^`{|}\[\]@?]+@[\w.-]+(?:\?[^\s<>\"\\^`{|}\[\]]*)?", re.IGNORECASE)


def is_link(address: str) -> bool:
    """Whether the address is http, https or mailto, complete, and written so that Word and browsers agree.

    Everything else (``javascript:``, ``file:``, relative addresses, addresses with spaces) stays text.
    """
    if len(address) > _LONGEST or not address.isprintable():
        return False
    return bool(_WEB.fullmatch(address) or _MAIL.fullmatch(address))


def is_web_address(address: str) -> bool:
    """Whether the address is such a link, and not one to a mailbox."""
    return is_link(address) and not address[:7].casefold().startswith("mailto:")
