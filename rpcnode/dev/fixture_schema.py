"""The members of a fixture file: names, types, and what stands for a missing one.

`fixtures/fixture.schema.json` says the same for editors. Names of accounts and assets are still texts here;
fixture_names.py resolves them.
"""

import re
from typing import Annotated, Final, NamedTuple

from rpcnode.chain.description import Standard
from rpcnode.chain.network import HARDFORKS_N3
from rpcnode.dev.fixture_errors import hint, shown
from rpcnode.dev.place import Place
from rpcnode.dev.records import (
    MAX_AMOUNT,
    Key,
    anything,
    flag,
    integer,
    list_of,
    mapping_of,
    matching,
    one_of,
    price,
    record,
    text,
    time_ms,
    unsigned_amount,
    whole_amount,
)
from rpcnode.primitives.json import Json

MAX_INDEX: Final = 2**32 - 1
MAX_MS_PER_BLOCK: Final = 24 * 60 * 60 * 1000

NAME: Final = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
ADDRESS_OR_HASH: Final = r"[AN][1-9A-HJ-NP-Za-km-z]{33}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}"
UNIQUE_ASSET_ID: Final = r"(0[xX])?[0-9a-fA-F]{1,64}"

_is_name = re.compile(NAME).fullmatch
_is_address_or_hash = re.compile(ADDRESS_OR_HASH).fullmatch
_index = integer(0, MAX_INDEX)
_index_above_genesis = integer(1, MAX_INDEX)
_unique_asset_id = matching(
    UNIQUE_ASSET_ID, 'a unique asset id; right are hex digits, such as "0x0fc6e610b23b09fae00e10001"'
)


def check_name(name: str, place: Place) -> None:
    """Raises FixtureError for a name of an account or contract that is none, or reads as an address or a hash."""
    if not _is_name(name):
        raise place.error(
            f"{shown(name)} is no name; a name begins with a letter or _, then letters, digits, _ and -, 64 at most"
        )
    if _is_address_or_hash(name):
        raise place.error(f"{shown(name)} reads as an address or a hash; give it another name")


def chain_id_text(value: Json, place: Place) -> str:
    """The id of a chain, a text."""
    if isinstance(value, int | float):
        raise place.error(f'{shown(value)} is a number, a chain_id a text; write it in quotes: "{value}"')
    return text(value, place)


def check_hardfork(name: str, place: Place) -> None:
    """Raises FixtureError for a name that is none of N3's hardforks."""
    if name not in HARDFORKS_N3:
        raise place.error(
            f"{shown(name)} is no hardfork; right are {', '.join(HARDFORKS_N3)}{hint(name, [*HARDFORKS_N3])}"
        )


def reference(value: Json, place: Place) -> str:
    """A name, an address or a hash, as the file writes it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise place.error(f"{shown(value)} is a number where a name, an address or a hash belongs; quote it")
    return text(value, place)


class NetworkData(NamedTuple):
    """`network`. None: not said in this file."""

    place: Place
    magic: Annotated[int | None, integer(0, MAX_INDEX)] = None
    chain_id: Annotated[str | None, chain_id_text] = None
    ms_per_block: Annotated[int | None, integer(1, MAX_MS_PER_BLOCK)] = None
    genesis_time: Annotated[int | None, time_ms] = None
    hardforks: Annotated[dict[str, int] | None, mapping_of(_index, check_hardfork)] = None


class NodeData(NamedTuple):
    """`node`. None: not said in this file."""

    place: Place
    height: Annotated[int | None, _index] = None
    header_height: Annotated[int | None, _index] = None


class SeedData(NamedTuple):
    """An account whose key is derived from a text."""

    place: Place
    seed: Annotated[str, text]


class AccountData(NamedTuple):
    """One of `accounts`."""

    place: Place
    value: str | SeedData


def account_data(value: Json, place: Place) -> AccountData:
    """An account: a text, or a mapping with a seed."""
    return AccountData(place, record(SeedData)(value, place) if isinstance(value, dict) else reference(value, place))


class LogoData(NamedTuple):
    """A picture of a token."""

    place: Place
    uri: Annotated[str, text]
    width: Annotated[int, integer(0, MAX_INDEX)]
    height: Annotated[int, integer(0, MAX_INDEX)]

    def to_json(self) -> dict[str, Json]:
        return {"uri": self.uri, "width": self.width, "height": self.height}


class UrlData(NamedTuple):
    """A page about a token."""

    place: Place
    name: Annotated[str, text]
    url: Annotated[str, text]

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "url": self.url}


def positive_amount(value: Json, place: Place) -> int:
    """An amount that is not zero."""
    number = whole_amount(value, place)
    if number == 0:
        raise place.error("0 stands where an integer from 1 belongs")
    return number


class RestData(NamedTuple):
    """`rest` of a contract."""

    place: Place
    logos: Annotated[tuple[LogoData, ...], list_of(record(LogoData))] = ()
    urls: Annotated[tuple[UrlData, ...], list_of(record(UrlData))] = ()
    current_usd_price: Annotated[int | float, price] = 0
    unique_asset_id: Annotated[str | None, _unique_asset_id] = None
    spark_factor: Annotated[int | None, positive_amount] = None


def _any_key(key: str, place: Place) -> None:
    """Token ids and names of properties are the file's own choice; ids are read with the contract."""


