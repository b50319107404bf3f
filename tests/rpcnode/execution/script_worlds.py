"""Contracts assembled by hand, and a small world for them to run in."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Final

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.engine import Context, NotModelled, Reply, ScriptRun
from rpcnode.execution.native_hashes import CRYPTO_LIB, STD_LIB
from rpcnode.execution.records import Execution
from rpcnode.execution.syscalls.services import SERVICES
from rpcnode.natives.pure_answers import pure_answer
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import Pushable, ScriptBuilder, syscall_id

RET: Final = b"\x40"
DROP: Final = b"\x45"
ABORT: Final = b"\x38"
SIGNER: Final = UInt160(b"\x51" * 20)


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

    def find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        return iter(
            sorted(
                (key, value)
                for (owner, key), value in self.entries.items()
                if owner == contract_id and key.startswith(prefix)
            )
        )


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
    return ContractState(
        contract_id=number,
        script_hash=UInt160(bytes((number,)) * 20),
        update_counter=0,
        nef={"script": b64encode(code).decode(), "tokens": []},
        manifest={"name": "made", "groups": list(groups), "permissions": list(permissions), "abi": {"methods": listed}},
        deployed_at=0,
    )


def native(script_hash: UInt160, *methods: tuple[str, int]) -> ContractState:
    """A native contract that has these methods with so many parameters."""
    made = contract(1, *(Method(name, b"", count=count) for name, count in methods))
    return ContractState(-1, script_hash, 0, made.nef, made.manifest, 0)


class SmallWorld:
    """Contracts, a transaction with one signer, and StdLib and CryptoLib."""

    network: Final = 42
    address_version: Final = 0x35
    time_ms: Final = 1_600_000_000_123

    def __init__(self, *contracts: ContractState, signer: Signer | None = None, script: bytes = RET) -> None:
        self.contracts = {contract.script_hash: contract for contract in contracts}
        signer = signer or Signer(SIGNER, WitnessScope.Global)
        self.transaction: Transaction | None = Transaction(7, 8, 9, 10, (signer,), (), script)

    def contract(self, script_hash: UInt160) -> ContractState | None:
        return self.contracts.get(script_hash)

    def reads(self, run: ScriptRun, contract_id: int) -> None:
        if contract_id == 99:
            raise NotModelled("the storage of contract 99")

    def call_native(self, run: ScriptRun, native: Context, method: str, args: list[StackItem], reply: Reply) -> None:
        assert native.script_hash in (STD_LIB, CRYPTO_LIB)
        reply(pure_answer(native.script_hash, method, args))


class Ran:
    """A run of an entry script, ended."""

    def __init__(
        self, script: bytes, *contracts: ContractState, gas: int = 10**8, signer: Signer | None = None
    ) -> None:
        self.storage = DictStorage()
        self.run = ScriptRun(SmallWorld(*contracts, signer=signer, script=script), self.storage, gas, SERVICES)
        self.execution: Execution = self.run.execute_script(script)
        if self.execution.halted:
            self.run.storage.commit()

    @property
    def left(self) -> list[StackItem]:
        """The items that the script left."""
        assert self.execution.halted, self.execution.exception
        return list(self.execution.stack)

    @property
    def events(self) -> list[tuple[str, list[StackItem]]]:
        """Names and states of the events."""
        return [(str(event.event_name), list(event.state)) for event in self.execution.notifications]


def push(value: Pushable) -> bytes:
    """The instruction that pushes a value."""
    return ScriptBuilder().push(value).to_bytes()


def arg(index: int) -> bytes:
    """LDARG."""
    return bytes((0x78 + index,))


def syscall(name: str) -> bytes:
    """SYSCALL of a service, `System.` left out."""
    return b"\x41" + syscall_id(f"System.{name}")


def call(target: ContractState, method: str, *args: Pushable, flags: int = 15) -> bytes:
    """A dynamic call with constant arguments."""
    return ScriptBuilder().call(target.script_hash, method, list(args), flags).to_bytes()


def put(key: bytes, value: Pushable) -> bytes:
    """Writes to the running contract's storage."""
    return push(value) + push(key) + syscall("Storage.GetContext") + syscall("Storage.Put")


def notify(name: str, *values: bytes) -> bytes:
    """An event; each value is the instructions that push it."""
    return b"".join(reversed(values)) + push(len(values)) + b"\xc0" + push(name) + syscall("Runtime.Notify")


def caught(body: bytes) -> bytes:
    """TRY of instructions that leave one item; what is thrown is left instead."""
    catch_at, end_at = 9 + len(body) + 5, 9 + len(body) + 10
    return (
        b"\x3c"
        + catch_at.to_bytes(4, "little")
        + bytes(4)
        + body
        + b"\x3e"
        + (end_at - (9 + len(body))).to_bytes(4, "little")
        + b"\x3e"
        + (5).to_bytes(4, "little")
    )
