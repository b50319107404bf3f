"""What pyproject.toml says of the versions that the project works with."""

import re
import tomllib
from importlib.metadata import version
from typing import Any, Final

import pytest

from tests import PROJECT

DECLARED: Final[dict[str, Any]] = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS: Final = [*DECLARED["dependencies"], *DECLARED["optional-dependencies"]["test"]]
MAINTAINING: Final = (PROJECT / "docs/maintaining.md").read_text("utf-8")


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def floor_of(name: str) -> tuple[int, ...]:
    return next(numbers(text.partition(">=")[2]) for text in REQUIREMENTS if text.partition(">=")[0] == name)


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_every_dependency_names_its_oldest_version_and_no_newest(requirement: str) -> None:
    assert re.fullmatch(r"[\w-]+>=\d+(\.\d+)*", requirement)
    name, _, oldest = requirement.partition(">=")
    assert numbers(version(name)) >= numbers(oldest)


def test_no_aiohttp_is_allowed_that_a_pipelining_client_fills_with_gigabytes() -> None:
    # 3.14.1 bounds what waits of pipelined requests; 3.14.4 refuses a request line whose host is no host.
    assert floor_of("aiohttp") >= (3, 14, 4)


def test_the_commands_for_maintainers_try_both_ends_on_pythons_that_the_project_is_for() -> None:
    commands = re.findall(
        r"^uv venv -p (\S+) (\S+) && uv pip install -p (\S+) (.*) && (\S+) -m pytest$", MAINTAINING, re.M
    )
    assert [options for _, _, _, options, _ in commands] == [
        "--resolution lowest-direct -e '.[test]'",
        "--upgrade -e '.[test]'",
    ]
    for python, made, used, _, program in commands:
        assert f"Programming Language :: Python :: {python}" in DECLARED["classifiers"]
        assert (used, program) == (made, f"{made}/bin/python")
