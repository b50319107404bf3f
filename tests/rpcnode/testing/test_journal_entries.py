"""How calls stand in the report of a test."""

import pytest

from rpcnode.testing.journal import JournalEntry, journal_text


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (JournalEntry(1, 0, "getblockcount", [], 4), "#1 getblockcount [] -> 4"),
        (
            JournalEntry(2, 0, "getblock", [9], error={"code": -101, "message": "No"}),
            '#2 getblock [9] -> error {"code": -101, "message": "No"}',
        ),
        (
            JournalEntry(3, 0, "getblock", [9], http_status=503, faults=("fault-1",)),
            "#3 getblock [9] -> null 503 [fault-1]",
        ),
        (
            JournalEntry(4, 0, verb="GET", path="/v1/x?a=1", body="no", http_status=404),
            "#4 GET /v1/x?a=1 -> no 404",
        ),
        (JournalEntry(5, 0, "invokescript", shortened=True), "#5 invokescript (too long to be kept) -> null"),
        (JournalEntry(6, 0, "m", ["x" * 500], 1), f'#6 m ["{"x" * 397}… -> 1'),
    ],
    ids=["result", "error", "status", "rest", "shortened", "long"],
)
def test_a_call_is_a_line(entry: JournalEntry, line: str) -> None:
    assert str(entry) == line


def test_only_the_newest_hundred_calls_are_listed() -> None:
    text = journal_text(JournalEntry(number, 0, "m", [], 1) for number in range(1, 106))
    lines = text.splitlines()
    assert (len(lines), lines[0], lines[1][:3], lines[-1][:5]) == (101, "(5 calls before these)", "#6 ", "#105 ")
    assert journal_text([]) == ""
