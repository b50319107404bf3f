"""What REST faces read: the chains of a fixture, their fungible assets, and who holds them.

The first chain is the node's own: its assets are its contracts, its balances the table that the trackers share. The
others exist for the faces only, as the fixture lists them.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from rpcnode.chain.db.contract_rows import Label
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.state import State
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.plugin.token_balances import TokenBalances
from rpcnode.plugin.transfer_events import number_of
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_text
from rpcnode.vm.items import StackItem

REST_META: Final = "rest"
"""The key of `chain_meta` under which a fixture's `other_chains` and `keys` are kept."""

_MOST_DECIMALS: Final = 77  # of a 256-bit amount
_NOTHING: Final = '{"other_chains": [], "keys": {}}'


@dataclass(frozen=True, slots=True)
class Asset:
    """A fungible token as faces show it. `unique_asset_id` is lower-case hex with 0x, as its registry spells it."""

    chain_id: str
    contract: UInt160
    name: str
    symbol: str
    decimals: int
    total_supply: int
    unique_asset_id: str
    spark_factor: int
    logos: list[Json]
    urls: list[Json]
    current_usd_price: int | float


class AssetChain(Protocol):
    """One chain. `address_version` None: addresses are hex only."""

    @property
    def chain_id(self) -> str: ...
    @property
    def address_version(self) -> int | None: ...

    def assets(self) -> Iterator[Asset]:
        """Every asset that is registered, in no order."""

    def asset_ids(self) -> Iterator[tuple[int, UInt160]]:
        """The unique id, as a number, and the contract of every asset, in no order; no contract is asked for it.

        Those that are not registered any more or yet may be among them, and what a contract of the same hash had.
        """

    def asset(self, contract: UInt160) -> Asset | None:
        """The asset with a contract hash, if one is registered."""

    def holdings(self, account: UInt160, offset: int, limit: int, *, with_zero: bool) -> list[tuple[Asset, int]]:
        """What an account ever received, by the contract's hash as displayed, with what it holds of it now."""

    def count(self, account: UInt160, *, with_zero: bool) -> int:
        """How many holdings an account has."""

    def amounts(self, account: UInt160, contracts: Collection[UInt160]) -> Mapping[UInt160, int]:
        """What an account holds of some assets; those it never received are not in it."""

    def native_amount(self, account: UInt160, block_index: int | None) -> int:
        """What an account holds of the asset that pays fees, now or after a block; 0 where the chain has none."""


class Assets:
    """All chains, the node's own first."""

    def __init__(self, ledger: Ledger, balances: TokenBalances) -> None:
        self._ledger = ledger
        self._balances = balances
        self._read: _Listed | None = None

    def reload(self) -> None:
        """Takes up what the fixture lists now, after the database's content was replaced."""
        self._read = None

    @property
    def chains(self) -> dict[str, AssetChain]:
        """The chains by their ids."""
        listed = self._listed()
        own: AssetChain = OwnChain(self._ledger, self._balances)
        return {own.chain_id: own, **listed.other_chains}

    def by_unique_id(self, wanted: Collection[int]) -> dict[int, tuple[AssetChain, Asset]]:
        """The assets that are registered of some unique ids, read as numbers."""
        return {
            number: (chain, asset)
            for chain in reversed(self.chains.values())
            for number, contract in chain.asset_ids()
            if number in wanted
            and (asset := chain.asset(contract)) is not None
            and int(asset.unique_asset_id, 16) == number
        }

    def keys(self, face: str) -> list[dict[str, Any]] | None:
        """What the fixture lists under a face's keys; None where it has no such list."""
        return self._listed().keys.get(face)

    def _listed(self) -> "_Listed":
        if self._read is None:
            rest = json.loads(self._ledger.store.meta(REST_META) or _NOTHING)
            chains: list[AssetChain] = [ListedChain(listed) for listed in rest["other_chains"]]
            self._read = _Listed({chain.chain_id: chain for chain in chains}, rest["keys"])
        return self._read


@dataclass(frozen=True, slots=True)
class _Listed:
    """A fixture's other chains and keys, read once."""

    other_chains: Mapping[str, AssetChain]
    keys: Mapping[str, list[dict[str, Any]]]


