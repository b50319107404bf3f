"""The command line: serve, check, record, export, diff, methods, call."""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rpcnode.commands import collector
from rpcnode.commands.argument_parser import Parser
from rpcnode.commands.parser import make_parser
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError

OF_NO_COMMAND: Final = ("-h", "--help", "-V", "--version")
"""Options that go before a command; any other is one of serve."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what was asked, 1 when it could not, 2 for a bad option, 130 when interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in OF_NO_COMMAND):
        words.insert(0, "serve")
    _make_streams_writable()
    parser = make_parser()
    if "_ARGCOMPLETE" in os.environ:  # a shell that completes a word asks
        import argcomplete

        argcomplete.autocomplete(parser)
    options = parser.parse_args(words)
    try:
        code = RUNS[options.command](options)
        sys.stdout.flush()
        return code
    except NodeError as error:
        _report(error, as_json=getattr(options, "log_json", False))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _make_streams_writable() -> None:
    """Sees to it that printing never fails for a stream that is closed, or a name that its encoding has not."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # as long as the process
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _report(error: NodeError, *, as_json: bool) -> None:
    """The one line on stderr that says why there is no node."""
    message = " ".join(str(error).split())
    if as_json:
        print(json.dumps({"level": "critical", "logger": "rpcnode", "message": message}), file=sys.stderr)
    else:
        print(f"rpcnode: {message}", file=sys.stderr)


def _serve(options: argparse.Namespace) -> int:
    with collector.starting():
        from rpcnode.commands.serve import serve

        return serve(_node_options(options), options)


def _check(options: argparse.Namespace) -> int:
    from rpcnode.commands.check import check
    from rpcnode.commands.progress_bar import wants_bar

    return check(options.fixtures, options.profile or "n3", is_watched=wants_bar(options))


def _export(options: argparse.Namespace) -> int:
    from rpcnode.commands.export import Source, export
    from rpcnode.commands.progress_bar import wants_bar

    source = Source(options.db, tuple(options.fixture or ()), options.url)
    return export(source, options.out, options.profile or "n3", is_watched=wants_bar(options))


def _record(options: argparse.Namespace) -> int:
    from rpcnode.commands.progress_bar import wants_bar
    from rpcnode.commands.remote.record import Span, record

    return record(options.url, options.out, Span(options.first, options.last), is_watched=wants_bar(options))


def _diff(options: argparse.Namespace) -> int:
    from rpcnode.commands.progress_bar import wants_bar
    from rpcnode.commands.remote.diff import diff

    is_watched = wants_bar(options)
    return diff(options.against, options.url, options.cases, as_json=options.as_json, is_watched=is_watched)


def _methods(options: argparse.Namespace) -> int:
    from rpcnode.commands.methods import print_markdown, print_methods

    return (print_markdown if options.markdown else print_methods)(_node_options(options))


def _call(options: argparse.Namespace) -> int:
    from rpcnode.commands.call import call, params_of_words

    try:
        params = params_of_words(options.params)
    except ValueError as error:
        options.parser.error(str(error))
    return call(options.url, options.method, params)


def _help(options: argparse.Namespace) -> int:
    parser = make_parser()
    parser.commands.get(options.topic, parser).print_help()
    return 0


RUNS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "serve": _serve,
    "check": _check,
    "record": _record,
    "export": _export,
    "diff": _diff,
    "methods": _methods,
    "call": _call,
    "help": _help,
}
"""What each command does; its exit code."""


def _node_options(options: argparse.Namespace) -> NodeOptions:
    from rpcnode.commands.option_sources import BadOption, merged_options

    try:
        return merged_options(options, dict(os.environ))
    except BadOption as error:
        parser: Parser = options.parser
        parser.error(str(error))
