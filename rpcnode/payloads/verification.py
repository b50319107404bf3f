"""Scripts and hashes of accounts, and hashes of contracts, as of Neo N3.

Source: neo, Neo: SmartContract/Contract, SmartContract/Helper.
"""

from collections.abc import Iterable

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.push import push_data, push_integer
from rpcnode.primitives.uint import UInt160

_ABORT = b"\x38"


def script_hash(script: bytes) -> UInt160:
    """The account whose verification script this is."""
    return UInt160(hash160(script))


def single_key_script(public_key: ECPoint) -> bytes:
    """The verification script of an account with one key."""
    return ACCOUNT_SCRIPTS["n3"].single_key(public_key)


def multisig_script(required: int, public_keys: Iterable[ECPoint]) -> bytes:
    """The verification script of an account where `required` of the keys must sign; the keys are sorted here.

    Raises FormatError unless 1 <= required <= number of keys <= 1024.
    """
    return ACCOUNT_SCRIPTS["n3"].multisig(required, public_keys)


def contract_hash(sender: UInt160, nef_checksum: int, name: str) -> UInt160:
    """The hash of the contract that `sender` deploys; a native contract has sender zero and checksum 0.

    Source: neo, Neo: SmartContract/Helper.GetContractHash.
    """
    return script_hash(_ABORT + push_data(sender) + push_integer(nef_checksum) + push_data(name.encode()))
