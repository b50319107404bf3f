"""Describes methods by what real nodes answered: results, errors and examples, for the OpenRPC documents of plugins.

    python -m tests.oracles.described

Writes `openrpc.json` beside each plugin of the project: by method and profile, the schema that every recorded result
has, the codes of all recorded errors, and one recorded call. Nothing in it comes from our own answers.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, get_args

import jsonschema  # type: ignore[import-untyped, unused-ignore]

from rpcnode.dev.control.openrpc import parameter_schemas
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import ProfileName
from tests import PROJECT
from tests.recorded_answers import DATA, Call, Masks, read

RECORDINGS: Final[dict[ProfileName, str]] = {
    "n3": "csharp-rpc/answers.json.xz",
    "n3-preview": "preview2/answers.json.gz",
    "n2": "neo2/answers.json.gz",
}
WAITING: Final[dict[ProfileName, tuple[str, str]]] = {
    "n3-preview": ("older-waiting.txt", "preview2"),
    "n2": ("older-waiting.txt", "neo2"),
}
"""The lists of answers that ours differ from, which are no examples, and what the runs are called in them."""

DEEPEST: Final = 8
"""Levels of a result that a schema describes; what nests deeper, as stack items do, may be anything."""

_LONGEST_EXAMPLE: Final = 1500  # characters of an answer
_MOST_MEMBERS: Final = 40  # an object with more, or whose names are data, is described by its values alone
_DATA_NAME: Final = re.compile(r"0x|[0-9A-Za-z+/=]{26,}")
_PATTERNS: Final = ("^0x[0-9a-f]{64}$", "^0x[0-9a-f]{40}$", "^[0-9a-f]{64}$")

Schema = dict[str, Any]


def recorded_calls(profile: ProfileName) -> Iterator[tuple[str, Any, dict[str, Any], bool]]:
    """(method, params, answer, whether it was asked of the recorded chain) of all that a node was asked as usual."""
    recorded = read(DATA / RECORDINGS[profile])
    flows = recorded.get("send_flow", []), recorded.get("wallet_flow", {}).get("steps", [])
    for entries, of_chain in ((recorded["calls"], True), *((flow, False) for flow in flows)):
        for entry in entries:
            text = entry.get("answer")
            if isinstance(entry.get("method"), str) and isinstance(text, str) and text.startswith("{"):
                yield entry["method"], entry.get("params"), json.loads(text), of_chain


def schema_of(values: list[Any], level: int = 0) -> Schema:
    """What all of the values are."""
    if level == DEEPEST:
        return {}
    kinds: dict[str, list[Any]] = defaultdict(list)
    for value in values:
        kinds[_kind(value)].append(value)
    schemas = [_schema_of_kind(kind, kinds[kind], level) for kind in sorted(kinds)]
    if len(schemas) == 1:
        return schemas[0]
    if all(set(schema) == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": schemas}


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _schema_of_kind(kind: str, values: list[Any], level: int) -> Schema:
    match kind:
        case "number":
            return {"type": "integer" if all(isinstance(value, int) for value in values) else "number"}
        case "string":
            for pattern in _PATTERNS:
                if all(re.search(pattern, value) for value in values):
                    return {"type": "string", "pattern": pattern}
        case "array":
            items = [item for value in values for item in value]
            return {"type": "array", "items": schema_of(items, level + 1)} if items else {"type": "array"}
        case "object":
            return _schema_of_objects(values, level)
    return {"type": kind}


def _schema_of_objects(values: list[dict[str, Any]], level: int) -> Schema:
    names = {name for value in values for name in value}
    common = set(values[0]).intersection(*values)
    if len(names) > _MOST_MEMBERS or any(_DATA_NAME.match(name) for name in names) or (names and not common):
        return {
            "type": "object",
            "additionalProperties": schema_of([each for value in values for each in value.values()], level + 1),
        }
    schema: Schema = {
        "type": "object",
        "properties": {
            name: schema_of([value[name] for value in values if name in value], level + 1) for name in sorted(names)
        },
    }
    return schema | ({"required": sorted(common)} if common else {})


def errors_of(answers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The errors by code, each with the words that its messages begin with most."""
    words: dict[int, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        words[answer["error"]["code"]][answer["error"]["message"].partition(" - ")[0]] += 1
    return [{"code": code, "message": words[code].most_common(1)[0][0]} for code in sorted(words, reverse=True)]


def example_of(calls: list[tuple[Any, Any]], schemas: list[Schema]) -> dict[str, Any] | None:
    """The call that shows most in least, of those whose parameters are what the document says they are.

    A method that takes none takes no notice of any.
    """
    fit = [
        (params if schemas else [], result)
        for params, result in calls
        if isinstance(params, list) and len(json.dumps(result)) <= _LONGEST_EXAMPLE
        if not schemas or (len(params) <= len(schemas) and all(map(_is_valid, params, schemas)))
    ]
    if not fit:
        return None
    params, result = min(fit, key=lambda call: (call[1] in (None, "", [], {}, 0, False), -len(call[0]), _size(call)))
    return {"params": params, "result": result}


def _is_valid(value: Any, schema: Schema) -> bool:
    return bool(jsonschema.Draft7Validator(schema).is_valid(value))


def _size(call: tuple[Any, Any]) -> int:
    return abs(len(json.dumps(call)) - 300)


def described(profile: ProfileName) -> dict[Path, dict[str, Any]]:
    """By plugin's file, what is known of its methods."""
    masks = Masks(read(DATA / RECORDINGS[profile])["masks"])
    file, run = WAITING.get(profile, (None, ""))
    waiting = set() if file is None else {*(DATA / file).read_text("utf-8").splitlines()}
    calls: dict[str, list[tuple[Any, dict[str, Any], bool]]] = defaultdict(list)
    for method, params, answer, of_chain in recorded_calls(profile):
        calls[method].append((params, answer, of_chain))
    found: dict[Path, dict[str, Any]] = defaultdict(dict)
    with closing(Node(NodeOptions(profile=profile))) as node:
        for name, registered in node.registry.methods.items():
            answers = [answer for _, answer, _ in calls[name]]
            results = [answer["result"] for answer in answers if "result" in answer]
            entry: dict[str, Any] = {}
            if results:
                entry["result"] = schema_of(results)
            if errors := errors_of(answer for answer in answers if "error" in answer):
                entry["errors"] = errors
            whole = [
                (params, answer["result"])
                for params, answer, of_chain in calls[name]
                if of_chain and "result" in answer and _is_still(masks, name, answer)
                if waiting.isdisjoint((Call(name, params, "").line(run), f"{run} {name} *"))
            ]
            if (example := example_of(whole, parameter_schemas(registered.function))) is not None:
                entry["examples"] = [example]
            folder = type(registered.plugin).__module__.rpartition(".")[0].removeprefix("rpcnode.").replace(".", "/")
            if entry:
                found[PROJECT / folder / "openrpc.json"][name] = entry
    return found


def _is_still(masks: Masks, method: str, answer: dict[str, Any]) -> bool:
    """Whether nothing in an answer moves."""
    text = json.dumps(answer, separators=(",", ":"))
    return masks.apply(method, text) == text


def main() -> None:
    """Writes the files."""
    merged: dict[Path, dict[str, Any]] = defaultdict(lambda: defaultdict(dict))
    for profile in get_args(ProfileName):
        for path, methods in described(profile).items():
            for name, entry in methods.items():
                merged[path][name][profile] = entry
    for path, by_name in merged.items():
        ordered = {name: by_name[name] for name in sorted(by_name)}
        path.write_text(json.dumps(ordered, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
