"""Which contracts have a twin, and when it does a call instead of the script.

A twin belongs to a NEF that was generated here, with the manifest that goes with it. It does a call where it is certain
what the script would do: nobody listens, there is gas for all of it, no contract is called that could do anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rpcnode.execution.application_engine import ALL_FLAGS
from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NOT_DONE
from rpcnode.execution.run_state import MAX_NOTIFICATIONS, PICO
from rpcnode.models.declared.contracts import EVENTS, PERMISSIONS, methods_of
from rpcnode.models.declared.fungible_twin import FUNGIBLE_WORK, Work, balance_of
from rpcnode.models.declared.nft_twin import DIVISIBLE_WORK, INDIVISIBLE_WORK
from rpcnode.models.declared.plan import NO_ROW, IsWitness, Plan, Uncertain, check_prices
from rpcnode.models.declared.templates import TOKENS, Constants, Kind, Template, template_of
from rpcnode.models.modelled import COMPILER
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.vm.items import Compound, StackItem

MAX_DEPTH: Final = 12
"""Frames up to which all layers of storage remember what was read, so that one layer less makes no difference."""

MOST_ITEMS: Final = 64
"""More items than a script of these, and what it asks ContractManagement for, has at a time, but for a contract."""

READ: Final = int(CallFlags.ReadStates)
CALLED_BY_ENTRY: Final = int(WitnessScope.CalledByEntry)
GLOBAL: Final = int(WitnessScope.Global)

_WORK: Final[dict[Kind, Mapping[str, Work]]] = {
    Kind.FUNGIBLE: FUNGIBLE_WORK,
    Kind.INDIVISIBLE: INDIVISIBLE_WORK,
    Kind.DIVISIBLE: DIVISIBLE_WORK,
    Kind.PLAIN: {},
}
_KINDS: Final = {kind.value: kind for kind in Kind}


class TokenTwin:
    """The twin of one declared token."""

    def __init__(self, contract: Contract, template: Template, constants: Constants) -> None:
        self._contract: Final = contract
        self.contract_id: Final = contract.id
        self._template: Final = template
        self._constants: Final = constants
        self.is_fungible: Final = template.kind is Kind.FUNGIBLE
        work = _WORK[template.kind]
        self._work: Final = {template.labels[label]: (label, work[label]) for label in work}  # by the method's offset
        self._answers: Final[dict[int, tuple[int, StackItem]]] = {
            template.offset("symbol", constants): (template.symbol_units(constants), constants.symbol.encode()),
            template.offset("decimals", constants): (1, constants.decimals),
        }

    def call(self, run: Run, method: Method, flags: int, args: Sequence[StackItem]) -> StackItem | object:
        """Does a call, or leaves it to the script; see `execution/native_set.py`."""
        if not self._is_certain(run, method, flags, args):
            return NOT_DONE
        answer = self._answers.get(method.offset)
        if answer is not None:
            price = answer[0] * run.exec_fee_pico_factor
            if run.gas_left < price:
                return NOT_DONE
            run.gas_left -= price
            return answer[1]
        plan = Plan(run.storage)
        try:
            result = self.plan(plan, method, args, witnesses_of(run))
            check_prices(plan.asked, run.storage, run.natives)
        except Uncertain:
            return NOT_DONE
        price = plan.units * run.exec_fee_pico_factor + plan.stored_bytes * run.storage_price * PICO
        if run.gas_left < price or len(run.notifications) + len(plan.events) > MAX_NOTIFICATIONS:
            return NOT_DONE
        run.gas_left -= price
        plan.commit(run.storage)
        run.notifications.extend(plan.events)
        counters = run.invocation_counters
        for index, count in plan.asked.items():
            native = TOKENS[index].hash
            counters[native] = counters.get(native, 0) + count
        return result

    def units_of_way(self, *way: str) -> int:
        """What a method costs by the way it takes; see `Template.units`."""
        return self._template.units(way)

    def units_of_balance(self, method: Method) -> tuple[int, int] | None:
        """What a method costs that reads an account's balance: where it has a row, and where it has none.

        None for any other method.
        """
        label, work = self._work.get(method.offset) or (None, None)
        if label is None or work is not balance_of:
            return None
        return self._template.units((label,)), self._template.units((label, NO_ROW))

    def plan(self, plan: Plan, method: Method, args: Sequence[Any], is_witness: IsWitness) -> StackItem:
        """Plans a call of a method. Raises Uncertain."""
        contract = self._contract
        label, work = self._work.get(method.offset) or unknown()
        plan.begin(contract.id, label)
        result = work(plan, contract.hash, self._constants, args, is_witness)
        plan.units += self._template.units(tuple(plan.way))
        return result

    def _is_certain(self, run: Run, method: Method, flags: int, args: Sequence[StackItem]) -> bool:
        """Whether nothing but the gas and the method itself can keep the script from halting."""
        needed = READ if method.safe else ALL_FLAGS
        if flags & needed != needed or run.listener is not None or run.thrown is not None or run.context.is_whitelisted:
            return False
        if len(run.frames) > MAX_DEPTH or run.counter.count + MOST_ITEMS > run.limits.max_stack_size:
            return False
        if any(isinstance(arg, Compound) for arg in args):
            return False
        is_paid_otherwise = run.is_enabled(Hardfork.Faun) and (
            run.natives.whitelisted_fee(run.storage, self._contract.hash, method) is not None
        )
        return not is_paid_otherwise


def unknown() -> tuple[str, Work]:
    """A method without a twin."""
    raise Uncertain


def witnesses_of(run: Run) -> IsWitness:
    """What CheckWitness says in a token that the running context calls. Source: execution/witnesses.py."""
    calling, container = run.context, run.container

    def is_witness(account: bytes) -> bool:
        if calling.script_hash == account:
            return True
        if not isinstance(container, Transaction) or container.attributes:
            raise Uncertain
        for signer in container.signers:
            if signer.account == account:
                return is_sure(signer, calling.calling is None)
        return False

    return is_witness


def is_sure(signer: Signer, is_called_by_entry: bool) -> bool:
    """Whether a signer agrees. Raises Uncertain where that needs more than a look at the scopes."""
    scopes = int(signer.scopes)
    if scopes == GLOBAL or (scopes & CALLED_BY_ENTRY and is_called_by_entry):
        return True
    if scopes & ~CALLED_BY_ENTRY:
        raise Uncertain
    return False


def twin_of(contract: Contract) -> TokenTwin | None:
    """The twin of a contract, None for one that was not generated here. It is looked for once."""
    derived = contract.derived
    if TokenTwin in derived:
        found = derived[TokenTwin]
        assert found is None or isinstance(found, TokenTwin)
        return found
    made = derived[TokenTwin] = _made_twin(contract)
    return made


def _made_twin(contract: Contract) -> TokenTwin | None:
    nef, manifest = contract.nef, contract.manifest
    kind = _KINDS.get(nef.source) if nef.compiler == COMPILER else None
    if kind is None or kind is Kind.PLAIN:
        return None
    template = template_of(kind)
    constants = template.constants_of(nef)
    if constants is None or manifest.methods != methods_of(template, constants):
        return None
    if manifest.events != EVENTS[kind] or manifest.permissions != PERMISSIONS:
        return None
    return TokenTwin(contract, template, constants)
