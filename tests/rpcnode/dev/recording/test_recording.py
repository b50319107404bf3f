"""Recorded chains: that of a real node reads as what it says, and one that does not fit together is refused."""

import gzip
import json
from base64 import b64decode, b64encode
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.recorded.recorded import RecordedChain
from rpcnode.dev.fixture.reader import read_fixture
from rpcnode.dev.places.errors import FixtureError
from rpcnode.execution.records import Trigger
from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.primitives.uint import UInt160
from tests import PROJECT

RECORDING = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"


@cache
def answers() -> dict[str, Any]:
    """What the node said, as JSON."""
    recorded: dict[str, Any] = json.loads(gzip.decompress(RECORDING.read_bytes()))
    return recorded


@cache
def recorded_chain() -> RecordedChain:
    read = read_fixture(RECORDING, profile="n3")
    assert isinstance(read, RecordedChain)
    return read


def test_the_chain_is_the_one_that_was_recorded() -> None:
    read = recorded_chain()
    parameters = read.parameters
    assert (parameters.magic, parameters.address_version, parameters.ms_per_block) == (42, 53, 100)
    assert parameters.user_agent == answers()["version"]["useragent"]
    assert read.height == 87  # getblockcount was 88
    assert [str(recorded.block.hash) for recorded in read.blocks] == [
        entry["verbose"]["hash"] for entry in answers()["blocks"]
    ]


def first_blocks(count: int) -> dict[str, Any]:
    """A recording of the first blocks only, to break."""
    recording = deepcopy(answers())
    recording["blocks"] = recording["blocks"][:count]
    recording["height"] = count
    return recording


def without_genesis(count: int) -> dict[str, Any]:
    """The same without block 0, so that logs are all there is to know of what the blocks did."""
    recording = first_blocks(count)
    del recording["blocks"][0]
    return recording


def read(tmp_path: Path, recording: dict[str, Any]) -> RecordedChain:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(recording))
    chain = read_fixture(path, profile="n3")
    assert isinstance(chain, RecordedChain)
    return chain


def test_of_a_chain_from_genesis_on_blocks_alone_are_read(tmp_path: Path) -> None:
    recording = {key: answers()[key] for key in ("version", "height")}
    recording["blocks"] = [{"raw": block["raw"]} for block in answers()["blocks"]]
    told, bare = recorded_chain(), read(tmp_path, recording)
    assert told.is_executed
    assert bare.is_executed
    assert [recorded.block for recorded in bare.blocks] == [recorded.block for recorded in told.blocks]
    assert bare.parameters == told.parameters


def test_each_block_has_the_executions_of_its_logs_in_order(tmp_path: Path) -> None:
    for recorded in read(tmp_path, without_genesis(88)).blocks:
        triggers = [execution.trigger for execution in recorded.executions]
        count = len(recorded.block.transactions)
        assert triggers == [Trigger.ON_PERSIST, *[Trigger.APPLICATION] * count, Trigger.POST_PERSIST]
        assert [execution.container for execution in recorded.executions] == [
            None,
            *[transaction.hash for transaction in recorded.block.transactions],
            None,
        ]


def test_executions_are_those_of_the_application_logs(tmp_path: Path) -> None:
    logs = answers()["application_logs"]
    for recorded in read(tmp_path, without_genesis(88)).blocks:
        for execution in recorded.executions:
            log = logs[str(execution.container or recorded.block.hash)]
            (told,) = [entry for entry in log["executions"] if entry["trigger"] == execution.trigger]
            ours: dict[str, Any] = {
                "vmstate": execution.vm_state,
                "gasconsumed": str(execution.gas_consumed),
                "exception": execution.exception,
                "stack": [item_to_json(item) for item in execution.stack],
                "notifications": [
                    {
                        "contract": str(event.contract),
                        "eventname": event.event_name,
                        "state": {"type": "Array", "value": [item_to_json(item) for item in event.state]},
                    }
                    for event in execution.notifications
                ],
            }
            assert ours == {key: told[key] for key in ours}


def test_contracts_are_all_there_from_their_deployment_on(tmp_path: Path) -> None:
    contracts = read(tmp_path, without_genesis(88)).contracts
    assert {str(key): contract.state for key, contract in contracts.items()} == answers()["contracts"]
    # Deploy events of the two that were deployed by transactions; the natives come with the genesis block.
    assert contracts[UInt160.parse("0xa311f1e54756b3fb086976943c153c2d39741f4d")].deployed_at == 24
    assert contracts[UInt160.parse("0x04a22d19a323bb638eb602b713f8842753e6cad5")].deployed_at == 26
    assert sum(contract.deployed_at == 0 for contract in contracts.values()) == 11
    assert all(contract.destroyed_at is None for contract in contracts.values())


