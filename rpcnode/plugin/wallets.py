"""Open wallets, for plugins that answer what is done with them."""

from rpcnode.chain.verification.pooled_fees import gas_of
from rpcnode.chain.wallets.context import SignatureContext
from rpcnode.chain.wallets.context_json import context_of
from rpcnode.chain.wallets.making import (
    Maker,
    NotMade,
    Output,
    balance_of_wallet,
    cancelling,
    check_asset,
    fee_of,
    for_fees_only,
    to_be_sent,
    transaction_of,
    waiting_network_fee,
    with_witnesses,
)
from rpcnode.chain.wallets.signing import sign_context
from rpcnode.chain.wallets.wallet import Wallet, opened
from rpcnode.execution.test_invocation import TestTransaction
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.standard_witnesses import multisig_of
from rpcnode.payloads.wallet.nep2 import WrongPassword
from rpcnode.payloads.wallet.nep6 import BadWallet, WalletAccount

__all__ = [
    "BadWallet",
    "Maker",
    "NotMade",
    "Output",
    "SignatureContext",
    "Signer",
    "TestTransaction",
    "Wallet",
    "WalletAccount",
    "WrongPassword",
    "balance_of_wallet",
    "cancelling",
    "check_asset",
    "context_of",
    "fee_of",
    "for_fees_only",
    "gas_of",
    "multisig_of",
    "opened",
    "sign_context",
    "to_be_sent",
    "transaction_of",
    "waiting_network_fee",
    "with_witnesses",
]
