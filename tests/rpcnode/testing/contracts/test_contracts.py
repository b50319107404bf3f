"""Contract objects: methods of the manifest under Python's names, typed both ways, and what transactions did."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from rpcnode.testing import Contract, ContractFault, Event, LocalNode, NodeError, RpcCallError, in_process, start
from tests.rpcnode.dev.compiled_contracts import FOLDER

CHAIN: Final = {
    "accounts": {"alice": {"seed": "alice"}, "bob": {"seed": "bob"}},
    "balances": [{"account": "alice", "asset": "GAS", "amount": "100000000000", "block": 1}],
}
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"


@pytest.fixture(params=[in_process, start], ids=["in process", "started"])
def node(request: pytest.FixtureRequest) -> Iterator[LocalNode]:
    with request.param(CHAIN) as running:
        yield running


@pytest.fixture
def beans(node: LocalNode) -> Contract:
    """A token of which alice has all 1,000."""
    return node.deploy("beans", nef=FOLDER / "beans.nef", signers=["alice"]).contract


def test_a_safe_method_answers_and_makes_no_block(node: LocalNode, beans: Contract) -> None:
    height = node.height
    assert (beans.symbol(), beans.decimals(), beans.total_supply(), beans.balance_of("alice")) == (
        "BEAN",
        2,
        1000,
        1000,
    )
    assert beans.balanceOf("bob") == beans["balanceOf"](node.accounts["bob"]) == 0
    assert node.height == height


def test_any_other_method_makes_a_transaction(node: LocalNode, beans: Contract) -> None:
    alice, bob = node.accounts["alice"], node.accounts["bob"]
    outcome = beans.transfer(alice, "bob", 30, None, signers=[alice])
    assert (outcome.state, outcome.result, outcome.stack, outcome.exception) == ("HALT", True, (True,), None)
    assert outcome.notifications == (Event(beans.script_hash, "Transfer", (alice.script_hash, bob.script_hash, 30)),)
    log = node.call("getapplicationlog", outcome.transaction_id)["executions"][0]
    assert (outcome.gas, outcome.block_index) == (int(log["gasconsumed"]), node.height)
    assert beans.balance_of(bob.address) == 30
    assert node.balance("bob", "beans") == 30


def test_signers_may_be_said_once(node: LocalNode, beans: Contract) -> None:
    of_alice = beans.signed_by("alice")
    assert of_alice.transfer("alice", "bob", 1, None).result is True
    assert beans.transfer("alice", "bob", 1, None).result is False
    assert of_alice.transfer("alice", "bob", 1, None, signers=["bob"]).result is False
    assert beans.balance_of("bob") == 1


def test_what_fails_raises_and_is_in_no_block(node: LocalNode, beans: Contract) -> None:
    height = node.height
    with pytest.raises(ContractFault, match="an amount is not negative") as caught:
        beans.transfer("alice", "bob", -1, None, signers=["alice"])
    assert caught.value.message == f"its script fails: {caught.value.exception}"
    with pytest.raises(ContractFault, match="only the owner destroys"):
        beans.destroy(signers=["bob"])
    assert node.height == height
    outcome = beans.transfer("alice", "bob", -1, None, signers=["alice"], faults=True)
    assert (outcome.state, outcome.stack, outcome.result, outcome.notifications) == ("FAULT", (), None, ())
    assert "an amount is not negative" in str(outcome.exception)
    with pytest.raises(RpcCallError, match="its script does not fail"):
        beans.transfer("alice", "bob", 1, None, signers=["alice"], faults=True)


def test_a_method_that_writes_may_be_asked_only(node: LocalNode, beans: Contract) -> None:
    assert beans.transfer.ask("alice", "bob", 5, None, signers=["alice"]) is True
    assert beans.balance_of("bob") == 0
    with pytest.raises(ContractFault, match="an amount is not negative"):
        beans.transfer.ask("alice", "bob", -5, None)


def test_an_iterator_gives_its_rows(node: LocalNode, beans: Contract) -> None:
    alice, bob = node.accounts["alice"].script_hash, node.accounts["bob"].script_hash
    beans.transfer("alice", "bob", 1, None, signers=["alice"])
    rows = {"0x" + bytes(key)[::-1].hex(): int.from_bytes(value, "little") for key, value in beans.holders()}
    assert rows == {alice: 999, bob: 1}


@pytest.mark.parametrize(
    ("given", "gotten"),
    [
        (None, None),
        (True, True),
        (2**255 - 1, 2**255 - 1),
        (-1, -1),
        ("Bohne", b"Bohne"),
        (b"\x00\xff", b"\x00\xff"),
        ([1, [b"a", None]], [1, [b"a", None]]),
        ({b"k": [1], 2: False}, {b"k": [1], 2: False}),
    ],
)
def test_any_value_goes_in_and_comes_out(node: LocalNode, beans: Contract, given: Any, gotten: Any) -> None:
    assert beans.describe(given) == gotten


def test_accounts_and_contracts_are_values_too(node: LocalNode, beans: Contract) -> None:
    for given in (node.accounts["bob"], beans):
        assert beans.describe(given) == bytes.fromhex(given.script_hash[2:])[::-1]
        assert beans.balance_of(given) == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            ("alice", "bob", 1),
            r"3 arguments are given; there is transfer\(from_address: Hash160, to_address: Hash160, ",
        ),
        (("alice", "bob", "1", None), "amount of transfer is of type Integer: it takes an int, and not '1'"),
        (("alice", "bob", True, None), "amount of transfer is of type Integer"),
        ((5, "bob", 1, None), "from_address of transfer is of type Hash160: it takes a name, an address"),
        (("alice", "bob", 1, object()), "data of transfer: <object object at .*> is none of None, bool, int"),
        (("alice", "bob", 1, [1.5]), r"data of transfer\[0\]: 1.5 is none of"),
    ],
)
def test_a_wrong_argument_is_named(node: LocalNode, beans: Contract, args: tuple[Any, ...], words: str) -> None:
    height = node.height
    with pytest.raises(TypeError, match=words):
        beans.transfer(*args)
    assert node.height == height


def test_a_name_that_is_none_is_refused(node: LocalNode, beans: Contract) -> None:
    with pytest.raises(RpcCallError, match="did you mean bob"):
        beans.balance_of("bobb")
    with pytest.raises(AttributeError, match="contract Beans has no method balance; did you mean balance_of"):
        beans.balance("alice")
    with pytest.raises(AttributeError, match="it has symbol, decimals, total_supply"):
        beans.quite_another()
    assert {"balance_of", "transfer", "holders"} <= set(dir(beans))
    assert not hasattr(beans, "__len__")


def test_a_native_contract_is_one_too(node: LocalNode) -> None:
    gas = node.contract("GAS")
    assert (gas.script_hash, gas.symbol(), gas.decimals()) == (GAS, "GAS", 8)
    outcome = gas.transfer("alice", "bob", 7, None, signers=["alice"])
    assert [event.state[2] for event in outcome.events("Transfer")] == [7]
    policy = node.contract("PolicyContract")
    assert policy.is_blocked("bob") is False
    assert node.contract("StdLib").itoa(10) == "10"
    assert node.contract("StdLib")["itoa"](127, 16) == "7f"
    assert node.contract("LedgerContract").current_hash() == node.call("getbestblockhash")


def test_a_contract_that_is_updated_has_its_new_methods_and_a_destroyed_one_none(
    node: LocalNode, beans: Contract
) -> None:
    manifest = {**beans.manifest, "extra": {"version": 2}}
    abi: Any = manifest["abi"]
    manifest["abi"] = {**abi, "methods": [each for each in abi["methods"] if each["name"] != "holders"]}
    beans.update((FOLDER / "beans.nef").read_bytes(), json.dumps(manifest).encode(), None, signers=["alice"])
    assert beans.manifest["extra"] == {"version": 2}
    with pytest.raises(AttributeError, match="no method holders"):
        beans.holders()
    assert node.contract("beans") == beans
    beans.destroy(signers=["alice"])
    with pytest.raises(RpcCallError, match=f"there is no contract {beans.script_hash}"):
        beans.symbol()


def test_a_transaction_that_waits_has_done_nothing_yet(node: LocalNode, beans: Contract) -> None:
    node.set_block_time("manual")
    outcome = beans.transfer("alice", "bob", 5, None, signers=["alice"])
    assert not outcome.is_mined
    assert "waits" in repr(outcome)
    with pytest.raises(NodeError, match="waits for a block; mine"):
        _ = outcome.gas
    deployment = node.deploy("more", nef=FOLDER / "asker.nef")
    with pytest.raises(NodeError, match="waits for a block; mine"):
        _ = deployment.contract
    node.mine()
    assert (outcome.is_mined, outcome.state, outcome.result) == (True, "HALT", True)
    assert deployment.contract.code() == 0


def test_what_any_transaction_did_can_be_asked(node: LocalNode, beans: Contract) -> None:
    outcome = node.outcome(node.transfer("beans", "alice", "bob", 2))
    assert [event.name for event in outcome.notifications] == ["Transfer"]
    with pytest.raises(NodeError, match="there is no transaction 0x11"):
        node.outcome("0x" + "11" * 32)
    node.rewind(node.height - 1)
    assert outcome.state == "HALT"


def test_a_contract_is_called_by_name(node: LocalNode, beans: Contract) -> None:
    account = {"type": "Hash160", "value": "bob"}
    outcome = node.invoke("beans", "transfer", [node.accounts["alice"], account, 4, None], signers=["alice"])
    assert (outcome.result, beans.balance_of("bob")) == (True, 4)
    assert node.invoke(beans, "symbol").result == b"BEAN"
    with pytest.raises(ContractFault, match="only the owner destroys"):
        node.invoke("beans", "destroy")


def test_a_contract_is_deployed_with_data(node: LocalNode) -> None:
    nef, manifest = (FOLDER / "shop.nef").read_bytes(), (FOLDER / "shop.manifest.json").read_text()
    deployment = node.deploy("shop", nef=nef, manifest=manifest, data=7, signers=["alice"])
    assert deployment.contract.price() == 7
    assert deployment.contract.owner() == node.accounts["alice"].script_hash
    assert deployment.events("Deploy")[0].state == (deployment.contract.script_hash,)
    with pytest.raises(NodeError, match="manifest is missing"):
        node.deploy("other", nef=nef)
    with pytest.raises(NodeError, match=r"none\.nef: cannot be read"):
        node.deploy("other", nef="none.nef")
    with pytest.raises(RpcCallError, match="there is a contract shop already"):
        node.deploy("shop", nef=nef, manifest=manifest)


def test_state_is_written_past_all_scripts(node: LocalNode, beans: Contract) -> None:
    height = node.height
    assert node.set_balance("beans", "bob", 9, with_transfer=True) == height + 1
    assert (beans.balance_of("bob"), node.balance("bob", "beans")) == (9, 9)
    node.set_storage("beans", b"supply", b"\x05")
    assert beans.total_supply() == 5
    node.set_storage("beans", b"supply", None)
    assert beans.total_supply() == 0
    node.set_contract(
        "beans",
        nef=(FOLDER / "asker.nef").read_bytes(),
        manifest=json.loads((FOLDER / "asker.manifest.json").read_text()),
    )
    assert beans.code() == 0


def test_an_account_is_impersonated_for_a_while(node: LocalNode) -> None:
    stranger = "0x" + "11" * 20
    with node.impersonate(stranger) as impersonation:
        assert impersonation.accounts == (stranger,)
        assert node.impersonate("bob").accounts == tuple(sorted((stranger, node.accounts["bob"].script_hash)))
    assert node.stop_impersonating("bob") == ()


def test_oracle_nodes_answer(node: LocalNode) -> None:
    node.designate("Oracle", ["alice"])
    asker = node.deploy("asker", nef=FOLDER / "asker.nef").contract
    asker.ask("https://prices.example", 20_000_000)
    outcome = node.outcome(node.oracle_response(0, b"42"))
    assert outcome.events("Answered")[0].state == ("https://prices.example", 0, b"42")
    assert asker["result"]() == b"42"


@pytest.mark.parametrize("profile", ["n2", "n3-preview"])
def test_the_older_profiles_have_no_contracts_to_call(profile: Any) -> None:
    with in_process(profile=profile) as older, pytest.raises(RpcCallError, match="contracts are called on chains of"):
        older.contract("NEO")
