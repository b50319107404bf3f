"""The files that pages load, from the package: style, scripts, the icon."""

from importlib.resources import files
from pathlib import PurePosixPath
from typing import Final

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOLDER: Final = "assets"


def page_file(name: str) -> tuple[bytes, str] | None:
    """A file's bytes and type; None for what is none of them."""
    kind = _TYPES.get(PurePosixPath(name).suffix)
    if kind is None:
        return None
    for file in files(__package__).joinpath(_FOLDER).iterdir():
        if file.name == name:
            return file.read_bytes(), kind
    return None
