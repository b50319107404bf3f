"""A fixture file's data, as yet unchecked: YAML, JSON or TOML by its suffix, and any of them compressed (`.gz`)."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.limits import MAX_FILE_SIZE
from rpcnode.dev.places.path import Position
from rpcnode.primitives.files import open_regular
from rpcnode.primitives.json import Json


class Format(Protocol):
    """What the module of a format can do."""

    def load(self, text: str, file: Path) -> Json:
        """The data in `text`; raises FixtureError, which names `file` and the line."""

    def positions(self, text: str) -> Iterator[Position]:
        """Every value in `text`, which `load` took, with its line."""


def read_plain(file: Path) -> Json:
    """The data in a file: no key twice in a mapping, no number that JSON has not.

    Raises FixtureError for a file that cannot be read, is not in the format that its suffix names, or holds more than
    file_limits.py allows.
    """
    return format_of(file).load(read_text(file), file)


def format_of(file: Path) -> Format:
    """The module that reads files with that suffix. Each is loaded only when it is needed.

    Raises FixtureError for another suffix, or for a path at which there is no file.
    """
    try:
        is_folder, is_there = file.is_dir(), file.exists()
    except (OSError, ValueError) as error:
        raise FixtureError(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if is_folder:
        raise FixtureError(file, "a folder; a file is expected")
    suffixes = [suffix.lower() for suffix in file.suffixes if suffix.lower() != ".gz"]
    match suffixes[-1:]:
        case [".yaml" | ".yml"]:
            from rpcnode.dev.places import yaml_file

            return yaml_file
        case [".json"]:
            from rpcnode.dev.places import json_file

            return json_file
        case [".toml"]:
            from rpcnode.dev.places import toml_file

            return toml_file
    if not is_there:
        raise FixtureError(file, "cannot be read: No such file or directory")
    right = "a fixture's name ends in .yaml, .yml, .json, .toml or .acc, then .gz if compressed"
    raise FixtureError(file, f"of unknown format; {right}")


def read_text(file: Path) -> str:
    """The text of a file, decompressed; raises FixtureError if it cannot be read, is too large or is not UTF-8."""
    try:
        with open_regular(file) as plain:
            stream = gzip.GzipFile(fileobj=plain) if file.suffix.lower() == ".gz" else plain
            content = stream.read(MAX_FILE_SIZE + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FixtureError(file, f"cannot be decompressed: {error}") from None
    except (OSError, ValueError) as error:
        raise FixtureError(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MAX_FILE_SIZE:
        raise FixtureError(file, f"larger than {MAX_FILE_SIZE // 1024 // 1024} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = content[error.start]
        raise FixtureError(file, f"not UTF-8: the byte {found:#04x} stands where none can", line=line) from None
