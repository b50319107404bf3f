"""The contracts of a fixture, with what their standard and the profile's native tokens leave unsaid."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from rpcnode.chain.description import Contract, RestAsset, Standard
from rpcnode.contracts.natives import NATIVE_TOKENS
from rpcnode.dev.fixture_errors import shown
from rpcnode.dev.fixture_schema import ContractData, RestData
from rpcnode.dev.token_ids import read_token_id
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

DeriveHash: TypeAlias = Callable[[Contract], UInt160]
"""The script hash of a contract that a fixture gives none."""

_DECIMALS: Final[dict[Standard, int]] = {"NEP-5": 8, "NEP-17": 8, "NEP-11": 0, "none": 0}


class _NativeToken(NamedTuple):
    standard: Standard
    name: str
    symbol: str
    decimals: int


_NATIVES: Final[dict[ProfileName, dict[str, _NativeToken]]] = {
    "n3": {
        "NEO": _NativeToken("NEP-17", "NeoToken", "NEO", 0),
        "GAS": _NativeToken("NEP-17", "GasToken", "GAS", 8),
    },
    "n3-preview": {
        "NEO": _NativeToken("NEP-5", "NEO", "neo", 0),
        "GAS": _NativeToken("NEP-5", "GAS", "gas", 8),
    },
    "n2": {},
}


class Contracts(NamedTuple):
    """The contracts of a chain by their keys: those that the fixture declares, and with the native tokens besides."""

    declared: dict[str, Contract]
    known: dict[str, Contract]
    key_of_native: dict[str, str]


def read_contracts(
    contracts: Mapping[str, ContractData], profile: ProfileName, derive_hash: DeriveHash | None
) -> Contracts:
    """The declared contracts; `derive_hash` fills in missing hashes, without it they stay None.

    Raises FixtureError for members that contradict each other, and for two contracts with one hash.
    """
    native_of_hash = {script_hash: name for name, script_hash in NATIVE_TOKENS[profile].items()}
    declared: dict[str, Contract] = {}
    key_of_hash: dict[UInt160, str] = {}
    for key, data in contracts.items():
        script_hash = _declared_hash(key, data, profile)
        native = None if script_hash is None else native_of_hash.get(script_hash)
        if native is None:
            contract = _contract(key, data, script_hash)
            if script_hash is None and derive_hash is not None:
                contract = replace(contract, script_hash=derive_hash(contract))
        else:
            contract = _native_contract(key, data, _NATIVES[profile][native], script_hash)
        declared[key] = contract
        if contract.script_hash is not None:
            other = key_of_hash.setdefault(contract.script_hash, key)
            if other != key:
                wrong = f"has the hash of {other}, {contract.script_hash}"
                raise data.place.error(f"{wrong}; each contract has its own")
    key_of_native = {name: key_of_hash.get(hashed, name) for name, hashed in NATIVE_TOKENS[profile].items()}
    known = dict(declared)
    for name, script_hash in NATIVE_TOKENS[profile].items():
        if key_of_native[name] not in known:
            known[name] = _undeclared_native(name, _NATIVES[profile][name], script_hash)
    return Contracts(declared, {**coins_of(profile), **known}, key_of_native)


def coins_of(profile: ProfileName) -> dict[str, Contract]:
    """Neo 2's NEO and GAS, which are no contracts and move as tokens do in a fixture; without a hash."""
    return {
        name: Contract(name, None, "none", name, name, decimals, 0, None, None, RestAsset(), "", is_coin=True)
        for name, decimals in (("NEO", 0), ("GAS", 8))
        if profile == "n2"
    }


def _declared_hash(key: str, data: ContractData, profile: ProfileName) -> UInt160 | None:
    native = NATIVE_TOKENS[profile].get(key)
    if data.hash is None:
        return native
    try:
        script_hash = UInt160.parse(data.hash)
    except FormatError as error:
        raise data.place.member("hash").error(f"{error}; right is 0x and 40 hex digits") from None
    if native is not None and script_hash != native:
        raise data.place.member("hash").error(
            f"{key} is the native token {native}; leave the hash out, or give the contract another name"
        )
    return script_hash


