"""The chain of a node that was given none.

It has funded accounts, two demo tokens, and the account of the getnep5balances page.
"""

from dataclasses import replace
from pathlib import Path

from rpcnode.chain.described import derived_hash
from rpcnode.chain.description import Account, ChainDescription
from rpcnode.dev.accounts import dev_accounts
from rpcnode.dev.fixture_reader import describe
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json, packaged_json

DEMO_FILE = Path("demo.json")
FUNDS: dict[ProfileName, dict[str, str]] = {
    "n3": {"NEO": "1000", "GAS": "1000000000000", "nep17": "1000000000000", "nep5": "1000000000000"},
    "n3-preview": {"neo_preview": "1000", "gas_preview": "1000000000000", "nep5": "1000000000000"},
    "n2": {"nep5": "1000000000000"},
}
"""What each account gets of each asset, in its smallest unit."""

FUNDED_IN_BLOCK = 1


def dev_chain(profile: ProfileName, seed: str, accounts: int) -> ChainDescription:
    """The dev chain: the same for the same profile, seed and number of accounts, on any machine."""
    funded = dev_accounts(profile, seed, accounts)
    demo = packaged_json("rpcnode.fixtures", DEMO_FILE.name)
    balances: list[Json] = [
        {"account": str(account.script_hash), "asset": asset, "amount": amount, "block": FUNDED_IN_BLOCK}
        for account in funded
        for asset, amount in FUNDS[profile].items()
    ]
    demo["balances"] += balances
    description = describe([(DEMO_FILE, demo)], profile, derive_hash=derived_hash)
    named = tuple(Account(account.name, account.script_hash, account.private_key) for account in funded)
    # The reader has not seen the keys: a chain of other names but the same addresses is another one.
    digest = f"{description.digest}-{seed}-{accounts}"
    return replace(description, accounts=(*named, *description.accounts), digest=digest)
