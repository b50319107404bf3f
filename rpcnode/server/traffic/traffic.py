"""What a node knows about its traffic: the journal of calls, and the faults that strike them."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from rpcnode.primitives.json import Json
from rpcnode.server.traffic.journal import Journal

if TYPE_CHECKING:
    from rpcnode.server.traffic.faults import Faults


class Traffic:
    """Journal and faults of one node, for every way in: RPC over HTTP, REST, the client in the process.

    No part of the chain's state: a revert, a reset and a load leave both alone.
    """

    def __init__(self, now_ms: Callable[[], int], seed: str = "rpcnode") -> None:
        """`now_ms` is the chain's clock, `seed` decides what chance does to faults."""
        self._seed = seed
        self.journal = Journal(now_ms)
        self.armed = False
        """Whether a fault is set: all that requests ask while none is."""
        self.watch: Callable[[], None] | None = None
        """Is called when `armed` may have changed."""

    @cached_property
    def faults(self) -> "Faults":
        """The faults that are set; their module is loaded for the first one."""
        from rpcnode.server.traffic.faults import Faults

        def tell(are_set: bool) -> None:
            self.armed = are_set
            if self.watch is not None:
                self.watch()

        return Faults(self._seed, tell)

    def summary(self) -> dict[str, Json]:
        """Both at a glance: the faults that are set, with what each has seen and struck, and the journal's length."""
        journal = self.journal
        return {
            "faults": [
                {"id": fault.id, **fault.spec, "seen": fault.seen, "struck": fault.struck}
                for fault in self.faults.listed()
            ],
            "journal": {"entries": len(journal), "last_sequence": journal.last_sequence},
        }
