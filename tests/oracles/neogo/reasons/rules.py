"""Rules of neo-go 0.120 that are not neo-cli 3.10.2's.

While a rule holds, this project's natives do in one point as neo-go. A difference has a reason if it is gone then.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest.mock import patch

from rpcnode.execution.application_engine import PICO, ApplicationEngine
from rpcnode.execution.native_hashes import NEO, ORACLE
from rpcnode.execution.serializers.binary import deserialize
from rpcnode.execution.snapshot import StorageReader
from rpcnode.natives import contract_management, fee_whitelist, neo_token, oracle_requests, policy_values, std_lib
from rpcnode.natives.committee import Member
from rpcnode.natives.deployment import check_script
from rpcnode.natives.native import NativeContract, Run
from rpcnode.natives.neo import rewards, voting
from rpcnode.natives.policy_values import POLICY_ID, WHITELIST_PREFIX, whitelist_key
from rpcnode.natives.std.numbers import integer_of_text
from rpcnode.payloads.manifest import Manifest, Method
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_bytes, to_integer
from rpcnode.vm.items import Array, StackItem, Struct

_ON_PAYMENT_FEE: Final = 1 << 15
_SYSCALL_SIZE: Final = 5
_REFUSED_ARGUMENTS: Final = ("URL size ", "Filter size ", "Callback size ", "Callback cannot ", "gasForResponse ")


@dataclass(frozen=True)
class Rule:
    """One difference.

    `refuted_by` is a recording of neo-cli, beside the project, that cannot be played by neo-go's rule, so that neo-cli
    is known to have the other; empty, where its sources alone say so.
    """

    name: str
    why: str
    holds: Callable[[], AbstractContextManager[None]]
    refuted_by: str = ""


@contextmanager
def _votes_of_the_seating() -> Iterator[None]:
    def unchanged(storage: StorageReader, seats: tuple[Member, ...]) -> tuple[Member, ...]:
        return seats

    with patch.object(neo_token, "with_present_votes", unchanged):
        yield


@contextmanager
def _earnings_outlive_the_candidate() -> Iterator[None]:
    """Neo-go reads from a cache what a candidate has earned; only PostPersist writes there, so no fault undoes it."""
    cached: dict[ECPoint, int] = {}
    stored, reward = rewards.gas_per_vote, rewards.reward_voters

    def gas_per_vote(storage: StorageReader, public_key: ECPoint) -> int:
        return cached[public_key] if public_key in cached else stored(storage, public_key)

    def reward_voters(storage: Any, seats: Iterable[Member], *more: Any) -> None:
        listed = tuple(seats)
        reward(storage, listed, *more)
        cached.update((key, stored(storage, key)) for key, votes in listed if votes > 0)

    with (
        patch.object(rewards, "gas_per_vote", gas_per_vote),
        patch.object(voting, "gas_per_vote", gas_per_vote),
        patch.object(rewards, "reward_voters", reward_voters),
    ):
        yield


@contextmanager
def _invoking(contract: UInt160, name: str, around: Callable[[Run, Callable[[], None]], None]) -> Iterator[None]:
    """Has `around` call what a native method does."""
    invoke = NativeContract.invoke

    def invoked(self: NativeContract, run: Run, version: int) -> None:
        block = run.persisting
        assert block is not None, "chains are played"
        method = self.layout(run.settings.enabled_at(block.index)).methods.get(run.frames[-1].ip - _SYSCALL_SIZE)
        if self.hash == contract and method is not None and method.name == name:
            around(run, lambda: invoke(self, run, version))
        else:
            invoke(self, run, version)

    with patch.object(NativeContract, "invoke", invoked):
        yield


def _paying_candidates_costs() -> AbstractContextManager[None]:
    def around(run: Run, invoke: Callable[[], None]) -> None:
        run.charge(_ON_PAYMENT_FEE * run.exec_fee_pico_factor)
        invoke()

    return _invoking(NEO, "onNEP17Payment", around)


def _refused_requests_cost() -> AbstractContextManager[None]:
    def around(run: Run, invoke: Callable[[], None]) -> None:
        try:
            invoke()
        except VmFault as fault:
            if str(fault).startswith(_REFUSED_ARGUMENTS):
                run.charge(oracle_requests.price(run.storage) * PICO)
            raise

    return _invoking(ORACLE, "request", around)


@contextmanager
def _events_sort_the_designated() -> Iterator[None]:
    notify = ApplicationEngine.notify

    def sorting(self: ApplicationEngine, contract: UInt160, name: str, state: Sequence[StackItem] | Array) -> None:
        if name == "Designation" and isinstance(state, tuple) and len(state) == 4:
            nodes = state[3]
            assert isinstance(nodes, Array)
            points = sorted((ECPoint(bytes(to_bytes(node))) for node in nodes.items), key=lambda point: point.sort_key)
            state = (*state[:3], Array(bytes(point) for point in points))
        notify(self, contract, name, state)

    with patch.object(ApplicationEngine, "notify", sorting):
        yield


@contextmanager
def _scripts_are_not_read_before_basilisk() -> Iterator[None]:
    def checked(script: bytes, manifest: Manifest, *, strict: bool) -> None:
        if strict:
            check_script(script, manifest, strict=True)
            return
        if any(method.offset >= len(script) for method in manifest.methods):
            raise VmFault("offset is out of the script range")
        methods = tuple(replace(method, offset=0) for method in manifest.methods)
        check_script(b"\x40", replace(manifest, methods=methods), strict=False)

    with patch.object(contract_management, "check_script", checked):
        yield


@contextmanager
def _first_fixed_fee_lasts() -> Iterator[None]:
    first: dict[bytes, int] = {}
    fee_of, put = policy_values.whitelisted_fee, fee_whitelist.set_fixed_fee

    def rows(run: Run, contract: UInt160) -> dict[bytes, bytes]:
        return dict(run.storage.find(POLICY_ID, WHITELIST_PREFIX + contract))

    def set_fixed_fee(run: Run, policy: UInt160, contract: UInt160, *more: Any) -> None:
        before = rows(run, contract)
        put(run, policy, contract, *more)
        for key, row in rows(run, contract).items():
            if key in before and before[key] != row:
                first.setdefault(key, _fee_in(before[key]))

    def removing(remove: Callable[..., Any]) -> Callable[..., Any]:
        def removed(run: Run, policy: UInt160, contract: UInt160, *more: Any) -> Any:
            before = rows(run, contract)
            answer = remove(run, policy, contract, *more)
            for key in before.keys() - rows(run, contract).keys():
                first.pop(key, None)
            return answer

        return removed

    def whitelisted_fee(storage: StorageReader, contract: UInt160, method: Method) -> int | None:
        fee = fee_of(storage, contract, method)
        return None if fee is None else first.get(whitelist_key(contract, method.offset), fee)

    with (
        patch.object(fee_whitelist, "set_fixed_fee", set_fixed_fee),
        patch.object(fee_whitelist, "remove_fixed_fee", removing(fee_whitelist.remove_fixed_fee)),
        patch.object(fee_whitelist, "clean_fixed_fees", removing(fee_whitelist.clean_fixed_fees)),
        patch.object(policy_values, "whitelisted_fee", whitelisted_fee),
    ):
        yield


@contextmanager
def _nothing_is_zero_in_base_16() -> Iterator[None]:
    read = integer_of_text

    def number(text: str, base: int) -> int:
        return 0 if not text and base == 16 else read(text, base)

    with patch.object(std_lib, "integer_of_text", number):
        yield


def _fee_in(row: bytes) -> int:
    item = deserialize(row)
    assert isinstance(item, Struct)
    return to_integer(item.items[3])


RULES: Final = (
    Rule(
        "votes of the seating",
        "Since Gorgon neo-cli pays an epoch's voters by the votes after its first block (neo, #4569; neo-go 0.121 too)",
        _votes_of_the_seating,
        "csharp-chains/gorgon.json.gz",
    ),
    Rule(
        "earnings outlive the candidate",
        "NeoToken.CheckCandidate deletes what the voters of a dropped candidate have earned, so one that comes back"
        " begins with nothing; neo-go's dropCandidateIfZero deletes its cache under another key than it reads",
        _earnings_outlive_the_candidate,
        "csharp-chains/committee.json.gz",
    ),
    Rule(
        "paying candidates costs",
        "NeoToken.OnNEP17Payment has no CpuFee; neo-go charges 1 << 15",
        _paying_candidates_costs,
        "csharp-chains/gorgon.json.gz",
    ),
    Rule(
        "refused requests cost",
        "OracleContract.Request checks its arguments before it charges the price; neo-go after that",
        _refused_requests_cost,
        "csharp-chain.json.gz",
    ),
    Rule(
        "events sort the designated",
        "RoleManagement.DesignateAsRole has the new keys in its event as they were given; neo-go sorts them before",
        _events_sort_the_designated,
        "csharp-chain.json.gz",
    ),
    Rule(
        "scripts are not read before Basilisk",
        "Helper.Check reads an instruction where each method begins, and an unknown opcode is refused there",
        _scripts_are_not_read_before_basilisk,
    ),
    Rule(
        "first fixed fee lasts",
        "PolicyContract.SetWhitelistFeeContract replaces a fee; neo-go's cache keeps the first until it is removed",
        _first_fixed_fee_lasts,
        "csharp-chains/gorgon.json.gz",
    ),
    Rule(
        "nothing is 0 in base 16",
        "StdLib.Atoi is .NET's BigInteger.Parse, which refuses a text without digits (neo-go 0.122 too)",
        _nothing_is_zero_in_base_16,
    ),
)
"""In the order in which differences are explained by them."""


@contextmanager
def neo_go_rules(rules: Iterable[Rule] = RULES) -> Iterator[None]:
    """These rules hold, from the beginning of a chain on."""
    with ExitStack() as stack:
        for rule in rules:
            stack.enter_context(rule.holds())
        yield
