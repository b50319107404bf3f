"""The chain: what was applied, read back, and `apply_block`, the only writer of chain state."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from rpcnode.chain.blocks import AppliedBlock, NewBlock
from rpcnode.chain.clock import Clock
from rpcnode.chain.contract_rows import contracts_of, insert_contract
from rpcnode.chain.execution import Execution
from rpcnode.chain.execution_rows import executions_of, insert_executions
from rpcnode.chain.headers import Headers, header_nonce
from rpcnode.chain.keyring import Keyring, validators_address
from rpcnode.chain.layout import Printed, PrintedBlock
from rpcnode.chain.layouts import layout_of
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.searched_hashes import SearchedHashes
from rpcnode.chain.state import State
from rpcnode.chain.storage import BlockStorage, StorageAt
from rpcnode.chain.store import Store
from rpcnode.contracts.state import ContractState
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.uint import UInt160, UInt256


class BlockRefused(NodeError):
    """A block that does not follow the newest one."""


class BlockHooks(Protocol):
    """What follows the chain: the plugins, through their registry."""

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        """Inside the block's transaction; raising undoes the block."""

    def committed(self, block: AppliedBlock) -> None:
        """The block stands."""

    def passed(self, height: int) -> None:
        """Empty blocks up to `height` exist now; inside the transaction that says so."""


class NoHooks:
    """Nobody follows the chain."""

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None: ...
    def committed(self, block: AppliedBlock) -> None: ...
    def passed(self, height: int) -> None: ...


