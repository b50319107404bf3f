"""Witness rules: conditions on the calling context that allow or deny the use of a signature.

Conditions nest at most `MAX_NESTING` levels deep, the outermost included.
Source: neo, Neo: Network/P2P/Payloads/Conditions, WitnessRule.
"""

from abc import abstractmethod
from enum import IntEnum
from typing import ClassVar, Self

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

MAX_NESTING = 3
MAX_EXPRESSIONS = 16  # of one And or Or


class WitnessRuleAction(IntEnum):
    """What happens when the condition holds."""

    Deny = 0
    Allow = 1


class WitnessConditionType(IntEnum):
    """The type byte of each condition; the names are those of the JSON form."""

    Boolean = 0x00
    Not = 0x01
    And = 0x02
    Or = 0x03
    ScriptHash = 0x18
    Group = 0x19
    CalledByEntry = 0x20
    CalledByContract = 0x28
    CalledByGroup = 0x29


class WitnessCondition(Payload):
    """A condition; parsed, it may be any of its kinds."""

    __slots__ = ()
    type: ClassVar[WitnessConditionType]

    @property
    def nesting(self) -> int:
        """How many levels there are from here down, this one included."""
        return 1

    @classmethod
    def read_from(cls, reader: BinaryReader) -> "WitnessCondition":
        """A condition of any kind."""
        return _read_condition(reader, MAX_NESTING)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.type)
        self._write_body(writer)

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type.name, **self._json_body()}

    @classmethod
    @abstractmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        """What follows the type byte; `levels_left` may be nested in it."""

    @abstractmethod
    def _write_body(self, writer: BinaryWriter) -> None: ...

    @abstractmethod
    def _json_body(self) -> dict[str, Json]: ...


@dataclass(frozen=True, slots=True)
class BooleanCondition(WitnessCondition):
    """Holds always or never."""

    type = WitnessConditionType.Boolean
    expression: bool

    @classmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        return cls(reader.boolean())

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.boolean(self.expression)

    def _json_body(self) -> dict[str, Json]:
        return {"expression": self.expression}


@dataclass(frozen=True, slots=True)
class NotCondition(WitnessCondition):
    """Holds when another does not."""

    type = WitnessConditionType.Not
    expression: WitnessCondition

    @property
    def nesting(self) -> int:
        return 1 + self.expression.nesting

    @classmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        return cls(_read_condition(reader, levels_left))

    def _write_body(self, writer: BinaryWriter) -> None:
        self.expression.write_to(writer)

    def _json_body(self) -> dict[str, Json]:
        return {"expression": self.expression.to_json()}


@dataclass(frozen=True, slots=True)
class _ListCondition(WitnessCondition):
    """Combines 1 to 16 others."""

    expressions: tuple[WitnessCondition, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.expressions) <= MAX_EXPRESSIONS:
            found = len(self.expressions)
            raise FormatError(f"{self.type.name} takes 1 to {MAX_EXPRESSIONS} conditions, got {found}")

    @property
    def nesting(self) -> int:
        return 1 + max(expression.nesting for expression in self.expressions)

    @classmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        return cls(reader.var_array(lambda inner: _read_condition(inner, levels_left), MAX_EXPRESSIONS))

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.var_int(len(self.expressions)).array(self.expressions)

    def _json_body(self) -> dict[str, Json]:
        return {"expressions": [expression.to_json() for expression in self.expressions]}


@dataclass(frozen=True, slots=True)
class AndCondition(_ListCondition):
    """Holds when all the others do."""

    type = WitnessConditionType.And


@dataclass(frozen=True, slots=True)
class OrCondition(_ListCondition):
    """Holds when one of the others does."""

    type = WitnessConditionType.Or


@dataclass(frozen=True, slots=True)
class _HashCondition(WitnessCondition):
    """Names a contract."""

    hash: UInt160

    @classmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        return cls(reader.uint160())

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.write(self.hash)

    def _json_body(self) -> dict[str, Json]:
        return {"hash": str(self.hash)}


@dataclass(frozen=True, slots=True)
class ScriptHashCondition(_HashCondition):
    """Holds when that contract runs."""

    type = WitnessConditionType.ScriptHash


@dataclass(frozen=True, slots=True)
class CalledByContractCondition(_HashCondition):
    """Holds when the running contract was called by that one."""

    type = WitnessConditionType.CalledByContract


@dataclass(frozen=True, slots=True)
class _GroupCondition(WitnessCondition):
    """Names a group of contracts."""

    group: ECPoint

    @classmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        return cls(ECPoint(reader.read(33)))

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.write(self.group)

    def _json_body(self) -> dict[str, Json]:
        return {"group": str(self.group)}


@dataclass(frozen=True, slots=True)
class GroupCondition(_GroupCondition):
    """Holds when a contract of that group runs."""

    type = WitnessConditionType.Group


@dataclass(frozen=True, slots=True)
class CalledByGroupCondition(_GroupCondition):
    """Holds when the running contract was called by one of that group."""

    type = WitnessConditionType.CalledByGroup


@dataclass(frozen=True, slots=True)
class CalledByEntryCondition(WitnessCondition):
    """Holds in the entry script and in what it calls itself."""

    type = WitnessConditionType.CalledByEntry

    @classmethod
    def _read_body(cls, reader: BinaryReader, levels_left: int) -> Self:
        return cls()

    def _write_body(self, writer: BinaryWriter) -> None:
        """Nothing follows the type."""

    def _json_body(self) -> dict[str, Json]:
        return {}


@dataclass(frozen=True, slots=True)
class WitnessRule(Payload):
    """An action and the condition on which it is taken."""

    action: WitnessRuleAction
    condition: WitnessCondition

    def __post_init__(self) -> None:
        if self.condition.nesting > MAX_NESTING:
            raise FormatError(f"conditions nest at most {MAX_NESTING} levels deep, got {self.condition.nesting}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        action = reader.u8()
        if action not in (0, 1):
            raise FormatError(f"a witness rule's action is 0 (deny) or 1 (allow), got {action}")
        return cls(WitnessRuleAction(action), WitnessCondition.read_from(reader))

    def write_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.action)
        self.condition.write_to(writer)

    def to_json(self) -> dict[str, Json]:
        return {"action": self.action.name, "condition": self.condition.to_json()}


_CONDITIONS: dict[int, type[WitnessCondition]] = {
    condition.type: condition
    for condition in (
        BooleanCondition,
        NotCondition,
        AndCondition,
        OrCondition,
        ScriptHashCondition,
        GroupCondition,
        CalledByEntryCondition,
        CalledByContractCondition,
        CalledByGroupCondition,
    )
}


def _read_condition(reader: BinaryReader, levels_left: int) -> WitnessCondition:
    if levels_left == 0:
        raise FormatError(f"conditions nest at most {MAX_NESTING} levels deep")
    type_byte = reader.u8()
    if type_byte not in _CONDITIONS:
        raise FormatError(f"no witness condition has type {type_byte:#04x}")
    return _CONDITIONS[type_byte]._read_body(reader, levels_left - 1)
