"""The NEP-11 half of TokensTracker. Source: neo-node 3.10.2, plugins/TokensTracker: Nep11Tracker."""

import base64
import sqlite3
from collections.abc import Callable, Iterable, Iterator

from rpcnode.plugin import AppliedBlock, CallFlags, Execution, Json, MethodCall, State, UInt160, errors
from rpcnode.plugin.items import Array, Buffer, Map, StackItem, to_bytes
from rpcnode.plugin.steps import Steps
from rpcnode.plugin.transfer_history import HistoryRow
from rpcnode.plugins.tokens_tracker import queries
from rpcnode.plugins.tokens_tracker.events import AmountTooLong, TransferEvent, transfer_events
from rpcnode.plugins.tokens_tracker.metadata import ASK_GAS, metadata_of
from rpcnode.plugins.tokens_tracker.queries import Nep11Balance
from rpcnode.plugins.tokens_tracker.schema import NEP11_HISTORY

STANDARD = "NEP-11"
BALANCES_GAS = 34_000_000
"""What the script that calls balanceOf for both sides may use, in datoshi."""
TEXT_PROPERTIES = ("name", "description", "image", "tokenURI")
"""The properties that are printed as text; all others are base64."""

_INVALID_CAST, _INVALID_ARGUMENT, _FORMAT = -2147467262, -2147024809, -2146233033  # HResults
_MOST_SHOWN = 100  # characters of UTF-16 that an error repeats


def follow(
    db: sqlite3.Connection,
    block: AppliedBlock,
    executions: tuple[Execution, ...],
    *,
    with_history: bool,
    too_long: Callable[[AmountTooLong], None],
) -> set[UInt160]:
    """Writes what a block did to NEP-11 balances and history; gives the assets whose balanceOf writes into storage.

    Where `too_long` raises, the history of the events before stays, as in the node, and no balance changes.
    """
    events: list[TransferEvent] = []
    try:
        for event in transfer_events(block, executions, STANDARD, 4, too_long):
            events.append(event)
    finally:
        if with_history and events:
            NEP11_HISTORY.add(db, _history(block, events))
    writers: set[UInt160] = set()
    balances: list[Nep11Balance] = []
    for event in events:
        if event.contract.is_divisible:
            balances += _divisible(block, event, writers)
        elif event.contract.has_method("balanceOf", 1):
            balances += _indivisible(block, event)
    if balances:
        queries.set_nep11_balances(db, balances)
    return writers


def _history(block: AppliedBlock, events: Iterable[TransferEvent]) -> list[HistoryRow]:
    with_transaction = ((event, event.transaction) for event in events if event.transaction is not None)
    return [
        HistoryRow(
            timestamp=block.timestamp_ms,
            asset=event.contract.script_hash,
            sender=event.sender,
            receiver=event.receiver,
            amount=str(event.amount),
            block_index=block.index,
            notify_index=notify_index,
            transaction_hash=transaction,
            token_id=event.token_id,
        )
        for notify_index, (event, transaction) in enumerate(with_transaction)
    ]


def _indivisible(block: AppliedBlock, event: TransferEvent) -> Iterator[Nep11Balance]:
    """The event is believed: the sender's row goes, the receiver's is 1."""
    assert event.token_id is not None
    for account, amount, is_listed in ((event.sender, "0", False), (event.receiver, "1", True)):
        if account is not None and account != UInt160.ZERO:
            yield Nep11Balance(
                account, event.contract.script_hash, event.token_id, amount, block.index, is_listed=is_listed
            )


