"""A node in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from rpcnode.dev.control.chain_names import contract_names, names_of
from rpcnode.dev.control.parameter_place import parameter, reading_parameters
from rpcnode.node import Node
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.keys import wif_of
from rpcnode.primitives.steps import Steps
from rpcnode.primitives.uint import UInt160
from rpcnode.testing.answer import RpcCallError
from rpcnode.testing.host import Host
from rpcnode.testing.node_control import NodeControl

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """An account that has a name; `wif` is None where nobody knows its key."""

    name: str
    address: str
    script_hash: str
    wif: str | None


class LocalNode(NodeControl):
    """A node that runs in this process, and what a test asks of it and does to it.

    `call`, `batch` and `post` are what a program would do. `balances`, `balance`, `accounts`, `contracts` and `height`
    are what the test knows: they read the chain itself, past the journal, faults and lagging trackers.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._host = host

    @property
    def url(self) -> str:
        """Where it answers HTTP. Raises NodeError for a node of `in_process`, which has no socket."""
        return self._host.listen()

    @property
    def port(self) -> int:
        """The port of `url`."""
        return int(self.url.rpartition(":")[2])

    @property
    def height(self) -> int:
        """The index of the newest block."""
        return self._host.run(lambda node: node.ledger.height)

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts that have names, by name: those with a key first."""
        return self._host.run(_accounts)

    @property
    def contracts(self) -> dict[str, str]:
        """The script hashes of the contracts that stand, by the names that the fixture gave them; native ones too."""
        return self._host.run(_contracts)

    def balances(self, account: str) -> dict[str, int]:
        """What an account holds of fungible tokens, by their names, or hashes where they have none; no zeros."""
        return self._host.run(_asking(lambda node: _balances(node, account)))

    def balance(self, account: str, asset: str) -> int:
        """What an account holds of one fungible token."""
        return self._host.run(_asking(lambda node: _balance(node, account, asset)))

    def begin_anew(self) -> None:
        """Makes it as it was when it started: the chain, no snapshots, no faults, and a journal that begins here.

        It stays at its URL.
        """
        self._first_sequence = self._host.run(_begin_anew)


def _begin_anew(node: Node) -> int:
    assert node.dev is not None and node.traffic is not None
    node.traffic.faults.clear()
    node.dev.state.forget_snapshots()
    image = node.fresh_image()
    node.miner.writers.at_once(_taken_over(node, image))
    return node.traffic.journal.last_sequence


def _taken_over(node: Node, image: bytes) -> Steps[None]:
    node.take_over(image)
    yield from ()


def _accounts(node: Node) -> dict[str, Account]:
    rows = node.store.connection.execute("SELECT name, script_hash FROM chain_account ORDER BY name")
    keys = {account.name: account.private_key for account in node.accounts}
    hashes = {name: UInt160(script_hash) for name, script_hash in rows}
    return {
        name: Account(
            name,
            node.view.address_of(hashes[name]),
            str(hashes[name]),
            wif_of(keys[name]) if name in keys else None,
        )
        for name in [*keys, *(name for name in hashes if name not in keys)]
    }


def _contracts(node: Node) -> dict[str, str]:
    return {name: str(script_hash) for script_hash, name in contract_names(node.ledger).items()}


def _balances(node: Node, account: str) -> dict[str, int]:
    with reading_parameters():
        holder = names_of(node.ledger, node.miner.contracts).account(account, parameter("account"))
    count = node.view.balances.count(holder)
    names = contract_names(node.ledger)
    return {
        names.get(row.asset, str(row.asset)): int(row.amount)
        for row in node.view.balances.of_account(holder, 0, count, with_zero=False)
    }


def _balance(node: Node, account: str, asset: str) -> int:
    with reading_parameters():
        names = names_of(node.ledger, node.miner.contracts)
        holder = names.account(account, parameter("account"))
        held = names.asset(asset, parameter("asset")).script_hash
    assert held is not None
    return node.view.balances.amounts(holder, [held]).get(held, 0)


def _asking(function: Callable[[Node], T]) -> Callable[[Node], T]:
    """The function, with what is wrong with its arguments told as a call's error."""

    def ask(node: Node) -> T:
        try:
            return function(node)
        except RpcError as error:
            told = error.error_object(node.ledger.profile)
            raise RpcCallError(int(told["code"]), str(told["message"])) from None

    return ask
