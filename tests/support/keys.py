"""Pages without the keys of their forms, which are new every time a page is shown."""

import re

_KEY = re.compile(r'<input type="hidden" name="idempotency_key" value="[A-Za-z0-9_-]+" autocomplete="off">')


def without_keys(page: str) -> str:
    """The page as it compares with itself."""
    return _KEY.sub("", page)
