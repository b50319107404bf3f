"""What only the REST faces read: other chains, and the keys that clients show.

Everything comes out as plain data with every member that fixture_schema.py knows, none missing: accounts and contracts
as 0x script hashes, amounts as decimal texts.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rpcnode.chain.description import Contract
from rpcnode.dev.fixture_errors import nearest, shown
from rpcnode.dev.fixture_names import Names
from rpcnode.dev.fixture_schema import KeysData, OtherAssetData, OtherBalanceData, OtherChainData
from rpcnode.dev.place import Place
from rpcnode.primitives.address import N2_VERSION, N3_VERSION
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

ADDRESS_VERSION: Final[dict[str, int | None]] = {"neo3": N3_VERSION, "neo2": N2_VERSION, "evm": None}
"""Of each kind of chain; None where addresses are hex only."""


def derived_asset_id(contract: UInt160, chain_position: int) -> str:
    """The unique asset id of a contract without one; the main chain's position is 1, the next's 2.

    Our decision, in the form of public ids: no page says how they are made, their last four digits seem to be the
    chain's.
    """
    return str(contract)[:22] + f"{chain_position:04x}"


class AssetIds:
    """The unique asset ids that are given out, read as numbers, and whose each is."""

    def __init__(self, owners: Iterable[tuple[int, str]] = ()) -> None:
        self._owners = dict(owners)

    def of_contract(self, contract: Contract, place: Place) -> str | None:
        """The id of a contract of the main chain, from now on its own; None where it has no hash to derive one from.

        Raises FixtureError for one that is another's.
        """
        asset_id = contract.rest.unique_asset_id
        if asset_id is not None:
            self.claim(asset_id, contract.key, place.member("rest").member("unique_asset_id"))
        elif contract.script_hash is not None:
            asset_id = self.derive(contract.script_hash, 1)
            self.claim(asset_id, contract.key, place)
        return None if asset_id is None else asset_id.lower()

    def derive(self, contract: UInt160, position: int) -> str:
        """The derived id, of the whole hash where that of its first half is another asset's."""
        asset_id = derived_asset_id(contract, position)
        return f"{contract}{position:04x}" if int(asset_id, 16) in self._owners else asset_id

    def claim(self, asset_id: str, owner: str, place: Place) -> None:
        """Notes whose an id is; raises FixtureError for one that is another's."""
        number = int(asset_id, 16)
        if number in self._owners:
            raise place.error(
                f"the unique asset id {asset_id} is that of {self._owners[number]} already; give it another"
            )
        self._owners[number] = owner


