"""Accounts whose witness nobody asks for; the chain keeps them, so that snapshots and restarts have them."""

import json
from functools import lru_cache
from typing import Final

from rpcnode.chain.db.store import Store
from rpcnode.primitives.uint import UInt160

_KEY: Final = "impersonated"


def impersonated(store: Store) -> frozenset[UInt160]:
    """The accounts that need no witness."""
    text = store.meta(_KEY)
    return frozenset() if text is None else _accounts(text)


def set_impersonated(store: Store, accounts: frozenset[UInt160]) -> None:
    """From now on, these need none."""
    if accounts:
        store.set_meta(_KEY, json.dumps(sorted(account.hex() for account in accounts)))
    else:
        store.clear_meta(_KEY)


@lru_cache(maxsize=16)
def _accounts(text: str) -> frozenset[UInt160]:
    return frozenset(UInt160(bytes.fromhex(account)) for account in json.loads(text))
