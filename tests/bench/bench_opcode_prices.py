"""What each opcode takes for its price, in a loop with the largest operands that the VM allows, beside PUSH1.

    python tests/bench/bench_opcode_prices.py [--above 10] [--rounds 5] [--only OPCODE ...]

The figure of a case in opcode_cases.py: what the loop takes more with the opcode than without, over what it costs more,
over the same of PUSH1 in the same run. Where the opcode cannot do without what comes before or after it, all of that is
in the figure: an array that KEYS made must go again. Time is of the processor, the least of the rounds.
Prints all figures, least first, then those above the limit; the exit code is 1 if there are any.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rpcnode.vm.engine import UNLIMITED, Engine, VmState
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import Script
from tests.bench.opcode_cases import LEFT_OUT, Case, cases
from tests.rpcnode.vm.script_text import assemble

START = assemble("PUSHNULL " * 9 + "INITSSLOT 0x08 INITSLOT 0x0909")
MIN_SECONDS = 0.01  # that the turns of a loop take together
MIN_TURNS, MAX_TURNS = 3, 20_000


def loop(setup: bytes, body: bytes, turns: int) -> Script:
    head = body + assemble("LDLOC 0x08 INC DUP STLOC 0x08 PUSHINT32") + turns.to_bytes(4, "little")
    jump = bytes((Opcode.JMPLT_L,)) + (-len(head)).to_bytes(4, "little", signed=True)
    return Script(START + setup + assemble("0 STLOC 0x08") + head + jump)


def run(script: Script) -> tuple[float, int]:
    """Seconds of the processor and the price of a script, which must halt."""
    engine = Engine()
    engine.load_script(script)
    start = time.process_time()
    state = engine.execute()
    taken = time.process_time() - start
    assert state is VmState.HALT, engine.fault
    return taken, UNLIMITED - engine.gas_left


def fastest(script: Script, rounds: int) -> tuple[float, int]:
    """The least time of some runs, and the price. The first run, which decodes the script, does not count."""
    run(script)
    runs = [run(script) for _ in range(rounds)]
    return min(runs)


def per_turn(setup: bytes, body: bytes, rounds: int) -> tuple[float, int]:
    """Seconds and price of one turn of a loop, without its setup."""
    turns, once = MIN_TURNS, loop(setup, body, 1)
    least, price = fastest(once, rounds)
    while True:
        most, most_price = fastest(loop(setup, body, turns), rounds)
        if most - least >= MIN_SECONDS or turns >= MAX_TURNS:
            return (most - least) / (turns - 1), (most_price - price) // (turns - 1)
        turns *= 4


def per_push(rounds: int) -> float:
    """Seconds of one PUSH1: of a script of 1400 of them, less a script of 400. A fuller stack is metered otherwise."""
    scripts = [Script(assemble("1 " * count)) for count in (400, 1400)]
    times = [fastest(script, 100 * rounds)[0] for script in scripts]
    return (times[1] - times[0]) / 1000


def figure(case: Case, rounds: int, push: float, drop: float) -> float:
    """The case's time for its price, in that of PUSH1; the time of PUSH1 and of DROP is given in seconds."""
    setup, words, rest_words = assemble(case.setup), case.body.split(), case.rest.split()
    taken, price = per_turn(setup, assemble(case.body), rounds)
    rest, rest_price = per_turn(setup, assemble(case.rest), rounds)
    for stand_in, seconds in ((Opcode.PUSH1, push), (Opcode.DROP, drop)):
        count = max(0, rest_words.count(stand_in.name) - words.count(stand_in.name))
        rest -= count * seconds
        rest_price -= count * stand_in.price
    return (taken - rest) / (price - rest_price) / push


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--above", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", metavar="OPCODE", nargs="+")
    options = parser.parse_args()

    measured = [case for case in cases() if not options.only or case.opcode in options.only]
    missing = set(Opcode.__members__) - {case.opcode for case in cases()} - {opcode.name for opcode in LEFT_OUT}
    assert not missing, missing
    push = per_push(options.rounds)
    both, nothing = (per_turn(b"", assemble(words), 5 * options.rounds)[0] for words in ("PUSH1 DROP " * 50, ""))
    drop = (both - nothing) / 50 - push
    figures = sorted((figure(case, options.rounds, push, drop), case.opcode, case.operands) for case in measured)
    print(f"PUSH1 takes {push * 1e9:.0f} ns, DROP {drop * 1e9:.0f} ns; times the first, for the same price:")
    for ratio, opcode, operands in figures:
        print(f"{ratio:>8.2f}  {opcode:<12} {operands}")
    for left_out, why in LEFT_OUT.items():
        print(f"{'none':>8}  {left_out.name:<12} {why}")
    above = [row for row in figures if row[0] > options.above]
    print(
        f"\n{len(above)} above {options.above:g}" + "".join(f"\n{row[0]:>8.2f}  {row[1]:<12} {row[2]}" for row in above)
    )
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
