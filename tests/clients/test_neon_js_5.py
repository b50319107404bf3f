"""neon-js 5, the client that most Neo N3 programs in JavaScript use, reads what a node answers."""

import json
from typing import Any

import pytest

from tests.clients import expected
from tests.clients.answers import ReadsChain
from tests.clients.chains import (
    DEV,
    GAS,
    GENESIS_MS,
    HELDOUT_TOKEN,
    NEO,
    PICTURES,
    RECORDED,
    RECORDED_ACCOUNT,
    RECORDED_BLOCK,
    SHARES,
    SUNRISE,
    TOKENS,
    TOKENS_GENESIS_MS,
)

pytestmark = pytest.mark.slow

Recording = dict[str, Any]


@pytest.mark.parametrize("chain", [DEV, RECORDED, TOKENS])
def test_every_read_parses(neon_js_5: ReadsChain, chain: str) -> None:
    assert neon_js_5(chain).failures == {}


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("unknown block", -101, "Unknown block"),
        ("unknown transaction", -103, "Unknown transaction"),
        ("height of an unknown transaction", -103, "Unknown transaction"),
        ("log of an unknown transaction", -32602, "Invalid params - Unknown transaction/blockhash"),
        ("unknown contract", -102, "Unknown contract"),
        ("unknown method", -32601, "Method not found - getnothing"),
        (
            "verification by a contract without verify",
            -512,
            "Invalid contract verification function - The smart contract "
            f"{NEO} haven't got verify method with 0 input parameters.",
        ),
    ],
)
def test_a_refusal_reaches_the_program_with_code_and_message(
    neon_js_5: ReadsChain, query: str, code: int, message: str
) -> None:
    assert neon_js_5(DEV).refusal(query) == {"type": "RpcError", "code": code, "message": message}


def test_an_error_in_a_batch_is_told_by_its_position(neon_js_5: ReadsChain) -> None:
    # The client matches answers to queries by position and never looks at ids.
    message = neon_js_5(DEV).refusal("batch with a bad query")["message"]
    assert json.loads(message) == {"query[1]": {"code": -101, "message": "Unknown block"}}


@pytest.mark.parametrize(
    "query", ["getBlock by index", "getBlock by hash", "getBlock by decimal text", "getBlock verbosity false"]
)
def test_raw_blocks_are_the_recorded_bytes(neon_js_5: ReadsChain, recorded_chain: Recording, query: str) -> None:
    assert neon_js_5(RECORDED)[query] == recorded_chain["blocks"][RECORDED_BLOCK]["raw"]


@pytest.mark.parametrize(
    "query",
    [
        "getBlock by index, verbose",
        "getBlock by hash, verbose",
        "getBlock by decimal text, verbosity true",
    ],
)
def test_verbose_blocks_are_the_recorded_ones(neon_js_5: ReadsChain, recorded_chain: Recording, query: str) -> None:
    read = neon_js_5(RECORDED)[query]
    assert expected.without(read, "confirmations") == expected.block(recorded_chain)


@pytest.mark.parametrize("query", ["getBlockHeader by index, verbose", "getBlockHeader by hash, verbose"])
def test_verbose_headers_are_the_recorded_ones(neon_js_5: ReadsChain, recorded_chain: Recording, query: str) -> None:
    read = neon_js_5(RECORDED)[query]
    header = expected.without(expected.block(recorded_chain), "size", "tx")
    assert expected.without(read, "size", "confirmations") == header


@pytest.mark.parametrize(
    "query", ["getRawTransaction, hash of the parsed bytes", "getRawTransaction, hash of the parsed object"]
)
def test_the_client_works_out_the_hash_that_the_network_knows(
    neon_js_5: ReadsChain, recorded_chain: Recording, query: str
) -> None:
    assert neon_js_5(RECORDED)[query] == expected.block(recorded_chain)["tx"][0]["hash"]


def test_the_client_works_out_the_hash_of_every_transaction_of_a_block(
    neon_js_5: ReadsChain, recorded_chain: Recording
) -> None:
    hashes = [included["hash"] for included in expected.block(recorded_chain)["tx"]]
    assert neon_js_5(RECORDED)["getBlock, hashes of its parsed transactions"] == hashes


