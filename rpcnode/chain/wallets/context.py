"""What is to be signed, and which accounts have signed it already. What goes wrong is said in the C# node's words.

Source: neo 3.10.2, SmartContract/ContractParametersContext.cs.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rpcnode.execution.contract import contract_of
from rpcnode.execution.test_invocation import ExecutionState
from rpcnode.payloads.extensible import ExtensiblePayload
from rpcnode.payloads.header import Header
from rpcnode.payloads.payload import Verifiable
from rpcnode.payloads.standard_witnesses import multisig_of
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.wallet.nep6 import WalletContract
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import LeakedException
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import ScriptBuilder

_INVALID_OPERATION: Final = -2146233079
_NOT_SUPPORTED: Final = -2146233067
_KEY_NOT_FOUND: Final = -2146232969
_NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")

NAMES: Final = "Neo.Network.P2P.Payloads."
"""What the C# node's names of payloads begin with."""

SIGNED: Final[Mapping[str, type[ExtensiblePayload | Header | Transaction]]] = {
    f"{NAMES}{kind.__name__}": kind for kind in (ExtensiblePayload, Header, Transaction)
}
"""What can be signed, by the names that the C# node has for it."""


@dataclass(slots=True)
class Parameter:
    """An argument of a verification script: its type, and what is pushed and printed for it once it is given.

    `printed` None: it is not given.
    """

    kind: str
    item: StackItem = None
    printed: Json = None

    def to_json(self) -> Json:
        return {"type": self.kind} if self.printed is None else {"type": self.kind, "value": self.printed}


@dataclass(slots=True)
class ContextItem:
    """What one account has given; `script` None: it is a contract's."""

    script: bytes | None
    parameters: list[Parameter]
    signatures: dict[ECPoint, bytes] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether all arguments are given."""
        return all(parameter.printed is not None for parameter in self.parameters)

    def give_signature(self, position: int, signature: bytes) -> None:
        """Sets an argument."""
        parameter = self.parameters[position]
        parameter.item, parameter.printed = signature, b64encode(signature).decode()

    def to_json(self) -> Json:
        return {
            "script": None if self.script is None else b64encode(self.script).decode(),
            "parameters": [parameter.to_json() for parameter in self.parameters],
            "signatures": {str(key): b64encode(signature).decode() for key, signature in self.signatures.items()},
        }


class SignatureContext:
    """The signatures of one payload, as far as they are given, in one state."""

    def __init__(
        self, state: ExecutionState, signed: Verifiable, network: int, items: dict[UInt160, ContextItem] | None = None
    ) -> None:
        self._state: Final = state
        self._items: Final = {} if items is None else items
        self.signed: Final = signed
        self.network: Final = network

    @property
    def accounts(self) -> tuple[UInt160, ...]:
        """Who has to sign. Raises LeakedException for a header whose block before is not there."""
        signed = self.signed
        if isinstance(signed, Transaction):
            return tuple(signer.account for signer in signed.signers)
        if isinstance(signed, ExtensiblePayload):
            return (signed.sender,)
        assert isinstance(signed, Header)
        if signed.previous_hash == UInt256.ZERO:
            raise LeakedException(*_NULL_REFERENCE)
        ledger = self._state.ledger
        index = ledger.index_of(signed.previous_hash)
        before = None if index is None else ledger.header(index)
        if before is None:
            raise LeakedException(_INVALID_OPERATION, f"Block {signed.previous_hash} was not found")
        return (before.next_consensus,)

    @property
    def is_complete(self) -> bool:
        """Whether as many accounts as have to have given all that they must."""
        if len(self._items) < len(self.accounts):
            return False
        return all(item.is_complete for item in self._items.values())

    def add_signature(self, contract: WalletContract, key: ECPoint, signature: bytes) -> bool:
        """Takes the signature of a key for an account's script; False where it has no place, or is there already."""
        kinds = [kind for _, kind in contract.parameters]
        multisig = multisig_of(contract.script)
        if multisig is not None:
            return self._add_to_multisig(contract, kinds, multisig.keys, key, signature)
        places = [position for position, kind in enumerate(kinds) if kind == "Signature"]
        if len(places) > 1:
            raise LeakedException(_NOT_SUPPORTED, "more than one signature parameter")
        item = self._item(script_hash(contract.script), contract.script, kinds) if places else None
        if item is None or key in item.signatures:
            return False
        item.signatures[key] = signature
        item.give_signature(places[0], signature)
        return True

    def add_contract(self, account: UInt160) -> bool:
        """Takes a contract that agrees by its `verify` method without arguments; False for any other account."""
        contract = contract_of(self._state.storage, account)
        if contract is None:
            return False
        method = contract.manifest.method("verify")
        if method is None:
            raise LeakedException(_NOT_SUPPORTED, "The smart contract haven't got verify method.")
        return not method.parameters and self._item(account, None, ()) is not None

    def invocations(self) -> list[tuple[bytes, bytes]]:
        """Invocation and verification script of each account's witness, of a context that is complete.

        Raises LeakedException where it is others' that are given.
        """
        witnesses = []
        for account in self.accounts:
            item = self._items.get(account)
            if item is None:
                raise LeakedException(_KEY_NOT_FOUND, f"The given key '{account}' was not present in the dictionary.")
            builder = ScriptBuilder()
            for parameter in reversed(item.parameters):
                builder.push(parameter.item)
            witnesses.append((builder.to_bytes(), item.script or b""))
        return witnesses

    def to_json(self) -> Json:
        """As the C# node prints it, and takes it again."""
        name = next(name for name, kind in SIGNED.items() if isinstance(self.signed, kind))
        return {
            "type": name,
            "hash": str(self.signed.hash),
            "data": b64encode(self.signed.serialize_unsigned()).decode(),
            "items": {str(account): item.to_json() for account, item in self._items.items()},
            "network": self.network,
        }

    def _add_to_multisig(
        self, contract: WalletContract, kinds: Sequence[str], keys: Sequence[bytes], key: ECPoint, signature: bytes
    ) -> bool:
        item = self._item(script_hash(contract.script), contract.script, kinds) if key in keys else None
        if item is None or item.is_complete or key in item.signatures:
            return False
        item.signatures[key] = signature
        if len(item.signatures) == len(kinds):
            # The invocation script has them in the order of their keys, and pushes the last argument first.
            ordered = sorted(item.signatures, key=keys.index, reverse=True)
            for position, each in enumerate(ordered):
                item.give_signature(position, item.signatures[each])
        return True

    def _item(self, account: UInt160, script: bytes | None, kinds: Sequence[str]) -> ContextItem | None:
        if account not in self._items:
            if account not in self.accounts:
                return None
            self._items[account] = ContextItem(script, [Parameter(kind) for kind in kinds])
        return self._items[account]
