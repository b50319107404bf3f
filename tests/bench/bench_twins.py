"""Declared transfers, by the machine, by twins in it, by twins alone: `python -m tests.bench.bench_twins`."""

import random
import time
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.contract import Contract
from rpcnode.execution.native_set import NoTwins
from rpcnode.execution.records import Trigger
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models.declared.twins import TokenTwin, twin_of
from rpcnode.natives.registry import Natives
from rpcnode.payloads.block import Block
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.world import Blocks, Rows
from tests.rpcnode.models.declared.token_world import (
    COIN,
    IDS,
    OWNER,
    WITH_TWINS,
    WITHOUT_TWINS,
    block_of,
    genesis_rows,
    settings_of,
    transaction_of,
)

ACCOUNTS: Final = [UInt160(number.to_bytes(20, "big")) for number in range(1, 1001)]
PER_BLOCK, BLOCKS = 100, 100
GAS_DATOSHI: Final = 100_000_000


class TwinsOfCalls(NoTwins):
    """The machine runs the entry scripts."""

    def twin_of(self, contract: Contract) -> TokenTwin | None:  # type: ignore[override]
        return twin_of(contract)


def blocks_of_transfers() -> list[Block]:
    """Blocks as a fixture's: the validators pay, the sender signs."""
    chosen = random.Random(1)
    blocks = []
    for index in range(BLOCKS):
        transactions = []
        for position in range(PER_BLOCK):
            sender, receiver = chosen.sample(ACCOUNTS, 2)
            args = sender, receiver, chosen.randint(1, 1000), None
            script = ScriptBuilder().call(COIN, "transfer", args).to_bytes() + b"\x39"
            signers = Signer(OWNER, WitnessScope.None_), Signer(sender)
            transactions.append(transaction_of(script, signers, GAS_DATOSHI, index * PER_BLOCK + position))
        blocks.append(block_of(transactions))
    return blocks


def microseconds_each(natives: Natives, blocks: list[Block]) -> float:
    """What a transfer takes: execution and storage in memory, no database."""
    balances = {(IDS[COIN], b"\x14" + account): b"\x00\xca\x9a\x3b" for account in ACCOUNTS}
    stored, ledger = Snapshot(Rows({**genesis_rows(0), **balances})), Blocks([block_of(index=0)])
    begin = time.process_time()
    for block in blocks:
        snapshot = stored.child()
        twins = natives.twins.of_block(block, snapshot, settings_of(0), natives)
        for transaction in block.transactions:
            if twins.execution(transaction) is not None:
                continue
            layer = snapshot.child()
            engine = ApplicationEngine(
                Trigger.APPLICATION, transaction, layer, block, settings_of(0), GAS_DATOSHI, natives, ledger
            )
            engine.load_entry(transaction.script)
            engine.execute()
            assert engine.execution().halted
            layer.commit()
        snapshot.commit()
    return (time.process_time() - begin) / (PER_BLOCK * len(blocks)) * 1e6


def main() -> None:
    blocks = blocks_of_transfers()
    for block in blocks:
        for transaction in block.transactions:
            assert transaction.hash
    for name, natives, count in (
        ("machine", WITHOUT_TWINS, 10),
        ("machine with twins", Natives(TwinsOfCalls()), 20),
        ("twins alone", WITH_TWINS, BLOCKS),
    ):
        print(f"{name}: {min(microseconds_each(natives, blocks[:count]) for _ in range(3)):.1f} us a transfer")


if __name__ == "__main__":
    main()
