"""The garbage collector of a process that starts and then serves."""

import gc
from collections.abc import Iterator

import pytest

from rpcnode.commands import collector


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    """What a test freezes is collected again after it."""
    yield
    gc.unfreeze()


def test_a_start_is_collected_seldom_and_as_usual_once_it_is_over() -> None:
    usual = gc.get_threshold()
    with collector.starting():
        assert gc.get_threshold()[0] == collector.OBJECTS_OF_A_START
        collector.started()
        assert gc.get_threshold() == usual


def test_a_start_that_fails_leaves_the_collector_as_it_was() -> None:
    usual = gc.get_threshold()
    with pytest.raises(KeyError), collector.starting():
        raise KeyError
    assert gc.get_threshold() == usual


def test_what_a_start_made_is_not_looked_at_again() -> None:
    with collector.starting():
        collector.started()
    assert gc.get_freeze_count() > 0
