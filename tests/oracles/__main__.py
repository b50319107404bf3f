"""Asks whole sets of recorded scripts: `python -m tests.oracles SET... [--setting gorgon|0..7] [--tag TEXT]`."""

import argparse
import json
import time
from collections import Counter

from tests.oracles.asking import ask, differences, script_of_case, signers_of
from tests.oracles.recorded import SETS, Question, questions

SHORT = 400


def main() -> None:
    """Counts exact answers, and shows some that are not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--setting")
    parser.add_argument("--tag", default="")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--ignore", default="", help="fields not to show, as text,gas")
    parser.add_argument("--index", type=int)
    options = parser.parse_args()
    for name in options.sets:
        started, asked, exact, shown = time.process_time(), 0, 0, 0
        kinds: Counter[str] = Counter()
        for question in questions(name, options.setting):
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
        print(f"{name}: {exact} of {asked} exact, {time.process_time() - started:.1f} s; {dict(kinds)}", flush=True)


def _show(question: Question, wrong: list[str], answer: object) -> None:
    case = question.case
    print(f"--- {question.index} {case[7]} differs in {', '.join(wrong)}; signers {json.dumps(question.signers)}")
    print("   script", case[0][:SHORT])
    print("   recorded", *(str(field)[:SHORT] for field in case[2:7]))
    print("   ours    ", str(answer)[: 3 * SHORT])


if __name__ == "__main__":
    main()
