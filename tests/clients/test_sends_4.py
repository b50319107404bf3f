"""neon-js 4 builds, signs and sends transactions of Neo 2: coins, a claim, a token, and some that must be refused."""

from typing import Final

import pytest

from rpcnode.testing import start
from tests.clients.answers import Answers, answers_of, installed
from tests.clients.chains import NEO_ASSET
from tests.clients.installation import CLIENTS, neon_js

pytestmark = pytest.mark.slow

MINED: Final = {"answer": True, "confirmations": 1, "hash": True}
"""The node took it, and has it in its newest block, under the hash that the client worked out."""


@pytest.fixture(scope="module")
def sent() -> Answers:
    with start(profile="n2") as node:
        info = node.call("dev_info")
        plan = {
            "url": node.url,
            "wifs": [account["wif"] for account in info["accounts"][:2]],
            "neo": NEO_ASSET,
            "token": {each["name"]: each["script_hash"] for each in info["contracts"]}["nep5"].removeprefix("0x"),
        }
        return answers_of(["node", CLIENTS / "node/sends_4.mjs", installed(neon_js)], plan)


def test_coins_are_sent_mined_and_the_receivers_in_the_same_block(sent: Answers) -> None:
    assert sent.failures == {}
    assert sent["payment of NEO and GAS"] == {**MINED, "type": "ContractTransaction", "fee": "0"}
    assert sent["payment with a fee"] == {**MINED, "type": "ContractTransaction", "fee": "0.001"}
    # Both began with 1,000 NEO and 10,000 GAS.
    coins = sent["coins of the receiver"]
    assert {name: asset["balance"] for name, asset in coins.items()} == {"GAS": 10_001.25, "NEO": 1007}


def test_a_claim_takes_what_spent_neo_has_earned(sent: Answers) -> None:
    # 1,000 of 100,000,000 NEO, from block 1 until before block 70,011, of 8 GAS a block.
    assert sent["what can be claimed"] == 5.6008
    assert sent["claim"] == {**MINED, "type": "ClaimTransaction", "fee": "0"}
    assert sent["what can be claimed then"] == 0


def test_a_tokens_transfer_moves_it_and_is_logged(sent: Answers) -> None:
    state = {"type": "InvocationTransaction", "fee": "0", "state": "HALT", "events": 1}
    assert sent["transfer of a token"] == {**MINED, **state}
    # Each account of the dev chain has 10,000 of it, with eight decimals.
    assert [row["amount"] for row in sent["tokens of the receiver"]["balance"]] == ["1000000000005"]


@pytest.mark.parametrize(
    "query", ["more than goes in", "signed by another", "one coin twice", "a coin that is not there"]
)
def test_a_bad_transaction_is_refused(sent: Answers, query: str) -> None:
    # The client puts the URL before the message, and drops the code.
    assert sent.refusal(query)["message"].endswith(": Block or transaction validation failed.")
