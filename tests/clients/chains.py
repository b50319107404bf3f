"""The chains that clients read, and what there is to be asked for on each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests import PROJECT
from tests.clients.answers import Plan

Ready = dict[str, Any]
"""What a node's ready file says."""

DEV, RECORDED, TOKENS, NEO2 = "dev chain", "recorded chain", "described tokens", "dev chain of Neo 2"

NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
NEO_ASSET: Final = "c56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b"
"""Neo 2's governing asset.

Source: neo 3.10.2, Neo: SmartContract/Native/NativeContract; neo 2.12, Neo: Ledger/Blockchain.GoverningToken.
"""

DEMO_NEP17: Final = "0x997e3e3a25b0631df494092be4b74a21c03c9e78"

GENESIS_MS: Final = 1_590_969_600_000
"""2020-06-01T00:00:00Z, where the dev chain begins."""

RECORDED_ACCOUNT: Final = "NY6yNRtgQUf7zGMTGYZbU9ZdrCzEa84BVm"
"""Holds NEO, GAS and HeldoutToken on the recorded chain, and sent and received each of the last two."""

RECORDED_BLOCK: Final = 29
"""A block of six transactions there, one of them the account's."""

RECORDED_HEIGHT: Final = 87

HELDOUT_TOKEN: Final = "0xa311f1e54756b3fb086976943c153c2d39741f4d"

PICTURES: Final = "0x" + "31" * 20
SHARES: Final = "0x" + "32" * 20
SUNRISE: Final = b"sunrise".hex()
TOKENS_GENESIS_MS: Final = 1_704_067_200_000
"""2024-01-01T00:00:00Z; these and the hashes above stand in tokens.yaml too."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a node is started with, and what its clients are to ask for once it is ready."""

    arguments: tuple[str, ...]
    plan: Callable[[Ready], Plan]


def _first_account(ready: Ready) -> Plan:
    account = ready["accounts"][0]
    return {"account": account["address"], "account_hash": account["script_hash"].removeprefix("0x")}


def _dev_plan(ready: Ready) -> Plan:
    span = {"start_ms": GENESIS_MS, "end_ms": GENESIS_MS + 1_000_000}
    return {
        **_first_account(ready),
        **span,
        "block": 1,
        "contract": NEO,
        "token": GAS[2:],
        "nft": NEO,
        "token_id": "00",
    }


def _recorded_plan(_: Ready) -> Plan:
    # Block 29 is of 1795228141847; the span begins before the chain does and ends in the middle of it.
    span = {"start_ms": 1_795_228_000_000, "end_ms": 1_795_228_142_000}
    account = {"account": RECORDED_ACCOUNT, "account_hash": "a6be06008088b00cfe1d4812c4af7384153db685"}
    contract = {"contract": HELDOUT_TOKEN, "token": HELDOUT_TOKEN[2:], "nft": HELDOUT_TOKEN, "token_id": "00"}
    return {**account, **span, **contract, "block": RECORDED_BLOCK}


def _tokens_plan(ready: Ready) -> Plan:
    span = {"start_ms": TOKENS_GENESIS_MS, "end_ms": TOKENS_GENESIS_MS + 1_000_000}
    contract = {"contract": PICTURES, "token": GAS[2:], "nft": PICTURES, "token_id": SUNRISE}
    return {**_first_account(ready), **span, **contract, "block": 5}


def _neo2_plan(ready: Ready) -> Plan:
    return {**_first_account(ready), "start_s": GENESIS_MS // 1000, "block": 1, "governing_asset": NEO_ASSET}


CHAINS: Final[dict[str, Chain]] = {
    DEV: Chain((), _dev_plan),
    RECORDED: Chain(("--fixture", str(PROJECT / "fixtures/recorded-n3-chain.json.gz")), _recorded_plan),
    TOKENS: Chain(("--fixture", str(Path(__file__).with_name("tokens.yaml"))), _tokens_plan),
    NEO2: Chain(("--profile", "n2"), _neo2_plan),
}
