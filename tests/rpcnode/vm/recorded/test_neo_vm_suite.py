"""neo-vm's own JSON tests, from the folder in NEO_VM_TESTS or beside the checkout: every step of every script.

A step runs actions of the debugger, then compares what the file gives: state, frames with their stacks and slots,
results, references, message of the fault. Source of the rules: neo-vm, tests: VMJsonTestBase.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import push
from rpcnode.vm.debugger import Debugger
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, primitive_bytes, type_of
from rpcnode.vm.machine import Frame
from rpcnode.vm.opcode import Opcode
from tests import PROJECT

BESIDE = PROJECT.parent / "shared" / "data" / "neo-vm-tests"
FOLDER = Path(os.environ.get("NEO_VM_TESTS", BESIDE))
FILES = sorted(FOLDER.rglob("*.json")) if FOLDER.is_dir() else []
LATER = {"OpCodes/Stack/ROLL: With 0 and empty stack"}
"""What neo-vm does from after 3.10.2 on; neo-cli 3.10.2 halts there, see recorded_scripts.json.gz."""

NAMES = Opcode.__members__
CODES = {int(opcode): opcode.name for opcode in Opcode}


class SuiteEngine(Engine):
    """The two syscalls that the files use."""

    def syscall(self, api: int) -> None:
        if api == 0x77777777:
            push(self.frames[-1], InteropInterface(object()))
        elif api == 0xADDEADDE:
            self.throw(b"error")
        else:
            raise VmFault("no such syscall")


def cases() -> Iterator[Any]:
    for path in FILES:
        for test in json.loads(path.read_text("utf-8-sig"))["tests"]:
            name = f"{path.relative_to(FOLDER).with_suffix('').as_posix()}: {test['name']}"
            if name not in LATER:
                yield pytest.param(test, id=name)


def script_bytes(script: str | list[str]) -> bytes:
    if isinstance(script, str):
        return bytes.fromhex(script.removeprefix("0x"))
    return b"".join(
        bytes((NAMES[word],)) if word in NAMES else bytes.fromhex(word.removeprefix("0x")) for word in script
    )


def expected_item(item: dict[str, Any]) -> object:
    """An item of the file in the form that `shown` gives to ours."""
    kind: str = item["type"].lower()
    value: Any = item.get("value")
    if kind in ("array", "struct"):
        return kind, [expected_item(element) for element in value]
    if kind == "map":
        return kind, [(key.lower(), expected_item(element)) for key, element in value.items()]
    if kind == "string":
        return "bytestring", value.encode().hex()
    if kind in ("bytestring", "buffer"):
        return kind, (value or "").removeprefix("0x").lower()
    if kind == "integer":
        return kind, int(value)
    return kind, value.lower() if kind == "interop" else value


def shown(item: StackItem) -> object:
    kind = type_of(item).name.lower()
    if isinstance(item, Map):
        pairs = [(primitive_bytes(key), element) for key, element in item.pairs()]
        return kind, [(f"0x{key.hex()}" if key else "", shown(element)) for key, element in pairs]
    if isinstance(item, Array):
        return kind, [shown(element) for element in item.items]
    if isinstance(item, InteropInterface):
        return "interop", type(item.value).__name__
    if isinstance(item, Pointer):
        return kind, item.position
    if isinstance(item, bytes | Buffer):
        return kind, item.hex()
    return ("null", None) if item is None else (kind, item)


def top_first(stack: Sequence[StackItem]) -> list[object]:
    return [shown(item) for item in reversed(stack)]


def items_of(expected: list[dict[str, Any]] | None) -> list[object]:
    return [expected_item(item) for item in expected or []]


def check_frame(frame: Frame, expected: dict[str, Any]) -> None:
    data = frame.script.data
    assert frame.ip == expected["instructionPointer"]
    code = data[frame.ip] if frame.ip < len(data) else int(Opcode.RET)
    assert CODES.get(code, str(code)) == expected["nextInstruction"].upper()
    if expected.get("evaluationStack") is not None:
        assert top_first(frame.stack) == items_of(expected["evaluationStack"])
    for slot, name in zip(frame.slots, ("staticFields", "localVariables", "arguments"), strict=True):
        assert [shown(item) for item in slot] == items_of(expected.get(name))


def check(engine: Engine, expected: dict[str, Any]) -> None:
    assert engine.state.name == expected["state"].upper(), engine.fault
    if engine.state is VmState.FAULT:
        if "exceptionMessage" in expected:
            assert str(engine.fault) == expected["exceptionMessage"]
        return
    frames = expected.get("invocationStack") or []
    assert len(engine.frames) == len(frames)
    for frame, expected_frame in zip(reversed(engine.frames), frames, strict=True):
        check_frame(frame, expected_frame)
    if expected.get("resultStack") is not None:
        assert top_first(engine.results) == items_of(expected["resultStack"])
    if expected.get("refs") is not None:
        assert engine.counter.count == expected["refs"]


@pytest.mark.skipif(not FILES, reason=f"neo-vm's tests are not in {FOLDER}")
@pytest.mark.parametrize("test", list(cases()))
def test_scripts_of_neo_vm_do_step_by_step_what_they_do_there(test: dict[str, Any]) -> None:
    engine = SuiteEngine()
    debugger = Debugger(engine)
    actions = {
        "execute": debugger.execute,
        "stepinto": debugger.step_into,
        "stepover": debugger.step_over,
        "stepout": debugger.step_out,
    }
    script = script_bytes(test["script"])
    if script:
        engine.load_script(script_of(script))
    for step in test.get("steps") or []:
        for action in step.get("actions") or []:
            actions[action.lower()]()
        check(engine, step["result"])
