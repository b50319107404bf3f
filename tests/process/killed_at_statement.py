"""Loads a fixture into a database file and kills itself, with SIGKILL, as the given SQL statement begins.

`python killed_at_statement.py DB FIXTURE NUMBER`; with the number 0 it goes through and prints how many there were.
"""

import os
import signal
import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rpcnode.node import Node
from rpcnode.options import NodeOptions

db, fixture, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
statements = 0


def count(statement: str) -> None:
    global statements  # noqa: PLW0603  # a script's own counter
    statements += 1
    if statements == last:
        os.kill(os.getpid(), signal.SIGKILL)


class CountedConnection(sqlite3.Connection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.set_trace_callback(count)


sqlite3.connect = partial(sqlite3.connect, factory=CountedConnection)  # type: ignore[assignment]
Node(NodeOptions(fixtures=(fixture,), db=db)).close()
print(statements)
