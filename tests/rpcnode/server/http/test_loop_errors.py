"""What clients make go wrong inside the event loop, and how many connections there are descriptors for."""

import asyncio
import errno
import logging
import os
import socket
from typing import Any

import pytest

from rpcnode.server.http import descriptors
from rpcnode.server.http.loop_errors import LoopErrors


def failed(number: int) -> OSError:
    return OSError(number, os.strerror(number))


async def test_a_connection_that_cannot_be_accepted_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    errors = LoopErrors(loop)
    for number in (errno.EMFILE, errno.ENFILE, errno.EMFILE):
        context = {"message": "socket.accept() out of system resource", "exception": failed(number), "socket": None}
        loop.call_exception_handler(context)
    errors.leave()
    [record] = caplog.records
    assert (record.levelno, record.exc_info) == (logging.ERROR, None)
    assert os.strerror(errno.EMFILE) in record.getMessage()


@pytest.mark.parametrize("number", [errno.ENOTCONN, errno.EPIPE, errno.ECONNRESET])
async def test_a_client_that_is_gone_is_nobodys_error(caplog: pytest.LogCaptureFixture, number: int) -> None:
    loop = asyncio.get_running_loop()
    errors = LoopErrors(loop)
    loop.call_exception_handler({"message": "Fatal write error", "exception": failed(number)})
    errors.leave()
    assert caplog.text == ""


async def test_every_other_error_of_the_loop_goes_where_it_went_before(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    context: dict[str, Any] = {"message": "a bug", "exception": ZeroDivisionError()}
    errors = LoopErrors(loop)
    loop.call_exception_handler(context)
    errors.leave()
    assert "a bug" in caplog.text
    seen = []
    loop.set_exception_handler(lambda _, told: seen.append(told))
    errors = LoopErrors(loop)
    loop.call_exception_handler(context)
    errors.leave()
    loop.call_exception_handler(context)
    assert seen == [context, context]


@pytest.mark.parametrize(
    ("limit", "open_now", "wanted", "room"),
    [
        # 256 less 16 that are open and 32 to spare leave 208: a quarter is for what is accepted at a time.
        (256, 16, 512, (156, 52)),
        (256, 16, 100, (100, 52)),
        (65536, 16, 512, (512, 1024)),
        # Eight connections there are in any case, and eight more may be accepted.
        (20, 16, 512, (8, 8)),
        (20, 16, 1, (1, 8)),
        (None, 16, 512, (512, 1024)),
    ],
)
def test_there_is_room_for_as_many_connections_as_there_are_descriptors(
    monkeypatch: pytest.MonkeyPatch, limit: int | None, open_now: int, wanted: int, room: tuple[int, int]
) -> None:
    monkeypatch.setattr(descriptors, "limit_on_files", lambda _: limit)
    monkeypatch.setattr(descriptors, "files_open", lambda: open_now)
    assert descriptors.room_for(wanted) == room


def test_the_limit_on_open_files_is_raised_to_what_is_wanted_where_that_is_allowed() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowered = 700 if before[1] == resource.RLIM_INFINITY else min(700, before[1] - 100)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowered, before[1]))
        assert descriptors.limit_on_files(lowered - 1) == lowered
        assert descriptors.limit_on_files(lowered + 50) == lowered + 50
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (lowered + 50, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_what_is_open_is_counted() -> None:
    before = descriptors.files_open()
    with socket.socket():
        assert descriptors.files_open() == before + 1
