"""What differs between the trackers of the profiles. Source: neo-rpc.md, section 3."""

from collections.abc import Sequence
from dataclasses import dataclass

from rpcnode.plugin import ProfileName, Trigger, UInt160, UInt256, errors
from rpcnode.plugin.items import ByteString, Integer, Null, StackItem


@dataclass(frozen=True, slots=True)
class Movement:
    """A transfer as a notification tells it; a side that is None mints or burns.

    `amount` may be anything: nobody checks it.
    """

    sender: UInt160 | None
    receiver: UInt160 | None
    amount: int


@dataclass(frozen=True, slots=True)
class Dialect:
    """One profile's tracker.

    `mint_event_name`: what TrackNonStandardMintTokens adds, if anything. `triggers`: whose notifications count.
    `odd_length_is_null`: a side that is not 20 bytes counts as absent, otherwise the whole notification is ignored.
    `shows_destroyed`: rows of a destroyed asset are still listed. `zero_time_is_absent`: in reference mode.
    """

    event_name: str
    mint_event_name: str | None
    triggers: frozenset[Trigger]
    odd_length_is_null: bool
    shows_destroyed: bool
    hash_prefix: str
    ms_per_tick: int
    zero_time_is_absent: bool

    def hash_text(self, value: UInt160 | UInt256) -> str:
        """A hash as this tracker prints it."""
        return self.hash_prefix + str(value)[2:]

    def ticks(self, time_ms: int) -> int:
        """A time in the unit of this tracker's timestamps."""
        return time_ms // self.ms_per_tick

    def movement(self, state: Sequence[StackItem]) -> Movement | None:
        """The movement in a transfer event's items, or None where the tracker ignores it."""
        if len(state) < 3:
            return None
        sender, receiver = self._side(state[0]), self._side(state[1])
        amount = amount_of(state[2])
        if isinstance(sender, _Ignored) or isinstance(receiver, _Ignored) or amount is None:
            return None
        if sender is None and receiver is None:
            return None
        return Movement(sender, receiver, amount)

    def _side(self, item: StackItem) -> "UInt160 | _Ignored | None":
        if isinstance(item, Null):
            return None
        if not isinstance(item, ByteString):
            return _IGNORED
        if len(item.value) != UInt160.SIZE:
            return None if self.odd_length_is_null else _IGNORED
        return UInt160(item.value)


class _Ignored:
    """A side that makes the tracker ignore its notification."""


_IGNORED = _Ignored()


def amount_of(item: StackItem) -> int | None:
    """The amount in an event: an Integer, or a ByteString read as one; None for anything else."""
    return number_of(item) if isinstance(item, Integer | ByteString) else None


def number_of(item: StackItem) -> int | None:
    """An item as a number; None where it is none, or has more than 32 bytes: the source's node would throw there."""
    try:
        return item.to_integer()
    except errors.VmFault:
        return None


def minted_movement(state: Sequence[StackItem]) -> Movement | None:
    """The movement in the items of a mint event: something, receiver, amount."""
    if len(state) < 3 or not isinstance(state[1], ByteString) or len(state[1].value) != UInt160.SIZE:
        return None
    amount = amount_of(state[2])
    return None if amount is None else Movement(None, UInt160(state[1].value), amount)


_EVERY_RUN = frozenset((Trigger.ON_PERSIST, Trigger.SYSTEM, Trigger.APPLICATION, Trigger.POST_PERSIST))

DIALECTS: dict[ProfileName, Dialect] = {
    "n3": Dialect(
        event_name="Transfer",
        mint_event_name=None,
        triggers=_EVERY_RUN,
        odd_length_is_null=False,
        shows_destroyed=False,
        hash_prefix="0x",
        ms_per_tick=1,
        zero_time_is_absent=True,
    ),
    "n3-preview": Dialect(
        event_name="Transfer",
        mint_event_name=None,
        triggers=_EVERY_RUN,
        odd_length_is_null=False,
        shows_destroyed=False,
        hash_prefix="0x",
        ms_per_tick=1,
        zero_time_is_absent=False,
    ),
    "n2": Dialect(
        event_name="transfer",
        mint_event_name="mintTokens",
        triggers=frozenset((Trigger.APPLICATION,)),
        odd_length_is_null=True,
        shows_destroyed=True,
        hash_prefix="",
        ms_per_tick=1000,
        zero_time_is_absent=False,
    ),
}
"""N3's is the seed page's dialect, preview2, over N3's block with its PostPersist run."""
