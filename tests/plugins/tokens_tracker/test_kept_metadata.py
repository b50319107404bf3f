"""Symbol and decimals of a token are asked for once, and again when a row that they came from is another."""

import base64
import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from rpcnode.chain.executed import calls
from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.payloads.manifest import Method, Parameter
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.json import Json
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder
from tests.plugins.node_builder import HOLDER, NodeBuilder, address, result

RET: Final = bytes((Opcode.RET,))
ACCOUNT: Final = address("n3", HOLDER)


def token(name: str, before_symbol: bytes = b"") -> dict[str, Json]:
    """A compiled token of which everybody holds 5, and whose symbol is what `put` has put; nothing before that."""
    symbol = before_symbol + (
        ScriptBuilder().push(b"s").syscall("System.Storage.GetReadOnlyContext").syscall("System.Storage.Get").to_bytes()
        + bytes((Opcode.DUP, Opcode.ISNULL, Opcode.JMPIFNOT, 5, Opcode.DROP))
        + ScriptBuilder().push(b"").to_bytes()
        + RET
    )
    decimals = bytes((Opcode.PUSH3,)) + RET
    balance_of = bytes((Opcode.DROP, Opcode.PUSH5)) + RET
    put = ScriptBuilder().push(b"s").syscall("System.Storage.GetContext").syscall("System.Storage.Put").to_bytes() + RET
    parts = (symbol, decimals, balance_of, put)
    offsets = [sum(map(len, parts[:position])) for position in range(len(parts))]
    methods = (
        Method("symbol", (), "String", offsets[0], True),
        Method("decimals", (), "Integer", offsets[1], True),
        Method("balanceOf", (Parameter("account", "Hash160"),), "Integer", offsets[2], True),
        Method("put", (Parameter("value", "ByteArray"),), "Void", offsets[3], False),
    )
    manifest = {
        "name": name,
        "groups": [],
        "features": {},
        "supportedstandards": ["NEP-17"],
        "abi": {"methods": [method.to_json() for method in methods], "events": []},
        "permissions": [{"contract": "*", "methods": "*"}],
        "trusts": [],
        "extra": None,
    }
    nef = base64.b64encode(Nef("test", b"".join(parts)).serialize()).decode()
    return {"nef": nef, "manifest": json.dumps(manifest)}


Chain = Callable[..., Node]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The calls of `symbol` whose scripts were run."""
    loaded: list[Any] = []
    loaded_run = calls.loaded_run

    def noted(state: Any, asked: Any, gas_datoshi: int) -> Any:
        loaded.extend(call for call in asked if call[1] == "symbol")
        return loaded_run(state, asked, gas_datoshi)

    monkeypatch.setattr(calls, "loaded_run", noted)
    return loaded


@pytest.fixture
def chain(build: NodeBuilder) -> Chain:
    def make(before_symbol: bytes = b"", *, keeps: bool = True) -> Node:
        node = build({"network": {}}, settings=[PluginSetting("RpcServer", "KeepAnswers", keeps, "test")])
        result(node, "dev_deploy", {"key": "tok", **token("Token", before_symbol)})
        transfer: list[Json] = [None, {"type": "Hash160", "value": HOLDER}, 5]
        result(node, "dev_notify", {"contract": "tok", "event": "Transfer", "state": transfer})
        put(node, "ONE")
        return node

    return make


def put(node: Node, symbol: str) -> None:
    """Gives the token another symbol, in a block of its own."""
    value: Json = {"type": "String", "value": symbol}
    result(node, "dev_invoke", {"contract": "tok", "method": "put", "args": [value]})


def shown(node: Node) -> list[tuple[str, str, str]]:
    """Name, symbol and decimals of what the account holds."""
    rows = result(node, "getnep17balances", ACCOUNT)["balance"]
    return [(row["name"], row["symbol"], row["decimals"]) for row in rows]


def test_they_are_asked_for_once_while_blocks_leave_the_contract_alone(chain: Chain, ran: list[Any]) -> None:
    node = chain()
    ran.clear()
    for _ in range(3):
        assert shown(node) == [("Token", "ONE", "3")]
        result(node, "dev_mine", 2)
    assert len(ran) == 1


def test_a_block_that_changes_the_row_of_the_symbol_changes_the_symbol(chain: Chain, ran: list[Any]) -> None:
    node = chain()
    height = node.ledger.height
    assert shown(node) == [("Token", "ONE", "3")]
    result(node, "dev_snapshot", "one")
    put(node, "TWO")
    assert shown(node) == [("Token", "TWO", "3")]
    result(node, "dev_rewind", height)
    assert shown(node) == [("Token", "ONE", "3")]
    put(node, "THREE")
    assert shown(node) == [("Token", "THREE", "3")]
    result(node, "dev_revert", "one")
    assert shown(node) == [("Token", "ONE", "3")]


@pytest.mark.parametrize("service", ["GetTime", "GetRandom"])
def test_a_symbol_that_asks_for_time_or_chance_is_asked_for_each_time(
    chain: Chain, ran: list[Any], service: str
) -> None:
    before = ScriptBuilder().syscall(f"System.Runtime.{service}").to_bytes() + bytes((Opcode.DROP,))
    node = chain(before)
    ran.clear()
    for _ in range(3):
        assert shown(node) == [("Token", "ONE", "3")]
    assert len(ran) == 3


def test_a_node_that_keeps_no_answers_asks_each_time(chain: Chain, ran: list[Any]) -> None:
    node = chain(keeps=False)
    ran.clear()
    for _ in range(3):
        assert shown(node) == [("Token", "ONE", "3")]
    assert len(ran) == 3
