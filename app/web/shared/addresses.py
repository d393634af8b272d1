"""Addresses of pages by the names of their routes, and of static files with a version in them."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from app.web.shared.route import Route

STATIC = Path(__file__).resolve().parent.parent / "static"
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")


class Addresses:
    """Route names to addresses. Looked up in a dictionary: a page asks for dozens."""

    def __init__(self, register: list[Route]) -> None:
        self._paths: dict[str, str] = {}
        for route in register:
            self._paths.setdefault(route.name, route.path.replace(":path}", "}"))

    def __call__(self, name: str, **values: Any) -> str:
        """The address of a route; values that are not part of the path become the query.

        :raise KeyError: for a name that no route has, or when a value of its path is not given.
        """
        path = self._paths[name]
        query = {}
        for key, value in values.items():
            field = f"{{{key}}}"
            if field in path:
                path = path.replace(field, quote(str(value), safe="/" if key == "spelling" else ""))
            elif value is not None:
                query[key] = str(value)
        if "{" in path:
            raise KeyError(f"{name} needs more: {path}")
        return f"{path}?{urlencode(query)}" if query else path


def own_path(wanted: str) -> str | None:
    """The path to lead somebody on to, or None when it is not one of ours.

    ``//host``, ``/\\host`` and paths with tabs or line breaks in them lead browsers to other sites.
    """
    return wanted if _OWN_PATH.fullmatch(wanted) else None


@cache
def static_address(path: str) -> str:
    """The address of a static file, with a hash of its content, so that browsers may keep it for a year.

    :raise FileNotFoundError: when there is no such file.
    """
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"