class OwnChain:
    """The node's own chain at its present height."""

    def __init__(self, ledger: Ledger, balances: TokenBalances) -> None:
        self._ledger = ledger
        self._balances = balances
        self._state = ledger.state()
        self.chain_id = ledger.parameters.chain_id
        self.address_version: int | None = ledger.parameters.address_version

    def assets(self) -> Iterator[Asset]:
        for script_hash in {contract.script_hash for contract in self._ledger.contracts()}:
            asset = self.asset(script_hash)
            if asset is not None:
                yield asset

    def asset_ids(self) -> Iterator[tuple[int, UInt160]]:
        for contract in self._ledger.contracts():
            yield int(unique_asset_id(contract, self._ledger.label_of(contract)), 16), contract.script_hash

    def asset(self, contract: UInt160) -> Asset | None:
        state, found = self._state, self._state.contract_by_now(contract)
        if found is None or not _is_fungible(found):
            return None
        if not found.exists_at(state.block_index):
            # Destroyed: it is described as it last was.
            state = self._ledger.state_at((found.destroyed_at or 0) - 1)
        symbol, decimals, supply = (
            _answer(state, contract, method) for method in ("symbol", "decimals", "totalSupply")
        )
        label = self._ledger.label_of(found)
        rest: Mapping[str, Any] = label.rest or {}
        places = _number(decimals)
        return Asset(
            chain_id=self.chain_id,
            contract=contract,
            name=found.name,
            symbol=_text(symbol),
            decimals=places,
            total_supply=_number(supply),
            unique_asset_id=unique_asset_id(found, label),
            spark_factor=int(rest.get("spark_factor") or 10 ** min(max(places, 0), _MOST_DECIMALS)),
            logos=rest.get("logos", []),
            urls=rest.get("urls", []),
            current_usd_price=rest.get("current_usd_price", 0),
        )

    def holdings(self, account: UInt160, offset: int, limit: int, *, with_zero: bool) -> list[tuple[Asset, int]]:
        return [
            (asset, int(row.amount))
            for row in self._balances.of_account(account, offset, limit, with_zero=with_zero)
            if (asset := self.asset(row.asset)) is not None
        ]

    def count(self, account: UInt160, *, with_zero: bool) -> int:
        return self._balances.count(account, with_zero=with_zero)

    def amounts(self, account: UInt160, contracts: Collection[UInt160]) -> Mapping[UInt160, int]:
        return self._balances.amounts(account, contracts)

    def native_amount(self, account: UInt160, block_index: int | None) -> int:
        gas = NATIVE_TOKENS[self._ledger.profile].get("GAS")
        if gas is None:
            return 0
        height = self._ledger.height
        state = self._state if block_index is None or block_index >= height else self._ledger.state_at(block_index)
        return _number(_answer(state, gas, "balanceOf", account))


class ListedChain:
    """A chain that a fixture lists under `other_chains`."""

    def __init__(self, listed: dict[str, Any]) -> None:
        self.chain_id: str = listed["chain_id"]
        self.address_version: int | None = listed["address_version"]
        self._assets = {
            asset.contract: asset for asset in (_listed_asset(self.chain_id, row) for row in listed["assets"])
        }
        self._received: dict[UInt160, dict[UInt160, int]] = {}
        for row in sorted(listed["balances"], key=lambda row: str(row["contract_address"])):
            of_account = self._received.setdefault(UInt160.parse(row["address"]), {})
            of_account[UInt160.parse(row["contract_address"])] = int(row["amount"])
        self._rows = {account: list(received) for account, received in self._received.items()}
        self._held_rows = {
            account: [contract for contract, amount in received.items() if amount]
            for account, received in self._received.items()
        }

    def assets(self) -> Iterator[Asset]:
        return iter(self._assets.values())

    def asset_ids(self) -> Iterator[tuple[int, UInt160]]:
        return ((int(asset.unique_asset_id, 16), contract) for contract, asset in self._assets.items())

    def asset(self, contract: UInt160) -> Asset | None:
        return self._assets.get(contract)

    def holdings(self, account: UInt160, offset: int, limit: int, *, with_zero: bool) -> list[tuple[Asset, int]]:
        contracts = self._contracts(account, with_zero)[offset : offset + limit]
        return [(self._assets[contract], self._received[account][contract]) for contract in contracts]

    def count(self, account: UInt160, *, with_zero: bool) -> int:
        return len(self._contracts(account, with_zero))

    def amounts(self, account: UInt160, contracts: Collection[UInt160]) -> Mapping[UInt160, int]:
        return self._received.get(account, {})

    def native_amount(self, account: UInt160, block_index: int | None) -> int:
        return 0

    def _contracts(self, account: UInt160, with_zero: bool) -> Sequence[UInt160]:
        return (self._rows if with_zero else self._held_rows).get(account, ())


def unique_asset_id(contract: ContractState, label: Label) -> str:
    """The unique asset id of a contract of the node's own chain; without one that was given, it is derived.

    It is 20 digits of its hash, then 0001. Our decision: nobody says how the vendor makes its ids.
    """
    given = (label.rest or {}).get("unique_asset_id")
    return f"{str(contract.script_hash)[:22]}0001" if given is None else str(given)


def _listed_asset(chain_id: str, row: dict[str, Any]) -> Asset:
    return Asset(
        chain_id=chain_id,
        contract=UInt160.parse(row["contract_address"]),
        name=row["name"],
        symbol=row["symbol"],
        decimals=row["decimals"],
        total_supply=int(row["total_supply"]),
        unique_asset_id=row["unique_asset_id"],
        spark_factor=int(row["spark_factor"]),
        logos=row["logos"],
        urls=row["urls"],
        current_usd_price=row["current_usd_price"],
    )


def _is_fungible(contract: ContractState) -> bool:
    return contract.has_method("balanceOf", 1) and "NEP-11" not in contract.supported_standards


def _answer(state: State, contract: UInt160, method: str, *accounts: UInt160) -> StackItem:
    """What a method leaves; Null where it fails."""
    execution = state.call(contract, method, tuple(bytes(account) for account in accounts))
    return execution.stack[-1] if execution.halted and execution.stack else None


def _number(item: StackItem) -> int:
    return number_of(item) or 0


def _text(item: StackItem) -> str:
    try:
        return to_text(item)
    except VmFault:
        return ""
