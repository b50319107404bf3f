"""Sends transactions to this node and to a live neo-go, on equal chains, and tells every difference with its reason."""

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from rpcnode.testing import in_process
from tests.oracles.neogo.live import LiveNode
from tests.oracles.neogo.people import keys_of
from tests.oracles.neogo.sends.both import MS_PER_BLOCK, Both, own_chain
from tests.oracles.neogo.sends.invocations import COUNT, Invocations
from tests.oracles.neogo.sends.refusals import Refusals
from tests.oracles.neogo.stories import TO_FAUN

REASONS: Final = {
    "atoi of nothing (vmstate, stack)": "BigInteger.Parse of .NET refuses a text without digits (neo, StdLib.Atoi)",
    "plain (stack)": "neo-cli logs an item that it cannot serialize as Any (csharp-execution.md, 8)",
}
"""Why logs with a label may differ, by the label and what differs."""


def main() -> int:
    """1 where a difference has no reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="neo-go's")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--invocations", type=int, default=COUNT)
    options = parser.parse_args()
    keys, users = keys_of(f"sends/{options.seed}/key", 1), keys_of(f"sends/{options.seed}/user", 6)
    with (
        TemporaryDirectory() as directory,
        LiveNode(options.binary, Path(directory), (*keys, *users), keys, TO_FAUN, MS_PER_BLOCK) as node,
        in_process(own_chain(keys, TO_FAUN, MS_PER_BLOCK), block_time="manual") as own,
    ):
        both = Both(node, own, Random(f"sends/{options.seed}"), keys, users)
        both.open()
        both.follow()
        Invocations(both).send(options.invocations)
        wrong = _tell_invocations(both)
        refusals = Refusals(both)
        refusals.prepare()
        wrong += _tell_refusals(both, refusals)
        both.follow()
        print(f"{both.counted['roots equal']} of {both.counted['blocks']} state roots are equal")
        wrong += both.counted["blocks"] - both.counted["roots equal"]
    print(f"{wrong} differences without a reason")
    return 1 if wrong else 0


def _tell_invocations(both: Both) -> int:
    taken = [sent for sent in both.sent if not sent.ours.code]
    counted = both.counted
    print(
        f"{len(both.sent)} transactions sent, {len(taken)} taken in; {counted['logs equal']} of {counted['logs']} logs"
        f" equal ({counted['faults']} are faults), {counted['logs of natives equal']} of {counted['logs of natives']}"
        " logs of natives"
    )
    print("  " + ", ".join(f"{count} {label}" for label, count in Counter(sent.label for sent in both.sent).items()))
    wrong = 0
    for sent in both.sent:
        if sent.ours.code != sent.theirs.code:
            wrong += 1
            print(f"  {sent.label}: ours {sent.ours}, theirs {sent.theirs}")
    for label, told in both.logs.items():
        reason = REASONS.get(label)
        print(f"  {label}: {len(told)} logs differ: {reason or 'NO REASON'}")
        wrong += 0 if reason else len(told)
        if reason is None:
            print("    " + told[0].replace("\n", "\n    "))
    return wrong


def _tell_refusals(both: Both, refusals: Refusals) -> int:
    count = equal = wrong = 0
    for refusal in refusals.all():
        sent = both.send_bytes(refusal.label, refusal.data)
        codes = sent.ours.code, sent.theirs.code
        count += 1
        if codes[0] == codes[1] and codes[0]:
            equal += 1
        elif codes == refusal.codes:
            print(f"  {refusal.label}: {codes[0]}, neo-go {codes[1]}: {refusal.why}")
        else:
            wrong += 1
            print(f"  {refusal.label}: NO REASON: ours {sent.ours}\n    theirs {sent.theirs}")
    print(f"{count} transactions to refuse: {equal} refused with the same code, {count - equal - wrong} with a reason")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
