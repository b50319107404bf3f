"""Runs of scripts, for plugins that answer what a script leaves."""

from collections.abc import Callable, Generator, Iterator, Sequence

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.diagnostics import Diagnostics, storage_changes
from rpcnode.execution.held_memory import iterators_size
from rpcnode.execution.iterators import StorageIterator
from rpcnode.execution.serializers.item_text import NO_LIMIT, ItemTexts, string_text
from rpcnode.execution.test_invocation import (
    ExecutionState,
    pieces,
    run_of_natives,
    run_of_script,
    run_of_verify,
)
from rpcnode.natives.committee import committee, next_block_validators
from rpcnode.natives.neo.candidates import candidate_votes
from rpcnode.natives.neo.rewards import unclaimed_gas
from rpcnode.natives.policy_values import max_traceable_blocks, max_valid_until_block_increment, ms_per_block
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.primitives.errors import AnswerTooLong, ItemTooLarge
from rpcnode.primitives.json import Answer, Result
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import ScriptBuilder

__all__ = [
    "NO_LIMIT",
    "ApplicationEngine",
    "Contract",
    "Diagnostics",
    "ExecutionState",
    "ItemTexts",
    "StorageIterator",
    "VmState",
    "answer_of_run",
    "candidate_votes",
    "committee",
    "contract_of",
    "iterators_size",
    "max_traceable_blocks",
    "max_valid_until_block_increment",
    "ms_per_block",
    "next_block_validators",
    "push_script",
    "run_of_natives",
    "run_of_script",
    "run_of_verify",
    "storage_changes",
    "string_text",
    "unclaimed_gas",
]


def answer_of_run(run: ApplicationEngine, result: Callable[[], Answer], most: int = NO_LIMIT) -> Answer:
    """The result of a run that is loaded, or the steps to it where that, or what comes of it, takes long.

    Raises AnswerTooLong, at once or in the steps, for what is longer than `most` characters.
    """
    return answer_of_steps(_in_steps(pieces(run), result, most))


def push_script(items: Sequence[StackItem]) -> bytes:
    """The script that pushes items, the last one first."""
    builder = ScriptBuilder()
    for item in reversed(items):
        builder.push(item)
    return builder.to_bytes()


def _in_steps(steps: Iterator[None], result: Callable[[], Answer], most: int) -> Steps[Result]:
    try:
        yield from steps
        answer = result()
        return (yield from answer) if isinstance(answer, Generator) else answer
    except ItemTooLarge:
        raise AnswerTooLong.than(most) from None
