"""neo-mamba, the Python client of Neo N3, reads what a node answers."""

import base64
from typing import Any

import pytest

from tests.clients import expected
from tests.clients.answers import ReadsChain
from tests.clients.chains import (
    DEMO_NEP17,
    DEV,
    GAS,
    HELDOUT_TOKEN,
    NEO,
    RECORDED,
    RECORDED_ACCOUNT,
    RECORDED_BLOCK,
    TOKENS,
)

pytestmark = pytest.mark.slow

Recording = dict[str, Any]


@pytest.mark.parametrize("chain", [DEV, RECORDED, TOKENS])
def test_every_read_parses(mamba: ReadsChain, chain: str) -> None:
    assert mamba(chain).failures == {}


@pytest.mark.parametrize(
    ("query", "code", "message", "data"),
    [
        ("unknown block", -101, "Unknown block", ""),
        ("unknown height", -109, "Unknown height", ""),
        ("unknown transaction", -103, "Unknown transaction", ""),
        ("unknown contract", -102, "Unknown contract", ""),
        ("wrong address", -32602, "Invalid params - Invalid Address: no address", "Invalid Address: no address"),
    ],
)
def test_a_refusal_has_code_message_and_data(mamba: ReadsChain, query: str, code: int, message: str, data: str) -> None:
    refusal = mamba(DEV).refusal(query)
    assert refusal.pop("text").startswith(f"code={code}, message={message}")
    assert refusal == {"type": "JsonRpcError", "code": code, "message": message, "data": data}


def test_a_transaction_that_is_not_there_yet_is_waited_for(mamba: ReadsChain) -> None:
    # The client asks again only while the message says "Unknown transaction"; then its patience ends, not the node's.
    assert mamba(DEV).refusal("waiting for a transaction that never comes")["type"] == "JsonRpcTimeoutError"


@pytest.mark.parametrize("query", ["get_block by index", "get_block by hash"])
def test_a_block_parsed_from_bytes_has_the_recorded_hashes(
    mamba: ReadsChain, recorded_chain: Recording, query: str
) -> None:
    found = expected.block(recorded_chain)
    hashes = [included["hash"] for included in found["tx"]]
    assert mamba(RECORDED)[query] == {"hash": found["hash"], "index": RECORDED_BLOCK, "transactions": hashes}


@pytest.mark.parametrize("query", ["get_block_header by index", "get_block_header by hash"])
def test_a_header_parsed_from_bytes_has_the_recorded_hash(
    mamba: ReadsChain, recorded_chain: Recording, query: str
) -> None:
    found = expected.block(recorded_chain)
    assert mamba(RECORDED)[query] == {"hash": found["hash"], "index": RECORDED_BLOCK, "timestamp": found["time"]}


def test_a_transaction_parsed_from_bytes_is_the_recorded_one(mamba: ReadsChain, recorded_chain: Recording) -> None:
    recorded = expected.block(recorded_chain)["tx"][0]
    script = base64.b64decode(recorded["script"]).hex()
    assert mamba(RECORDED)["get_transaction"] == {"hash": recorded["hash"], "script": script}
    assert mamba(RECORDED)["get_transaction_height"] == RECORDED_BLOCK


@pytest.mark.parametrize("query", ["get_transaction_receipt", "wait_for_transaction_receipt"])
def test_a_receipt_says_where_a_transaction_stands_and_what_it_did(
    mamba: ReadsChain, recorded_chain: Recording, query: str
) -> None:
    transaction_id = expected.block(recorded_chain)["tx"][0]["hash"]
    execution = expected.executions(recorded_chain, transaction_id)[0]
    receipt = mamba(RECORDED)[query]
    assert (receipt["tx_hash"], receipt["included_in_block"]) == (transaction_id, RECORDED_BLOCK)
    # The client's count: 88 blocks less the index of the one it stands in.
    assert receipt["confirmations"] == 59
    assert receipt["execution"]["gas_consumed"] == int(execution["gasconsumed"])
    assert (receipt["execution"]["state"], receipt["execution"]["exception"]) == ("HALT", None)
    events = [(event["contract"], event["event_name"]) for event in receipt["execution"]["notifications"]]
    assert events == [(event["contract"], event["eventname"]) for event in execution["notifications"]]


def test_the_log_of_a_block_has_its_two_executions(mamba: ReadsChain, recorded_chain: Recording) -> None:
    found = expected.block(recorded_chain)
    log = mamba(RECORDED)["get_application_log_block"]
    assert log["block_hash"] == found["hash"]
    counts = [(execution["trigger"], len(execution["notifications"])) for execution in log["executions"]]
    recorded = expected.executions(recorded_chain, found["hash"])
    assert counts == [(execution["trigger"], len(execution["notifications"])) for execution in recorded]


