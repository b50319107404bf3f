"""What a run called and what it changed, as `useDiagnostic` of the invoke methods shows it.

Source: neo-node 3.10.2, plugins/RpcServer/Diagnostics/*.cs; RpcServer.SmartContract.cs: ToJson.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, NoReturn

from rpcnode.execution.application_engine import ApplicationEngine, Call, Listener
from rpcnode.execution.context import Context
from rpcnode.execution.serializers.item_text import NO_LIMIT, ItemTexts, string_text
from rpcnode.execution.snapshot import ADDED, CHANGED, DELETED, Snapshot
from rpcnode.execution.traced_syscalls import TRACED, TracedSyscall
from rpcnode.payloads.verification import script_hash as hash_of_script
from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.code import OUTSIDE, JumpTable, Operation
from rpcnode.vm.items import Array, Buffer, Pointer, Primitive, StackItem, primitive_bytes
from rpcnode.vm.machine import Frame
from rpcnode.vm.opcode import Opcode

ESCAPED_PLUS: Final = "\\u002B"


class _Unseen(Exception):
    """The node's own look at an instruction fails: it notes nothing, and the instruction fails after that."""


class _Syscall:
    """A system call that is no call of a script: `text` up to its result."""

    __slots__ = ("result", "text")

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.result = "null"


class Node:
    """A call: of a contract, of a function of the same script, or of a script that a script made.

    `hash` is of the script that is called; None where that is the caller's. `loaded` is how many of its frames are on
    the invocation stack. `depth` is of its object in the JSON of all.
    """

    __slots__ = ("args", "caller", "calls", "depth", "has_result", "hash", "head", "is_native", "loaded", "result")

    def __init__(self, head: str, caller: "Node | None", script_hash: UInt160 | None, *, has_result: bool) -> None:
        self.head: Final = head
        self.caller: Final = caller
        self.hash: Final = script_hash
        self.has_result: Final = has_result
        self.depth: Final[int] = 1 if caller is None else caller.depth + 2
        self.args: list[str] = []
        self.calls: list[Node | _Syscall] = []
        self.result = "null"
        self.is_native: bool | None = None
        self.loaded = 0

    @property
    def opening(self) -> str:
        """Its JSON up to the calls in it."""
        text = self.head
        if self.caller is not None:
            text += f',"args":[{",".join(self.args)}]'
        if self.has_result:
            text += f',"return":{self.result}'
        if self.is_native is not None:
            text += f',"isNative":{"true" if self.is_native else "false"}'
        return f'{text},"calls":['


