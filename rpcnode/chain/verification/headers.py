"""Whether the header of a block may follow. Source: neo 3.10.2, Network/P2P/Payloads/Header.cs: Verify."""

from typing import Final

from rpcnode.chain.verification.witnesses import witness_cost
from rpcnode.execution.test_invocation import ExecutionState
from rpcnode.payloads.header import Header
from rpcnode.primitives.steps import Steps

MAX_HEADER_GAS: Final = 150_000_000
"""What the witness of a header may cost, in datoshi: the C# node allows twice as much, and never more than this."""


def header_follows(header: Header, state: ExecutionState) -> Steps[bool]:
    """Whether a header follows the newest block of a state, and those whom that one names have signed it; in steps."""
    ledger = state.ledger
    before = ledger.header(ledger.current_index)
    if before is None or header.primary_index >= state.settings.validators_count:
        return False
    if header.previous_hash != ledger.current_hash or header.index != ledger.current_index + 1:
        return False
    if header.timestamp_ms <= before.timestamp_ms:
        return False
    return (yield from witness_cost(state, header, before.next_consensus, header.witness, MAX_HEADER_GAS)) is not None
