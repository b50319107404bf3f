"""A debugger: break points and single steps. Source: neo-vm, Debugger."""

from typing import Final

from rpcnode.vm.engine import Engine
from rpcnode.vm.script import Script
from rpcnode.vm.state import VmState


class Debugger:
    """Runs an engine piecewise; every method that runs it answers with the state in which it stopped."""

    __slots__ = ("_break_points", "_engine")

    def __init__(self, engine: Engine) -> None:
        self._engine: Final = engine
        self._break_points: Final[set[tuple[bytes, int]]] = set()

    def add_break_point(self, script: Script, position: int) -> None:
        """Stop before the instruction at this position of the script."""
        self._break_points.add((script.data, position))

    def remove_break_point(self, script: Script, position: int) -> bool:
        """No longer stop there; whether there was such a break point."""
        found = (script.data, position) in self._break_points
        self._break_points.discard((script.data, position))
        return found

    def execute(self) -> VmState:
        """Run to the next break point or to the end."""
        if self._engine.state is VmState.BREAK:
            self._engine.state = VmState.NONE
        while self._engine.state is VmState.NONE:
            self._step()
        return self._engine.state

    def step_into(self) -> VmState:
        """Execute one instruction; of a call, stop at the first of what was called."""
        if self._engine.state in (VmState.HALT, VmState.FAULT):
            return self._engine.state
        self._engine.step()
        return self._stopped()

    def step_out(self) -> VmState:
        """Run until the current frame has returned, or to a break point."""
        if self._engine.state is VmState.BREAK:
            self._engine.state = VmState.NONE
        depth = len(self._engine.frames)
        while self._engine.state is VmState.NONE and len(self._engine.frames) >= depth:
            self._step()
        return self._stopped()

    def step_over(self) -> VmState:
        """Execute one instruction, with all that it calls, or to a break point."""
        if self._engine.state in (VmState.HALT, VmState.FAULT):
            return self._engine.state
        self._engine.state = VmState.NONE
        depth = len(self._engine.frames)
        self._step()
        while self._engine.state is VmState.NONE and len(self._engine.frames) > depth:
            self._step()
        return self._stopped()

    def _step(self) -> None:
        engine = self._engine
        engine.step()
        if engine.state is VmState.NONE and engine.frames:
            frame = engine.frames[-1]
            if (frame.script.data, frame.ip) in self._break_points:
                engine.state = VmState.BREAK

    def _stopped(self) -> VmState:
        if self._engine.state is VmState.NONE:
            self._engine.state = VmState.BREAK
        return self._engine.state
