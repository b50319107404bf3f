"""Random work of the machine alone."""

from typing import Final

from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.weaving.loom import ARRAY, BYTES, INTEGER, STRUCT, Loom

_PAIRS: Final = (Opcode.ADD, Opcode.SUB, Opcode.MUL, Opcode.DIV, Opcode.MOD, Opcode.MIN, Opcode.MAX, Opcode.AND)
_MORE_PAIRS: Final = (Opcode.OR, Opcode.XOR, Opcode.LT, Opcode.GE, Opcode.NUMEQUAL, Opcode.EQUAL, Opcode.BOOLOR)
_SINGLES: Final = (Opcode.SIGN, Opcode.ABS, Opcode.NEGATE, Opcode.INC, Opcode.DEC, Opcode.NOT, Opcode.NZ, Opcode.INVERT)


class MachineSnippets(Loom):
    """Values that are made, changed and kept."""

    def arithmetic(self) -> None:
        """Integers at the edges."""
        self.code.push(self.an_integer()).push(self.an_integer())
        self.code.op(self.rng.choice((*_PAIRS, *_MORE_PAIRS)))
        if self.rng.random() < 0.5:
            self.code.op(self.rng.choice(_SINGLES))
        self.sink(INTEGER)

    def powers(self) -> None:
        """SHL, SHR, POW, SQRT, MODMUL, MODPOW."""
        code = self.code
        match self.rng.randrange(4):
            case 0:
                code.push(self.an_integer()).push(self.rng.choice((1, 8, 20, 100, 256, 257)))
                code.op(self.rng.choice((Opcode.SHL, Opcode.SHR)))
            case 1:
                code.push(self.rng.choice((2, -3, 10))).push(self.rng.choice((0, 3, 50, 70, 255))).op(Opcode.POW)
            case 2:
                code.push(abs(self.an_integer())).op(Opcode.SQRT)
            case _:
                code.push(self.an_integer()).push(self.an_integer()).push(
                    self.rng.choice((7, 2**61 - 1, -5, 10**30, 0))
                )
                code.op(Opcode.MODMUL)
        self.sink(INTEGER)

    def compound(self) -> None:
        """An array, a struct or a map that is changed in several ways."""
        code = self.code
        code.value([self.an_integer(), self.some_bytes(), [1, 2], {b"k": 1, b"l": [3]}])
        if self.rng.random() < 0.3:
            code.convert(STRUCT)
        for _ in range(self.rng.randrange(4)):
            match self.rng.randrange(5):
                case 0:
                    code.op(Opcode.DUP).push(self.an_integer()).op(Opcode.APPEND)
                case 1:
                    code.op(Opcode.DUP, Opcode.REVERSEITEMS)
                case 2:
                    code.op(Opcode.DUP).push(self.rng.choice((0, 1, 2, 2, 6))).op(Opcode.REMOVE)
                case 3:
                    code.op(Opcode.DUP).push(self.rng.choice((0, 0, 1, 3))).push(b"new").op(Opcode.SETITEM)
                case _:
                    code.op(Opcode.DUP, Opcode.SIZE).push(2).op(Opcode.GT, Opcode.ASSERT)
        self.sink(ARRAY)

    def text(self) -> None:
        """CAT, SUBSTR, LEFT, RIGHT, and a Buffer in between."""
        code = self.code
        code.push(self.some_bytes()).push(self.some_bytes()).op(Opcode.CAT)
        if self.rng.random() < 0.6:
            code.push(self.rng.choice((0, 0, 1, 5))).op(self.rng.choice((Opcode.LEFT, Opcode.RIGHT)))
        code.convert(BYTES)
        self.sink()
