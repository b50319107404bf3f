"""What is wrong with a text that is no YAML, in words of our own.

Those of the parser change with its version, and with whether it is libyaml or PyYAML's own; a tab is called a character
that cannot start any token.
"""

import re
from typing import Final

import yaml

from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.limits import TOO_DEEP

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufeff\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML allows nowhere. Source: YAML 1.2.2, section 5.1."""

_INDENTATION: Final = re.compile(r"[ \t]*")
_NOT_FIRST: Final = "@`%|>&*!#,[]{}?:-\"'"

_FAULTS: Final = (
    (r"nesting", TOO_DEEP),
    (r"directive|%YAML|%TAG|YAML document", "a line that begins with % is a directive, which a fixture has not"),
    (r"\btag\b|\bURI\b", "this word begins with !, as a tag does; leave it out, or write the text in quotes"),
    (r"an anchor|an alias", "& and * are for names of values; write the text in quotes"),
    (r"block scalar", "after | or > a text begins in the next line, indented"),
    (r"escape|hexdecimal", "no such escape in a text in double quotes; write a backslash twice, or use single quotes"),
    (r"document indicator", "a text in quotes is open here; it ends before a line of --- or ..."),
    (r"end of stream", "a text in quotes that nothing closes"),
    (r"',' or '\]'", "a list that began with [ goes on here; expected is , or ]"),
    (r"',' or '\}'", "a mapping that began with { goes on here; expected is , or }"),
    (r"<document start>|<stream", "the value ends before this, and a file holds one"),
    (r"expected ':'", "a key without a colon; write key: value"),
    (r"mapping values", "a colon where no key can be; write a text with a colon and a space in quotes"),
    (r"mapping keys", "a ? where no key can be; write a text that begins so in quotes"),
    (r"sequence entries", "a - where no item of a list can be; each item begins a line of its own"),
    (
        r"expected key|<block end>|'-' indicator",
        "this goes with nothing before it; look at the indentation, quotes and brackets",
    ),
    (r"node content", "a value is expected here"),
)


def fault_of(error: yaml.MarkedYAMLError, text: str) -> tuple[str, int | None]:
    """What is wrong with `text`, and its line, counted from 1."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return _words(error), None
    # Where a text ends too early, one parser blames its last line and another the one after that.
    line = min(mark.line + 1, text.rstrip().count("\n") + 1)
    begin = text.rfind("\n", 0, mark.index) + 1
    indentation = _INDENTATION.match(text, begin)
    char = text[mark.index : mark.index + 1]
    if indentation is not None and "\t" in indentation[0]:
        return "a tab in the indentation; YAML indents with spaces", line
    if char == "\t":
        return "a tab where YAML takes spaces only", line
    if "cannot start any token" in (error.problem or "") and char in _NOT_FIRST:
        return f"no value begins with {shown(char)}; write the text in quotes", line
    return _words(error), line


def forbidden_character(text: str) -> tuple[str, int] | None:
    """What is wrong with the first character that YAML allows nowhere, and its line; None without any."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    return f"the character U+{ord(found[0]):04X}, which YAML allows nowhere", line


def _words(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.context or ''} {error.problem or ''}"
    return next((words for pattern, words in _FAULTS if re.search(pattern, said)), "this is out of place here")
