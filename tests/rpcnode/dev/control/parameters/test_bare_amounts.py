"""Amounts written bare in a request's JSON, where numbers are doubles: what a double may have changed is refused.

2^53 is the double of 2^53 + 1, too (RFC 8259, section 6).
"""

import json
from typing import Any

import pytest

from rpcnode.endpoint import envelope_of
from rpcnode.primitives.errors import ProfileName
from rpcnode.server.jsonrpc.access import Authorization
from tests.rpcnode.dev.control.small_chain_nodes import HEIGHT, PROFILES, Commanded, Start, chain

UNSURE = ["9007199254740992", "9007199254740993", "9007199254740995", "9007199254740993.0", "9.007199254740993e15"]
EVENT_NAME: dict[ProfileName, str] = {"n3": "Transfer", "n3-preview": "Transfer", "n2": "transfer"}


def posted(node: Commanded, method: str, params: str) -> dict[str, Any]:
    """The response object to a call as a client writes it."""
    body = f'{{"jsonrpc":"2.0","id":1,"method":"{method}","params":[{params}]}}'.encode()
    reply = envelope_of(node.node).answer_post(body, Authorization.GRANTED, {"Host": "localhost"})
    answer: dict[str, Any] = json.loads(reply.body)
    return answer


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("amount", UNSURE[:4])
def test_an_amount_that_may_not_be_what_was_written_is_refused(start: Start, profile: ProfileName, amount: str) -> None:
    node = start(profile)
    for method, params in (
        ("dev_mint", f'{{"asset":"coin","to":"bob","amount":{amount}}}'),
        ("dev_transfer", f'{{"asset":"coin","from":"alice","to":"bob","amount":{amount}}}'),
    ):
        assert "is not exact" in posted(node, method, params)["error"]["message"]
    notification = f'{{"contract":"coin","event":"{EVENT_NAME[profile]}","state":[null,"bob",{amount}]}}'
    assert "90071992547409" in posted(node, "dev_notify", notification)["error"]["message"]
    assert node.node.ledger.height == HEIGHT


def test_an_amount_of_a_fixture_that_is_posted_is_refused_too(start: Start) -> None:
    node = start()
    fixture = json.dumps(chain()).replace('"amount": 1,', '"amount": 9007199254740993,')
    assert "is not exact" in posted(node, "dev_reset", fixture)["error"]["message"]


def test_a_number_with_an_exponent_is_no_more_exact(start: Start) -> None:
    # Neo 2 reads no exponents.
    for profile in PROFILES[:2]:
        answer = posted(start(profile), "dev_mint", f'{{"asset":"coin","to":"bob","amount":{UNSURE[4]}}}')
        assert "is not exact" in answer["error"]["message"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("amount", ["9007199254740991", '"9007199254740993"', '"18014398509481985"'])
def test_the_largest_sure_integer_and_any_quoted_one_are_recorded_as_written(
    start: Start, profile: ProfileName, amount: str
) -> None:
    node = start(profile)
    assert "result" in posted(node, "dev_mint", f'{{"asset":"coin","to":"bob","amount":{amount}}}')
    assert node.balance("bob") == int(amount.strip('"'))
