"""Names of native contracts, compared as `StringComparison.InvariantCultureIgnoreCase` compares them.

.NET leaves that to ICU's root collation: letters count by their base letter and accents, not by case; characters
without weight are skipped; forms for compatibility, such as ligatures and mathematical letters, are their letters, but
for the wide and narrow ones, which .NET keeps apart.
Source: neo-node 3.10, plugins/RpcServer: RpcServer.Blockchain.ToScriptHash; dotnet/runtime, pal_collation.c; Unicode
Technical Standard 10, section 4; the CLDR root collation.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_WEIGHTY_CONTROLS: Final = frozenset("\t\n\v\f\r\x85")
_KEPT_APART: Final = ("<wide>", "<narrow>")
_IGNORED_MARKS: Final = (  # variation selectors, and the joiner of graphemes
    range(0xFE00, 0xFE10),
    range(0xE0100, 0xE01F0),
    range(0x180B, 0x180E),
    range(0x034F, 0x0350),
)


@lru_cache(maxsize=256)
def comparison_key(name: str) -> str:
    """Equal for names that the C# node takes for the same."""
    if name.isascii() and name.isalnum():
        return name.lower()
    letters = "".join(_plain(character) for character in name if not _is_ignored(character))
    return unicodedata.normalize("NFD", letters.casefold())


def _is_ignored(character: str) -> bool:
    """Whether a character has no weight."""
    category = unicodedata.category(character)
    if category == "Cc":
        return character not in _WEIGHTY_CONTROLS
    return category == "Cf" or any(ord(character) in span for span in _IGNORED_MARKS)


def _plain(character: str) -> str:
    """A character, or what it is a form of."""
    decomposition = unicodedata.decomposition(character)
    if not decomposition or decomposition.startswith(_KEPT_APART):
        return character
    return unicodedata.normalize("NFKD", character)
