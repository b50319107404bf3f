"""Rows of balances: for addresses and assets that a client named, and for what accounts hold."""

import json
import re
from collections.abc import Iterable, Mapping
from math import gcd
from typing import Final

from rpcnode.plugin import UInt160
from rpcnode.plugin.assets import Asset, AssetChain, Assets
from rpcnode.plugins.teos.config import Amounts, Rows, TeosConfig
from rpcnode.primitives.address import N2_VERSION, N3_VERSION, script_hash_of
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.records import dataclass

MAX_PLACES: Final = 77
"""How many decimal places a quotient gets that would never end: those of a 256-bit amount."""

_is_asset_id = re.compile(r"(?:0[xX])?[0-9a-fA-F]+").fullmatch


@dataclass(frozen=True, slots=True)
class AskedAddress:
    """An address of a request: `shown` in its rows; `account` None: it can hold nothing."""

    shown: str
    account: UInt160 | None


@dataclass(frozen=True, slots=True)
class AskedAsset:
    """A unique asset id of a request: `shown` in its rows; `found` None: nobody knows it."""

    shown: str
    found: tuple[AssetChain, Asset] | None


def asset_number(asset_id: str) -> int | None:
    """A unique asset id as the number by which ids are compared; None for what is no hex number."""
    return int(asset_id, 16) if _is_asset_id(asset_id) else None


def asked_addresses(texts: Iterable[str], assets: Assets) -> list[AskedAddress]:
    """The addresses of a request, each account once, at its first place.

    Hex, with or without 0x, or Base58Check of Neo 2, N3 or a chain's own version: all name the same 20 bytes on every
    chain. What reads as neither is itself.
    """
    versions = {N3_VERSION: None, N2_VERSION: None}
    versions |= {version: None for chain in assets.chains.values() if (version := chain.address_version) is not None}
    asked: dict[UInt160 | str, AskedAddress] = {}
    for text in texts:
        address = _read_address(text, versions)
        asked.setdefault(text if address.account is None else address.account, address)
    return list(asked.values())


def _read_address(text: str, versions: Iterable[int]) -> AskedAddress:
    try:
        account = UInt160.parse(text)
        return AskedAddress(str(account), account)
    except FormatError:
        pass
    for version in versions:
        try:
            return AskedAddress(text, script_hash_of(text, version))
        except FormatError:
            continue
    return AskedAddress(text, None)


def asked_assets(texts: Iterable[str], assets: Assets) -> list[AskedAsset]:
    """The assets of a request, each id once, at its first place; ids are equal when they are the same number."""
    shown: dict[int | str, str] = {}
    for text in texts:
        lower = text.lower()
        number = asset_number(lower)
        shown.setdefault(lower if number is None else number, lower)
    known = assets.by_unique_id({key for key in shown if isinstance(key, int)})
    asked = []
    for key, text in shown.items():
        found = known.get(key) if isinstance(key, int) else None
        asked.append(AskedAsset(text if found is None else found[1].unique_asset_id, found))
    return asked


class BalanceRows:
    """Makes rows as the configuration says."""

    def __init__(self, assets: Assets, config: TeosConfig) -> None:
        self._assets = assets
        self._in_units = config.amounts is Amounts.UNITS
        self._with_zero = config.rows is Rows.FULL

    def amount_text(self, sparks: int, asset: Asset) -> str:
        """An amount as the rows have it; what contradicting events of a recording put below zero is zero."""
        sparks = max(sparks, 0)
        return units_text(sparks, asset.spark_factor) if self._in_units else str(sparks)

    def row(self, address: AskedAddress, asset: AskedAsset) -> bytes:
        """The row of one address and asset, also where it is zero."""
        held = self._held(address, self._contracts_by_chain([asset]))
        return _object(_address_part(address.shown), _asset_part(asset.shown), self._amount(asset, held)).encode()

    def of_combinations(self, addresses: list[AskedAddress], assets: list[AskedAsset]) -> bytes:
        """The array of rows by address, then by asset, in the order asked."""
        contracts = self._contracts_by_chain(assets)
        asset_parts = [(_asset_part(asset.shown), asset) for asset in assets]
        rows: list[str] = []
        for address in addresses:
            address_part = _address_part(address.shown)
            held = self._held(address, contracts)
            for asset_part, asset in asset_parts:
                amount = self._amount(asset, held)
                if self._with_zero or amount != "0":
                    rows.append(_object(address_part, asset_part, amount))
        return _array(rows)

    def of_accounts(self, accounts: Iterable[UInt160], skip: int, limit: int) -> bytes:
        """The array of what accounts hold, or ever received where rows are full: `limit` rows from `skip` on.

        Rows are by account in the order given, then by chain, then by contract as displayed.
        """
        rows: list[str] = []
        for account in accounts:
            for chain in self._assets.chains.values():
                count = chain.count(account, with_zero=self._with_zero)
                if skip >= count:
                    skip -= count
                    continue
                for asset, sparks in chain.holdings(account, skip, limit - len(rows), with_zero=self._with_zero):
                    amount = self.amount_text(sparks, asset)
                    rows.append(_object(_address_part(str(account)), _asset_part(asset.unique_asset_id), amount))
                skip = 0
                if len(rows) >= limit:
                    return _array(rows)
        return _array(rows)

    @staticmethod
    def _contracts_by_chain(assets: Iterable[AskedAsset]) -> list[tuple[AssetChain, list[UInt160]]]:
        by_chain: dict[str, tuple[AssetChain, list[UInt160]]] = {}
        for asset in assets:
            if asset.found is not None:
                chain, found = asset.found
                by_chain.setdefault(chain.chain_id, (chain, []))[1].append(found.contract)
        return list(by_chain.values())

    @staticmethod
    def _held(
        address: AskedAddress, contracts: Iterable[tuple[AssetChain, list[UInt160]]]
    ) -> dict[str, Mapping[UInt160, int]]:
        """What an address holds, by chain and contract."""
        if address.account is None:
            return {}
        return {chain.chain_id: chain.amounts(address.account, wanted) for chain, wanted in contracts}

    def _amount(self, asset: AskedAsset, held: Mapping[str, Mapping[UInt160, int]]) -> str:
        if asset.found is None or not held:
            return "0"
        chain, found = asset.found
        return self.amount_text(held[chain.chain_id].get(found.contract, 0), found)


def units_text(sparks: int, spark_factor: int) -> str:
    """`sparks / spark_factor` as an exact decimal without exponent or trailing zeros.

    A quotient that never ends, as of 1 and 3, is cut after MAX_PLACES.
    """
    divisor = spark_factor // gcd(sparks, spark_factor)
    twos = _power_in(divisor, 2)
    fives = _power_in(divisor, 5)
    ends = divisor == 2**twos * 5**fives
    places = max(twos, fives) if ends else MAX_PLACES
    digits = str(sparks * 10**places // spark_factor).zfill(places + 1)
    whole, fraction = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _power_in(number: int, prime: int) -> int:
    power = 0
    while number % prime == 0:
        number //= prime
        power += 1
    return power


def _address_part(address: str) -> str:
    return f'{{"Address":{json.dumps(address)},"UniqueAssetId":'


def _asset_part(asset_id: str) -> str:
    return f'{json.dumps(asset_id)},"Amount":"'


def _object(address_part: str, asset_part: str, amount: str) -> str:
    return f'{address_part}{asset_part}{amount}"}}'


def _array(rows: Iterable[str]) -> bytes:
    return f"[{','.join(rows)}]".encode()
