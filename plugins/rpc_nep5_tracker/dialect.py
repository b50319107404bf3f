"""What differs between the trackers of the profiles.

Source: neo-plugins 3.0.0-preview2 and 2.12, RpcNep5Tracker: RpcNep5Tracker, Nep5BalanceKey, Nep5TransferKey. No
released tracker of N3 answers getnep5balances: profile n3 speaks as preview2 does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rpcnode.plugin import ProfileName, Trigger, UInt160, UInt256
from rpcnode.plugin.items import StackItem
from rpcnode.plugin.transfer_events import NotATransfer, amount_of, side_of


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

    def movement(self, state: Sequence[StackItem]) -> Movement:
        """The movement in a transfer event's items; raises NotATransfer where the tracker ignores it."""
        if len(state) < 3:
            raise NotATransfer
        sender, receiver = (side_of(item, odd_length_is_null=self.odd_length_is_null) for item in state[:2])
        if sender is None and receiver is None:
            raise NotATransfer
        return Movement(sender, receiver, amount_of(state[2]))


def minted_movement(state: Sequence[StackItem]) -> Movement:
    """The movement in the items of a mint event: something, receiver, amount. Raises NotATransfer."""
    receiver = side_of(state[1]) if len(state) >= 3 else None
    if receiver is None:
        raise NotATransfer
    return Movement(None, receiver, amount_of(state[2]))


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
