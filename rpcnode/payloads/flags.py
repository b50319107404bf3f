"""The text of flag values, as .NET prints them."""

from enum import IntFlag


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
