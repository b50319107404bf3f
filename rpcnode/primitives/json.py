"""The type of JSON values, documents that never change, and the JSON files that are shipped in packages."""

import json
from pkgutil import get_data
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Constant:
    """A document that never changes. A method that answers with one and the same again has it encoded once.

    `text` is the place for what it was encoded to; None until then.
    """

    __slots__ = ("text", "value")

    def __init__(self, value: Json) -> None:
        self.value = value
        self.text: str | None = None


Result: TypeAlias = "Json | Constant"
"""What a method answers with."""


def document_of(result: Result) -> Json:
    """The document that a method answers with, constant or not."""
    return result.value if isinstance(result, Constant) else result


def packaged_json(package: str, name: str) -> Any:
    """What a JSON file of a package holds. Without importlib.resources: a start would wait 3 ms for it."""
    data = get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package} has no {name}")
    return json.loads(data)
