"""Files that want to do harm: whatever one holds, the operator reads one line, and soon."""

import gzip
import json
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpcnode.cli import main
from rpcnode.dev.places.errors import nearest, shown
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.plugin_set import plugin_set
from rpcnode.primitives.errors import MAX_LINE, NodeError
from rpcnode.primitives.json import document_of
from tests import PROJECT, part_of

RECORDING: Final = PROJECT / "fixtures/recorded-n3-chain.json.gz"
LONG: Final = "x" * 3_000_000


def assert_one_line(text: str, most: int = MAX_LINE) -> None:
    assert text.isprintable()
    assert 0 < len(text) <= most


@pytest.mark.parametrize("command", [("check",), ("serve", "--port", "0", "--fixture")], ids=["check", "serve"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.toml", "network = {magic = 0x" + "f" * 4000 + "}", ":1: a number of 4002 digits is too long to be read"),
        ("a.toml", "network = {magic = " + "9" * 4000 + "}", ":1: a number of 4000 digits is too long to be read"),
        ("a.yaml", "network: {magic: " + "9" * 4000 + "}", ":1: a number of 4000 digits is too long to be read"),
        ("a.json", '{"network": {"magic": ' + "9" * 4000 + "}}", "a number of 4000 digits is too long to be read"),
        ("a.toml", ".".join("a" * 50_000) + " = 1", ":1: nested deeper than 256 levels"),
        ("a.json", '{"a":' * 50_000, ":1: nested deeper than 256 levels"),
        ("a.yaml", "- " * 50_000, ":1: nested deeper than 256 levels"),
        ("a.yaml", f"? {LONG}\n: 1", ": unknown key; known are network, node, accounts"),
        ("a.json", json.dumps({LONG: 1}), ": unknown key; known are network, node, accounts"),
        ("a.toml", f'"{LONG}" = 1', ": unknown key; known are network, node, accounts"),
        ("a.json", json.dumps({"\x1b[31m\n": 1}), "unknown key; known are"),
        ("a.json", json.dumps({"contracts": {"a": {"standard": LONG}}}), "is none of NEP-5, NEP-17, NEP-11, none"),
        ("a.json", json.dumps({"accounts": {LONG: "x"}}), "is no name; a name begins with"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_a_bad_file_is_refused_by_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], name: str, content: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    assert main([*command, str(path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert_one_line(told.err.removesuffix("\n"), MAX_LINE + len("rpcnode: "))
    assert str(path) in told.err
    assert said in told.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"blocks": [' + b"[]," * 20_000_000 + b"[]]}", ": holds more than 10,000,000 values"),
        (b" " * (64 * 1024 * 1024 + 1), ": larger than 64 MB"),
    ],
    ids=["60 MB of lists", "65 MB of spaces"],
)
def test_a_small_file_that_stands_for_a_large_one_is_refused_by_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(content, 1))
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().err == f"{path}{said}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[" * 100_000, "is no JSON that can be read: line 1: nested deeper than 256 levels"),
        ('{"rpcnode_state": ' + "9" * 5000 + "}", "a number of 5000 digits is too long to be read"),
        (json.dumps({LONG: 1}), "state: unknown member"),
        (f"[{'[],' * 12_500_001}]", "holds more than 25,000,000 values"),
    ],
    ids=["deep", "many digits", "a long key", "a bomb"],
)
def test_a_bad_state_is_refused_by_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    path = tmp_path / "state.json"
    path.write_text(content, "utf-8")
    assert main(["serve", "--port", "0", "--load-state", str(path)]) == 1
    error = capsys.readouterr().err.removesuffix("\n")
    assert_one_line(error, MAX_LINE + len("rpcnode: "))
    assert said in error


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "nested too deep to be read"),
        (b"\xff", "not UTF-8: the byte 0xff stands where none can"),
        (json.dumps({LONG: 1}).encode(), "the nearest is"),
        (json.dumps({"Port": LONG}).encode(), "an integer is expected, not"),
        (json.dumps({"Port": json.loads("[" * 300 + "]" * 300)}).encode(), "an integer is expected, not [[["),
    ],
    ids=["deep", "no text", "a long key", "a long value", "a deep value"],
)
def test_a_bad_config_of_a_plugin_is_refused_by_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    folder = tmp_path / "Plugins/RpcServer"
    folder.mkdir(parents=True)
    (folder / "config.json").write_bytes(content)
    with pytest.raises(NodeError) as caught:
        plugin_set(NodeOptions(db=tmp_path / "a.db"))
    assert_one_line(str(caught.value))
    assert said in str(caught.value)


