"""Reads a chain: what was applied, as it is now and as it was."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from rpcnode.chain.clock import Clock
from rpcnode.chain.db.contract_rows import NO_LABEL, Label, Labels, contracts_of
from rpcnode.chain.db.execution_rows import executions_of, executions_of_container, settled_index
from rpcnode.chain.db.handed_out import HandedOut
from rpcnode.chain.db.storage import BlockStorage, StorageAt
from rpcnode.chain.db.store import Store
from rpcnode.chain.executed.kept_calls import KeptCalls
from rpcnode.chain.executed.passed_storage import PassedStorage
from rpcnode.chain.format.layout import CoinLayout, Printed, PrintedBlock
from rpcnode.chain.format.layouts import layout_of
from rpcnode.chain.headers import Headers, header_nonce
from rpcnode.chain.keyring import Keyring, validators_address
from rpcnode.chain.mempool import Mempool
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.observers import ChainObserver
from rpcnode.chain.own_transactions import OwnTransactions
from rpcnode.chain.state import State
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.records import Execution
from rpcnode.execution.storage import Storage
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import ProfileName, StateGone
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.chain.coins import Coins
    from rpcnode.chain.executed.state import ExecutionState

EXECUTION: Final = "execution"
"""The `chain_meta` key of a chain whose blocks are executed; absent where models or events made them."""

MADE_HEIGHT: Final = "made_height"
"""The `chain_meta` key of the newest header there was before the node was put below it."""


class ChainReader:
    """One chain, read-only.

    `height` is the index of the newest block, `header_height` that of the newest header, both as of the last commit.
    `made_height` is that of the newest header there ever was of this chain: it will come again as it was. `kept_calls`
    None: contracts are asked each time.
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
        self.mempool = Mempool(store)
        self.observers: list[ChainObserver] = []
        self.kept_calls: KeptCalls | None = KeptCalls()
        self._connection = store.connection
        self._contracts: dict[UInt160, tuple[ContractState, ...]] = {}
        self._labels: Labels = {}
        self.watch_derived: Callable[[], None] | None = None
        self.handed_out = HandedOut(), HandedOut()
        """Hashes of blocks, and of transactions that blocks of Neo 2 have of their own."""
        self._went_back_to: list[int] = []  # the heights, in order; -1 where another chain took this one's place
        self._set_up(parameters, constant_contracts, private_keys or {})
        self._load()

    def _set_up(
        self,
        parameters: NetworkParameters,
        constant_contracts: tuple[ContractState, ...],
        private_keys: Mapping[UInt160, bytes],
    ) -> None:
        """Makes what follows from the network's constants."""
        self.parameters = parameters
        self.clock = Clock(self.store, self.profile, parameters.ms_per_block)
        self.layout = layout_of(self.profile, parameters.magic)
        self.coins = self._coins()
        self.validators = validators_address(self.layout.account_scripts, parameters)
        self.keyring = Keyring(self.layout, parameters, private_keys)
        self.headers = Headers(self._connection, self.layout, parameters, self.validators, self.handed_out[0])
        self._own_transactions = OwnTransactions(self.layout, self.handed_out[1])
        self._constant_contracts = constant_contracts

    def _coins(self) -> "Coins | None":
        """The coins of a profile that has such; their module is loaded for it alone."""
        if not isinstance(self.layout, CoinLayout):
            return None
        from rpcnode.chain.coins import Coins

        return Coins(self._connection, self.layout)

    def _load(self) -> None:
        """Takes up where the chain in the store stands."""
        self._is_executed = self.store.meta(EXECUTION) is not None
        self._went_back_to.append(-1)
        self._take_up()

    def _take_up(self) -> None:
        self._newest_state: tuple[tuple[int, int], ExecutionState] | None = None
        self._load_contracts()
        self.height = int(self.store.meta("height") or -1)
        self.header_height = max(int(self.store.meta("header_height") or -1), self.height)
        self.made_height = max(int(self.store.meta(MADE_HEIGHT) or -1), self.header_height)
        self._storage_index = self.height
        self.clock.load(self.headers.timestamp_ms(self.height) if self.height >= 0 else -1)

    def take_up_growth(self) -> None:
        """Takes up blocks that another process has added to the store, where it has taken none back."""
        self.headers.forget_from(self.height + 1)
        self._take_up()
        self.mempool.load()

    def hand_out_derived(self) -> None:
        """Is called before a derived value is handed out that only the process that did so finds again later.

        Calls `watch_derived`, which may raise.
        """
        if self.watch_derived is not None:
            self.watch_derived()

    def _moved(self, executions: tuple[Execution, ...] = ()) -> None:
        """Tells those outside that the chain stands elsewhere."""
        self.mempool.chain_moved()
        for observer in self.observers:
            observer.moved(executions)

    @property
    def revision(self) -> tuple[int, int, int]:
        """Another value whenever anything was written, the chain went back or became another, or what waits changed."""
        return len(self._went_back_to), self._connection.total_changes, self.mempool.changes

    @property
    def times_back(self) -> int:
        """How often the chain went back or became another."""
        return len(self._went_back_to)

    @property
    def is_executed(self) -> bool:
        """Whether the application engine made the blocks; models or events did elsewhere."""
        return self._is_executed

    def _applied_state(self, block_index: int, storage: BlockStorage) -> State:
        """The state that a block leaves which is being applied, for those who follow it: all that it did is stored."""
        if not self._is_executed:
            return State(block_index, self._contracts, storage)

        @cache
        def execution() -> "ExecutionState":
            from rpcnode.chain.executed.state import execution_state

            return execution_state(
                self._connection, self.headers, self.parameters, block_index, self.storage_index, storage.known
            )

        return State(block_index, self._contracts, storage, execution)

    def execution_at(self, block_index: int | None = None) -> "ExecutionState":
        """What scripts run on after a block, the newest one without an index; of an executed chain."""
        from rpcnode.chain.executed.state import execution_state

        is_newest = block_index is None or block_index == self.height
        index = self.height if block_index is None else block_index
        # Whatever is written, by whomever, makes it another state.
        of = (index, self._connection.total_changes)
        kept = self._newest_state
        if is_newest and kept is not None and kept[0] == of:
            return kept[1]
        standing = self._standing_at(index)
        state = execution_state(self._connection, self.headers, self.parameters, index, standing)
        if is_newest:
            self._newest_state = of, state
        return state

    def state(self) -> State:
        """The state after the newest block."""
        return self._state_of(self.height, self._passed(self.height, BlockStorage(self._connection)))

    def state_at(self, block_index: int) -> State:
        """The state as it was after an earlier block."""
        stored = StorageAt(self._connection, block_index, self.storage_index)
        return self._state_of(block_index, self._passed(block_index, stored))

    def _passed(self, block_index: int, stored: Storage) -> Storage:
        """Storage after a block, with what the empty blocks behind the newest stored one did."""
        if not self._is_executed or settled_index(self._connection, block_index) == block_index:
            return stored
        return PassedStorage(stored, lambda: self.execution_at(block_index).storage)

    def _state_of(self, block_index: int, storage: Storage) -> State:
        execution = (lambda: self.execution_at(block_index)) if self._is_executed else None
        return State(block_index, self._contracts, storage, execution, self.kept_calls)

    def storage_index(self) -> int:
        """The block up to which storage is written: the height, or the block that is being applied."""
        return self._storage_index

    def _standing_at(self, block_index: int) -> Callable[[], int]:
        """`storage_index` for a state after a block: it raises StateGone once the chain has been below that block."""
        went_back_to = self._went_back_to
        seen = len(went_back_to)

        def standing() -> int:
            nonlocal seen
            if len(went_back_to) > seen:
                if min(went_back_to[seen:]) < block_index:
                    raise StateGone(f"the chain went back below block {block_index}, whose state the call ran on")
                seen = len(went_back_to)
            return self._storage_index

        return standing

    def changed_at(self, contract_id: int, key: bytes) -> int:
        """The newest block that changed a key of a contract's storage; 0 where none did."""
        row = self._connection.execute(
            "SELECT max(block_index) FROM chain_undo WHERE contract_id = ? AND key = ? AND block_index <= ?",
            (contract_id, key, self.height),
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
        self._own_transactions.remember(block_index)
        return self.layout.block(
            hashed_part,
            witness,
            header_nonce(block_index),
            rows,
            self.keyring.witness,
            self._consensus_data(block_index),
        )

    def transaction(self, transaction_hash: UInt256) -> tuple[Printed, int] | None:
        """A transaction of the chain and the index of its block."""
        row = self._connection.execute(
            "SELECT unsigned, witnesses, block_index FROM chain_transaction WHERE hash = ? AND block_index <= ?",
            (transaction_hash, self.height),
        ).fetchone()
        if row is not None:
            return self.layout.transaction((row[0], row[1]), self.keyring.witness), row[2]
        block_index = self._own_transactions.index_of(transaction_hash, self.height)
        own = None if block_index is None else self.layout.own_transaction(header_nonce(block_index))
        return None if block_index is None or own is None else (own, block_index)

    def waiting_transaction(self, transaction_hash: UInt256) -> Printed | None:
        """A transaction that waits for a block."""
        waiting = self.mempool.get(transaction_hash)
        if waiting is None:
            return None
        kept = waiting.transaction
        return self.layout.transaction((kept.unsigned, kept.witnesses), self.keyring.witness)

    def holds(self, transaction_hash: UInt256) -> bool:
        """Whether a block holds a transaction that it was given, be it one that is held back."""
        row = self._connection.execute("SELECT 1 FROM chain_transaction WHERE hash = ?", (transaction_hash,)).fetchone()
        return row is not None

    def executions(self, block_index: int) -> tuple[Execution, ...]:
        """What ran in a block, in order: OnPersist, transactions, PostPersist, as far as there were such."""
        found = executions_of(self._connection, block_index)
        return found if found or not self._is_executed else self._derived_executions(block_index)

    def executions_of(self, container: UInt256 | None, block_index: int) -> tuple[Execution, ...]:
        """What one transaction of a block ran; with None, what the block itself did."""
        found = executions_of_container(self._connection, block_index, container)
        if found or container is not None or not self._is_executed:
            return found
        return self._derived_executions(block_index)

    def _derived_executions(self, block_index: int) -> tuple[Execution, ...]:
        """What an empty block ran that nobody stored."""
        from rpcnode.chain.executed.state import executions_of_empty

        return executions_of_empty(self.execution_at(block_index - 1), block_index, self.timestamp_ms(block_index))

    def stored_blocks(self, after: int, up_to: int) -> Iterator[int]:
        """The indexes of blocks that are not derived, in order."""
        rows = self._connection.execute(
            "SELECT block_index FROM chain_block WHERE block_index > ? AND block_index <= ? ORDER BY block_index",
            (after, up_to),
        )
        for (block_index,) in rows.fetchall():
            yield block_index

    def told_blocks(self, after: int, up_to: int) -> Iterator[int]:
        """The indexes of blocks that followers are to be told of, in order: those that are stored.

        On an executed chain also, of each stretch of empty blocks, the last that pays each of its receivers.
        """
        if not self._is_executed:
            yield from self.stored_blocks(after, up_to)
            return
        from rpcnode.chain.executed.passing import paying_blocks

        rows = self._connection.execute(
            "SELECT DISTINCT block_index FROM chain_execution WHERE block_index > ? AND block_index <= ?"
            " ORDER BY block_index",
            (after, up_to),
        )
        before = after
        for block_index in (*(row[0] for row in rows.fetchall()), up_to + 1):
            if block_index > before + 1 > 0:
                state = self.execution_at(before)
                yield from paying_blocks(state.storage, state.settings, before + 1, block_index - before - 1)
            if block_index <= up_to:
                yield block_index
            before = block_index

    def contracts(self) -> Iterator[ContractState]:
        """Every contract that ever was or will be declared, in no order."""
        for versions in self._contracts.values():
            yield from versions

    def label_of(self, contract: ContractState) -> Label:
        """What a fixture calls a contract and says of it; native tokens of a described chain have a name anyway."""
        return self._labels.get((contract.script_hash, contract.deployed_at), NO_LABEL)

    def label_before(self, contract: ContractState) -> Label:
        """What a fixture calls the contract of which this is another version."""
        for other in reversed(self._contracts.get(contract.script_hash, ())):
            if other.contract_id == contract.contract_id:
                return self.label_of(other)
        return NO_LABEL

    def _load_contracts(self) -> None:
        natives = {script_hash: Label(name) for name, script_hash in NATIVE_TOKENS[self.profile].items()}
        labels: Labels = {
            (contract.script_hash, contract.deployed_at): natives.get(contract.script_hash, NO_LABEL)
            for contract in self._constant_contracts
        }
        loaded: dict[UInt160, tuple[ContractState, ...]] = {
            contract.script_hash: (contract,) for contract in self._constant_contracts
        }
        declared: dict[UInt160, tuple[ContractState, ...]] = {}
        for contract, label in contracts_of(self._connection):
            declared[contract.script_hash] = (*declared.get(contract.script_hash, ()), contract)
            known = label if label != NO_LABEL else natives.get(contract.script_hash, label)
            labels[contract.script_hash, contract.deployed_at] = known
        self._contracts, self._labels = {**loaded, **declared}, labels

    def _consensus_data(self, block_index: int) -> bytes | None:
        row = self._connection.execute(
            "SELECT consensus_data FROM chain_block WHERE block_index = ?", (block_index,)
        ).fetchone()
        return None if row is None else row[0]

    def _header_witness(self, block_index: int, hashed_part: bytes) -> Witness:
        row = self._connection.execute(
            "SELECT witness FROM chain_block WHERE block_index = ?", (block_index,)
        ).fetchone()
        if row is not None and row[0] is not None:
            return self.layout.witness_type.parse(row[0])
        return self.keyring.witness(self.validators, hashed_part)
