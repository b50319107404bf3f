"""Native tokens of preview2, as its storage and its elections show them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpcnode.dev.places.errors import FixtureError
from rpcnode.testing import LocalNode, in_process
from tests.plugins.node_builder import HOLDER, NodeBuilder, block, chain_of, result
from tests.plugins.older_recordings import chain_of_node
from tests.recorded_answers import read

CHAIN = chain_of_node("n3-preview")
GAS_ID, SUPPLY = -2, "0b"


@pytest.fixture
def recorded() -> Iterator[LocalNode]:
    with in_process(CHAIN, profile="n3-preview") as node:
        yield node


def test_votes_are_the_recorded_ones_while_the_last_block_is_there(recorded: LocalNode) -> None:
    voted = read(CHAIN)["validators"]
    assert recorded.call("getvalidators") == voted
    recorded.mine(1)
    assert recorded.call("getvalidators") == voted
    recorded.rewind(129)
    standby = {"publickey": voted[0]["publickey"], "votes": "0", "active": True}
    assert recorded.call("getvalidators") == [standby]


def test_the_supply_of_gas_follows_what_blocks_burn_and_mint(recorded: LocalNode) -> None:
    # getstorage of the real node at block 130, whose log has a burn of 2001200000 and a mint of 1200000
    at_end = "44d44c851ea80a"
    assert recorded.call("getstorage", GAS_ID, SUPPLY) == at_end
    recorded.rewind(129)
    before = int.from_bytes(bytes.fromhex(at_end), "little") + 2_001_200_000 - 1_200_000
    assert recorded.call("getstorage", GAS_ID, SUPPLY) == before.to_bytes(7, "little").hex()


def test_an_account_of_gas_is_a_struct_of_one_integer(build: NodeBuilder) -> None:
    held = {"account": HOLDER, "asset": "GAS", "amount": "500000000", "block": 1}
    node = build(chain_of(block(1), balances=[held]), "n3-preview")
    # Struct (41) of 1 item, Integer (21) of 4 bytes, 500000000 = 0x1dcd6500
    assert result(node, "getstorage", GAS_ID, "14" + "a1" * 20) == "410121040065cd1d"


@pytest.mark.parametrize(
    ("validator", "told"),
    [
        ({"publickey": "02", "votes": "0"}, "validators[0].publickey: "),
        ({"publickey": "02" + "ff" * 32, "votes": "0"}, "validators[0].publickey: "),
        ({"publickey": 2, "votes": "0"}, "validators[0].publickey: "),
        ({"votes": "many"}, 'validators[0].votes: "many" is no number of votes'),
        ({"votes": 1}, "validators[0].votes: "),
    ],
)
def test_a_validator_in_the_wrong_form_is_refused(tmp_path: Path, validator: dict[str, Any], told: str) -> None:
    chain = read(CHAIN)
    chain["validators"] = [{**chain["validators"][0], **validator}]
    file = tmp_path / "chain.json"
    file.write_text(json.dumps(chain), "utf-8")
    with pytest.raises(FixtureError) as failed, in_process(file, profile="n3-preview"):
        pass
    assert told in str(failed.value)
