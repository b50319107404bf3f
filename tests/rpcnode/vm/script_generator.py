"""Random scripts that know what they do: each instruction is chosen for what the stack holds, so that none fails.

They are made by executing them: the items on the stack of a real engine decide what may come next. The engine's own
script holds each instruction once; whichever is chosen is jumped to.
"""

from collections.abc import Callable
from itertools import accumulate
from random import Random
from typing import Final

from rpcnode.primitives.push import push_data, push_integer
from rpcnode.vm.conversions import push
from rpcnode.vm.engine import Engine
from rpcnode.vm.items import Array, Buffer, Map, StackItem, StackItemType, Struct
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import Script

NUMBERS: Final = (0, 1, 2, 3, -1, 5, 16, 17, 255, 256, -129, 2**63, -(2**127))
DATA: Final = (b"", b"\x00", b"a", b"\x01", b"\xff\x00", b"key", b"x" * 32, b"y" * 33)
KEYS: Final = (0, 1, 2, True, False, b"a", b"\x01")
MOST_ITEMS: Final = 1500
MOVES: Final = (
    *(Opcode.DUP, Opcode.OVER, Opcode.SWAP, Opcode.TUCK, Opcode.NIP, Opcode.DROP, Opcode.DEPTH, Opcode.ROT),
    *(Opcode.REVERSE3, Opcode.REVERSE4, Opcode.PICK, Opcode.ROLL, Opcode.XDROP, Opcode.REVERSEN),
)
MAKERS: Final = (
    *(Opcode.NEWARRAY0, Opcode.NEWSTRUCT0, Opcode.NEWMAP, Opcode.NEWARRAY, Opcode.NEWSTRUCT),
    *(Opcode.PACK, Opcode.PACKSTRUCT, Opcode.PACKMAP),
)
TAKERS: Final = (Opcode.UNPACK, Opcode.VALUES, Opcode.SIZE, Opcode.CLEARITEMS)
NUMERIC: Final = (
    *(Opcode.AND, Opcode.OR, Opcode.XOR, Opcode.MIN, Opcode.MAX, Opcode.LT, Opcode.LE, Opcode.GT, Opcode.GE),
    *(Opcode.NUMEQUAL, Opcode.NUMNOTEQUAL, Opcode.SIGN, Opcode.INVERT, Opcode.NZ, Opcode.NOT, Opcode.CAT),
)
SLOTS: Final = tuple(
    Opcode(first + index)
    for first in (Opcode.LDLOC0, Opcode.LDSFLD0, Opcode.STLOC0, Opcode.STSFLD0)
    for index in range(3)
)
OTHERS: Final = (
    *(Opcode.PUSHNULL, Opcode.PUSHT, Opcode.PUSHF, Opcode.CLEAR, Opcode.LEFT, Opcode.RIGHT, Opcode.KEYS),
    *(Opcode.APPEND, Opcode.SETITEM, Opcode.REMOVE, Opcode.POPITEM, Opcode.PICKITEM, Opcode.HASKEY),
    *(Opcode.REVERSEITEMS, Opcode.EQUAL, Opcode.ISNULL),
)
FROM_ARRAYS: Final = (StackItemType.Array, StackItemType.Struct, StackItemType.Boolean)
CONVERSIONS: Final = (*FROM_ARRAYS, StackItemType.ByteString, StackItemType.Buffer)
INSTRUCTIONS: Final = (
    *(bytes((opcode,)) for opcode in (*MOVES, *MAKERS, *TAKERS, *NUMERIC, *SLOTS, *OTHERS)),
    *(bytes((Opcode.CONVERT, kind)) for kind in CONVERSIONS),
    *(bytes((Opcode.INITSSLOT, 3)), bytes((Opcode.INITSLOT, 3, 0))),
)
POSITIONS: Final = dict(zip(INSTRUCTIONS, accumulate(map(len, INSTRUCTIONS), initial=0), strict=False))


