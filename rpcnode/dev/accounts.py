"""The funded accounts of a dev chain: deterministic, and therefore public."""

import re
import sqlite3
from collections.abc import Iterable
from typing import Protocol

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json, packaged_json
from rpcnode.primitives.keys import derive_private_key, public_key_of, wif_of
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

DEFAULT_SEED = "rpcnode"


@dataclass(frozen=True, slots=True)
class DevAccount:
    """An account whose key everybody knows."""

    name: str
    script_hash: UInt160
    private_key: bytes


class Named(Protocol):
    """An account as a description names it."""

    @property
    def name(self) -> str:
        """Its name."""


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


def accounts_of(connection: sqlite3.Connection, declared: Iterable[Named] = ()) -> list[DevAccount]:
    """The accounts whose keys the chain knows: as they were declared or, from a database alone, by name.

    Numbers in names count as such: account2 comes before account10.
    """
    rows = connection.execute("SELECT name, script_hash, private_key FROM chain_account WHERE private_key IS NOT NULL")
    kept = {
        name: DevAccount(name, UInt160(script_hash), private_key)
        for name, script_hash, private_key in sorted(rows, key=lambda row: _natural(row[0]))
    }
    return [kept[account.name] for account in declared if account.name in kept] or list(kept.values())


def _natural(name: str) -> list[tuple[int, str]]:
    """What names are sorted by: their runs of digits by length, then all by text."""
    return [(len(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]
