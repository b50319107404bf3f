"""The methods of a wallet: no wallet can be opened yet, so they answer as a node that has none open.

neo-cli 3.10 reads the parameters first and looks for the wallet then, preview2 the other way round. Neo 2's are those
of RpcWallet, a plugin of its own.
Source: neo-node 3.10, plugins/RpcServer: RpcServer.Wallet; neo-plugins 3.0.0-preview2, RpcServer.Wallet.
"""

from rpcnode.plugin import (
    Account,
    Accounts,
    Answer,
    Base64Bytes,
    Fidelity,
    Json,
    Result,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugin.wire import parse_transaction
from rpcnode.plugins.rpc_server.group import NOT_EXECUTED, MethodGroup


class WalletMethods(MethodGroup):
    """The methods of the C# node's Wallet group, for N3."""

    @rpc_method(profiles=("n3", "n3-preview"))
    def close_wallet(self) -> Json:
        """Closes the open wallet; true even when there is none."""
        return True

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def open_wallet(self, path: str, password: str) -> Json:
        """Opens a wallet file of the node's. Disabled by default."""
        raise errors.NotYet("openwallet needs wallets, which this version of rpcnode does not have")

    @rpc_method(profiles=("n3",))
    def calculate_network_fee(self, tx: Base64Bytes) -> Answer:
        """The network fee, in datoshi, that a transaction has to pay whose witnesses have their scripts."""
        transaction = parse_transaction(tx)
        if transaction is None:
            raise errors.InvalidParams("Invalid tx.")
        if not self._ledger.is_executed:
            raise errors.NotYet(f"calculatenetworkfee {NOT_EXECUTED}")
        counted = self.node.relay.network_fee(transaction)

        def steps() -> Steps[Result]:
            return {"networkfee": str((yield from counted))}

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def dump_priv_key(self, address: Account) -> Json:
        """The private key of an account of the open wallet, as a WIF."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def get_wallet_balance(self, asset_id: UInt160) -> Json:
        """What the open wallet holds of an asset."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def get_wallet_unclaimed_gas(self) -> Json:
        """The GAS that the open wallet can claim."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def import_priv_key(self, privkey: str) -> Json:
        """Adds an account to the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def send_from(
        self, asset_id: UInt160, from_: Account, to: Account, amount: str, signers: Accounts | None = None
    ) -> Json:
        """Sends an asset from an account of the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def send_to_address(self, asset_id: UInt160, to: Account, amount: str) -> Json:
        """Sends an asset from the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def cancel_transaction(self, txid: UInt256, signers: Accounts, extra_fee: str | None = None) -> Json:
        """Replaces a transaction that waits by one that does nothing."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3", "n3-preview"), fidelity=Fidelity.NOT_YET)
    def get_new_address(self) -> Json:
        """Makes an account in the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3", "n3-preview"), fidelity=Fidelity.NOT_YET)
    def list_address(self) -> Json:
        """The accounts of the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n3", "n3-preview"), fidelity=Fidelity.NOT_YET)
    def send_many(self) -> Json:
        """Sends to many accounts from the open wallet; the parameters are read after the wallet."""
        raise errors.NoOpenedWallet


class Preview2WalletMethods(MethodGroup):
    """Preview2's, which look for the wallet before they look at a parameter."""

    @rpc_method(name="dumpprivkey", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def dump_priv_key_of_preview2(self) -> Json:
        """The private key of an account of the open wallet, as a WIF."""
        raise errors.NoOpenedWallet

    @rpc_method(name="getbalance", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def get_balance_of_preview2(self) -> Json:
        """What the open wallet holds of an asset."""
        raise errors.NoOpenedWallet

    @rpc_method(name="getunclaimedgas", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def get_unclaimed_gas_of_wallet(self) -> Json:
        """The GAS that the open wallet can claim."""
        raise errors.NoOpenedWallet

    @rpc_method(name="importprivkey", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def import_priv_key_of_preview2(self) -> Json:
        """Adds an account to the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(name="openwallet", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def open_wallet_of_preview2(self, path: str, password: str) -> Json:
        """Opens a wallet file of the node's. Disabled by default."""
        raise errors.NotYet("openwallet needs wallets, which this version of rpcnode does not have")

    @rpc_method(name="sendfrom", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def send_from_of_preview2(self) -> Json:
        """Sends an asset from an account of the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(name="sendtoaddress", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def send_to_address_of_preview2(self) -> Json:
        """Sends an asset from the open wallet."""
        raise errors.NoOpenedWallet
