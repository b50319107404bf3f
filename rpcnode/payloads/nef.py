"""NEF files: a contract's code as its compiler hands it over."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from rpcnode.payloads.flags import CallFlags, flags_of_text, flags_text
from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MAGIC = 0x3346454E  # "NEF3"
MAX_SIZE = 131_070  # of the file, and so of the script: the VM's largest item
COMPILER_SIZE = 64
MAX_SOURCE_SIZE = 256
MAX_TOKENS = 128
MAX_METHOD_SIZE = 32


@dataclass(frozen=True, slots=True)
class MethodToken(Payload):
    """A method of another contract that the code calls by number."""

    hash: UInt160
    method: str
    parameter_count: int
    has_return_value: bool
    call_flags: CallFlags

    def __post_init__(self) -> None:
        if len(self.method.encode()) > MAX_METHOD_SIZE:
            raise FormatError(f"a method token's name has at most {MAX_METHOD_SIZE} bytes: {self.method!r}")
        if self.method.startswith("_"):
            raise FormatError(f"a method token's name does not begin with an underscore: {self.method!r}")
        # As numbers: the complement of a flag value leaves out the bits without a name.
        unknown = int(self.call_flags) & ~int(CallFlags.All)
        if unknown:
            raise FormatError(f"unknown call flags {unknown:#04x}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        target, method = reader.uint160(), reader.var_string(MAX_METHOD_SIZE)
        if method.startswith("_"):
            raise FormatError(f"Method('{method}') cannot start with '_'")
        parameter_count, has_return_value, flags = reader.u16(), reader.boolean(), reader.u8()
        if flags & ~int(CallFlags.All):
            raise FormatError(f"CallFlags({flags}) is not valid")
        return cls(target, method, parameter_count, has_return_value, CallFlags(flags))

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.hash).var_string(self.method).u16(self.parameter_count)
        writer.boolean(self.has_return_value).u8(self.call_flags)

    @classmethod
    def from_json(cls, token: dict[str, Json]) -> Self:
        """A token as a node shows it."""
        return cls(
            UInt160.parse(str(token["hash"])),
            str(token["method"]),
            int(str(token["paramcount"])),
            bool(token["hasreturnvalue"]),
            flags_of_text(CallFlags, str(token["callflags"])),
        )

    def to_json(self) -> dict[str, Json]:
        return {
            "hash": str(self.hash),
            "method": self.method,
            "paramcount": self.parameter_count,
            "hasreturnvalue": self.has_return_value,
            "callflags": flags_text(self.call_flags),
        }


@dataclass(frozen=True)
class Nef(Payload):
    """A NEF3 file; its checksum is computed, so it is always right.

    Source: neo, Neo: SmartContract/NefFile.
    """

    compiler: str
    script: bytes
    source: str = ""
    tokens: tuple[MethodToken, ...] = ()

    def __post_init__(self) -> None:
        if len(self.compiler.encode()) > COMPILER_SIZE or "\0" in self.compiler:
            raise FormatError(f"a NEF's compiler has at most {COMPILER_SIZE} bytes, none of them 0: {self.compiler!r}")
        if len(self.source.encode()) > MAX_SOURCE_SIZE:
            raise FormatError(f"a NEF's source has at most {MAX_SOURCE_SIZE} bytes")
        if len(self.tokens) > MAX_TOKENS:
            raise FormatError(f"a NEF has at most {MAX_TOKENS} method tokens, got {len(self.tokens)}")
        if not self.script:
            raise FormatError("a NEF's script is not empty")
        if len(self.script) > MAX_SIZE:
            raise FormatError(f"a NEF's script has at most {MAX_SIZE} bytes, got {len(self.script)}")

    @cached_property
    def checksum(self) -> int:
        """The first four bytes, little-endian, of hash256 of all before the checksum."""
        return int.from_bytes(checksum4(self._content), "little")

    @cached_property
    def _content(self) -> bytes:
        """The file without its checksum."""
        writer = BinaryWriter()
        writer.u32(MAGIC).write(self.compiler.encode().ljust(COMPILER_SIZE, b"\0")).var_string(self.source).u8(0)
        writer.var_int(len(self.tokens)).array(self.tokens).u16(0).var_bytes(self.script)
        return writer.to_bytes()

    @classmethod
    def parse_unverified(cls, data: bytes) -> Self:
        """The file that `data` begins with, whatever its checksum is, as it is read from storage."""
        return cls._read(BinaryReader(data))

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        start = reader.position
        nef = cls._read(reader)
        if nef.checksum != int.from_bytes(reader.since(reader.position - 4), "little"):
            raise FormatError("CRC verification fail")
        if reader.position - start > MAX_SIZE:
            raise FormatError("Max vm item size exceed")
        return nef

    @classmethod
    def _read(cls, reader: BinaryReader) -> Self:
        """The texts of its errors are the node's, for contracts deploy others."""
        if reader.u32() != MAGIC:
            raise FormatError("Wrong magic")
        compiler, source = reader.fixed_string(COMPILER_SIZE), reader.var_string(MAX_SOURCE_SIZE)
        _expect_reserved(reader, 1)
        tokens = reader.var_array(MethodToken.read_from, MAX_TOKENS)
        _expect_reserved(reader, 2)
        script = reader.var_bytes(MAX_SIZE)
        if not script:
            raise FormatError("Script cannot be empty.")
        reader.u32()  # the checksum
        return cls(compiler, script, source, tokens)

    @classmethod
    def from_json(cls, nef: dict[str, Json]) -> Self:
        """A file as a node shows it, whatever checksum is shown. Raises FormatError, KeyError."""
        tokens = nef.get("tokens")
        listed = tokens if isinstance(tokens, list) else []
        return cls(
            compiler=str(nef["compiler"]),
            source=str(nef.get("source", "")),
            tokens=tuple(MethodToken.from_json(token) for token in listed if isinstance(token, dict)),
            script=b64decode(str(nef["script"])),
        )

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self._content).u32(self.checksum)

    def to_json(self) -> dict[str, Json]:
        return {
            "magic": MAGIC,
            "compiler": self.compiler,
            "source": self.source,
            "tokens": [token.to_json() for token in self.tokens],
            "script": b64encode(self.script).decode(),
            "checksum": self.checksum,
        }


def _expect_reserved(reader: BinaryReader, size: int) -> None:
    if any(reader.read(size)):
        raise FormatError("Reserved bytes must be 0")
