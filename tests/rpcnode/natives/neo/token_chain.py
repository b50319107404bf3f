"""A chain on which nothing but NeoToken and GasToken lives."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, Final

from rpcnode.execution.application_engine import ApplicationEngine, Call
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.neo_token import NEO
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem

ALL_AT_GENESIS: Final = dict.fromkeys(Hardfork, 0)


def before(hardfork: Hardfork) -> dict[Hardfork, int]:
    """All hardforks before one at genesis; it and those after it never come."""
    return {earlier: 0 for earlier in Hardfork if earlier < hardfork}


KEYS: Final = tuple(
    map(
        ECPoint.parse,
        (  # 1, 2, 3, ... times the generator, which any key library gives
            "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "037cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
            "025ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c",
            "02e2534a3532d08fbba02dde659ee62bd0031fe2db785596ef509302446b030852",
            "0251590b7a515140d2d784c85608668fdfef8c82fd1f5be52421554a0dc3d033ed",
        ),
    )
)
DEFAULT: Final[Any] = object()


def settings_for(
    hardforks: Mapping[Hardfork, int] = ALL_AT_GENESIS, committee: tuple[ECPoint, ...] = KEYS[:3], validators: int = 1
) -> ProtocolSettings:
    """The settings of a small network."""
    return ProtocolSettings(
        network=42,
        address_version=53,
        ms_per_block=1000,
        max_traceable_blocks=100,
        max_valid_until_block_increment=100,
        max_transactions_per_block=10,
        initial_gas=52_000_000 * 100_000_000,
        standby_committee=committee,
        validators_count=validators,
        hardforks=hardforks,
    )


class Rows:
    """Stored rows in a dictionary."""

    def __init__(self) -> None:
        self.rows: Final[dict[tuple[int, bytes], bytes]] = {}

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        return self.rows.get((contract_id, key))

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        found = ((key, row) for (owner, key), row in self.rows.items() if owner == contract_id)
        return iter(sorted(((key, row) for key, row in found if key.startswith(prefix)), reverse=backwards))


class NoBlocks:
    """A LedgerView that knows its height alone."""

    def __init__(self, current_index: int) -> None:
        self.current_index = current_index
        self.current_hash = UInt256.ZERO

    def hash_of(self, block_index: int) -> UInt256 | None:
        return None

    def index_of(self, block_hash: UInt256) -> int | None:
        return None

    def header(self, block_index: int) -> Header | None:
        return None

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        return ()

    def transaction(self, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
        return None


class TokenRun(ApplicationEngine):
    """An execution that these accounts have signed, in whose world those are contracts."""

    __slots__ = ("contracts", "layer", "signed")

    layer: Snapshot
    signed: frozenset[UInt160]
    contracts: frozenset[UInt160]

    def check_witness(self, account: UInt160) -> bool:
        return account in self.signed

    def is_contract(self, script_hash: UInt160) -> bool:
        return script_hash in self.contracts


Work = Callable[[TokenRun], object]


class TokenChain:
    """Blocks of calls to NEO and GAS; `events` are those of the last block: name and state."""

    def __init__(self, settings: ProtocolSettings = DEFAULT) -> None:
        self.settings: Final = settings_for() if settings is DEFAULT else settings
        self.rows: Final = Rows()
        self.height = -1
        self.events: list[tuple[str, tuple[StackItem, ...]]] = []
        self.block(genesis=True)

    def block(
        self,
        *works: Work,
        signed: Iterable[UInt160] = (),
        contracts: Iterable[UInt160] = (),
        transactions: tuple[Transaction, ...] = (),
        genesis: bool = False,
    ) -> list[object]:
        """Makes the next block: what each of the works returned. What transactions pay is paid; they do nothing."""
        self.events = []
        run = self.run(Trigger.ON_PERSIST, transactions=transactions)
        if genesis:
            NEO.initialize(run, None)
            GAS.initialize(run, None)
        NEO.on_persist(run)
        GAS.on_persist(run)
        self._keep(run)
        run = self.run(Trigger.APPLICATION, signed, contracts)
        results = [finished(work(run)) for work in works]
        self._keep(run)
        run = self.run(Trigger.POST_PERSIST)
        NEO.post_persist(run)
        self._keep(run)
        self.height += 1
        return results

    def blocks(self, count: int) -> None:
        """Makes empty blocks."""
        for _ in range(count):
            self.block()

    def ask(self, work: Work) -> object:
        """What a call in the next block returns; nothing is kept."""
        return finished(work(self.run(Trigger.APPLICATION)))

    def run(
        self,
        trigger: Trigger,
        signed: Iterable[UInt160] = (),
        contracts: Iterable[UInt160] = (),
        transactions: tuple[Transaction, ...] = (),
    ) -> TokenRun:
        """An execution in the next block, with a script that does nothing."""
        header = Header(UInt256.ZERO, UInt256.ZERO, 0, 0, self.height + 1, 0, UInt160.ZERO)
        ledger, block, layer = NoBlocks(self.height), Block(header, transactions), Snapshot(self.rows)
        run = TokenRun(trigger, None, layer, block, self.settings, 10_000 * 100_000_000, NATIVES, ledger)
        run.layer = layer
        run.signed, run.contracts = frozenset(signed), frozenset(contracts)
        run.load_entry(b"\x40")
        return run

    def _keep(self, run: TokenRun) -> None:
        run.context.commit()
        self.events += [(str(event.event_name), event.state) for event in run.notifications]
        for place, row in run.layer.changes().items():
            if row is None:
                self.rows.rows.pop(place, None)
            else:
                self.rows.rows[place] = row


def finished(result: object, calls: list[Call] | None = None) -> object:
    """A result, or what steps come to when all that they call does nothing; the calls are put into a list."""
    if not isinstance(result, Generator):
        return result
    while True:
        try:
            call = next(result)
        except StopIteration as end:
            return end.value
        if calls is not None:
            calls.append(call)
