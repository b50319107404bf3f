"""What would have stopped a real node, or its plugin, and was left out here: docs/stopped.md."""

import logging
import sqlite3
from collections.abc import Iterator
from typing import Final

from rpcnode.chain.db.migrations import Migration, Migrations
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

log = logging.getLogger("rpcnode.plugin")

SURVIVED_MIGRATIONS: Final = Migrations(
    "Survived",
    (
        Migration(
            "m001_survived",
            (
                """CREATE TABLE plugin_survived (
                    block_index INTEGER NOT NULL, plugin TEXT NOT NULL, contract BLOB NOT NULL, what TEXT NOT NULL,
                    real_node TEXT NOT NULL, PRIMARY KEY (block_index, plugin, contract, what)
                ) WITHOUT ROWID""",
            ),
        ),
    ),
)

_NOTE: Final = "INSERT OR IGNORE INTO plugin_survived VALUES (?, ?, ?, ?, ?)"
_NEWEST: Final = """
    SELECT block_index, plugin, contract, what, real_node FROM plugin_survived
    ORDER BY block_index DESC, plugin DESC, contract DESC, what DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Survival:
    """What a contract did in a block, and what a real node does then; whole sentences, without their full stops."""

    block_index: int
    plugin: str
    contract: UInt160
    what: str
    real_node: str


class Survived:
    """The list of one chain; part of it, so that it goes with blocks that are taken back."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def note(self, survival: Survival) -> None:
        """Lists it and logs one line; what is listed already is neither again. Inside a block's transaction only."""
        row = (survival.block_index, survival.plugin, survival.contract, survival.what, survival.real_node)
        if self._db.execute(_NOTE, row).rowcount:
            log.warning(
                "%s: block %d, token %s: %s; %s",
                survival.plugin,
                survival.block_index,
                survival.contract,
                survival.what,
                survival.real_node,
            )

    def count(self) -> int:
        """How many there are."""
        (count,) = self._db.execute("SELECT count(*) FROM plugin_survived").fetchone()
        return int(count)

    def newest(self, limit: int) -> Iterator[Survival]:
        """The last `limit` of them, the newest first."""
        for block_index, plugin, contract, what, real_node in self._db.execute(_NEWEST, (limit,)):
            yield Survival(block_index, plugin, UInt160(contract), what, real_node)

    def clear(self, plugin: str) -> None:
        """Forgets those of a plugin, which is to be fed every block again."""
        self._db.execute("DELETE FROM plugin_survived WHERE plugin = ?", (plugin,))
