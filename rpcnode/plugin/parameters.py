"""The types of RPC parameters. A method's annotations say which; the server converts by them, once bound."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NewType

from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem

if TYPE_CHECKING:
    from rpcnode.payloads.signer import Signer
    from rpcnode.payloads.witness import Witness

Int32 = NewType("Int32", int)
"""A signed integer of 32 bits."""

UInt16 = NewType("UInt16", int)
"""An integer of 0 to 65535: the index of a transaction's output."""

UInt32 = NewType("UInt32", int)
"""An integer of 0 to 2^32 - 1: a block index."""

UInt64 = NewType("UInt64", int)
"""An integer of 0 to 2^64 - 1, as far as a double carries it: a time in ms (s in profile n2)."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account, given as an address or as a script hash in hex."""

    script_hash: UInt160
    given_in_hex: bool


@dataclass(frozen=True, slots=True)
class BlockRef:
    """A block, by exactly one of its index and its hash."""

    index: int | None = None
    hash: UInt256 | None = None


@dataclass(frozen=True, slots=True)
class ContractRef:
    """A contract, by exactly one of its id, its hash and the name of a native one."""

    contract_id: int | None = None
    hash: UInt160 | None = None
    name: str | None = None


Base64Bytes = NewType("Base64Bytes", bytes)
"""Bytes, in Base64 on the wire; what is not is refused by the converter."""


@dataclass(frozen=True, slots=True)
class Base64Text:
    """A text and the bytes it is in Base64; None where it is none, which the method answers."""

    text: str
    data: bytes | None


HexBytes = NewType("HexBytes", bytes)
"""Bytes, in hex on the wire: the older nodes' form."""


class LateHexBytes:
    """HexBytes that are not looked at before the method needs them: until then nothing is wrong with any value."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read

    def read(self) -> bytes:
        """The bytes; raises RpcError as the binder does for HexBytes."""
        return self._read()


Guid = NewType("Guid", str)
"""The id of a session or iterator: 32 hex digits in groups, lower case."""


class JsonObject(dict[str, Json]):
    """An object as it came; the method reads it itself."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawJson:
    """A parameter as it came, null too: the method reads it itself."""

    value: Json


NOT_GIVEN = RawJson(None)
"""The default of one that may be missing; it is told apart by `is`."""


@dataclass(frozen=True, slots=True)
class TextOrSeconds:
    """What Neo 2 takes for a time where its text is an integer of 32 bits, and else for a word: `seconds` is None."""

    text: str
    seconds: int | None


class Accounts(tuple[Account, ...]):
    """Accounts, each an address or a script hash."""

    __slots__ = ()


class ScriptHashes(tuple[UInt160, ...]):
    """Script hashes that count as signers of an invocation; before N3's preview3."""

    __slots__ = ()


class OtherHashes(tuple[UInt160, ...]):
    """The same on Neo 2, where they are all the parameters that follow; it stands last."""

    __slots__ = ()


class ContractArguments(tuple[StackItem, ...]):
    """Arguments of a method, `[{"type", "value"}]` on the wire, as a script that pushes them leaves them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SignersAndWitnesses:
    """Who signs an invocation, and with what."""

    signers: "tuple[Signer, ...]"
    witnesses: "tuple[Witness, ...]"
