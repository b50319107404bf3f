from rpcnode.execution.scripts import script_of
from rpcnode.vm.conversions import push
from rpcnode.vm.copying import deep_copy
from rpcnode.vm.engine import Engine
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, Struct
from tests.rpcnode.vm.script_text import assemble


def test_a_deep_copy_shares_nothing_that_changes() -> None:
    buffer = Buffer(b"a")
    inner = Struct([buffer])
    outer = Array([inner, inner, 5])
    outer.items.append(outer)
    copy = deep_copy(outer)
    assert isinstance(copy, Array)
    first, second, five, itself = copy.items
    assert copy is itself is not outer
    assert first is second is not inner
    assert five == 5
    assert isinstance(first, Struct)
    assert first.items == [b"a"]
    assert isinstance(first.items[0], Buffer)
    assert first.items[0] is not buffer
    assert not first.read_only


def test_a_copy_of_a_map_keeps_its_order_and_the_types_of_its_keys() -> None:
    held = Struct([1])
    copy = deep_copy(Map([(True, held), (1, None), (b"k", held), (0, False)]))
    assert isinstance(copy, Map)
    assert [(type(key), key) for key, _ in copy.pairs()] == [(bool, True), (int, 1), (bytes, b"k"), (int, 0)]
    first, nothing, second, truth = (item for _, item in copy.pairs())
    assert type(first) is Struct
    assert first is second is not held
    assert (nothing, truth) == (None, False)
    assert type(truth) is bool


def test_a_buffer_held_twice_is_copied_once() -> None:
    buffer = Buffer(b"a")
    copy = deep_copy(Array([buffer, buffer, Buffer(b"a")]))
    assert isinstance(copy, Array)
    first, second, other = copy.items
    assert first is second is not buffer
    assert other is not first


def test_what_does_not_change_is_its_own_copy() -> None:
    items: list[StackItem] = [None, True, False, 1, b"a", Pointer(3), InteropInterface(object())]
    copy = deep_copy(Array(items))
    assert isinstance(copy, Array)
    assert all(copied is item for copied, item in zip(copy.items, items, strict=True))


def test_an_immutable_copy_is_read_only_and_has_bytes_for_buffers() -> None:
    copy = deep_copy(Map([(1, Array([Buffer(b"a")]))]), as_immutable=True)
    assert isinstance(copy, Map)
    ((_, array),) = copy.pairs()
    assert isinstance(array, Array)
    assert (copy.read_only, array.read_only, array.items) == (True, True, [b"a"])
    assert type(array.items[0]) is bytes


def test_an_immutable_copy_leaves_what_was_copied_as_it_is() -> None:
    array = Array([Buffer(b"a")])
    deep_copy(array, as_immutable=True)
    assert not array.read_only
    assert isinstance(array.items[0], Buffer)


def test_a_copy_of_what_one_engine_counts_is_counted_anew_by_another() -> None:
    engine, other = Engine(), Engine()
    engine.load_script(script_of(assemble("1 2 2 PACK DUP 2 PACK")))
    engine.execute()
    (item,) = engine.results
    # The outer array, two holds of the inner one, two numbers.
    assert engine.counter.count == 5
    push(other.load_script(script_of(assemble("DUP UNPACK CLEAR 7"))), deep_copy(item))
    assert other.counter.count == 5
    other.execute()
    assert (other.results, other.counter.count, engine.counter.count) == ([7], 1, 5)
