"""Counts what happens on a chain from when it is asked to: blocks, transactions, GAS, transfers."""

from typing import Final

from rpcnode.chain.ledger import Ledger
from rpcnode.execution.records import Execution, Trigger


class ChainTally:
    """An observer of a chain; its numbers only rise. What blocks do that are taken back later is counted too."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger
        self._height = ledger.height
        self.blocks = 0
        self.transactions = 0
        self.faults = 0
        """Of those transactions."""
        self.gas_datoshi = 0
        """What the scripts of transactions consumed."""
        self.transfers = 0
        """Transfer events of transactions that did not fail."""
        ledger.observers.append(self)

    def moved(self, executions: tuple[Execution, ...]) -> None:
        height = self._ledger.height
        self.blocks += max(height - self._height, 0)
        self._height = height
        for execution in executions:
            if execution.trigger is not Trigger.APPLICATION:
                continue
            self.transactions += 1
            self.gas_datoshi += execution.gas_consumed
            if execution.halted:
                self.transfers += sum(event.event_name in _TRANSFERS for event in execution.notifications)
            else:
                self.faults += 1

    def replaced(self) -> None:
        self._height = self._ledger.height


_TRANSFERS: Final = ("Transfer", "transfer")
"""Neo 2's NEP-5 writes it small."""
