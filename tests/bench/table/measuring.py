"""The rounds: each server in its turn is asked the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from tests.bench.table.load import load
from tests.bench.table.requests import Row
from tests.bench.table.servers import Server


@dataclass(slots=True)
class Cell:
    """What one server took for one row: CPU microseconds a call in each round, and all waits in milliseconds."""

    cpu_us: list[float] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """The median of the rounds."""
        return median(self.cpu_us)

    def wait(self, part: float) -> float:
        """What so large a part of the answers took at most."""
        ordered = sorted(self.waits_ms)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def measure(
    asked: Mapping[str, tuple[Server, Row]], *, connections: int, requests: int, rounds: int
) -> dict[str, Cell]:
    """What each server takes for its form of a row, in rounds that take turns."""
    cells = {name: Cell() for name in asked}
    first = 1
    for number in range(-1, rounds):
        for name, (server, row) in asked.items():
            count = max(connections, requests // row.calls)
            bodies = row.bodies(max(1, count // 4) if number < 0 else count, first)
            waits, cpu = asyncio.run(load(server.port, bodies, connections, server.cpu_seconds))
            if number >= 0:  # the first warms up
                cells[name].cpu_us.append(cpu / len(bodies) / row.calls * 1e6)
                cells[name].waits_ms += [wait * 1e3 for wait in waits]
        first += requests
    return cells
