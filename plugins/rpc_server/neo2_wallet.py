"""The wallet methods of Neo 2: no wallet can be opened, and that is what they say once their parameters are in form.

Source: neo-plugins 2.12, RpcWallet.
"""

from rpcnode.plugin import Fidelity, Json, errors, rpc_method
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160, UInt256


class Neo2WalletMethods(MethodGroup):
    """RpcWallet's methods that N3 does not have, or has in another form."""

    @rpc_method(name="claimgas", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def claim_gas(self, to: str | None = None) -> Json:
        """Claims the GAS that the open wallet's NEO has earned."""
        if to is not None:
            self._check_address(to)
        raise errors.NoOpenedWallet

    @rpc_method(name="dumpprivkey", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def dump_priv_key_of_neo2(self, address: str) -> Json:
        """The private key of an account of the open wallet, as a WIF."""
        self._check_address(address)
        raise errors.NoOpenedWallet

    @rpc_method(name="getbalance", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_balance_of_neo2(self, asset_id: str) -> Json:
        """What the open wallet holds of an asset."""
        self._check_asset(asset_id)
        raise errors.NoOpenedWallet

    @rpc_method(name="getwalletheight", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_wallet_height(self) -> Json:
        """The block up to which the open wallet knows the chain."""
        raise errors.NoOpenedWallet

    @rpc_method(name="importprivkey", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def import_priv_key_of_neo2(self, privkey: str) -> Json:
        """Adds an account to the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(name="sendfrom", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def send_from_of_neo2(self, asset_id: str, from_: str, to: str, value: str) -> Json:
        """Sends an asset from an account of the open wallet."""
        self._check_asset(asset_id)
        self._check_address(from_)
        self._check_address(to)
        raise errors.NoOpenedWallet

    @rpc_method(name="sendtoaddress", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def send_to_address_of_neo2(self, asset_id: str, address: str, value: str) -> Json:
        """Sends an asset from the open wallet."""
        self._check_asset(asset_id)
        self._check_address(address)
        raise errors.NoOpenedWallet

    def _check_address(self, text: str) -> None:
        try:
            script_hash_of(text, self._ledger.parameters.address_version)
        except FormatError:
            raise errors.InvalidParams from None

    def _check_asset(self, text: str) -> None:
        """An asset is a global one, by the hash of its transaction, or a contract."""
        try:
            UInt256.parse(text)
        except FormatError:
            pass
        else:
            return
        try:
            UInt160.parse(text)
        except FormatError:
            raise errors.InvalidParams from None
