"""What is not shown to everybody: names whose values are secrets, and keys in a text."""

import re
from typing import Final

HIDDEN: Final = "***"
"""What stands in the place of a secret."""

_SECRET_NAME: Final = re.compile(
    r"pass(word|wd|phrase)?$|^pass|password|secret|credential|private_?key|^keys?$|api_?key|^wif$|_wif$|^nep2|token$|^seed$",
    re.IGNORECASE,
)
_KEY: Final = re.compile(
    r"\b(?:[KL][1-9A-HJ-NP-Za-km-z]{51}|5[1-9A-HJ-NP-Za-km-z]{50}"  # WIF
    r"|6P[1-9A-HJ-NP-Za-km-z]{56})\b"  # NEP-2
)


def is_secret(name: str) -> bool:
    """Whether what has that name, a setting or a member of an object, is a password or a key."""
    return _SECRET_NAME.search(name) is not None


def without_keys(text: str) -> str:
    """A text with every private key in WIF or NEP-2 form hidden."""
    return _KEY.sub(HIDDEN, text)
