"""The chain as one recorded transaction saw it.

Native contracts are not run. What a method of theirs notified is read from the recording, where it is the next event;
what it answers follows from that, or from what is known of contracts and balances.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rpcnode.chain.recorded.contract_versions import (
    DEPLOY,
    DESTROY,
    UPDATE,
    ContractVersions,
    updated,
    version_of,
)
from rpcnode.execution.accounts import account_of
from rpcnode.execution.blocked_accounts import block, is_blocked, unblock
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.engine import Context, NotModelled, Reply, ScriptRun
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, GAS, NEO, POLICY
from rpcnode.execution.recorded_scripts import runs, set_runs
from rpcnode.execution.records import Notification
from rpcnode.execution.serializers.contract_items import contract_value
from rpcnode.execution.storage import Storage, read_integer
from rpcnode.models.token import TOTAL_SUPPLY, balance_of
from rpcnode.natives.answers import answer
from rpcnode.natives.deployment import manifest_from, nef_from
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_bytes, to_integer
from rpcnode.vm.items import StackItem

TRANSFER: Final = "Transfer"
VOTE: Final = "Vote"
ON_PAYMENT: Final = "onNEP17Payment"

_MADE: Final = -(1 << 25)
"""Under this id a run's overlay holds which contracts it deployed, updated and destroyed: what is undone, goes too."""

_NEXT_ID: Final = b""


@dataclass(frozen=True, slots=True)
class RecordedNetwork:
    """What scripts ask of the network they run in, and whether the recording begins with its first block.

    `faun_at` is the block from which on rows of blocked accounts have a time; None: none of the recording.
    """

    magic: int
    address_version: int
    is_from_genesis: bool
    faun_at: int | None


