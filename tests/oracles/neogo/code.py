"""Code of contracts and entry scripts: the assembler, with TRY, and the files that deploying takes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.models.declared.assembler import OFFSET_SIZE, Assembler
from rpcnode.payloads.nef import MethodToken, Nef
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Map
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder

ALL_FLAGS: Final = 15

Value = Any
"""What can be pushed, with dicts for maps."""


def pushable(value: Value) -> Pushable:
    """The same with maps as the VM has them."""
    if isinstance(value, dict):
        return Map((key, stackable(held)) for key, held in value.items())
    return [*map(pushable, value)] if isinstance(value, list | tuple) else value


def stackable(value: Value) -> Any:
    """The same as an item."""
    if isinstance(value, dict):
        return pushable(value)
    if isinstance(value, list | tuple):
        return Array([*map(stackable, value)])
    return value.encode() if isinstance(value, str) else value


class Code(Assembler):
    """A script in the making, with TRY, values of all kinds, and names for labels of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._tries: Final[list[tuple[int, str, str]]] = []
        self._names = 0

    def name(self) -> str:
        """A label that nobody has."""
        self._names += 1
        return f"_{self._names}"

    def attempt(self, catch: str, last: str = "") -> Self:
        """TRY; either label may be missing."""
        self._tries.append((len(self._script), catch, last))
        self._script.extend(bytes((Opcode.TRY_L,)) + bytes(2 * OFFSET_SIZE))
        return self

    def value(self, value: Value) -> Self:
        """What pushes a value of any kind."""
        self._script.extend(ScriptBuilder().push(pushable(value)).to_bytes())
        return self

    def raw(self, data: bytes) -> Self:
        """Instructions as they are."""
        self._script.extend(data)
        return self

    def convert(self, kind: int) -> Self:
        """CONVERT."""
        return self.raw(bytes((Opcode.CONVERT, kind)))

    def contract(self, target: UInt160, method: str, count: int, flags: int = ALL_FLAGS) -> Self:
        """System.Contract.Call with the arguments that lie on the stack, the first uppermost."""
        self.push(count).op(Opcode.PACK).push(flags).push(method).push(target)
        return self.syscall("System.Contract.Call")

    def invoke(self, target: UInt160, method: str, args: Sequence[Value] = (), flags: int = ALL_FLAGS) -> Self:
        """The same with constants."""
        given = [pushable(arg) for arg in args]
        self._script.extend(ScriptBuilder().call(target, method, given, flags).to_bytes())
        return self

    def __len__(self) -> int:
        return len(self._script)

    def to_bytes(self) -> bytes:
        """The script, its offsets filled in."""
        script = bytearray(super().to_bytes())
        for position, *labels in self._tries:
            for number, label in enumerate(labels):
                if label:
                    at = position + 1 + OFFSET_SIZE * number
                    offset = self.labels[label] - position
                    script[at : at + OFFSET_SIZE] = offset.to_bytes(OFFSET_SIZE, "little", signed=True)
        return bytes(script)


@dataclass(frozen=True)
class Built:
    """A contract that can be deployed. Methods are (name, label, count of parameters, type of the result)."""

    name: str
    nef: Nef
    manifest: dict[str, Any]

    @cached_property
    def manifest_text(self) -> str:
        """The manifest as it is handed over."""
        return json.dumps(self.manifest, separators=(",", ":"))

    def hash_of(self, sender: UInt160) -> UInt160:
        """Where it lies when an account deploys it."""
        return contract_hash(sender, self.nef.checksum, self.name)

    def deployment(self, data: Pushable = None) -> bytes:
        """The script that deploys it."""
        arguments: list[Pushable] = [self.nef.serialize(), self.manifest_text, data]
        return ScriptBuilder().call(CONTRACT_MANAGEMENT, "deploy", arguments).to_bytes()


def built(
    name: str,
    code: Code,
    methods: Sequence[tuple[str, str, Sequence[str], str]],
    *,
    tokens: Sequence[MethodToken] = (),
    events: Sequence[tuple[str, Sequence[str]]] = (),
    permissions: Any = None,
    standards: Sequence[str] = (),
    safe: Sequence[str] = (),
    groups: Any = (),
    trusts: Any = (),
) -> Built:
    """A contract of a script. Methods are (name, label, types of parameters, type of the result)."""
    manifest = {
        "name": name,
        "groups": list(groups),
        "features": {},
        "supportedstandards": list(standards),
        "abi": {
            "methods": [
                {
                    "name": method,
                    "parameters": _parameters(types),
                    "offset": code.labels[label],
                    "returntype": returned,
                    "safe": method in safe,
                }
                for method, label, types, returned in methods
            ],
            "events": [{"name": event, "parameters": _parameters(types)} for event, types in events],
        },
        "permissions": [{"contract": "*", "methods": "*"}] if permissions is None else permissions,
        "trusts": list(trusts) if trusts != "*" else "*",
        "extra": None,
    }
    return Built(name, Nef("storyteller", code.to_bytes(), "", tuple(tokens)), manifest)


def _parameters(types: Sequence[str]) -> Any:
    return [{"name": f"p{number}", "type": kind} for number, kind in enumerate(types)]
