"""`rpcnode serve`: a node on a port until it is told to stop."""

import argparse
import asyncio
import errno
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rpcnode import __version__
from rpcnode.commands import collector
from rpcnode.commands.banner import banner, exposure_warning
from rpcnode.commands.log import set_up_logging
from rpcnode.commands.progress_bar import progress_bar, wants_bar
from rpcnode.dev.accounts import account_json
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.files import check_replaceable, make_private

if TYPE_CHECKING:
    from rpcnode.workers.crew import Crew


def serve(options: NodeOptions, arguments: argparse.Namespace) -> int:
    """Runs a node until SIGINT or SIGTERM; 0 after a clean stop, while the chain is being loaded too."""
    # Until the event loop takes them, both interrupt, so that an open transaction is rolled back. A shell without job
    # control starts background processes with SIGINT ignored, which Python would keep.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        set_up_logging(verbose=bool(arguments.verbose), as_json=arguments.log_json)
        if arguments.ready_file is not None:
            remove_stale(arguments.ready_file)
        if options.dump_state is not None:
            check_folder("--dump-state", options.dump_state)
        with ExitStack() as stack:
            shared_file = None if options.workers == 1 else stack.enter_context(_shared_file(options.db))
            with progress_bar(is_shown=wants_bar(arguments)):
                node = Node(options, shared_file=shared_file)
            stack.enter_context(closing(node))
            asyncio.run(_run(node, arguments))
            if options.dump_state is not None:
                from rpcnode.dev.dump import dump_state

                write_atomically("--dump-state", options.dump_state, dump_state(node.store))
    except KeyboardInterrupt:
        logging.getLogger("rpcnode").debug("stopped before it was ready")
    return 0


@contextmanager
def _shared_file(db: Path | None) -> Iterator[Path]:
    """Where the chain is while several processes read it: its database, or a file that is gone afterwards."""
    if not hasattr(os, "fork"):
        raise NodeError("--workers: processes cannot share a port and a chain on this system; leave it out")
    if db is not None:
        yield db
        return
    from tempfile import TemporaryDirectory

    try:
        folder = TemporaryDirectory(prefix="rpcnode-")
    except OSError as error:
        raise NodeError(f"--workers: there can be no temporary file: {error.strerror}; give --db a file") from None
    with folder:
        yield Path(folder.name) / "chain.db"


async def _run(node: Node, arguments: argparse.Namespace) -> None:
    from rpcnode.endpoint import Endpoint, request_log

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    log = request_log(node, with_bodies=arguments.verbose > 1) if arguments.verbose else None
    crew = None if node.options.workers == 1 else _crew(node, arguments)
    endpoint = Endpoint(node, log, None if crew is None else crew.gather)
    try:
        await endpoint.start()
    except NodeError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in (errno.EADDRINUSE, errno.EACCES):
            raise NodeError(f"{error}; --port 0 takes a free port") from None
        raise
    try:
        if crew is not None:
            starting = loop.create_task(crew.start(endpoint))
            stopping = loop.create_task(stop.wait())
            await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                return
            starting.result()
        collector.started()
        _announce(node, endpoint.url, endpoint.port, arguments)
        for words, path in endpoint.own_paths:
            logging.getLogger("rpcnode").debug("%s at %s", words.lower(), path)
        await stop.wait()
    finally:
        if crew is not None:
            await crew.stop()
        await endpoint.stop()


def _crew(node: Node, arguments: argparse.Namespace) -> "Crew":
    from rpcnode.workers.crew import Crew
    from rpcnode.workers.reader import Task

    file, options = node.store.path, node.options
    assert file is not None
    temporary = file.parent if options.db is None else None
    task = Task(os.getpid(), options, file, temporary, arguments.verbose, arguments.log_json)
    try:
        return Crew(node, options.workers - 1, "rpcnode.commands.reader", task)
    except OSError as error:
        raise NodeError(f"--workers: there is no memory to share: {error.strerror}") from None


def _announce(node: Node, url: str, port: int, arguments: argparse.Namespace) -> None:
    if arguments.ready_file is not None:
        write_atomically("--ready-file", arguments.ready_file, json.dumps(ready_json(node, url, port), indent=2) + "\n")
    try:
        if not arguments.quiet:
            sys.stdout.write(banner(node))
        elif (warning := exposure_warning(node)) is not None:
            logging.getLogger("rpcnode").warning(warning.removeprefix("Warning: "))
        sys.stdout.write(f"Listening on {url}\n")
        sys.stdout.flush()
    except OSError:
        # Nobody reads our output, or there is no room for it; the node serves all the same.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    logging.getLogger("rpcnode").debug("ready at block %d", node.ledger.height)


def ready_json(node: Node, url: str, port: int) -> dict[str, object]:
    """What the ready file holds."""
    return {
        "url": url,
        "port": port,
        "pid": os.getpid(),
        "version": __version__,
        "profile": node.options.profile,
        "magic": node.ledger.parameters.magic,
        "height": node.ledger.height,
        **({"workers": node.options.workers} if node.options.workers > 1 else {}),
        "accounts": [account_json(account, node.view.address_of(account.script_hash)) for account in node.accounts],
    }


def check_folder(option: str, path: Path) -> None:
    """Raises NodeError for a file that cannot be made later on."""
    try:
        check_replaceable(path)
        reason = None if path.parent.is_dir() else f"there is no folder {path.parent}"
    except OSError as error:
        reason = error.strerror
    if reason is not None:
        raise NodeError(f"{option} {path}: cannot be written: {reason}")


def write_atomically(option: str, path: Path, text: str) -> None:
    """Writes a file that is either as it was before or whole, and that its owner alone may read: it holds keys.

    Raises NodeError where it cannot.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with make_private(partial) as file:
            file.write(text.encode())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise NodeError(f"{option} {path}: cannot be written: {error.strerror}") from None


def remove_stale(path: Path) -> None:
    """Takes away what an earlier node left, so that whoever waits for the file waits for this one's."""
    try:
        check_replaceable(path)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NodeError(f"--ready-file {path}: cannot be written: {error.strerror}") from None
