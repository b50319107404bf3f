"""The chain as a reader sees it: after one commit, until there is a newer one and no call is at work on the old."""

import sqlite3
from typing import Final

from rpcnode.chain.db.reading_store import ReadingStore
from rpcnode.chain.db.storage_failures import storage_failure, tell
from rpcnode.node import Node
from rpcnode.workers.state_page import ASKS, COMMITS, StatePage

_NEVER: Final = -1


class View:
    """What a reader's node shows. `number` grows whenever it shows something else."""

    def __init__(self, node: Node, store: ReadingStore, page: StatePage) -> None:
        self._node = node
        self._store = store
        self._page = page
        self._numbers = page.numbers
        self._commits = self._times_back = _NEVER
        self._holders = 0
        self.number = 0

    def is_current(self) -> bool:
        """Has the node show the newest commit, and tells whether it may answer; false: ask the writer."""
        numbers = self._numbers
        if numbers[ASKS]:
            return False
        return numbers[COMMITS] == self._commits or (self._holders == 0 and self._renew())

    def hold(self) -> None:
        """Keeps what is shown as it is, until as many `release`."""
        self._holders += 1

    def release(self) -> None:
        """Undoes one `hold`."""
        self._holders -= 1

    def look_away(self) -> None:
        """Lets go of the database where there is a newer commit, so that its log can be emptied."""
        if self._holders == 0 and self._page.commits != self._commits:
            self._commits = _NEVER
            self._store.look_away()

    def _renew(self) -> bool:
        """Shows the newest commit; false where that cannot be done now."""
        node, page = self._node, self._page
        before = page.commits, page.times_back
        self._commits = _NEVER
        if before[0] % 2:
            return False
        try:
            self._store.look_again()
        except sqlite3.Error as error:
            failure = storage_failure(error)
            if failure is None:
                raise
            tell(failure)
            return False
        if (page.commits, page.times_back) != before:
            return False  # what is shown might be of another chain than the number says
        only_grew = page.times_back == self._times_back and not node.followers.has_other_lags()
        self._times_back = _NEVER
        if only_grew:
            node.ledger.take_up_growth()
            node.followers.grown()
        else:
            node.ledger.reload()
        self._commits, self._times_back = before
        self.number += 1
        return True
