"""Files that leave: always saved by the browser, never shown as pages of ours."""

from pathlib import Path
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import FileResponse

from app.files.rules import safe_file_name

_HEADERS = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def attachment_disposition(file_name: str) -> str:
    """The Content-Disposition of RFC 6266: a plain name for old programs, and the real one."""
    name = safe_file_name(file_name)
    plain = "".join(
        character if character.isascii() and character not in '"\\%' else "_" for character in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download_bytes(data: bytes, media_type: str, file_name: str) -> Response:
    """Answer with a file that was just made."""
    headers = _HEADERS | {"content-disposition": attachment_disposition(file_name)}
    return Response(data, media_type=media_type, headers=headers)


def download_path(path: Path, media_type: str, file_name: str) -> Response:
    """Answer with a stored file, under the media type that we found ourselves."""
    headers = _HEADERS | {"content-disposition": attachment_disposition(file_name)}
    return FileResponse(path, media_type=media_type, headers=headers)