def _contract(key: str, data: ContractData, script_hash: UInt160 | None) -> Contract:
    if data.standard is None:
        raise data.place.member("standard").error("is missing, and required; it is NEP-5, NEP-17, NEP-11 or none")
    decimals = _DECIMALS[data.standard] if data.decimals is None else data.decimals
    if data.divisible is not None:
        _check_divisible(data, data.divisible, decimals)
    if data.destroyed_at is not None and data.destroyed_at <= data.deployed_at:
        wrong = f"{data.destroyed_at} is not after deployed_at"
        raise data.place.member("destroyed_at").error(f"{wrong}; right is null or more than {data.deployed_at}")
    return Contract(
        key=key,
        script_hash=script_hash,
        standard=data.standard,
        name=key if data.name is None else data.name,
        symbol=key.upper() if data.symbol is None else data.symbol,
        decimals=decimals,
        deployed_at=data.deployed_at,
        destroyed_at=data.destroyed_at,
        total_supply=data.total_supply,
        rest=_rest(data.rest),
        where=data.place.where,
        tokens=_tokens(data),
    )


def _tokens(data: ContractData) -> tuple[tuple[bytes, dict[str, str]], ...]:
    place = data.place.member("tokens")
    if data.tokens is None:
        return ()
    if data.standard != "NEP-11":
        raise place.error(f"only an NEP-11 token has tokens, and this one is {data.standard}; leave them out")
    tokens = {read_token_id(written, place.member(written)): properties for written, properties in data.tokens.items()}
    if len(tokens) < len(data.tokens):
        raise place.error("two of these are the same token id, written in two ways")
    return tuple(tokens.items())


def _check_divisible(data: ContractData, divisible: bool, decimals: int) -> None:
    place = data.place.member("divisible")
    if data.standard != "NEP-11":
        raise place.error(f"only an NEP-11 token is divisible or not, and this one is {data.standard}; leave it out")
    if divisible != (decimals > 0):
        right = "a divisible token has decimals above 0, another has 0"
        raise place.error(f"{shown(divisible)} does not go with {decimals} decimals; {right}")


def _native_contract(key: str, data: ContractData, native: _NativeToken, script_hash: UInt160 | None) -> Contract:
    """A native token that the fixture declares: it may say what is true of it, and more for the REST faces."""
    claims: tuple[tuple[str, Json, Json], ...] = (
        ("standard", data.standard, native.standard),
        ("decimals", data.decimals, native.decimals),
        ("deployed_at", data.deployed_at, 0),
        ("destroyed_at", data.destroyed_at, None),
        ("divisible", data.divisible, None),
        ("tokens", None if data.tokens is None else [*data.tokens], None),
    )
    for member, said, right in claims:
        if said is not None and said != right:
            hint = "leave it out" if right is None else f"right is {shown(right)}"
            raise data.place.member(member).error(f"{shown(said)} is not true of a native token; {hint}")
    return Contract(
        key=key,
        script_hash=script_hash,
        standard=native.standard,
        name=native.name if data.name is None else data.name,
        symbol=native.symbol if data.symbol is None else data.symbol,
        decimals=native.decimals,
        deployed_at=0,
        destroyed_at=None,
        total_supply=data.total_supply,
        rest=_rest(data.rest),
        where=data.place.where,
    )


def _undeclared_native(key: str, native: _NativeToken, script_hash: UInt160) -> Contract:
    return Contract(
        key, script_hash, native.standard, native.name, native.symbol, native.decimals, 0, None, None, RestAsset(), ""
    )


def _rest(data: RestData | None) -> RestAsset:
    if data is None:
        return RestAsset()
    return RestAsset(
        logos=tuple(logo.to_json() for logo in data.logos),
        urls=tuple(url.to_json() for url in data.urls),
        current_usd_price=data.current_usd_price,
        unique_asset_id=data.unique_asset_id,
        spark_factor=data.spark_factor,
    )
