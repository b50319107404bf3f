"""Handlers of system calls made from plain functions: what the signature says is read once, when the table is made."""

from collections.abc import Callable
from inspect import signature
from typing import Any, NamedTuple

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import Syscall
from rpcnode.execution.syscalls.arguments import DOTNET_CLASSES, check_class, popper_of
from rpcnode.payloads.flags import CallFlags
from rpcnode.vm.conversions import push
from rpcnode.vm.script_builder import syscall_id


class Row(NamedTuple):
    """A system call as it is declared; the price is in units of opcode prices.

    `function` takes the engine, then what its annotations say, the first argument being on top of the stack; it gives
    what to push, nothing when annotated None.
    """

    name: str
    price: int
    flags: CallFlags
    function: Callable[..., Any]
    hardfork: Hardfork | None = None

    @property
    def number(self) -> int:
        """The number by which SYSCALL asks for it."""
        return int.from_bytes(syscall_id(self.name), "little")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters as .NET has them: `call_flags` is callFlags."""
        return tuple(_dotnet_name(name) for name in [*signature(self.function).parameters][1:])

    def bound(self) -> Syscall:
        """The system call as the engine takes it."""
        return Syscall(self.price, int(self.flags), _handler(self.function, self.parameters), self.hardfork)


def _dotnet_name(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def _handler(function: Callable[..., Any], names: tuple[str, ...]) -> Callable[[Any], None]:
    """The function with arguments off the stack.

    It is composed as source, as the standard library does for records: a call from a script then costs as many Python
    calls as there are arguments, and no loop.
    """
    scope: dict[str, Any] = {"function": function, "push": push, "check_class": check_class}
    lines = ["def handler(run):", "    frame = run.frames[-1]"]
    checks = []
    annotations = [parameter.annotation for parameter in signature(function).parameters.values()][1:]
    for index, (annotation, name) in enumerate(zip(annotations, names, strict=True)):
        scope[f"pop{index}"] = popper_of(name, annotation)
        lines.append(f"    arg{index} = pop{index}(frame)")
        if annotation in DOTNET_CLASSES:
            scope[f"Class{index}"] = annotation
            checks.append(f"    if arg{index}.__class__ is not Class{index}: check_class(arg{index}, Class{index})")
    call = f"function({', '.join(('run', *(f'arg{index}' for index in range(len(names)))))})"
    is_void = signature(function).return_annotation is None
    lines += [*checks, f"    {call}" if is_void else f"    push(frame, {call})"]
    exec("\n".join(lines), scope)
    handler: Callable[[Any], None] = scope["handler"]
    return handler
