"""What differs between the trackers of the profiles, and between documented and reference semantics.

Source: neo-modules 3.0.0-preview2 and 2.12.2, RpcNep5Tracker: RpcNep5Tracker, Nep5Balance, Nep5BalanceKey,
Nep5TransferKey; both judged by running nodes. No released tracker of N3 answers getnep5balances: profile n3 speaks as
preview2 does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rpcnode.plugin import Flag, ProfileName, Trigger, UInt160, UInt256, neo2_flag, plain_flag, preview2_flag
from rpcnode.plugin.items import StackItem
from rpcnode.plugin.transfer_events import NotATransfer, number_of, side_of
from rpcnode.plugins.rpc_nep5_tracker.amounts import neo2_number, preview2_number, shown_item
from rpcnode.plugins.rpc_nep5_tracker.config import ErrorSemantics
from rpcnode.primitives.records import dataclass


class AmountStops(Exception):
    """An amount at which the real node stops for good; the message says what it is."""


class Movement(NamedTuple):
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
    `number`: an amount of an event, or what balanceOf left, as a number; None where it counts for nothing.
    `stopped_node`: the real node, where it stops for good at what has no number; `number_there` is what it reads.
    `most_stored_bytes`: what a stored amount may have to be read again. `flag`: how a setting that is true or false is
    read; it raises ValueError for what is neither.
    """

    event_name: str
    mint_event_name: str | None
    triggers: frozenset[Trigger]
    odd_length_is_null: bool
    shows_destroyed: bool
    hash_prefix: str
    ms_per_tick: int
    zero_time_is_absent: bool
    number: Callable[[StackItem], int | None] = number_of
    number_there: Callable[[StackItem], int | None] = number_of
    stopped_node: str | None = None
    most_stored_bytes: int | None = None
    flag: Callable[[Flag], bool] = plain_flag

    def hash_text(self, value: UInt160 | UInt256) -> str:
        """A hash as this tracker prints it."""
        return self.hash_prefix + str(value)[2:]

    def ticks(self, time_ms: int) -> int:
        """A time in the unit of this tracker's timestamps."""
        return time_ms // self.ms_per_tick

    def stops_at(self, item: StackItem) -> bool:
        """Whether the real node stops for good where it asks for the number of this item."""
        return self.stopped_node is not None and self.number_there(item) is None

    def movement(self, state: Sequence[StackItem]) -> Movement:
        """The movement in a transfer event's items; raises NotATransfer where the tracker ignores it.

        Raises AmountStops for one that counts but for its amount, at which the real node stops.
        """
        if len(state) < 3:
            raise NotATransfer
        sender = side_of(state[0], odd_length_is_null=self.odd_length_is_null)
        receiver = side_of(state[1], odd_length_is_null=self.odd_length_is_null)
        if sender is None and receiver is None:
            raise NotATransfer
        return Movement(sender, receiver, self._amount(state[2]))

    def minted_movement(self, state: Sequence[StackItem]) -> Movement:
        """The movement in the items of a mint event: something, receiver, amount. Raises NotATransfer."""
        receiver = side_of(state[1]) if len(state) >= 3 else None
        if receiver is None:
            raise NotATransfer
        return Movement(None, receiver, self._amount(state[2]))

    def _amount(self, item: StackItem) -> int:
        if type(item) is int:
            return item  # which all of them read alike
        if not isinstance(item, bytes):
            raise NotATransfer
        if self.stops_at(item):
            raise AmountStops(shown_item(item))
        number = self.number(item)
        if number is None:
            raise NotATransfer
        return number

    def is_readable(self, amount: str) -> bool:
        """Whether the node can read an amount again that it has stored."""
        if self.most_stored_bytes is None or len(amount) < self.most_stored_bytes:
            return True
        half = 1 << (8 * self.most_stored_bytes - 1)
        return -half <= int(amount) < half


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
        number_there=preview2_number,
        stopped_node="neo-cli 3.0.0-preview2 stops for good",
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
        number_there=neo2_number,
        stopped_node="neo-cli 2.12.2 stops for good",
    ),
}
"""N3's is the seed page's dialect, preview2, over N3's block with its PostPersist run."""

_REFERENCE: Final[dict[ProfileName, Dialect]] = {
    **DIALECTS,
    "n3-preview": replace(DIALECTS["n3-preview"], number=preview2_number, flag=preview2_flag),
    "n2": replace(DIALECTS["n2"], number=neo2_number, most_stored_bytes=512, flag=neo2_flag),
}


def dialect_of(profile: ProfileName, semantics: ErrorSemantics) -> Dialect:
    """The dialect of a profile's tracker: in reference semantics that of its node, with all that it does."""
    return (_REFERENCE if semantics is ErrorSemantics.REFERENCE else DIALECTS)[profile]
