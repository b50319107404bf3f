"""Options from the command line, RPCNODE_*, the config file and the defaults, in that order."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from rpcnode.commands.option_sources import OPTIONS, BadOption, merged_options, option_variables, plugin_setting
from rpcnode.options import CassetteOptions, NodeOptions, PluginSetting
from rpcnode.plugin.discovery import built_in_plugins
from rpcnode.plugin_set import plugin_configs
from rpcnode.plugins.rpc_server.config import RpcServerConfig
from rpcnode.primitives.errors import NodeError

CONFIGS = {
    "node.yaml": """\
port: 1
seed: 42
fixture: [a.yaml, b.yaml]
plugins: {RpcServer: {MaxConcurrentConnections: 3}}
""",
    "node.yml": """\
port: 1
seed: '42'
fixture:
  - a.yaml
  - b.yaml
plugins:
  RpcServer:
    MaxConcurrentConnections: 3
""",
    "node.json": """\
{
  "port": 1, "seed": "42", "fixture": ["a.yaml", "b.yaml"],
  "plugins": {"RpcServer": {"MaxConcurrentConnections": 3}}
}
""",
    "node.toml": """\
port = 1
seed = "42"
fixture = ["a.yaml", "b.yaml"]
[plugins.RpcServer]
MaxConcurrentConnections = 3
""",
}
FROM_CONFIG: dict[str, tuple[object, object]] = {
    "host": ("::1", "::1"),
    "port": (0, 0),
    "fixture": ("a.yaml", (Path("a.yaml"),)),
    "db": ("chain.db", Path("chain.db")),
    "profile": ("n2", "n2"),
    "plugins-dir": (["one", "two"], (Path("one"), Path("two"))),
    "accounts": (3, 3),
    "seed": ("text", "text"),
    "jsonrpc": ("strict", "strict"),
    "dev": (False, False),
    "block-time": ("manual", "manual"),
    "load-state": ("s.json", Path("s.json")),
    "dump-state": ("t.json", Path("t.json")),
    "wallet": ("w.json", Path("w.json")),
    "workers": (3, 3),
}
"""A value in a config file, and what becomes of it, for every option."""
FROM_ENVIRONMENT: dict[str, tuple[str, object]] = {
    "host": ("127.0.0.2", "127.0.0.2"),
    "port": ("0", 0),
    "fixture": ('["a.yaml", "b.yaml"]', (Path("a.yaml"), Path("b.yaml"))),
    "db": ("42", Path("42")),
    "profile": ("n2", "n2"),
    "plugins-dir": ("one", (Path("one"),)),
    "accounts": ("3", 3),
    "seed": ("007", "007"),
    "jsonrpc": ("strict", "strict"),
    "dev": ("true", True),
    "block-time": ("2.5", 2.5),
    "load-state": ("s.json", Path("s.json")),
    "dump-state": ("t.json", Path("t.json")),
    "wallet": ("w.json", Path("w.json")),
    "workers": ("2", 2),
}
"""The text of a variable, and what becomes of it, for every option."""


OF_CASSETTES = ("record-to", "upstream", "replay", "replay-miss")
"""These four say one thing together."""


def given(**arguments: Any) -> argparse.Namespace:
    """What the command line gave: those arguments."""
    names = ("host", "port", "fixture", "db", "profile", "plugins_dir", "accounts", "seed", "jsonrpc", "dev")
    others = ("block_time", "load_state", "dump_state", "wallet", "workers", "config", "set")
    absent = dict.fromkeys([*names, *others, *(key.replace("-", "_") for key in OF_CASSETTES)])
    return argparse.Namespace(**(absent | arguments))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, a fresh one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_anything_the_defaults_hold() -> None:
    assert merged_options(given(), {}) == NodeOptions(option_variables=option_variables())


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_file_of_any_format_is_read(folder: Path, name: str) -> None:
    Path(name).write_text(CONFIGS[name])
    options = merged_options(given(config=Path(name)), {})
    assert (options.port, options.seed, options.fixtures) == (1, "42", (Path("a.yaml"), Path("b.yaml")))
    setting = PluginSetting(
        "RpcServer", "MaxConcurrentConnections", 3, f"{name}: plugins.RpcServer.MaxConcurrentConnections"
    )
    assert options.settings == (setting,)


@pytest.mark.parametrize("key", [key for key in OPTIONS if key not in OF_CASSETTES])
def test_every_option_can_stand_in_a_config_file(folder: Path, key: str) -> None:
    import json

    value, option = FROM_CONFIG[key]
    Path("node.json").write_text(json.dumps({key: value}))
    assert getattr(merged_options(given(config=Path("node.json")), {}), OPTIONS[key].field) == option


@pytest.mark.parametrize("key", [key for key in OPTIONS if key not in OF_CASSETTES])
def test_every_option_can_stand_in_the_environment(key: str) -> None:
    text, option = FROM_ENVIRONMENT[key]
    variable = f"RPCNODE_{key.upper().replace('-', '_')}"
    assert getattr(merged_options(given(), {variable: text}), OPTIONS[key].field) == option


def test_the_password_of_a_wallet_is_a_variable_alone() -> None:
    options = merged_options(given(wallet=Path("w.json")), {"RPCNODE_WALLET_PASSWORD": "secret"})
    assert (options.wallet, options.wallet_password) == (Path("w.json"), "secret")
    assert options.option_variables is not None and "RPCNODE_WALLET_PASSWORD" in options.option_variables
    assert merged_options(given(), {"RPCNODE_WALLET_PASSWORD": ""}).wallet_password is None


@pytest.mark.parametrize(
    ("values", "cassette"),
    [
        ({"replay": "c.jsonl"}, CassetteOptions(Path("c.jsonl"))),
        ({"replay": "c.jsonl", "replay-miss": "chain"}, CassetteOptions(Path("c.jsonl"), miss="chain")),
        ({"record-to": "c.jsonl", "upstream": "http://a"}, CassetteOptions(Path("c.jsonl"), "http://a")),
    ],
)
def test_a_cassette_is_named_everywhere(folder: Path, values: dict[str, str], cassette: CassetteOptions) -> None:
    Path("node.yaml").write_text("".join(f"{key}: {value}\n" for key, value in values.items()))
    variables = {f"RPCNODE_{key.upper().replace('-', '_')}": value for key, value in values.items()}
    words = {key.replace("-", "_"): Path(text) if text == "c.jsonl" else text for key, text in values.items()}
    for options in (
        merged_options(given(config=Path("node.yaml")), {}),
        merged_options(given(), variables),
        merged_options(given(**words), {}),
    ):
        assert options.cassette == cassette


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"record_to": Path("c")}, "--record-to FILE and --upstream URL go together"),
        ({"upstream": "http://a"}, "--record-to FILE and --upstream URL go together"),
        ({"record_to": Path("c"), "upstream": "http://a", "replay": Path("c")}, "leave one of the two out"),
        ({"replay_miss": "chain"}, "--replay-miss says what answers a call that --replay has not"),
    ],
)
def test_options_of_cassettes_that_do_not_go_together_are_refused(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(BadOption, match=told):
        merged_options(given(**arguments), {})


def test_the_environment_wins_over_the_config_file_and_the_command_line_over_both(folder: Path) -> None:
    Path("node.yaml").write_text("port: 1\naccounts: 1\nseed: file\nhost: ::1\nplugins: {RpcServer: {Port: 1}}\n")
    options = merged_options(
        given(config=Path("node.yaml"), port=3, set=["RpcServer.Port=3"]),
        {"RPCNODE_PORT": "2", "RPCNODE_ACCOUNTS": "2", "RPCNODE_SEED": "variable"},
    )
    assert (options.port, options.accounts, options.seed, options.host) == (3, 2, "variable", "::1")
    assert [setting.value for setting in options.settings] == [1, 3]  # the later one wins


def test_the_environment_may_name_the_config_file(folder: Path) -> None:
    Path("node.yaml").write_text("port: 1\n")
    assert merged_options(given(), {"RPCNODE_CONFIG": "node.yaml"}).port == 1


def test_an_empty_variable_is_none() -> None:
    assert merged_options(given(), {"RPCNODE_DB": "", "RPCNODE_PORT": "", "RPCNODE_CONFIG": ""}).db is None


def test_the_variables_of_options_are_known_to_the_node() -> None:
    known = merged_options(given(), {}).option_variables
    assert known is not None
    assert {"RPCNODE_PORT", "RPCNODE_PLUGINS_DIR", "RPCNODE_CONFIG", "RPCNODE_URL"} <= known


def test_plugins_find_their_variables_in_the_options() -> None:
    environment = {"RPCNODE_RPCSERVER_PORT": "1"}
    assert merged_options(given(), environment).environment == environment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P.Key=1", 1),
        ("P.Key=true", True),
        ("P.Key=null", None),
        ("P.Key=word", "word"),
        ('P.Key="1"', "1"),
        ('P.Key=["a=b"]', ["a=b"]),
        ("P.Key=a=b", "a=b"),
        ("P.Key=", ""),
    ],
)
def test_a_set_option_takes_json_or_a_bare_word(text: str, value: object) -> None:
    assert plugin_setting(text, "--set") == PluginSetting("P", "Key", value, "--set P.Key")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("P.Key", ""), ("P.Key:secret", ""), ("P=1", " P"), (".Key=1", " .Key"), ("P.=1", " P."), ("=", " "), ("", "")],
)
def test_a_set_option_of_another_form_is_refused_without_what_may_be_its_value(text: str, shown: str) -> None:
    with pytest.raises(NodeError) as caught:
        plugin_setting(text, "--set")
    assert str(caught.value) == f"--set{shown}: Plugin.Key=value is expected, as RpcNep5Tracker.MaxResults=10"


@pytest.mark.parametrize("written", ["12345", "0123", "1e3", "1.50", "true", "0x10", "1_000"])
def test_a_text_of_a_plugin_is_what_was_written_whatever_it_looks_like(folder: Path, written: str) -> None:
    Path("node.yaml").write_text(f"plugins: {{RpcServer: {{RpcUser: {written}, AllowOrigins: [{written}]}}}}\n")
    options = merged_options(
        given(config=Path("node.yaml"), set=[f"RpcServer.RpcPass={written}"]),
        {"RPCNODE_RPCSERVER_SSLCERTPASSWORD": written},
    )
    [config] = [
        config for config in plugin_configs(built_in_plugins(), options).values() if isinstance(config, RpcServerConfig)
    ]
    assert (config.rpc_user, config.rpc_pass, config.ssl_cert_password) == (written, written, written)
    assert config.allow_origins == (written,)


@pytest.mark.parametrize(("name", "text"), [("c.json", '{"RpcPass": 12345}'), ("c.toml", "RpcPass = 12345")])
def test_an_integer_in_json_and_toml_is_a_text_where_one_is_expected(folder: Path, name: str, text: str) -> None:
    plugins = f'{{"plugins": {{"RpcServer": {text}}}}}' if name.endswith("json") else f"[plugins.RpcServer]\n{text}\n"
    Path(name).write_text(plugins)
    configs = plugin_configs(built_in_plugins(), merged_options(given(config=Path(name)), {}))
    assert [config.rpc_pass for config in configs.values() if isinstance(config, RpcServerConfig)] == ["12345"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"RPCNODE_PORT": "abc"}, "RPCNODE_PORT: an integer of 0 to 65535 is expected, not 'abc'"),
        ({"RPCNODE_PORT": "65536"}, "RPCNODE_PORT: an integer of 0 to 65535 is expected, not 65536"),
        ({"RPCNODE_PORT": "true"}, "RPCNODE_PORT: an integer of 0 to 65535 is expected, not True"),
        ({"RPCNODE_WORKERS": "0"}, "RPCNODE_WORKERS: an integer of 1 to 64 is expected, not 0"),
        ({"RPCNODE_WORKERS": "65"}, "RPCNODE_WORKERS: an integer of 1 to 64 is expected, not 65"),
        ({"RPCNODE_PROFILE": "n4"}, "RPCNODE_PROFILE: one of n3, n3-preview, n2 is expected, not 'n4'"),
        ({"RPCNODE_DEV": "maybe"}, "RPCNODE_DEV: true or false is expected, not 'maybe'"),
        ({"RPCNODE_FIXTURE": "[1]"}, "RPCNODE_FIXTURE: a text is expected, not 1"),
        ({"RPCNODE_CONFIG": "absent.yaml"}, "absent.yaml: cannot be read: No such file or directory"),
        ({"RPCNODE_CONFIG": "node.ini"}, "--config node.ini: of unknown format; its name ends in .yaml or .yml or"),
    ],
)
def test_a_wrong_variable_is_named(folder: Path, variables: dict[str, str], message: str) -> None:
    with pytest.raises(NodeError) as caught:
        merged_options(given(), variables)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("host: x\nprot: 1\n", "node.yaml:2: prot: unknown key; the nearest is 'port'"),
        ("host: x\nport: -1\n", "node.yaml:2: port: an integer of 0 to 65535 is expected, not -1"),
        ("accounts: 1001\n", "node.yaml:1: accounts: an integer of 0 to 1000 is expected, not 1001"),
        ("jsonrpc: loose\n", "node.yaml:1: jsonrpc: one of neo, strict is expected, not 'loose'"),
        ("host: ''\n", "node.yaml:1: host: a text is expected, not ''"),
        ("- port\n", "node.yaml: a mapping of options is expected"),
        ("plugins: []\n", "node.yaml: plugins: a mapping of plugin names is expected"),
        ("plugins: {RpcServer: 1}\n", "node.yaml: plugins.RpcServer: a mapping of its keys is expected"),
        ("port: 1\nport: 2\n", 'node.yaml:2: the key "port" stands here twice'),
        ("port: [\n", "node.yaml:"),
    ],
)
def test_what_is_wrong_in_a_config_file_is_named_with_its_line(folder: Path, text: str, message: str) -> None:
    Path("node.yaml").write_text(text)
    with pytest.raises(NodeError) as caught:
        merged_options(given(config=Path("node.yaml")), {})
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
