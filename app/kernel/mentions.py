"""Whether a stored value speaks of somebody."""

from collections.abc import Collection, Iterator
from typing import Any


def mentions(value: Any, words: Collection[str]) -> bool:
    """Whether one of the words stands in a value as JSON holds it, however it is capitalised. Empty words stand nowhere."""
    sought = [word.casefold() for word in words if word.strip()]
    return any(word in text.casefold() for text in _strings(value) for word in sought)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _strings(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value
