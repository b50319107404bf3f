"""How each profile's accounts are written as verification scripts, and with them their hashes and addresses.

Source: neo 3.10.2, 3.0.0-preview2 and 2.12.0, Neo: SmartContract/Contract: CreateSignatureRedeemScript,
CreateMultiSigRedeemScript.
"""

from collections.abc import Callable, Iterable, Sequence

from rpcnode.primitives import push, push_neo2
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

MAX_KEYS = 1024  # of one multi-signature account


def required_of(validators_count: int) -> int:
    """How many of the validators have to sign a block, so that a third of them may be faulty."""
    return validators_count - (validators_count - 1) // 3


@dataclass(frozen=True, slots=True)
class AccountScripts:
    """The scripts of accounts, and those that hand over signatures.

    `check_signature` and `check_signatures` are the instructions that end the script of one key and of several.
    """

    push_data: Callable[[bytes], bytes]
    push_integer: Callable[[int], bytes]
    check_signature: bytes
    check_signatures: bytes

    def single_key(self, public_key: ECPoint) -> bytes:
        """The verification script of an account with one key."""
        return self.push_data(public_key) + self.check_signature

    def multisig(self, required: int, public_keys: Iterable[ECPoint]) -> bytes:
        """The verification script of an account where `required` of the keys must sign; the keys are sorted here.

        Raises FormatError unless 1 <= required <= number of keys <= 1024.
        """
        keys = sorted(public_keys, key=lambda key: key.sort_key)
        if not 1 <= required <= len(keys) <= MAX_KEYS:
            raise FormatError(f"{required} of {len(keys)} keys: 1 <= required <= keys <= {MAX_KEYS} must hold")
        pushed_keys = b"".join(self.push_data(key) for key in keys)
        return self.push_integer(required) + pushed_keys + self.push_integer(len(keys)) + self.check_signatures

    def bft(self, validators: Sequence[ECPoint]) -> bytes:
        """The verification script of blocks: enough of the validators that a third of them may be faulty."""
        return self.multisig(required_of(len(validators)), validators)

    def invocation(self, signatures: Iterable[bytes]) -> bytes:
        """The script that hands over signatures, which go in the order of the keys they belong to."""
        return b"".join(self.push_data(signature) for signature in signatures)

    def account(self, public_key: ECPoint) -> UInt160:
        """The account that one key opens."""
        return UInt160(hash160(self.single_key(public_key)))


ACCOUNT_SCRIPTS: dict[ProfileName, AccountScripts] = {
    "n3": AccountScripts(
        push.push_data,
        push.push_integer,
        bytes.fromhex("4156e7b327"),  # SYSCALL System.Crypto.CheckSig
        bytes.fromhex("419ed0dc3a"),  # SYSCALL System.Crypto.CheckMultisig
    ),
    "n3-preview": AccountScripts(
        push.push_data,
        push.push_integer,
        bytes.fromhex("0b410a906ad4"),  # PUSHNULL, SYSCALL Neo.Crypto.ECDsaVerify
        bytes.fromhex("0b413073b3bb"),  # PUSHNULL, SYSCALL Neo.Crypto.ECDsaCheckMultiSig
    ),
    "n2": AccountScripts(
        push_neo2.push_data,
        push_neo2.push_integer,
        bytes.fromhex("ac"),  # CHECKSIG
        bytes.fromhex("ae"),  # CHECKMULTISIG
    ),
}
