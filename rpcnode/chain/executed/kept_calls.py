"""What contracts answered before, for as long as the rows that they read are what they were."""

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import Place, StorageReader
from rpcnode.primitives.kept_table import KeptTable
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem

if TYPE_CHECKING:
    from rpcnode.chain.executed.state import ExecutionState
    from rpcnode.execution.application_engine import ApplicationEngine

MOST_BYTES: Final = 4 * 1024 * 1024

_AROUND: Final = 500  # bytes that an answer takes besides its rows
_AROUND_ROW: Final = 200

Call: TypeAlias = "tuple[UInt160, str, Sequence[StackItem], int]"
"""(contract, method, arguments, call flags)."""


class KeptAnswer(NamedTuple):
    """What calls have left, the rows that their script read, and the hardforks under which it ran."""

    execution: Execution
    rows: dict[Place, bytes | None]
    hardforks: frozenset[Hardfork]


class ReadRows:
    """A storage that notes which rows were read, and whether any were searched for."""

    def __init__(self, stored: StorageReader) -> None:
        self.rows: Final[dict[Place, bytes | None]] = {}
        self.searched = False
        self._stored: Final = stored

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""
        value = self.rows[contract_id, key] = self._stored.get(contract_id, key)
        return value

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order or against it, with their values."""
        self.searched = True
        return self._stored.find(contract_id, prefix, backwards)


class KeptCalls:
    """Answers of methods without parameters, such as a token's symbol, that depend on nothing but rows of storage.

    A script that asked for the time, for chance or for another contract, or that went through rows, is run again each
    time. So is one whose contract, any row of it, or whose price a block has changed.
    """

    def __init__(self) -> None:
        self._answers: Final[KeptTable[tuple[tuple[Call, ...], int], KeptAnswer]] = KeptTable(MOST_BYTES)

    def run_in_steps(
        self, state: "ExecutionState", calls: tuple[Call, ...], gas_datoshi: int
    ) -> Generator[None, None, Execution]:
        """What the calls leave after one another, in one script; the steps are those of the script."""
        key = calls, gas_datoshi
        kept = self._answers.get(key)
        hardforks = state.settings.enabled_at(state.ledger.current_index + 1)
        storage = state.storage
        if (
            kept is not None
            and kept.hardforks == hardforks
            and all(storage.get(*place) == value for place, value in kept.rows.items())
        ):
            return kept.execution
        from rpcnode.chain.executed.calls import left_of, loaded_run
        from rpcnode.execution.test_invocation import pieces

        read = ReadRows(storage)
        run = loaded_run(state._replace(storage=read), calls, gas_datoshi)
        yield from pieces(run)
        execution = left_of(run)
        if not read.searched and _asked_nothing_else(run, {call[0] for call in calls}):
            size = sum(_AROUND_ROW + len(place[1]) + len(value or b"") for place, value in read.rows.items())
            self._answers.keep(key, KeptAnswer(execution, read.rows, hardforks), _AROUND + size)
        return execution


def _asked_nothing_else(run: "ApplicationEngine", contracts: set[UInt160]) -> bool:
    """Whether a run asked for no time, no chance and no contracts but those that its first script calls."""
    _, *called = run.invocation_counters
    return not (run.asked_time or run.asked_random) and contracts.issuperset(called)
