"""neon-js 4, the client of Neo 2, reads what a node of profile n2 answers."""

import pytest

from tests.clients.answers import ReadsChain
from tests.clients.chains import NEO2

pytestmark = pytest.mark.slow


def test_every_read_parses(neon_js_4: ReadsChain) -> None:
    assert neon_js_4(NEO2).failures == {}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("unknown block", "Unknown block"),
        ("unknown transaction", "Unknown transaction"),
        ("unknown method", "Method not found"),
    ],
)
def test_a_refusal_reaches_the_program_with_its_message(neon_js_4: ReadsChain, query: str, message: str) -> None:
    # The client puts the URL before the message, and drops the code.
    assert neon_js_4(NEO2).refusal(query)["message"].endswith(f": {message}")


def test_the_version_is_cut_out_of_the_user_agent(neon_js_4: ReadsChain) -> None:
    assert neon_js_4(NEO2)["getVersion"] == "2.12.2"


@pytest.mark.parametrize("query", ["getBlock by index, verbose", "getBlock by hash, verbose"])
def test_a_block_is_the_one_that_was_asked_for(neon_js_4: ReadsChain, query: str) -> None:
    read = neon_js_4(NEO2)
    assert (read[query]["index"], read[query]["hash"]) == (1, read["getBlockHash"])


def test_the_client_works_out_the_hash_that_the_node_told(neon_js_4: ReadsChain) -> None:
    read = neon_js_4(NEO2)
    assert read["getRawTransaction, hash of the parsed bytes"] == read["getRawTransaction, verbose"]["txid"]


def test_balances_are_those_of_the_readme(neon_js_4: ReadsChain) -> None:
    balance = neon_js_4(NEO2)["getNep5Balances"]["balance"]
    assert [(row["amount"], row["last_updated_block"]) for row in balance] == [("1000000000000", 1)]


@pytest.mark.parametrize(("method", "value"), [("symbol", "DN5"), ("decimals", 8), ("balanceOf", 1_000_000_000_000)])
def test_a_tokens_methods_answer(neon_js_4: ReadsChain, method: str, value: str | int) -> None:
    # The demo token of the dev chain, DemoNep5 in demo.json; each account has 10,000 of it.
    assert neon_js_4(NEO2)[f"invokeFunction {method}"] == value


def test_transfers_are_in_seconds_and_name_their_transaction(neon_js_4: ReadsChain) -> None:
    read = neon_js_4(NEO2)
    received = read["getNep5Transfers"]["received"]
    # Block 1 is 15 s after 2020-06-01T00:00:00Z.
    assert [row["timestamp"] for row in received] == [1_590_969_615]
    transaction_ids = [included["txid"] for included in read["getBlock by index, verbose"]["tx"]]
    # The tracker of Neo 2 writes hashes without 0x, the node with it.
    assert f"0x{received[0]['tx_hash']}" in transaction_ids


def test_an_account_has_the_coins_that_the_chain_gave_it(neon_js_4: ReadsChain) -> None:
    read = neon_js_4(NEO2)
    balance = read["provider's getBalance"]
    assert {name: asset["balance"] for name, asset in balance["assets"].items()} == {"GAS": 10_000, "NEO": 1000}
    assert balance["assetSymbols"] == ["GAS", "NEO"]
    assert read["provider's getClaims"]["claims"] == []  # none of it was spent
    # A block has 8 GAS for 100,000,000 NEO; the account has 1000 since block 1, and block 70,010 is the last.
    assert read["getUnclaimed"] == {"available": 0, "unavailable": 5.60072, "unclaimed": 5.60072}