# Near misses


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("NEP17", "NEP-17"), ("nep-17", "NEP-17"), ("nep 11", "NEP-11"), ("NEP5", "NEP-5"), ("None", "none")],
)
def test_a_standard_that_is_nearly_right_is_named(tmp_path: Path, wrong: str, right: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"contracts": {"a": {"standard": wrong}}}), "utf-8")
    said = f'contracts.a.standard: "{wrong}" is none of NEP-5, NEP-17, NEP-11, none; did you mean {right}?'
    with pytest.raises(NodeError) as caught:
        Node(NodeOptions(fixtures=(path,)))
    assert str(caught.value) == f"{path}:1: {said}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"network": {"hardforks": {"faun": 1}}}, "; did you mean Faun?"),
        ({"other_chains": [{"chain_id": "5", "kind": "EVM"}]}, "; did you mean evm?"),
        ({"blocks": [{"index": 1, "transaction": []}]}, "unknown key; did you mean transactions?"),
    ],
    ids=["a hardfork", "a kind of chain", "a key"],
)
def test_other_words_that_are_nearly_right_are_named(tmp_path: Path, data: Any, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(NodeError) as caught:
        Node(NodeOptions(fixtures=(path,)))
    assert str(caught.value).endswith(said)


@pytest.mark.parametrize(
    ("plugin", "key", "value", "right"),
    [
        ("RpcNep5Tracker", "ErrorSemantics", "Documented", "documented"),
        ("RpcNep5Tracker", "ContractRules", "hexx", "hex"),
        ("TokensTracker", "UnhandledExceptionPolicy", "stop-node", "StopNode"),
    ],
)
def test_a_setting_that_is_nearly_right_is_named(plugin: str, key: str, value: str, right: str) -> None:
    with pytest.raises(NodeError, match=rf'not "{value}"; did you mean {right}\?$'):
        plugin_set(NodeOptions(settings=(PluginSetting(plugin, key, value, "--set"),)))


def test_a_word_like_none_of_the_right_ones_gets_a_list_and_one_like_several_gets_these() -> None:
    assert nearest("zzz", ["alice", "bob"]) == "known are alice, bob"
    assert nearest("account", ["account1", "account2", "bob"]) == "did you mean account1 or account2?"
    assert nearest("zzz", []) == "none is declared"


def test_a_number_of_any_length_is_shown() -> None:
    assert shown(10**20) == "100000000000000000000"
    assert shown(2**20_000) == "an integer of 20001 bits"


# Numbers


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "contracts: {a: {standard: NEP-17}}\nbalances: [{account: b, asset: a, amount: %s, block: 1}]"),
        (
            "a.json",
            '{"contracts":{"a":{"standard":"NEP-17"}},"balances":[{"account":"b","asset":"a","amount":%s,"block":1}]}',
        ),
        (
            "a.toml",
            'contracts.a.standard = "NEP-17"\nbalances = [{account = "b", asset = "a", amount = %s, block = 1}]',
        ),
    ],
    ids=["yaml", "json", "toml"],
)
@pytest.mark.parametrize("amount", [2**53 + 1, 2**63 + 1, 2**255 - 1])
def test_a_bare_integer_of_a_file_is_exact_in_every_format(tmp_path: Path, name: str, text: str, amount: int) -> None:
    path = tmp_path / name
    address = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
    path.write_text(text.replace('b"', f'{address}"').replace("account: b", f"account: {address}") % amount, "utf-8")
    with closing(Node(NodeOptions(fixtures=(path,)))) as node:
        answer: Any = document_of(node.methods["getnep17balances"]([address]))
    assert [row["amount"] for row in answer["balance"]] == [str(amount)]


