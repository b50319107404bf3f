"""What a transaction takes, found out by trying it, and whether its sender has that."""

from collections.abc import Callable
from typing import Final

from rpcnode.chain.described.made import Made
from rpcnode.chain.verification.pooled_fees import gas_of
from rpcnode.execution.block_run import BlockRun
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import StorageReader
from rpcnode.primitives.steps import Steps
from rpcnode.primitives.uint import UInt160

MakeWithFee = Callable[[int | None], Made]
"""Makes a transaction with a system fee, in datoshi; None: the most that it may take."""

_MORE: Final = 2


def tried(run: BlockRun, make: MakeWithFee) -> Steps[tuple[Made, Execution]]:
    """The transaction with the system fee that its script takes where `run` is now, no datoshi too much, and its trial.

    Where a script does something else when it has just so much, it gets twice as much, and so on, up to the most.
    """
    with_most = make(None)
    most = with_most.transaction.system_fee_datoshi
    execution = yield from run.trial(with_most.transaction)
    fee = execution.gas_consumed
    while fee < most:
        made = make(fee)
        again = yield from run.trial(made.transaction)
        if again.halted == execution.halted:
            return made, again
        fee = max(fee * _MORE, 1)
    return with_most, execution


def lack_of_gas(storage: StorageReader, sender: UInt160, owed: int) -> str | None:
    """What a sender lacks to pay what its transactions of a block cost, in words; `storage` is that before the block.

    `owed` in datoshi.
    """
    held = gas_of(storage, sender)
    if held >= owed:
        return None
    return f"{sender} has {held} datoshi of GAS, and its transactions of this block cost {owed}"
