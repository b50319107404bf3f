"""What was measured, as text, as JSON and as the tables of docs/speed.md."""

import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.bench.table.measuring import Cell
from tests.bench.table.requests import Row

PEER: Final = "neo-go"
OURS: Final = "rpcnode"
BEGINS: Final = "<!-- measured -->"
ENDS: Final = "<!-- measured to here -->"


@dataclass(slots=True)
class Measured:
    """One row at so many connections: what each server took."""

    row: Row
    connections: int
    cells: Mapping[str, Cell]

    def ratio(self, name: str) -> float | None:
        """How many times neo-go's calls a CPU second a server's are; None without neo-go."""
        peer = self.cells.get(PEER)
        return None if peer is None or name == PEER or name not in self.cells else peer.cpu / self.cells[name].cpu


@dataclass(slots=True)
class Report:
    """All of one run. `other` are rows that no request makes: a name, what was measured, and what is aimed at."""

    measured: list[Measured] = field(default_factory=list)
    other: list[tuple[str, str, str]] = field(default_factory=list)
    began: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="minutes"))

    @property
    def machine(self) -> str:
        """Processor, number of cores, system, Python, and how busy it was."""
        busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
        return (
            f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},"
            f" Python {platform.python_version()}{busy}"
        )

    def to_json(self) -> dict[str, Any]:
        """Every round of every row."""
        return {
            "began": self.began,
            "machine": self.machine,
            "command": " ".join(["python -m tests.bench.table", *sys.argv[1:]]),
            "requests": [
                {
                    "row": one.row.name,
                    "connections": one.connections,
                    "target": one.row.target,
                    "servers": {
                        name: {
                            "cpu_us": cell.cpu_us,
                            "calls_a_cpu_second": 1e6 / cell.cpu,
                            "times_neo_go": one.ratio(name),
                            "p50_ms": cell.wait(0.5),
                            "p99_ms": cell.wait(0.99),
                        }
                        for name, cell in one.cells.items()
                    },
                }
                for one in self.measured
            ],
            "other": [{"row": name, "measured": found, "target": aim} for name, found, aim in self.other],
        }

    def lines(self) -> Iterator[str]:
        """The same in Markdown, with medians and ratios."""
        yield f"Measured on {self.began}: {self.machine}."
        for connections in dict.fromkeys(one.connections for one in self.measured):
            shown = [one for one in self.measured if one.connections == connections]
            names = list(dict.fromkeys(name for one in shown for name in one.cells))
            for title, cell in (
                ("Calls a CPU second, and in brackets how many times neo-go's they are", _rate),
                ("Milliseconds to the answer, for half of the calls and for 99 in 100", _wait),
            ):
                yield ""
                yield f"Connections: {connections}. {title}:"
                yield ""
                yield f"| | {' | '.join(one.row.short for one in shown)} |"
                yield f"|---|{'---|' * len(shown)}"
                for name in names:
                    yield f"| {name} | {' | '.join(cell(one, name) for one in shown)} |"
                if cell is _rate and any(one.row.target for one in shown):
                    yield f"| target, x neo-go | {' | '.join(_aim(one.row) for one in shown)} |"
        if self.other:
            yield ""
            yield "| what | measured | target |"
            yield "|---|---|---|"
            for name, found, aim in self.other:
                yield f"| {name} | {found} | {aim} |"

    def write_into(self, page: Path) -> None:
        """Puts the tables in the place of those that the page has."""
        text = page.read_text("utf-8")
        before, rest = text.split(BEGINS)
        _, after = rest.split(ENDS)
        tables = "\n".join(self.lines())
        page.write_text(f"{before}{BEGINS}\n{tables}\n{ENDS}{after}", "utf-8")


def in_a_line(one: Measured) -> str:
    """One row in one line."""
    rates = "  ".join(f"{name} {_rate(one, name)}" for name in one.cells)
    return f"{one.row.name}, {one.connections} connections: {rates}"


def _rate(one: Measured, name: str) -> str:
    cell, ratio = one.cells.get(name), one.ratio(name)
    if cell is None:
        return "-"
    return f"{1e6 / cell.cpu:.0f}" + ("" if ratio is None else f" ({ratio:.2f})")


def _wait(one: Measured, name: str) -> str:
    cell = one.cells.get(name)
    return "-" if cell is None else f"{_ms(cell.wait(0.5))}, {_ms(cell.wait(0.99))}"


def _ms(wait: float) -> str:
    return f"{wait:.0f}" if wait >= 100 else f"{wait:.3g}"


def _aim(row: Row) -> str:
    return "-" if row.target is None else f"{row.target:g}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "a processor without a name"
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else "a processor without a name"
