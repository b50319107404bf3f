"""What the engine is given of native contracts: it knows none by name."""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.payloads.block import Block
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem


class Syscall(NamedTuple):
    """A service that SYSCALL reaches: its price in the unit of opcode prices, the call flags that it needs, its work.

    The handler takes the running engine, pops its arguments and pushes its result. `hardfork` is from when it exists.
    """

    price: int
    flags: int
    handler: Callable[[Any], None]
    hardfork: Hardfork | None = None


NOT_DONE: Final = object()
"""What a twin or a native contract answers that leaves a call to the script; nothing has happened then."""


class ReadBalance(NamedTuple):
    """How `balanceOf` of a native token reads the row of an account, under the prefix of all tokens.

    `units` is what the call costs. `read` gives the balance in a row, and raises VmFault where the row is broken.
    """

    units: int
    read: Callable[[bytes], int]


class Native(Protocol):
    """A native contract, as the engine reaches it."""

    id: ClassVar[int]
    active_in: ClassVar[Hardfork | None]

    @property
    def hash(self) -> UInt160:
        """Its script hash."""

    def invoke(self, run: Any, version: int) -> None:
        """Does what the method does at whose offset the native contract's script stands."""

    def answer(self, run: Any, contract: Contract, method: Method, flags: int, args: Sequence[StackItem]) -> Any:
        """What a simple method returns, as its script would leave it, or NOT_DONE."""

    def balances(
        self, contract: Contract, method: Method, settings: ProtocolSettings, block_index: int
    ) -> ReadBalance | None:
        """How a method reads balances in a block; None for any method that does not, or not by itself."""

    def is_active(self, settings: ProtocolSettings, block_index: int) -> bool:
        """Whether the contract exists in a block."""

    def is_initialize_block(self, settings: ProtocolSettings, block_index: int) -> list[Hardfork] | None:
        """The hardforks of a block at which the contract is deployed or updated; None for any other block."""

    def state_at(self, settings: ProtocolSettings, block_index: int) -> Contract:
        """Its NEF and manifest under the hardforks of a block; the update counter is 0."""

    def initialize(self, run: Any, hardfork: Hardfork | None) -> Generator[Any, Any, None] | None:
        """Writes what the contract begins with (None), or what a hardfork changes in it."""

    def on_persist(self, run: Any) -> Generator[Any, Any, None] | None:
        """What it does before a block's transactions."""

    def post_persist(self, run: Any) -> Generator[Any, Any, None] | None:
        """What it does after a block's transactions."""


class Twin(Protocol):
    """A deployed contract's methods in Python, which do just what its script does."""

    def call(self, run: Any, method: Method, flags: int, args: Sequence[StackItem]) -> StackItem | object:
        """Does a call that is allowed, and gives its result, None for a Void method; or answers NOT_DONE.

        The running context is the caller's, `flags` are those that the contract would have.
        """


class BlockTwins(Protocol):
    """The twins of contracts in one block."""

    def execution(self, transaction: Transaction) -> Execution | None:
        """Executes a transaction that does nothing but call twins, and halts; None for one that is to be run.

        It is asked for every transaction of the block in its turn; what the others write is then known.
        """


class StateTwins(Protocol):
    """The twins of contracts in one state, which is only asked."""

    def answer(self, contract: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int) -> Execution | None:
        """What a script leaves that calls a method with all flags, and halts; None for one that is to be run."""

    def balances(self, contract: UInt160, gas_datoshi: int) -> Callable[[UInt160], int | None] | None:
        """A function that reads what `balanceOf` answers of an account; its None means that the script is to be run.

        There is no such function of contracts whose scripts are all to be run.
        """


class Twins(Protocol):
    """The twins of contracts."""

    def twin_of(self, contract: Contract) -> Twin | None:
        """The twin of a contract, if it has one."""

    def of_block(self, block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: Any) -> BlockTwins:
        """What executes transactions of a block that is being made; `snapshot` gets what they write."""

    def of_state(
        self, storage: StorageReader, settings: ProtocolSettings, natives: Any, block_index: int
    ) -> StateTwins:
        """What answers calls in the block after a state; `block_index` is that block's."""


class NoTwins:
    """Every script is run."""

    def twin_of(self, contract: Contract) -> None:
        """There is none."""

    def of_block(self, block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: Any) -> "NoTwins":
        """No transaction is executed otherwise."""
        return self

    def execution(self, transaction: Transaction) -> None:
        """The transaction is to be run."""

    def of_state(self, storage: StorageReader, settings: ProtocolSettings, natives: Any, block_index: int) -> "NoTwins":
        """No call is answered otherwise."""
        return self

    def answer(self, contract: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int) -> None:
        """The call is to be run."""

    def balances(self, contract: UInt160, gas_datoshi: int) -> None:
        """All calls are to be run."""


class NativeSet(Protocol):
    """The native contracts, and what the engine asks of them."""

    @property
    def twins(self) -> Twins:
        """The contracts whose scripts need not be run."""

    @property
    def by_hash(self) -> Mapping[UInt160, Native]:
        """Each native contract by its script hash, in the order of their ids from -1 down."""

    @property
    def syscalls(self) -> Mapping[int, Syscall]:
        """The services by the number that SYSCALL has."""

    def fee_factors(
        self,
        storage: StorageReader,
        settings: ProtocolSettings,
        block_index: int,
        trigger: Trigger,
        persisting: Block | None,
    ) -> tuple[int, int]:
        """The pico-GAS of one unit of opcode prices, and the datoshi of one byte of storage."""

    def is_blocked(self, storage: StorageReader, account: UInt160) -> bool:
        """Whether an account is blocked."""

    def whitelisted_fee(self, storage: StorageReader, contract: UInt160, method: Method) -> int | None:
        """The fixed fee of a contract's method, in datoshi; None for one that pays as it goes."""

    def ms_per_block(self, storage: StorageReader, settings: ProtocolSettings) -> int:
        """The time between two blocks, in milliseconds."""

    def max_valid_until_block_increment(self, storage: StorageReader, settings: ProtocolSettings) -> int:
        """How many blocks ahead a transaction's last block may be."""
