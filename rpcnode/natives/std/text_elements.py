"""How many text elements a text has: what a reader takes for one character each.

Extended grapheme clusters, but without the rule for conjuncts of Indic scripts (GB9c), which .NET does not have.
Source: .NET 10, StringInfo, TextSegmentationUtility; https://www.unicode.org/reports/tr29/tr29-35.html.
"""

import re
from bisect import bisect_right
from functools import cache
from typing import Final

from rpcnode.natives.std.grapheme_breaks import RANGES

_ELEMENT: Final = re.compile(
    r"""RN | [RNC]                                     # the end of a line, or a control character
    | P+ (?= [RNC] | \Z)                               # what belongs to the next, when there is none
    | P* (?: G (?: E* Z G )*                           # pictographs that are joined
           | I I?                                      # a flag
           | L* [AV] V* T* | L* B T* | L+ | T+         # a syllable of Hangul
           | [XEZS] ) [EZS]*""",
    re.VERBOSE,
)
_FIRST_SYLLABLE: Final = 0xAC00
_LAST_SYLLABLE: Final = 0xD7A3
_SYLLABLES_OF_A_PAIR: Final = 28  # the first without a consonant behind it


def count_text_elements(text: str) -> int:
    """What `StringInfo.GetTextElementEnumerator` counts."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    kinds = "".join(map(_kind, map(ord, text)))
    return len(_ELEMENT.findall(kinds))


def _kind(code_point: int) -> str:
    """The letter of a character's kind: as in RANGES, A for LV, B for LVT, X for any other."""
    if _FIRST_SYLLABLE <= code_point <= _LAST_SYLLABLE:
        return "B" if (code_point - _FIRST_SYLLABLE) % _SYLLABLES_OF_A_PAIR else "A"
    starts, ends, kinds = _ranges()
    at = bisect_right(starts, code_point) - 1
    return kinds[at] if at >= 0 and code_point <= ends[at] else "X"


@cache
def _ranges() -> tuple[list[int], list[int], list[str]]:
    """Where ranges start and end, and their kinds, in the order of code points."""
    rows: list[tuple[int, int, str]] = []
    for kind, ranges in RANGES.items():
        for span in ranges.split():
            first, _, last = span.partition("-")
            rows.append((int(first, 16), int(last or first, 16), kind))
    rows.sort()
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
