"""No answer is stale: a node that keeps what it answered says, byte for byte, what one that keeps nothing says.

So does a reader, which another process is in earnest. Both are commanded alike, and both are asked the same twice after
every command.
"""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from rpcnode.endpoint import envelope_of
from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder
from tests.plugins.node_builder import HOLDER, OTHER, PROFILES, TOKEN, NodeBuilder, address, block, chain_of, transfers
from tests.rpcnode.workers.beside import reader_beside

NFT: Final = "0x" + "99" * 20
NFT_ID: Final = "01ff"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
CONTRACTS: Final[dict[ProfileName, dict[str, Json]]] = {
    "n3": {
        "demo": {"hash": TOKEN, "standard": "NEP-17", "symbol": "DEMO", "decimals": 4},
        "art": {"hash": NFT, "standard": "NEP-11", "symbol": "ART"},
    },
    "n3-preview": {"demo": {"hash": TOKEN, "standard": "NEP-5"}},
    "n2": {"demo": {"hash": TOKEN, "standard": "NEP-5"}},
}


class Pair(NamedTuple):
    """Two nodes over the same chain, of which only the first keeps answers, and the ways to them."""

    nodes: tuple[Node, Node]
    post: tuple[Callable[[str], bytes], Callable[[str], bytes]]

    def both(self, method: str, *params: Json) -> Any:
        """What a call is answered by both, which is the same."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        answers = [post(body) for post in self.post]
        assert answers[0] == answers[1], (method, params)
        return json.loads(answers[0]) if answers[0] else None

    def command(self, method: str, *params: Json) -> Any:
        """What a dev method gives."""
        return self.both(method, *params)["result"]


def script(*services: str) -> str:
    """A script that calls services without arguments, in Base64."""
    builder = ScriptBuilder()
    for service in services:
        builder.syscall(service)
    return base64.b64encode(builder.to_bytes()).decode()


def questions(node: Node) -> Iterator[tuple[str, tuple[Json, ...]]]:
    """Every method that depends on the chain alone, with what it may be asked; and some others."""
    profile, ledger = node.options.profile, node.ledger
    holder = address(profile, HOLDER)
    seen: list[tuple[str, tuple[Json, ...]]] = []

    def ask(method: str, *params: Json) -> None:
        seen.append((method, params))

    indexes = sorted({0, 2, 3, ledger.height, ledger.height + 1})
    hashes: list[Json] = [str(ledger.block_hash(index)) for index in indexes if index <= ledger.height]
    rows = ledger.store.connection.execute("SELECT hash FROM chain_transaction ORDER BY block_index, position LIMIT 6")
    transactions: list[Json] = ["0x" + row[0][::-1].hex() for row in rows.fetchall()]
    for method in [
        "getbestblockhash",
        "getblockcount",
        "getblockheadercount",
        "getcandidates",
        "getcommittee",
        "getconnectioncount",
        "getminimumnetworkfee",
        "getnativecontracts",
        "getnextblockvalidators",
        "getpeers",
        "getstateheight",
        "getvalidators",
        "getversion",
        "listplugins",
        "getrawmempool",
    ]:
        ask(method)
    for index in indexes:
        ask("getblockhash", index)
        ask("getblocksysfee", index)
        ask("getstateroot", index)
        for verbose in (True, False):
            ask("getblock", index, verbose)
            ask("getblockheader", index, verbose)
    for block_hash in hashes:
        ask("getblock", block_hash, 1)
        ask("getblockheader", block_hash, True)
        ask("getapplicationlog", block_hash)
    for transaction in transactions:
        ask("getrawtransaction", transaction, True)
        ask("getrawtransaction", transaction, False)
        ask("gettransactionheight", transaction)
        ask("getapplicationlog", transaction)
        ask("gettxout", transaction, 0)
    for account in (holder, address(profile, OTHER)):
        for method in [
            "getnep17balances",
            "getnep11balances",
            "getnep5balances",
            "getunclaimedgas",
            "getaccountstate",
            "getunspents",
            "getclaimable",
            "getunclaimed",
            "validateaddress",
            "getnep17transfers",
            "getnep11transfers",
            "getnep5transfers",
        ]:
            ask(method, account)
        called: list[Json] = [{"type": "Hash160", "value": HOLDER if account == holder else OTHER}]
        ask("invokefunction", TOKEN, "balanceOf", called)
    ask("getmetricblocktimestamp", 1, 2)
    ask("getassetstate", "0x" + "cd" * 32)
    ask("getcontractstate", TOKEN)
    ask("getnep11properties", NFT, NFT_ID)
    ask("invokefunction", TOKEN, "symbol")
    ask("invokefunction", NEO, "symbol")
    ask("invokecontractverify", TOKEN)
    ask("getstorage", TOKEN, "AQ==" if profile == "n3" else "01")
    ask("findstorage", TOKEN, "")
    for services in (("GetTime",), ("GetRandom",), ("GetScriptContainer",), ("GetTime", "GetRandom"), ("Platform",)):
        ask("invokescript", script(*(f"System.Runtime.{service}" for service in services)))
    if ledger.is_executed:
        root: Json = _result(node, "getstateroot", ledger.height)["roothash"]
        for method in ("getproof", "getstate"):
            ask(method, root, NEO, base64.b64encode(b"\x0b").decode())
        ask("findstates", root, NEO, base64.b64encode(b"\x14").decode())
        ask("verifyproof", root, "AAAA")
    else:
        ask("verifyproof", "0x" + "cd" * 32, "00")
    yield from seen


def _result(node: Node, method: str, *params: Json) -> Any:
    return node.methods[method](list(params))


def compare(pair: Pair) -> None:
    """Asks both nodes everything, twice."""
    asked = list(questions(pair.nodes[0]))
    assert pair.nodes[0].of_chain <= {method for method, _ in asked}
    for _ in range(2):
        for method, params in asked:
            if method in pair.nodes[0].methods:
                pair.both(method, *params)


@pytest.fixture(params=[(profile, way) for profile in PROFILES for way in ("keeps", "reads")], ids=" ".join)
def pair(request: pytest.FixtureRequest, build: NodeBuilder, tmp_path: Path) -> Iterator[Pair]:
    profile: ProfileName
    profile, way = request.param
    document = chain_of(
        block(2, transfers((None, HOLDER, 1000))),
        block(3, transfers((HOLDER, OTHER, 10))),
        contracts=CONTRACTS[profile],
        height=6,
    )
    nodes = (
        build(document, profile, shared_file=tmp_path / "chain.db" if way == "reads" else None),
        build(document, profile, settings=[PluginSetting("RpcServer", "KeepAnswers", False, "test")]),
    )
    first, second = (envelope_of(node) for node in nodes)
    reader = reader_beside(nodes[0], first) if way == "reads" else None
    asked = first if reader is None else reader.answers
    yield Pair(
        nodes,
        (
            lambda body: asked.answer_post(body.encode(), Authorization.GRANTED).body,
            lambda body: second.answer_post(body.encode(), Authorization.GRANTED).body,
        ),
    )
    if reader is not None:
        assert len(reader.node.meter.calls) > 10, "the reader answers by itself"
        reader.node.close()


@pytest.mark.slow
def test_no_answer_is_stale_whatever_happens_to_the_chain(pair: Pair) -> None:
    profile = pair.nodes[0].options.profile
    tracker = "RpcNep5Tracker"
    move: Json = {"asset": "demo", "from": HOLDER, "to": OTHER, "amount": "7"}
    compare(pair)
    pair.command("dev_snapshot", "start")
    commands: list[tuple[str, tuple[Json, ...]]] = [
        ("dev_mine", ()),
        ("dev_transfer", (move,)),
        ("dev_snapshot", ("moved",)),
        ("dev_setBlockTime", ("manual",)),
        ("dev_transfer", (move,)),
        ("dev_mine", (3,)),
        ("dev_setLag", ({tracker: 3},)),
        ("dev_transfer", (move,)),
        ("dev_mine", ()),
        ("dev_setLag", ({tracker: 0},)),
        ("dev_setSync", ({"height": 5},)),
        ("dev_setSync", ({"height": 7},)),
        ("dev_setSync", ({"header_height": 20},)),
        ("dev_mine", ()),
        ("dev_revert", ("moved",)),
        ("dev_setTime", (2_000_000_000_000,)),
        ("dev_mine", ()),
        ("dev_rewind", (4,)),
        ("dev_transfer", (move,)),
        ("dev_deploy", ({"key": "later", "standard": "NEP-17" if profile == "n3" else "NEP-5", "symbol": "L"},)),
        ("dev_revert", ("start",)),
        ("dev_mint", ({"asset": "demo", "to": OTHER, "amount": "5"},)),
        ("dev_reset", ()),
    ]
    if profile == "n3":
        commands.insert(2, ("dev_mint", ({"asset": "art", "to": HOLDER, "amount": "1", "token_id": NFT_ID},)))
    for method, params in commands:
        pair.command(method, *params)
        compare(pair)
    state = pair.command("dev_dumpState")
    pair.command("dev_mine", 2)
    compare(pair)
    pair.command("dev_loadState", state)
    compare(pair)


def test_faults_strike_alike_and_leave_nothing_behind(pair: Pair) -> None:
    faults: list[Json] = [
        {"method": "get*", "error": {"code": -5, "message": "struck"}, "nth": 3, "times": 4},
        {"method": "getblock*", "http_status": 503, "probability": 0.3},
    ]
    for fault in faults:
        pair.command("dev_setFault", fault)
        compare(pair)
    pair.command("dev_clearFaults")
    compare(pair)


def test_scripts_that_ask_for_time_or_chance_draw_the_same_numbers_whatever_is_kept(build: NodeBuilder) -> None:
    document = chain_of(contracts=CONTRACTS["n3"], height=3)
    drawn: list[list[Any]] = []
    for keeps in (True, False):
        node = build(document, settings=[PluginSetting("RpcServer", "KeepAnswers", keeps, "test")])
        envelope = envelope_of(node)
        stacks = []
        for number in range(6):
            for asked in ("GetRandom", "Platform"):
                params: list[Json] = [script(f"System.Runtime.{asked}")]
                body = json.dumps({"jsonrpc": "2.0", "id": number, "method": "invokescript", "params": params})
                stacks.append(
                    json.loads(envelope.answer_post(body.encode(), Authorization.GRANTED).body)["result"]["stack"]
                )
        drawn.append(stacks)
    assert drawn[0] == drawn[1]
    random_numbers = [stack[0]["value"] for stack in drawn[0][::2]]
    assert len(set(random_numbers)) == len(random_numbers)


def test_a_script_that_only_computes_is_run_once(build: NodeBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    from rpcnode.plugin import runs

    scripts: list[bytes] = []
    run_of_script = runs.run_of_script

    def noted(state: Any, code: bytes, *rest: Any) -> Any:
        scripts.append(code)
        return run_of_script(state, code, *rest)

    monkeypatch.setattr(runs, "run_of_script", noted)
    node = build(chain_of(contracts=CONTRACTS["n3"], height=3))
    envelope = envelope_of(node)
    computed = base64.b64encode(bytes((Opcode.PUSH1, Opcode.PUSH2, Opcode.ADD))).decode()

    def ask(code: str) -> None:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "invokescript", "params": [code]})
        assert b"HALT" in envelope.answer_post(body.encode(), Authorization.GRANTED).body

    for _ in range(3):
        ask(computed)
    assert len(scripts) == 1
    for service in ("GetTime", "GetRandom"):
        scripts.clear()
        for _ in range(3):
            ask(script(f"System.Runtime.{service}"))
        assert len(scripts) == 3, service
