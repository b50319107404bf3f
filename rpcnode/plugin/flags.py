"""How the nodes read a setting that is true or false, of which .NET's configuration keeps the text.

JSON's true and false are `True` and `False` there. Source: neo-modules 3.0.0-preview2 and 2.12.2, RpcNep5Tracker:
RpcNep5Tracker.Configure.
"""

Flag = bool | str
"""A setting that is true or false; as text the older nodes read it in ways of their own."""


def plain_flag(value: Flag) -> bool:
    """True or false, and no text."""
    if isinstance(value, bool):
        return value
    raise ValueError(f'true or false is expected, not "{value}"')


def preview2_flag(value: Flag) -> bool:
    """Every text but `False` is true, `false` too."""
    return value if isinstance(value, bool) else value != "False"


def neo2_flag(value: Flag) -> bool:
    """Only `true` is true, in any case and with space around it; what is neither is false."""
    return value if isinstance(value, bool) else value.strip().lower() == "true"