def test_a_transaction_knows_its_place(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    read = neon_js_5(RECORDED)
    assert read["getRawTransaction, verbose"] == expected.transaction(recorded_chain)
    assert read["getTransactionHeight"] == RECORDED_BLOCK


def test_application_logs_are_the_recorded_ones(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    found = expected.block(recorded_chain)
    transaction_id = found["tx"][0]["hash"]
    log = neon_js_5(RECORDED)["getApplicationLog of a transaction"]
    assert log["txid"] == transaction_id
    assert log["executions"][0]["exception"] is None
    assert [expected.without(execution, "exception") for execution in log["executions"]] == expected.executions(
        recorded_chain, transaction_id
    )
    of_block = {"blockhash": found["hash"], "executions": expected.executions(recorded_chain, found["hash"])}
    assert neon_js_5(RECORDED)["getApplicationLog of a block"] == of_block


def test_a_contract_is_the_recorded_one(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    read = neon_js_5(RECORDED)
    assert read["getContractState"] == recorded_chain["contracts"][HELDOUT_TOKEN]
    assert read["getContractState, parsed manifest"] == "HeldoutToken"
    neo = recorded_chain["contracts"][NEO]
    assert read["getContractState by native name, checksum of the parsed NEF"] == neo["nef"]["checksum"]


@pytest.mark.parametrize("query", ["getContractState by native name", "getContractState by id"])
def test_a_native_contract_answers_to_its_name_and_id(neon_js_5: ReadsChain, query: str) -> None:
    assert neon_js_5(DEV)[query]["hash"] == NEO


def test_the_native_contracts_are_the_recorded_ones(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    natives = recorded_chain["native_contracts"]
    read = neon_js_5(RECORDED)
    assert read["getNativeContracts"] == natives
    assert read["getNativeContracts, parsed manifests"] == [state["manifest"]["name"] for state in natives]


@pytest.mark.parametrize("chain", [DEV, TOKENS])
def test_storage_found_by_prefix_is_storage_read_by_key(neon_js_5: ReadsChain, chain: str) -> None:
    read = neon_js_5(chain)
    results = read["findStorage"]["results"]
    assert results
    assert read["getStorage of each found key"] == [entry["value"] for entry in results]
    assert read["findStorage, next page"]["results"][: len(results) - 1] == results[1:]


@pytest.mark.parametrize("query", ["getNep17Balances", "getNep17Balances by script hash"])
def test_balances_are_the_recorded_ones(neon_js_5: ReadsChain, recorded_chain: Recording, query: str) -> None:
    assert neon_js_5(RECORDED)[query] == recorded_chain["queries"][RECORDED_ACCOUNT]["getnep17balances"]


def test_transfers_are_the_recorded_ones(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    read = neon_js_5(RECORDED)
    for direction in ("sent", "received"):
        rows = [expected.without(row, "transfernotifyindex") for row in read["getNep17Transfers"][direction]]
        assert rows == expected.transfers(recorded_chain, RECORDED_ACCOUNT, direction)
        rows = [
            expected.without(row, "transfernotifyindex") for row in read["getNep17Transfers, times as texts"][direction]
        ]
        assert rows == expected.transfers(recorded_chain, RECORDED_ACCOUNT, direction, until_ms=1_795_228_142_000)


def test_the_network_is_the_recorded_one(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    protocol = recorded_chain["version"]["protocol"]
    read = neon_js_5(RECORDED)
    # neo-go has no seed list where neo-cli has an empty one.
    assert read["getVersion"]["protocol"] == {**protocol, "seedlist": []}
    assert read["NetworkFacade.initialize"] == protocol["network"]
    assert read["getCommittee"] == protocol["standbycommittee"]
    assert [validator["publickey"] for validator in read["getNextBlockValidators"]] == protocol["standbycommittee"]


def test_a_batch_answers_in_its_order(neon_js_5: ReadsChain, recorded_chain: Recording) -> None:
    hashes = [recorded["verbose"]["hash"] for recorded in recorded_chain["blocks"]]
    read = neon_js_5(RECORDED)
    assert read["batch of every block's hash"] == hashes
    assert read["twelve reads at once"] == hashes[:12]
    balances = recorded_chain["queries"][RECORDED_ACCOUNT]["getnep17balances"]
    is_valid = {"address": RECORDED_ACCOUNT, "isvalid": True}
    assert read["batch of unlike queries"] == [88, hashes[RECORDED_BLOCK], balances, is_valid]


@pytest.mark.parametrize(
    ("chain", "query", "stack"),
    [
        (DEV, "invokeFunction symbol", [{"type": "ByteString", "value": "TkVP"}]),
        (RECORDED, "invokeFunction symbol", [{"type": "ByteString", "value": "TkVP"}]),
        # What the recorded chain's account has is in the recording; the dev chain's accounts have 1,000 NEO each.
        (DEV, "invokeFunction balanceOf", [{"type": "Integer", "value": "1000"}]),
        (RECORDED, "invokeFunction balanceOf", [{"type": "Integer", "value": "1000"}]),
        (RECORDED, "invokeFunction with a signer", [{"type": "Integer", "value": "1000"}]),
    ],
)
def test_a_safe_method_answers(neon_js_5: ReadsChain, chain: str, query: str, stack: list[Any]) -> None:
    result = neon_js_5(chain)[query]
    assert (result["state"], result["exception"], result["stack"]) == ("HALT", None, stack)


def test_a_contract_object_reads_its_token(neon_js_5: ReadsChain) -> None:
    read = neon_js_5(RECORDED)
    assert read["invokeFunction decimals, parsed"] == [4]
    assert read["Nep17Contract.name"] == "HeldoutToken"
    # 506 of the smallest unit, four decimals.
    assert read["Nep17Contract.balanceOf"] == 0.0506


@pytest.mark.parametrize(
    ("chain", "datoshi"),
    [
        # 5 GAS a block, of which a tenth goes to holders, are 500 datoshi for 1,000 of 100,000,000 NEO. The dev chain's
        # account has them since block 1, and the next is 70,011; the recorded one since block 13, and the next is 88.
        (DEV, 70_010 * 500),
        (RECORDED, 75 * 500),
    ],
)
def test_unclaimed_gas_grows_with_each_block(neon_js_5: ReadsChain, chain: str, datoshi: int) -> None:
    assert neon_js_5(chain)["getUnclaimedGas"] == str(datoshi)


def test_the_dev_chain_is_what_its_readme_says(neon_js_5: ReadsChain) -> None:
    read = neon_js_5(DEV)
    assert read["getBlockCount"] == 70_011
    assert read["NetworkFacade.initialize"] == 860_833_102
    amounts = {row["assethash"]: row["amount"] for row in read["getNep17Balances"]["balance"]}
    assert (amounts[NEO], amounts[GAS]) == ("1000", "1000000000000")
    assert {row["timestamp"] for row in read["getNep17Transfers"]["received"]} == {GENESIS_MS + 15_000}
    assert read["getnep5balances, as its page asks"]["balance"][0] == {
        "asset_hash": "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36",
        "amount": "9990000000000000",
        "last_updated_block": 17418,
    }


def test_nep11_tokens_are_listed_by_asset_then_id(neon_js_5: ReadsChain) -> None:
    pictures = [
        {"tokenid": "00ff", "amount": "1", "lastupdatedblock": 5},
        {"tokenid": SUNRISE, "amount": "1", "lastupdatedblock": 6},
    ]
    fund = {"tokenid": b"fund".hex(), "amount": "750", "lastupdatedblock": 7}
    assert neon_js_5(TOKENS)["getNep11Balances"]["balance"] == [
        {"assethash": PICTURES, "name": "Pictures", "symbol": "PIC", "decimals": "0", "tokens": pictures},
        {"assethash": SHARES, "name": "Shares", "symbol": "SHR", "decimals": "2", "tokens": [fund]},
    ]


def test_nep11_transfers_are_newest_first(neon_js_5: ReadsChain) -> None:
    read = neon_js_5(TOKENS)["getNep11Transfers by its own name"]
    names = ("timestamp", "assethash", "amount", "blockindex", "tokenid")
    sent = [tuple(row[name] for name in names) for row in read["sent"]]
    received = [tuple(row[name] for name in names) for row in read["received"]]
    # A block every 15 s; the painter of the first picture is the one it came from.
    assert sent == [(TOKENS_GENESIS_MS + 105_000, SHARES, "250", 7, b"fund".hex())]
    assert received == [
        (TOKENS_GENESIS_MS + 90_000, PICTURES, "1", 6, SUNRISE),
        (TOKENS_GENESIS_MS + 75_000, PICTURES, "1", 5, "00ff"),
        (TOKENS_GENESIS_MS + 75_000, SHARES, "1000", 5, b"fund".hex()),
    ]
    assert [row["transferaddress"] is None for row in read["received"]] == [False, True, True]


def test_the_properties_of_a_token_are_texts_by_the_standards_names(neon_js_5: ReadsChain) -> None:
    # Other names have base64: QWRh is Ada.
    assert neon_js_5(TOKENS)["getNep11Properties"] == {
        "name": "Sunrise",
        "description": "Early in the day",
        "image": "ipfs://sunrise",
        "artist": "QWRh",
    }
