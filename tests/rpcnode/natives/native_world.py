"""Native contracts as they are after genesis on a chain of one's own, and calls of their methods."""

from collections.abc import Mapping, Sequence
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine, Steps
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.native import NativeContract
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.attribute import TransactionAttribute
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.keys import derive_private_key, public_key_of
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.world import Blocks, Rows

PRIVATE_KEYS: Final = tuple(derive_private_key("natives", number) for number in range(5))
KEYS: Final[tuple[ECPoint, ...]] = tuple(sorted(map(public_key_of, PRIVATE_KEYS), key=lambda key: key.sort_key))
ALL: Final[Mapping[Hardfork, int]] = dict.fromkeys(Hardfork, 0)
GENESIS_MS: Final = 1_000_000
MANAGEMENT_ID: Final = -1
GAS_LIMIT: Final = 10_000_000_000  # datoshi


class NativeWorld:
    """The natives' own rows and contracts, over nothing; each call that halts is kept."""

    def __init__(self, hardforks: Mapping[Hardfork, int] = ALL, committee_size: int = 1) -> None:
        self.settings: Final = ProtocolSettings(
            network=42,
            address_version=0x35,
            ms_per_block=250,
            max_traceable_blocks=200_000,
            max_valid_until_block_increment=5_760,
            max_transactions_per_block=512,
            initial_gas=5_200_000_000_000_000,
            standby_committee=KEYS[:committee_size],
            validators_count=1,
            hardforks=hardforks,
        )
        self.storage: Final = Snapshot(Rows({}))
        self.height = 0
        self.time_ms = GENESIS_MS
        self.reach(0)

    def reach(self, block_index: int) -> None:
        """Deploys or updates, in a block, the natives that are to be there, and takes the block for done."""
        run = self.engine(Trigger.ON_PERSIST, None, self.block(block_index), self.storage)
        for native in NATIVES.all:
            hardforks = native.is_initialize_block(self.settings, block_index)
            if hardforks is None:
                continue
            state = native.state_at(self.settings, block_index)
            self.storage.put(MANAGEMENT_ID, b"\x08" + native.hash, state.serialize())
            if block_index == 0 and native.active_in is None:
                finish(native.initialize(run, None))
            for hardfork in hardforks:
                finish(native.initialize(run, hardfork))
        self.height = block_index

    def block(self, block_index: int, transactions: Sequence[Transaction] = ()) -> Block:
        """A block that is being made."""
        header = Header(UInt256.ZERO, UInt256.ZERO, self.time_ms, 0, block_index, 0, UInt160.ZERO)
        return Block(header, tuple(transactions))

    def engine(self, trigger: Trigger, container: object, block: Block, storage: Snapshot) -> ApplicationEngine:
        """An engine with nothing loaded, which writes into `storage`."""
        ledger = Blocks([self.block(self.height)])
        return ApplicationEngine(trigger, container, storage, block, self.settings, GAS_LIMIT, NATIVES, ledger)

    def call(self, native: NativeContract, method: str, *args: Pushable, signers: Sequence[UInt160] = ()) -> Execution:
        """Calls a method in a transaction in the next block; what it writes is kept if it halts."""
        return self.run(transaction(ScriptBuilder().call(native.hash, method, args).to_bytes(), signers))

    def run(self, container: Transaction, script: bytes | None = None) -> Execution:
        """Runs a transaction, or another script in its place, in the next block; what it writes is kept if it halts."""
        layer = self.storage.child()
        engine = self.engine(Trigger.APPLICATION, container, self.block(self.height + 1), layer)
        engine.load_entry(container.script if script is None else script)
        engine.execute()
        execution = engine.execution()
        if execution.halted:
            layer.commit()
        return execution

    def credit(self, account: UInt160, amount_datoshi: int) -> None:
        """Gives GAS to an account."""
        GAS.credit(self.engine(Trigger.ON_PERSIST, None, self.block(0), self.storage), account, amount_datoshi)

    def on_persist(self, native: NativeContract, transactions: Sequence[Transaction]) -> ApplicationEngine:
        """Has a native do what it does before the transactions of the next block; all that it writes is kept."""
        block = self.block(self.height + 1, transactions)
        engine = self.engine(Trigger.ON_PERSIST, None, block, self.storage)
        finish(native.on_persist(engine))
        return engine


def finish(steps: Steps[None] | None) -> None:
    """Does steps that call no contract."""
    for call in steps or ():
        raise AssertionError(call)


def transaction(
    script: bytes = b"\x40",
    signers: Sequence[UInt160] = (),
    attributes: Sequence[TransactionAttribute] = (),
    fees: tuple[int, int] = (0, 0),
    scopes: WitnessScope = WitnessScope.Global,
) -> Transaction:
    """A transaction without witnesses; the signer is nobody if none is given. `fees` are system and network fee."""
    signed = tuple(Signer(account, scopes) for account in signers) or (Signer(UInt160.ZERO, WitnessScope.None_),)
    return Transaction(7, *fees, 100, signed, tuple(attributes), script)


def result(execution: Execution) -> StackItem:
    """What a call that halts leaves."""
    assert execution.exception is None, execution.exception
    (item,) = execution.stack
    return item