class OtherChains:
    """Reads `other_chains` and `keys` of a fixture; `asset_ids` are those of its main chain."""

    def __init__(self, names: Names, main_chain_id: str, asset_ids: AssetIds) -> None:
        self._names = names
        self._chain_ids = [main_chain_id]
        self._asset_ids = asset_ids

    def read(self, chains: Sequence[OtherChainData]) -> tuple[dict[str, Json], ...]:
        """The chains; raises FixtureError for a chain or a token that stands twice, and an unknown one."""
        return tuple(self._chain(data, position) for position, data in enumerate(chains, start=2))

    def read_keys(self, keys: KeysData | None) -> dict[str, Json]:
        """The keys, only those faces that the file names; raises FixtureError for a key that stands twice."""
        read: dict[str, Json] = {}
        if keys is not None and keys.chainbase is not None:
            _check_distinct([(row.key, row.place.member("key")) for row in keys.chainbase])
            read["chainbase"] = [
                {"key": row.key} | ({} if row.chains is None else {"chains": self._known_chains(row.chains, row.place)})
                for row in keys.chainbase
            ]
        if keys is not None and keys.teos is not None:
            _check_distinct([(row.token, row.place.member("token")) for row in keys.teos])
            read["teos"] = [
                {"token": row.token, "accounts": self._accounts(row.accounts, row.place.member("accounts"))}
                for row in keys.teos
            ]
        return read

    def _chain(self, data: OtherChainData, position: int) -> dict[str, Json]:
        if data.chain_id in self._chain_ids:
            raise data.place.member("chain_id").error(f"{shown(data.chain_id)} is another chain already")
        self._chain_ids.append(data.chain_id)
        version = ADDRESS_VERSION[data.kind] if data.address_version is None else data.address_version
        if data.kind == "evm" and version is not None:
            raise data.place.member("address_version").error(
                "an evm chain has none; leave it out, or give another kind"
            )
        assets: dict[str, Json] = {}
        for asset in data.assets:
            contract = _contract_address(asset.contract_address, asset.place)
            if str(contract) in assets:
                raise asset.place.error(f"{contract} stands twice among the assets of this chain")
            assets[str(contract)] = self._asset(asset, contract, data.chain_id, position)
        balances: dict[tuple[str, str], Json] = {}
        for row in data.balances:
            key = (self._address(row, version), str(_contract_address(row.contract_address, row.place)))
            if key[1] not in assets:
                hint = nearest(key[1], list(assets))
                raise row.place.member("contract_address").error(f"{key[1]} is no asset of this chain; {hint}")
            if key in balances:
                raise row.place.error(f"the balance of {key[0]} in {key[1]} stands twice")
            balances[key] = self._balance(row, key, data.chain_id)
        return {
            "chain_id": data.chain_id,
            "name": data.chain_id if data.name is None else data.name,
            "kind": data.kind,
            "address_version": version,
            "block": data.block,
            "assets": list(assets.values()),
            "balances": list(balances.values()),
        }

    def _asset(self, data: OtherAssetData, contract: UInt160, chain_id: str, position: int) -> dict[str, Json]:
        _check_chain_id(data.chain_id, chain_id, data.place)
        said = data.unique_asset_id
        asset_id = self._asset_ids.derive(contract, position) if said is None else said
        place = data.place if said is None else data.place.member("unique_asset_id")
        self._asset_ids.claim(asset_id, f"{data.symbol} of chain {chain_id}", place)
        return {
            "chain_id": chain_id,
            "contract_address": str(contract),
            "name": data.name,
            "symbol": data.symbol,
            "decimals": data.decimals,
            "total_supply": str(data.total_supply),
            "logos": [logo.to_json() for logo in data.logos],
            "urls": [url.to_json() for url in data.urls],
            "current_usd_price": data.current_usd_price,
            "unique_asset_id": asset_id.lower(),
            "spark_factor": str(10**data.decimals if data.spark_factor is None else data.spark_factor),
        }

    def _balance(self, data: OtherBalanceData, key: tuple[str, str], chain_id: str) -> dict[str, Json]:
        _check_chain_id(data.chain_id, chain_id, data.place)
        return {
            "chain_id": chain_id,
            "address": key[0],
            "contract_address": key[1],
            "amount": str(data.amount),
            "last_updated_block": data.last_updated_block,
        }

    def _address(self, data: OtherBalanceData, version: int | None) -> str:
        place = data.place.member("address")
        if version is None and self._names.named_account(data.address, place) is None:
            try:
                return str(UInt160.parse(data.address))
            except FormatError as error:
                raise place.error(f"{error}; an evm chain's address is a name, or 0x and 40 hex digits") from None
        return str(self._names.account(data.address, place, version))

    def _known_chains(self, chain_ids: Sequence[str], place: Place) -> list[Json]:
        for position, chain_id in enumerate(chain_ids):
            if chain_id not in self._chain_ids:
                wrong = f"{shown(chain_id)} is no chain of this fixture"
                raise place.member("chains").item(position).error(f"{wrong}; {nearest(chain_id, self._chain_ids)}")
        return list(chain_ids)

    def _accounts(self, accounts: Sequence[str], place: Place) -> list[Json]:
        return [str(self._names.account(text, place.item(position))) for position, text in enumerate(accounts)]


def _contract_address(written: str, place: Place) -> UInt160:
    try:
        return UInt160.parse(written)
    except FormatError as error:
        raise place.member("contract_address").error(f"{error}; right is 0x and 40 hex digits") from None


def _check_chain_id(said: str | None, chain_id: str, place: Place) -> None:
    if said not in (None, chain_id):
        wrong = f"{shown(said)} is not the chain this stands under"
        raise place.member("chain_id").error(f"{wrong}; leave it out, or write {shown(chain_id)}")


def _check_distinct(rows: Sequence[tuple[str, Place]]) -> None:
    seen: set[str] = set()
    for key, place in rows:
        if key in seen:
            raise place.error(f"{shown(key)} stands here twice; leave one of the two out")
        seen.add(key)
