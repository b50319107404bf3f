"""Clients sign and send transactions of their own: transfers, a deployment, calls, and some that must be refused."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.testing import LocalNode, start
from tests.clients.answers import Answers, answers_of, installed
from tests.clients.installation import CLIENTS, neo_mamba, neon_js

pytestmark = pytest.mark.slow

COMPILED: Final = CLIENTS.parent / "data/compiled"
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"


def plan_for(node: LocalNode) -> dict[str, Any]:
    """A compiled contract to deploy, a token of the first account's, and the keys of two."""
    beans = {"key": "beans", "standard": "NEP-17", "symbol": "BEAN", "decimals": 2, "name": "Beans"}
    info = node.call("dev_info")
    node.call("dev_deploy", beans)
    node.call("dev_mint", {"asset": "beans", "to": info["accounts"][0]["address"], "amount": "1000"})
    node.call("dev_mine", 100_000)  # neon-js claims half a GAS at least
    contracts = {each["name"]: each["script_hash"] for each in node.call("dev_info")["contracts"]}
    return {
        "url": node.url,
        "magic": info["network"],
        "wifs": [account["wif"] for account in info["accounts"][:2]],
        "token": contracts["beans"],
        **compiled("shop"),
        "beans": compiled("beans"),
    }


def compiled(name: str) -> dict[str, Any]:
    """A contract to deploy: its NEF in Base64, and its manifest."""
    nef, manifest = COMPILED / f"{name}.nef", COMPILED / f"{name}.manifest.json"
    return {"nef": b64encode(nef.read_bytes()).decode(), "manifest": json.loads(manifest.read_text())}


def answers_from(command: list[str | Path]) -> tuple[Answers, dict[str, str]]:
    """What a client made of a fresh node, and what the second account holds then, by asset."""
    with start(settings={"RpcServer.SessionEnabled": True}) as node:
        answers = answers_of(command, plan_for(node))
        receiver = node.call("dev_info")["accounts"][1]["address"]
        held = node.call("getnep17balances", receiver)["balance"]
    return answers, {row["assethash"]: row["amount"] for row in held}


@pytest.fixture(scope="module")
def neon() -> tuple[Answers, dict[str, str]]:
    return answers_from(["node", CLIENTS / "node/sends_5.mjs", installed(neon_js)])


@pytest.fixture(scope="module")
def mamba() -> tuple[Answers, dict[str, str]]:
    return answers_from([installed(neo_mamba), CLIENTS / "mamba/neo_mamba_sends.py"])


def test_neon_js_5_transfers(neon: tuple[Answers, dict[str, str]]) -> None:
    answers, held = neon
    assert answers.failures == {}
    for query in ("transfer of GAS by hand", "transfer of GAS", "transfer of NEO"):
        assert answers[query] == "HALT"
    # Of ten BEAN two and a half are given away; both accounts began with 1,000 NEO.
    assert answers["transfer of a token"] == {"state": "HALT", "left": 7.5}
    assert held[NEO] == "1007"


def test_neon_js_5_makes_several_transfers_in_one(neon: tuple[Answers, dict[str, str]]) -> None:
    assert neon[0]["transfers in one"] == {"state": "HALT", "amounts": ["1", "2", "3"]}


def test_neon_js_5_claims_the_gas_that_neo_has_earned(neon: tuple[Answers, dict[str, str]]) -> None:
    """NEO moves first, by nothing, and then GAS is minted."""
    claim = neon[0]["claim of GAS"]
    assert (claim["state"], claim["owes"], claim["events"]) == ("HALT", True, [NEO, GAS])


def test_neon_js_5_iterates_in_a_session(neon: tuple[Answers, dict[str, str]]) -> None:
    rows = neon[0]["iteration in a session"]
    assert (rows["type"], len(rows["holder"]), rows["ended"]) == ("Struct", 40, [])


