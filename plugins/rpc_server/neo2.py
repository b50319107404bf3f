"""What only Neo 2 nodes answer: global assets, their unspent outputs, fees and the GAS that NEO earns.

A described chain moves NEP-5 tokens only. Its global assets are those of every network's first block, where all NEO
went to the validators and stays there.
Source: neo 2.12, Neo: Network/RPC/RpcServer, Ledger/AccountState, AssetState, Blockchain.GenesisBlock; neo-plugins
2.12, RpcSystemAssetTracker.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rpcnode.plugin import Account, Fidelity, Json, UInt16, UInt32, UInt64, UInt160, UInt256, errors, rpc_method
from rpcnode.plugin.neo2 import GAS_ASSET, NEO_ASSET, ONE, fixed8_text
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.hashes import hash160

_PUSHT, _PUSHF = b"\x51", b"\x00"
_EXPIRATION = 4_000_000
_BLOCKS_PER_RATE = 2_000_000
_GAS_PER_BLOCK = (8, 7, 6, 5, 4, 3, 2, *([1] * 15))
_NEO_SUPPLY = 100_000_000
_MOST_DIGITS = 10  # of 32 bits


@dataclass(frozen=True, slots=True)
class GlobalAsset:
    """An asset that is no contract. `available` and `amount` in units of 10^-8."""

    kind: str
    symbol: str
    names: tuple[tuple[str, str], ...]
    available: int
    precision: int
    admin_script: bytes


ASSETS: dict[UInt256, GlobalAsset] = {
    GAS_ASSET: GlobalAsset("UtilityToken", "GAS", (("zh-CN", "小蚁币"), ("en", "AntCoin")), 0, 8, _PUSHF),
    NEO_ASSET: GlobalAsset(
        "GoverningToken", "NEO", (("zh-CN", "小蚁股"), ("en", "AntShare")), _NEO_SUPPLY * ONE, 0, _PUSHT
    ),
}
"""GAS, then NEO, as the tracker of unspent outputs lists them."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output that nobody has spent."""

    transaction: UInt256
    position: int
    block_index: int
    asset: UInt256
    value: int
    script_hash: UInt160
    json: dict[str, Json]


