"""invokefunction: safe methods of tokens, what fails, and what only a script knows."""

import base64

import pytest

from rpcnode.node import Node
from rpcnode.plugin import Execution, Trigger
from rpcnode.plugin.items import Array
from rpcnode.plugins.rpc_server.invocation import INVOCATION_JSON, InvocationResult
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, TOKEN, NodeBuilder, chain_of, result
from tests.plugins.recorded_nodes import Recorded
from tests.plugins.rpc_server.invocations.invoked_chain import ABSENT, account

GAS = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
POLICY = "0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b"
THROWN = "An unhandled exception was thrown."
NFT = "0x" + "99" * 20
# Scripts, gas and stacks of GAS: what a neo-go 0.120 with neo-cli's prices answers to the same calls
SYMBOL_OF_GAS = "wh8MBnN5bWJvbAwUz3bii9AGLEpHjuNVYQETGfPPpNJBYn1bUg=="
DECIMALS_OF_GAS = "wh8MCGRlY2ltYWxzDBTPduKL0AYsSkeO41VhARMZ88+k0kFifVtS"
SUPPLY_OF_GAS = "wh8MC3RvdGFsU3VwcGx5DBTPduKL0AYsSkeO41VhARMZ88+k0kFifVtS"
BALANCE_OF_GAS = "DBTPduKL0AYsSkeO41VhARMZ88+k0hHAHwwJYmFsYW5jZU9mDBTPduKL0AYsSkeO41VhARMZ88+k0kFifVtS"


@pytest.mark.parametrize(
    ("method", "args", "script", "gas", "item"),
    [
        ("symbol", [], SYMBOL_OF_GAS, "984060", {"type": "ByteString", "value": "R0FT"}),
        ("decimals", [], DECIMALS_OF_GAS, "984060", {"type": "Integer", "value": "8"}),
        # 52,000,000 of genesis, 0.5 of each of two blocks, less the fees of two transactions, 1 each
        ("totalSupply", [], SUPPLY_OF_GAS, "1967100", {"type": "Integer", "value": "5199999900000000"}),
        ("balanceOf", account(GAS), BALANCE_OF_GAS, "2028330", {"type": "Integer", "value": "0"}),
    ],
)
def test_a_native_token_answers_as_a_node_does(
    chain: Node, method: str, args: Json, script: str, gas: str, item: dict[str, Json]
) -> None:
    answer = result(chain, "invokefunction", GAS, method, args)
    assert answer == {
        "script": script,
        "state": "HALT",
        "gasconsumed": gas,
        "exception": None,
        "notifications": [],
        "stack": [item],
    }
    assert list(answer) == ["script", "state", "gasconsumed", "exception", "notifications", "stack"]


@pytest.mark.parametrize(
    ("method", "args", "item"),
    [
        ("symbol", [], {"type": "ByteString", "value": "REVNTw=="}),
        ("decimals", [], {"type": "Integer", "value": "8"}),
        ("totalSupply", [], {"type": "Integer", "value": "256"}),
        ("balanceOf", account(HOLDER), {"type": "Integer", "value": "256"}),
        (
            "balanceOf",
            [{"type": "ByteArray", "value": "oaGhoaGhoaGhoaGhoaGhoaGhoaE="}],
            {"type": "Integer", "value": "256"},
        ),
        ("balanceOf", account(ABSENT), {"type": "Integer", "value": "0"}),
    ],
)
def test_a_modelled_token_answers_from_its_storage(chain: Node, method: str, args: Json, item: Json) -> None:
    answer = result(chain, "invokefunction", TOKEN, method, args)
    assert (answer["state"], answer["stack"]) == ("HALT", [item])


def test_arguments_and_all_that_follows_may_be_left_out(chain: Node) -> None:
    whole = result(chain, "invokefunction", TOKEN, "symbol", [], [], False)
    assert result(chain, "invokefunction", TOKEN, "symbol") == whole
    assert result(chain, "invokefunction", TOKEN, "symbol", None, None, None) == whole


