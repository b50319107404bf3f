"""Who looks at a chain from outside, without a part in it: counters, and the clients that are told of its events."""

from typing import Protocol

from rpcnode.execution.records import Execution


class ChainObserver(Protocol):
    """Is told of what is committed already, and changes nothing; it raises nothing either."""

    def moved(self, executions: tuple[Execution, ...]) -> None:
        """The chain stands at another height, or below other headers; `executions` are those of a block just added.

        None where the newest block is empty, and where blocks were taken back.
        """

    def replaced(self) -> None:
        """The whole chain is another one."""
