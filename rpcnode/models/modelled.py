"""The state that a modelled contract shows: a NEF and a manifest, and the hash and id that go with them."""

from collections.abc import Sequence

from rpcnode.payloads.manifest import Event, Manifest, Method, Parameter, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

COMPILER = "rpcnode-model"
"""Stands in the NEF's compiler field, so that a reader of getcontractstate sees that nobody wrote it."""

_RET = b"\x40"


def modelled_nef() -> Nef:
    """The NEF of every modelled contract: its script is a single RET."""
    return Nef(compiler=COMPILER, source="", tokens=(), script=_RET)


def modelled_hash(sender: UInt160, name: str) -> UInt160:
    """The hash that N3 gives a contract of that name deployed by `sender`."""
    return contract_hash(sender, modelled_nef().checksum, name)


def _method(name: str, parameters: Sequence[tuple[str, str]], returns: str, safe: bool) -> Method:
    return Method(name, tuple(Parameter(parameter, kind) for parameter, kind in parameters), returns, 0, safe)


_FROM, _TO, _AMOUNT = ("from", "Hash160"), ("to", "Hash160"), ("amount", "Integer")
_TOKEN_ID, _DATA = ("tokenId", "ByteArray"), ("data", "Any")
_TOKEN_METHODS = (
    _method("symbol", (), "String", True),
    _method("decimals", (), "Integer", True),
    _method("totalSupply", (), "Integer", True),
    _method("balanceOf", (("account", "Hash160"),), "Integer", True),
)
_NFT_METHODS = (
    *_TOKEN_METHODS,
    _method("tokensOf", (("owner", "Hash160"),), "InteropInterface", True),
    _method("tokens", (), "InteropInterface", True),
    _method("properties", (_TOKEN_ID,), "Map", True),
    _method("mint", (_TO, _AMOUNT, _TOKEN_ID), "Void", False),
    _method("burn", (_FROM, _AMOUNT, _TOKEN_ID), "Void", False),
)


def _transfer_event(*more: tuple[str, str]) -> Event:
    return Event("Transfer", tuple(Parameter(name, kind) for name, kind in (_FROM, _TO, _AMOUNT, *more)))


@dataclass(frozen=True, slots=True)
class ModelledAbi:
    """The methods and events that a modelled contract shows."""

    methods: tuple[Method, ...]
    events: tuple[Event, ...] = ()


PLAIN_ABI = ModelledAbi((_method("main", (), "Void", False),))
FUNGIBLE_ABI = ModelledAbi(
    (
        *_TOKEN_METHODS,
        _method("transfer", (_FROM, _TO, _AMOUNT, _DATA), "Boolean", False),
        _method("mint", (_TO, _AMOUNT), "Void", False),
        _method("burn", (_FROM, _AMOUNT), "Void", False),
    ),
    (_transfer_event(),),
)
INDIVISIBLE_ABI = ModelledAbi(
    (
        *_NFT_METHODS,
        _method("ownerOf", (_TOKEN_ID,), "Hash160", True),
        _method("transfer", (_TO, _TOKEN_ID, _DATA), "Boolean", False),
    ),
    (_transfer_event(_TOKEN_ID),),
)
DIVISIBLE_ABI = ModelledAbi(
    (
        *_NFT_METHODS,
        _method("balanceOf", (("owner", "Hash160"), _TOKEN_ID), "Integer", True),
        _method("transfer", (_FROM, _TO, _AMOUNT, _TOKEN_ID, _DATA), "Boolean", False),
    ),
    (_transfer_event(_TOKEN_ID),),
)


def modelled_manifest(name: str, standards: Sequence[str], abi: ModelledAbi) -> Manifest:
    """The manifest of a modelled contract: it may call anything."""
    return Manifest(name, tuple(standards), abi.methods, abi.events, permissions=(Permission(None, None),))
