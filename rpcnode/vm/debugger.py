"""A debugger: break points and single steps. Source: neo-vm, Debugger."""

from collections.abc import Callable
from typing import Final

from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.script import Script


class Debugger:
    """Runs an engine piecewise; every method that runs it answers with the state in which it stopped."""

    __slots__ = ("_break_points", "_engine")

    def __init__(self, engine: Engine) -> None:
        self._engine: Final = engine
        self._break_points: Final[set[tuple[Script, int]]] = set()

    def add_break_point(self, script: Script, position: int) -> None:
        """Stop before the instruction at this position of the script."""
        self._break_points.add((script, position))

    def remove_break_point(self, script: Script, position: int) -> bool:
        """No longer stop there; whether there was such a break point."""
        found = (script, position) in self._break_points
        self._break_points.discard((script, position))
        return found

    def execute(self) -> VmState:
        """Run to the next break point or to the end."""
        return self._run(lambda depth: True)

    def step_into(self) -> VmState:
        """Execute one instruction; of a call, stop at the first of what was called."""
        return self._run(lambda depth: False)

    def step_out(self) -> VmState:
        """Run until the current frame has returned, or to a break point."""
        before = len(self._engine.frames)
        return self._run(lambda depth: depth >= before)

    def step_over(self) -> VmState:
        """Execute one instruction, with all that it calls, or to a break point."""
        before = len(self._engine.frames)
        return self._run(lambda depth: depth > before)

    def _run(self, goes_on: Callable[[int], bool]) -> VmState:
        """Execute one instruction, and more while it goes on at the depth of frames that is then reached."""
        engine, frames = self._engine, self._engine.frames
        if engine.state is VmState.BREAK:
            engine.state = VmState.NONE
        while engine.state is VmState.NONE:
            engine.step()
            is_at_break_point = bool(frames) and (frames[-1].script, frames[-1].ip) in self._break_points
            if engine.state is VmState.NONE and (is_at_break_point or not goes_on(len(frames))):
                engine.state = VmState.BREAK
        return engine.state
