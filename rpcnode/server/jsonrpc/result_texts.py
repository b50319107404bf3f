"""Results as text, in a profile's JSON; what was written once and never changes is not written again."""

from collections.abc import Callable, Hashable
from typing import Final

from rpcnode.primitives.json import Constant, Json, Result, Spliced, Written
from rpcnode.primitives.kept_table import KeptTable
from rpcnode.server.jsonrpc.failures import NodeCrashError
from rpcnode.server.jsonrpc.json_text import write_json

MOST_BYTES: Final = 8 * 1024 * 1024
"""Of the objects whose first members are kept."""

MOST_DEPTH: Final = 1000
"""How deep objects and lists nest at most in what .NET's JSON writer writes."""

_AROUND: Final = 300  # bytes that one of them takes besides its text
_DEEPEST_TO_LAST: Final = 900  # whether what nests deeper may go out, its place in the answer decides


class ResultTexts:
    """Writes results, as `write` does where they are no text yet."""

    def __init__(self, write: Callable[[Json], str], *, keeps: bool) -> None:
        """Unless it `keeps`, the first members of a spliced object are written each time."""
        self._write: Final = write
        self._beginnings: KeptTable[tuple[Hashable, ...], str] = KeptTable(MOST_BYTES if keeps else 0)

    def of(self, result: Result, *, is_dev_call: bool, is_batch: bool) -> str:
        """The text of a result. Raises NodeCrashError for one that the node does not get written."""
        # Dev methods are no node's: their numbers stay exact.
        write = write_json if is_dev_call else self._write
        if isinstance(result, Written):
            # neo-cli quirk: the answer is written outside the handler's try.
            if result.depth + 1 + is_batch > MOST_DEPTH:
                raise NodeCrashError("InvalidOperationException: the answer is nested too deep")
            return result.text
        if isinstance(result, Spliced):
            return self._spliced(result)
        return encoded_once(result, write) if isinstance(result, Constant) else write(result)

    def _spliced(self, result: Spliced) -> str:
        beginning = self._beginnings.get(result.key)
        if beginning is None:
            beginning = self._write(result.make())[:-1]  # without the last brace
            self._beginnings.keep(result.key, beginning, len(beginning) + _AROUND)
        return f"{beginning},{self._write(result.tail)[1:]}"


def encoded_once(constant: Constant, write: Callable[[Json], str]) -> str:
    """The text of a document that never changes."""
    if constant.text is None:
        constant.text = write(constant.value)
    return constant.text


def lasts(result: Result) -> bool:
    """Whether the same question has a result for an answer, in a batch or alone, for as long as nothing changes."""
    return not isinstance(result, Written) or (result.lasts and result.depth <= _DEEPEST_TO_LAST)
