"""What scripts of clients do on the older profiles, where they only call what models stand for.

`transfer` of a modelled token moves what its model holds; the methods that only read answer as elsewhere. What any
other script does its VM alone knows: such a transaction is refused before it is taken in.
Source of what `transfer` does: NEP-5; neo 2.12.0 and 3.0.0-preview2, Neo: SmartContract: Runtime.CheckWitness.
"""

from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from rpcnode.chain.invocation import invoke, methods_of
from rpcnode.chain.transfers import TRANSFER_EVENT, application_execution
from rpcnode.execution.call_scripts import calls_gas
from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.older_calls import ScriptCall, calls_of
from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models import token
from rpcnode.models.accounts import account_of
from rpcnode.models.preview_moves import GAS, NEO, earn
from rpcnode.primitives.errors import ProfileName, ScriptNeeded, VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.conversions import to_boolean, to_integer
from rpcnode.vm.items import StackItem

_TRANSFER: Final = ("transfer", 3)

Standing = Callable[[UInt160], ContractState | None]
"""The contract that stands with a hash."""


EarnsSince = Callable[[UInt160], int]
"""The block that changed an account's NEO last, where no transfer tells."""


class ClientScript(NamedTuple):
    """A script of a client's transaction, the accounts that have agreed to it, and what it may cost, in datoshi."""

    transaction_hash: UInt256
    script: bytes
    agreed: Collection[UInt160]
    gas_datoshi: int


class ClientRuns:
    """Runs the scripts of clients' transactions in one block."""

    def __init__(self, profile: ProfileName, block_index: int, standing: Standing, earns_since: EarnsSince) -> None:
        self._profile: Final[ProfileName] = profile
        self._block_index: Final = block_index
        self._standing: Final = standing
        self._earns_since: Final = earns_since

    def check(self, script: bytes) -> None:
        """Raises ScriptNeeded for a script that does more than call what models stand for."""
        self._calls(script)

    def run(self, snapshot: Snapshot, client: ClientScript) -> Execution:
        """Runs a script; where it fails nothing is left of it in `snapshot`. Raises ScriptNeeded as `check`."""
        calls = self._calls(client.script)
        layer = snapshot.child()
        notifications: list[Notification] = []
        stack: list[StackItem] = []
        exception = None
        cost = calls_gas(self._profile, client.script, [call.method for call in calls])
        try:
            for call in calls:
                result = self._call(layer, call, client.agreed, notifications)
                if not call.is_asserted:
                    stack.append(result)
                elif not to_boolean(result):
                    raise VmFault(f"{call.method} of {call.contract} did not succeed")
            if cost > client.gas_datoshi:
                raise VmFault(f"the script costs {cost} datoshi, and {client.gas_datoshi} are paid for")
        except VmFault as fault:
            stack, exception = [], str(fault)
        else:
            layer.commit()
        execution = application_execution(self._profile, client.transaction_hash, notifications, exception)
        return execution._replace(stack=tuple(stack), gas_consumed=cost)

    def _calls(self, script: bytes) -> tuple[ScriptCall, ...]:
        calls = calls_of(self._profile, script)
        if calls is None:
            raise ScriptNeeded("its script does more than call contracts, and is not run")
        for call in calls:
            contract = self._standing(call.contract)
            if contract is None or (call.method, len(call.args)) in methods_of(contract):
                continue
            is_modelled = contract.model is Model.TOKEN or call.contract in (NEO, GAS)
            if not is_modelled or (call.method, len(call.args)) != _TRANSFER:
                raise ScriptNeeded(f"{call.method} of {call.contract} is not modelled, and its script is not run")
        return calls

    def _call(
        self, snapshot: Snapshot, call: ScriptCall, agreed: Collection[UInt160], notifications: list[Notification]
    ) -> StackItem:
        contract = self._standing(call.contract)
        if contract is None:
            raise VmFault(f"there is no contract {call.contract}")
        if (call.method, len(call.args)) != _TRANSFER:
            return invoke(contract, snapshot, call.method, call.args).stack[0]
        sender, receiver, amount = account_of(call.args[0]), account_of(call.args[1]), to_integer(call.args[2])
        if amount < 0:
            raise VmFault(f"an amount is not negative, got {amount}")
        balance = token.balance_of(snapshot, contract.contract_id, sender)
        if sender not in agreed or balance < amount:
            return False
        if call.contract == NEO:
            # Those whose NEO moves are paid what it has earned, before it moves; an account of nothing is none.
            moved = dict.fromkeys((sender, receiver) if amount else (sender,) if balance else ())
            for account in moved:
                notifications += earn(snapshot, account, self._earns_since(account), self._block_index)
        token.move(snapshot, contract.contract_id, sender, receiver, amount)
        state = (bytes(sender), bytes(receiver), amount)
        notifications.append(Notification(contract.script_hash, TRANSFER_EVENT[self._profile], state))
        return True
