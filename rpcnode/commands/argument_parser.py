"""argparse, with the nearest right word for a wrong one, and without words in errors that may be secrets."""

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

_INVALID_CHOICE = re.compile(r"invalid choice: '?([^']*)'? \(choose from (.*)\)")
_NEAR = 0.6  # difflib's measure of likeness


def did_you_mean(wrong: str, right: Iterable[str]) -> str | None:
    """The word that is meant, if one is near enough; upper and lower case are alike."""
    # 3 ms that a start without a wrong word does without.
    from difflib import get_close_matches

    by_lower = {word.lower(): word for word in right}
    found = get_close_matches(wrong.lower(), list(by_lower), 1, _NEAR)
    return by_lower[found[0]] if found else None


class Parser(argparse.ArgumentParser):
    """A parser that takes no abbreviations. `commands` are the parsers of its commands by name."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(allow_abbrev=False, **arguments)
        self.commands: dict[str, Parser] = {}

    def parse_args(  # type: ignore[override]  # of its overloads, the one that is used
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """As argparse's, with `command` the parser of the command that was given."""
        words = list(args or ())
        found, rest = self.parse_known_args(words, namespace)
        parser = self.commands.get(found.command, self)
        found.parser = parser
        if rest:
            parser.error(parser.unrecognized(rest, words))
        return found

    def unrecognized(self, rest: Sequence[str], words: Sequence[str]) -> str:
        """What to say of the words that are left over: options by name alone, the word behind one not at all."""
        shown: list[str] = []
        for word in rest:
            if word.startswith("-"):
                shown.append(word.partition("=")[0])
                continue
            place = words.index(word)
            if place >= 2 and words[place - 2].startswith("-"):
                return f"unexpected word after {words[place - 2]}; what goes with it is one word, in quotes if need be"
            if not (place and words[place - 1].startswith("-")):
                shown.append(word)
        hints = [did_you_mean(word, self.option_strings()) for word in shown if word.startswith("-")]
        meant = "".join(f"; did you mean {hint}?" for hint in dict.fromkeys(hints) if hint)
        return f"unrecognized arguments: {' '.join(shown)}{meant}"

    def option_strings(self) -> list[str]:
        """Every spelling of every option."""
        return list(self._option_string_actions)

    def error(self, message: str) -> NoReturn:
        """Ends the program with 2, after the usage and one line on stderr."""
        invalid = _INVALID_CHOICE.search(message)
        if invalid is not None:
            meant = did_you_mean(invalid[1], re.findall(r"[\w.-]+", invalid[2]))
            message = f"{message}; did you mean {meant}?" if meant else message
        super().error(message)
