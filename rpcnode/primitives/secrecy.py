"""What is not shown to everybody: names whose values are secrets, and keys in a text."""

import re
from typing import Final

HIDDEN: Final = "***"
"""What stands in the place of a secret."""

# Compiled when they are first needed: a start needs none.
_SECRET: Final = (
    r"(?i)pass(?:word|wd|phrase)?$|^pass|password|secret|credential|priv(?:ate)?_?key|api_?key|^wif$|_wif$|^seed$"
)
_SECRET_SETTING: Final = rf"{_SECRET}|^keys?$|token$"
_KEY: Final = (
    r"\b(?:[KL][1-9A-HJ-NP-Za-km-z]{51}|5[1-9A-HJ-NP-Za-km-z]{50}"  # WIF
    r"|6P[1-9A-HJ-NP-Za-km-z]{56})\b"  # NEP-2
)
_MEMBER: Final = r'"((?:[^"\\]|\\.){1,64})"\s*:\s*("(?:[^"\\]|\\.)*(?:"|\\?$)|-?[0-9][^\s,}\]]*)'


def is_secret(name: str) -> bool:
    """Whether a parameter or a member of an object of that name is a password or a private key."""
    return re.search(_SECRET, name) is not None


def is_secret_setting(name: str) -> bool:
    """The same of a setting, or of a value in a query: there a `key` is one that opens something."""
    return re.search(_SECRET_SETTING, name) is not None


def without_keys(text: str) -> str:
    """A text with every private key in WIF or NEP-2 form hidden."""
    return re.sub(_KEY, HIDDEN, text)


def without_valid_keys(text: str) -> str:
    """The same of keys whose checksum is right: Base64 looks like a key now and then."""
    return re.sub(_KEY, lambda found: HIDDEN if _has_checksum(found[0]) else found[0], text)


def without_secrets(text: str) -> str:
    """A text of JSON, which may be cut off, with private keys hidden and the values of members with secret names."""
    return without_keys(re.sub(_MEMBER, _hidden, text))


def _hidden(member: "re.Match[str]") -> str:
    return f'"{member[1]}":"{HIDDEN}"' if is_secret(member[1]) else member[0]


def _has_checksum(text: str) -> bool:
    # Loaded when something looks like a key; most starts need neither.
    import base58

    from rpcnode.primitives.hashes import checksum4

    data = base58.b58decode(text)
    return data[-4:] == checksum4(data[:-4])
