"""Call flags, and the text of flag values as .NET prints them."""

from enum import IntFlag
from typing import TypeVar

from rpcnode.primitives.errors import FormatError

Flags = TypeVar("Flags", bound=IntFlag)


class CallFlags(IntFlag):
    """What a called contract may do; the names are those of the JSON form.

    Source: neo, Neo: SmartContract/CallFlags.
    """

    None_ = 0
    ReadStates = 1
    WriteStates = 2
    AllowCall = 4
    AllowNotify = 8
    States = 3
    ReadOnly = 5
    All = 15


def flags_text(value: IntFlag) -> str:
    """The names of the flags in `value`, lowest first, joined with a comma and a space.

    .NET takes names from the highest value down as long as they fit, combinations among them: 11 of CallFlags is
    `States, AllowNotify`. `None_`, which Python forces on us, is `None`.
    Source: .NET, System.Enum.ToString of a [Flags] enum.
    """
    members = sorted(type(value).__members__.items(), key=lambda item: item[1])
    names: list[str] = []
    rest = int(value)
    for name, member in reversed(members):
        if member == value:
            return name.rstrip("_")
        if member and rest & member == member:
            names.insert(0, name)
            rest &= ~member
    return ", ".join(names)


def flags_of_text(kind: type[Flags], text: str) -> Flags:
    """The value whose names are joined with commas in `text`. Raises FormatError for a name that is no flag's."""
    names = {name.rstrip("_"): member for name, member in kind.__members__.items()}
    value = kind(0)
    for name in map(str.strip, text.split(",")):
        if name not in names:
            raise FormatError(f"{name!r} is none of {', '.join(names)}")
        value |= names[name]
    return value
