"""Committee, validators, candidates, and the GAS that NEO earns."""

import pytest

from tests.plugins.node_builder import HOLDER, OTHER, NodeBuilder, address, block, chain_of, result, transfers
from tests.plugins.recorded_nodes import Recorded

DEV_VALIDATOR = "027cf39b10d3081754f80665ca7b496d3c5bbfd35c36354de03b1fe62259746259"


def test_the_committee_is_the_networks_in_the_order_of_points(recorded: Recorded) -> None:
    # neo-cli sorts what getversion lists in the order of the configuration (NeoToken.GetCommittee: OrderBy)
    listed = recorded.answers["version"]["protocol"]["standbycommittee"]
    assert result(recorded.node, "getcommittee") == sorted(listed, key=lambda key: (key[2:], key[:2]))


def test_the_validators_are_the_first_of_the_committee(recorded: Recorded) -> None:
    protocol = recorded.answers["version"]["protocol"]
    first = protocol["standbycommittee"][: protocol["validatorscount"]]
    assert result(recorded.node, "getnextblockvalidators") == [
        {"publickey": key, "votes": -1} for key in sorted(first, key=lambda key: (key[2:], key[:2]))
    ]


def test_nobody_is_a_candidate(build_once: NodeBuilder) -> None:
    assert result(build_once(chain_of(height=1)), "getcandidates") == []


def test_preview2_lists_validators_with_votes_as_text(build_once: NodeBuilder) -> None:
    assert result(build_once(chain_of(height=1), "n3-preview"), "getvalidators") == [
        {"publickey": DEV_VALIDATOR, "votes": "0", "active": True}
    ]


def test_neo2_lists_those_who_enrolled_which_a_standby_validator_has_not(build_once: NodeBuilder) -> None:
    # neo-cli 2.12.2 on a network of one validator: tests/data/neo2.
    assert result(build_once(chain_of(height=1), "n2"), "getvalidators") == []


@pytest.mark.parametrize(
    ("account", "unclaimed"),
    [
        # 5 GAS a block, a tenth for holders, of 100,000,000 NEO: 0.5 datoshi for each NEO and block
        (HOLDER, 1000 * 10 // 2),  # 1000 NEO since block 1, at block 10: the next one, 11, is counted to
        (OTHER, 7 * 4 // 2),  # 7 NEO since block 7
        ("0x" + "cc" * 20, 0),
    ],
)
def test_neo_earns_the_holders_share_of_each_block(build: NodeBuilder, account: str, unclaimed: int) -> None:
    node = build(
        chain_of(
            block(1, transfers((None, HOLDER, 1000), asset="NEO")),
            block(7, transfers((None, OTHER, 7), asset="NEO")),
            height=10,
        )
    )
    assert result(node, "getunclaimedgas", account) == {
        "unclaimed": str(unclaimed),
        "address": address("n3", account),
    }


def test_a_real_nodes_share_of_all_neo_is_the_models(build: NodeBuilder) -> None:
    # A private neo-go 0.120 network: 100,000,000 NEO since genesis earned 3,700,000,000 datoshi by block 73.
    node = build(chain_of(block(1, transfers((None, HOLDER, 100_000_000), asset="NEO")), height=74))
    assert result(node, "getunclaimedgas", HOLDER)["unclaimed"] == "3700000000"
