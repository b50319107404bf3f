"""An account that two of three keys open: wallets sign one after the other, and what all have signed is sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.chain.wallets.new_file import write_wallet
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.wallet.nep6 import WalletAccount, WalletContract, WalletFile
from rpcnode.primitives.address import N3_VERSION, address_of
from rpcnode.primitives.keys import public_key_of
from rpcnode.testing import LocalNode
from tests.plugins.rpc_server.wallets.open_wallets import NEO, PASSWORD, STRANGER, keys_of, open_in, refusal, running

NAMES: Final = ("account1", "account2", "account3")


@pytest.fixture
def node() -> Iterator[LocalNode]:
    with running() as node:
        yield node


@pytest.fixture
def shared(node: LocalNode) -> WalletAccount:
    """The account that two of the three open, with NEO and GAS."""
    script = ACCOUNT_SCRIPTS["n3"].multisig(2, map(public_key_of, keys_of(node, *NAMES)))
    parameters = tuple((f"parameter{number}", "Signature") for number in range(2))
    account = WalletAccount(script_hash(script), None, WalletContract(script, parameters), "shared")
    for asset, amount in (("NEO", 10), ("GAS", 100_000_000)):
        node.transfer(asset, "account4", address_of(account.script_hash, N3_VERSION), amount)
    return account


@pytest.fixture
def sender(shared: WalletAccount) -> str:
    return address_of(shared.script_hash, N3_VERSION)


def open_with(node: LocalNode, path: Path, account: WalletAccount, *names: str) -> None:
    """Opens a wallet that has an account besides those of some keys."""
    path.unlink(missing_ok=True)
    write_wallet(path, zip(names, keys_of(node, *names), strict=True), PASSWORD, "n3", N3_VERSION)
    file = WalletFile.parse(path.read_bytes(), N3_VERSION).with_account(account)
    path.write_bytes(file.to_bytes(N3_VERSION))
    assert node.call("openwallet", str(path), PASSWORD) is True


def test_a_wallet_with_enough_keys_sends_at_once(
    node: LocalNode, tmp_path: Path, shared: WalletAccount, sender: str
) -> None:
    open_with(node, tmp_path / "wallet.json", shared, "account3", "account1")
    sent = node.call("sendfrom", NEO, sender, STRANGER, "1")
    assert node.call("getapplicationlog", sent["hash"])["executions"][0]["vmstate"] == "HALT"


def test_wallets_sign_one_after_the_other_until_it_is_complete(
    node: LocalNode, tmp_path: Path, shared: WalletAccount, sender: str
) -> None:
    open_with(node, tmp_path / "a.json", shared, "account2")
    pending: Any = node.call("sendfrom", NEO, sender, STRANGER, "1")
    assert pending["type"] == "Neo.Network.P2P.Payloads.Transaction"
    (item,) = pending["items"].values()
    assert item["parameters"] == [{"type": "Signature"}] * 2
    assert list(item["signatures"]) == [str(public_key_of(keys_of(node, "account2")[0]))]
    assert refusal(node, "relay", pending) == (-32602, "Invalid params - The signature is incomplete.")

    open_with(node, tmp_path / "b.json", shared, "account3")
    signed = node.call("sign", pending)
    assert signed["hash"] == pending["hash"]
    node.call("closewallet")
    assert node.call("relay", signed) == {"hash": pending["hash"]}
    assert node.call("getapplicationlog", pending["hash"])["executions"][0]["vmstate"] == "HALT"
    assert refusal(node, "relay", signed) == (-501, "Inventory already exists - AlreadyExists")


def test_a_wallet_without_a_key_of_it_signs_nothing(
    node: LocalNode, tmp_path: Path, shared: WalletAccount, sender: str
) -> None:
    open_with(node, tmp_path / "a.json", shared, "account2")
    pending = node.call("sendfrom", NEO, sender, STRANGER, "1")
    nothing = (-32700, "Bad request - Non-existent private key in wallet.")
    assert refusal(node, "sign", pending) == nothing  # its signature is there already
    open_in(node, tmp_path / "b.json", "account5")
    assert refusal(node, "sign", pending) == nothing
    elsewhere = (-32602, f"Invalid params - Network mismatch. Expected {pending['network']}, got 7.")
    assert refusal(node, "sign", pending | {"network": 7}) == elsewhere


def test_an_invocation_tells_what_is_still_to_be_signed(node: LocalNode, tmp_path: Path, shared: WalletAccount) -> None:
    open_with(node, tmp_path / "a.json", shared, "account2")
    signers = [{"account": str(shared.script_hash), "scopes": "CalledByEntry"}]
    answer = node.call("invokescript", "EUA=", signers)
    assert [*answer][-1] == "pendingsignature"
    assert [*answer["pendingsignature"]] == ["type", "hash", "data", "items", "network"]


def test_a_locked_account_pays_and_signs_nothing(node: LocalNode, tmp_path: Path) -> None:
    path = tmp_path / "wallet.json"
    open_in(node, path, "account1")
    file = WalletFile.parse(path.read_bytes(), N3_VERSION)
    locked = replace(file, accounts=(replace(file.accounts[0], is_locked=True),))
    path.write_bytes(locked.to_bytes(N3_VERSION))
    node.call("openwallet", str(path), PASSWORD)
    assert "only 0 units are available" in refusal(node, "sendtoaddress", NEO, STRANGER, "1")[1]
    pending = node.call("sendfrom", NEO, node.accounts["account1"].address, STRANGER, "1")
    assert pending["items"] == {}


def test_a_signed_message_verifies(node: LocalNode, tmp_path: Path) -> None:
    open_in(node, tmp_path / "wallet.json", "account1", "account2")
    for is_bound in (False, True):
        for signed in node.call("signmsg", "hello", is_bound)["signatures"]:
            told = (signed["signature"], signed["publickey"], signed["salt"])
            assert node.call("verifymsg", "hello", *told, is_bound)["status"] == "Valid"
            assert node.call("verifymsg", "hello", *told, not is_bound)["status"] == "Invalid"
