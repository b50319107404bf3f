"""What a run left, as the invoke methods of N3 print it.

Source: neo-node 3.10.2, plugins/RpcServer: RpcServer.SmartContract.cs: GetInvokeResult; RpcServer.Wallet.cs:
GetVerificationResult.
"""

import base64
from collections.abc import Callable
from typing import Final

from rpcnode.plugin import Written, errors
from rpcnode.plugin.items import Array, InteropInterface, StackItem, dotnet_json
from rpcnode.plugin.runs import (
    NO_LIMIT,
    ApplicationEngine,
    Diagnostics,
    ItemTexts,
    StorageIterator,
    VmState,
    storage_changes,
    string_text,
)
from rpcnode.plugins.rpc_server.sends import NOT_SIGNED, Signed

_INVALID_OPERATION: Final = -2146233079
_FORMAT: Final = -2146233033
_IN_STACK: Final = 2  # how deep objects and lists nest around an item of the stack,
_IN_NOTIFICATIONS: Final = 3  # and around an event's state
_OF_PENDING: Final = 64  # of a signature context, at most


class RunText:
    """The JSON of one run in the making; `iterators` are those that it names, by their ids.

    No text is longer than `most` characters: ItemTooLarge. `expanded` items at most of each iterator are printed with
    it, None for none.
    """

    def __init__(
        self,
        run: ApplicationEngine,
        new_id: Callable[[], str],
        *,
        most: int = NO_LIMIT,
        expanded: int | None = None,
    ) -> None:
        self.iterators: Final[dict[str, StorageIterator]] = {}
        self._run: Final = run
        self._new_id: Final = new_id
        self._most: Final = most
        self._expanded: Final = expanded
        self._texts: Final = ItemTexts(most)
        self._depth = _IN_STACK
        self._left = most

    def of_invocation(
        self, script: bytes, diagnostics: Diagnostics | None, signed: Signed = NOT_SIGNED
    ) -> tuple[str, int]:
        """All members but `session`, without the last brace, and how deep they nest."""
        run = self._run
        has_halted = run.state is VmState.HALT
        text = self._beginning(script, signed.failure)
        text += f',"notifications":[{self._notifications() if has_halted else ""}]'
        if diagnostics is not None:
            if diagnostics.has_circle:
                raise errors.LeakedException(_INVALID_OPERATION, "Circular reference.")
            text += (
                f',"diagnostics":{{"invokedcontracts":{diagnostics.invoked_contracts()}'
                f',"traces":{diagnostics.traces()},"storagechanges":{storage_changes(run, diagnostics)}}}'
            )
            self._depth = max(self._depth, _IN_STACK + diagnostics.depth)
        stack = [self._stack_item(item) for item in run.results] if has_halted else ()
        text += f',"stack":[{",".join(stack)}]'
        if signed.transaction is not None:
            text += f',"tx":{string_text(base64.b64encode(signed.transaction).decode())}'
        elif signed.pending is not None:
            text += f',"pendingsignature":{dotnet_json(signed.pending)}'
            self._depth = max(self._depth, _OF_PENDING)
        return text, self._depth

    def of_verification(self, script: bytes, max_stack_size: int) -> Written:
        """The whole object; an item longer than that many characters takes the place of the exception."""
        run = self._run
        items = []
        refused = None
        for item in run.results if run.state is VmState.HALT else ():
            try:
                text = self._texts.of(item)
            except errors.RecursiveReference as error:
                refused = str(error)
                break
            if text.size > max_stack_size:
                refused = "Max size reached."
                break
            self._depth = max(self._depth, _IN_STACK + text.depth)
            items.append(text.text)
        if refused is None:
            return Written(f'{self._beginning(script)},"stack":[{",".join(items)}]}}', self._depth)
        return Written(f"{self._beginning(script, refused)}}}", self._depth)

    def _beginning(self, script: bytes, refused: str | None = None) -> str:
        run = self._run
        fault = str(run.fault) if refused is None and run.fault is not None else refused
        return (
            f'{{"script":"{base64.b64encode(script).decode().replace("+", chr(92) + "u002B")}"'
            f',"state":"{"HALT" if run.state is VmState.HALT else "FAULT"}"'
            f',"gasconsumed":"{run.fee_consumed_datoshi}"'
            f',"exception":{"null" if fault is None else string_text(fault)}'
        )

    def _notifications(self) -> str:
        written = []
        for event in self._run.notifications:
            state = self._texts.of(Array(event.state))
            self._depth = max(self._depth, _IN_NOTIFICATIONS + state.depth)
            name = string_text(event.event_name or "")
            text = f'{{"eventname":{name},"contract":"{event.contract}","state":{state.text}}}'
            self._spend(text)
            written.append(text)
        return ",".join(written)

    def _stack_item(self, item: StackItem) -> str:
        if isinstance(item, InteropInterface) and isinstance(item.value, StorageIterator):
            return self._iterator(item.value)
        try:
            text, depth = self._texts.of(item)
        except errors.RecursiveReference as error:
            return string_text(f"error: {error}")
        self._depth = max(self._depth, _IN_STACK + depth)
        return self._spend(text)

    def _iterator(self, iterator: StorageIterator) -> str:
        iterator_id = self._new_id()
        self.iterators[iterator_id] = iterator
        text = f'{{"type":"InteropInterface","interface":"IIterator","id":"{iterator_id}"'
        if self._expanded is None:
            return text + "}"
        items = items_of(iterator, self._expanded, self._most)
        self._depth = max(self._depth, _IN_STACK + 1 + items.depth)
        is_truncated = "true" if iterator.advance() else "false"
        return self._spend(f'{text},"iterator":{items.text},"truncated":{is_truncated}}}')

    def _spend(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise errors.ItemTooLarge(f"the answer is longer than {self._most} characters")
        return text


def items_of(iterator: StorageIterator, count: int, most: int = NO_LIMIT) -> Written:
    """The next items of an iterator, as a list. Raises LeakedException for one that has no value, ItemTooLarge."""
    texts = []
    depth = 0
    left = most
    while count > 0 and iterator.advance():
        count -= 1
        try:
            item = iterator.value()
        except errors.VmFault as fault:
            raise errors.LeakedException(_FORMAT, str(fault)) from None
        text = ItemTexts(most).of(item)
        left -= len(text.text)
        if left < 0:
            raise errors.ItemTooLarge(f"the items are longer than {most} characters")
        depth = max(depth, text.depth)
        texts.append(text.text)
    return Written(f"[{','.join(texts)}]", depth + 1)
