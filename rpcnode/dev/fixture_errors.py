"""What is wrong with a fixture file, as one line for the operator."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from rpcnode.primitives.errors import NodeError, one_line
from rpcnode.primitives.json import Json
from rpcnode.primitives.secrecy import without_keys

_MAX_SHOWN = 80  # characters of a value in a message
_MAX_PATH = 300  # characters of a path in a message
_MAX_COMPARED = 80  # characters of a wrong word: comparing words takes the product of their lengths
_MOST_COMPARED = 10_000  # right words that a wrong one is compared with
_MAX_BITS = 320  # of an integer that is written out
_ALIKE = 0.6  # from 0, nothing alike, to 1, the same
_NEARLY_AS_ALIKE = 0.1


class FixtureError(NodeError):
    """A fixture file cannot be used: `FILE:LINE: PATH: what is wrong; what would be right`.

    `line` counts from 1 and is None where no line is to blame; `path` is empty where the whole file is.
    """

    def __init__(self, file: Path, message: str, *, line: int | None = None, path: str = "") -> None:
        position = str(file) if line is None else f"{file}:{line}"
        super().__init__(": ".join(part for part in (position, one_line(path, _MAX_PATH), message) if part))
        self.file = file
        self.line = line
        self.path = path
        self.message = message


def shown(value: Json) -> str:
    """`value` as a message quotes it: texts in double quotes, keys hidden, cut short; lists and mappings by kind."""
    match value:
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case str():
            open_text = without_keys(value[: _MAX_SHOWN * 2])
            cut = open_text if len(open_text) <= _MAX_SHOWN else open_text[: _MAX_SHOWN - 3] + "..."
            return json.dumps(cut, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return f"an integer of {value.bit_length()} bits"
    text = json.dumps(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def nearest(wrong: str, right: Sequence[str]) -> str:
    """`did you mean X?` for the most alike of `right`, or a list of them when nothing is alike."""
    alike = most_alike(wrong, right)
    if alike:
        return f"did you mean {' or '.join(alike)}?"
    listed = ", ".join(right[:20]) + (", ..." if len(right) > 20 else "")
    return f"known are {listed}" if right else "none is declared"


def hint(wrong: Json, right: Sequence[str]) -> str:
    """`; did you mean X?` for the end of a message that lists what is right; nothing when nothing is alike."""
    alike = most_alike(wrong, right) if isinstance(wrong, str) else []
    return f"; did you mean {' or '.join(alike)}?" if alike else ""


def most_alike(wrong: str, right: Sequence[str]) -> list[str]:
    """Up to three of `right` that may be meant; one alone where only capitals, spaces, - and _ are different."""
    from difflib import SequenceMatcher

    meant = _letters(wrong)
    same = [text for text in right if _letters(text) == meant]
    if same:
        return same[:1]
    compared = SequenceMatcher(b=meant[:_MAX_COMPARED])
    ratios = []
    for text in right[:_MOST_COMPARED]:
        compared.set_seq1(_letters(text)[:_MAX_COMPARED])
        if compared.real_quick_ratio() >= _ALIKE and compared.quick_ratio() >= _ALIKE:
            ratios.append((compared.ratio(), text))
    best = max((ratio for ratio, _ in ratios), default=0.0)
    least = max(_ALIKE, best - _NEARLY_AS_ALIKE)
    return [text for ratio, text in sorted(ratios, key=lambda pair: -pair[0]) if ratio >= least][:3]


def _letters(text: str) -> str:
    """A word as it is compared."""
    return re.sub(r"[-_ ]", "", text.casefold())
