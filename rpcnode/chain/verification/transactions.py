"""Whether a transaction may go into the next block: what follows from itself, and what the state says.

Source: neo 3.10.2, Network/P2P/Payloads/Transaction.cs: VerifyStateIndependent, VerifyStateDependent.
"""

from collections.abc import Collection, Iterable

from rpcnode.chain.verification.attributes import attribute_holds, attributes_fee
from rpcnode.chain.verification.pooled_fees import PooledFees
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.chain.verification.witnesses import (
    MAX_VERIFICATION_GAS,
    signatures_price,
    signatures_verdict,
    witness_cost,
)
from rpcnode.execution.test_invocation import ExecutionState
from rpcnode.natives.policy_values import exec_fee_factor, fee_per_byte, is_blocked, max_valid_until_block_increment
from rpcnode.payloads.transaction import MAX_TRANSACTION_SIZE, Transaction
from rpcnode.primitives.steps import Steps
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.faults import BadScript
from rpcnode.vm.script import Script

NOBODY: frozenset[UInt160] = frozenset()


def verify_by_itself(
    transaction: Transaction, magic: int, impersonated: Collection[UInt160] = NOBODY
) -> Steps[Verdict]:
    """What a transaction shows without any state: its size, its script, its signatures, each witness in a step.

    Accounts that are impersonated need none.
    """
    if transaction.size > MAX_TRANSACTION_SIZE:
        return Verdict.OVER_SIZE
    try:
        Script(transaction.script, strict=True)
    except BadScript:
        return Verdict.INVALID_SCRIPT
    message = transaction.sign_data(magic)
    for signer, witness in zip(transaction.signers, transaction.witnesses, strict=True):
        if signer.account in impersonated:
            continue
        verdict = signatures_verdict(witness, signer.account, message)
        if verdict not in (None, Verdict.SUCCEED):
            assert verdict is not None
            return verdict
        yield
    return Verdict.SUCCEED


def verify_in_state(
    transaction: Transaction,
    state: ExecutionState,
    pooled: PooledFees,
    replaced: Iterable[Transaction] = (),
    impersonated: Collection[UInt160] = NOBODY,
) -> Steps[Verdict]:
    """What a state says of a transaction that holds by itself, in the order in which the C# node asks; in steps.

    `replaced` are those that wait and would go for it.
    """
    storage, settings, height = state.storage, state.settings, state.ledger.current_index
    last = transaction.valid_until_block
    if last <= height:
        return Verdict.EXPIRED
    if last > height + max_valid_until_block_increment(storage, settings):
        return Verdict.NOT_YET_VALID
    if any(is_blocked(storage, signer.account) for signer in transaction.signers):
        return Verdict.POLICY_FAIL
    if not pooled.allow(transaction, replaced, storage):
        return Verdict.INSUFFICIENT_FUNDS
    if not all(attribute_holds(attribute, transaction, state) for attribute in transaction.attributes):
        return Verdict.INVALID_ATTRIBUTE
    return (yield from _verify_network_fee(transaction, state, impersonated))


def _verify_network_fee(
    transaction: Transaction, state: ExecutionState, impersonated: Collection[UInt160]
) -> Steps[Verdict]:
    """Whether the network fee pays for size and attributes, and what is left of it for the witnesses.

    Signatures have been checked before; every other witness is checked here.
    """
    storage, height = state.storage, state.ledger.current_index
    left = transaction.network_fee_datoshi - transaction.size * fee_per_byte(storage)
    left -= attributes_fee(transaction, state)
    if left < 0:
        return Verdict.INSUFFICIENT_FUNDS
    left = min(left, MAX_VERIFICATION_GAS)
    factor = exec_fee_factor(storage, state.settings, height)
    for signer, witness in zip(transaction.signers, transaction.witnesses, strict=True):
        if signer.account in impersonated:
            continue
        price = signatures_price(witness)
        if price is None:
            cost = yield from witness_cost(state, transaction, signer.account, witness, left)
        else:
            cost = price * factor
        if cost is None:
            return Verdict.INVALID
        left -= cost
        if left < 0:
            return Verdict.INSUFFICIENT_FUNDS
    return Verdict.SUCCEED
