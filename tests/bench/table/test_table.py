"""The command that makes the table of speed works; how fast anything is does not count here."""

import json
from pathlib import Path

import pytest

from tests.bench.table.__main__ import run
from tests.bench.table.report import BEGINS, ENDS
from tests.bench.table.servers import ROOT


@pytest.mark.slow
def test_the_small_table_has_every_request_of_every_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, measured = tmp_path / "speed.md", tmp_path / "speed.json"
    page.write_text(f"before\n{BEGINS}\nold\n{ENDS}\nafter\n", "utf-8")
    report = run(["--small", "--parts", "requests", "--json", str(measured), "--page", str(page)])
    rows = [one.row.name for one in report.measured]
    assert {"getnep17balances", "getblockcount", "getblock verbose", "invokefunction symbol of NEO"} <= set(rows)
    ours = {"rpcnode", "--no-dev", "20 blocks a second", "nothing kept", "dev chain"}
    assert all(ours <= one.cells.keys() for one in report.measured)
    told = json.loads(measured.read_text("utf-8"))
    assert [one["row"] for one in told["requests"]] == rows
    assert all(len(cell["cpu_us"]) == 1 for one in told["requests"] for cell in one["servers"].values())
    text = page.read_text("utf-8")
    assert text.startswith(f"before\n{BEGINS}\nMeasured on ")
    assert text.endswith(f"{ENDS}\nafter\n")
    assert "old" not in text
    assert all(f"| {server} |" in text for server in report.measured[0].cells)
    assert text.count("\n") == capsys.readouterr().out.count("\n") + len(("before", BEGINS, ENDS, "after"))


def test_the_page_has_a_place_for_the_table() -> None:
    text = (ROOT / "docs" / "speed.md").read_text("utf-8")
    assert text.index(BEGINS) < text.index("Measured on ") < text.index(ENDS)