def _divisible(block: AppliedBlock, event: TransferEvent, writers: set[UInt160]) -> Iterator[Nep11Balance]:
    """Both sides are asked for, a missing one as the zero hash; unless both answer, both rows stay as they were."""
    assert event.token_id is not None
    asset, accounts = event.contract.script_hash, (event.sender or UInt160.ZERO, event.receiver or UInt160.ZERO)
    calls = [MethodCall(asset, "balanceOf", (bytes(account), event.token_id)) for account in accounts]
    execution = block.state.run(calls, BALANCES_GAS)
    if execution.wrote:
        writers.add(asset)
    if execution.halted and [type(answer) for answer in execution.stack] == [int, int]:
        for account, answer in reversed([*zip(accounts, execution.stack, strict=True)]):
            yield Nep11Balance(account, asset, event.token_id, str(answer), block.index)


def balances_json(db: sqlite3.Connection, state: State, account: UInt160, max_results: int) -> Steps[list[Json]]:
    """The assets of getnep11balances with their tokens, `max_results` tokens in all; 0 acts as 1.

    neo-cli quirk: tokens count before symbols are asked for, so those of an asset that is then left out count too.
    """
    tokens: dict[UInt160, list[Json]] = {}
    count = 0
    for balance in queries.nep11_balances_of(db, account):
        if state.contract(balance.asset) is None:
            continue
        tokens.setdefault(balance.asset, []).append(
            {
                "tokenid": balance.token_id.hex(),
                "amount": balance.amount,
                "lastupdatedblock": balance.last_updated_block,
            }
        )
        count += 1
        if count >= max_results:
            break
    rows: list[Json] = []
    for asset, held in tokens.items():
        metadata = yield from metadata_of(state, asset)
        if metadata is not None:
            rows.append(
                {
                    "assethash": str(asset),
                    "name": metadata.name,
                    "symbol": metadata.symbol,
                    "decimals": str(metadata.decimals),
                    "tokens": held,
                }
            )
    return rows


def properties_json(state: State, asset: UInt160, token_id: bytes) -> Steps[Json]:
    """What `properties` answers for a token; nothing where the call fails.

    neo-cli quirk: an answer that is no map, or holds what cannot be printed, leaks the runtime's exception.
    """
    execution = yield from state.run_in_steps(
        (MethodCall(asset, "properties", (token_id,), CallFlags.ReadOnly),), ASK_GAS
    )
    if not execution.halted:
        return {}
    answer = execution.stack[-1] if execution.stack else None
    if not isinstance(answer, Map):
        raise errors.LeakedException(_INVALID_CAST, "The item can't be casted to type Neo.VM.Types.Map")
    properties: dict[str, Json] = {}
    for key, value in answer.pairs():
        if isinstance(value, Array | Map):
            continue
        name = _text(to_bytes(key))
        properties[name] = None if value is None else _property_text(name, value)
    return properties


def _property_text(name: str, value: StackItem) -> str:
    try:
        data = to_bytes(value)
    except errors.VmFault:
        raise errors.LeakedException(_INVALID_CAST, "Specified cast is not valid.") from None
    return _text(data) if name in TEXT_PROPERTIES else base64.b64encode(data).decode()


def _text(data: bytes | Buffer) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        wrong = "".join(f"[{byte:02X}]" for byte in data[error.start : error.end])
        raise errors.LeakedException(
            _INVALID_ARGUMENT,
            f"Unable to translate bytes {wrong} at index {error.start} from specified code page to Unicode.",
        ) from None


def token_id_of(text: str) -> bytes:
    """A token id in hex, of any case, without 0x. neo-cli quirk: what is no hex leaks the runtime's FormatException.

    Source: neo 3.10.2, Neo.Extensions: StringExtensions.HexToBytes.
    """
    try:
        token_id = bytes.fromhex(text)
    except ValueError:
        token_id = b""
    if 2 * len(token_id) != len(text):  # bytes.fromhex passes over white space
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        shown = f"Input: '{text}'" if length <= _MOST_SHOWN else f"Input length: {length} characters"
        raise errors.LeakedException(
            _FORMAT,
            "Failed to convert hex string to bytes: The input contains invalid hexadecimal characters."
            f" {shown}. Valid hex characters are 0-9, A-F, and a-f.",
        )
    return token_id
