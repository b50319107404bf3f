"""A chain in a file that another process of the same node writes."""

from pathlib import Path

from rpcnode.chain.db.store import Store, connect

_MOST_WAITED_MS = 5_000  # for a lock: while a log is taken up that a killed process left


class ReadingStore(Store):
    """Shows the chain as it was when it was last told to look, and is never written."""

    def __init__(self, path: Path) -> None:
        """Raises sqlite3.Error for a file that cannot be read."""
        # Never makes the file: beside an empty one SQLite deletes the log, with the blocks in it.
        connection = connect(f"{path.absolute().as_uri()}?mode=rw", is_uri=True)
        connection.execute(f"PRAGMA busy_timeout = {_MOST_WAITED_MS}")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -65536")
        super().__init__(connection, None, is_new=False)
        self.look_again()

    def look_again(self) -> None:
        """Shows from now on what is committed now, and nothing that comes later."""
        self.look_away()
        self.connection.execute("BEGIN")
        self.connection.execute("SELECT 1 FROM chain_meta").fetchone()

    def look_away(self) -> None:
        """Holds on to nothing until it looks again, so that the file's log can be emptied."""
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")
