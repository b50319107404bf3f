"""Scripts of Neo 2 and preview2 that do nothing but call contracts, read as the calls they make.

They are what wallets and clients write: arguments, a method's name, the call, and mostly an assertion that it is true.
Any other script is one for the VM of its version, which does not exist here.
Source: neo 2.12.0 and 3.0.0-preview2, Neo: VM/Helper.EmitAppCall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from rpcnode.payloads.older_witnesses import pushed_at
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem

_MOST_CALLS: Final = 1024


class ScriptCall(NamedTuple):
    """One call; `is_asserted`: the script fails unless it leaves true, which is taken from the stack then."""

    contract: UInt160
    method: str
    args: tuple[StackItem, ...]
    is_asserted: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """The instructions of a version. `call`: what calls, and whether the hash stands in it or on the stack."""

    call: bytes
    names_contract: bool
    assertion: int
    pack: int
    no_list: bytes
    """What pushes an empty list."""
    ret: int
    numbers: frozenset[int]
    """The instructions that push a number."""


_FORMS: Final[dict[ProfileName, _Form]] = {
    "n2": _Form(b"\x67", True, 0xF1, 0xC1, b"", 0x66, frozenset((0x4F, *range(0x51, 0x61)))),
    "n3-preview": _Form(
        bytes.fromhex("41627d5b52"), False, 0x38, 0xC0, b"\x10\xc3", 0x40, frozenset((*range(6), *range(0x0F, 0x21)))
    ),
}


def calls_of(profile: ProfileName, script: bytes) -> tuple[ScriptCall, ...] | None:
    """The calls that a script makes, in order; None for one that does anything else."""
    form = _FORMS[profile]
    stack: list[StackItem] = []
    calls: list[ScriptCall] = []
    at = 0
    while at < len(script):
        if script[at] == form.ret:
            break
        if form.no_list and script.startswith(form.no_list, at):
            stack.append(Array(()))
            at += len(form.no_list)
            continue
        for read in (_call, _pack, _pushed):
            after = read(profile, form, script, at, stack, calls)
            if after is not None:
                at = after
                break
        else:
            return None
        if len(calls) > _MOST_CALLS:
            return None
    return tuple(calls) if calls and not stack else None


_Read = Callable[[ProfileName, _Form, bytes, int, list[StackItem], list[ScriptCall]], int | None]


def _call(
    profile: ProfileName, form: _Form, script: bytes, at: int, stack: list[StackItem], calls: list[ScriptCall]
) -> int | None:
    if not script.startswith(form.call, at):
        return None
    at += len(form.call)
    if form.names_contract:
        contract: StackItem = script[at : at + UInt160.SIZE]
        at += UInt160.SIZE
    else:
        contract = stack.pop() if stack else None
    if len(stack) != 2 or not isinstance(contract, bytes) or len(contract) != UInt160.SIZE:
        return None
    args, method = stack
    # An empty list is a falsehood, too, as older wallets of Neo 2 write it.
    listed = args.items if isinstance(args, Array) else () if args == b"" else None
    if listed is None or not isinstance(method, bytes) or not method.isascii():
        return None
    stack.clear()
    is_asserted = script[at : at + 1] == bytes((form.assertion,))
    calls.append(ScriptCall(UInt160(contract), method.decode("ascii"), tuple(listed), is_asserted))
    return at + is_asserted


def _pack(
    profile: ProfileName, form: _Form, script: bytes, at: int, stack: list[StackItem], calls: list[ScriptCall]
) -> int | None:
    if script[at] != form.pack or not stack:
        return None
    count = stack.pop()
    if count == b"":
        count = 0
    if not isinstance(count, int) or not 0 <= count <= len(stack):
        return None
    items = [stack.pop() for _ in range(count)]
    stack.append(Array(items))
    return at + 1


def _pushed(
    profile: ProfileName, form: _Form, script: bytes, at: int, stack: list[StackItem], calls: list[ScriptCall]
) -> int | None:
    found = pushed_at(profile, script, at)
    if found is None:
        return None
    push, after = found
    stack.append(push.number if push.opcode in form.numbers else push.value)
    return after