class ScriptGenerator:
    """Makes one script; `cyclic` lets arrays come to contain themselves, and each other."""

    def __init__(self, random: Random, cyclic: bool) -> None:
        self._random = random
        self._cyclic = cyclic
        self._script = bytearray()
        self._engine = Engine()
        self._frame = self._engine.load_script(Script(b"".join(INSTRUCTIONS)))
        self._stack = self._frame.stack

    def script(self, length: int) -> bytes:
        """A script of `length` choices, each one or a few instructions."""
        self._do(Opcode.INITSSLOT, 3)
        self._do(Opcode.INITSLOT, 3, 0)
        for _ in range(length):
            if self._engine.counter.count > MOST_ITEMS:
                self._do(Opcode.CLEAR)
            self._choose()
        return bytes(self._script)

    def _choose(self) -> None:
        top = self._stack[-1] if self._stack else None
        kind = self._random.randrange(10)
        if len(self._stack) < 4 or kind < 2:
            self._push(self._random.choice((None, True, False, *NUMBERS, *DATA)))
        elif kind == 2:
            self._load()
        elif kind == 3:
            index = self._random.randrange(3)
            self._do(Opcode(self._random.choice((Opcode.STLOC0, Opcode.STSFLD0)) + index))
        elif kind == 4:
            self._move()
        elif kind == 5:
            self._make()
        elif isinstance(top, Array):
            self._change_array(top)
        elif isinstance(top, Map):
            self._change_map(top)
        elif isinstance(top, Buffer):
            self._change_buffer(top)
        else:
            self._compute(top)

    def _do(self, *instruction: int) -> None:
        self._frame.jump(POSITIONS[bytes(instruction)])
        self._engine.step()
        assert self._engine.fault is None, self._engine.fault
        self._script += bytes(instruction)

    def _push(self, item: StackItem) -> None:
        if isinstance(item, bool):
            self._do(Opcode.PUSHT if item else Opcode.PUSHF)
        elif isinstance(item, int | bytes):
            self._script += push_integer(item) if isinstance(item, int) else push_data(item)
            push(self._frame, item)
        else:
            self._do(Opcode.PUSHNULL)

    def _load(self) -> None:
        index = self._random.randrange(3)
        self._do(Opcode(self._random.choice((Opcode.LDLOC0, Opcode.LDSFLD0)) + index))

    def _below(self, end: int) -> int:
        return self._random.randrange(max(1, end))

    def _move(self) -> None:
        opcode = self._random.choice(MOVES)
        if opcode in (Opcode.PICK, Opcode.ROLL, Opcode.XDROP, Opcode.REVERSEN):
            self._push(self._below(min(6, len(self._stack))))
        self._do(opcode)

    def _make(self) -> None:
        opcode = self._random.choice(MAKERS)
        if opcode in (Opcode.NEWARRAY, Opcode.NEWSTRUCT, Opcode.PACK, Opcode.PACKSTRUCT):
            self._push(self._below(5))
        elif opcode is Opcode.PACKMAP:
            pairs = 0
            while 2 * pairs + 1 < len(self._stack) and isinstance(self._stack[-1 - 2 * pairs], int | bytes):
                key = self._stack[-1 - 2 * pairs]
                if isinstance(key, bytes) and len(key) > 64:
                    break
                pairs += 1
            self._push(pairs)
        self._do(opcode)

    def _item(self) -> None:
        if self._cyclic:
            self._load()
        else:
            self._push(self._random.choice((None, *NUMBERS, *DATA)))
            if self._random.random() < 0.5:
                self._push(1)
                self._do(self._random.choice((Opcode.PACK, Opcode.PACKSTRUCT)))

    def _change_array(self, array: Array) -> None:
        changes: list[Callable[[], None]] = [
            lambda: self._do(self._random.choice((*TAKERS, Opcode.REVERSEITEMS))),
            lambda: self._with(Opcode.APPEND, self._item),
            lambda: self._do(Opcode.CONVERT, self._random.choice(FROM_ARRAYS)),
        ]
        if array.items:
            index = self._below(len(array.items))
            changes += (
                lambda: self._with(Opcode.PICKITEM, lambda: self._push(index)),
                lambda: self._with(Opcode.SETITEM, lambda: self._push(index), self._item),
                lambda: self._with(Opcode.REMOVE, lambda: self._push(index)),
                lambda: self._do(Opcode.POPITEM),
            )
        if isinstance(array, Struct) and isinstance(self._stack[-2], Struct) and not self._cyclic:
            changes.append(lambda: self._do(Opcode.EQUAL))
        self._random.choice(changes)()

    def _change_map(self, target: Map) -> None:
        key = self._random.choice(KEYS)
        changes: list[Callable[[], None]] = [
            lambda: self._do(self._random.choice((*TAKERS, Opcode.KEYS))),
            lambda: self._with(Opcode.SETITEM, lambda: self._push(key), self._item),
            lambda: self._with(Opcode.REMOVE, lambda: self._push(key)),
            lambda: self._with(Opcode.HASKEY, lambda: self._push(key)),
        ]
        if target.entries:
            found, _ = self._random.choice(list(target.pairs()))
            changes.append(lambda: self._with(Opcode.PICKITEM, lambda: self._push(found)))
        self._random.choice(changes)()

    def _change_buffer(self, buffer: Buffer) -> None:
        changes: list[Callable[[], None]] = [
            lambda: self._do(self._random.choice((Opcode.SIZE, Opcode.REVERSEITEMS))),
            lambda: self._do(Opcode.CONVERT, StackItemType.ByteString),
            lambda: self._cut(self._below(len(buffer) + 1)),
        ]
        self._random.choice(changes)()

    def _compute(self, top: StackItem) -> None:
        below = self._stack[-2]
        if isinstance(top, int) and isinstance(below, int) and self._random.random() < 0.7:
            self._do(self._random.choice(NUMERIC))
        elif isinstance(top, bytes):
            self._do(Opcode.CONVERT, StackItemType.Buffer)
        else:
            self._do(Opcode.ISNULL)

    def _cut(self, size: int) -> None:
        self._push(size)
        self._do(self._random.choice((Opcode.LEFT, Opcode.RIGHT)))

    def _with(self, opcode: Opcode, *push_operands: Callable[[], None]) -> None:
        """Keep the compound, push operands and do something with a second reference to it."""
        self._do(Opcode.DUP)
        for push_operand in push_operands:
            push_operand()
        self._do(opcode)