GENESIS = "0x625b01600e23640e605f4faafafa7490eb1daece2d0db4c4572905de56c278fe"
BLOCK_1 = "0x6f75c0f052bdd04f82bdcb23dfa51230b7f5bc4e068cfe24c78073895214c870"
NOTARY = UInt160.parse("0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b")
TREASURY = UInt160.parse("0x156326f25b1b5d839a4d326aeaa75383c9563ac1")
MANAGEMENT = "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"


def test_a_chain_may_begin_above_its_genesis_block(tmp_path: Path) -> None:
    recording = first_blocks(30)
    recording["blocks"] = recording["blocks"][25:]
    chain = read(tmp_path, recording)
    assert [recorded.block.index for recorded in chain.blocks] == [25, 26, 27, 28, 29]
    # Deployed in block 24, of which this recording does not tell, and in 26, of which it does.
    assert chain.contracts[UInt160.parse("0xa311f1e54756b3fb086976943c153c2d39741f4d")].deployed_at == 25
    assert chain.contracts[UInt160.parse("0x04a22d19a323bb638eb602b713f8842753e6cad5")].deployed_at == 26


def test_natives_that_came_with_a_hardfork_stand_from_there(tmp_path: Path) -> None:
    recording = without_genesis(2)
    for hardfork in recording["version"]["protocol"]["hardforks"]:
        hardfork["blockheight"] = {"Echidna": 40, "Faun": 50}.get(hardfork["name"], 0)
    contracts = read(tmp_path, recording).contracts
    assert (contracts[NOTARY].deployed_at, contracts[TREASURY].deployed_at) == (40, 50)


def event(name: str, contract: UInt160) -> dict[str, Any]:
    items = [{"type": "ByteString", "value": b64encode(contract).decode()}]
    return {"contract": MANAGEMENT, "eventname": name, "state": {"type": "Array", "value": items}}


def test_a_destroyed_contract_ends_with_the_block_that_destroyed_it(tmp_path: Path) -> None:
    recording = without_genesis(30)
    log = recording["application_logs"][recording["blocks"][27]["verbose"]["hash"]]
    token = UInt160.parse("0xa311f1e54756b3fb086976943c153c2d39741f4d")
    log["executions"][0]["notifications"].append(event("Destroy", token))
    assert read(tmp_path, recording).contracts[token].destroyed_at == 28


def test_a_recording_is_of_the_profile_that_its_node_had() -> None:
    told = "a recorded chain of Neo N3, which the profile n2 does not emulate; use n3"
    with pytest.raises(FixtureError, match=told):
        read_fixture(RECORDING, profile="n2")


def refusal(tmp_path: Path, recording: dict[str, Any]) -> str:
    with pytest.raises(FixtureError) as caught:
        read(tmp_path, recording)
    return str(caught.value)


def test_a_block_with_another_hash_is_refused(tmp_path: Path) -> None:
    recording = first_blocks(3)
    recording["blocks"][1]["verbose"]["hash"] = GENESIS
    found = f'blocks[1].verbose.hash: "{GENESIS}" is not the hash of the raw block; that is 0x6f75c0f0'
    assert found in refusal(tmp_path, recording)


def test_a_block_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    recording = first_blocks(3)
    raw = bytearray(b64decode(recording["blocks"][1]["raw"]))
    raw[80] ^= 1  # in the nonce
    recording["blocks"][1]["raw"] = b64encode(raw).decode()
    assert "blocks[1].verbose.hash:" in refusal(tmp_path, recording)


def test_a_block_that_cannot_be_parsed_is_refused(tmp_path: Path) -> None:
    recording = first_blocks(3)
    recording["blocks"][2]["raw"] = recording["blocks"][2]["raw"][:-8]
    assert "blocks[2].raw: is no block of Neo N3 in Base64: " in refusal(tmp_path, recording)


def test_a_gap_between_blocks_is_refused(tmp_path: Path) -> None:
    recording = first_blocks(5)
    del recording["blocks"][2]
    assert "blocks[2]: block 3 stands here, after block 1; blocks are consecutive" in refusal(tmp_path, recording)


@pytest.mark.parametrize(("position", "of_what"), [(0, "the block"), (1, "the transaction")])
def test_a_missing_log_is_refused(tmp_path: Path, position: int, of_what: str) -> None:
    recording = without_genesis(30)
    block = next(entry["verbose"] for entry in recording["blocks"] if entry["verbose"]["tx"])
    missing = [block["hash"], block["tx"][0]["hash"]][position]
    del recording["application_logs"][missing]
    assert f"application_logs: the log of {of_what} {missing} is missing" in refusal(tmp_path, recording)


