"""A contract of a node as an object: the methods of its manifest under Python's names."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final, Protocol

from rpcnode.execution.contract import Contract as StoredContract
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.json import Json
from rpcnode.testing.contracts.outcome import Outcome
from rpcnode.testing.contracts.values import HasScriptHash, Value, argument_json

_words = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])").sub


class CallsContracts(Protocol):
    """A node whose contracts are called."""

    def stored_contract(self, script_hash: str) -> StoredContract:
        """The contract with a hash as it is now. Raises RpcCallError where there is none."""

    def ask_contract(self, invocation: Json, return_type: str) -> Value:
        """What a call answers that only asks. Raises ContractFault where it fails."""

    def send_invocation(self, invocation: Json, return_type: str) -> Outcome:
        """What a transaction with a call did. Raises ContractFault where it fails and need not."""


class Contract:
    """A contract; `contract.balance_of(...)` calls its method `balanceOf`, as do `contract.balanceOf` and
    `contract["balanceOf"]`.

    A safe method only asks, and gives its answer; any other makes a transaction, and gives its Outcome. Of methods with
    one name it is the one with so many parameters. Arguments and answers are by the types of the manifest, which is the
    contract's at that time: values.py. A wrong argument raises TypeError, an unknown method AttributeError.
    """

    def __init__(self, node: CallsContracts, script_hash: str, signers: Sequence[object] = ()) -> None:
        self._node: Final = node
        self._signers: Final = tuple(signers)
        self.script_hash: Final = script_hash

    def __repr__(self) -> str:
        return f"<Contract {self.script_hash}>"

    @property
    def manifest(self) -> dict[str, Json]:
        """The manifest as it is now, as JSON."""
        return self._stored.manifest.to_json()

    def signed_by(self, *signers: object) -> "Contract":
        """The same contract; these sign what it is called with where nobody else is said to, the first of them pays.

        A signer is a name, an address, a script hash or an account (scope CalledByEntry), or an object as in JSON-RPC.
        """
        return Contract(self._node, self.script_hash, signers)

    def __getitem__(self, name: str) -> "ContractMethod":
        return self._method(name)

    def __getattr__(self, name: str) -> "ContractMethod":
        if name.startswith("__"):
            raise AttributeError(name)
        return self._method(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *(python_name(method.name) for method in self._methods)})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Contract) and (other._node, other.script_hash) == (self._node, self.script_hash)

    def __hash__(self) -> int:
        return hash(self.script_hash)

    @property
    def _stored(self) -> StoredContract:
        return self._node.stored_contract(self.script_hash)

    @property
    def _methods(self) -> list[Method]:
        """Those that others may call."""
        return [method for method in self._stored.manifest.methods if not method.name.startswith("_")]

    def _method(self, name: str) -> "ContractMethod":
        methods = self._methods
        found = [method for method in methods if method.name == name]
        found = found or [method for method in methods if python_name(method.name) == name]
        names = list(dict.fromkeys(method.name for method in found))
        if len(names) > 1:
            raise AttributeError(f"{name} may be {' or '.join(names)}; take one by contract[{names[0]!r}]")
        if not found:
            known = list(dict.fromkeys(python_name(method.name) for method in methods))
            nearest = get_close_matches(name, known, 1, 0.6)
            hint = f"did you mean {nearest[0]}?" if nearest else f"it has {', '.join(known) or 'none'}"
            raise AttributeError(f"contract {self._stored.manifest.name} has no method {name}; {hint}")
        return ContractMethod(self._node, self.script_hash, found, self._signers)


class ContractMethod:
    """A method of a contract, by its name; there may be several of one name, with different numbers of parameters."""

    def __init__(
        self, node: CallsContracts, script_hash: str, methods: Sequence[Method], signers: Sequence[object]
    ) -> None:
        self._node: Final = node
        self._script_hash: Final = script_hash
        self._methods: Final = tuple(methods)
        self._signers: Final = tuple(signers)

    def __repr__(self) -> str:
        return f"<{' or '.join(map(_declared, self._methods))} of {self._script_hash}>"

    def __call__(self, *args: object, signers: Sequence[object] | None = None, faults: bool = False) -> Any:
        """The answer of a safe method, the Outcome of a transaction for any other: see `ask` and `send`."""
        if self._of(args).safe and not faults:
            return self.ask(*args, signers=signers)
        return self.send(*args, signers=signers, faults=faults)

    def ask(self, *args: object, signers: Sequence[object] | None = None) -> Value:
        """What the method answers now, safe or not; nothing stays of what it does. Raises ContractFault."""
        method = self._of(args)
        return self._node.ask_contract(self._invocation(method, args, signers), method.return_type)

    def send(self, *args: object, signers: Sequence[object] | None = None, faults: bool = False) -> Outcome:
        """What it did in a transaction. One that fails raises ContractFault and is in no block; with `faults` it is
        mined, and has to fail.
        """
        method = self._of(args)
        invocation = self._invocation(method, args, signers)
        return self._node.send_invocation({**invocation, "faults": faults}, method.return_type)

    def _of(self, args: Sequence[object]) -> Method:
        for method in self._methods:
            if len(method.parameters) == len(args):
                return method
        given = f"{len(args)} argument{'s are' if len(args) != 1 else ' is'} given"
        raise TypeError(f"{given}; there is {' and '.join(map(_declared, self._methods))}")

    def _invocation(self, method: Method, args: Sequence[object], signers: Sequence[object] | None) -> dict[str, Json]:
        return invocation_json(
            self._script_hash,
            method.name,
            [
                argument_json(value, declared.type, f"{declared.name} of {method.name}")
                for value, declared in zip(args, method.parameters, strict=True)
            ],
            self._signers if signers is None else signers,
        )


def invocation_json(contract: str, method: str, args: Sequence[Json], signers: Sequence[object]) -> dict[str, Json]:
    """A call in the words of a fixture's invocation."""
    return {"contract": contract, "method": method, "args": [*args], "signers": signers_json(signers)}


def signers_json(signers: Sequence[object]) -> list[Any]:
    """Signers in the words of fixtures."""
    return [each.script_hash if isinstance(each, HasScriptHash) else each for each in signers]


def python_name(name: str) -> str:
    """A method's name as Python writes it: balanceOf is balance_of, onNEP17Payment is on_nep17_payment."""
    return _words("_", name).lower()


def _declared(method: Method) -> str:
    parameters = ", ".join(f"{parameter.name}: {parameter.type}" for parameter in method.parameters)
    return f"{method.name}({parameters})"
