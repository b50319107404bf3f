"""What recorded blocks of preview2 tell of its natives beside balances: since when NEO stands, what a byte costs.

Source: neo 3.0.0-preview2, Neo: SmartContract/Native/PolicyContract.
"""

from typing import Final

from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.chain.recorded.recorded import OlderBlock
from rpcnode.execution.older_calls import calls_of
from rpcnode.execution.storage import Storage
from rpcnode.models.preview_moves import POLICY, follow_events, set_fee_per_byte
from rpcnode.payloads.preview2.transaction import Preview2Transaction

_SET_FEE: Final = "setFeePerByte"


def follow_block(layout: PayloadLayout, storage: Storage, block: OlderBlock) -> None:
    """Takes note of a block's transfers of NEO, and of the price of a byte where a call has set it."""
    runs = {execution.container: execution for execution in block.executions}
    for execution in block.executions:
        if execution.halted:
            follow_events(storage, block.index, execution.notifications)
    for kept in block.transactions:
        run = runs.get(kept.hash)
        if run is None or not run.halted or _SET_FEE.encode() not in kept.unsigned:
            continue
        calls = calls_of("n3-preview", Preview2Transaction.parse_unsigned(kept.unsigned, layout.magic).script) or ()
        for call, answer in zip(calls, run.stack, strict=False):
            fee = call.args[0] if call.args else None
            if (call.contract, call.method, answer) == (POLICY, _SET_FEE, True) and isinstance(fee, int):
                set_fee_per_byte(storage, fee)
