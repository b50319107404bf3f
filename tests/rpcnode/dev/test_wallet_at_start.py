"""`--wallet FILE`: the wallet is open when the node is ready; what cannot be opened is one line."""

from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.chain.wallets.new_file import write_wallet
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.address import N3_VERSION
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.keys import derive_private_key

KEYS = [("mine", derive_private_key("mine", 0))]


def labels_of(options: NodeOptions) -> list[str | None]:
    with closing(Node(options)) as node:
        assert node.view.wallet is not None
        return [account.label for account in node.view.wallet.accounts]


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_the_dev_chain_writes_a_wallet_of_its_accounts_and_opens_it_again(tmp_path: Path, profile: ProfileName) -> None:
    options = NodeOptions(wallet=tmp_path / "w.json", accounts=2, profile=profile)
    assert labels_of(options) == ["account1", "account2"]
    written = (tmp_path / "w.json").read_bytes()
    assert labels_of(options) == ["account1", "account2"]
    assert (tmp_path / "w.json").read_bytes() == written


def test_a_file_that_exists_is_opened_on_any_chain_with_its_own_password(tmp_path: Path) -> None:
    path, fixture = tmp_path / "w.json", tmp_path / "chain.yaml"
    write_wallet(path, KEYS, "secret", "n3", N3_VERSION)
    fixture.write_text("node: {height: 3}\n", "utf-8")
    options = NodeOptions(wallet=path, wallet_password="secret", fixtures=(fixture,))
    assert labels_of(options) == ["mine"]


def test_a_node_made_of_another_leaves_its_wallet_alone(tmp_path: Path) -> None:
    options = NodeOptions(wallet=tmp_path / "w.json")
    with closing(Node(options)) as node, closing(Node.from_template(node)) as copy:
        assert copy.view.wallet is None


@pytest.mark.parametrize(
    ("name", "text", "password", "told"),
    [
        ("w.json", None, "secret", "its password is not what RPCNODE_WALLET_PASSWORD says"),
        ("w.json", None, None, "its password is not 'rpcnode'; RPCNODE_WALLET_PASSWORD says another"),
        ("w.json", "{}", None, "is no wallet: version is missing"),
        ("w.json", "no JSON", None, "is no wallet: it is no JSON: "),
        (".", None, None, "cannot be opened: it is a folder"),
        ("absent/w.json", None, None, "there is no folder "),
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line(
    tmp_path: Path, name: str, text: str | None, password: str | None, told: str
) -> None:
    write_wallet(tmp_path / "w.json", KEYS, "another", "n3", N3_VERSION)
    if text is not None:
        (tmp_path / "w.json").write_text(text, "utf-8")
    with pytest.raises(NodeError) as refused:
        Node(NodeOptions(wallet=tmp_path / name, wallet_password=password))
    assert str(refused.value).startswith(f"--wallet {tmp_path / name}: {told}")


def test_only_the_dev_chain_writes_one(tmp_path: Path) -> None:
    fixture = tmp_path / "chain.yaml"
    fixture.write_text("node: {height: 3}\n", "utf-8")
    with pytest.raises(NodeError, match="there is no such file, and only the dev chain has accounts"):
        Node(NodeOptions(wallet=tmp_path / "w.json", fixtures=(fixture,)))
    assert not (tmp_path / "w.json").exists()
