"""A loaded script in the application engine: whose it is, who called it, what it may do."""

from collections.abc import Callable
from typing import Final

from rpcnode.execution.contract import Contract
from rpcnode.execution.snapshot import Snapshot
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem


class Context:
    """What neo's ExecutionContextState holds, for all frames of one loaded script.

    `calling` is the context that called it; `native_calling` the native contract that did, whose frame that one is.
    `then` is what a native contract does once this has returned, with the result if it asked for one.
    """

    __slots__ = (
        "_snapshot",
        "below",
        "calling",
        "contract",
        "flags",
        "is_dynamic",
        "is_whitelisted",
        "native_calling",
        "notification_start",
        "script_hash",
        "then",
        "wants_result",
    )

    def __init__(
        self,
        script_hash: UInt160,
        contract: Contract | None,
        flags: int,
        calling: "Context | None",
        below: "Context | Snapshot",
    ) -> None:
        self.script_hash: Final = script_hash
        self.contract: Final = contract
        self.flags: Final = flags
        self.calling: Final = calling
        self.below: Final = below
        self.native_calling: UInt160 | None = None
        self.notification_start = 0
        self.is_dynamic = False
        self.is_whitelisted = False
        self.then: Callable[[StackItem], None] | None = None
        self.wants_result = False
        self._snapshot: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """Its own layer of storage, made when it is first asked for."""
        made = self._snapshot
        if made is None:
            waiting = [self]
            below = self.below
            while not isinstance(below, Snapshot):
                if below._snapshot is not None:
                    below = below._snapshot
                else:
                    waiting.append(below)
                    below = below.below
            for context in reversed(waiting):
                below = context._snapshot = below.child()
            made = below
        return made

    @property
    def own_layer(self) -> Snapshot | None:
        """The same, None where nobody has asked for it yet."""
        return self._snapshot

    def commit(self) -> None:
        """Keeps what it wrote, in the layer of the context below."""
        if self._snapshot is not None:
            self._snapshot.commit()
