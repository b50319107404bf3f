"""What is deployed for a contract that a fixture declares: a NEF and a manifest."""

from functools import cache, lru_cache
from typing import Final, Literal, TypeAlias

from rpcnode.models.declared.templates import Constants, Kind, Template, template_of
from rpcnode.payloads.manifest import Event, Manifest, Method, Parameter, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.uint import UInt160

Standard: TypeAlias = Literal["NEP-5", "NEP-17", "NEP-11", "none"]

MAX_CACHED: Final = 256
"""Contracts that are made once only."""

_FROM, _TO, _AMOUNT = Parameter("from", "Hash160"), Parameter("to", "Hash160"), Parameter("amount", "Integer")
_ACCOUNT, _OWNER = Parameter("account", "Hash160"), Parameter("owner", "Hash160")
_TOKEN_ID, _DATA = Parameter("tokenId", "ByteArray"), Parameter("data", "Any")


def _method(name: str, parameters: tuple[Parameter, ...], returns: str, safe: bool = False) -> Method:
    return Method(name, parameters, returns, 0, safe)


_TOKEN: Final = (
    _method("symbol", (), "String", safe=True),
    _method("decimals", (), "Integer", safe=True),
    _method("totalSupply", (), "Integer", safe=True),
)
_NFT: Final = (
    *_TOKEN,
    _method("balanceOf", (_OWNER,), "Integer", safe=True),
    _method("tokensOf", (_OWNER,), "InteropInterface", safe=True),
    _method("tokens", (), "InteropInterface", safe=True),
    _method("properties", (_TOKEN_ID,), "Map", safe=True),
    _method("mint", (_TO, _AMOUNT, _TOKEN_ID), "Void"),
    _method("burn", (_FROM, _AMOUNT, _TOKEN_ID), "Void"),
)
_HOOKS: Final = (
    _method("onNEP17Payment", (_FROM, _AMOUNT, _DATA), "Void"),
    _method("onNEP11Payment", (_FROM, _AMOUNT, _TOKEN_ID, _DATA), "Void"),
)
_METHODS: Final[dict[Kind, tuple[Method, ...]]] = {
    Kind.FUNGIBLE: (
        *_TOKEN,
        _method("balanceOf", (_ACCOUNT,), "Integer", safe=True),
        _method("transfer", (_FROM, _TO, _AMOUNT, _DATA), "Boolean"),
        _method("mint", (_TO, _AMOUNT), "Void"),
        _method("burn", (_FROM, _AMOUNT), "Void"),
        *_HOOKS,
    ),
    Kind.INDIVISIBLE: (
        *_NFT,
        _method("ownerOf", (_TOKEN_ID,), "Hash160", safe=True),
        _method("transfer", (_TO, _TOKEN_ID, _DATA), "Boolean"),
        *_HOOKS,
    ),
    Kind.DIVISIBLE: (
        *_NFT,
        _method("ownerOf", (_TOKEN_ID,), "InteropInterface", safe=True),
        _method("balanceOf", (_OWNER, _TOKEN_ID), "Integer", safe=True),
        _method("transfer", (_FROM, _TO, _AMOUNT, _TOKEN_ID, _DATA), "Boolean"),
        *_HOOKS,
    ),
    Kind.PLAIN: (_method("main", (), "Void"), *_HOOKS),
}
_FUNGIBLE_EVENTS: Final = (Event("Transfer", (_FROM, _TO, _AMOUNT)),)
_NFT_EVENTS: Final = (Event("Transfer", (_FROM, _TO, _AMOUNT, _TOKEN_ID)),)
EVENTS: Final[dict[Kind, tuple[Event, ...]]] = {
    Kind.FUNGIBLE: _FUNGIBLE_EVENTS,
    Kind.INDIVISIBLE: _NFT_EVENTS,
    Kind.DIVISIBLE: _NFT_EVENTS,
    Kind.PLAIN: (),
}
PERMISSIONS: Final = (Permission(None, None),)
"""A token calls ContractManagement, and whoever takes it."""


def kind_of(standard: Standard, decimals: int) -> Kind:
    """The kind of a declared contract; an NEP-11 token with decimals is divisible."""
    if standard == "NEP-11":
        return Kind.DIVISIBLE if decimals else Kind.INDIVISIBLE
    return Kind.PLAIN if standard == "none" else Kind.FUNGIBLE


@lru_cache(maxsize=MAX_CACHED)
def declared_contract(
    standard: Standard, name: str, symbol: str, decimals: int, owner: UInt160
) -> tuple[Nef, Manifest]:
    """The NEF and the manifest of a declared contract; `owner` alone may mint and burn. A plain one has no owner.

    Nothing in them depends on the hash at which the contract stands.
    """
    constants, kind = Constants(bytes(owner), symbol, decimals), kind_of(standard, decimals)
    standards = () if standard == "none" else (standard,)
    template = template_of(kind)
    manifest = Manifest(name, standards, methods_of(template, constants), EVENTS[kind], permissions=PERMISSIONS)
    return template.nef(constants), manifest


def methods_of(template: Template, constants: Constants) -> tuple[Method, ...]:
    """The methods of a contract, with their offsets in its script."""
    return tuple(
        Method(method.name, method.parameters, method.return_type, template.offset(label, constants), method.safe)
        for method, label in _labelled(template.kind)
    )


@cache
def _labelled(kind: Kind) -> tuple[tuple[Method, str], ...]:
    """The methods of a kind with the labels at which they begin."""
    return tuple(
        (method, "balanceOf id" if (method.name, len(method.parameters)) == ("balanceOf", 2) else method.name)
        for method in _METHODS[kind]
    )
