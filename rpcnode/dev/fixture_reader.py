"""Fixture files to a chain: a description that can be played, or a recording."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rpcnode.chain.description import ChainDescription, Network
from rpcnode.chain.network import HARDFORKS_N3
from rpcnode.dev.fixture_accounts import read_accounts
from rpcnode.dev.fixture_balance_of import read_balance_of
from rpcnode.dev.fixture_blocks import BlockReader, check_supplies, check_times
from rpcnode.dev.fixture_contracts import Contracts, DeriveHash, read_contracts
from rpcnode.dev.fixture_errors import FixtureError
from rpcnode.dev.fixture_file import read_plain
from rpcnode.dev.fixture_merge import Document, merge
from rpcnode.dev.fixture_names import Names
from rpcnode.dev.fixture_rest import AssetIds, OtherChains
from rpcnode.dev.fixture_schema import FixtureData, NetworkData, NodeData, read_fixture_data
from rpcnode.dev.place import Place
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.progress import work

if TYPE_CHECKING:
    from rpcnode.chain.recorded import Recording

RECORDING_KEYS: Final = frozenset(("blocks", "application_logs", "version"))
"""An object with these members is a recorded chain."""


def read_fixture(
    path: Path, *, profile: ProfileName, derive_hash: DeriveHash | None = None
) -> "ChainDescription | Recording":
    """The chain in one file; as `read_fixtures`."""
    return read_fixtures([path], profile, derive_hash=derive_hash)


def read_fixtures(
    paths: Sequence[Path], profile: ProfileName, *, derive_hash: DeriveHash | None = None
) -> "ChainDescription | Recording":
    """The chain that some files describe together, or that one file recorded.

    Later files add accounts, contracts, blocks and the rest, and override members of `network` and `node`.
    `derive_hash` gives contracts without a hash one; without it theirs stays None, and their names cannot stand for
    accounts.

    Raises FixtureError, with file, line and path, for the first thing that is wrong.
    """
    sources = []
    for path in paths:
        work.begin(f"reading {path.name}")
        sources.append((path, read_plain(path)))
    work.begin("checking what was read")
    return chain_of(sources, profile, derive_hash=derive_hash)


def chain_of(
    sources: Sequence[tuple[Path, Json]], profile: ProfileName, *, derive_hash: DeriveHash | None = None
) -> "ChainDescription | Recording":
    """As `read_fixtures`, of what the files hold; their names are for messages."""
    for path, plain in sources:
        if isinstance(plain, dict) and plain.keys() >= RECORDING_KEYS:
            if len(sources) > 1:
                raise FixtureError(path, "a recorded chain goes with no other fixture; start with this one alone")
            from rpcnode.dev.recordings import read_recording

            return read_recording(plain, Place(path), profile)
    return describe(sources, profile, derive_hash=derive_hash)


def describe(
    sources: Sequence[tuple[Path, Json]], profile: ProfileName, *, derive_hash: DeriveHash | None = None
) -> ChainDescription:
    """The chain that plain data describes: what files hold, or what need not come from one.

    Each source is data and the name under which errors speak of it.
    Raises FixtureError for the first thing that is wrong.
    """
    if not sources:
        raise ValueError("a chain is described by one source at least")
    is_one_of_several = len(sources) > 1
    documents = [_document(plain, Place(path, "", is_one_of_several)) for path, plain in sources]
    plain, data = merge(documents)
    network = _network(data.network)
    accounts = read_accounts(data.accounts or {}, profile)
    contracts = read_contracts(data.contracts or {}, profile, derive_hash)
    _check_distinct_names(data, contracts)
    names = Names(accounts, contracts, profile)
    blocks = BlockReader(names, profile).read(data.blocks or (), data.balances or ())
    check_times(blocks, data.blocks or (), network.genesis_time_ms, network.ms_per_block)
    check_supplies(blocks, contracts.known.values(), data.contracts or {}, data.place)
    asset_ids = AssetIds()
    named = [
        replace(
            contract,
            rest=replace(contract.rest, unique_asset_id=asset_ids.of_contract(contract, declared.place)),
            balance_of=read_balance_of(contract, declared, names, profile),
        )
        for contract, declared in zip(contracts.declared.values(), (data.contracts or {}).values(), strict=True)
    ]
    other_chains = OtherChains(names, network.chain_id, asset_ids)
    height, header_height = _heights(data.node, max((block.index for block in blocks), default=0))
    return ChainDescription(
        network=network,
        height=height,
        header_height=header_height,
        accounts=tuple(accounts.values()),
        contracts=tuple(sorted(named, key=lambda contract: contract.deployed_at)),
        blocks=blocks,
        other_chains=other_chains.read(data.other_chains or ()),
        keys=other_chains.read_keys(data.keys),
        digest=digest_of(plain, profile),
    )


def digest_of(plain: Json, profile: ProfileName) -> str:
    """What identifies a chain: SHA-256, in hex, of the profile's name and the canonical JSON of the data."""
    canonical = json.dumps([profile, plain], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _document(plain: Json, place: Place) -> Document:
    if not isinstance(plain, dict):
        known = ", ".join(key for key in FixtureData._fields if key != "place")
        raise place.error(f"holds no mapping at its top; a fixture is one, with {known}, all of them optional")
    if "application_logs" in plain:
        missing = ", ".join(sorted(RECORDING_KEYS - plain.keys()))
        raise place.error(f"has application_logs, as a recorded chain, but not {missing}")
    return Document(plain, read_fixture_data(plain, place))


def _network(data: NetworkData | None) -> Network:
    if data is None:
        return Network()
    defaults = Network()
    return Network(
        magic=data.magic,
        chain_id=defaults.chain_id if data.chain_id is None else data.chain_id,
        ms_per_block=defaults.ms_per_block if data.ms_per_block is None else data.ms_per_block,
        genesis_time_ms=defaults.genesis_time_ms if data.genesis_time is None else data.genesis_time,
        hardforks=_hardforks(data.hardforks or {}, data.place),
    )


def _hardforks(heights: dict[str, int], place: Place) -> tuple[tuple[str, int], ...]:
    """The hardforks with a height of their own, in the order in which they came; one that is not named is at 0."""
    highest, before = 0, ""
    for name in HARDFORKS_N3:
        height = heights.get(name, 0)
        if height < highest:
            wrong = f"{name} is at {height} and {before}, which came before it, at {highest}"
            raise place.member("hardforks").error(f"{wrong}; heights do not fall")
        highest, before = height, name
    return tuple((name, heights[name]) for name in HARDFORKS_N3 if name in heights)


def _heights(data: NodeData | None, highest_block: int) -> tuple[int, int]:
    height = highest_block if data is None or data.height is None else data.height
    header_height = height if data is None or data.header_height is None else data.header_height
    if data is not None and header_height < height:
        raise data.place.member("header_height").error(
            f"{header_height} is below the height, {height}; headers come first"
        )
    return height, header_height


def _check_distinct_names(data: FixtureData, contracts: Contracts) -> None:
    for name, account in (data.accounts or {}).items():
        if name in contracts.declared:
            other = (data.contracts or {})[name].place.where
            raise account.place.error(f"{name} is the contract {other} too; give one of the two another name")
        if name in contracts.key_of_native:
            raise account.place.error(f"{name} is the name of a native token; give the account another")
