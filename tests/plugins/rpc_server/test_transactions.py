"""Transactions, their heights, headers and the pool: recorded answers told again, and each profile's own form."""

import base64
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from tests.plugins.node_builder import (
    GENESIS_MS,
    HOLDER,
    MS_PER_BLOCK,
    PROFILES,
    NodeBuilder,
    block,
    chain_of,
    error,
    result,
    transfers,
)
from tests.plugins.recorded_nodes import Recorded

NO_SUCH = "0x" + "12" * 32
UNKNOWN: dict[ProfileName, dict[str, int | str]] = {
    "n3": {"code": -103, "message": "Unknown transaction"},
    "n3-preview": {"code": -100, "message": "Unknown transaction"},
    "n2": {"code": -100, "message": "Unknown transaction"},
}


def test_every_recorded_transaction_is_told_again_with_its_place(recorded: Recorded) -> None:
    # neo-go counts confirmations as neo-cli does: height of the newest block - index + 1
    height = recorded.answers["height"]
    expected = {
        transaction["hash"]: {
            **transaction,
            "blockhash": holder["hash"],
            "confirmations": height - holder["index"],
            "blocktime": holder["time"],
        }
        for transaction, holder in recorded.transactions
    }
    told = {hash_: result(recorded.node, "getrawtransaction", hash_, True) for hash_ in expected}
    assert told == expected


def test_every_recorded_transaction_is_told_again_as_bytes(recorded: Recorded) -> None:
    for transaction, holder in recorded.transactions:
        raw = bytes_of(result(recorded.node, "getrawtransaction", transaction["hash"]))
        assert raw in bytes_of(result(recorded.node, "getblock", holder["index"]))
        assert len(raw) == transaction["size"]


def bytes_of(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def test_every_recorded_transaction_has_its_blocks_height(recorded: Recorded) -> None:
    expected = {transaction["hash"]: holder["index"] for transaction, holder in recorded.transactions}
    assert {hash_: result(recorded.node, "gettransactionheight", hash_) for hash_ in expected} == expected


def test_members_of_a_transaction_are_in_neo_clis_order(recorded: Recorded) -> None:
    transaction = next(transaction for transaction, _ in recorded.transactions)
    assert list(result(recorded.node, "getrawtransaction", transaction["hash"], True)) == [
        "hash",
        "size",
        "version",
        "nonce",
        "sender",
        "sysfee",
        "netfee",
        "validuntilblock",
        "signers",
        "attributes",
        "script",
        "witnesses",
        "blockhash",
        "confirmations",
        "blocktime",
    ]


def last_transaction(node: Node) -> tuple[str, dict[str, Any]]:
    transaction = result(node, "getblock", 1, True)["tx"][-1]
    transaction_hash = str(transaction.get("hash") or transaction["txid"])
    return transaction_hash, result(node, "getrawtransaction", transaction_hash, True)


@pytest.mark.parametrize(
    ("profile", "first", "last", "blocktime"),
    [
        ("n3", "hash", ["blockhash", "confirmations", "blocktime"], GENESIS_MS + MS_PER_BLOCK),
        (
            "n3-preview",
            "hash",
            ["blockhash", "confirmations", "blocktime", "vm_state"],
            GENESIS_MS + MS_PER_BLOCK,
        ),
        ("n2", "txid", ["blockhash", "confirmations", "blocktime"], (GENESIS_MS + MS_PER_BLOCK) // 1000),
    ],
)
def test_each_profile_places_a_transaction(
    build: NodeBuilder, profile: ProfileName, first: str, last: list[str], blocktime: int
) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5))), height=4), profile)
    _, transaction = last_transaction(node)
    assert next(iter(transaction)) == first
    assert list(transaction)[-len(last) :] == last
    assert transaction["blockhash"] == result(node, "getblockhash", 1)
    assert transaction["confirmations"] == 4
    assert transaction["blocktime"] == blocktime
    assert transaction.get("vm_state") == ("HALT" if profile == "n3-preview" else None)


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_print_bytes_in_hex(build: NodeBuilder, profile: ProfileName) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5)))), profile)
    transaction_hash, transaction = last_transaction(node)
    raw = bytes.fromhex(result(node, "getrawtransaction", transaction_hash))
    assert len(raw) == transaction["size"]
    assert raw in bytes.fromhex(result(node, "getblock", 1))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("method", ["getrawtransaction", "gettransactionheight"])
def test_an_unknown_transaction_is_refused(build_once: NodeBuilder, profile: ProfileName, method: str) -> None:
    assert error(build_once(chain_of(height=1), profile), method, NO_SUCH) == UNKNOWN[profile]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_pool_is_empty(build_once: NodeBuilder, profile: ProfileName) -> None:
    node = build_once(chain_of(height=6), profile)
    assert result(node, "getrawmempool") == []
    assert result(node, "getrawmempool", True) == {"height": 6, "verified": [], "unverified": []}


def test_headers_are_counted_beyond_the_newest_block(build: NodeBuilder) -> None:
    node = build(chain_of(node={"height": 3, "header_height": 9}))
    assert result(node, "getblockheadercount") == 10
    assert result(node, "getblockcount") == 4


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_do_not_count_headers(build_once: NodeBuilder, profile: ProfileName) -> None:
    assert "getblockheadercount" not in build_once(chain_of(height=1), profile).methods
