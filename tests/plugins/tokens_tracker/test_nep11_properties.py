"""What getnep11properties makes of odd answers: the exceptions of the node's runtime, which it lets out.

Source: neo-node 3.10, plugins/TokensTracker: Nep11Tracker.GetNep11Properties; neo-vm, EvaluationStack.Pop,
StackItem.GetSpan, GetString.
"""

from typing import Any, cast

import pytest

from rpcnode.chain.state import State
from rpcnode.execution.records import Execution, Trigger
from rpcnode.plugin.steps import Steps
from rpcnode.plugins.tokens_tracker.nep11 import properties_json
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.json import result_of
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, StackItem

NO_MAP = {"code": -2147467262, "message": "The item can't be casted to type Neo.VM.Types.Map"}


class Answering:
    """A state in which every call ends with one item."""

    def __init__(self, answer: StackItem) -> None:
        self._answer = answer

    def run_in_steps(self, *arguments: object) -> Steps[Execution]:
        yield None
        return Execution(Trigger.APPLICATION, None, "HALT", 0, (self._answer,), None, ())


def properties(answer: StackItem) -> Any:
    return result_of(properties_json(cast(State, Answering(answer)), UInt160.ZERO, b"a"))


def test_numbers_and_buffers_are_base64_and_what_holds_items_is_left_out() -> None:
    entries = Map(
        [
            (b"name", Buffer(b"First")),
            (b"image", None),
            (b"rank", 256),  # 00 01
            (b"sold", True),  # 01
            (b"parts", Array(())),
        ]
    )
    assert properties(entries) == {"name": "First", "image": None, "rank": "AAE=", "sold": "AQ=="}


def test_a_key_is_the_text_of_its_bytes() -> None:
    # false is the byte 0, where the number 0 has no bytes; 97 is "a"
    assert properties(Map([(False, b"a"), (b"2", b"b"), (97, b"c")])) == {"\0": "YQ==", "2": "Yg==", "a": "Yw=="}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (None, NO_MAP),
        (b"{}", NO_MAP),
        (
            Map([(b"owner", InteropInterface(object()))]),
            {"code": -2147467262, "message": "Specified cast is not valid."},
        ),
        (
            Map([(b"name", b"a\xff")]),
            {
                "code": -2147024809,
                "message": "Unable to translate bytes [FF] at index 1 from specified code page to Unicode.",
            },
        ),
    ],
    ids=["nothing", "no map", "no bytes", "no text"],
)
def test_an_answer_that_cannot_be_printed_leaks_the_runtimes_exception(answer: StackItem, error: object) -> None:
    with pytest.raises(RpcError) as caught:
        properties(answer)
    assert caught.value.error_object("n3") == error
