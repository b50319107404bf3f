"""The witnesses that need no engine: of accounts with one key, and of those that some of several keys open.

Source: neo 3.10.2, SmartContract/Helper.cs: IsSignatureContract, IsMultiSigContract, SignatureContractCost;
Network/P2P/Payloads/Transaction.cs: IsSingleSignatureInvocationScript, IsMultiSignatureInvocationScript.
"""

from typing import Final, NamedTuple

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS, MAX_KEYS

SIGNATURE_SIZE: Final = 64
PUSHED_SIGNATURE_SIZE: Final = 66

_KEY_SIZE: Final = 33
_PUSHINT8, _PUSHINT16, _PUSHDATA1, _PUSH0, _PUSH1, _PUSH16 = 0x00, 0x01, 0x0C, 0x10, 0x11, 0x20
_PUSHED_KEY: Final = bytes((_PUSHDATA1, _KEY_SIZE))
_PUSHED_SIGNATURE: Final = bytes((_PUSHDATA1, SIGNATURE_SIZE))
_PUSHED_KEY_SIZE: Final = len(_PUSHED_KEY) + _KEY_SIZE
_MIN_MULTISIG_SIZE: Final = 42
_CHECK_SIGNATURE: Final = ACCOUNT_SCRIPTS["n3"].check_signature
_CHECK_SIGNATURES: Final = ACCOUNT_SCRIPTS["n3"].check_signatures
_PUSHDATA1_PRICE, _PUSH_PRICE, _CHECK_PRICE = 1 << 3, 1, 1 << 15  # units of opcode prices; SYSCALL itself is free

SINGLE_KEY_PRICE: Final = 2 * _PUSHDATA1_PRICE + _CHECK_PRICE
"""What checking the witness of one key costs, in units of opcode prices."""


class MultisigScript(NamedTuple):
    """The script of an account that `required` of its keys open; the keys, 33 bytes each, may be no points."""

    required: int
    keys: tuple[bytes, ...]

    @property
    def price(self) -> int:
        """What checking its witness costs, in units of opcode prices."""
        pushes = _PUSHDATA1_PRICE * (self.required + len(self.keys)) + 2 * _PUSH_PRICE
        return pushes + _CHECK_PRICE * len(self.keys)


def single_key_of(verification: bytes) -> bytes | None:
    """The key, 33 bytes, of an account's script with one key; None for any other script."""
    is_one = len(verification) == _PUSHED_KEY_SIZE + len(_CHECK_SIGNATURE)
    if is_one and verification.startswith(_PUSHED_KEY) and verification.endswith(_CHECK_SIGNATURE):
        return verification[len(_PUSHED_KEY) : _PUSHED_KEY_SIZE]
    return None


def multisig_of(verification: bytes) -> MultisigScript | None:
    """The keys of an account's script with several keys; None for any other script."""
    if len(verification) < _MIN_MULTISIG_SIZE:
        return None
    pushed = _number_at(verification, 0)
    if pushed is None or not 1 <= pushed[0] <= MAX_KEYS:
        return None
    required, position = pushed
    keys = []
    while verification[position : position + 1] == bytes((_PUSHDATA1,)):
        if not verification.startswith(_PUSHED_KEY, position) or len(verification) <= position + _PUSHED_KEY_SIZE:
            return None
        keys.append(verification[position + len(_PUSHED_KEY) : position + _PUSHED_KEY_SIZE])
        position += _PUSHED_KEY_SIZE
    counted = _number_at(verification, position)
    if not required <= len(keys) <= MAX_KEYS or counted is None or counted[0] != len(keys):
        return None
    return MultisigScript(required, tuple(keys)) if verification[counted[1] :] == _CHECK_SIGNATURES else None


def signatures_of(invocation: bytes) -> tuple[bytes, ...] | None:
    """The signatures, 64 bytes each, that a script pushes which does nothing else; None for any other script."""
    signatures = []
    for start in range(0, len(invocation), PUSHED_SIGNATURE_SIZE):
        pushed = invocation[start : start + PUSHED_SIGNATURE_SIZE]
        if len(pushed) != PUSHED_SIGNATURE_SIZE or not pushed.startswith(_PUSHED_SIGNATURE):
            return None
        signatures.append(pushed[len(_PUSHED_SIGNATURE) :])
    return tuple(signatures)


def _number_at(script: bytes, position: int) -> tuple[int, int] | None:
    """The number that is pushed at a position, and the position behind it; numbers of the older forms are unsigned."""
    if position >= len(script):
        return None
    opcode = script[position]
    if _PUSH1 <= opcode <= _PUSH16:
        return opcode - _PUSH0, position + 1
    size = {_PUSHINT8: 1, _PUSHINT16: 2}.get(opcode)
    number = b"" if size is None else script[position + 1 : position + 1 + size]
    return None if size is None or len(number) != size else (int.from_bytes(number, "little"), position + 1 + size)
