"""The examples on the pages of the REST faces: asked of a node as its user has it, they get what stands behind them."""

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests import PROJECT
from tests.node_process import TIMEOUT_S, RunningNode, running_node

PAGES: Final = [PROJECT / "docs/chainbase.md", PROJECT / "docs/teos.md"]
ANYTHING: Final = "…"
"""Stands in an answer for a value that is another one every time."""

_BLOCKS: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FLAGS: Final = ("-s", "-g")
_GLOBBED: Final = frozenset("[]{}")


class Request(NamedTuple):
    """What curl sends for a command line."""

    method: str
    target: str
    headers: dict[str, str]
    body: str | None


class Example(NamedTuple):
    """A command line, and the JSON that stands behind it."""

    command: str
    answer: str


def examples_of(page: Path) -> list[Example]:
    """The curl commands of a page, each with the block after it."""
    blocks = [(language, text) for language, text in _BLOCKS.findall(page.read_text("utf-8"))]
    found = []
    for (language, text), after in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if language == "sh" and text.startswith("curl "):
            assert after[0] == "json", f"{page.name}: no answer stands behind {text}"
            found.append(Example(text, after[1]))
    return found


def curl(command: str) -> Request:
    """What curl sends; raises ValueError for an option that is not read here, and a URL that curl would take apart."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, url, body, flags = None, "", None, []
    headers = {}
    for word in words:
        if word in ("-H", "--header"):
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-X":
            method = next(words)
        elif word == "-d":
            body = next(words)
        elif word in _FLAGS:
            flags.append(word)
        elif word.startswith("-") or url:
            raise ValueError(f"{word} in {command}")
        else:
            url = word
    if "-g" not in flags and _GLOBBED & set(url):
        raise ValueError(f"without -g, curl reads [ ] {{ }} as ranges: {command}")
    parts = urlsplit(url)
    target = url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    return Request(method or ("GET" if body is None else "POST"), target, headers, body)


def assert_answers(given: Any, written: Any) -> None:
    """Two JSON values are one, but where anything may stand."""
    if written == ANYTHING:
        return
    if isinstance(written, dict) and isinstance(given, dict):
        assert given.keys() == written.keys()
        for key in written:
            assert_answers(given[key], written[key])
    else:
        assert given == written


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    with running_node(folder=tmp_path_factory.mktemp("pages")) as node:
        yield node


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_every_page_has_examples(page: Path) -> None:
    assert examples_of(page)


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{page.stem}{number}")
        for page in PAGES
        for number, example in enumerate(examples_of(page), start=1)
    ],
)
def test_an_example_gets_the_answer_that_stands_behind_it(node: RunningNode, example: Example) -> None:
    request = curl(example.command)
    with closing(HTTPConnection("127.0.0.1", node.port, timeout=TIMEOUT_S)) as connection:
        connection.request(request.method, request.target, request.body, request.headers)
        answer = json.loads(connection.getresponse().read())
    assert_answers(answer, json.loads(example.answer))
