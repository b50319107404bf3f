"""The chain: what was applied, read back, and `apply_block`, the only writer of chain state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from rpcnode.chain.blocks import AppliedBlock, NewBlock
from rpcnode.chain.chain_meta import kept_network, kept_private_keys
from rpcnode.chain.chain_reader import EXECUTION, MADE_HEIGHT, ChainReader
from rpcnode.chain.db.contract_rows import end_contract, insert_contract
from rpcnode.chain.db.execution_rows import insert_executions
from rpcnode.chain.db.held_back import HeldBlocks
from rpcnode.chain.db.mark_rows import insert_marks
from rpcnode.chain.db.storage import BlockStorage, NewestRows
from rpcnode.chain.db.store import Store
from rpcnode.chain.keyring import Keyring
from rpcnode.chain.links import Links
from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.records import Execution
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.uint import UInt160


class BlockRefused(NodeError):
    """A block that does not follow the newest one."""


class BlockHooks(Protocol):
    """What follows the chain: the plugins, through `Followers`."""

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        """Inside the block's transaction; raising undoes the block."""

    def committed(self, block: AppliedBlock) -> None:
        """The block stands."""

    def passed(self, height: int) -> None:
        """Empty blocks up to `height` exist now; inside the transaction that says so."""

    def rewinding(self, height: int) -> None:
        """The block at `height` is the newest again; inside the transaction that takes the later ones back."""

    def rewound(self) -> None:
        """The later blocks are gone."""

    def replaced(self) -> None:
        """The whole chain is another one."""


class NoHooks:
    """Nobody follows the chain."""

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None: ...
    def committed(self, block: AppliedBlock) -> None: ...
    def passed(self, height: int) -> None: ...
    def rewinding(self, height: int) -> None: ...
    def rewound(self) -> None: ...
    def replaced(self) -> None: ...