class Ledger:
    """Reads and writes one chain.

    `height` is the index of the newest block, `header_height` that of the newest header, both as of the last commit.
    """

    def __init__(
        self,
        store: Store,
        profile: ProfileName,
        parameters: NetworkParameters,
        *,
        constant_contracts: tuple[ContractState, ...] = (),
        private_keys: Mapping[UInt160, bytes] | None = None,
    ) -> None:
        self.store = store
        self.profile: ProfileName = profile
        self.parameters = parameters
        self.clock = Clock()
        self.hooks: BlockHooks = NoHooks()
        self.layout = layout_of(profile, parameters.magic)
        self.validators = validators_address(self.layout.account_scripts, parameters)
        self.keyring = Keyring(self.layout, parameters, private_keys or {})
        self._connection = store.connection
        self.headers = Headers(store.connection, self.layout, parameters, self.validators)
        self._own_transactions = SearchedHashes(
            lambda start, stop: self.layout.own_hashes((index, header_nonce(index)) for index in range(start, stop + 1))
        )
        self._constant_contracts = constant_contracts
        self._contracts: dict[UInt160, tuple[ContractState, ...]] = {}
        self._load_contracts()
        self.height = int(store.meta("height") or -1)
        self.header_height = max(int(store.meta("header_height") or -1), self.height)
        if self.height >= 0:
            self.clock.stand_after(self.headers.timestamp_ms(self.height))

    # Reading

    def state(self) -> State:
        """The state after the newest block."""
        return State(self.height, self._contracts, BlockStorage(self._connection))

    def state_at(self, block_index: int) -> State:
        """The state as it was after an earlier block."""
        return State(block_index, self._contracts, StorageAt(self._connection, block_index))

    def changed_at(self, contract_id: int, key: bytes) -> int:
        """The newest block that changed a key of a contract's storage; 0 where none did."""
        row = self._connection.execute(
            "SELECT max(block_index) FROM chain_undo WHERE contract_id = ? AND key = ?", (contract_id, key)
        ).fetchone()
        return int(row[0] or 0)

    def block_hash(self, block_index: int) -> UInt256 | None:
        """The hash of the block or header at an index; None above the newest header."""
        return self.headers.hash_of(block_index) if 0 <= block_index <= self.header_height else None

    def block_index(self, block_hash: UInt256) -> int | None:
        """The index of a block or header by its hash."""
        return self.headers.index_of(block_hash, self.header_height)

    def timestamp_ms(self, block_index: int) -> int:
        """The time of a block up to the newest header."""
        return self.headers.timestamp_ms(block_index)

    def header(self, block_index: int) -> Printed:
        """The header at an index up to the newest one; the validator signs it unless it was stored with its witness."""
        hashed_part = self.headers.hashed_part_of(block_index)
        return self.layout.header(hashed_part, self._header_witness(block_index, hashed_part))

    def block(self, block_index: int) -> PrintedBlock:
        """The block at an index up to `height`."""
        rows = self._connection.execute(
            "SELECT unsigned, witnesses FROM chain_transaction WHERE block_index = ? ORDER BY position", (block_index,)
        )
        hashed_part = self.headers.hashed_part_of(block_index)
        witness = self._header_witness(block_index, hashed_part)
        return self.layout.block(hashed_part, witness, header_nonce(block_index), rows, self.keyring.witness)

    def transaction(self, transaction_hash: UInt256) -> tuple[Printed, int] | None:
        """A transaction of the chain and the index of its block."""
        row = self._connection.execute(
            "SELECT unsigned, witnesses, block_index FROM chain_transaction WHERE hash = ?", (transaction_hash,)
        ).fetchone()
        if row is not None:
            return self.layout.transaction((row[0], row[1]), self.keyring.witness), row[2]
        block_index = self._own_transactions.index_of(transaction_hash, self.height)
        own = None if block_index is None else self.layout.own_transaction(header_nonce(block_index))
        return None if block_index is None or own is None else (own, block_index)

    def executions(self, block_index: int) -> tuple[Execution, ...]:
        """What ran in a block, in order: OnPersist, transactions, PostPersist, as far as there were such."""
        return executions_of(self._connection, block_index)

    def stored_blocks(self, after: int, up_to: int) -> Iterator[int]:
        """The indexes of blocks that are not derived, in order."""
        rows = self._connection.execute(
            "SELECT block_index FROM chain_block WHERE block_index > ? AND block_index <= ? ORDER BY block_index",
            (after, up_to),
        )
        for (block_index,) in rows.fetchall():
            yield block_index

    def contracts(self) -> Iterator[ContractState]:
        """Every contract that ever was or will be declared, in no order."""
        for versions in self._contracts.values():
            yield from versions

    # Writing

    def new_storage(self) -> BlockStorage:
        """A place for the writes of the next block."""
        return BlockStorage(self._connection)

    def apply_block(self, block: NewBlock) -> None:
        """Appends a block with everything it did: one transaction, for the chain and for every plugin.

        Empty blocks between the height and `block.index` come to be with it. Raises BlockRefused for a block that does
        not follow, and whatever a hook raises; either leaves the chain as it was.
        """
        self._check_follows(block)
        if block.index <= self.header_height:
            # The header that was worked out for an empty block of that index is no longer right.
            self.headers.forget_from(block.index)
        header_height = max(self.header_height, block.index)
        contracts_before = self._contracts
        try:
            with self.store.transaction():
                self._insert(block)
                self._set_heights(block.index, header_height)
                state = State(block.index, self._contracts, block.storage)
                applied = AppliedBlock(block.index, block.timestamp_ms, state)
                self.hooks.committing(applied, block.executions)
        except BaseException:
            self._contracts = contracts_before
            self.headers.forget_from(block.index)
            raise
        self._stand_at(block.index, header_height)
        self.hooks.committed(applied)

    def advance(self, height: int, header_height: int | None = None) -> None:
        """Lets empty blocks pass up to `height`, and headers up to `header_height`."""
        new_header_height = max(height, self.header_height, -1 if header_height is None else header_height)
        if height < self.height:
            raise NodeError(f"the chain stands at block {self.height}, it cannot advance to {height}")
        with self.store.transaction():
            self._set_heights(height, new_header_height)
            self.hooks.passed(height)
        self._stand_at(height, new_header_height)

    def _check_follows(self, block: NewBlock) -> None:
        if block.index <= self.height:
            raise BlockRefused(f"block {block.index} does not follow: the chain stands at block {self.height}")
        if self.height >= 0:
            earliest = self.headers.timestamp_ms(block.index - 1) + 1
            if block.timestamp_ms < earliest:
                raise BlockRefused(
                    f"block {block.index} is dated {block.timestamp_ms} ms, which is not after the block before it;"
                    f" {earliest} ms is the earliest"
                )

    def _insert(self, block: NewBlock) -> None:
        header = block.header
        stored = (None, None, None) if header is None else (header.hash, header.hashed_part, header.witness)
        self._connection.execute(
            "INSERT INTO chain_block (block_index, timestamp_ms, merkle_root, hash, header, witness)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (block.index, block.timestamp_ms, block.merkle_root, *stored),
        )
        self._connection.executemany(
            "INSERT INTO chain_transaction (hash, block_index, position, unsigned, witnesses) VALUES (?, ?, ?, ?, ?)",
            [
                (transaction.hash, block.index, position, transaction.unsigned, transaction.witnesses)
                for position, transaction in enumerate(block.transactions)
            ],
        )
        insert_executions(self._connection, block.index, block.executions)
        block.storage.flush(block.index)
        for contract in block.contracts:
            insert_contract(self._connection, contract)
        if block.contracts:
            self._load_contracts()

    def _set_heights(self, height: int, header_height: int) -> None:
        self.store.set_meta("height", str(height))
        self.store.set_meta("header_height", str(header_height))

    def _stand_at(self, height: int, header_height: int) -> None:
        self.height, self.header_height = height, header_height
        self.clock.stand_after(self.headers.timestamp_ms(height))

    def _load_contracts(self) -> None:
        loaded: dict[UInt160, tuple[ContractState, ...]] = {
            contract.script_hash: (contract,) for contract in self._constant_contracts
        }
        declared: dict[UInt160, tuple[ContractState, ...]] = {}
        for contract in contracts_of(self._connection):
            declared[contract.script_hash] = (*declared.get(contract.script_hash, ()), contract)
        self._contracts = {**loaded, **declared}

    def _header_witness(self, block_index: int, hashed_part: bytes) -> Witness:
        row = self._connection.execute(
            "SELECT witness FROM chain_block WHERE block_index = ?", (block_index,)
        ).fetchone()
        if row is not None and row[0] is not None:
            return self.layout.witness_type.parse(row[0])
        return self.keyring.witness(self.validators, hashed_part)
