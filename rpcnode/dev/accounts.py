"""The funded accounts of a dev chain: deterministic, and therefore public."""

from dataclasses import dataclass

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json, packaged_json
from rpcnode.primitives.keys import derive_private_key, public_key_of, wif_of
from rpcnode.primitives.uint import UInt160

DEFAULT_SEED = "rpcnode"


@dataclass(frozen=True, slots=True)
class DevAccount:
    """An account whose key everybody knows."""

    name: str
    script_hash: UInt160
    private_key: bytes


def account_json(account: DevAccount, address: str) -> Json:
    """An account with its key, as the ready file and dev_info tell it; `address` is that of its script hash."""
    return {
        "name": account.name,
        "address": address,
        "script_hash": str(account.script_hash),
        "wif": wif_of(account.private_key),
    }


def dev_accounts(profile: ProfileName, seed: str, count: int) -> list[DevAccount]:
    """The first `count` accounts of a seed, named account1, account2 and so on.

    The keys are the same in every profile; the accounts they open are not, since their scripts differ.
    """
    known = _written_out(profile) if seed == DEFAULT_SEED else []
    scripts = ACCOUNT_SCRIPTS[profile]
    return [
        DevAccount(
            f"account{index + 1}",
            known[index] if index < len(known) else scripts.account(public_key_of(private_key)),
            private_key,
        )
        for index in range(count)
        for private_key in (derive_private_key(seed, index),)
    ]


def _written_out(profile: ProfileName) -> list[UInt160]:
    """The first accounts of the default seed, written out: working them out costs 30 ms of imports at every start.

    A test works them out again.
    """
    listed = packaged_json("rpcnode.dev", "accounts.json")
    return [UInt160.parse(text) for text in listed[profile]]
