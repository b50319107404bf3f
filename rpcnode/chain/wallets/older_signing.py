"""The keys of an open wallet on the older profiles, with which it signs transactions.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: Wallets/Wallet: Sign, CreateAccount.
"""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Final

from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2.transaction import Neo2Witness
from rpcnode.payloads.preview2.transaction import Preview2Witness
from rpcnode.payloads.wallet.nep6 import WalletAccount
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import FormatError, InvalidParams, LeakedException, ProfileName
from rpcnode.primitives.keys import sign
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.primitives.json import Pause

_ACCESS_DENIED: Final = -2147024891
_WITNESS: Final[dict[ProfileName, type[Witness]]] = {"n2": Neo2Witness, "n3-preview": Preview2Witness}


def witnesses_of(
    wallet: Wallet, profile: ProfileName, accounts: Sequence[UInt160], message: bytes
) -> "Generator[Pause, None, tuple[Witness, ...] | None]":
    """The witnesses of accounts with one key each, in their order; None where the wallet cannot sign for one.

    Raises InvalidParams for a key that does not open.
    """
    scripts = ACCOUNT_SCRIPTS[profile]
    witnesses = []
    for script_hash in accounts:
        account = wallet.account(script_hash)
        key = None if account is None else (yield from key_of(wallet, account))
        if account is None or account.contract is None or key is None:
            return None
        witnesses.append(_WITNESS[profile](scripts.invocation([sign(key, message)]), account.contract.script))
    return tuple(witnesses)


def key_of(wallet: Wallet, account: WalletAccount) -> "Generator[Pause, None, bytes | None]":
    """The private key of an account, None where the wallet has none; raises InvalidParams where it does not open."""
    try:
        return (yield from wallet.key_of(account))
    except FormatError:
        raise InvalidParams from None


def added(wallet: Wallet, private_key: bytes) -> "Generator[Pause, None, WalletAccount]":
    """The account of a private key of 32 bytes, which wallet and file have from now on.

    Raises LeakedException where the file cannot be written; the account is in the wallet all the same.
    """
    try:
        return (yield from wallet.add_key(private_key))
    except OSError:
        message = f"Access to the path '{wallet.path.absolute()}' is denied."
        raise LeakedException(_ACCESS_DENIED, message) from None
