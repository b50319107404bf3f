"""How far a long load is: shown on a terminal, and nowhere else."""

import argparse
import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.commands.progress_bar import wants_bar
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives import progress
from tests import PROJECT

COIN = "contracts: {coin: {standard: NEP-17, symbol: COIN, decimals: 0}}\naccounts: {a: {seed: a}, b: {seed: b}}\n"
BALANCES = """\
balances:
  - {account: a, asset: coin, amount: 1, block: 1}
  - {account: b, asset: coin, amount: 1, block: 5}
"""
PROGRAM = """
import sys, threading, time
from rpcnode.commands.progress_bar import progress_bar
from rpcnode.primitives.progress import counted, work

with progress_bar(is_shown={is_shown}, silent_s={silent_s}):
    for _ in counted(range(20), "playing blocks", 20):
        time.sleep(0.02)
    work.begin("reading chain.yaml")
    time.sleep(0.4)
print(threading.active_count(), "tqdm" in sys.modules)
"""


@pytest.mark.slow
def test_a_bar_says_what_is_done_and_how_far_it_is_and_goes_away() -> None:
    pty = pytest.importorskip("pty")
    reader, terminal = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(is_shown="sys.stderr.isatty()", silent_s=0.0)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        timeout=30,
        check=True,
    )
    os.close(terminal)
    shown = os.read(reader, 1_000_000).decode()  # what is in the buffer, or an error where nothing is
    os.close(reader)
    assert "playing blocks: " in shown
    assert "/20 [" in shown
    assert "reading chain.yaml [00:0" in shown
    assert shown.rstrip(" ").endswith("\r")
    assert "\n" not in shown
    assert ran.stdout == "1 True\n"


@pytest.mark.slow
@pytest.mark.parametrize(("is_shown", "silent_s"), [("sys.stderr.isatty()", 0.0), ("True", 60.0)])
def test_without_a_terminal_or_for_short_work_there_is_none(is_shown: str, silent_s: float) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(is_shown=is_shown, silent_s=silent_s)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("1 False\n", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_for_a_terminal_without_quiet_and_json(monkeypatch: pytest.MonkeyPatch) -> None:
    loud = argparse.Namespace(quiet=False, log_json=False)
    assert not wants_bar(loud)
    monkeypatch.setattr("sys.stderr", Terminal())
    assert wants_bar(loud)
    assert wants_bar(argparse.Namespace())
    assert not wants_bar(argparse.Namespace(quiet=True, log_json=False))
    assert not wants_bar(argparse.Namespace(quiet=False, log_json=True))


def begun_by(load: Callable[[], Node], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None]]:
    """The pieces of work that a load begins, in their order."""
    begun: list[tuple[str, int | None]] = []
    begin = progress.Progress.begin

    def noted(work: progress.Progress, what: str, total: int | None = None) -> None:
        begun.append((what, total))
        begin(work, what, total)

    monkeypatch.setattr(progress.Progress, "begin", noted)
    load().close()
    monkeypatch.undo()
    return begun


def test_fixtures_states_and_recordings_say_how_far_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = tmp_path / "chain.yaml"
    chain.write_text(COIN + BALANCES)
    begun = begun_by(lambda: Node(NodeOptions(fixtures=(chain,))), monkeypatch)
    assert begun[0] == ("reading chain.yaml", None)
    assert ("playing blocks", 2) in begun
    recorded = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
    begun = begun_by(lambda: Node(NodeOptions(fixtures=(recorded,))), monkeypatch)
    # The recording holds blocks 0 to 87.
    assert [piece for piece in begun if piece[1]] == [("checking blocks", 88), ("executing blocks", 88)]


def test_a_state_says_how_far_each_of_its_tables_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rpcnode.dev.dump import dump_state

    with closing(Node(NodeOptions(accounts=3))) as node:
        (tmp_path / "s.json").write_text(dump_state(node.store), "utf-8")
    begun = begun_by(lambda: Node(NodeOptions(load_state=tmp_path / "s.json")), monkeypatch)
    assert begun[0] == ("reading s.json", None)
    assert ("loading chain_account", 4) in begun  # three, and that of the getnep5balances page


def test_a_plugin_that_catches_up_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, db = tmp_path / "chain.yaml", tmp_path / "chain.db"
    chain.write_text(COIN + BALANCES)
    Node(NodeOptions(fixtures=(chain,), db=db)).close()
    plugin = tmp_path / "late.py"
    plugin.write_text(
        "from rpcnode.plugin import Plugin\n\n\nclass Late(Plugin):\n    name = 'Late'\n\n"
        "    def on_committing(self, block, executions):\n        pass\n"
    )
    begun = begun_by(lambda: Node(NodeOptions(db=db, plugins_dirs=(tmp_path,))), monkeypatch)
    assert ("Late catches up", 6) in begun  # blocks 0 to 5
