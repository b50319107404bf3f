"""A progress bar on a terminal, for work that takes longer than people like to wait."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import IO, Final

from rpcnode.primitives.progress import work

SILENT_S: Final = 2.0
"""Work that is done by then has no bar."""

_REDRAWN_S: Final = 0.1
_USUAL_COLUMNS: Final = 80
_ROWS: Final = 20  # more than one bar needs
_COUNTED: Final = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}]"
_UNCOUNTED: Final = "{desc} [{elapsed}]"


def wants_bar(options: argparse.Namespace) -> bool:
    """Whether there is somebody to look at one: a terminal, and no wish for quiet or for lines that programs read."""
    is_wished = not (getattr(options, "quiet", False) or getattr(options, "log_json", False))
    return is_wished and sys.stderr.isatty()


@contextmanager
def progress_bar(*, is_shown: bool, silent_s: float = SILENT_S) -> Iterator[None]:
    """Shows on stderr how far the work in hand is, until it is done; nothing is left of it then."""
    if not is_shown:
        yield
        return
    work.begin("starting")
    done = Event()
    # A thread: work that has the processor for long gives it up now and then, without knowing of a bar.
    thread = Thread(target=_show, args=(done, sys.stderr, silent_s), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _columns(stream: IO[str]) -> int:
    """The width of a terminal; one that does not know its own is taken for an old one."""
    try:
        return (os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS) - 1
    except (OSError, ValueError):
        return _USUAL_COLUMNS - 1


def _show(done: Event, stream: IO[str], silent_s: float) -> None:
    began = time.time()
    if done.wait(silent_s):
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread of its own: this one redraws
    while not done.is_set():
        what, total = work.what, work.total
        with tqdm(
            desc=what,
            total=total,
            file=stream,
            leave=False,
            ncols=_columns(stream),
            nrows=_ROWS,
            bar_format=_UNCOUNTED if total is None else _COUNTED,
        ) as bar:
            bar.start_t, began = began, time.time()
            while not done.is_set() and (work.what, work.total) == (what, total):
                bar.n = work.done
                bar.refresh()
                done.wait(_REDRAWN_S)
