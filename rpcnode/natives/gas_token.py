"""GasToken: what execution is paid with."""

from itertools import groupby
from operator import attrgetter
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.committee import key_account, next_block_validators, validators_account
from rpcnode.natives.fungible_token import AccountState, FungibleToken
from rpcnode.natives.policy_values import attribute_fee
from rpcnode.payloads.attribute import NotaryAssisted, TransactionAttributeType
from rpcnode.payloads.transaction import Transaction

GAS_FACTOR: Final = 100_000_000  # datoshi in a GAS


class GasToken(FungibleToken[AccountState]):
    """GAS. Source: neo 3.10.2, SmartContract/Native/GasToken.cs."""

    id = -6
    name = "GasToken"
    token_symbol = "GAS"
    token_decimals = 8
    account_state = AccountState

    def initialize(self, run: Run, hardfork: Hardfork | None) -> None:
        """Gives the first GAS to the validators."""
        if hardfork is None:
            self.credit(run, validators_account(run.settings.standby_validators), run.settings.initial_gas)

    def on_persist(self, run: Run) -> None:
        """Burns the fees of the block's transactions, and gives the network fees to who made the block.

        What a notary service is due of them, Notary mints to its nodes.
        """
        block = run.persisting
        assert block is not None
        for sender, paid in groupby(block.transactions, attrgetter("sender")):
            self.burn_all(run, sender, [each.system_fee_datoshi + each.network_fee_datoshi for each in paid])
        earned = sum(each.network_fee_datoshi - _notary_share(run, each) for each in block.transactions)
        if earned:
            validators = next_block_validators(run.storage, run.settings)
            self.credit(run, key_account(validators[block.header.primary_index]), earned)


def _notary_share(run: Run, transaction: Transaction) -> int:
    """What of a transaction's network fee is for the notary nodes, in datoshi."""
    for attribute in transaction.attributes:
        if isinstance(attribute, NotaryAssisted):
            fee = attribute_fee(run.storage, TransactionAttributeType.NotaryAssisted)
            return (attribute.key_count + 1) * fee
    return 0


GAS: Final = GasToken()
