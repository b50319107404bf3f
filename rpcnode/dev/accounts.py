"""The funded accounts of a dev chain: deterministic, and therefore public."""

import json
from dataclasses import dataclass
from importlib.resources import files

from rpcnode.primitives.keys import derive_private_key, public_key_of, wif_of
from rpcnode.payloads.verification import script_hash, single_key_script
from rpcnode.primitives.uint import UInt160

DEFAULT_SEED = "rpcnode"


@dataclass(frozen=True, slots=True)
class DevAccount:
    """An account whose key everybody knows."""

    name: str
    script_hash: UInt160
    private_key: bytes


def dev_accounts(seed: str, count: int) -> list[DevAccount]:
    """The first `count` accounts of a seed, named account1, account2 and so on."""
    known = _written_out() if seed == DEFAULT_SEED else []
    return [
        DevAccount(
            f"account{index + 1}",
            known[index] if index < len(known) else script_hash(single_key_script(public_key_of(private_key))),
            private_key,
        )
        for index in range(count)
        for private_key in (derive_private_key(seed, index),)
    ]


def _written_out() -> list[UInt160]:
    """The first accounts of the default seed, written out: working them out costs 30 ms of imports at every start. A test does it again."""
    listed = json.loads(files("rpcnode.dev").joinpath("accounts.json").read_text("utf-8"))
    return [UInt160.parse(text) for text in listed]