class Neo2Methods(MethodGroup):
    """Neo 2's own."""

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_account_state(self, address: Account) -> Json:
        """What an account holds of the global assets: nothing, but for the validators' NEO of the first block."""
        if address.given_in_hex:
            raise errors.InvalidParams
        balances: dict[UInt256, int] = {}
        for output in self._outputs_of(address.script_hash):
            balances[output.asset] = balances.get(output.asset, 0) + output.value
        return {
            "version": 0,
            "script_hash": str(address.script_hash),
            "frozen": False,
            "votes": [],
            "balances": [{"asset": str(asset), "value": fixed8_text(value)} for asset, value in balances.items()],
        }

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_asset_state(self, asset_id: UInt256) -> Json:
        """NEO or GAS as registered in the first block; there are no other global assets."""
        asset = ASSETS.get(asset_id)
        if asset is None:
            raise errors.UnknownAsset
        admin = self._address(UInt160(hash160(asset.admin_script)))
        return {
            "version": 0,
            "id": str(asset_id),
            "type": asset.kind,
            "name": [{"lang": language, "name": name} for language, name in asset.names],
            "amount": str(_NEO_SUPPLY),
            "available": fixed8_text(asset.available),
            "precision": asset.precision,
            "owner": "00",
            "admin": admin,
            "issuer": admin,
            "expiration": _EXPIRATION,
            "frozen": False,
        }

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_tx_out(self, txid: UInt256, n: UInt16) -> Json:
        """An output that nobody has spent, or null."""
        return next(
            (output.json for output in self._outputs() if output.transaction == txid and output.position == n), None
        )

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_block_sys_fee(self, height: UInt32) -> Json:
        """The system fees up to a block, in GAS: none, declared transactions pay nothing."""
        if height > self._ledger.height:
            raise errors.UnknownHeight
        return "0"

    @rpc_method(profiles=("n2",))
    def get_minimum_network_fee(self) -> Json:
        """The least network fee, in GAS: a node's own setting, 0 as shipped."""
        return "0"

    # RpcSystemAssetTracker

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_unspents(self, address: Account, is_governing_token: bool | None = None) -> Json:
        """An account's unspent outputs by asset: GAS then NEO, or only one of them."""
        wanted = {None: ("GAS", "NEO"), True: ("NEO",), False: ("GAS",)}[is_governing_token]
        balance: list[Json] = []
        for asset_id, asset in ASSETS.items():
            outputs = [output for output in self._outputs_of(address.script_hash) if output.asset == asset_id]
            if outputs and asset.symbol in wanted:
                unspent: list[Json] = [
                    {"txid": _plain(output.transaction), "n": output.position, "value": _number(output.value)}
                    for output in outputs
                ]
                total = sum(output.value for output in outputs)
                balance.append(
                    {
                        "unspent": unspent,
                        "asset_hash": _plain(asset_id),
                        "asset": asset.symbol,
                        "asset_symbol": asset.symbol,
                        "amount": _number(total),
                    }
                )
        return {"balance": balance, "address": self._address(address.script_hash)}

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_claimable(self, address: Account) -> Json:
        """The GAS of spent NEO that can be claimed: none, since no NEO was ever spent."""
        return {"claimable": [], "address": self._address(address.script_hash), "unclaimed": 0}

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_unclaimed(self, address: Account) -> Json:
        """What an account's NEO has earned, in GAS: `available` from what was spent, `unavailable` from the rest."""
        unavailable = sum(
            output.value // _NEO_SUPPLY * generated_between(output.block_index, self._ledger.height)
            for output in self._outputs_of(address.script_hash)
            if output.asset == NEO_ASSET
        )
        return {"available": 0, "unavailable": _number(unavailable), "unclaimed": _number(unavailable)}

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED)
    def get_utxo_transfers(
        self,
        address: Account,
        asset_or_start: str | None = None,
        start_or_end: UInt64 | None = None,
        end: UInt64 | None = None,
    ) -> Json:
        """The movements of global assets in a span of seconds: none; `neo` or `gas` before it asks for one asset."""
        assets: tuple[UInt256, ...] = (NEO_ASSET, GAS_ASSET)
        span: tuple[int | None, int | None] = (None, None)
        if asset_or_start is not None and _is_seconds(asset_or_start):
            span = (int(asset_or_start), start_or_end)
        elif asset_or_start is not None:
            assets = tuple(asset for asset in assets if ASSETS[asset].symbol.lower() == asset_or_start.lower())
            span = (start_or_end, end)
        if not assets or (span[0] is not None and span[1] is not None and span[1] < span[0]):
            raise errors.InvalidParams
        nothing: list[Json] = [
            {"asset_hash": str(asset_id), "asset": ASSETS[asset_id].symbol, "total_amount": "0", "transactions": []}
            for asset_id in assets
        ]
        return {"address": self._address(address.script_hash), "sent": nothing, "received": nothing}

    def _outputs_of(self, script_hash: UInt160) -> list[Output]:
        return [output for output in self._outputs() if output.script_hash == script_hash]

    def _outputs(self) -> Iterator[Output]:
        """The outputs of the first block: declared transactions have none and spend none."""
        version = self._ledger.parameters.address_version
        for transaction in self._ledger.block(0).transactions:
            listed = transaction.to_json(version).get("vout")
            for entry in listed if isinstance(listed, list) else ():
                if isinstance(entry, dict):
                    yield self._output(transaction.hash, entry)

    def _output(self, transaction: UInt256, entry: dict[str, Json]) -> Output:
        return Output(
            transaction=transaction,
            position=int(str(entry["n"])),
            block_index=0,
            asset=UInt256.parse(str(entry["asset"])),
            value=int(str(entry["value"])) * ONE,
            script_hash=script_hash_of(str(entry["address"]), self._ledger.parameters.address_version),
            json=entry,
        )


def generated_between(start: int, end: int) -> int:
    """The GAS that all NEO together earns from block `start` until before block `end`, without fees.

    Source: neo 2.12, Neo: Ledger/Blockchain.GenerationAmount, DecrementInterval.
    """
    return sum(
        rate * max(0, min(end, (period + 1) * _BLOCKS_PER_RATE) - max(start, period * _BLOCKS_PER_RATE))
        for period, rate in enumerate(_GAS_PER_BLOCK)
    )


def _is_seconds(text: str) -> bool:
    """Whether a text is an integer of 32 bits."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and int(text) < 2**32


def _plain(asset_or_transaction: UInt256) -> str:
    return str(asset_or_transaction).removeprefix("0x")


def _number(value: int) -> int | float:
    """An amount in units of 10^-8 as a JSON number."""
    return value // ONE if value % ONE == 0 else value / ONE