class Diagnostics(Listener):
    """Notes the calls of one run. Raises ItemTooLarge once their JSON would be longer than `most` characters."""

    def __init__(self, most: int = NO_LIMIT) -> None:
        self.depth = 2  # how deep objects and lists nest in the JSON of all
        self.has_circle = False  # an argument or a result contains itself: the node fails when it shows it
        self._left = most
        self._root: Node | None = None
        self._node: Node | None = None

    def watched(self, table: JumpTable) -> JumpTable:
        found = _TABLES.get(id(table))
        if found is None:
            found = _TABLES[id(table)] = {
                **table,
                **{opcode: _watched(table[opcode], before) for opcode, before in _BEFORE.items()},
                Opcode.SYSCALL: _watched_syscall(table[Opcode.SYSCALL]),
            }
        return found

    def context_loaded(self, run: ApplicationEngine, frame: Frame) -> None:
        if self._node is None:
            context = frame.shared.host
            assert isinstance(context, Context)
            self._node = self._root = Node('{"type":"root"', None, context.script_hash, has_result=False)
        self._node.loaded += 1

    def context_unloaded(self, run: ApplicationEngine, frame: Frame) -> None:
        node = self._node
        assert node is not None
        node.loaded -= 1
        if not node.loaded:
            self._node = node.caller

    def call_from_native(self, run: ApplicationEngine, call: Call) -> None:
        self._called(call.contract, call.method, call.args)

    # What it is told by the instructions that it watches

    def before_call(self, frame: Frame, position: int) -> None:
        """A function of the same script is about to be called."""
        self._enter(Node(f'{{"type":"call","position":{position}', self._node, None, has_result=False), ())

    def before_pointer_call(self, frame: Frame, operand: None) -> None:
        """The same, by a pointer."""
        pointer = _peek(frame, 0)
        if isinstance(pointer, Pointer):
            self.before_call(frame, pointer.position)

    def before_token_call(self, frame: Frame, index: int) -> None:
        """A contract is about to be called, by a token."""
        contract = frame.engine.context.contract  # type: ignore[attr-defined]
        if contract is None or index >= len(contract.nef.tokens):
            raise _Unseen
        token = contract.nef.tokens[index]
        self._called(token.hash, token.method, [_peek(frame, at) for at in range(token.parameter_count)])

    def before_slots(self, frame: Frame, sizes: tuple[int, int]) -> None:
        """A function is about to take its arguments."""
        node = self._node
        if node is not None and node.caller is not None and node.hash is None:
            for at in range(sizes[1]):
                node.args.append(self._text(_peek(frame, at), node.depth + 1))

    def before_return(self, frame: Frame, operand: None) -> None:
        """A frame is about to end."""
        node = self._node
        if frame.result_count and frame.stack and node is not None and node.has_result:
            node.result = self._text(frame.stack[-1], node.depth)

    def before_syscall(self, frame: Frame, api: int) -> None:
        """A service is about to be called."""
        traced = TRACED.get(api)
        if traced is None:
            raise _Unseen
        special = _SPECIAL.get(traced.name)
        if special is not None:
            special(self, frame)
            return
        node = self._node
        assert node is not None
        args = [self._text(_peek(frame, at), node.depth + 3) for at in range(traced.parameters)]
        text = f'{{"type":"syscall","name":"{traced.name}","args":[{",".join(args)}],"result":'
        self._spend(len(text))
        node.calls.append(_Syscall(text))
        self.depth = max(self.depth, node.depth + 3)

    def after_syscall(self, frame: Frame, api: int) -> None:
        """It has answered."""
        node = self._node
        if node is not None and node.calls and isinstance(last := node.calls[-1], _Syscall):
            traced: TracedSyscall = TRACED[api]
            if traced.has_result:
                stack = frame.engine.frames[-1].stack
                if stack:
                    last.result = self._text(stack[-1], node.depth + 2)

    def before_contract_call(self, frame: Frame) -> None:
        """A contract is about to be called."""
        target, method, args = _bytes(_peek(frame, 0)), _peek(frame, 1), _peek(frame, 3)
        if len(target) != UInt160.SIZE or not isinstance(args, Array):
            raise _Unseen
        self._called(UInt160(target), None if method is None else _text(method), args.items)

    def before_native(self, frame: Frame) -> None:
        """A native contract is about to work."""
        if self._node is not None and self._node.is_native is not None:
            self._node.is_native = True

    def before_script(self, frame: Frame) -> None:
        """A script that a script made is about to be called."""
        script, args = _bytes(_peek(frame, 0)), _peek(frame, 2)
        if not isinstance(args, Array):
            raise _Unseen
        called = hash_of_script(script)
        head = f'{{"type":"dynamic","hash":"{called}"'
        self._enter(Node(head, self._node, called, has_result=True), args.items)

    def _called(self, contract: UInt160, method: str | None, args: Sequence[StackItem]) -> None:
        name = "null" if method is None else string_text(method)
        head = f'{{"type":"invocation","hash":"{contract}","method":{name}'
        node = Node(head, self._node, contract, has_result=True)
        node.is_native = False
        self._enter(node, args)

    def _enter(self, node: Node, args: Iterable[StackItem]) -> None:
        caller = node.caller
        assert caller is not None
        node.args += [self._text(item, node.depth + 1) for item in args]
        self._spend(len(node.head) + _AROUND_NODE)
        self.depth = max(self.depth, node.depth + 1)
        caller.calls.append(node)
        self._node = node

    def _text(self, item: StackItem, depth: int) -> str:
        """The JSON of an item as it is now, which stands at a depth."""
        try:
            text, inner = ItemTexts(self._left, as_immutable=True).of(item)
        except RecursiveReference:
            self.has_circle = True
            return "null"
        self._spend(len(text) + 1)
        self.depth = max(self.depth, depth + inner)
        return text

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise ItemTooLarge("what the run called is longer than the answer may be")

    # What it noted

    def traces(self) -> str:
        """All calls, with arguments and results."""
        return self._written(lambda node: node.opening, "]}", lambda call: f"{call.text}{call.result}}}")

    def invoked_contracts(self) -> str:
        """The scripts that were called; a script that only made system calls has an empty list."""
        hashes: dict[int, UInt160] = {}

        def opening(node: Node) -> str:
            called = hashes[id(node.caller)] if node.hash is None else node.hash
            hashes[id(node)] = called
            return f'{{"hash":"{called}"' + (',"call":[' if node.calls else "")

        return self._written(opening, "]}", lambda call: "", without_calls="}")

    def _written(
        self,
        opening: Callable[[Node], str],
        closing: str,
        syscall: Callable[[_Syscall], str],
        without_calls: str | None = None,
    ) -> str:
        assert self._root is not None
        parts = [opening(self._root)]
        path = [(self._root, iter(self._root.calls))]
        is_first = True
        while path:
            node, calls = path[-1]
            for call in calls:
                text = syscall(call) if isinstance(call, _Syscall) else opening(call)
                if text:
                    parts.append(text if is_first else "," + text)
                    is_first = isinstance(call, Node)
                if isinstance(call, Node):
                    path.append((call, iter(call.calls)))
                    break
            else:
                path.pop()
                parts.append(closing if without_calls is None or node.calls else without_calls)
                is_first = False
        return "".join(parts)


