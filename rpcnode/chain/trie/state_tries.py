"""The state trie of a chain after any of its blocks: built when it is first asked for, brought up when asked again."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from rpcnode.chain.chain_reader import ChainReader
from rpcnode.chain.db.execution_rows import settled_index
from rpcnode.chain.db.storage import StorageAt
from rpcnode.chain.db.storage_changes import Place, newest_change, places_changed, rows_now, values_overwritten
from rpcnode.chain.trie.trie import Trie
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.chain.executed.stretch import Stretch

Value = TypeVar("Value", bytes, bytes | None)

_KEPT: Final = 16
"""Tries that are kept, those asked for last; they share what they have in common."""

MOST_SEARCHED: Final = 20_000
"""Empty blocks, the newest, among which a root is searched that nobody has asked for: some 3 s."""

_MOST_ROOTS: Final = 5 * MOST_SEARCHED
"""Roots of empty blocks that are kept, those worked out last."""

_BEFORE_ALL: Final = -1
"""Stands for the block before the first that changed anything."""


class StateTries:
    """The tries of one executed chain, worked out from its rows and from what its blocks overwrote.

    Nothing is stored, and blocks are not followed: what they changed is in the chain. What empty blocks changed that
    nobody stored is worked out of the trie before them. When blocks are taken back or the chain is another one,
    `forget` it all.
    """

    def __init__(self, chain: ChainReader) -> None:
        self._chain: Final = chain
        self._tries: Final[dict[int, Trie]] = {}
        self._roots: Final[dict[int, UInt256]] = {}
        self._passed_tries: Final[dict[int, Trie]] = {}
        self._passed_roots: Final[dict[int, UInt256]] = {}
        self._blocks: Final[dict[UInt256, int]] = {}
        self._stretch: Stretch | None = None
        self._searched = _BEFORE_ALL  # the block up to which all roots of stored blocks are known
        self._times_forgotten = 0

    def forget(self) -> None:
        """All that was worked out is of a chain that is no more."""
        self._tries.clear()
        self._roots.clear()
        self._passed_tries.clear()
        self._passed_roots.clear()
        self._blocks.clear()
        self._stretch = None
        self._searched = _BEFORE_ALL
        self._times_forgotten += 1

    def root_hash(self, block_index: int) -> UInt256:
        """The state root after a block of the chain."""
        if self._is_passed(block_index):
            self._chain.hand_out_derived()
            return self._passed_root(block_index)
        return self._root_of(self._newest_change(block_index))

    def trie(self, block_index: int) -> Trie:
        """The trie after a block of the chain."""
        if not self._is_passed(block_index):
            return self._trie_of(self._newest_change(block_index))
        trie = self._passed_tries.pop(block_index, None)
        if trie is None:
            trie = self._passed_trie(block_index)
        self._passed_tries[block_index] = trie
        _keep_newest(self._passed_tries)
        return trie

    def trie_of(self, root_hash: UInt256) -> Trie | None:
        """The trie with a root that the chain had after one of its blocks, as far as a search has found it."""
        block_index = self._blocks.get(root_hash)
        return None if block_index is None else self.trie(block_index)

    def search(self, root_hash: UInt256) -> Iterator[None]:
        """Works out the roots of blocks, the newest first, until one is that root; a step for each.

        All stored blocks come first, then the newest empty ones, MOST_SEARCHED at most. The chain may grow between two
        steps, and blocks may be taken back.
        """
        times_forgotten = self._times_forgotten - 1
        while times_forgotten != self._times_forgotten:
            times_forgotten = self._times_forgotten
            for work_out in (self._search_stored, self._search_passed):
                for _ in work_out(root_hash):
                    yield
                    if times_forgotten != self._times_forgotten:
                        break
                if root_hash in self._blocks or times_forgotten != self._times_forgotten:
                    break

    def _search_stored(self, root_hash: UInt256) -> Iterator[None]:
        top = block_index = self._chain.height
        while root_hash not in self._blocks and block_index > self._searched:
            changed_at = self._newest_change(block_index)
            self._root_of(changed_at)
            block_index = changed_at - 1
            yield
        if root_hash not in self._blocks:
            self._searched = max(self._searched, top)

    def _search_passed(self, root_hash: UInt256) -> Iterator[None]:
        left, block_index = MOST_SEARCHED, self._chain.height
        while left > 0 and block_index >= 0:
            settled = self._settled(block_index)
            first = max(settled, block_index - left)
            for passed in range(block_index, first, -1):
                if passed not in self._passed_roots:
                    if self._passed_root(passed) == root_hash:
                        return
                    yield
            left -= block_index - first
            block_index = settled - 1

    # After blocks that are stored

    def _newest_change(self, block_index: int) -> int:
        found = newest_change(self._chain.store.connection, block_index)
        return _BEFORE_ALL if found is None else found

    def _root_of(self, changed_at: int) -> UInt256:
        """The root after a block that changed something."""
        root = self._roots.get(changed_at)
        if root is None:
            root = self._roots[changed_at] = self._trie_of(changed_at).root_hash
            self._blocks[root] = changed_at
        return root

    def _trie_of(self, changed_at: int) -> Trie:
        """The trie after a block that changed something, from the nearest that is there."""
        trie = self._tries.pop(changed_at, None)
        if trie is None:
            if not self._tries:
                newest = self._newest_change(self._chain.height)
                self._tries[newest] = Trie.of(_keyed(rows_now(self._chain.store.connection)))
            nearest = min(self._tries, key=lambda known: abs(known - changed_at))
            trie = self._tries[nearest].changed(_keyed(self._changes(nearest, changed_at)))
        self._tries[changed_at] = trie
        _keep_newest(self._tries)
        return trie

    def _changes(self, known: int, wanted: int) -> list[tuple[Place, bytes | None]]:
        """What to change in the trie after one block to have that after another."""
        connection = self._chain.store.connection
        if wanted <= known:
            return values_overwritten(connection, wanted, known)
        storage = StorageAt(connection, wanted, self._chain.storage_index)
        return [(place, storage.get(*place)) for place in places_changed(connection, known, wanted)]

    # After empty blocks that are not

    def _is_passed(self, block_index: int) -> bool:
        return self._settled(block_index) < block_index

    def _settled(self, block_index: int) -> int:
        if not self._chain.is_executed:
            return block_index
        return settled_index(self._chain.store.connection, block_index)

    def _passed_root(self, block_index: int) -> UInt256:
        root = self._passed_roots.get(block_index)
        if root is None:
            root = self._passed_roots[block_index] = self._passed_trie(block_index).root_hash
            self._blocks.setdefault(root, block_index)
            if len(self._passed_roots) > _MOST_ROOTS:
                oldest = next(iter(self._passed_roots))
                dropped = self._passed_roots.pop(oldest)
                if self._blocks.get(dropped) == oldest:
                    del self._blocks[dropped]
        return root

    def _passed_trie(self, block_index: int) -> Trie:
        chain, stretch = self._chain, self._stretch
        if stretch is None or not stretch.holds(block_index):
            from rpcnode.chain.executed.stretch import Stretch

            connection, headers = chain.store.connection, chain.headers
            stretch = Stretch(connection, chain.parameters, block_index, headers.timestamp_ms, chain.storage_index)
            self._stretch = stretch
        return self._trie_of(self._newest_change(block_index)).changed(_keyed(stretch.changes(block_index)))


def storage_key(contract_id: int, key: bytes) -> bytes:
    """A row's key in the trie: the id as 4 bytes, least significant first, then the key."""
    return contract_id.to_bytes(4, "little", signed=True) + key


def contract_id_in(trie: Trie, script_hash: UInt160) -> int | None:
    """The id of the contract with a hash, in the state of a trie."""
    from rpcnode.execution.contract import contract_of  # loaded with the first question

    contract = contract_of(_Rows(trie), script_hash)
    return None if contract is None else contract.id


class _Rows:
    """The rows of a trie as a storage."""

    __slots__ = ("_trie",)

    def __init__(self, trie: Trie) -> None:
        self._trie: Final = trie

    def get(self, contract_id: int, key: bytes, /) -> bytes | None:
        """The value under a key of a contract's storage."""
        return self._trie.get(storage_key(contract_id, key))


def _keep_newest(tries: dict[int, Trie]) -> None:
    if len(tries) > _KEPT:
        del tries[next(iter(tries))]


def _keyed(rows: Iterable[tuple[Place, Value]]) -> Iterator[tuple[bytes, Value]]:
    """Rows of the trie: all but LedgerContract's."""
    from rpcnode.natives.ledger import LEDGER  # loaded with the first trie

    return ((storage_key(*place), value) for place, value in rows if place[0] != LEDGER.id)
