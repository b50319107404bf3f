"""Signers: whose agreement a transaction carries, and where it counts."""

from enum import IntFlag
from typing import TYPE_CHECKING, Self

from rpcnode.payloads.flags import flags_text
from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.payloads.witness_rule import WitnessRule

MAX_SUBITEMS = 16  # contracts, groups and rules, each


class WitnessScope(IntFlag):
    """Where a signature counts; the names are those of the JSON form."""

    None_ = 0x00
    CalledByEntry = 0x01
    CustomContracts = 0x10
    CustomGroups = 0x20
    WitnessRules = 0x40
    Global = 0x80


_ALL_SCOPES = 0xF1
_PLAIN = frozenset((int(WitnessScope.None_), int(WitnessScope.CalledByEntry), int(WitnessScope.Global)))
"""Those without lists."""


@dataclass(frozen=True, slots=True)
class Signer(Payload):
    """An account and the scopes of its signature; the lists belong to the scopes that name them.

    Source: neo, Neo: Network/P2P/Payloads/Signer.
    """

    account: UInt160
    scopes: WitnessScope = WitnessScope.CalledByEntry
    allowed_contracts: tuple[UInt160, ...] = ()
    allowed_groups: tuple[ECPoint, ...] = ()
    rules: "tuple[WitnessRule, ...]" = ()

    def __post_init__(self) -> None:
        scopes = int(self.scopes)
        if scopes in _PLAIN and not (self.allowed_contracts or self.allowed_groups or self.rules):
            return
        if scopes & ~_ALL_SCOPES:
            raise FormatError(f"unknown witness scopes {scopes & ~_ALL_SCOPES:#04x}")
        if scopes > WitnessScope.Global:
            raise FormatError(f"the scope Global stands alone, got {scopes:#04x}")
        for scope, items in (
            (WitnessScope.CustomContracts, self.allowed_contracts),
            (WitnessScope.CustomGroups, self.allowed_groups),
            (WitnessScope.WitnessRules, self.rules),
        ):
            if items and scope not in self.scopes:
                raise FormatError(f"the scope {scope.name} is not set, its list has {len(items)} entries")
            if len(items) > MAX_SUBITEMS:
                raise FormatError(f"the scope {scope.name} takes at most {MAX_SUBITEMS} entries, got {len(items)}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        account, scopes = reader.uint160(), WitnessScope(reader.u8())
        contracts = (
            reader.var_array(BinaryReader.uint160, MAX_SUBITEMS) if WitnessScope.CustomContracts in scopes else ()
        )
        groups = reader.var_array(_read_group, MAX_SUBITEMS) if WitnessScope.CustomGroups in scopes else ()
        rules = _read_rules(reader) if WitnessScope.WitnessRules in scopes else ()
        return cls(account, scopes, contracts, groups, rules)

    def serialize(self) -> bytes:
        scopes = int(self.scopes)
        # Nearly all are of this kind.
        return self.account + bytes((scopes,)) if scopes in _PLAIN else Payload.serialize(self)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.account).u8(self.scopes)
        if int(self.scopes) in _PLAIN:
            return
        if WitnessScope.CustomContracts in self.scopes:
            writer.var_int(len(self.allowed_contracts)).write(b"".join(self.allowed_contracts))
        if WitnessScope.CustomGroups in self.scopes:
            writer.var_int(len(self.allowed_groups)).write(b"".join(self.allowed_groups))
        if WitnessScope.WitnessRules in self.scopes:
            writer.var_int(len(self.rules)).array(self.rules)

    def to_json(self) -> dict[str, Json]:
        json: dict[str, Json] = {"account": str(self.account), "scopes": flags_text(self.scopes)}
        if WitnessScope.CustomContracts in self.scopes:
            json["allowedcontracts"] = [str(contract) for contract in self.allowed_contracts]
        if WitnessScope.CustomGroups in self.scopes:
            json["allowedgroups"] = [str(group) for group in self.allowed_groups]
        if WitnessScope.WitnessRules in self.scopes:
            json["rules"] = [rule.to_json() for rule in self.rules]
        return json


def _read_rules(reader: BinaryReader) -> "tuple[WitnessRule, ...]":
    from rpcnode.payloads.witness_rule import WitnessRule  # rare, and slow to load

    return reader.var_array(WitnessRule.read_from, MAX_SUBITEMS)


def _read_group(reader: BinaryReader) -> ECPoint:
    return ECPoint(reader.read(33))
