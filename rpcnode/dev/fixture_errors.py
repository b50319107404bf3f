"""What is wrong with a fixture file, as one line for the operator."""

import json
from pathlib import Path

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json

_MAX_SHOWN = 80  # characters of a value in a message


class FixtureError(NodeError):
    """A fixture file cannot be used: `FILE:LINE: PATH: what is wrong; what would be right`.

    `line` counts from 1 and is None where no line is to blame; `path` is empty where the whole file is.
    """

    def __init__(self, file: Path, message: str, *, line: int | None = None, path: str = "") -> None:
        position = str(file) if line is None else f"{file}:{line}"
        super().__init__(" ".join(": ".join(part for part in (position, path, message) if part).splitlines()))
        self.file = file
        self.line = line
        self.path = path
        self.message = message


def shown(value: Json) -> str:
    """`value` as a message quotes it: texts in double quotes and cut short, lists and mappings by their kind."""
    match value:
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case str():
            cut = value if len(value) <= _MAX_SHOWN else value[: _MAX_SHOWN - 3] + "..."
            return json.dumps(cut, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    text = json.dumps(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def nearest(wrong: str, right: list[str]) -> str:
    """`did you mean X?` for the most alike of `right`, or a list of them when nothing is alike."""
    from difflib import get_close_matches

    alike = get_close_matches(wrong[:_MAX_SHOWN], right, n=3, cutoff=0.6)
    if alike:
        return f"did you mean {' or '.join(alike)}?"
    folded = {text.lower(): text for text in right}
    if wrong.lower() in folded:
        return f"did you mean {folded[wrong.lower()]}?"
    listed = ", ".join(right[:20]) + (", ..." if len(right) > 20 else "")
    return f"known are {listed}" if right else "none is declared"
