"""What a script may use at most."""

from typing import Final

from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one engine; the defaults are those of every N3 network. Source: neo-vm, ExecutionEngineLimits."""

    max_shift: int = 256  # bits of SHL and SHR, and the greatest exponent of POW
    max_stack_size: int = 2048  # items in stacks and slots, with the elements of what they hold
    max_item_size: int = 131_070  # bytes of a ByteString or a Buffer
    max_comparable_size: int = 65_536  # bytes that one EQUAL looks at
    max_invocation_stack_size: int = 1024  # frames
    max_try_nesting_depth: int = 16  # TRY blocks open in one frame


DEFAULT_LIMITS: Final = Limits()
