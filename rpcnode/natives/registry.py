"""All native contracts, and what the application engine asks of them.

Source: neo 3.10.2, SmartContract/Native/NativeContract.cs; ApplicationEngine's constructor for the fee factors.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import Syscall
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.execution.syscalls.table import SYSCALLS
from rpcnode.natives import policy_values
from rpcnode.natives.native import NativeContract
from rpcnode.payloads.block import Block
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.uint import UInt160

_MODULES = (
    ("contract_management", "CONTRACT_MANAGEMENT"),
    ("std_lib", "STD_LIB"),
    ("crypto_lib", "CRYPTO_LIB"),
    ("ledger", "LEDGER"),
    ("neo_token", "NEO"),
    ("gas_token", "GAS"),
    ("policy", "POLICY"),
    ("role_management", "ROLE_MANAGEMENT"),
    ("oracle", "ORACLE"),
    ("notary", "NOTARY"),
    ("treasury", "TREASURY"),
)


def _found() -> tuple[NativeContract, ...]:
    natives = []
    for module, constant in _MODULES:  # provisional: until all are written
        try:
            natives.append(getattr(import_module(f"rpcnode.natives.{module}"), constant))
        except (ImportError, AttributeError):
            continue
    return tuple(native for native in natives if isinstance(native, NativeContract))


class Natives:
    """The native contracts, in the order of their ids from -1 down, and the services that scripts reach."""

    def __init__(self) -> None:
        self.all: Final = _found()
        self.by_hash: Final[Mapping[UInt160, NativeContract]] = {native.hash: native for native in self.all}
        self.syscalls: Final[Mapping[int, Syscall]] = SYSCALLS

    def fee_factors(
        self,
        storage: StorageReader,
        settings: ProtocolSettings,
        block_index: int,
        trigger: Trigger,
        persisting: Block | None,
    ) -> tuple[int, int]:
        """The pico-GAS of one unit of opcode prices, and the datoshi of one byte of storage."""
        if persisting is not None and persisting.index == 0:
            return policy_values.DEFAULT_EXEC_FEE_FACTOR * policy_values.PICO, policy_values.DEFAULT_STORAGE_PRICE
        factor = policy_values.exec_pico_fee_factor(storage, settings, block_index)
        is_before_faun = block_index > 0 and not settings.is_enabled(Hardfork.Faun, block_index - 1)
        if trigger is Trigger.ON_PERSIST and is_before_faun and settings.is_enabled(Hardfork.Faun, block_index):
            factor *= policy_values.PICO  # the row is changed in this very run
        return factor, policy_values.storage_price(storage)

    def is_blocked(self, storage: StorageReader, account: UInt160) -> bool:
        """Whether an account is blocked."""
        return policy_values.is_blocked(storage, account)

    def whitelisted_fee(self, storage: StorageReader, contract: UInt160, method: Method) -> int | None:
        """The fixed fee of a contract's method, in datoshi; None for one that pays as it goes."""
        return policy_values.whitelisted_fee(storage, contract, method)

    def ms_per_block(self, storage: StorageReader, settings: ProtocolSettings) -> int:
        """The time between two blocks, in milliseconds."""
        return policy_values.ms_per_block(storage, settings)

    def max_valid_until_block_increment(self, storage: StorageReader, settings: ProtocolSettings) -> int:
        """How many blocks ahead a transaction's last block may be."""
        return policy_values.max_valid_until_block_increment(storage, settings)


NATIVES: Final = Natives()
