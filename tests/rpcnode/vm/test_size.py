"""The VM stays small enough to be read as a whole."""

import io
import tokenize
from pathlib import Path

import rpcnode.vm

MODULES = sorted(Path(rpcnode.vm.__path__[0]).glob("*.py"))
LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def lines_of_code(source: str) -> int:
    """Lines that hold more than a comment or a text of their own, such as a docstring."""
    lines: set[int] = set()
    statement: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (*LAYOUT, tokenize.COMMENT):
            statement.append(token)
        elif token.type == tokenize.NEWLINE:
            if [part.type for part in statement] != [tokenize.STRING]:
                lines.update(line for part in statement for line in range(part.start[0], part.end[0] + 1))
            statement = []
    return len(lines)


def test_lines_of_code_are_neither_blank_nor_prose() -> None:
    assert (
        lines_of_code(
            '"""Two\nlines."""\n\n# one\na = (\n    1,\n)\n\n\ndef f():\n    """Text."""\n    return a  # two\n'
        )
        == 5
    )


def test_the_vm_has_at_most_2000_lines_of_code_and_400_lines_a_module() -> None:
    assert sum(lines_of_code(module.read_text("utf-8")) for module in MODULES) <= 2000
    assert max(len(module.read_text("utf-8").splitlines()) for module in MODULES) <= 400
