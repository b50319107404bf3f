"""Signs transactions of the older profiles with an open wallet's keys.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: Wallets/Wallet.Sign.
"""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Final

from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2.transaction import Neo2Witness
from rpcnode.payloads.preview2.transaction import Preview2Witness
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.keys import sign
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.primitives.json import Pause

_WITNESS: Final[dict[ProfileName, type[Witness]]] = {"n2": Neo2Witness, "n3-preview": Preview2Witness}


def witnesses_of(
    wallet: Wallet, profile: ProfileName, accounts: Sequence[UInt160], message: bytes
) -> "Generator[Pause, None, tuple[Witness, ...] | None]":
    """The witnesses of accounts with one key each, in their order; None where the wallet cannot sign for one.

    Raises FormatError for a key that does not open.
    """
    scripts = ACCOUNT_SCRIPTS[profile]
    witnesses = []
    for script_hash in accounts:
        account = wallet.account(script_hash)
        key = None if account is None else (yield from wallet.key_of(account))
        if account is None or account.contract is None or key is None:
            return None
        witnesses.append(_WITNESS[profile](scripts.invocation([sign(key, message)]), account.contract.script))
    return tuple(witnesses)
