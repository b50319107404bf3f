"""The scripts of declared contracts, one a kind, made once: a contract's own constants are set into them.

A script begins with the part that asks for the owner, whose 20 bytes stand at `OWNER_AT`; decimals and symbol come
last. All that is between is the same for every token of a kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, STD_LIB
from rpcnode.models.declared.assembler import Assembler, units_of_way
from rpcnode.models.declared.fungible_script import fungible_parts
from rpcnode.models.declared.nft_script import divisible_parts, indivisible_parts
from rpcnode.models.declared.parts import ACCOUNT_SIZE, hooks, owner_part
from rpcnode.models.modelled import COMPILER
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.nef import MethodToken, Nef
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.push import push_data, push_integer
from rpcnode.vm.items import integer_of
from rpcnode.vm.opcode import Opcode as Op
from rpcnode.vm.script import read_instruction

OWNER_AT: Final = 2  # behind PUSHDATA1 and the size

_RET: Final = bytes((Op.RET,))

TOKENS: Final = (
    MethodToken(CONTRACT_MANAGEMENT, "getContract", 1, True, CallFlags.ReadStates),
    MethodToken(STD_LIB, "serialize", 1, True, CallFlags.None_),
    MethodToken(STD_LIB, "deserialize", 1, True, CallFlags.None_),
)
"""The methods that the NEFs name: GET_CONTRACT, SERIALIZE, DESERIALIZE."""

TOKEN_UNITS: Final = (
    Op.PUSH0.price + (1 << 15),
    Op.PUSH0.price + (1 << 12),
    Op.PUSH0.price + (1 << 14),
)
"""What each of them costs behind CALLT: a native method's script, which pushes its version, and the CPU fee."""


class Kind(Enum):
    """What a declared contract is; the values are how its NEF says so."""

    FUNGIBLE = "fungible token"
    INDIVISIBLE = "indivisible NEP-11 token"
    DIVISIBLE = "divisible NEP-11 token"
    PLAIN = "contract without a standard"


class Constants(NamedTuple):
    """What a script of its kind has of its own; `owner` has 20 bytes."""

    owner: bytes
    symbol: str
    decimals: int


@dataclass(frozen=True, eq=False)
class Template:
    """A kind's script without the constants of one token: `labels` are positions in it."""

    kind: Kind
    script: bytes
    labels: Mapping[str, int]
    _units: dict[tuple[str, ...], int] = field(default_factory=dict)

    def script_of(self, constants: Constants) -> bytes:
        """The script of one contract."""
        if self.kind is Kind.PLAIN:
            return self.script
        begin, rest = self.script[:OWNER_AT], self.script[OWNER_AT + ACCOUNT_SIZE :]
        return b"".join((begin, constants.owner, rest, *_tail(constants)))

    def offset(self, label: str, constants: Constants) -> int:
        """Where a method begins in the script of one contract."""
        if label == "decimals":
            return len(self.script)
        if label == "symbol":
            return len(self.script) + len(_tail(constants)[0])
        return self.labels[label]

    def symbol_units(self, constants: Constants) -> int:
        """What the method `symbol` costs."""
        return Op(_tail(constants)[1][0]).price

    def nef(self, constants: Constants) -> Nef:
        """The NEF of one contract; its compiler says that it was generated, its source of which kind it is."""
        return Nef(COMPILER, self.script_of(constants), self.kind.value, TOKENS)

    def constants_of(self, nef: Nef) -> Constants | None:
        """The constants of the contract whose NEF this is; None for a NEF that was not made so."""
        script, size = nef.script, len(self.script)
        constants = Constants(bytes(ACCOUNT_SIZE), "", 0)
        if self.kind is not Kind.PLAIN:
            try:
                decimals = read_instruction(script, size)
                symbol = read_instruction(script, decimals.next + 1).data.decode()
            except (VmFault, IndexError, UnicodeDecodeError):
                return None
            number = integer_of(decimals.data) if decimals.data else decimals.opcode - Op.PUSH0
            constants = Constants(script[OWNER_AT : OWNER_AT + ACCOUNT_SIZE], symbol, number)
        return constants if nef == self.nef(constants) else None

    def units(self, way: tuple[str, ...]) -> int:
        """What a method costs, in units of opcode prices, by the way it takes.

        A way is the label at which the method begins, then those that conditional jumps are taken to.
        """
        found = self._units.get(way)
        if found is None:
            start, *taken = (self.labels[label] for label in way)
            found = self._units[way] = units_of_way(self.script, start, taken, TOKEN_UNITS)
        return found


def _tail(constants: Constants) -> tuple[bytes, bytes]:
    return push_integer(constants.decimals) + _RET, push_data(constants.symbol.encode()) + _RET


def _plain_parts(code: Assembler) -> None:
    code.label("main").op(Op.RET)
    hooks(code)


_PARTS: Final[dict[Kind, Callable[[Assembler], None]]] = {
    Kind.FUNGIBLE: fungible_parts,
    Kind.INDIVISIBLE: indivisible_parts,
    Kind.DIVISIBLE: divisible_parts,
    Kind.PLAIN: _plain_parts,
}


@cache
def template_of(kind: Kind) -> Template:
    """The template of a kind."""
    code = Assembler()
    if kind is not Kind.PLAIN:
        owner_part(code, bytes(ACCOUNT_SIZE))
    _PARTS[kind](code)
    return Template(kind, code.to_bytes(), code.labels)