@pytest.mark.parametrize(("name", "text"), [("a.yaml", "1e18"), ("a.json", "1e18"), ("a.yaml", "5.0")])
def test_a_number_with_a_point_or_an_exponent_is_refused_as_an_amount(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(f'{{"contracts": {{"a": {{"standard": "NEP-17", "total_supply": {text}}}}}}}', "utf-8")
    with pytest.raises(NodeError, match="is not exact; write it as a quoted integer"):
        Node(NodeOptions(fixtures=(path,)))


# Random faults


@cache
def recording(blocks: int) -> dict[str, Any]:
    """The beginning of the recorded chain."""
    whole: dict[str, Any] = json.loads(gzip.decompress(RECORDING.read_bytes()))
    kept = whole["blocks"][:blocks]
    hashes = {block["verbose"]["hash"] for block in kept}
    hashes |= {transaction["hash"] for block in kept for transaction in block["verbose"]["tx"]}
    logs = {key: log for key, log in whole["application_logs"].items() if key in hashes}
    height = kept[-1]["verbose"]["index"] + 1
    return {**whole, "blocks": kept, "application_logs": logs, "height": height}


TELLING: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [
        *(
            None,
            True,
            0,
            -1,
            2**32,
            2**64,
            10**900,
            0.5,
            1e308,
            "",
            "0",
            "x",
            "0x",
            "é",
            "\ud83d",
            "\x9b\n",
            [],
            {},
            [[]],
        ),
        *({"type": "Integer", "value": "x"}, {"type": "Map", "value": [{}]}, "HALT", "Application", "AAAA", "[" * 5000),
    ]
)
UNSEEN: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def changed(value: Any, data: st.DataObject) -> Any:
    """`value` with something in it replaced, left out, doubled or renamed."""
    if not isinstance(value, dict | list) or not value or data.draw(st.integers(0, 11)) == 0:
        return data.draw(TELLING)
    change = data.draw(st.sampled_from(("inside", "inside", "inside", "inside", "left out", "doubled", "renamed")))
    if isinstance(value, list):
        at = data.draw(st.integers(0, len(value) - 1))
        new = {"inside": [], "left out": [], "doubled": [value[at]] * 2, "renamed": [None]}[change]
        return [*value[:at], *([changed(value[at], data)] if change == "inside" else new), *value[at + 1 :]]
    key = data.draw(st.sampled_from(sorted(value)))
    rest = {other: member for other, member in value.items() if other != key}
    if change == "inside":
        return value | {key: changed(value[key], data)}
    return rest | ({"renamed": value[key]} if change == "renamed" else {})


def told(make: Callable[[], object]) -> None:
    """Makes something, or is told in one line why not; anything else is an error of the test."""
    try:
        make()
    except NodeError as error:
        assert_one_line(str(error))


@pytest.mark.slow
@settings(max_examples=part_of(50), deadline=None, suppress_health_check=UNSEEN)
@given(data=st.data())
def test_a_recorded_chain_with_random_faults_is_played_or_refused_by_one_line(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json.gz"
        path.write_bytes(gzip.compress(json.dumps(changed(recording(3), data)).encode(), 1))
        told(lambda: Node(NodeOptions(fixtures=(path,))).close())


@pytest.mark.slow
@settings(max_examples=part_of(100), deadline=None, suppress_health_check=UNSEEN)
@given(data=st.data())
def test_a_compressed_file_with_random_bytes_in_it_is_read_or_refused_by_one_line(data: st.DataObject) -> None:
    content = bytearray(gzip.compress(b'{"node": {"height": 3}}'))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json.gz"
        path.write_bytes(content)
        told(lambda: Node(NodeOptions(fixtures=(path,))).close())


@settings(max_examples=part_of(100), deadline=None, suppress_health_check=UNSEEN)
@given(data=st.data())
def test_a_config_of_a_plugin_with_random_faults_is_taken_or_refused_by_one_line(data: st.DataObject) -> None:
    server = {"Port": 0, "DisabledMethods": ["a"], "RpcUser": "x", "RpcPass": "y", "KeepAliveTimeout": 60}
    config = {"PluginConfiguration": {"UnhandledExceptionPolicy": "Ignore", "Servers": [server]}}
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "Plugins/RpcServer/config.json"
        own.parent.mkdir(parents=True)
        own.write_text(json.dumps(changed(config, data)), "utf-8")
        told(lambda: plugin_set(NodeOptions(db=Path(folder) / "a.db")))
