"""Wallet files, by one that neo-cli 3.10.2 opens: it is in the recorded answers."""

import json
from typing import Any

import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.wallet.nep2 import QUICK
from rpcnode.payloads.wallet.nep6 import BadWallet, WalletAccount, WalletFile
from rpcnode.primitives.address import N2_VERSION, N3_VERSION, address_of
from rpcnode.primitives.keys import derive_private_key, public_key_of
from tests.recorded_answers import DATA, read


@pytest.fixture(scope="module")
def text() -> str:
    recorded: str = read(DATA / "csharp-rpc/answers.json.xz")["wallet_flow"]["files"]["test-wallet.json"]
    return recorded


@pytest.fixture
def document(text: str) -> Any:
    return json.loads(text)


def parse(document: Any) -> WalletFile:
    return WalletFile.parse(json.dumps(document).encode(), N3_VERSION)


def test_a_file_is_read_whole(text: str) -> None:
    wallet = WalletFile.parse(text.encode(), N3_VERSION)
    assert wallet.scrypt == QUICK
    assert [address_of(account.script_hash, N3_VERSION) for account in wallet.accounts] == [
        "NZ63PbSEow4zUYkB2WRm6SWtJvx2d5EXpF",
        "Ndn2sfLU73xMufkNhY61xZLebti9tQpurq",
        "Ncf59ZBdwSmyntscUWU3Wyw8KVfXLNmkeC",
    ]
    assert [account.label for account in wallet.accounts] == ["first", None, 'po"oér']
    assert [account.is_default for account in wallet.accounts] == [True, False, False]


def test_a_file_that_is_written_again_says_the_same(text: str) -> None:
    assert json.loads(WalletFile.parse(text.encode(), N3_VERSION).to_bytes(N3_VERSION)) == json.loads(text)


def test_what_a_file_has_besides_is_kept(document: Any) -> None:
    document["extra"] = {"a": [1, 2.5, None]}
    document["accounts"][0]["extra"] = "x"
    assert json.loads(parse(document).to_bytes(N3_VERSION)) == document


def test_an_account_that_is_there_keeps_its_label_and_its_marks(text: str) -> None:
    wallet = WalletFile.parse(text.encode(), N3_VERSION)
    first = wallet.accounts[0]
    merged = wallet.with_account(WalletAccount(first.script_hash, "key", first.contract))
    assert merged.accounts[0] == WalletAccount(first.script_hash, "key", first.contract, "first", True)
    assert merged.accounts[1:] == wallet.accounts[1:]


def test_a_new_account_comes_last(text: str) -> None:
    wallet = WalletFile.parse(text.encode(), N3_VERSION)
    key = public_key_of(derive_private_key("another", 0))
    added = WalletAccount.of_key(key, "key", ACCOUNT_SCRIPTS["n3"])
    assert wallet.with_account(added).accounts == (*wallet.accounts, added)
    assert added.script_hash == ACCOUNT_SCRIPTS["n3"].account(key)


def test_an_account_may_be_there_to_be_watched(document: Any) -> None:
    document["accounts"][0] |= {"key": None, "contract": None}
    watched = parse(document).accounts[0]
    assert watched.nep2 is None
    assert watched.contract is None


@pytest.mark.parametrize(
    ("member", "value", "told", "is_gap"),
    [
        ("version", None, "version is missing", True),
        ("version", "one", "version is 'one', not as 1.0", False),
        ("scrypt", None, "scrypt is missing", True),
        ("scrypt", [], "scrypt is no object", False),
        ("scrypt", {"n": 2, "r": 1}, "scrypt.p is missing", True),
        ("scrypt", {"n": "2", "r": 1, "p": 1}, "scrypt.n is no number of 32 bits", False),
        ("scrypt", {"n": 3, "r": 1, "p": 1}, "scrypt takes a power of 2 over 1", False),
        ("accounts", None, "accounts is missing", False),
        ("accounts", {}, "accounts is no list", False),
        ("accounts", [None], "accounts[0] is missing", True),
        ("name", 7, "name is no text", False),
    ],
)
def test_a_broken_file_is_refused_with_the_place(
    document: Any, member: str, value: object, told: str, is_gap: bool
) -> None:
    document[member] = value
    with pytest.raises(BadWallet) as refused:
        parse(document)
    assert str(refused.value).startswith(told)
    assert refused.value.is_gap is is_gap


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("address", "x", "accounts[0].address: "),
        ("isDefault", None, "accounts[0].isDefault is missing"),
        ("lock", 0, "accounts[0].lock is not true or false"),
        ("key", 7, "accounts[0].key is no text"),
        ("contract", {"script": "%"}, "accounts[0].contract.script is no Base64"),
        ("contract", {"script": ""}, "accounts[0].contract.parameters is missing"),
        (
            "contract",
            {"script": "", "parameters": [{"name": "a", "type": "Key"}]},
            "accounts[0].contract.parameters[0].type is 'Key', no type",
        ),
    ],
)
def test_a_broken_account_is_refused_with_the_place(document: Any, member: str, value: object, told: str) -> None:
    document["accounts"][0][member] = value
    with pytest.raises(BadWallet) as refused:
        parse(document)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "it is no JSON"), (b"\xff", "it is no JSON"), (b"[]", "it is no object"), (b"null", "it is missing")],
)
def test_what_is_no_object_is_no_wallet(data: bytes, told: str) -> None:
    with pytest.raises(BadWallet) as refused:
        WalletFile.parse(data, N3_VERSION)
    assert str(refused.value).startswith(told)


def test_a_wallet_of_another_address_version_and_an_account_twice_are_refused(text: str, document: Any) -> None:
    with pytest.raises(BadWallet, match="address version 0x35, this network has 0x17"):
        WalletFile.parse(text.encode(), N2_VERSION)
    document["accounts"].append(document["accounts"][0])
    with pytest.raises(BadWallet, match="is there twice"):
        parse(document)
