"""Whether accounts agree, on the older profiles: by signatures, which need no VM of theirs.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: SmartContract/Helper.VerifyWitnesses; VM: OpCode CHECKSIG, CHECKMULTISIG;
SmartContract/InteropService.Crypto.
"""

from collections.abc import Callable
from typing import Final

from rpcnode.execution.call_scripts import push_gas
from rpcnode.execution.signatures import check_signature
from rpcnode.payloads.older_witnesses import SignatureCheck, signature_check
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import ProfileName, ScriptNeeded, VmFault
from rpcnode.primitives.uint import UInt160

IsContract = Callable[[UInt160], bool]
"""Whether a contract stands at an account."""

_PUSHNULL: Final = 0x0B
_CHECK_GAS: Final[dict[ProfileName, int]] = {"n2": 10_000_000, "n3-preview": 1_000_000}
"""What the check of one signature costs, in datoshi; of several, once for each key."""

_MORE_MAY_LIE_BELOW: Final[dict[ProfileName, bool]] = {"n2": False, "n3-preview": True}
"""Whether a witness may leave more than its answer: preview2 looks at the top of the stack alone."""


def agrees(
    profile: ProfileName,
    witness: Witness,
    account: UInt160,
    message: bytes,
    is_contract: IsContract,
    gas_datoshi: int,
) -> int | None:
    """What it costs to see that an account agrees, in datoshi; None where it does not, or more than is allowed.

    Raises ScriptNeeded for a witness that is not made of signatures.
    """
    if not witness.verification:
        if is_contract(account):
            raise ScriptNeeded(f"the contract {account} would have to agree, and its script is not run")
        return None
    if witness.script_hash != account:
        return None
    check = signature_check(profile, witness)
    if check is None:
        raise ScriptNeeded(f"the witness of {account} is no plain check of signatures, and its script is not run")
    cost = check_cost(profile, check)
    signatures = check.signatures
    if _MORE_MAY_LIE_BELOW[profile]:
        signatures = signatures[-check.required :]
    return cost if cost <= gas_datoshi and _signed(check, signatures, message) else None


def check_cost(profile: ProfileName, check: SignatureCheck) -> int:
    """What running a check of signatures costs, in datoshi."""
    pushed = sum(push_gas(profile, push.opcode) for push in check.pushes)
    # Preview2 pushes null for the message.
    null = push_gas(profile, _PUSHNULL) if profile == "n3-preview" else 0
    return pushed + null + _CHECK_GAS[profile] * len(check.keys)


def _signed(check: SignatureCheck, signatures: tuple[bytes, ...], message: bytes) -> bool:
    """Whether as many sign as have to, in the order of the keys; a key that is no point is nobody's."""
    if len(signatures) != check.required:
        return False
    found = 0
    try:
        for position, key in enumerate(check.keys, 1):
            found += check_signature(message, signatures[found], key)
            if found == check.required:
                return True
            if check.required - found > len(check.keys) - position:
                break
    except VmFault:
        return False
    return False
