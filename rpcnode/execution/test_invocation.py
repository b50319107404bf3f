"""Runs scripts and `verify` methods as a test: in a mocked transaction, in a mocked next block, over one state.

Source: neo-node 3.10.2, plugins/RpcServer: Session.cs, RpcServer.Wallet.cs: GetVerificationResult; neo 3.10.2,
SmartContract/ApplicationEngine.cs: CreateDummyBlock.
"""

from collections.abc import Callable, Iterator
from typing import Final, Protocol, Self

from rpcnode.execution.application_engine import TEST_MODE_GAS, ApplicationEngine, Listener
from rpcnode.execution.contract import Contract
from rpcnode.execution.held_memory import HeldMemory
from rpcnode.execution.in_pieces import PIECE, WHOLE_CALL
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.payloads.block import Block
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.header import Header
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.engine import VmState
from rpcnode.vm.opcode import Opcode

NOBODY: Final = (Signer(UInt160.ZERO, WitnessScope.None_),)
"""Who signs a script where the client names no signers."""

_RET: Final = bytes((Opcode.RET,))
_MOST_KEPT: Final = 16
_NEXT_BLOCKS: Final[dict[tuple[UInt256, int], Block]] = {}  # by the hash of the block before and the time to it


class ExecutionState(Protocol):
    """What a run sees of the chain, the same throughout whatever blocks come meanwhile: the state after one block."""

    @property
    def storage(self) -> StorageReader:
        """The rows of all contracts."""

    @property
    def ledger(self) -> LedgerView:
        """The blocks."""

    @property
    def settings(self) -> ProtocolSettings:
        """The network's."""

    @property
    def natives(self) -> NativeSet:
        """The native contracts."""


class TestTransaction(Transaction):
    """A transaction that no node would take: nobody signs it, or an account twice, or its script is empty.

    Its nonce may be drawn when it is first asked for: a run that never asks is the same under every nonce.
    """

    __slots__ = ("_draw", "_nonce")
    __test__ = False

    _draw: Callable[[], int] | None
    _nonce: int

    @property
    def nonce(self) -> int:
        """The nonce."""
        if self._draw is not None:
            object.__setattr__(self, "nonce", self._draw())
        return self._nonce

    @nonce.setter
    def nonce(self, nonce: int) -> None:
        object.__setattr__(self, "_nonce", nonce)
        object.__setattr__(self, "_draw", None)

    def drawing(self, draw: Callable[[], int]) -> Self:
        """The same transaction, whose nonce is yet to be drawn."""
        object.__setattr__(self, "_draw", draw)
        return self

    def __post_init__(self) -> None:
        """Nothing is checked."""

    @property
    def sender(self) -> UInt160:
        """The first signer; raises VmFault where there is none."""
        if not self.signers:
            raise VmFault("Sender is not specified in the transaction.")
        return self.signers[0].account


def next_block(state: ExecutionState) -> Block:
    """The empty block that test invocations run in."""
    ledger = state.ledger
    ms_per_block = state.natives.ms_per_block(state.storage, state.settings)
    made = _NEXT_BLOCKS.get((ledger.current_hash, ms_per_block))
    if made is None:
        last = ledger.header(ledger.current_index)
        assert last is not None
        header = Header(
            previous_hash=ledger.current_hash,
            merkle_root=UInt256.ZERO,
            timestamp_ms=last.timestamp_ms + ms_per_block,
            nonce=0,
            index=last.index + 1,
            primary_index=0,
            next_consensus=last.next_consensus,
        )
        if len(_NEXT_BLOCKS) >= _MOST_KEPT:
            _NEXT_BLOCKS.clear()
        made = _NEXT_BLOCKS[ledger.current_hash, ms_per_block] = Block(header, ())
    return made


def run_of_script(
    state: ExecutionState,
    script: bytes,
    gas_datoshi: int = TEST_MODE_GAS,
    signers: tuple[Signer, ...] | None = None,
    witnesses: tuple[Witness, ...] = (),
    draw_nonce: Callable[[], int] | None = None,
    listener: Listener | None = None,
) -> ApplicationEngine:
    """A run with a script loaded, in a transaction; `signers` None: NOBODY. `draw_nonce` None: its nonce is 0.

    Otherwise it is called, once at most, where the run asks for the nonce or for what follows from it.
    """
    increment = state.natives.max_valid_until_block_increment(state.storage, state.settings)
    transaction = TestTransaction(
        nonce=0,
        system_fee_datoshi=0,
        network_fee_datoshi=0,
        valid_until_block=state.ledger.current_index + increment,
        signers=NOBODY if signers is None else signers,
        attributes=(),
        script=script,
        witnesses=witnesses,
    )
    if draw_nonce is not None:
        transaction.drawing(draw_nonce)
    return run_of_transaction(state, transaction, gas_datoshi, listener)


def run_of_transaction(
    state: ExecutionState, transaction: Transaction, gas_datoshi: int = TEST_MODE_GAS, listener: Listener | None = None
) -> ApplicationEngine:
    """A run with a transaction's script loaded."""
    run = ApplicationEngine(
        Trigger.APPLICATION,
        transaction,
        Snapshot(state.storage),
        next_block(state),
        state.settings,
        gas_datoshi,
        state.natives,
        state.ledger,
        listener,
    )
    run.load_entry(transaction.script)
    return run


def run_of_natives(state: ExecutionState, script: bytes, gas_datoshi: int) -> ApplicationEngine:
    """A run with a script loaded, in the next block and no transaction: how the node itself asks a contract."""
    snapshot = Snapshot(state.storage)
    block = next_block(state)
    settings, natives, ledger = state.settings, state.natives, state.ledger
    run = ApplicationEngine(Trigger.APPLICATION, None, snapshot, block, settings, gas_datoshi, natives, ledger)
    run.load_entry(script)
    return run


def run_of_verify(
    state: ExecutionState,
    contract: Contract,
    method: Method,
    arguments: bytes,
    signers: tuple[Signer, ...] | None = None,
    witnesses: tuple[Witness, ...] = (),
) -> ApplicationEngine:
    """A run with a contract's `verify` method loaded, and over it the script that pushes its arguments, if any.

    It may spend 20 GAS. `signers` None: the contract itself, with scope None.
    """
    transaction = TestTransaction(
        nonce=0,
        system_fee_datoshi=0,
        network_fee_datoshi=0,
        valid_until_block=0,
        signers=(Signer(contract.hash, WitnessScope.None_),) if signers is None else signers,
        attributes=(),
        script=_RET,
        witnesses=witnesses,
    )
    run = ApplicationEngine(
        Trigger.VERIFICATION,
        transaction,
        Snapshot(state.storage),
        None,
        state.settings,
        TEST_MODE_GAS,
        state.natives,
        state.ledger,
    )
    run.load_contract(contract, method, int(CallFlags.ReadOnly))
    if arguments:
        run.load_entry(arguments, int(CallFlags.None_))
    return run


def pieces(run: ApplicationEngine, first: int = WHOLE_CALL) -> Iterator[None]:
    """Runs what is loaded to its end, a piece with each step; `first` are the opcode prices of the first piece.

    One that holds more memory than a call may ends in a fault.
    """
    factor = run.exec_fee_pico_factor
    held = HeldMemory(run)
    run.execute(first * factor)
    held.spent(first)
    while run.state is VmState.NONE:
        yield
        run.execute(PIECE * factor)
        held.spent(PIECE)


def finished(run: ApplicationEngine) -> VmState:
    """How a run ends, run at once."""
    for _ in pieces(run):
        pass
    return run.state
