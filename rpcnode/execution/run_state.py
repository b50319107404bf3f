"""One execution as it stands: what runs, over which storage, with how much gas; what it has left.

Source: neo 3.10.2, SmartContract/ApplicationEngine.cs.
"""

from collections.abc import Callable, Sequence
from typing import Final

from rpcnode.execution.context import Context
from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import FAULT, HALT, Execution, Notification, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.execution.witnesses import is_witness
from rpcnode.payloads.block import Block
from rpcnode.payloads.flags import CallFlags, flags_text
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.code import JumpTable
from rpcnode.vm.conversions import pop, push
from rpcnode.vm.copying import deep_copy
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.jump_table import BEFORE_ECHIDNA, BEFORE_GORGON, LATEST
from rpcnode.vm.limits import DEFAULT_LIMITS

PICO: Final = 10_000
"""The engine's unit of gas in a datoshi."""

MAX_NOTIFICATIONS: Final = 512
MAX_FEE_SHOWN: Final = 2**63 - 1  # datoshi
FREE_WORK: Final = 100 * 100_000_000 * PICO
"""What contracts with a fixed fee may spend in all: they pay for nothing, but must end."""

MOST_TIRED: Final = 100_000_000
"""Opcode prices of work that is not paid for, see `tire`: some seconds."""

_VALUES: Final = frozenset((int, bytes, bool, type(None)))
"""Items that are copied by being handed over."""


