"""What random code is written with: the rng, the script, keys and values, and where what comes out goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from rpcnode.execution.native_hashes import STD_LIB
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.code import Code
from tests.oracles.neogo.people import Key

INTEGER, BYTES, BUFFER, ARRAY, STRUCT, MAP = 0x21, 0x28, 0x30, 0x40, 0x41, 0x48
EDGES: Final = (0, 1, -1, 2, 127, 128, 255, 256, -129, 2**31 - 1, 2**31, -(2**31), 2**63, -(2**63), 2**128, 2**255 - 1)


@dataclass
class Loom:
    """Writes into `code`. `stored`: whether it is a contract's, which has storage and its depth as argument 0.

    Local 0 is the array of an entry script, 1 to 3 are anybody's for a moment.
    """

    rng: Random
    code: Code
    users: Sequence[Key]
    targets: Sequence[UInt160] = ()
    stored: bool = True
    weights: Mapping[str, float] = field(default_factory=dict)
    level: int = 0

    @property
    def local(self) -> float:
        """How likely the services of Faun are taken for storage."""
        return self.weights.get("local", 0.3)

    def sink(self, kind: int = BYTES) -> None:
        """Takes the item on top of the stack: a compound one is serialized before it is stored."""
        if not self.stored:
            self.code.op(Opcode.LDLOC0, Opcode.SWAP, Opcode.APPEND)
            return
        if kind in (ARRAY, STRUCT, MAP):
            self.code.contract(STD_LIB, "serialize", 1)
        self.put_row(self.a_key())

    def put_row(self, key: bytes) -> None:
        """Stores the item on top of the stack under a key."""
        self.code.push(key)
        if self.rng.random() < self.local:
            self.code.syscall("System.Storage.Local.Put")
        else:
            self.code.syscall("System.Storage.GetContext").syscall("System.Storage.Put")

    def get_row(self, key: bytes) -> None:
        """Leaves the value under a key, or Null."""
        self.code.push(key)
        if self.rng.random() < self.local:
            self.code.syscall("System.Storage.Local.Get")
        else:
            context = self.rng.choice(("GetContext", "GetReadOnlyContext"))
            self.code.syscall(f"System.Storage.{context}").syscall("System.Storage.Get")

    def a_key(self) -> bytes:
        """A key of a few that many writers share."""
        key = self.rng.choice((b"a", b"b", b"ab", b"abc", b"b\x00", b"b\xff", b"", b"n", b"k" * 63))
        return key + bytes(self.rng.choices(b"012", k=self.rng.randrange(2)))

    def some_bytes(self) -> bytes:
        """Bytes of any size that fits a key or a value."""
        size = self.rng.choice((0, 1, 1, 3, 8, 20, 32, 33, 60, 300))
        return self.rng.randbytes(size)

    def an_integer(self) -> int:
        """An integer, often at an edge."""
        if self.rng.random() < 0.25:
            return self.rng.choice(EDGES)
        return self.rng.randrange(-(10 ** self.rng.randrange(1, 30)), 10 ** self.rng.randrange(1, 30)) or 1

    def push_depth(self) -> None:
        """Leaves how deep calls may go from here."""
        if self.stored:
            self.code.op(Opcode.LDARG0)
        else:
            self.code.push(self.rng.randrange(4))