class RecordedWorld:
    """World and Surroundings of a transaction.

    `uncertain` are contracts that are run, and that went on after they had asked one whose storage is not known.
    """

    def __init__(
        self,
        network: RecordedNetwork,
        versions: ContractVersions,
        storage: Storage,
        header: Header,
        transaction: Transaction,
        recorded: Sequence[Notification],
    ) -> None:
        self.transaction: Final = transaction
        self.network: Final = network.magic
        self.address_version: Final = network.address_version
        self.time_ms: Final = header.timestamp_ms
        self.current_index: Final = header.index - 1
        self.current_hash: Final = bytes(header.previous_hash)
        self.uncertain: Final[list[ContractState]] = []
        self._network: Final = network
        self._versions: Final = versions
        self._storage: Final = storage
        self._recorded: Final = recorded
        self._made: Final[list[ContractState]] = []
        self._run: ScriptRun | None = None

    def contract(self, script_hash: UInt160) -> ContractState | None:
        made = None if self._run is None else self._run.storage.get(_MADE, script_hash)
        if made is None:
            return self._versions.standing.get(script_hash)
        return self._made[int.from_bytes(made, "little")] if made else None

    def contract_by_id(self, contract_id: int) -> ContractState | None:
        for candidate in (*self._versions.standing.values(), *self._made):
            found = self.contract(candidate.script_hash)
            if found is not None and found.contract_id == contract_id:
                return found
        return None

    def native_balance(self, token: UInt160, account: UInt160) -> int:
        self._check_balances()
        balance = balance_of(self._storage, self._versions.standing[token].contract_id, account)
        for sender, receiver, amount in self._movements(token):
            balance += amount * ((receiver == account) - (sender == account))
        return balance

    def gas_supply(self) -> int:
        self._check_balances()
        supply = read_integer(self._storage, self._versions.standing[GAS].contract_id, TOTAL_SUPPLY)
        for sender, receiver, amount in self._movements(GAS):
            supply += amount * ((sender is None) - (receiver is None))
        return supply

    def is_blocked(self, account: UInt160) -> bool:
        if not self._network.is_from_genesis:
            raise NotModelled("accounts that were blocked before the recording began")
        return is_blocked(self._storage if self._run is None else self._run.storage, account)

    def reads(self, run: ScriptRun, contract_id: int) -> None:
        if runs(run.storage, contract_id):
            return
        context: Context | None = run.context
        while context is not None:
            contract = context.contract
            if contract is not None and contract not in self.uncertain and runs(run.storage, contract.contract_id):
                self.uncertain.append(contract)
            context = context.calling

    def take_made(self, run: ScriptRun) -> Mapping[UInt160, ContractState | None]:
        """The contracts as the run leaves them, None for one that it destroyed, out of the run's storage."""
        made = run.storage.take(_MADE)
        made.pop(_NEXT_ID, None)
        return {
            UInt160(script_hash): self._made[int.from_bytes(index, "little")] if index else None
            for script_hash, index in made.items()
        }

    def call_native(self, run: ScriptRun, native: Context, method: str, args: list[StackItem], reply: Reply) -> None:
        self._run = run
        act = _ACTIONS.get((native.script_hash, method))
        if act is not None:
            act(self, run, native, args, reply)
            return
        contract = native.contract
        assert contract is not None
        if contract.methods[method, len(args)].get("returntype") == "Void":
            # It changes what the native contract alone knows; its events are the next ones.
            while (event := self._next(run, native.script_hash)) is not None:
                self._notify(run, event)
            reply(None)
            return
        reply(answer(self, native.script_hash, method, args))

    def transfer(self, run: ScriptRun, native: Context, args: list[StackItem], reply: Reply) -> None:
        """NEO and GAS: whether they moved is in the recording; who is paid is told, then what NEO earned is paid."""
        moved = self._next(run, native.script_hash, TRANSFER)
        if moved is None or not _is_of(moved, args):
            reply(False)
            return
        self._notify(run, moved)
        earning = [account_of(args[0]), account_of(args[1])] if native.script_hash == NEO else []

        def pay_earnings() -> None:
            while earning:
                account = earning.pop(0)
                claimed = self._next(run, GAS, TRANSFER)
                if claimed is not None and _is_mint(claimed, account):
                    self._notify(run, claimed)
                    gas = Context(GAS, self.contract(GAS), native, native.flags)
                    self._tell_payment(run, gas, account, [None, _amount_of(claimed), None], pay_earnings)
                    return
            reply(True)

        self._tell_payment(run, native, account_of(args[1]), [args[0], args[2], args[3]], pay_earnings)

    def deploy(self, run: ScriptRun, native: Context, args: list[StackItem], reply: Reply) -> None:
        """ContractManagement.deploy."""
        nef, manifest = nef_from(bytes(to_bytes(args[0]))), manifest_from(bytes(to_bytes(args[1])))
        script_hash = contract_hash(self.transaction.sender, nef.checksum, manifest.name)
        contract_id = self._versions.recorded_id(script_hash)
        if contract_id is None:
            contract_id = self._next_id(run)
        contract = self._versions.as_recorded(version_of(script_hash, contract_id, 0, nef, manifest))
        self._make(run, contract)
        run.storage.put(_MADE, _NEXT_ID, (contract_id + 1).to_bytes(8, "little"))
        set_runs(run.storage, contract_id, is_run=True)
        self._tell_deployed(run, native, contract, args, DEPLOY, lambda: reply(contract_value(contract)))

    def update(self, run: ScriptRun, native: Context, args: list[StackItem], reply: Reply) -> None:
        """ContractManagement.update, of the contract that calls it."""
        before = self._caller_of(native)
        nefs = [] if args[0] is None else [nef_from(bytes(to_bytes(args[0])))]
        manifests = [] if args[1] is None else [manifest_from(bytes(to_bytes(args[1])))]
        contract = updated(before, nefs, manifests)
        if contract is None:
            raise VmFault("The update of a contract needs a NEF or a manifest, of the same name.")
        contract = self._versions.as_recorded(contract)
        self._make(run, contract)
        self._tell_deployed(run, native, contract, args, UPDATE, lambda: reply(None))

    def destroy(self, run: ScriptRun, native: Context, args: list[StackItem], reply: Reply) -> None:
        """ContractManagement.destroy, of the contract that calls it."""
        contract = self._caller_of(native)
        for key, _ in list(run.storage.find(contract.contract_id, b"")):
            run.storage.delete(contract.contract_id, key)
        run.storage.put(_MADE, contract.script_hash, b"")
        self._block(run, contract.script_hash)
        self._notify_of(run, contract.script_hash, DESTROY)
        reply(None)

    def block_account(self, run: ScriptRun, native: Context, args: list[StackItem], reply: Reply) -> None:
        """PolicyContract.blockAccount."""
        reply(self._block(run, account_of(args[0])))

    def unblock_account(self, run: ScriptRun, native: Context, args: list[StackItem], reply: Reply) -> None:
        """PolicyContract.unblockAccount."""
        self.is_blocked(account_of(args[0]))
        reply(unblock(run.storage, account_of(args[0])))

    def _block(self, run: ScriptRun, account: UInt160) -> bool:
        """Blocks an account; one that voted does so no more, and has what NEO earned."""
        faun_at = self._network.faun_at
        has_time = faun_at is not None and self.current_index + 1 >= faun_at
        is_new = block(run.storage, account, self.time_ms if has_time else None)
        if is_new and (vote := self._next(run, NEO, VOTE)) is not None and _side(vote.state[0]) == account:
            self._notify(run, vote)
            earned = self._next(run, GAS, TRANSFER)
            if earned is not None and _is_mint(earned, account):
                self._notify(run, earned)
        return is_new

    def _tell_deployed(
        self,
        run: ScriptRun,
        native: Context,
        contract: ContractState,
        args: list[StackItem],
        event_name: str,
        then: Callable[[], None],
    ) -> None:
        """Calls the contract's `_deploy`, if it has one, and only then notifies."""

        def finish() -> None:
            self._notify_of(run, contract.script_hash, event_name)
            then()

        if contract.has_method("_deploy", 2):
            data = args[2] if len(args) > 2 else None
            run.call_from_native(native, contract, "_deploy", [data, event_name == UPDATE], finish)
        else:
            finish()

    def _tell_payment(
        self, run: ScriptRun, native: Context, receiver: UInt160, args: list[StackItem], then: Callable[[], None]
    ) -> None:
        """Calls `onNEP17Payment` of a receiver that is a contract."""
        contract = self.contract(receiver)
        if contract is None:
            then()
        elif contract.contract_id >= 0:
            run.call_from_native(native, contract, ON_PAYMENT, args, then)
        elif contract.script_hash == NEO:
            raise NotModelled("a payment to NEO")
        else:
            then()

    def _caller_of(self, native: Context) -> ContractState:
        contract = None if native.calling is None else self.contract(native.calling.script_hash)
        if contract is None:
            raise VmFault("Updating Contract Does Not Exist")
        return contract

    def _make(self, run: ScriptRun, contract: ContractState) -> None:
        run.storage.put(_MADE, contract.script_hash, len(self._made).to_bytes(4, "little"))
        self._made.append(contract)

    def _next_id(self, run: ScriptRun) -> int:
        made = run.storage.get(_MADE, _NEXT_ID)
        next_id = self._versions.next_id if made is None else int.from_bytes(made, "little")
        if next_id is None:
            raise NotModelled("the id of a contract that was deployed and destroyed")
        return next_id

    def _next(self, run: ScriptRun, contract: UInt160, name: str | None = None) -> Notification | None:
        """The event that the recording has next, if it is one of that kind."""
        position = len(run.notifications)
        if position < len(self._recorded):
            event = self._recorded[position]
            if event.contract == contract and name in (None, event.event_name):
                return event
        return None

    def _notify(self, run: ScriptRun, event: Notification) -> None:
        run.notify(event.contract, event.event_name or "", event.state)

    def _notify_of(self, run: ScriptRun, script_hash: UInt160, event_name: str) -> None:
        run.notify(CONTRACT_MANAGEMENT, event_name, (bytes(script_hash),))

    def _check_balances(self) -> None:
        if not self._network.is_from_genesis:
            raise NotModelled("balances from before the recording began")

    def _movements(self, token: UInt160) -> "list[tuple[UInt160 | None, UInt160 | None, int]]":
        """What this run has moved of a native token so far."""
        moved = [] if self._run is None else self._run.notifications
        return [
            (_side(event.state[0]), _side(event.state[1]), _whole(event.state[2]))
            for event in moved
            if event.contract == token and event.event_name == TRANSFER
        ]


