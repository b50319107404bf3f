"""The type of JSON values, what methods answer with, and the JSON files that are shipped in packages."""

import json
from collections.abc import Callable, Generator, Hashable
from pkgutil import get_data
from typing import TYPE_CHECKING, Any, TypeAlias, Union

if TYPE_CHECKING:
    from concurrent.futures import Future

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Constant:
    """A document that never changes. A method that answers with one and the same again has it encoded once.

    `text` is the place for what it was encoded to; None until then.
    """

    __slots__ = ("text", "value")

    def __init__(self, value: Json) -> None:
        self.value = value
        self.text: str | None = None


class Written:
    """A document that is text already, in the characters of N3's nodes: ASCII, escaped as .NET does it.

    `depth` is how deep objects and lists nest in it. `lasts`: as long as nothing changes, the same question has it for
    an answer.
    """

    __slots__ = ("depth", "lasts", "text")

    def __init__(self, text: str, depth: int, *, lasts: bool = True) -> None:
        self.text = text
        self.depth = depth
        self.lasts = lasts

    @property
    def value(self) -> Json:
        """The document, read."""
        document: Json = json.loads(self.text)
        return document


class Spliced:
    """An object whose first members, which `make` makes, never change, and are encoded once; `tail` are the others.

    `key` names the first members among those of all methods.
    """

    __slots__ = ("key", "make", "tail")

    def __init__(
        self, key: tuple[Hashable, ...], make: "Callable[[], dict[str, Json]]", tail: "dict[str, Json]"
    ) -> None:
        self.key = key
        self.make = make
        self.tail = tail

    @property
    def value(self) -> "Json":
        """The document."""
        return {**self.make(), **self.tail}


Result: TypeAlias = Union["Json", Constant, Written, Spliced]  # names in a text would be looked for where it is used
"""What a method answers with."""

Pause: TypeAlias = Union["Future[Any]", None]  # a text and None cannot be joined by |
"""Between two pieces of work: what has to be waited for, None where the next piece may begin at once."""

Answer: TypeAlias = Result | Generator[Pause, None, Result]
"""The same from a method whose work may take long: a generator stops after each piece of it and returns the result."""


def document_of(answer: Answer) -> Json:
    """The document that a method answers with, all of its work done."""
    result = result_of(answer)
    return result.value if isinstance(result, Constant | Written | Spliced) else result


def result_of(answer: Answer) -> Result:
    """The result of an answer, all of its work done."""
    if not isinstance(answer, Generator):
        return answer
    while True:
        try:
            wait_for(next(answer))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def wait_for(pause: Pause) -> None:
    """Keeps this thread waiting until work can go on."""
    if pause is not None:
        pause.exception()


def packaged_json(package: str, name: str) -> Any:
    """What a JSON file of a package holds. Without importlib.resources: a start would wait 3 ms for it."""
    data = get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package} has no {name}")
    return json.loads(data)
