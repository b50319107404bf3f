"""From the path of a value to its line. Files are read again for it, since only errors ask."""

from pathlib import Path

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.file import format_of, read_text
from rpcnode.dev.places.path import steps_of


def locate(file: Path, where: str) -> int | None:
    """The line, counted from 1, of the value at a path such as `blocks[1].transactions[0]`.

    Of a value that is not there it is the line of the innermost one around it that is, and None without any. None too
    when the file cannot be read.
    """
    wanted = steps_of(where)
    depth, found = 0, None
    try:
        for steps, line in format_of(file).positions(read_text(file)):
            if len(steps) > depth and steps == wanted[: len(steps)]:
                depth, found = len(steps), line
                if depth == len(wanted):
                    break
    except FixtureError:
        return None
    return found
