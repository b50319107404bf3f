"""Declared tokens on a chain after genesis, run with twins and without."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.iterators import StorageIterator
from rpcnode.execution.native_hashes import GAS
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models.declared.contracts import Standard, declared_contract
from rpcnode.models.declared.entries import DeclaredTwins
from rpcnode.natives.registry import Natives
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.manifest import Manifest, Method, Parameter, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import multisig_script, script_hash
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, InteropInterface, Map, StackItem, Struct
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.world import Blocks, Rows
from tests.rpcnode.natives.native_world import ALL, KEYS, NativeWorld

OWNER, ALICE, BOB, CAROL = (UInt160(bytes((byte,)) * 20) for byte in (0x51, 0xA1, 0xB0, 0xCA))
COIN, ART, SHARE, PLAIN, PROXY, DEAF = (UInt160(bytes((byte,)) * 20) for byte in range(1, 7))
COMMITTEE: Final = script_hash(multisig_script(1, KEYS[:1]))
IDS: Final = {COIN: 11, ART: 12, SHARE: 13, PLAIN: 14, PROXY: 15, DEAF: 16}
HOLDERS: Final = (ALICE, BOB, CAROL, OWNER, PLAIN, DEAF, PROXY, GAS, COIN)

BEFORE_FAUN: Final = {fork: height for fork, height in ALL.items() if fork < Hardfork.Faun}
BEFORE_ALL: Final[Mapping[Hardfork, int]] = {}
HARDFORKS: Final = (ALL, BEFORE_FAUN, BEFORE_ALL)

WITH_TWINS: Final = Natives(DeclaredTwins())
WITHOUT_TWINS: Final = Natives()

_STANDARDS: Final[dict[UInt160, tuple[Standard, int]]] = {
    COIN: ("NEP-17", 8),
    ART: ("NEP-11", 0),
    SHARE: ("NEP-11", 2),
    PLAIN: ("none", 0),
}


class Outcome(NamedTuple):
    """All that a run leaves."""

    state: str
    fault: str
    gas_left: int
    stack: Any
    events: Any
    changes: Any
    counters: Any


@cache
def token_contract(token: UInt160) -> Contract:
    """A declared contract of the world, as it is deployed."""
    standard, decimals = _STANDARDS[token]
    nef, manifest = declared_contract(standard, f"Declared {standard}", "SYM", decimals, OWNER)
    return Contract(IDS[token], 0, token, nef, manifest)


def proxy_contract(proxy: UInt160) -> Contract:
    """A contract that calls what it is told to: `run(hash, method, flags, args)`."""
    script = ScriptBuilder().syscall("System.Contract.Call").to_bytes() + b"\x40"
    names = ("hash", "Hash160"), ("method", "String"), ("flags", "Integer"), ("args", "Array")
    run = Method("run", tuple(Parameter(*name) for name in names), "Any", 0, False)
    manifest = Manifest("proxy", (), (run,), permissions=(Permission(None, None),))
    return Contract(IDS[proxy], 0, proxy, Nef("tests", script), manifest)


@cache
def settings_of(fork_set: int) -> ProtocolSettings:
    """The settings of one of `HARDFORKS`."""
    return NativeWorld(HARDFORKS[fork_set]).settings


@cache
def genesis_rows(fork_set: int) -> Mapping[tuple[int, bytes], bytes]:
    """What is stored once natives and contracts are there; DEAF takes no tokens.

    Signers have GAS for their fees.
    """
    world = NativeWorld(HARDFORKS[fork_set])
    contracts = [*map(token_contract, _STANDARDS), proxy_contract(PROXY), proxy_contract(DEAF)]
    for contract in contracts:
        world.storage.put(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + contract.hash, contract.serialize())
    for account in (OWNER, ALICE, BOB, CAROL, COMMITTEE):
        world.credit(account, 10**12)
    return {place: value for place, value in world.storage.changes().items() if value is not None}


def block_of(transactions: Sequence[Transaction] = (), index: int = 1) -> Block:
    """A block that is being made."""
    header = Header(UInt256.ZERO, UInt256.ZERO, 1_000_000, 0, index, 0, UInt160.ZERO)
    return Block(header, tuple(transactions))


def transaction_of(script: bytes, signers: Sequence[Signer], gas_datoshi: int = 0, nonce: int = 0) -> Transaction:
    """A transaction that nobody has signed."""
    return Transaction(nonce, gas_datoshi, 0, 100, tuple(signers), (), script)


def signers_of(scopes: Mapping[UInt160, WitnessScope]) -> tuple[Signer, ...]:
    """Signers; those whose scope is CustomContracts allow the coin only."""
    return tuple(
        Signer(account, scope, (COIN,) if scope & WitnessScope.CustomContracts else ())
        for account, scope in scopes.items()
    )


def run(
    natives: Natives,
    rows: Mapping[tuple[int, bytes], bytes],
    transaction: Transaction,
    fork_set: int = 0,
    gas_datoshi: int = 1_000_000_000,
) -> Outcome:
    """Runs a transaction's script, by the engine."""
    snapshot = Snapshot(Rows(rows))
    engine = ApplicationEngine(
        Trigger.APPLICATION,
        transaction,
        snapshot,
        block_of([transaction]),
        settings_of(fork_set),
        gas_datoshi,
        natives,
        Blocks([block_of(index=0)]),
    )
    engine.load_entry(transaction.script)
    engine.execute()
    execution = engine.execution()
    return Outcome(
        execution.vm_state,
        execution.exception or "",
        engine.gas_left,
        [*map(plain, execution.stack)],
        [(str(event.contract), event.event_name, [*map(plain, event.state)]) for event in execution.notifications],
        snapshot.changes() if execution.halted else {},
        dict(engine.invocation_counters),
    )


def plain(item: StackItem) -> Any:
    """An item in a form that can be compared, its type included; of an iterator what it gives."""
    match item:
        case Struct() | Array():
            return type(item).__name__, [*map(plain, item.items)]
        case Map():
            return [(plain(key), plain(value)) for key, value in item.pairs()]
        case InteropInterface() if isinstance(item.value, StorageIterator):
            iterator = item.value
            return [plain(iterator.value()) for _ in iter(iterator.advance, False)]
    return type(item).__name__, item
