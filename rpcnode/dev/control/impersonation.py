"""Commands that let transactions pass which nobody can sign."""

from rpcnode.chain.impersonation import impersonated, set_impersonated
from rpcnode.chain.ledger import Ledger
from rpcnode.dev.control.arguments import text
from rpcnode.dev.control.chain_names import names_of
from rpcnode.dev.control.method import DevFailed, dev_method
from rpcnode.dev.control.parameter_place import parameter, reading_parameters
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160


class ImpersonationControl:
    """Whose witness is not asked for. What waits is not looked at again before the next block."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @dev_method("dev_impersonate")
    def impersonate(self, account: Json) -> Json:
        """From now on a transaction needs no witness of an account: a name, an address or a script hash.

        In the place of its witness stands any other, an empty one if need be. Gives all accounts that need none.
        """
        return self._set(impersonated(self._ledger.store) | {self._account(account)})

    @dev_method("dev_stopImpersonating")
    def stop_impersonating(self, account: Json) -> Json:
        """From now on it needs one again. Gives the accounts that still need none."""
        return self._set(impersonated(self._ledger.store) - {self._account(account)})

    def _account(self, account: Json) -> UInt160:
        ledger = self._ledger
        if not ledger.is_executed:
            raise DevFailed("transactions that clients send are taken in by chains of profile n3 that are executed")
        written = text(account, "account")
        with reading_parameters():
            names = names_of(ledger, [(contract, ledger.label_of(contract)) for contract in ledger.contracts()])
            return names.account(written, parameter("account"))

    def _set(self, accounts: frozenset[UInt160]) -> Json:
        set_impersonated(self._ledger.store, accounts)
        return [*sorted(map(str, accounts))]
