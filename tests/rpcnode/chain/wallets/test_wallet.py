"""An open wallet: its keys come when they are needed, and what is added is in its file at once."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from rpcnode.chain.wallets.new_file import write_wallet
from rpcnode.chain.wallets.wallet import Wallet, opened
from rpcnode.payloads.wallet.nep2 import Scrypt, WrongPassword
from rpcnode.payloads.wallet.nep6 import MAX_FILE_SIZE, BadWallet
from rpcnode.primitives.address import N2_VERSION, N3_VERSION
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Pause, wait_for
from rpcnode.primitives.keys import derive_private_key

KEYS = [derive_private_key("wallet", index) for index in range(3)]


def ended(steps: Generator[Pause, None, object]) -> object:
    while True:
        try:
            wait_for(next(steps))
        except StopIteration as end:
            return end.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wallet.json"
    write_wallet(path, [("a", KEYS[0]), ("b", KEYS[1])], "pass", "n3", N3_VERSION)
    return path


def wallet_in(path: Path, password: str = "pass", profile: ProfileName = "n3", version: int = N3_VERSION) -> Wallet:
    wallet = ended(opened(path, password, profile, version))
    assert isinstance(wallet, Wallet)
    return wallet


def test_a_new_file_has_its_keys_the_first_of_them_as_default(file: Path) -> None:
    wallet = wallet_in(file)
    assert [ended(wallet.key_of(account)) for account in wallet.accounts] == KEYS[:2]
    assert [(account.label, account.is_default) for account in wallet.accounts] == [("a", True), ("b", False)]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_exists_is_not_written_over(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        write_wallet(file, [], "pass", "n3", N3_VERSION)
    assert file.read_bytes() == before


def test_a_key_that_is_added_is_in_the_file_which_stays_as_private_as_it_was(file: Path) -> None:
    file.chmod(0o640)
    wallet = wallet_in(file)
    added = ended(wallet.add_key(KEYS[2]))
    assert wallet.accounts[-1] is added
    again = wallet_in(file)
    assert again.accounts == wallet.accounts
    assert ended(again.key_of(again.accounts[-1])) == KEYS[2]
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_key_that_is_there_keeps_its_label(file: Path) -> None:
    wallet = wallet_in(file)
    before = wallet.accounts
    ended(wallet.add_key(KEYS[0]))
    assert wallet.accounts == before


def test_a_link_to_a_wallet_stays_a_link(file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to(file)
    ended(wallet_in(link).add_key(KEYS[2]))
    assert link.is_symlink()
    assert len(wallet_in(file).accounts) == 3


@pytest.mark.parametrize(("profile", "version"), [("n3-preview", N3_VERSION), ("n2", N2_VERSION)])
def test_an_older_profile_has_its_own_scripts_and_addresses(tmp_path: Path, profile: ProfileName, version: int) -> None:
    path = tmp_path / "old.json"
    write_wallet(path, [("a", KEYS[0])], "pass", profile, version)
    wallet = wallet_in(path, "pass", profile, version)
    assert ended(wallet.key_of(wallet.accounts[0])) == KEYS[0]
    assert wallet.account_of_key(KEYS[0]) is wallet.accounts[0]


def test_the_password_is_tried_on_the_first_key_alone(file: Path) -> None:
    other = file.with_name("other.json")
    write_wallet(other, [("c", KEYS[2])], "another", "n3", N3_VERSION)
    document = json.loads(file.read_text("utf-8"))
    document["accounts"] += json.loads(other.read_text("utf-8"))["accounts"]
    file.write_text(json.dumps(document), "utf-8")
    wallet = wallet_in(file)
    assert ended(wallet.key_of(wallet.accounts[0])) == KEYS[0]
    with pytest.raises(WrongPassword):
        ended(wallet.key_of(wallet.accounts[2]))
    with pytest.raises(WrongPassword):
        wallet_in(file, "another")


def test_a_wallet_without_keys_opens_with_any_password(file: Path) -> None:
    document = json.loads(file.read_text("utf-8"))
    for account in document["accounts"]:
        account["key"] = None
    file.write_text(json.dumps(document), "utf-8")
    wallet = wallet_in(file, "whatever")
    assert [ended(wallet.key_of(account)) for account in wallet.accounts] == [None, None]


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    path.write_bytes(b"[" + b" " * MAX_FILE_SIZE)
    with pytest.raises(BadWallet, match="at most"):
        wallet_in(path)


@pytest.mark.slow
def test_the_usual_scrypt_is_waited_for_in_another_thread(file: Path) -> None:
    document = json.loads(file.read_text("utf-8"))
    document["scrypt"] = {"n": Scrypt().n, "r": Scrypt().r, "p": Scrypt().p}
    file.write_text(json.dumps(document), "utf-8")
    steps = opened(file, "pass", "n3", N3_VERSION)
    pause = next(steps)
    assert pause is not None
    with pytest.raises(WrongPassword):  # the key was made with another scrypt
        ended(steps)