@pytest.mark.parametrize(
    ("contract", "method", "args", "exception"),
    [
        (ABSENT, "symbol", [], f"Called Contract Does Not Exist: {ABSENT}.symbol"),
        (
            GAS,
            "nosuch",
            [{"type": "Any"}],
            f'Method "nosuch" with 1 parameter(s) doesn\'t exist in the contract {GAS}.',
        ),
        (GAS, "Symbol", [], f'Method "Symbol" with 0 parameter(s) doesn\'t exist in the contract {GAS}.'),
        (TOKEN, "balanceOf", [], f'Method "balanceOf" with 0 parameter(s) doesn\'t exist in the contract {TOKEN}.'),
    ],
)
def test_what_is_not_there_is_a_fault_and_no_error(
    chain: Node, contract: str, method: str, args: Json, exception: str
) -> None:
    answer = result(chain, "invokefunction", contract, method, args)
    assert (answer["state"], answer["exception"], answer["stack"]) == ("FAULT", exception, [])


def test_a_call_of_nothing_costs_what_the_entry_script_costs(chain: Node) -> None:
    # NEWARRAY0 16, PUSH15 1, two PUSHDATA1 8 each, System.Contract.Call 32768; 30 datoshi each unit
    assert result(chain, "invokefunction", ABSENT, "symbol")["gasconsumed"] == str((16 + 1 + 8 + 8 + 32768) * 30)


@pytest.mark.parametrize(
    ("contract", "method", "args", "exception"),
    [
        (
            TOKEN,
            "transfer",
            [{"type": "Any"}] * 4,
            'An unhandled exception was thrown. The argument "from" is invalid.',
        ),
        (GAS, "transfer", [{"type": "Any"}] * 4, "The argument `from` can't be null."),
    ],
)
def test_methods_that_write_are_run_too(chain: Node, contract: str, method: str, args: Json, exception: str) -> None:
    answer = result(chain, "invokefunction", contract, method, args)
    assert (answer["state"], answer["exception"]) == ("FAULT", exception)


def test_every_native_contract_answers(chain: Node) -> None:
    answer = result(chain, "invokefunction", POLICY, "getFeePerByte", [])
    assert (answer["state"], answer["stack"]) == ("HALT", [{"type": "Integer", "value": "1000"}])


def test_a_non_fungible_token_prints_an_iterator_without_its_items(build: NodeBuilder) -> None:
    node = build(chain_of(contracts={"art": {"hash": NFT, "standard": "NEP-11"}}, height=1))
    answer = result(node, "invokefunction", NFT, "tokens")
    (item,) = answer["stack"]
    assert answer["state"] == "HALT"
    assert {**item, "id": "*"} == {"type": "InteropInterface", "interface": "IIterator", "id": "*"}


def test_diagnostics_name_the_entry_script_and_what_it_called(chain: Node) -> None:
    answer = result(chain, "invokefunction", TOKEN, "symbol", [], [], True)
    assert list(answer) == [
        "script",
        "state",
        "gasconsumed",
        "exception",
        "notifications",
        "diagnostics",
        "stack",
    ]
    assert answer["diagnostics"]["invokedcontracts"]["call"] == [{"hash": TOKEN}]
    assert answer["diagnostics"]["storagechanges"] == []
    nothing_called = result(chain, "invokefunction", ABSENT, "symbol", [], [], True)["diagnostics"]
    # A call that fails before it starts is listed: csharp-execution, 6
    assert nothing_called["invokedcontracts"]["call"] == [{"hash": ABSENT}]


def test_every_recorded_token_says_its_symbol_or_that_only_its_script_knows(recorded: Recorded) -> None:
    # What the trackers of the recorded node said of each token
    rows = [row for query in recorded.answers["queries"].values() for row in query["getnep17balances"]["balance"]]
    symbols = {row["assethash"]: row["symbol"] for row in rows}
    assert {hash_: symbol_of(recorded.node, hash_) for hash_ in symbols} == symbols


def symbol_of(node: Node, contract: str) -> str:
    (item,) = result(node, "invokefunction", contract, "symbol")["stack"]
    return base64.b64decode(item["value"]).decode()


def test_an_item_that_cannot_be_printed_says_so_in_its_place() -> None:
    # neo-node, RpcServer.SmartContract: each item that ToJson refuses is "error: " and the exception's message.
    itself, deep = Array(), Array()
    itself.items.append(itself)
    for _ in range(200):
        deep = Array([deep])
    left = Execution(Trigger.APPLICATION, None, "HALT", 0, (1, itself, deep), None, ())
    assert INVOCATION_JSON["n3"](InvocationResult(b"", left, None))["stack"] == [
        {"type": "Integer", "value": "1"},
        "error: Circular reference.",
        "error: the item is nested deeper than 128 levels",
    ]
