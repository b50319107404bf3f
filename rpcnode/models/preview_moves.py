"""What moves NEO and GAS on preview2: transfers, the GAS that NEO earns, fees; and the price of a byte.

How long an account's NEO has not moved stands beside its balance: the block of its last transfer, be it of nothing.
Source: neo 3.0.0-preview2, Neo: SmartContract/Native/Tokens: Nep5Token, NeoToken, GasToken; PolicyContract.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.records import Notification
from rpcnode.execution.storage import Storage, read_integer, write_integer
from rpcnode.models import token
from rpcnode.models.generation import generated_between
from rpcnode.models.older_transfers import older_transfer
from rpcnode.primitives.uint import UInt160

NEO: Final = NATIVE_TOKENS["n3-preview"]["NEO"]
GAS: Final = NATIVE_TOKENS["n3-preview"]["GAS"]
POLICY: Final = UInt160.parse("0x3209d09120465bf181ced70693b897ec6ea4619a")

NATIVE_IDS: Final = {NEO: -1, GAS: -2, POLICY: -3}
PERSIST_GAS: Final = 2_030_780
"""What a block's own calls of its native tokens cost, in datoshi, as a running node logged it."""

_STANDS_SINCE: Final = b"\x16"
_FEE_PER_BYTE: Final = b"\x0a"
_FIRST_FEE_PER_BYTE: Final = 1000
_EVENT: Final = "Transfer"


def stands_since(storage: Storage, account: UInt160) -> int:
    """The block since which an account's NEO has not moved, as far as transfers tell."""
    return read_integer(storage, NATIVE_IDS[NEO], _STANDS_SINCE + account)


def set_stands_since(storage: Storage, account: UInt160, block_index: int) -> None:
    """An account's NEO has moved."""
    write_integer(storage, NATIVE_IDS[NEO], _STANDS_SINCE + account, block_index)


def follow_events(storage: Storage, block_index: int, events: Iterable[Notification]) -> None:
    """Takes note of the transfers of NEO that a recorded block tells."""
    for event in events:
        moved = older_transfer("n3-preview", event.event_name, event.state) if event.contract == NEO else None
        for account in (moved.sender, moved.receiver) if moved is not None else ():
            if account is not None:
                set_stands_since(storage, account, block_index)


def fee_per_byte(storage: Storage) -> int:
    """What a byte of a transaction costs, in datoshi."""
    stored = storage.get(NATIVE_IDS[POLICY], _FEE_PER_BYTE)
    return _FIRST_FEE_PER_BYTE if stored is None else int.from_bytes(stored, "little", signed=True)


def set_fee_per_byte(storage: Storage, fee_datoshi: int) -> None:
    """The committee has set what a byte costs."""
    write_integer(storage, NATIVE_IDS[POLICY], _FEE_PER_BYTE, fee_datoshi)


def earned_by(storage: Storage, account: UInt160, since: int, until: int) -> int:
    """The GAS that an account's NEO has earned before a block `until`, in datoshi.

    `since`: the block that changed it last, where no transfer tells.
    """
    balance = token.balance_of(storage, NATIVE_IDS[NEO], account)
    return balance * generated_between("n3-preview", max(since, stands_since(storage, account)), until)


def earn(storage: Storage, account: UInt160, since: int, block_index: int) -> list[Notification]:
    """Gives an account what its NEO has earned until a block that moves it."""
    amount = earned_by(storage, account, since, block_index)
    set_stands_since(storage, account, block_index)
    return mint(storage, account, amount)


def mint(storage: Storage, account: UInt160, amount: int) -> list[Notification]:
    """Makes GAS, in datoshi, for an account; nothing tells of none."""
    if amount == 0:
        return []
    token.move(storage, NATIVE_IDS[GAS], None, account, amount)
    return [Notification(GAS, _EVENT, (None, bytes(account), amount))]


def pay_fees(storage: Storage, fees: Sequence[tuple[UInt160, int, int]], proposer: UInt160) -> list[Notification]:
    """Burns what senders pay, (sender, system fee, network fee) each, and gives the network fees to the proposer."""
    events = []
    for sender, system_fee, network_fee in fees:
        if system_fee + network_fee:
            token.move(storage, NATIVE_IDS[GAS], sender, None, system_fee + network_fee)
            events.append(Notification(GAS, _EVENT, (bytes(sender), None, system_fee + network_fee)))
    return events + mint(storage, proposer, sum(network_fee for _, _, network_fee in fees))
