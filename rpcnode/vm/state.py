"""Where an engine is."""

from enum import IntEnum


class VmState(IntEnum):
    """NONE while instructions are executed, BREAK before the first one and where a debugger stops."""

    NONE = 0
    HALT = 1
    FAULT = 2
    BREAK = 4
