"""A chain in memory that the application engine executes from genesis on, for tests of native contracts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.committee import key_account, validators_account
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.attribute import TransactionAttribute
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.natives.block_list import BlockList

KEY = ECPoint.parse("02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2")
SETTINGS = ProtocolSettings(
    network=42,
    address_version=53,
    ms_per_block=250,
    max_traceable_blocks=200_000,
    max_valid_until_block_increment=345_600,
    max_transactions_per_block=512,
    initial_gas=52_000_000 * 10**8,
    standby_committee=(KEY,),
    validators_count=1,
    hardforks=dict.fromkeys(Hardfork, 0),
)
GAS = 10**8  # datoshi
ON_PERSIST = ScriptBuilder().syscall("System.Contract.NativeOnPersist").to_bytes()
POST_PERSIST = ScriptBuilder().syscall("System.Contract.NativePostPersist").to_bytes()


def validators() -> UInt160:
    """The account that holds everything at first, and is the committee too."""
    return validators_account((KEY,))


@dataclass
class SmallChain:
    """Rows and blocks, genesis with them from the start. `rows` may be changed between blocks."""

    settings: ProtocolSettings = SETTINGS
    rows: dict[tuple[int, bytes], bytes] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add()

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""
        return self.rows.get((contract_id, key))

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Rows that begin with a prefix, in the order of their keys."""
        rows = ((key, row) for (owner, key), row in self.rows.items() if owner == contract_id)
        return iter(sorted(((key, row) for key, row in rows if key.startswith(prefix)), reverse=backwards))

    def transaction(
        self,
        script: bytes,
        *attributes: TransactionAttribute,
        accounts: Sequence[UInt160] = (),
        system_fee_datoshi: int = 20 * GAS,
    ) -> Transaction:
        """A transaction that `accounts`, by default the committee, sign for all scripts."""
        signers = tuple(Signer(account, WitnessScope.Global) for account in accounts or (validators(),))
        witnesses = tuple(Witness() for _ in signers)
        nonce = len(self.blocks)
        return Transaction(nonce, system_fee_datoshi, 0, len(self.blocks), signers, attributes, script, witnesses)

    def add(self, *transactions: Transaction) -> list[Execution]:
        """Makes a block: what OnPersist, each transaction and PostPersist did. The block's own runs must not fail."""
        ledger, snapshot, index = BlockList(list(self.blocks)), Snapshot(self), len(self.blocks)
        header = Header(ledger.current_hash, UInt256.ZERO, 1_000 * (index + 1), 0, index, 0, key_account(KEY))
        block = Block(header, transactions)

        def run(trigger: Trigger, container: object, script: bytes, layer: Snapshot, gas: int) -> ApplicationEngine:
            engine = ApplicationEngine(trigger, container, layer, block, self.settings, gas, NATIVES, ledger)
            engine.load_entry(script)
            engine.execute()
            return engine

        executions = [run(Trigger.ON_PERSIST, None, ON_PERSIST, snapshot, 0).execution()]
        for one in transactions:
            layer = snapshot.child()
            executions.append(run(Trigger.APPLICATION, one, one.script, layer, one.system_fee_datoshi).execution())
            if executions[-1].halted:
                layer.commit()
        executions.append(run(Trigger.POST_PERSIST, None, POST_PERSIST, snapshot, 0).execution())
        assert executions[0].halted and executions[-1].halted, (executions[0].exception, executions[-1].exception)
        for place, row in snapshot.changes().items():
            if row is None:
                self.rows.pop(place, None)
            else:
                self.rows[place] = row
        self.blocks.append(block)
        return executions

    def run(self, script: bytes) -> Execution:
        """What a script does in a block of its own."""
        return self.add(self.transaction(script))[1]
