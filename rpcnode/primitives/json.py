"""The type of JSON values, and the JSON files that are shipped in packages."""

import json
from pkgutil import get_data
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def packaged_json(package: str, name: str) -> Any:
    """What a JSON file of a package holds. Without importlib.resources: a start would wait 3 ms for it."""
    data = get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package} has no {name}")
    return json.loads(data)
