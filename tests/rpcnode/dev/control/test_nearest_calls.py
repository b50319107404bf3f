"""Which calls a `dev_verify` that fails names as the nearest, and how many it looks at for that."""

import json
import time
from difflib import SequenceMatcher

import pytest

from rpcnode.dev.control import traffic_report
from rpcnode.dev.control.method import dev_methods_of
from rpcnode.dev.control.traffic import TrafficControl
from rpcnode.server.traffic.traffic import Traffic


def test_the_newest_names_are_compared_as_far_as_they_begin_with_a_hundred_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    class Matcher(SequenceMatcher[str]):
        def __init__(self, junk: None, one: str, other: str) -> None:
            compared.append(other)
            assert max(len(one), len(other)) <= 100
            super().__init__(junk, one, other)

    monkeypatch.setattr(traffic_report, "SequenceMatcher", Matcher)
    traffic = Traffic(lambda: 0)
    for number in range(600):
        source = json.dumps({"method": f"{number // 2:03}{'a' * 500}", "params": []})
        traffic.journal.add(source, json.loads, "{}", time.perf_counter(), 600)
    difference = dev_methods_of([TrafficControl(traffic)])["dev_verify"]([{"method": "b" + "a" * 600, "times": 1}])
    assert "nearest others" in str(difference)
    assert [name[:3] for name in compared] == [f"{number:03}" for number in range(299, 199, -1)]
