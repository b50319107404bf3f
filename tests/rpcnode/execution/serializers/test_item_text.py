"""Items as JSON text: the node's characters, how deep they nest, what is refused, and that shared items cost once."""

import pytest

from rpcnode.execution.serializers.item_text import ItemTexts
from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, Struct


@pytest.mark.parametrize(
    ("item", "text", "depth"),
    [
        (None, '{"type":"Any"}', 1),
        (True, '{"type":"Boolean","value":true}', 1),
        (-5, '{"type":"Integer","value":"-5"}', 1),
        (b"", '{"type":"ByteString","value":""}', 1),
        (b"\xfb\xef\xbe", '{"type":"ByteString","value":"\\u002B\\u002B\\u002B\\u002B"}', 1),
        (Buffer(b"ab"), '{"type":"Buffer","value":"YWI="}', 1),
        (Pointer(7), '{"type":"Pointer","value":7}', 1),
        (InteropInterface(object()), '{"type":"InteropInterface"}', 1),
        (Array(), '{"type":"Array","value":[]}', 2),
        (Struct([1, None]), '{"type":"Struct","value":[{"type":"Integer","value":"1"},{"type":"Any"}]}', 3),
        (Map(), '{"type":"Map","value":[]}', 2),
        (
            Map([(b"a", False)]),
            '{"type":"Map","value":[{"key":{"type":"ByteString","value":"YQ=="},'
            '"value":{"type":"Boolean","value":false}}]}',
            4,
        ),
        (
            Map([(1, Array([2]))]),
            '{"type":"Map","value":[{"key":{"type":"Integer","value":"1"},'
            '"value":{"type":"Array","value":[{"type":"Integer","value":"2"}]}}]}',
            6,
        ),
    ],
)
def test_an_item_is_written_as_the_node_writes_it(item: StackItem, text: str, depth: int) -> None:
    assert ItemTexts().of(item) == (text, depth)


def test_escapes_do_not_count_against_a_limit() -> None:
    assert ItemTexts().of(b"\xfb\xef\xbe").size == len('{"type":"ByteString","value":"++++"}')


def test_a_buffer_is_a_byte_string_in_an_immutable_copy() -> None:
    assert ItemTexts(as_immutable=True).of(Array([Buffer(b"ab")])).text == (
        '{"type":"Array","value":[{"type":"ByteString","value":"YWI="}]}'
    )


def test_an_item_that_contains_itself_has_no_text() -> None:
    item = Array([1])
    item.items.append(Map([(1, item)]))
    with pytest.raises(RecursiveReference, match=r"^Circular reference\.$"):
        ItemTexts().of(Array([item]))


def test_an_item_that_is_held_twice_is_no_circle() -> None:
    inner = Array([1])
    assert ItemTexts().of(Array([inner, inner])).text.count('"1"') == 2


def test_items_nest_as_deep_as_the_vm_lets_them() -> None:
    item: StackItem = 1
    for _ in range(2000):
        item = Array([item])
    assert ItemTexts().of(item).depth == 4001


def test_an_item_that_doubles_with_each_level_is_refused_before_it_is_written() -> None:
    item = Array()
    for _ in range(2000):
        item = Array([item, item])
    with pytest.raises(ItemTooLarge):
        ItemTexts(1_000_000).of(item)


def test_items_that_are_gone_leave_no_text_to_others() -> None:
    texts = ItemTexts()
    written = [texts.of(Array([number])).text for number in range(100)]
    assert len(set(written)) == 100
