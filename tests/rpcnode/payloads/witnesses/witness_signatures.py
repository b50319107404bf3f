"""Whether witnesses of N3's standard accounts hold the signatures that their scripts ask for, without a VM.

Source: neo, Neo: SmartContract/Helper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rpcnode.payloads.account_scripts import MAX_KEYS
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.keys import verify
from rpcnode.primitives.uint import UInt160

_CHECK_SIG = bytes.fromhex("4156e7b327")  # SYSCALL System.Crypto.CheckSig
_CHECK_MULTISIG = bytes.fromhex("419ed0dc3a")  # SYSCALL System.Crypto.CheckMultisig
_PUSH_KEY = b"\x0c\x21"  # PUSHDATA1 of 33 bytes
_PUSH_SIGNATURE = b"\x0c\x40"  # PUSHDATA1 of 64 bytes
_KEY_CODE_SIZE, _SIGNATURE_CODE_SIZE = 35, 66


@dataclass(frozen=True, slots=True)
class Signatories:
    """Whose signatures a verification script asks for: `required` of `public_keys`."""

    required: int
    public_keys: tuple[ECPoint, ...]


def signatories_of(script: bytes) -> Signatories | None:
    """Whose signatures `script` asks for, or None when it is neither of the two standard forms.

    Source: neo, Neo: SmartContract/Helper.IsSignatureContract, IsMultiSigContract.
    """
    if len(script) == _KEY_CODE_SIZE + 5 and script[:2] == _PUSH_KEY and script[_KEY_CODE_SIZE:] == _CHECK_SIG:
        return _signatories(1, [script[2:_KEY_CODE_SIZE]])
    if script[-5:] != _CHECK_MULTISIG:
        return None
    reader = BinaryReader(script[:-5])
    try:
        required = _read_pushed_count(reader)
        keys = []
        while reader.remaining > _KEY_CODE_SIZE and script[reader.position] == _PUSH_KEY[0]:
            keys.append(reader.read(_KEY_CODE_SIZE)[2:])
        count = _read_pushed_count(reader)
        reader.expect_end()
    except FormatError:
        return None
    if count != len(keys) or not 1 <= required <= count <= MAX_KEYS:
        return None
    return _signatories(required, keys)


def is_signed_by(witness: Witness, account: UInt160, sign_data: bytes) -> bool:
    """Whether `witness` holds the signatures of `sign_data` that the standard account asks for.

    False as well for accounts that are not standard: their scripts need a VM.
    """
    signatories = signatories_of(witness.verification)
    signatures = _signatures_in(witness.invocation)
    if signatories is None or witness.script_hash != account or len(signatures) != signatories.required:
        return False
    keys = iter(signatories.public_keys)
    # Signatures come in the order of the keys, so one pass over the keys finds each signature's.
    return all(any(verify(key, sign_data, signature) for key in keys) for signature in signatures)


def _signatories(required: int, keys: Sequence[bytes]) -> Signatories | None:
    try:
        return Signatories(required, tuple(ECPoint(key) for key in keys))
    except FormatError:
        return None


def _read_pushed_count(reader: BinaryReader) -> int:
    """A count pushed by PUSH1 ... PUSH16, PUSHINT8 or PUSHINT16."""
    opcode = reader.u8()
    if opcode == 0:
        return reader.u8()
    if opcode == 1:
        return reader.u16()
    return opcode - 0x10


def _signatures_in(invocation: bytes) -> list[bytes]:
    """The signatures that a script pushes; none if it does anything else."""
    size = _SIGNATURE_CODE_SIZE
    pushes = [invocation[start : start + size] for start in range(0, len(invocation), size)]
    if any(len(push) != size or push[:2] != _PUSH_SIGNATURE for push in pushes):
        return []
    return [push[2:] for push in pushes]
