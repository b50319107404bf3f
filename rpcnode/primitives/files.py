"""Files whose paths somebody else chose: regular ones only, and those that we make are for their owner alone."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_OWNER_ONLY: Final = 0o600
_READING: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_MAKING: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_regular(path: Path) -> BinaryIO:
    """A regular file, to be read. Raises OSError for anything else: a pipe would be waited for, a device has no end."""
    # Looked at before it is opened, since that alone does something to some devices, and once more after it.
    _check_regular(path.stat())
    descriptor = os.open(path, _READING)
    try:
        _check_regular(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def make_private(path: Path) -> BinaryIO:
    """A new file, to be written, that its owner alone may read, whatever the umask. Raises OSError if it exists."""
    return os.fdopen(os.open(path, _MAKING, _OWNER_ONLY), "wb")


def check_replaceable(path: Path) -> None:
    """Raises OSError for what a regular file must not take the place of, as a device; a file, or nothing, is fine."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    _check_regular(found)


def _check_regular(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
