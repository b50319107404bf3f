"""Runs a script in pieces of so much price, so that what takes long holds nobody up."""

from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.primitives.steps import Steps
from rpcnode.vm.engine import VmState

WHOLE_CALL: Final = 40_000
"""Opcode prices that a simple call of a contract costs at most."""

PIECE: Final = 20_000
"""Opcode prices that are spent in one piece of a run: NOP, the cheapest opcode, makes it last longest."""


def executed(run: ApplicationEngine) -> Steps[None]:
    """Runs what is loaded to its end, a piece with each step. What it holds in memory is not looked at."""
    factor = run.exec_fee_pico_factor
    run.execute(WHOLE_CALL * factor)
    while run.state is VmState.NONE:
        yield
        run.execute(PIECE * factor)
