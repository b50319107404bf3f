"""System.Iterator. Source: neo 3.10.2, SmartContract/ApplicationEngine.Iterator.cs."""

from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.iterators import StorageIterator
from rpcnode.vm.items import StackItem

_UNITS_PER_BYTE: Final = 15
"""Prices of NOPs that take as long as reading one byte of a serialized item."""


def advance(run: Run, iterator: StorageIterator) -> bool:
    """Whether there is a next row, which is then the current one."""
    return iterator.advance()


def value(run: Run, iterator: StorageIterator) -> StackItem:
    """The current row."""
    if iterator.deserializes:
        run.tire(_UNITS_PER_BYTE * iterator.size)
    return iterator.value()