def storage_changes(snapshot: Snapshot) -> str:
    """What a layer of storage has changed, in the order of the first change; deleted rows have their value."""
    rows = []
    for (contract_id, key), cell in snapshot.tracked():
        whole = _base64(contract_id.to_bytes(4, "little", signed=True) + key)
        rows.append(f'{{"state":"{_STATES[cell.state]}","key":"{whole}","value":"{_base64(cell.value)}"}}')
    return f"[{','.join(rows)}]"


_STATES: Final = {ADDED: "Added", CHANGED: "Changed", DELETED: "Deleted"}
_AROUND_NODE: Final = 130  # characters of a call in both lists besides its head and its items
_TABLES: Final[dict[int, JumpTable]] = {}

_BEFORE: Final[dict[Opcode, Callable[[Diagnostics, Frame, Any], None]]] = {
    Opcode.CALL: lambda listener, frame, target: listener.before_call(frame, _position(target)),
    Opcode.CALL_L: lambda listener, frame, target: listener.before_call(frame, _position(target)),
    Opcode.CALLA: Diagnostics.before_pointer_call,
    Opcode.CALLT: Diagnostics.before_token_call,
    Opcode.INITSLOT: Diagnostics.before_slots,
    Opcode.RET: Diagnostics.before_return,
}
_SPECIAL: Final[dict[str, Callable[[Diagnostics, Frame], None]]] = {
    "System.Contract.Call": Diagnostics.before_contract_call,
    "System.Contract.CallNative": Diagnostics.before_native,
    "System.Runtime.LoadScript": Diagnostics.before_script,
}


def _watched(operation: Operation, before: Callable[[Diagnostics, Frame, Any], None]) -> Operation:
    def watched(frame: Frame, operand: Any) -> None:
        with suppress(_Unseen):
            before(frame.engine.listener, frame, operand)  # type: ignore[attr-defined]
        operation(frame, operand)

    return watched


def _watched_syscall(operation: Operation) -> Operation:
    watched = _watched(operation, Diagnostics.before_syscall)

    def watched_to_its_end(frame: Frame, api: int) -> None:
        watched(frame, api)
        frame.engine.listener.after_syscall(frame, api)  # type: ignore[attr-defined]

    return watched_to_its_end


def _position(target: int) -> int:
    return target if target >= 0 else target - OUTSIDE


def _peek(frame: Frame, at: int) -> StackItem:
    stack = frame.stack
    if at >= len(stack):
        raise _Unseen
    return stack[-1 - at]


def _bytes(item: StackItem) -> bytes:
    """The bytes of an item that has some."""
    if isinstance(item, Buffer):
        return bytes(item)
    return primitive_bytes(item) if isinstance(item, Primitive) else _unseen()


def _text(item: StackItem) -> str:
    try:
        return _bytes(item).decode()
    except UnicodeDecodeError:
        return _unseen()


def _unseen() -> NoReturn:
    raise _Unseen


def _base64(data: bytes) -> str:
    return b64encode(data).decode().replace("+", ESCAPED_PLUS)
