"""Witnesses: a script with the evidence and the script that checks it."""

from base64 import b64encode
from typing import ClassVar, Final, Self

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

MAX_SCRIPT_SIZE = 1024  # of either script


@dataclass(frozen=True, slots=True)
class Witness(Payload):
    """Proof that an account agreed; an empty `verification` stands for a contract's own `verify` method."""

    max_invocation_size: ClassVar[int] = MAX_SCRIPT_SIZE
    max_verification_size: ClassVar[int] = MAX_SCRIPT_SIZE

    invocation: bytes = b""
    verification: bytes = b""

    def __post_init__(self) -> None:
        for name, script, limit in (
            ("invocation", self.invocation, self.max_invocation_size),
            ("verification", self.verification, self.max_verification_size),
        ):
            if len(script) > limit:
                raise FormatError(f"a witness's {name} script has at most {limit} bytes, got {len(script)}")

    @property
    def script_hash(self) -> UInt160:
        """The account that the verification script speaks for."""
        return UInt160(hash160(self.verification))

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        return cls(reader.var_bytes(cls.max_invocation_size), reader.var_bytes(cls.max_verification_size))

    def write_to(self, writer: BinaryWriter) -> None:
        writer.var_bytes(self.invocation).var_bytes(self.verification)

    def to_json(self) -> dict[str, Json]:
        return {
            "invocation": b64encode(self.invocation).decode(),
            "verification": b64encode(self.verification).decode(),
        }


NO_WITNESS: Final = Witness()
"""Stands where nobody has signed yet."""
