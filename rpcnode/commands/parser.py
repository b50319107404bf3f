"""What can be written on the command line."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from rpcnode import __version__
from rpcnode.chain.block_time import BlockTime, read_block_time
from rpcnode.commands.argument_parser import Parser
from rpcnode.options import MOST_WORKERS
from rpcnode.plugin.config import value_of_word

DEFAULT_URL = "http://127.0.0.1:10332"
PROFILES = ("n3", "n3-preview", "n2")


def make_parser() -> Parser:
    """The parser of all commands; `command` is the name of the one that was given."""
    parser = Parser(
        prog="rpcnode",
        description="A NEO node for tests. Without a command: serve.",
        epilog="rpcnode COMMAND --help, or rpcnode help COMMAND, shows the options of a command.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"rpcnode {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)

    def command(name: str, help_text: str, description: str) -> Parser:
        made = parser.commands[name] = commands.add_parser(name, help=help_text, description=description)
        return made

    _add_serve(command("serve", "run a node", "Run a node until SIGINT or SIGTERM."))
    _add_check(command("check", "validate fixtures", "Read and play fixtures, each on its own."))
    _add_export(command("export", "write raw blocks into a file", "A chain's raw blocks, as nodes restore them."))
    _add_record(command("record", "record a running node", "A node's chain in a fixture, which is executed here."))
    _add_diff(command("diff", "compare two running nodes", "The same calls to two nodes, and what differs."))
    _add_methods(command("methods", "list the methods", "The methods of this configuration."))
    _add_call(command("call", "call a running node", "One call, its answer pretty-printed."))
    asked = command("help", "show this help, or that of a command", "What there is, or the options of a command.")
    asked.add_argument("topic", nargs="?", choices=list(parser.commands), metavar="COMMAND", help="its name")
    return parser


def _add_serve(parser: Parser) -> None:
    _add_chain_options(parser)
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("-p", "--port", type=_port, help="port to listen on (10332); 0 takes a free one")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written, as JSON, once requests are answered")
    parser.add_argument("--jsonrpc", choices=("neo", "strict"), help="NEO's envelope, or JSON-RPC 2.0 to the letter")
    parser.add_argument(
        "--dev",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="dev_* methods (on loopback addresses only); on another address whoever reaches it may call them",
    )
    parser.add_argument(
        "--block-time",
        type=_block_time,
        metavar="instant|manual|SECONDS",
        help="when blocks are made: for each transaction (instant), by dev_mine only, or each so many seconds",
    )
    parser.add_argument("--load-state", type=Path, metavar="FILE", help="start from a state that was dumped")
    parser.add_argument(
        "--dump-state", type=Path, metavar="FILE", help="write the state there, as text, at a clean stop"
    )
    parser.add_argument(
        "--wallet",
        type=Path,
        metavar="FILE",
        help="open that wallet; RPCNODE_WALLET_PASSWORD has its password (rpcnode); the dev chain writes a new one",
    )
    parser.add_argument(
        "--workers", type=_workers, metavar="N", help="processes that answer on the port (1); one of them writes"
    )
    parser.add_argument("--record-to", type=Path, metavar="FILE", help="pass calls on to --upstream, and keep them")
    parser.add_argument("--upstream", metavar="URL", help="the node that calls are passed on to")
    parser.add_argument("--replay", type=Path, metavar="CASSETTE", help="answer from a file of --record-to")
    parser.add_argument(
        "--replay-miss", choices=("error", "chain"), help="what answers a call that is not in it (error)"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print the last line of the banner only")
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="log every request: method, status, time, size; -vv: its beginning and the answer's, without passwords",
    )
    parser.add_argument("--log-json", action="store_true", help="log lines as JSON objects")


def _add_check(parser: Parser) -> None:
    parser.add_argument("fixtures", nargs="+", type=Path, metavar="FIXTURE", help="a chain file; - is standard input")
    parser.add_argument("--profile", choices=PROFILES, help="the node that plays them (n3)")


def _add_export(parser: Parser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--db", type=Path, metavar="FILE", help="the chain in a database file")
    source.add_argument(
        "--fixture", action="extend", nargs="+", type=Path, metavar="FILE", help="the chain that chain files make"
    )
    source.add_argument("--url", help="the chain of a running node of Neo N3; http://USER:PASSWORD@HOST:PORT")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="CHAIN.acc", help="the file; chain.0.acc has another form"
    )
    parser.add_argument("--profile", choices=PROFILES, help="the node whose chain it is (n3)")


def _add_record(parser: Parser) -> None:
    parser.add_argument("url", metavar="URL", help="a running node of Neo N3; http://USER:PASSWORD@HOST:PORT")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the fixture: .json or .json.gz; FILE.partial meanwhile"
    )
    parser.add_argument("--from", type=_height, default=0, metavar="N", dest="first", help="the first block (0)")
    parser.add_argument("--to", type=_height, metavar="N", dest="last", help="the last block (the tip)")


def _add_diff(parser: Parser) -> None:
    parser.add_argument("cases", type=Path, metavar="CASES", help="the calls: JSON, JSON lines or YAML, .gz or not")
    parser.add_argument("--against", required=True, metavar="URL", help="the real node")
    parser.add_argument("--url", default=os.environ.get("RPCNODE_URL") or DEFAULT_URL, help=f"ours ({DEFAULT_URL})")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print the differences as JSON")


def _add_methods(parser: Parser) -> None:
    _add_chain_options(parser)
    parser.add_argument("--markdown", action="store_true", help="all profiles in one table, as in docs/methods.md")
    parser.set_defaults(host=None, port=None, jsonrpc=None, dev=None, block_time=None, load_state=None, dump_state=None)
    parser.set_defaults(record_to=None, upstream=None, replay=None, replay_miss=None, wallet=None, workers=None)


def _add_call(parser: Parser) -> None:
    method = parser.add_argument("method", metavar="METHOD", help="its name, as rpcnode methods lists it")
    method.completer = _methods  # type: ignore[attr-defined]  # what argcomplete asks
    parser.add_argument("params", nargs="*", default=[], metavar="PARAM", help="JSON, or a bare word taken as text")
    parser.add_argument(
        "--url",
        default=os.environ.get("RPCNODE_URL") or DEFAULT_URL,
        help=f"the node ({DEFAULT_URL}); http://USER:PASSWORD@HOST:PORT gives it credentials",
    )


def _add_chain_options(parser: Parser) -> None:
    parser.add_argument(
        "--fixture",
        action="append",
        type=Path,
        metavar="FILE",
        help="a chain file; of several, later ones add to earlier ones",
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep the chain in a file (in memory)")
    parser.add_argument("--profile", choices=PROFILES, help="which node to emulate (n3)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="options in YAML, JSON or TOML")
    parser.add_argument(
        "--plugins-dir", action="append", type=Path, metavar="DIR", help="a folder of plugins (repeatable)"
    )
    parser.add_argument("--set", action="append", metavar="PLUGIN.KEY=VALUE", help="a plugin's setting (repeatable)")
    parser.add_argument("-a", "--accounts", type=_count, metavar="N", help="funded accounts of the dev chain (10)")
    parser.add_argument("--seed", metavar="TEXT", help="what their keys are made from (rpcnode)")


def _methods(prefix: str, **_: object) -> Iterator[str]:
    from rpcnode.commands.known_methods import known_methods

    return (name for name in known_methods() if name.startswith(prefix))


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: an integer of 0 to 65535")


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes: an integer of 1 to {MOST_WORKERS}")


def _height(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 2**32:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no index of a block: an integer of 0 to {2**32 - 1}")


def _block_time(text: str) -> BlockTime:
    try:
        return read_block_time(value_of_word(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 1000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of accounts: an integer of 0 to 1000")