def _side(item: StackItem) -> UInt160 | None:
    return UInt160(item) if isinstance(item, bytes) else None


def _whole(item: StackItem) -> int:
    assert type(item) is int
    return item


def _amount_of(event: Notification) -> int:
    return _whole(event.state[2])


def _is_mint(event: Notification, account: UInt160) -> bool:
    return event.state[0] is None and _side(event.state[1]) == account


def _is_of(event: Notification, args: list[StackItem]) -> bool:
    """Whether a movement is the one that the arguments of `transfer` ask for."""
    sender, receiver = _side(event.state[0]), _side(event.state[1])
    return (sender, receiver) == (bytes(to_bytes(args[0])), bytes(to_bytes(args[1]))) and _amount_of(
        event
    ) == to_integer(args[2])


Action = Callable[[RecordedWorld, ScriptRun, Context, list[StackItem], Reply], None]

_ACTIONS: Final[dict[tuple[UInt160, str], Action]] = {
    (NEO, "transfer"): RecordedWorld.transfer,
    (GAS, "transfer"): RecordedWorld.transfer,
    (CONTRACT_MANAGEMENT, "deploy"): RecordedWorld.deploy,
    (CONTRACT_MANAGEMENT, "update"): RecordedWorld.update,
    (CONTRACT_MANAGEMENT, "destroy"): RecordedWorld.destroy,
    (POLICY, "blockAccount"): RecordedWorld.block_account,
    (POLICY, "unblockAccount"): RecordedWorld.unblock_account,
}