def test_neon_js_5_updates_and_destroys(neon: tuple[Answers, dict[str, str]]) -> None:
    answers = neon[0]
    assert answers["deployment of a token"] == "HALT"
    assert answers["update"] == {"state": "HALT", "counter": 1, "extra": {"version": 2}}
    assert answers["destruction"] == {"state": "HALT", "events": ["Destroy"]}
    assert answers.refusal("a contract that is gone")["code"] == -102


def test_neon_js_5_deploys_and_calls(neon: tuple[Answers, dict[str, str]]) -> None:
    answers, _ = neon
    assert answers["deployment"]["state"] == "HALT"
    assert answers["deployment"]["found"] == f"0x{answers['deployment']['hash']}"
    assert answers["call of a contract"] == {
        "state": "HALT",
        "stack": [{"type": "Integer", "value": "3"}],
        "events": ["Sold"],
    }
    assert answers["sold then"] == "3"


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("one datoshi too little", -511, "Insufficient funds for fee - InsufficientFunds"),
        ("expired", -510, "Expired transaction - Expired"),
        ("too far ahead", -510, "Expired transaction - NotYetValid"),
        ("signed by another", -500, "Inventory verification failed - Invalid"),
        ("another network", -508, "Invalid signature - InvalidSignature"),
    ],
)
def test_a_bad_transaction_of_neon_js_5_is_refused(
    neon: tuple[Answers, dict[str, str]], query: str, code: int, message: str
) -> None:
    assert neon[0].refusal(query) == {"type": "RpcError", "code": code, "message": message}


def test_neon_js_5_sends_nothing_whose_assertion_fails(neon: tuple[Answers, dict[str, str]]) -> None:
    assert "Reason: nothing is bought" in neon[0].refusal("an assertion that fails")["message"]


def test_neo_mamba_transfers_deploys_and_calls(mamba: tuple[Answers, dict[str, str]]) -> None:
    answers, held = mamba
    assert answers.failures == {}
    for query in ("transfer of GAS", "transfer of NEO", "transfer of a token", "transfers in one"):
        assert answers[query] == {"state": "HALT", "result": True, "exception": None}
    assert answers["deployment and call"] == {"state": "HALT", "result": [3], "exception": None}
    assert answers["transfer that nobody signed"]["result"] is False
    assert held[NEO] == "1007"


def test_neo_mamba_claims_iterates_updates_and_destroys(mamba: tuple[Answers, dict[str, str]]) -> None:
    answers = mamba[0]
    claim = answers["claim of GAS"]
    assert (claim["state"], claim["owes"], claim["events"]) == ("HALT", True, [NEO[2:], GAS[2:]])
    assert len(answers["iteration"]) == 1
    assert answers["update"] == {"state": "HALT", "counter": 1}
    assert answers["destruction"] == {"state": "HALT", "events": ["Destroy"]}


def test_neo_mamba_sees_a_failing_assertion_as_a_fault(mamba: tuple[Answers, dict[str, str]]) -> None:
    receipt = mamba[0]["call whose assertion fails"]
    assert (receipt["state"], receipt["result"]) == ("FAULT", [])
    assert "nothing is bought" in receipt["exception"]


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("fee too low", -511, "Insufficient funds for fee - InsufficientFunds"),
        ("one datoshi too little", -511, "Insufficient funds for fee - InsufficientFunds"),
        ("expired", -510, "Expired transaction - Expired"),
        ("too far ahead", -510, "Expired transaction - NotYetValid"),
        ("signed by another", -500, "Inventory verification failed - Invalid"),
        ("another network", -508, "Invalid signature - InvalidSignature"),
    ],
)
def test_a_bad_transaction_of_neo_mamba_is_refused(
    mamba: tuple[Answers, dict[str, str]], query: str, code: int, message: str
) -> None:
    refusal = mamba[0].refusal(query)
    assert (refusal["code"], refusal["message"]) == (code, message)
