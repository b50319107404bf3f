"""The witnesses of Neo 2 and preview2 that need no VM: scripts that push, of which one ends by checking signatures.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: SmartContract/Contract, VM/ScriptBuilder.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import ProfileName

_KEY_SIZE: Final = 33
_MOST_OF_NUMBER: Final = 4  # bytes of how many keys there are

_NEO2_LENGTHS: Final = {0x4C: 1, 0x4D: 2, 0x4E: 4}
_PREVIEW2_LENGTHS: Final = {0x0C: 1, 0x0D: 2, 0x0E: 4}


class Push(NamedTuple):
    """What an instruction pushes: bytes, or a number's bytes."""

    opcode: int
    value: bytes

    @property
    def number(self) -> int:
        """The value as a number."""
        return int.from_bytes(self.value, "little", signed=True)


class SignatureCheck(NamedTuple):
    """A witness that is made of signatures: `required` of `keys` have to sign; keys may be no points."""

    required: int
    keys: tuple[bytes, ...]
    signatures: tuple[bytes, ...]
    is_multisig: bool
    pushes: tuple[Push, ...]
    """All that both scripts push, for what it costs."""


def _neo2_push(script: bytes, at: int) -> tuple[Push, int] | None:
    opcode = script[at]
    if opcode == 0x4F or 0x51 <= opcode <= 0x60:  # PUSHM1, PUSH1 to PUSH16
        return Push(opcode, (opcode - 0x50).to_bytes(1, "little", signed=True)), at + 1
    if opcode <= 0x4B:  # PUSH0, PUSHBYTES1 to 75
        return _data(script, opcode, at + 1, opcode)
    return _with_length(script, at, _NEO2_LENGTHS)


def _preview2_push(script: bytes, at: int) -> tuple[Push, int] | None:
    opcode = script[at]
    if 0x0F <= opcode <= 0x20:  # PUSHM1, PUSH0 to PUSH16
        return Push(opcode, (opcode - 0x10).to_bytes(1, "little", signed=True)), at + 1
    if opcode <= 0x05:  # PUSHINT8 to PUSHINT256
        return _data(script, opcode, at + 1, 1 << opcode)
    return _with_length(script, at, _PREVIEW2_LENGTHS)


_PUSHES: Final[dict[ProfileName, Callable[[bytes, int], tuple[Push, int] | None]]] = {
    "n2": _neo2_push,
    "n3-preview": _preview2_push,
}


def pushed_at(profile: ProfileName, script: bytes, at: int) -> tuple[Push, int] | None:
    """What the instruction at a position pushes, and the position behind it; None where it does not push."""
    return _PUSHES[profile](script, at)


def pushed_by(profile: ProfileName, script: bytes) -> tuple[Push, ...] | None:
    """All that a script pushes; None for one that does anything else."""
    pushes = []
    at = 0
    while at < len(script):
        found = pushed_at(profile, script, at)
        if found is None:
            return None
        push, at = found
        pushes.append(push)
    return tuple(pushes)


def signature_check(profile: ProfileName, witness: Witness) -> SignatureCheck | None:
    """The check that a witness is, on an older profile; None for one whose scripts would have to run."""
    scripts = ACCOUNT_SCRIPTS[profile]
    handed = pushed_by(profile, witness.invocation)
    if handed is None:
        return None
    signatures = tuple(push.value for push in handed)
    for ending, read in ((scripts.check_signature, _one_key), (scripts.check_signatures, _several_keys)):
        if not witness.verification.endswith(ending):
            continue
        pushes = pushed_by(profile, witness.verification[: -len(ending)])
        found = None if pushes is None else read(pushes)
        if pushes is not None and found is not None:
            required, keys = found
            return SignatureCheck(required, keys, signatures, read is _several_keys, (*handed, *pushes))
    return None


def single_key_of(profile: ProfileName, verification: bytes) -> bytes | None:
    """The key, 33 bytes, of an account's script with one key, as the profile writes it; None for any other script."""
    scripts = ACCOUNT_SCRIPTS[profile]
    pushed = scripts.push_data(bytes(_KEY_SIZE))
    start = len(pushed) - _KEY_SIZE
    key = verification[start : len(pushed)]
    is_one = len(key) == _KEY_SIZE and verification == scripts.push_data(key) + scripts.check_signature
    return key if is_one else None


def _one_key(pushes: tuple[Push, ...]) -> tuple[int, tuple[bytes, ...]] | None:
    return (1, (pushes[0].value,)) if len(pushes) == 1 and len(pushes[0].value) == _KEY_SIZE else None


def _several_keys(pushes: tuple[Push, ...]) -> tuple[int, tuple[bytes, ...]] | None:
    keys = tuple(push.value for push in pushes[1:-1])
    if not keys or any(len(key) != _KEY_SIZE for key in keys):
        return None
    required, count = pushes[0], pushes[-1]
    if max(len(required.value), len(count.value)) > _MOST_OF_NUMBER or count.number != len(keys):
        return None
    return (required.number, keys) if 1 <= required.number <= len(keys) else None


def _with_length(script: bytes, at: int, lengths: dict[int, int]) -> tuple[Push, int] | None:
    size = lengths.get(script[at])
    if size is None or at + 1 + size > len(script):
        return None
    start = at + 1 + size
    return _data(script, script[at], start, int.from_bytes(script[at + 1 : start], "little"))


def _data(script: bytes, opcode: int, start: int, size: int) -> tuple[Push, int] | None:
    end = start + size
    return (Push(opcode, script[start:end]), end) if end <= len(script) else None
