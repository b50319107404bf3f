"""What the engine is given of native contracts: it knows none by name."""

from collections.abc import Callable, Generator, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.payloads.block import Block
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.uint import UInt160


class Syscall(NamedTuple):
    """A service that SYSCALL reaches: its price in the unit of opcode prices, the call flags that it needs, its work.

    The handler takes the running engine, pops its arguments and pushes its result. `hardfork` is from when it exists.
    """

    price: int
    flags: int
    handler: Callable[[Any], None]
    hardfork: Hardfork | None = None


class Native(Protocol):
    """A native contract, as the engine reaches it."""

    id: ClassVar[int]
    active_in: ClassVar[Hardfork | None]

    @property
    def hash(self) -> UInt160:
        """Its script hash."""

    def invoke(self, run: Any, version: int) -> None:
        """Does what the method does at whose offset the native contract's script stands."""

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


class NativeSet(Protocol):
    """The native contracts, and what the engine asks of them."""

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
