"""Storage in a dictionary, and contracts made of methods."""

from collections.abc import Iterator, Sequence
from typing import Final

from rpcnode.execution.contract_state import Code, ContractState
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.told_manifest import told_manifest
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

RET: Final = b"\x40"


class DictStorage:
    """Storage of all contracts in a dictionary."""

    def __init__(self) -> None:
        self.entries: dict[tuple[int, bytes], bytes] = {}

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        return self.entries.get((contract_id, key))

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        self.entries[contract_id, key] = value

    def delete(self, contract_id: int, key: bytes) -> None:
        self.entries.pop((contract_id, key), None)

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        rows = ((key, value) for (owner, key), value in self.entries.items() if owner == contract_id)
        return iter(sorted(((key, value) for key, value in rows if key.startswith(prefix)), reverse=backwards))


class Method:
    """A method for `contract`: `count` parameters, which LDARG reads, and what it does before it returns."""

    def __init__(
        self, name: str, body: bytes, *, count: int = 0, returns: bool = True, safe: bool = False, slots: bool = True
    ) -> None:
        self.name, self.count, self.returns, self.safe = name, count, returns, safe
        self.code = (bytes((0x57, 0, count)) if count and slots else b"") + body + RET


def contract(
    number: int,
    *methods: Method,
    permissions: Sequence[Json] = ({"contract": "*", "methods": "*"},),
    groups: Sequence[Json] = (),
) -> ContractState:
    """The contract with an id, whose hash is that number 20 times; one below zero is native and has no script."""
    code, listed = b"", list[Json]()
    for method in methods:
        parameters: list[Json] = [{"name": f"p{index}", "type": "Any"} for index in range(method.count)]
        entry: dict[str, Json] = {
            "name": method.name,
            "parameters": parameters,
            "offset": len(code),
            "returntype": "Any" if method.returns else "Void",
            "safe": method.safe,
        }
        listed.append(entry)
        code += method.code
    manifest: dict[str, Json] = {"name": "made", "groups": list(groups), "permissions": list(permissions)}
    manifest["abi"] = {"methods": listed}
    return ContractState(
        contract_id=number,
        script_hash=UInt160(bytes((number,)) * 20),
        update_counter=0,
        code=Code(Nef("", code or b"\x40"), told_manifest(manifest)),
        deployed_at=0,
    )
