"""The command line: serve, check, methods, call."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rpcnode import __version__
from rpcnode.chain.block_time import BlockTime, read_block_time
from rpcnode.commands import collector
from rpcnode.options import NodeOptions
from rpcnode.plugin.config import value_of_word
from rpcnode.primitives.errors import NodeError

DEFAULT_URL = "http://127.0.0.1:10332"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what was asked, 1 when it could not, 2 for a bad option, 130 when interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "serve")
    _make_streams_writable()
    options = _parser().parse_args(words)
    try:
        code = int(options.run(options))
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

    return check(options.fixtures, options.profile or "n3")


def _methods(options: argparse.Namespace) -> int:
    from rpcnode.commands.methods import print_markdown, print_methods

    return (print_markdown if options.markdown else print_methods)(_node_options(options))


def _call(options: argparse.Namespace) -> int:
    from rpcnode.commands.call import call

    return call(options.url, options.method, [value_of_word(word) for word in options.params])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rpcnode",
        allow_abbrev=False,
        description="A NEO node for tests. Without a command: serve.",
        epilog="rpcnode COMMAND --help shows the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"rpcnode {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    serve = commands.add_parser(
        "serve", allow_abbrev=False, help="run a node", description="Run a node until SIGINT or SIGTERM."
    )
    _add_chain_options(serve)
    serve.add_argument("--host", help="address to listen on (127.0.0.1)")
    serve.add_argument("-p", "--port", type=_port, help="port to listen on (10332); 0 takes a free one")
    serve.add_argument("--ready-file", type=Path, metavar="FILE", help="written, as JSON, once requests are answered")
    serve.add_argument("--jsonrpc", choices=("neo", "strict"), help="NEO's envelope, or JSON-RPC 2.0 to the letter")
    serve.add_argument(
        "--dev", action=argparse.BooleanOptionalAction, default=None, help="dev_* methods (on loopback addresses only)"
    )
    serve.add_argument(
        "--block-time",
        type=_block_time,
        metavar="instant|manual|SECONDS",
        help="when blocks are made: for each transaction (instant), by dev_mine only, or each so many seconds",
    )
    serve.add_argument("--load-state", type=Path, metavar="FILE", help="start from a state that was dumped")
    serve.add_argument(
        "--dump-state", type=Path, metavar="FILE", help="write the state there, as text, at a clean stop"
    )
    serve.add_argument("-q", "--quiet", action="store_true", help="print the last line of the banner only")
    serve.add_argument("-v", "--verbose", action="store_true", help="log more")
    serve.add_argument("--log-json", action="store_true", help="log lines as JSON objects")
    serve.set_defaults(run=_serve)

    check = commands.add_parser(
        "check", allow_abbrev=False, help="validate fixtures", description="Read and play fixtures, each on its own."
    )
    check.add_argument("fixtures", nargs="+", type=Path, metavar="FIXTURE", help="a chain file")
    check.add_argument("--profile", choices=("n3", "n3-preview", "n2"), help="the node that plays them (n3)")
    check.set_defaults(run=_check)

    methods = commands.add_parser(
        "methods", allow_abbrev=False, help="list the methods", description="The methods of this configuration."
    )
    _add_chain_options(methods)
    methods.add_argument("--markdown", action="store_true", help="all profiles in one Markdown table, as in the README")
    methods.set_defaults(
        run=_methods, host=None, port=None, jsonrpc=None, dev=None, block_time=None, load_state=None, dump_state=None
    )

    call = commands.add_parser(
        "call", allow_abbrev=False, help="call a running node", description="One call, its answer pretty-printed."
    )
    call.add_argument("method", metavar="METHOD", help="its name, as rpcnode methods lists it")
    call.add_argument("params", nargs="*", default=[], metavar="PARAM", help="JSON, or a bare word taken as text")
    call.add_argument("--url", default=os.environ.get("RPCNODE_URL") or DEFAULT_URL, help=f"the node ({DEFAULT_URL})")
    call.set_defaults(run=_call)
    return parser


def _add_chain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fixture",
        action="append",
        type=Path,
        metavar="FILE",
        help="a chain file; of several, later ones add to earlier ones",
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep the chain in a file (in memory)")
    parser.add_argument("--profile", choices=("n3", "n3-preview", "n2"), help="which node to emulate (n3)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="options in YAML, JSON or TOML")
    parser.add_argument(
        "--plugins-dir", action="append", type=Path, metavar="DIR", help="a folder of plugins (repeatable)"
    )
    parser.add_argument("--set", action="append", metavar="PLUGIN.KEY=VALUE", help="a plugin's setting (repeatable)")
    parser.add_argument("-a", "--accounts", type=_count, metavar="N", help="funded accounts of the dev chain (10)")
    parser.add_argument("--seed", metavar="TEXT", help="what their keys are made from (rpcnode)")


def _node_options(options: argparse.Namespace) -> NodeOptions:
    from rpcnode.commands.option_sources import merged_options

    return merged_options(options, dict(os.environ))


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: an integer of 0 to 65535")


def _block_time(text: str) -> BlockTime:
    try:
        return read_block_time(value_of_word(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 1000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of accounts: an integer of 0 to 1000")
