"""A node in this process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TypeVar

from rpcnode.dev.control.chain_names import contract_names, names_of
from rpcnode.dev.control.parameter_place import parameter, reading_parameters
from rpcnode.execution.contract import Contract as StoredContract
from rpcnode.node import Node
from rpcnode.primitives.errors import NodeError, RpcError
from rpcnode.primitives.json import Json
from rpcnode.primitives.keys import wif_of
from rpcnode.primitives.steps import Steps
from rpcnode.primitives.uint import UInt160
from rpcnode.testing.answer import SCRIPT_FAILS, ContractFault, RpcCallError
from rpcnode.testing.contracts.contract import Contract, invocation_json, signers_json
from rpcnode.testing.contracts.deployment import Deployment, compiled_json
from rpcnode.testing.contracts.outcome import Executed, Outcome, executed
from rpcnode.testing.contracts.values import ANY, Value, written_argument
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

    # Contracts

    def contract(self, name: str) -> Contract:
        """The contract with a name or a script hash, as an object with the methods of its manifest."""
        # Loaded for who calls a contract only, as below: it needs the engine.
        from rpcnode.testing.contracts.reads import contract_hash

        return Contract(self, self._host.run(_asking(lambda node: contract_hash(node, name))))

    def deploy(
        self,
        key: str,
        *,
        standard: str | None = None,
        nef: bytes | str | PathLike[str] | None = None,
        manifest: Mapping[str, object] | str | PathLike[str] | None = None,
        data: object = None,
        signers: Sequence[object] = (),
        **members: object,
    ) -> Deployment:
        """Deploys a contract under a name, and gives what its transaction did, and the contract.

        A compiled one has `nef`, as bytes or the path of a file, and `manifest`, as an object or the path of a file,
        which is the one beside the NEF where it is left out. `data` is what its `_deploy` gets; the first of the
        signers sends and pays the transaction, else the validators' account does. Any other has a `standard`, and
        further `members` as in a fixture. Raises ContractFault where its `_deploy` fails.
        """
        written: dict[str, object] = {"key": key, **members}
        if standard is not None:
            written["standard"] = standard
        if nef is not None:
            written |= compiled_json(nef, manifest)
        if data is not None:
            written["data"] = written_argument(data, "data")
        if signers:
            written["signers"] = signers_json(signers)
        sent = self._sent("dev_deploy", written)

        def find() -> Contract | None:
            script_hash = self.contracts.get(key)
            return None if script_hash is None else Contract(self, script_hash)

        return Deployment(sent, self._outcome_of, find)

    def invoke(
        self,
        contract: str | Contract,
        method: str,
        args: Sequence[object] = (),
        *,
        signers: Sequence[object] = (),
        faults: bool = False,
    ) -> Outcome:
        """Calls a contract in a transaction, and gives what it did.

        Arguments are values of Python, each of its own type, or `{type, value}` as in a fixture; with
        `contract(name).method(...)` they are of the types that the manifest says. The first of the signers sends and
        pays it, if it has the GAS, else the validators' account. One that fails raises ContractFault and is in no
        block; with `faults` it is mined, and has to fail.
        """
        name = contract.script_hash if isinstance(contract, Contract) else contract
        written = [written_argument(value, f"args[{position}]") for position, value in enumerate(args)]
        return self.send_invocation({**invocation_json(name, method, written, signers), "faults": faults}, ANY)

    def outcome(self, transaction_id: str) -> Outcome:
        """What any transaction of the chain did, or will, once it is mined: one that a client sent, say."""
        return Outcome(transaction_id, self._outcome_of)

    def stored_contract(self, script_hash: str) -> StoredContract:
        """The contract with a hash as it is now. Raises RpcCallError where there is none."""
        from rpcnode.testing.contracts.reads import standing

        return self._host.run(_asking(lambda node: standing(node, script_hash)))

    def ask_contract(self, invocation: Json, return_type: str) -> Value:
        """What a call answers that only asks, in the words of a fixture's invocation. Raises ContractFault."""
        from rpcnode.testing.contracts.reads import ask

        asked = self._host.run(_asking(lambda node: ask(node, invocation, return_type)))
        if asked.exception is not None:
            raise ContractFault(asked.exception)
        return asked.value

    def send_invocation(self, invocation: Json, return_type: str) -> Outcome:
        """What a transaction did with a call, in the words of a fixture's invocation. Raises ContractFault."""
        return Outcome(self._sent("dev_invoke", invocation), self._outcome_of, return_type)

    def _sent(self, method: str, written: object) -> str:
        try:
            return str(self.call(method, written))
        except RpcCallError as error:
            if error.message.startswith(SCRIPT_FAILS):
                raise ContractFault(error.message.removeprefix(SCRIPT_FAILS)) from None
            raise

    def _outcome_of(self, transaction_id: str) -> Executed | None:
        return self._host.run(lambda node: executed(node, transaction_id))

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
        except NodeError as error:
            raise RpcCallError(-32000, str(error)) from None
        except RpcError as error:
            told = error.error_object(node.ledger.profile)
            raise RpcCallError(int(told["code"]), str(told["message"])) from None

    return ask
