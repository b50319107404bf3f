"""The methods of a wallet's accounts, on N3.

neo-cli 3.10 reads the parameters first and looks for the wallet then, preview2 the other way round. Neo 2's are those
of RpcWallet, a plugin of its own.
Source: neo-node 3.10, plugins/RpcServer: RpcServer.Wallet; neo-plugins 3.0.0-preview2, RpcServer.Wallet.
"""

from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, Final

from rpcnode.plugin import Account, Answer, Base64Bytes, Json, Result, UInt160, errors, rpc_method
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugin.wire import parse_transaction
from rpcnode.plugins.rpc_server.group import NOT_EXECUTED, MethodGroup
from rpcnode.primitives.dotnet_wif import private_key_of_wif
from rpcnode.primitives.keys import derive_private_key, wif_of

if TYPE_CHECKING:
    from rpcnode.plugin.wallets import Wallet, WalletAccount

_ACCESS_DENIED: Final = -2147024891
_FORMAT: Final = -2146233033
_NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")
_SEED_BITS: Final = 256


class WalletMethods(MethodGroup):
    """The methods of the C# node's Wallet group that ask or change the open wallet, for N3."""

    @rpc_method(profiles=("n3", "n3-preview"))
    def close_wallet(self) -> Json:
        """Closes the open wallet; true even when there is none."""
        self.node.wallet = None
        return True

    @rpc_method(profiles=("n3",))
    def open_wallet(self, path: str, password: str) -> Answer:
        """Opens a wallet file of the node's, in the place of the one that is open. Disabled by default."""
        if not _is_file(path):
            raise errors.WalletNotFound
        if not path.lower().endswith(".json"):
            raise errors.WalletNotSupported
        return answer_of_steps(self._opened(Path(path), password))

    @rpc_method(profiles=("n3",))
    def calculate_network_fee(self, tx: Base64Bytes) -> Answer:
        """The network fee, in datoshi, that a transaction has to pay whose witnesses have their scripts.

        Those of the open wallet's accounts need not be there.
        """
        transaction = parse_transaction(tx)
        if transaction is None:
            raise errors.InvalidParams("Invalid tx.")
        if not self._ledger.is_executed:
            raise errors.NotYet(f"calculatenetworkfee {NOT_EXECUTED}")
        wallet = self.node.wallet
        relay = self.node.relay
        counted = relay.network_fee(transaction) if wallet is None else relay.network_fee(transaction, wallet.script_of)

        def steps() -> Steps[Result]:
            return {"networkfee": str((yield from counted))}

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def dump_priv_key(self, address: Account) -> Answer:
        """The private key of an account of the open wallet, as a WIF."""
        wallet = self._open_wallet
        account = wallet.account(address.script_hash)
        if account is None:
            raise errors.UnknownAccount(str(address.script_hash))
        return answer_of_steps(_wif(wallet, account))

    @rpc_method(profiles=("n3",))
    def get_wallet_balance(self, asset_id: UInt160) -> Answer:
        """What the open wallet holds of a token, in its smallest unit."""
        wallet = self._open_wallet
        state = self.node.execution_at()
        if state is None:
            raise errors.NotYet(f"getwalletbalance {NOT_EXECUTED}")
        from rpcnode.plugin.wallets import balance_of_wallet

        counted = balance_of_wallet(state, wallet, asset_id)

        def steps() -> Steps[Result]:
            return {"balance": str((yield from counted))}

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def get_wallet_unclaimed_gas(self) -> Answer:
        """What the NEO of the open wallet's accounts has earned and was not paid yet, in datoshi."""
        wallet = self._open_wallet
        state = self.node.execution_at()
        if state is None:
            raise errors.NotYet(f"getwalletunclaimedgas {NOT_EXECUTED}")
        from rpcnode.plugin.runs import unclaimed_gas

        storage, ledger = state.storage, state.ledger

        def steps() -> Steps[Result]:
            earned = 0
            for account in wallet.accounts:
                earned += unclaimed_gas(storage, ledger, account.script_hash, ledger.current_index + 1)
                yield None
            return str(earned)

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def import_priv_key(self, privkey: str) -> Answer:
        """Adds the account of a private key, a WIF, to the open wallet and its file."""
        wallet = self._open_wallet
        try:
            private_key = private_key_of_wif(privkey)
        except errors.FormatError as error:
            raise errors.LeakedException(_FORMAT, str(error)) from None

        def steps() -> Steps[Result]:
            return self._row((yield from _added(wallet, private_key)))

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def get_new_address(self) -> Answer:
        """Makes an account in the open wallet and its file.

        Its key is drawn from the chain, as everything here that is random: the same calls make the same.
        """
        wallet = self._open_wallet
        private_key = self._new_key()
        while wallet.account_of_key(private_key) is not None:
            private_key = self._new_key()

        def steps() -> Steps[Result]:
            return self._address((yield from _added(wallet, private_key)).script_hash)

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def list_address(self) -> Answer:
        """The accounts of the open wallet."""
        accounts = self._open_wallet.accounts

        def steps() -> Steps[Result]:
            rows = []
            for account in accounts:
                rows.append(self._row(account))
                yield None
            return rows

        return answer_of_steps(steps())

    def _opened(self, path: Path, password: str) -> Steps[Result]:
        from rpcnode.plugin.wallets import BadWallet, opened

        version = self._ledger.parameters.address_version
        try:
            self.node.wallet = yield from opened(path, password, self.node.profile, version)
        except BadWallet as error:
            if error.is_gap:
                raise errors.WalletNotSupported from None
            raise errors.LeakedException(*error.leaked) from None
        except errors.FormatError:
            raise errors.WalletNotSupported("Invalid password.") from None
        except OSError:
            raise _denied(path) from None
        return True

    def _row(self, account: "WalletAccount") -> Json:
        return {
            "address": self._address(account.script_hash),
            "haskey": account.nep2 is not None,
            "label": account.label,
            "watchonly": account.contract is None,
        }

    def _new_key(self) -> bytes:
        return derive_private_key(f"{self._drawn().getrandbits(_SEED_BITS):064x}", 0)


def _is_file(path: str) -> bool:
    """File.Exists."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):  # no path can have such characters
        return False
    return not path.endswith("/") and not S_ISDIR(mode)


def _wif(wallet: "Wallet", account: "WalletAccount") -> Steps[Result]:
    try:
        private_key = yield from wallet.key_of(account)
    except errors.FormatError as error:
        raise key_failure(error) from None
    if private_key is None:
        raise errors.LeakedException(*_NULL_REFERENCE)
    return wif_of(private_key)


def key_failure(error: errors.FormatError) -> errors.RpcError:
    """What the C# node says of a key that does not open."""
    from rpcnode.plugin.wallets import WrongPassword

    is_other = isinstance(error, WrongPassword)
    message = "The address hash in NEP-2 key is not valid" if is_other else "Invalid NEP-2 key"
    return errors.LeakedException(_FORMAT, message)


def _added(wallet: "Wallet", private_key: bytes) -> "Steps[WalletAccount]":
    try:
        return (yield from wallet.add_key(private_key))
    except errors.FormatError as error:
        raise errors.InternalError(str(error)) from None
    except OSError:
        raise _denied(wallet.path) from None


def _denied(path: Path) -> errors.RpcError:
    return errors.LeakedException(_ACCESS_DENIED, f"Access to the path '{path.absolute()}' is denied.")
