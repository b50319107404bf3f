"""System.Iterator. Source: neo 3.10.2, SmartContract/ApplicationEngine.Iterator.cs."""

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.iterators import StorageIterator
from rpcnode.vm.items import StackItem


def advance(run: Run, iterator: StorageIterator) -> bool:
    """Whether there is a next row, which is then the current one."""
    return iterator.advance()


def value(run: Run, iterator: StorageIterator) -> StackItem:
    """The current row."""
    return iterator.value()