class Ledger(ChainReader):
    """Reads and writes one chain."""

    def __init__(
        self,
        store: Store,
        profile: ProfileName,
        parameters: NetworkParameters,
        *,
        constant_contracts: tuple[ContractState, ...] = (),
        private_keys: Mapping[UInt160, bytes] | None = None,
    ) -> None:
        super().__init__(store, profile, parameters, constant_contracts=constant_contracts, private_keys=private_keys)
        self.hooks: BlockHooks = NoHooks()
        self._newest_rows = NewestRows(store.connection)
        self._held = HeldBlocks(store.connection)
        if store.path is not None and not store.is_new:
            with store.transaction():
                self._links.complete(self.made_height)

    @property
    def _links(self) -> Links:
        return Links(self._connection, self.headers)

    def new_storage(self) -> BlockStorage:
        """A place for the writes of the next block."""
        return self._newest_rows.storage()

    def set_executed(self) -> None:
        """Notes that the application engine makes the blocks of this chain, from its first on."""
        self.store.set_meta(EXECUTION, "executed")
        self._is_executed = True

    def apply_block(self, block: NewBlock) -> None:
        """Appends a block with everything it did: one transaction, for the chain and for every plugin.

        Empty blocks between the height and `block.index` come to be with it. Raises BlockRefused for a block that does
        not follow, and whatever a hook raises; either leaves the chain as it was.
        """
        self._check_follows(block.index, block.timestamp_ms)
        # Headers that were of an empty block of that index, and those above it, are others now.
        first = min(block.index, self.made_height + 1, self.first_held or block.index)
        header_height = max(self.header_height, block.index)
        contracts_before = self._contracts, self._labels
        try:
            with self.store.transaction():
                self._leave_branch(
                    block.index, block.storage.changed_places(), with_contracts=bool(block.contracts or block.ended)
                )
                self._insert(block)
                self._storage_index = block.index
                self._set_heights(block.index, header_height)
                self._links.renew(first, max(self.made_height, block.index))
                state = self._applied_state(block.index, block.storage)
                applied = AppliedBlock(block.index, block.timestamp_ms, state)
                self.hooks.committing(applied, block.executions)
        except BaseException:
            self._contracts, self._labels = contracts_before
            self._storage_index = self.height
            self.headers.forget_from(first)
            self.mempool.load()
            raise
        self._newest_rows.after(block.storage, block.marks)
        self._stand_at(block.index, header_height, block.executions)
        self.hooks.committed(applied)

    def advance(self, height: int, header_height: int | None = None) -> None:
        """Lets empty blocks pass up to `height`, and headers up to `header_height`; held blocks take their places."""
        new_header_height = max(height, self.header_height, -1 if header_height is None else header_height)
        if height < self.height:
            raise NodeError(f"the chain stands at block {self.height}, it cannot advance to {height}")
        while (held := self.first_held) is not None and held <= height:
            self._put_in_place(held)
        try:
            with self.store.transaction():
                self._set_heights(height, new_header_height)
                if new_header_height > self.made_height:
                    self._links.renew(self.made_height + 1, new_header_height)
                self.hooks.passed(height)
        except BaseException:
            self.headers.forget_from(self.made_height + 1)
            raise
        self._stand_at(height, new_header_height)

    def append_empty(self, timestamps_ms: Sequence[int]) -> None:
        """Appends empty blocks with times of their own, which rise strictly; `advance` is for those of the network's.

        A block that is held back takes the place, and the time, of an empty one. Raises BlockRefused for a first time
        that does not follow.
        """
        waiting = list(timestamps_ms)
        while waiting:
            held = None if self._held.conflict(self.height, ()) else self.first_held
            count = len(waiting) if held is None else min(len(waiting), held - self.height - 1)
            if count:
                self._append_empty(waiting[:count])
            if held is not None and count < len(waiting):
                self._put_in_place(held, waiting[count])
                count += 1
            del waiting[:count]

    def _append_empty(self, timestamps_ms: Sequence[int]) -> None:
        first, height = self.height + 1, self.height + len(timestamps_ms)
        self._check_follows(first, timestamps_ms[0])
        changed = min(first, self.made_height + 1)
        new_header_height = max(height, self.header_height)
        try:
            with self.store.transaction():
                self._leave_branch(height, ())
                self._connection.executemany(
                    "INSERT INTO chain_block (block_index, timestamp_ms, merkle_root) VALUES (?, ?, ?)",
                    (
                        (block_index, timestamp_ms, self.headers.merkle_root(block_index, ()))
                        for block_index, timestamp_ms in enumerate(timestamps_ms, first)
                    ),
                )
                self._set_heights(height, new_header_height)
                self._links.renew(changed, max(self.made_height, height))
                self.hooks.passed(height)
        except BaseException:
            self.headers.forget_from(changed)
            raise
        self._stand_at(height, new_header_height)

    # Going back

    @property
    def base_height(self) -> int:
        """The oldest block there is; a recorded chain may begin above 0."""
        row = self._connection.execute("SELECT min(block_index) FROM chain_block").fetchone()
        return int(row[0] or 0)

    @property
    def first_held(self) -> int | None:
        """The lowest block that is held back: its rows are there, above the height."""
        return self._held.first_above(self.height)

    def rewind(self, block_index: int) -> None:
        """Makes a block the newest again; what came after it is gone, its headers too. One transaction.

        Raises NodeError for a block that is not on the chain.
        """
        self._check_stands(block_index)

        def take_back() -> None:
            self._held.undo(block_index, self.height)
            self._links.cut(block_index)
            self.headers.forget_from(block_index + 1)

        self._stand_back(block_index, block_index, block_index, take_back)

    def stand(self, height: int, header_height: int) -> None:
        """Puts the node at a height, below its headers or at the newest one.

        Blocks above it are held back, in one transaction; those held back below it are applied, one by one. Raises
        NodeError for a height below the oldest block, or above `header_height`.
        """
        if header_height < height:
            raise NodeError(f"header_height: {header_height} is below height, {height}")
        if height <= self.height:
            self._check_stands(height)

            def take_back() -> None:
                self._held.hold_back(height, self.height)
                if header_height > self.made_height:
                    self._links.renew(self.made_height + 1, header_height)

            self._stand_back(height, header_height, max(self.made_height, header_height), take_back)
        else:
            self.advance(height, header_height)
            if header_height < self.header_height:
                with self.store.transaction():
                    self._set_heights(height, header_height)
                self.header_height = header_height

    def hold(self, blocks: Iterable[NewBlock]) -> None:
        """Takes in blocks above the height without applying them: all of them or none."""
        last = self.height
        first = self.height + 1
        try:
            with self.store.transaction():
                for block in blocks:
                    self._check_follows(block.index, block.timestamp_ms)
                    self._insert(block)
                    last = block.index
                self._held.hold_back(self.height, last)
                made_height = max(self.made_height, last)
                self._set_heights(self.height, self.header_height, made_height)
                self._links.renew(first, made_height)
        except BaseException:
            self._load_contracts()
            self.headers.forget_from(first)
            raise
        self.made_height = made_height

    def reload(self) -> None:
        """Takes up what the store holds after its content was replaced, the network's constants included."""
        self._newest_rows.forget()
        kept = kept_network(self.store, self.profile)
        private_keys = kept_private_keys(self.store)
        if kept is not None and kept.parameters is not self.parameters:
            self._set_up(kept.parameters, kept.constant_contracts, private_keys)
        else:
            self.keyring = Keyring(self.layout, self.parameters, private_keys)
            self.headers.forget_from(0)
        self._load()
        self.mempool.load()
        self.mempool.chain_moved()
        self.hooks.replaced()
        for observer in self.observers:
            observer.replaced()

    def _check_stands(self, block_index: int) -> None:
        if not self.base_height <= block_index <= self.height:
            raise NodeError(
                f"block {block_index} is not on the chain, which begins at block {self.base_height} and stands at"
                f" {self.height}"
            )

    def _stand_back(self, height: int, header_height: int, made_height: int, take_back: Callable[[], None]) -> None:
        height_before = self.height
        try:
            with self.store.transaction():
                take_back()
                self._newest_rows.forget()
                self._set_heights(height, header_height, made_height)
                self.height, self.header_height, self.made_height = height, header_height, made_height
                self._storage_index = height
                self._went_back_to.append(height)
                self._load_contracts()
                self.clock.stand_again_after(self.headers.timestamp_ms(height))
                if height < height_before:
                    self.hooks.rewinding(height)
        except BaseException:
            self.headers.forget_from(height + 1)
            self._load()
            raise
        self.mempool.load()
        self._moved()
        self.hooks.rewound()

    def _put_in_place(self, block_index: int, timestamp_ms: int | None = None) -> None:
        """Applies a block that is held back; at a later time than it was declared where others came before it."""
        (declared_ms,) = self._connection.execute(
            "SELECT timestamp_ms FROM chain_block WHERE block_index = ?", (block_index,)
        ).fetchone()
        before_ms = self.headers.timestamp_ms(block_index - 1)
        if timestamp_ms is None:
            timestamp_ms = declared_ms if declared_ms > before_ms else before_ms + self.parameters.ms_per_block
        self._check_follows(block_index, timestamp_ms)
        header_height = max(self.header_height, block_index)
        state = self._applied_state(block_index, BlockStorage(self._connection))
        applied = AppliedBlock(block_index, timestamp_ms, state)
        try:
            with self.store.transaction():
                self._connection.execute(
                    "UPDATE chain_block SET timestamp_ms = ? WHERE block_index = ?", (timestamp_ms, block_index)
                )
                self._held.exchange(block_index)
                self._storage_index = block_index
                self._set_heights(block_index, header_height)
                if timestamp_ms != declared_ms:
                    self._links.renew(block_index, max(self.made_height, block_index))
                self.hooks.committing(applied, self.executions(block_index))
        except BaseException:
            self._storage_index = self.height
            self.headers.forget_from(block_index)
            raise
        self._stand_at(block_index, header_height)
        self.hooks.committed(applied)

    def _leave_branch(
        self, block_index: int, places: Iterable[tuple[int, bytes]], *, with_contracts: bool = False
    ) -> None:
        """Drops the blocks that are held back where a new block takes their place or changes what they stand on."""
        held = self.first_held
        if held is not None and (held <= block_index or with_contracts or self._held.conflict(self.height, places)):
            self._held.drop_above(self.height)
            self._load_contracts()

    def _check_follows(self, block_index: int, timestamp_ms: int) -> None:
        if block_index <= self.height:
            raise BlockRefused(f"block {block_index} does not follow: the chain stands at block {self.height}")
        if self.height >= 0:
            earliest = self.headers.timestamp_ms(block_index - 1) + 1
            if timestamp_ms < earliest:
                raise BlockRefused(
                    f"block {block_index} is dated {timestamp_ms} ms, which is not after the block before it;"
                    f" {earliest} ms is the earliest"
                )

    def _insert(self, block: NewBlock) -> None:
        stored: tuple[bytes | None, ...] = (None, None, None, None)
        if (header := block.header) is not None:
            stored = (header.hash, header.hashed_part, header.witness, header.consensus_data)
        self._connection.execute(
            "INSERT INTO chain_block (block_index, timestamp_ms, merkle_root, hash, header, witness, consensus_data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (block.index, block.timestamp_ms, block.merkle_root, *stored),
        )
        self._connection.executemany(
            "INSERT INTO chain_transaction (hash, block_index, position, unsigned, witnesses) VALUES (?, ?, ?, ?, ?)",
            # SQLite's module for Python takes a bytearray at once, and asks around what to make of bytes.
            [
                (bytearray(each.hash), block.index, position, bytearray(each.unsigned), each.witnesses)
                for position, each in enumerate(block.transactions)
            ],
        )
        self.mempool.drop(transaction.hash for transaction in block.transactions)
        if self.coins is not None:
            moves_of = self.coins.layout.coin_moves
            self.coins.add(block.index, (moves_of(transaction.unsigned) for transaction in block.transactions))
        insert_executions(self._connection, block.index, block.executions)
        insert_marks(self._connection, block.index, self._newest_rows.new_marks(block.marks))
        block.storage.flush(block.index)
        for script_hash in block.ended:
            end_contract(self._connection, script_hash, block.index)
        for contract in block.contracts:
            label = block.labels.get((contract.script_hash, contract.deployed_at)) or self.label_before(contract)
            insert_contract(self._connection, contract, label, block.index)
        if block.contracts or block.ended:
            self._load_contracts()

    def _set_heights(self, height: int, header_height: int, made_height: int | None = None) -> None:
        if made_height is None:
            made_height = self.made_height
        self.store.set_meta("height", str(height))
        self.store.set_meta("header_height", str(header_height))
        if made_height > header_height:
            self.store.set_meta(MADE_HEIGHT, str(made_height))
        elif self.made_height > self.header_height:
            self.store.clear_meta(MADE_HEIGHT)

    def _stand_at(self, height: int, header_height: int, executions: tuple[Execution, ...] = ()) -> None:
        self.height, self.header_height = height, header_height
        self.made_height = max(self.made_height, header_height)
        self._storage_index = height
        self.clock.stand_after(self.headers.timestamp_ms(height))
        self._moved(executions)