class RunState(Engine):
    """The state of one execution; `ApplicationEngine` runs it.

    Gas is counted in pico-GAS and never rounded by charge. `snapshot` gets what a run that halts has written.
    `container` is the transaction or header whose script or witness runs, `persisting` the block that is being made.
    """

    __slots__ = (
        "__weakref__",
        "_gas_limit",
        "_is_free",
        "_nonce_data",
        "_saved_gas",
        "_start",
        "asked_time",
        "container",
        "exec_fee_pico_factor",
        "invocation_counters",
        "ledger",
        "memo",
        "natives",
        "notifications",
        "persisting",
        "random_times",
        "settings",
        "storage_price",
        "syscalls",
        "tired",
        "trigger",
    )

    def __init__(
        self,
        trigger: Trigger,
        container: object,
        snapshot: Snapshot,
        persisting: Block | None,
        settings: ProtocolSettings,
        gas_datoshi: int,
        natives: NativeSet,
        ledger: LedgerView,
        watched: Callable[[JumpTable], JumpTable] | None = None,
    ) -> None:
        index = ledger.current_index if persisting is None else persisting.index
        if settings.is_enabled(Hardfork.Gorgon, index):
            table = LATEST
        else:
            table = BEFORE_GORGON if settings.is_enabled(Hardfork.Echidna, index) else BEFORE_ECHIDNA
        if watched is not None:
            table = watched(table)
        super().__init__(DEFAULT_LIMITS, table, gas_datoshi * PICO)
        self.trigger: Final = trigger
        self.container: Final = container
        self.persisting: Final = persisting
        self.settings: Final = settings
        self.natives: Final = natives
        self.ledger: Final = ledger
        self.notifications: Final[list[Notification]] = []
        self.invocation_counters: Final[dict[UInt160, int]] = {}
        self.memo: Final[dict[object, object]] = {}
        self.syscalls: Final = natives.syscalls
        self.random_times = 0
        self.asked_time = False
        self.tired = 0
        self._nonce_data: bytes | None = None
        self._start: Final = snapshot
        self._gas_limit: Final = gas_datoshi * PICO
        self._is_free = False
        self._saved_gas = FREE_WORK
        factor, storage_price = natives.fee_factors(snapshot, settings, index, trigger, persisting)
        self.factor = factor
        self.exec_fee_pico_factor: Final = factor
        self.storage_price: Final = storage_price

    # What is running

    @property
    def context(self) -> Context:
        """The context of the frame that runs."""
        context = self.frames[-1].shared.host
        assert isinstance(context, Context)
        return context

    @property
    def storage(self) -> Snapshot:
        """The storage that the running context reads and writes."""
        frames = self.frames
        return frames[-1].shared.host.snapshot if frames else self._start  # type: ignore[attr-defined]

    @property
    def current_script_hash(self) -> UInt160:
        """Whose script runs."""
        return self.context.script_hash

    @property
    def calling_script_hash(self) -> UInt160 | None:
        """Who called it; None in the entry script."""
        context = self.context
        if context.native_calling is not None:
            return context.native_calling
        return None if context.calling is None else context.calling.script_hash

    @property
    def entry_script_hash(self) -> UInt160:
        """Whose script began it all."""
        context = self.frames[0].shared.host
        assert isinstance(context, Context)
        return context.script_hash

    @property
    def depends_on_transaction(self) -> bool:
        """Whether its transaction's hash was asked for, and with that its nonce: another transaction may leave else."""
        container = self.container
        return isinstance(container, Transaction) and container.was_hashed

    @property
    def asked_random(self) -> bool:
        """Whether it drew by chance."""
        return self._nonce_data is not None

    @property
    def nonce_data(self) -> bytes:
        """What GetRandom goes on from; made when it is first asked for."""
        if self._nonce_data is None:
            self._nonce_data = _nonce_data(self.container, self.persisting)
        return self._nonce_data

    @nonce_data.setter
    def nonce_data(self, data: bytes) -> None:
        self._nonce_data = data

    def is_enabled(self, hardfork: Hardfork) -> bool:
        """Whether a hardfork's rules hold; without a block that is being made, whether it ever comes."""
        if self.persisting is None:
            return hardfork in self.settings.hardforks
        return self.settings.is_enabled(hardfork, self.persisting.index)

    def contract(self, script_hash: UInt160) -> Contract | None:
        """The contract with a hash, if it stands."""
        return contract_of(self.storage, script_hash)

    def is_contract(self, script_hash: UInt160) -> bool:
        """Whether a contract stands there."""
        return contract_of(self.storage, script_hash) is not None

    def check_witness(self, account: UInt160) -> bool:
        """Whether an account agrees to what the running context does."""
        return is_witness(self, account)

    def require(self, flags: int) -> None:
        """Raises VmFault unless the running context has these call flags."""
        granted = self.context.flags
        if granted & flags != flags:
            raise VmFault(f"Cannot call this SYSCALL with the flag {flags_text(CallFlags(granted))}.")

    # Gas

    def charge_units(self, price: int) -> None:
        """Spends so many units of opcode prices."""
        self.charge(price * self.exec_fee_pico_factor)

    @property
    def gas_left_datoshi(self) -> int:
        """What may still be spent, rounded down."""
        return self._true_gas_left() // PICO

    @property
    def gas_spent_pico(self) -> int:
        """What was spent, in ten thousandths of a datoshi."""
        return self._gas_limit - self._true_gas_left()

    @property
    def fee_consumed_datoshi(self) -> int:
        """What was spent, rounded up; the charge that was too much counts."""
        consumed = -((self._true_gas_left() - self._gas_limit) // PICO)
        return consumed if consumed <= MAX_FEE_SHOWN else self._gas_limit // PICO

    def _true_gas_left(self) -> int:
        return self._saved_gas if self._is_free else self.gas_left

    def _set_free(self, is_free: bool) -> None:
        """Has the running context pay, or not: then its work is counted elsewhere."""
        if is_free is not self._is_free:
            self._is_free = is_free
            until_floor = self.gas_left - self.floor
            self.gas_left, self._saved_gas = self._saved_gas, self.gas_left
            if self.floor:
                self.floor = max(0, self.gas_left - until_floor)

    def tire(self, units: int) -> None:
        """Says that what was done takes as long as so many units of opcode prices, though it costs less.

        Nothing is spent; but where a run goes on in pieces, this one ends sooner. Raises VmFault where such work takes
        a script that only asks some seconds in all, which gas would let it go on with for hours.
        """
        if self.floor:
            self.floor += units * self.factor
            self.tired += units
            if self.tired > MOST_TIRED:
                raise VmFault("The script takes longer than one call may.")

    # What scripts and natives leave

    def push(self, item: StackItem) -> None:
        """Puts an item on the stack of the frame that runs."""
        push(self.frames[-1], item)

    def pop(self) -> StackItem:
        """Takes the item on top of the stack of the frame that runs."""
        return pop(self.frames[-1])

    def notify(self, contract: UInt160, name: str, state: Sequence[StackItem] | Array) -> None:
        """Adds an event, whose state is copied. Source: neo, ApplicationEngine.SendNotification."""
        is_limited = self.trigger is Trigger.APPLICATION and self.is_enabled(Hardfork.Echidna)
        if is_limited and len(self.notifications) >= MAX_NOTIFICATIONS:
            raise VmFault(f"Maximum number of notifications `{MAX_NOTIFICATIONS}` is reached.")
        if type(state) is tuple and _VALUES.issuperset(map(type, state)):  # most events; nothing of them can change
            self.notifications.append(Notification(contract, name, state))
            return
        copy = deep_copy(state if isinstance(state, Array) else Array(state), as_immutable=True)
        assert isinstance(copy, Array)
        self.notifications.append(Notification(contract, name, tuple(copy.items)))

    def execution(self, *, wrote: bool = False, as_logged: bool = False) -> Execution:
        """What the run has left, once it has halted or failed; its exception as RPC shows it, or application logs."""
        container = self.container.hash if isinstance(self.container, Transaction) else None
        gas = self.fee_consumed_datoshi
        if self.state is VmState.HALT:
            stack, events = tuple(self.results), tuple(self.notifications)
            return Execution(self.trigger, container, HALT, gas, stack, None, events, wrote)
        logged = self.fault.logged if as_logged and self.fault is not None else None
        exception = str(self.fault) if logged is None else logged
        return Execution(self.trigger, container, FAULT, gas, (), exception, (), wrote)


def _nonce_data(container: object, persisting: Block | None) -> bytes:
    """What GetRandom begins with: half of the transaction's hash, the block's nonce mixed in."""
    data = bytes(container.hash[:16]) if isinstance(container, Transaction) else bytes(16)
    if persisting is not None:
        mixed = int.from_bytes(data[:8], "little") ^ persisting.header.nonce
        data = mixed.to_bytes(8, "little") + data[8:]
    return data