def test_a_contract_is_the_recorded_one(mamba: ReadsChain, recorded_chain: Recording) -> None:
    state = recorded_chain["contracts"][HELDOUT_TOKEN]
    parsed = {"id": state["id"], "hash": HELDOUT_TOKEN, "name": "HeldoutToken", "nef": state["nef"]["checksum"]}
    assert mamba(RECORDED)["get_contract_state by hash"] == parsed
    assert mamba(RECORDED)["get_contract_state by native name"]["hash"] == NEO


def test_balances_are_the_recorded_ones(mamba: ReadsChain, recorded_chain: Recording) -> None:
    recorded = recorded_chain["queries"][RECORDED_ACCOUNT]["getnep17balances"]["balance"]
    assert mamba(RECORDED)["get_nep17_balances"]["balances"] == [
        {"asset_hash": row["assethash"], "amount": int(row["amount"]), "last_updated_block": row["lastupdatedblock"]}
        for row in recorded
    ]


@pytest.mark.parametrize(
    ("query", "until_ms"), [("get_nep17_transfers", None), ("get_nep17_transfers, with an end", 1_795_228_142_000)]
)
@pytest.mark.parametrize("direction", ["sent", "received"])
def test_transfers_are_the_recorded_ones(
    mamba: ReadsChain, recorded_chain: Recording, query: str, until_ms: int | None, direction: str
) -> None:
    rows = mamba(RECORDED)[query][direction]
    recorded = expected.transfers(recorded_chain, RECORDED_ACCOUNT, direction, until_ms=until_ms)
    assert [
        (row["tx_hash"], row["asset_hash"], row["amount"], row["transfer_address"], row["time"]) for row in rows
    ] == [
        (row["txhash"], row["assethash"], int(row["amount"]), row["transferaddress"], row["timestamp"])
        for row in recorded
    ]


def test_a_mint_has_no_one_it_came_from(mamba: ReadsChain) -> None:
    received = mamba(DEV)["get_nep17_transfers"]["received"]
    from_nobody = {row["asset_hash"]: row["transfer_address"] is None for row in received}
    # The demo token is minted; NEO and GAS come from the validators.
    assert from_nobody == {DEMO_NEP17: True, GAS: False, NEO: False}


def test_the_network_is_the_recorded_one(mamba: ReadsChain, recorded_chain: Recording) -> None:
    protocol = recorded_chain["version"]["protocol"]
    read = mamba(RECORDED)
    version = read["get_version"]["protocol"]
    assert version["hardforks"] == {fork["name"]: fork["blockheight"] for fork in protocol["hardforks"]}
    # The client waits 2.2 times this long for a receipt.
    assert version["ms_per_block"] == protocol["msperblock"]
    assert read["get_committee"] == protocol["standbycommittee"]
    validators = [validator["public_key"] for validator in read["get_next_blockvalidators"]["validators"]]
    assert validators == protocol["standbycommittee"]


@pytest.mark.parametrize(
    ("query", "item"),
    [
        ("invoke_function symbol", {"type": "ByteString", "value": b"NEO".hex()}),
        ("invoke_function decimals", {"type": "Integer", "value": 4}),
        ("invoke_function balanceOf", {"type": "Integer", "value": 1000}),
    ],
)
def test_a_safe_method_answers(mamba: ReadsChain, query: str, item: dict[str, Any]) -> None:
    result = mamba(RECORDED)[query]
    assert (result["state"], result["exception"], result["stack"]) == ("HALT", None, [item])


@pytest.mark.parametrize("chain", [DEV, TOKENS])
def test_storage_found_by_prefix_is_storage_read_by_key(mamba: ReadsChain, chain: str) -> None:
    found = mamba(chain)["find_states"]
    assert found
    assert mamba(chain)["get_storage of each found key"] == [value for _, value in found]


def test_unclaimed_gas_is_a_number_of_datoshi(mamba: ReadsChain) -> None:
    # 500 datoshi a block for 1,000 NEO, since block 1; the next block is 70,011.
    assert mamba(DEV)["get_unclaimed_gas"] == 70_010 * 500


def test_the_dev_chain_is_what_its_readme_says(mamba: ReadsChain) -> None:
    read = mamba(DEV)
    assert read["get_block_count"] == 70_011
    assert read["get_version"]["protocol"]["network"] == 860_833_102
    amounts = {row["asset_hash"]: row["amount"] for row in read["get_nep17_balances"]["balances"]}
    assert (amounts[NEO], amounts[GAS]) == (1000, 1_000_000_000_000)
