"""TokensTracker on NEP-11 tokens, divisible and not.

Source: neo-node 3.10.2, plugins/TokensTracker: TrackerBase, Nep11Tracker.
"""

import pytest

from tests.plugins.node_builder import HOLDER, OTHER, TOKEN, NodeBuilder, address, block, chain_of, error, result
from tests.plugins.tokens_tracker.tracked_tokens import ART, ART_HASH, COIN, LATER, SHARES, coin_chain, nft, setting


def test_an_indivisible_token_leaves_its_sender_without_a_row(build: NodeBuilder) -> None:
    chain = chain_of(
        block(1, nft("art", None, HOLDER, 1, "0x0a0b"), nft("art", None, HOLDER, 1, "z")),
        block(2, nft("art", HOLDER, OTHER, 1, "0x0a0b")),
        contracts={"art": ART},
    )
    node = build(chain)
    assert result(node, "getnep11balances", HOLDER)["balance"][0]["tokens"] == [
        {"tokenid": "7a", "amount": "1", "lastupdatedblock": 1}
    ]
    assert result(node, "getnep11balances", OTHER) == {
        "address": address("n3", OTHER),
        "balance": [
            {
                "assethash": ART_HASH,
                "name": "Art",
                "symbol": "ART",
                "decimals": "0",
                "tokens": [{"tokenid": "0a0b", "amount": "1", "lastupdatedblock": 2}],
            }
        ],
    }


def test_a_divisible_token_keeps_a_row_of_zero(build: NodeBuilder) -> None:
    chain = chain_of(
        block(1, nft("shares", None, HOLDER, 100, "s")),
        block(2, nft("shares", HOLDER, OTHER, 100, "s")),
        contracts={"shares": SHARES},
    )
    node = build(chain)
    (asset,) = result(node, "getnep11balances", HOLDER)["balance"]
    assert asset["tokens"] == [{"tokenid": "73", "amount": "0", "lastupdatedblock": 2}]
    (asset,) = result(node, "getnep11balances", OTHER)["balance"]
    assert (asset["decimals"], asset["tokens"][0]["amount"]) == ("2", "100")


def test_tokens_of_an_asset_are_sorted_by_length_then_bytes(build: NodeBuilder) -> None:
    # the node's keys hold the id as var-bytes: its length comes before its bytes
    mints = [nft("art", None, HOLDER, 1, token) for token in ("0xff", "0x0000", "0x01", "0xff00")]
    node = build(chain_of(block(1, *mints), contracts={"art": ART}))
    (asset,) = result(node, "getnep11balances", HOLDER)["balance"]
    assert [token["tokenid"] for token in asset["tokens"]] == ["01", "ff", "0000", "ff00"]


def test_max_results_caps_tokens_over_all_assets(build: NodeBuilder) -> None:
    mints = [nft("art", None, HOLDER, 1, token) for token in "abcde"]
    node = build(chain_of(block(1, *mints), contracts={"art": ART}), settings=(setting("MaxResults", 2),))
    (asset,) = result(node, "getnep11balances", HOLDER)["balance"]
    assert len(asset["tokens"]) == 2


def test_a_nep11_transfer_ends_with_its_token_id(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, nft("art", None, HOLDER, 1, "a")), contracts={"art": ART}))
    (row,) = result(node, "getnep11transfers", HOLDER, 1, LATER)["received"]
    assert list(row)[-1] == "tokenid"
    assert (row["tokenid"], row["transferaddress"], row["amount"]) == ("61", None, "1")


def test_properties_are_texts_for_the_standards_names_and_base64_for_others(build: NodeBuilder) -> None:
    art = {**ART, "tokens": {"a": {"name": "First", "image": "http://x/1.png", "colour": "red"}}}
    node = build(
        chain_of(block(1, nft("art", None, HOLDER, 1, "a"), nft("art", None, HOLDER, 1, "b")), contracts={"art": art})
    )
    # "red" in base64 is cmVk
    assert result(node, "getnep11properties", ART_HASH, "61") == {
        "name": "First",
        "image": "http://x/1.png",
        "colour": "cmVk",
    }
    assert result(node, "getnep11properties", ART_HASH, "62") == {"name": "b"}


@pytest.mark.parametrize("contract", [ART_HASH, TOKEN, OTHER], ids=["no such token", "no NFT", "no contract"])
def test_properties_of_what_is_not_there_are_an_empty_object(build: NodeBuilder, contract: str) -> None:
    chain = chain_of(block(1, nft("art", None, HOLDER, 1, "a")), contracts={"art": ART, "demo": COIN})
    assert result(build(chain), "getnep11properties", contract, "63") == {}


@pytest.mark.parametrize(
    ("token_id", "shown"),
    [
        ("7", "Input: '7'"),
        ("7g", "Input: '7g'"),
        ("0x746f6b656e", "Input: '0x746f6b656e'"),
        (" 31", "Input: ' 31'"),
        ("x" * 300, "Input length: 300 characters"),
    ],
)
def test_a_token_id_that_is_no_hex_leaks_the_format_exception(build: NodeBuilder, token_id: str, shown: str) -> None:
    """Recorded answers of neo-cli 3.10.2."""
    said = "Failed to convert hex string to bytes: The input contains invalid hexadecimal characters."
    assert error(build(coin_chain(block(1))), "getnep11properties", TOKEN, token_id) == {
        "code": -2146233033,
        "message": f"{said} {shown}. Valid hex characters are 0-9, A-F, and a-f.",
    }
