"""Asks whole sets of recorded scripts: `python -m tests.oracles [SET...] [--setting chain|gorgon|0..7] [--tag TEXT]`.

Without arguments it asks all that was recorded: each set on the chain, with Gorgon, and on genesis blocks with no
hardfork, one, one more each; then storage over RPC, and the contracts of neo-devpack-dotnet's tests. It ends with 1
where an answer is not as recorded.
"""

import argparse
import json
import sys
import time
from collections import Counter

from tests.oracles import devpack, storage_rows
from tests.oracles.asking import ask, differences, script_of_case, signers_of
from tests.oracles.recorded import SETS, SETTINGS, Question, questions

SHORT = 400


def main() -> int:
    """Counts exact answers, and shows some that are not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--setting", help="chain, gorgon, or the number of a setting of hardforks; all without it")
    parser.add_argument("--tag", default="")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--ignore", default="", help="fields not to show, as text,gas")
    parser.add_argument("--index", type=int)
    options = parser.parse_args()
    settings = SETTINGS if options.setting is None else (options.setting,)
    failed = sum(_failed_in(name, setting, options) for name in options.sets for setting in settings)
    if len(sys.argv) == 1:
        failed += storage_rows.main() + devpack.main()
    return int(failed > 0)


def _failed_in(name: str, setting: str, options: argparse.Namespace) -> int:
    started, asked, exact, shown = time.process_time(), 0, 0, 0
    kinds: Counter[str] = Counter()
    for question in questions(name, setting):
        if options.tag not in str(question.case[7]) or options.index not in (None, question.index):
            continue
        if options.limit is not None and asked >= options.limit:
            break
        asked += 1
        answer = ask(question.world, script_of_case(question.case), signers_of(question.signers))
        wrong = differences(question.case, answer)
        if not wrong:
            exact += 1
            continue
        kinds.update(wrong)
        if shown < options.show and set(wrong) - set(options.ignore.split(",")):
            shown += 1
            _show(question, wrong, answer)
    if asked:
        taken = time.process_time() - started
        print(f"{name}, {setting}: {exact} of {asked} exact, {taken:.1f} s; {dict(kinds)}", flush=True)
    return asked - exact


def _show(question: Question, wrong: list[str], answer: object) -> None:
    case = question.case
    print(f"--- {question.index} {case[7]} differs in {', '.join(wrong)}; signers {json.dumps(question.signers)}")
    print("   script", case[0][:SHORT])
    print("   recorded", *(str(field)[:SHORT] for field in case[2:7]))
    print("   ours    ", str(answer)[: 3 * SHORT])


if __name__ == "__main__":
    sys.exit(main())
