"""Whether accounts agree to a transaction or a header: signatures by themselves, everything else in the engine.

Source: neo 3.10.2, SmartContract/Helper.cs: VerifyWitness; Network/P2P/Payloads/Transaction.cs: VerifyStateIndependent.
"""

from typing import Final

from rpcnode.chain.verification.verdict import Verdict
from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.contract import contract_of
from rpcnode.execution.native_hashes import NATIVE_HASHES_OF_N3
from rpcnode.execution.records import Trigger
from rpcnode.execution.scripts import script_of
from rpcnode.execution.signatures import check_signature, decode_point
from rpcnode.execution.snapshot import Snapshot
from rpcnode.execution.test_invocation import ExecutionState, pieces
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.header import Header
from rpcnode.payloads.standard_witnesses import SINGLE_KEY_PRICE, multisig_of, signatures_of, single_key_of
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.steps import Steps
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_boolean
from rpcnode.vm.engine import VmState
from rpcnode.vm.faults import BadScript

MAX_VERIFICATION_GAS: Final = 150_000_000
"""What the witnesses of a transaction may cost together, in datoshi."""

_READ_ONLY: Final = int(CallFlags.ReadOnly)
_NO_FLAGS: Final = int(CallFlags.None_)


def signatures_verdict(witness: Witness, account: UInt160, message: bytes) -> Verdict | None:
    """Whether a witness that is made of signatures holds; None for one of any other kind."""
    signatures = signatures_of(witness.invocation)
    if signatures is None:
        return None
    key = single_key_of(witness.verification)
    if key is not None and len(signatures) == 1:
        return _verdict(witness, account, message, signatures, (key,))
    multisig = multisig_of(witness.verification)
    if multisig is None or len(signatures) != multisig.required or not all(map(_is_point, multisig.keys)):
        return None
    return _verdict(witness, account, message, signatures, multisig.keys)


def signatures_price(witness: Witness) -> int | None:
    """What checking a witness that is made of signatures costs, in units of opcode prices; None for any other kind.

    One whose keys are no points is of another kind: it runs in the engine, which refuses it.
    """
    signatures = signatures_of(witness.invocation)
    if signatures is None:
        return None
    if len(signatures) == 1 and single_key_of(witness.verification) is not None:
        return SINGLE_KEY_PRICE
    multisig = multisig_of(witness.verification)
    if multisig is None or len(signatures) != multisig.required or not all(map(_is_point, multisig.keys)):
        return None
    return multisig.price


def witness_cost(
    state: ExecutionState, container: Transaction | Header, account: UInt160, witness: Witness, gas_datoshi: int
) -> Steps[int | None]:
    """What the engine spends on a witness that holds, in datoshi, at most `gas_datoshi`; None for one that does not.

    It runs in steps. One that holds more memory than a call may does not hold.
    """
    try:
        script_of(witness.invocation, strict=True)
        if witness.verification:
            if account in NATIVE_HASHES_OF_N3 or witness.script_hash != account:
                return None
            script_of(witness.verification, strict=True)
    except BadScript:
        return None
    snapshot = Snapshot(state.storage)
    run = ApplicationEngine(
        Trigger.VERIFICATION, container, snapshot, None, state.settings, gas_datoshi, state.natives, state.ledger
    )
    if witness.verification:
        run.load_entry(witness.verification, _READ_ONLY)
    elif not load_verify(run, snapshot, account):
        return None
    run.load_entry(witness.invocation, _NO_FLAGS)
    yield from pieces(run)
    if run.state is not VmState.HALT or len(run.results) != 1:
        return None
    try:
        agrees = to_boolean(run.results[0])
    except VmFault:
        return None
    return run.fee_consumed_datoshi if agrees else None


def load_verify(run: ApplicationEngine, snapshot: Snapshot, account: UInt160) -> bool:
    """Loads the `verify` method of the contract at an account; False where there is none that answers a Boolean."""
    contract = contract_of(snapshot, account)
    method = None if contract is None else contract.manifest.method("verify")
    if contract is None or method is None or method.return_type != "Boolean":
        return False
    run.load_contract(contract, method, _READ_ONLY)
    return True


def _verdict(
    witness: Witness, account: UInt160, message: bytes, signatures: tuple[bytes, ...], keys: tuple[bytes, ...]
) -> Verdict:
    if witness.script_hash != account:
        return Verdict.INVALID
    found = 0
    try:
        for position, key in enumerate(keys, 1):
            found += check_signature(message, signatures[found], key)
            if found == len(signatures):
                return Verdict.SUCCEED
            if len(signatures) - found > len(keys) - position:
                break
    except VmFault:
        return Verdict.INVALID
    return Verdict.INVALID_SIGNATURE


def _is_point(key: bytes) -> bool:
    try:
        decode_point(key)
    except VmFault:
        return False
    return True
