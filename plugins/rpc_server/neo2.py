"""What only Neo 2 nodes answer: global assets, who holds them, their unspent outputs, and system fees.

Source: neo 2.12, Neo: Network/RPC/RpcServer, Ledger/AccountState, AssetState, Blockchain.GenesisBlock.
"""

from rpcnode.plugin import (
    Account,
    Fidelity,
    HexBytes,
    Json,
    RawJson,
    UInt16,
    UInt32,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.neo2 import GAS_ASSET, NEO_ASSET, ONE, CoinReference, Coins, fixed8_text
from rpcnode.plugin.wire import empty_proof, proved_value
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.records import dataclass

_PUSHT, _PUSHF = b"\x51", b"\x00"
_EXPIRATION = 4_000_000
_NEO_SUPPLY = 100_000_000
_INVALID_PARAMETER = (-100, "Invalid parameter.")
_UNKNOWN_ROOT = (-100, "Unknown state root.")
_NEEDS_STORAGE = "needs the storage of contracts, whose scripts are not run"


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
"""The two of every network."""


class Neo2Methods(MethodGroup):
    """Neo 2's own."""

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_account_state(self, address: Account) -> Json:
        """What an account holds of the global assets, first of all what it has held for the longest."""
        if address.given_in_hex:
            raise errors.InvalidParams
        balances = self._coins.holdings_of(address.script_hash, self._ledger.height)
        return {
            "version": 0,
            "script_hash": str(address.script_hash),
            "frozen": False,
            "votes": [],
            "balances": [{"asset": str(asset), "value": fixed8_text(value)} for asset, value in balances.items()],
        }

    @rpc_method(profiles=("n2",), fidelity=Fidelity.MODELLED, of_chain=True)
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

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_tx_out(self, txid: UInt256, n: UInt16) -> Json:
        """An output that nobody has spent, or null."""
        coin = self._coins.unspent(CoinReference(txid, n), self._ledger.height)
        if coin is None:
            return None
        return {
            "n": coin.position,
            "asset": str(coin.asset),
            "value": fixed8_text(coin.value),
            "address": self._address(coin.account),
        }

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_block_sys_fee(self, height: UInt32) -> Json:
        """The system fees of all blocks up to one, in GAS."""
        if height > self._ledger.height:
            raise errors.UnknownHeight
        return str(self._coins.system_fees(height))

    @rpc_method(name="getvalidators", profiles=("n2",), of_chain=True)
    def get_enrollments(self) -> Json:
        """Who has enrolled as a validator: nobody; a standby validator has not."""
        return []

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_minimum_network_fee(self) -> Json:
        """The least network fee, in GAS: a node's own setting, 0 as shipped."""
        return "0"

    # State roots, which nobody has signed

    @rpc_method(name="getstateheight", profiles=("n2",), of_chain=True)
    def get_state_height(self) -> Json:
        """The height, and that of the newest state root that the validators of the state have signed: none."""
        return {"blockheight": self._ledger.height, "stateheight": -1}

    @rpc_method(name="getstateroot", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_state_root(self, key: RawJson) -> Json:
        """The root of the state after a block; what names no block is refused as on a node."""
        match key.value:
            case bool():
                raise errors.LeakedException(*_INVALID_PARAMETER)
            case int() | float():
                index: int | None = int(key.value) % 2**32 if abs(key.value) < 2.0**63 else 0
            case str():
                index = self._index_of_hash(key.value)
            case _:
                raise errors.LeakedException(*_INVALID_PARAMETER)
        if index is None or index > self._ledger.height:
            raise errors.LeakedException(*_UNKNOWN_ROOT)
        raise errors.NotYet(f"getstateroot {_NEEDS_STORAGE}")

    @rpc_method(name="getproof", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_proof(self, root: UInt256, script_hash: UInt160, key: HexBytes) -> Json:
        """The proof that a contract's key has a value in a state; in the empty state, whose root is 0, nothing has."""
        if root != UInt256.ZERO:
            raise errors.NotYet(f"getproof {_NEEDS_STORAGE}")
        return {"success": False, "proof": empty_proof(script_hash, key).hex()}

    @rpc_method(name="verifyproof", profiles=("n2",), of_chain=True)
    def verify_proof(self, root: UInt256, proof: HexBytes) -> Json:
        """The value that a proof shows under a state root, or the text `invalid`; no state of this node is asked."""
        value = proved_value(root, proof)
        return "invalid" if value is None else {"value": value.hex()}

    def _index_of_hash(self, text: str) -> int | None:
        try:
            return self._ledger.block_index(UInt256.parse(text))
        except errors.FormatError:
            raise errors.InvalidParams from None

    @property
    def _coins(self) -> Coins:
        coins = self._ledger.coins
        assert coins is not None
        return coins
