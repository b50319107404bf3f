"""What a node is started with, wherever it came from."""

from dataclasses import field, replace
from pathlib import Path
from typing import Literal

from rpcnode.chain.block_time import BlockTime
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass

Envelope = Literal["neo", "strict"]

MOST_WORKERS = 64


@dataclass(frozen=True, slots=True)
class PluginSetting:
    """`--set Plugin.Key=value`, or the same from a config file; `source` is for messages and holds no value.

    `written` is as in `rpcnode.plugin.config.Setting`.
    """

    plugin: str
    key: str
    value: Json
    source: str
    written: Json = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DevChainOption:
    """That the accounts of the dev chain or their seed were given, in `source`.

    On the command line it is for this start, which is refused where the chain comes from elsewhere; else it is a habit,
    and the start says that it is not used.
    """

    source: str
    is_for_this_start: bool


@dataclass(frozen=True, slots=True)
class CassetteOptions:
    """Which cassette. With an `upstream` calls go there and are kept; without, they are answered from the file.

    `miss`: what answers a call that is not in it, an error or the chain.
    """

    path: Path
    upstream: str | None = None
    miss: Literal["error", "chain"] = "error"


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """The options of `serve`. `host` and `port` None: what the plugins' configuration says. `db` None: in memory.

    `fixtures` empty: the dev chain, or what `db` holds. `dev` None: on when the host is a loopback address.
    `block_time` None: as `db` has it, else instant. `load_state` and `dump_state`: state files (dev/state_file.py).
    `cassette`: it answers in the place of the chain, or another node does, whose answers it keeps.
    `environment` holds the variables of plugins, `RPCNODE_<PLUGIN>_<KEY>`. Where `option_variables` names those of the
    options, a variable RPCNODE_* that is neither is refused. `wallet` is opened at the start, with `wallet_password` or
    `rpcnode`. `is_test`: it serves a test of somebody's, who started it. `workers`: processes that answer on the port.
    """

    host: str | None = None
    port: int | None = None
    fixtures: tuple[Path, ...] = ()
    db: Path | None = None
    profile: ProfileName = "n3"
    plugins_dirs: tuple[Path, ...] = ()
    settings: tuple[PluginSetting, ...] = ()
    accounts: int = 10
    seed: str = "rpcnode"
    jsonrpc: Envelope = "neo"
    dev: bool | None = None
    block_time: BlockTime | None = None
    load_state: Path | None = None
    dump_state: Path | None = None
    cassette: CassetteOptions | None = None
    environment: dict[str, str] = field(default_factory=dict)
    option_variables: frozenset[str] | None = None
    wallet: Path | None = None
    wallet_password: str | None = field(default=None, repr=False)
    dev_chain_options: tuple[DevChainOption, ...] = ()
    is_test: bool = False
    workers: int = 1

    def of_a_copy(self) -> "NodeOptions":
        """Those of a node beside another one, whose files stay the other's."""
        return replace(self, db=None, load_state=None, wallet=None, dev_chain_options=())