def test_a_log_with_other_triggers_is_refused(tmp_path: Path) -> None:
    recording = without_genesis(2)
    recording["application_logs"][BLOCK_1]["executions"].pop()
    path = f'application_logs["{BLOCK_1}"].executions'
    assert f"{path}: has executions of OnPersist; right is OnPersist, PostPersist" in refusal(tmp_path, recording)


def test_another_height_than_that_of_the_last_block_is_refused(tmp_path: Path) -> None:
    recording = first_blocks(3)
    recording["height"] = 2
    told = "height: 2 is not the number of blocks up to the last one here; right is 3"
    assert told in refusal(tmp_path, recording)


def test_a_deployed_contract_whose_state_was_not_recorded_stays_unknown(tmp_path: Path) -> None:
    recording = without_genesis(30)
    del recording["contracts"]["0x04a22d19a323bb638eb602b713f8842753e6cad5"]
    assert UInt160.parse("0x04a22d19a323bb638eb602b713f8842753e6cad5") not in read(tmp_path, recording).contracts


def test_a_contract_under_another_hash_is_refused(tmp_path: Path) -> None:
    recording = without_genesis(2)
    recording["contracts"][MANAGEMENT] = recording["contracts"][str(NOTARY)]
    assert f'"{NOTARY}" is not the hash that this state stands under' in refusal(tmp_path, recording)


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (("blocks",), [], "blocks: is empty; a recorded chain has a block at least"),
        (("blocks",), {}, "blocks: a mapping stands where an array belongs"),
        (("version",), {}, "version.protocol: is missing, and required"),
        (("version", "protocol", "network"), "42", 'version.protocol.network: "42" stands where an integer belongs'),
        (("version", "protocol", "hardforks"), [5], "version.protocol.hardforks[0]: 5 stands where an object belongs"),
        (("native_contracts",), None, "native_contracts: null stands where an array belongs"),
        (("application_logs",), [], "application_logs: a list stands where an object belongs"),
        (("application_logs", BLOCK_1), [], "a list stands where an object belongs"),
        (("application_logs", BLOCK_1, "executions", 0, "vmstate"), "BREAK", '"BREAK" is neither HALT nor FAULT'),
        (("application_logs", BLOCK_1, "executions", 0, "gasconsumed"), "-1", '"-1" is no amount of datoshi'),
        (("application_logs", BLOCK_1, "executions", 0, "exception"), 5, "5 stands where a text or null belongs"),
        (("application_logs", BLOCK_1, "executions", 0, "stack"), [5], "a stack item is an object, got int"),
        (
            ("application_logs", BLOCK_1, "executions", 1, "notifications", 0, "state"),
            {"type": "Integer", "value": "5"},
            "notifications[0].state: the state of a notification is an Array",
        ),
        (
            ("application_logs", BLOCK_1, "executions", 1, "notifications", 0, "contract"),
            "0x5",
            "notifications[0].contract: UInt160 takes 40 hex digits",
        ),
    ],
)
def test_a_member_of_another_type_is_refused(
    tmp_path: Path, path: tuple[str | int, ...], value: object, error: str
) -> None:
    recording = without_genesis(2)
    *outer, last = path
    target: Any = recording
    for step in outer:
        target = target[step]
    target[last] = value
    assert error in refusal(tmp_path, recording)


def test_a_chain_of_logs_without_blocks_is_no_fixture(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text('{"application_logs": {}, "blocks": []}')
    with pytest.raises(FixtureError, match="has application_logs, as a recorded chain, but not version"):
        read_fixture(path, profile="n3")


def test_without_logs_a_chain_has_to_begin_with_its_genesis_block(tmp_path: Path) -> None:
    recording = without_genesis(3)
    del recording["application_logs"]
    told = "application_logs: is missing, and required of a chain that begins at block 1 without storages_before"
    assert told in refusal(tmp_path, recording)


def test_the_storage_before_is_that_of_contracts_that_it_has(tmp_path: Path) -> None:
    recording = without_genesis(3)
    recording["storages_before"] = {str(NOTARY): {"AA==": "AA=="}}
    assert "storages_before: has no rows of ContractManagement" in refusal(tmp_path, recording)


def test_rows_of_the_storage_before_are_of_base64(tmp_path: Path) -> None:
    recording = without_genesis(3)
    recording["storages_before"] = {MANAGEMENT: {"AA==": "?"}}
    assert "stands where key and value in Base64 belong" in refusal(tmp_path, recording)
