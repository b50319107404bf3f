"""A live neo-go that makes no blocks, and begins anew where a block that it refused has left its header."""

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

from tests.oracles.fuzz.forge import STEP_MS
from tests.oracles.neogo.live import LiveNode, RefusedError
from tests.oracles.neogo.people import Key
from tests.oracles.neogo.stories import TO_FAUN


class Judge:
    """Runs from `with` to its end.

    Neo-go 0.120 keeps the header of a block whose transactions it refuses, and then takes no other block of that index.
    """

    def __init__(self, binary: Path, validator: Key) -> None:
        self._binary: Final = binary
        self._validator: Final = validator
        self._blocks: Final[list[str]] = []
        self._sent: Final[list[str]] = []
        self._ends: list[Callable[[], Any]] = []

    def __enter__(self) -> Self:
        directory = TemporaryDirectory()
        keys = (self._validator,)
        self._node = LiveNode(self._binary, Path(directory.name), keys, keys, TO_FAUN, STEP_MS, only_takes=True)
        self._node.__enter__()
        self._ends = [lambda: self._node.__exit__(None, None, None), directory.cleanup]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for end in self._ends:
            end()
        self._ends = []

    def send(self, method: str, data: bytes) -> tuple[int, str]:
        """What it says of bytes: its error's code and words, or 0."""
        text = b64encode(data).decode()
        try:
            self._node.ask(method, text)
        except RefusedError as error:
            if method == "submitblock" and self._node.ask("getblockheadercount") > self._node.ask("getblockcount"):
                self._begin_anew()
            return error.code, error.words
        if method == "submitblock":
            self._blocks.append(text)
        else:
            self._sent.append(text)
        return 0, ""

    def root(self, index: int) -> str:
        """The state root after a block."""
        return str(self._node.ask("getstateroot", index)["roothash"])

    def take_back(self) -> None:
        """Makes the newest block undone."""
        self._blocks.pop()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.__exit__(None, None, None)
        self.__enter__()
        for block in self._blocks:
            self._node.ask("submitblock", block)
        for transaction in self._sent:
            with suppress(RefusedError):  # it is in a block
                self._node.ask("sendrawtransaction", transaction)
