"""Signs with an open wallet's keys. Source: neo 3.10.2, Wallets/Wallet.cs: Sign."""

from collections.abc import Generator
from typing import TYPE_CHECKING

from rpcnode.chain.wallets.context import SignatureContext
from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.payloads.standard_witnesses import multisig_of
from rpcnode.payloads.wallet.nep6 import WalletAccount, WalletContract
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.keys import public_key_of, sign

if TYPE_CHECKING:
    from rpcnode.primitives.json import Pause


def sign_context(wallet: Wallet, context: SignatureContext, magic: int) -> "Generator[Pause, None, bool]":
    """Adds what the wallet can sign, and contracts that agree by themselves; whether anything came in.

    A context of another network, whose magic number is not `magic`, is left as it is. Raises FormatError for a key that
    does not open, LeakedException where the C# node fails.
    """
    if context.network != magic:
        return False
    is_signed = False
    for script_hash in context.accounts:
        account = wallet.account(script_hash)
        if account is not None and account.is_locked:
            continue
        contract = None if account is None else account.contract
        multisig = None if contract is None else multisig_of(contract.script)
        if contract is not None and multisig is not None:
            left = multisig.required
            for point in multisig.keys:
                added = yield from _sign_with_key_of(wallet, _account_of(wallet, point), contract, context)
                is_signed |= added
                left -= added
                if added and (context.is_complete or left <= 0):
                    break
        elif account is not None and account.nep2 is not None:
            is_signed |= yield from _sign_with_key_of(wallet, account, contract, context)
        else:
            is_signed |= context.add_contract(script_hash)
    return is_signed


def _account_of(wallet: Wallet, point: bytes) -> WalletAccount | None:
    try:
        return wallet.account_of(ECPoint(point))
    except FormatError:  # no point of the curve, so nobody has its key
        return None


def _sign_with_key_of(
    wallet: Wallet, account: WalletAccount | None, contract: WalletContract | None, context: SignatureContext
) -> "Generator[Pause, None, bool]":
    private_key = None if account is None else (yield from wallet.key_of(account))
    if private_key is None or contract is None:
        return False
    signature = sign(private_key, context.signed.sign_data(context.network))
    return context.add_signature(contract, public_key_of(private_key), signature)