class ContractData(NamedTuple):
    """One of `contracts`. `tokens` are the properties of NEP-11 tokens by their ids."""

    place: Place
    hash: Annotated[str | None, reference] = None
    standard: Annotated[Standard | None, one_of("NEP-5", "NEP-17", "NEP-11", "none")] = None
    name: Annotated[str | None, text] = None
    symbol: Annotated[str | None, text] = None
    decimals: Annotated[int | None, integer(0, 255)] = None
    divisible: Annotated[bool | None, flag] = None
    deployed_at: Annotated[int, _index] = 0
    destroyed_at: Annotated[int | None, _index] = None
    total_supply: Annotated[int | None, whole_amount] = None
    tokens: Annotated[dict[str, dict[str, str]] | None, mapping_of(mapping_of(text, _any_key), _any_key)] = None
    rest: Annotated[RestData | None, record(RestData)] = None


class TransferData(NamedTuple):
    """A declared movement."""

    place: Place
    asset: Annotated[str, reference]
    amount: Annotated[int, whole_amount]
    sender: Annotated[str | None, reference, Key("from")] = None
    receiver: Annotated[str | None, reference, Key("to")] = None
    token_id: Annotated[str | None, text] = None


class NotificationData(NamedTuple):
    """A declared event."""

    place: Place
    contract: Annotated[str, reference]
    state: Annotated[tuple[Json, ...], list_of(anything)]
    event: Annotated[str | None, text] = None


class TransactionData(NamedTuple):
    """One of a block's transactions."""

    place: Place
    transfers: Annotated[tuple[TransferData, ...], list_of(record(TransferData))] = ()
    notifications: Annotated[tuple[NotificationData, ...], list_of(record(NotificationData))] = ()
    faults: Annotated[bool, flag] = False


class BlockData(NamedTuple):
    """One of `blocks`."""

    place: Place
    block_index: Annotated[int, _index_above_genesis, Key("index")]
    timestamp: Annotated[int | None, time_ms] = None
    transactions: Annotated[tuple[TransactionData, ...], list_of(record(TransactionData))] = ()


class BalanceData(NamedTuple):
    """One of `balances`."""

    place: Place
    account: Annotated[str, reference]
    asset: Annotated[str, reference]
    amount: Annotated[int, whole_amount]
    block: Annotated[int, _index_above_genesis]
    token_id: Annotated[str | None, text] = None


class OtherAssetData(NamedTuple):
    """A token of one of `other_chains`; its members are our decision."""

    place: Place
    contract_address: Annotated[str, reference]
    name: Annotated[str, text]
    symbol: Annotated[str, text]
    decimals: Annotated[int, integer(0, 255)]
    chain_id: Annotated[str | None, chain_id_text] = None
    total_supply: Annotated[int, unsigned_amount] = 0
    logos: Annotated[tuple[LogoData, ...], list_of(record(LogoData))] = ()
    urls: Annotated[tuple[UrlData, ...], list_of(record(UrlData))] = ()
    current_usd_price: Annotated[int | float, price] = 0
    unique_asset_id: Annotated[str | None, _unique_asset_id] = None
    spark_factor: Annotated[int | None, positive_amount] = None


class OtherBalanceData(NamedTuple):
    """A holding on one of `other_chains`."""

    place: Place
    address: Annotated[str, reference]
    contract_address: Annotated[str, reference]
    amount: Annotated[int, unsigned_amount]
    chain_id: Annotated[str | None, chain_id_text] = None
    last_updated_block: Annotated[int, _index] = 0


class OtherChainData(NamedTuple):
    """One of `other_chains`."""

    place: Place
    chain_id: Annotated[str, chain_id_text]
    name: Annotated[str | None, text] = None
    kind: Annotated[str, one_of("evm", "neo3", "neo2")] = "evm"
    address_version: Annotated[int | None, integer(0, 255)] = None
    block: Annotated[int, integer(0, MAX_AMOUNT)] = 0
    assets: Annotated[tuple[OtherAssetData, ...], list_of(record(OtherAssetData))] = ()
    balances: Annotated[tuple[OtherBalanceData, ...], list_of(record(OtherBalanceData))] = ()


class ChainbaseKeyData(NamedTuple):
    """A key that the Chainbase face takes; `chains` None: on every chain."""

    place: Place
    key: Annotated[str, text]
    chains: Annotated[tuple[str, ...] | None, list_of(chain_id_text)] = None


class TeosKeyData(NamedTuple):
    """A token that the TEOS face takes, and the accounts of its user."""

    place: Place
    token: Annotated[str, text]
    accounts: Annotated[tuple[str, ...], list_of(reference)] = ()


class KeysData(NamedTuple):
    """`keys`."""

    place: Place
    chainbase: Annotated[tuple[ChainbaseKeyData, ...] | None, list_of(record(ChainbaseKeyData))] = None
    teos: Annotated[tuple[TeosKeyData, ...] | None, list_of(record(TeosKeyData))] = None


class FixtureData(NamedTuple):
    """A whole file; a section that is missing or empty is None."""

    place: Place
    network: Annotated[NetworkData | None, record(NetworkData)] = None
    node: Annotated[NodeData | None, record(NodeData)] = None
    accounts: Annotated[dict[str, AccountData] | None, mapping_of(account_data, check_name)] = None
    contracts: Annotated[dict[str, ContractData] | None, mapping_of(record(ContractData), check_name)] = None
    blocks: Annotated[tuple[BlockData, ...] | None, list_of(record(BlockData))] = None
    balances: Annotated[tuple[BalanceData, ...] | None, list_of(record(BalanceData))] = None
    other_chains: Annotated[tuple[OtherChainData, ...] | None, list_of(record(OtherChainData))] = None
    keys: Annotated[KeysData | None, record(KeysData)] = None


read_fixture_data = record(FixtureData)
"""The record of a whole file."""
