"""The SQL of the whole program, as it is written in its modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import PROJECT

NUMBERED = re.compile(r"\?\d")
"""A numbered placeholder. The sqlite3 of the first Pythons 3.12 takes it for a named one, and warns where values come
in a tuple."""

OWN_NAME = Path(__file__).name

STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|VALUES|WHERE)\b|\?\d\s*$")


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each string in a module, and of each part of an f-string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def numbered_in(source: str) -> list[int]:
    """The lines where a statement with a numbered placeholder begins."""
    if NUMBERED.search(source) is None:
        return []
    return [line for line, text in texts_of(source) if STATEMENT.search(text) and NUMBERED.search(text)]


def test_no_statement_has_numbered_placeholders() -> None:
    folders = ("rpcnode", "plugins", "tests")
    modules = [module for folder in folders for module in PROJECT.glob(f"{folder}/**/*.py") if module.name != OWN_NAME]
    assert len(modules) > 100
    found = {str(module): lines for module in modules if (lines := numbered_in(module.read_text("utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('A = "UPDATE t SET a = ?4"', [1]),
        ('B = f"""\n  INSERT INTO {t}\n  VALUES (?, ?5)"""', [1]),
        ('C = "SELECT ? FROM t WHERE a = ?"', []),
        ('D = "Is it block ?5 or not"', []),
    ],
)
def test_a_numbered_placeholder_is_seen_wherever_it_is_written(source: str, lines: list[int]) -> None:
    assert [bool(line) for line in numbered_in(source)] == [bool(line) for line in lines]
