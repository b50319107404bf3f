"""Opening wallets, and what is added to one that is open."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpcnode.primitives.keys import derive_private_key, wif_of
from rpcnode.testing import LocalNode, RpcCallError
from tests.plugins.rpc_server.wallets.open_wallets import NEO, PASSWORD, STRANGER, open_in, refusal, running

WIF = wif_of(derive_private_key("imported", 0))


@pytest.fixture
def node() -> Iterator[LocalNode]:
    with running() as node:
        yield node


@pytest.fixture
def file(node: LocalNode, tmp_path: Path) -> Path:
    """The file of the wallet that is open."""
    path = tmp_path / "wallet.json"
    open_in(node, path, "account1")
    return path


def test_openwallet_is_disabled_as_shipped() -> None:
    with running(DisabledMethods=None) as node:
        assert refusal(node, "openwallet", "wallet.json", "pass") == (-600, "Access denied")


def test_accounts_that_are_made_and_imported_are_in_the_file(node: LocalNode, file: Path) -> None:
    made, imported = node.call("getnewaddress"), node.call("importprivkey", WIF)["address"]
    node.call("closewallet")
    assert node.call("openwallet", str(file), PASSWORD) is True
    assert [row["address"] for row in node.call("listaddress")] == [node.accounts["account1"].address, made, imported]
    assert node.call("dumpprivkey", imported) == WIF


def test_each_new_address_is_another_and_the_same_calls_make_the_same(node: LocalNode, file: Path) -> None:
    made = [node.call("getnewaddress") for _ in range(3)]
    assert len(set(made)) == 3
    with running() as other:
        open_in(other, file.with_name("other.json"), "account1")
        assert [other.call("getnewaddress") for _ in range(3)] == made


@pytest.mark.parametrize("name", ["", ".", "/", "none.json", "wallet.json/", "a\0b", "\ud800", "x" * 5000])
def test_what_is_no_file_is_not_found(node: LocalNode, file: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(file.parent)
    with pytest.raises(RpcCallError):
        node.call("openwallet", name, PASSWORD)
    assert len(node.call("listaddress")) == 1  # the other is open still


@pytest.mark.parametrize("name", ["wallet.JSON", "../{}/wallet.json", "wallet.json"])
def test_a_file_is_found_from_the_nodes_folder(
    node: LocalNode, file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(file.parent)
    file.with_name("wallet.JSON").write_bytes(file.read_bytes())
    assert node.call("openwallet", name.format(file.parent.name), PASSWORD) is True


@pytest.mark.parametrize("name", ["wallet.db3", "wallet", "json"])
def test_a_file_of_another_name_is_not_supported(node: LocalNode, file: Path, name: str) -> None:
    path = file.with_name(name)
    path.write_bytes(file.read_bytes())
    assert refusal(node, "openwallet", str(path), PASSWORD) == (-304, "Wallet not supported")


def test_neither_a_pipe_nor_a_long_file_keeps_the_node(node: LocalNode, tmp_path: Path) -> None:
    pipe, long = tmp_path / "pipe.json", tmp_path / "long.json"
    os.mkfifo(pipe)
    long.write_bytes(b" " * 5_000_000)
    assert refusal(node, "openwallet", str(pipe), PASSWORD)[0] == -2147024891
    assert refusal(node, "openwallet", str(long), PASSWORD) == (-2146233033, "a wallet file has at most 4194304 bytes")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", -2146233033, "The input does not contain any JSON tokens."),
        ("null", -304, "Wallet not supported"),
        ("[]", -2147467262, "Unable to cast object of type 'Neo.Json.JArray' to type 'Neo.Json.JObject'."),
        ('{"version":"1.0","scrypt":{"n":2,"r":1}}', -304, "Wallet not supported"),
        ('{"version":"1.0","scrypt":{"n":2,"r":1,"p":1}}', -2147467261, "Value cannot be null. (Parameter 'source')"),
        (
            '{"version":"1.0","scrypt":{"n":1073741824,"r":8,"p":8},"accounts":[]}',
            -2147024809,
            "scrypt with n 1073741824",
        ),
    ],
)
def test_a_broken_file_is_refused_and_the_open_wallet_stays(
    node: LocalNode, file: Path, text: str, code: int, message: str
) -> None:
    broken = file.with_name("broken.json")
    broken.write_text(text, "utf-8")
    told = refusal(node, "openwallet", str(broken), PASSWORD)
    assert told[0] == code
    assert told[1].startswith(message)
    assert len(node.call("listaddress")) == 1


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("6PYRGojeRjiHwuSx3h3sGANfBKxEU79j67175KtkbzmiEABrVG56n9A1nt", "Invalid NEP-2 key"),
        ("6PYUUUFei9PBBfVkSn8q7hFCnewWFRBKPxcn6Kz6Bmk3FqWyLyuTQE2XFH", "The address hash in NEP-2 key is not valid"),
    ],
    ids=["broken", "of another password"],
)
def test_a_key_but_the_first_that_does_not_open_is_told_when_it_is_used(
    node: LocalNode, file: Path, key: str, message: str
) -> None:
    document, other = json.loads(file.read_text("utf-8")), file.with_name("other.json")
    open_in(node, other, "account2")
    document["accounts"] += [json.loads(other.read_text("utf-8"))["accounts"][0] | {"key": key}]
    file.write_text(json.dumps(document), "utf-8")
    assert node.call("openwallet", str(file), PASSWORD) is True
    first, second = (row["address"] for row in node.call("listaddress"))
    assert node.call("dumpprivkey", first) == node.accounts["account1"].wif
    for method, *params in (
        ("dumpprivkey", second),
        ("signmsg", "hello"),
        ("sendfrom", NEO, second, STRANGER, "1"),
    ):
        assert refusal(node, method, *params) == (-2146233033, message)


def test_a_file_that_cannot_be_written_is_told_and_stays_whole(node: LocalNode, file: Path) -> None:
    before = file.read_bytes()
    file.with_name(f"wallet.json.{os.getpid()}.partial").mkdir()
    assert refusal(node, "getnewaddress")[0] == -2147024891
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", "Invalid Base58 character '0' at position 0"),
        ("abcé", "Invalid Base58 character 'é' at position 3"),
        ("1" * 10_000, "Invalid Base58Check checksum: "),
        ("3QJmnh", "Invalid WIF key"),  # the empty text and its checksum
    ],
)
def test_what_is_no_wif_is_refused_in_the_nodes_words(node: LocalNode, file: Path, text: str, message: str) -> None:
    code, told = refusal(node, "importprivkey", text)
    assert code == -2146233033
    assert told.startswith(message)
