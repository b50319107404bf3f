"""Verification scripts of accounts, the witnesses that satisfy them, and the hashes of contracts, as of Neo N3.

Source: neo, Neo: SmartContract/Contract, SmartContract/Helper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS, MAX_KEYS
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.keys import verify
from rpcnode.primitives.push import push_data, push_integer
from rpcnode.primitives.uint import UInt160

_SCRIPTS = ACCOUNT_SCRIPTS["n3"]
_ABORT = b"\x38"
_CHECK_SIG = _SCRIPTS.check_signature
_CHECK_MULTISIG = _SCRIPTS.check_signatures
_PUSH_KEY = b"\x0c\x21"  # PUSHDATA1 of 33 bytes
_PUSH_SIGNATURE = b"\x0c\x40"  # PUSHDATA1 of 64 bytes
_KEY_CODE_SIZE, _SIGNATURE_CODE_SIZE = 35, 66


@dataclass(frozen=True, slots=True)
class Signatories:
    """Whose signatures a verification script asks for: `required` of `public_keys`."""

    required: int
    public_keys: tuple[ECPoint, ...]


def script_hash(script: bytes) -> UInt160:
    """The account whose verification script this is."""
    return UInt160(hash160(script))


def single_key_script(public_key: ECPoint) -> bytes:
    """The verification script of an account with one key."""
    return _SCRIPTS.single_key(public_key)


def multisig_script(required: int, public_keys: Iterable[ECPoint]) -> bytes:
    """The verification script of an account where `required` of the keys must sign; the keys are sorted here.

    Raises FormatError unless 1 <= required <= number of keys <= 1024.
    """
    return _SCRIPTS.multisig(required, public_keys)


def bft_script(validators: Sequence[ECPoint]) -> bytes:
    """The verification script of blocks: enough of the validators that a third of them may be faulty."""
    return _SCRIPTS.bft(validators)


def committee_script(committee: Sequence[ECPoint]) -> bytes:
    """The verification script of the committee: more than half of its members."""
    return multisig_script(len(committee) - (len(committee) - 1) // 2, committee)


def invocation_script(signatures: Iterable[bytes]) -> bytes:
    """The script that hands over signatures, which go in the order of the keys they belong to."""
    return _SCRIPTS.invocation(signatures)


def contract_hash(sender: UInt160, nef_checksum: int, name: str) -> UInt160:
    """The hash of the contract that `sender` deploys; a native contract has sender zero and checksum 0.

    Source: neo, Neo: SmartContract/Helper.GetContractHash.
    """
    return script_hash(_ABORT + push_data(sender) + push_integer(nef_checksum) + push_data(name.encode()))


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
