"""A plugin's configuration: where its values come from, which wins, and what is wrong with one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.plugin.config import (
    NetworkConfig,
    PluginConfig,
    Policy,
    Setting,
    check_network,
    check_variables,
    environment_settings,
    key_of,
    keys_of,
    make_config,
    option,
    settings_of_document,
    value_of_word,
)
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from tests.rpcnode.plugin.plugin_files import node_with, write_plugin


@dataclass(frozen=True, slots=True)
class SampleConfig(PluginConfig):
    db_path: str = option("DBPath", default="Data")
    max_results: int = 1000
    port: Annotated[int, range(1, 11)] = 10
    most: Annotated[int, range(1, 11)] | None = None
    ratio: float = 0.5
    track_history: bool = True
    names: tuple[str, ...] = ("a",)
    standards: tuple[str, ...] | None = None
    mode: Literal["slow", "fast"] = "slow"


def made(**values: Json) -> SampleConfig:
    return make_config("Sample", SampleConfig, [Setting(key, value, "a test") for key, value in values.items()])


# Keys and values


def test_keys_are_the_fields_in_neo_clis_spelling() -> None:
    assert keys_of(SampleConfig) == {
        "UnhandledExceptionPolicy": "unhandled_exception_policy",
        "DBPath": "db_path",
        "MaxResults": "max_results",
        "Port": "port",
        "Most": "most",
        "Ratio": "ratio",
        "TrackHistory": "track_history",
        "Names": "names",
        "Standards": "standards",
        "Mode": "mode",
    }
    assert key_of("max_results", {}) == "MaxResults"


def test_without_settings_the_defaults_hold() -> None:
    assert make_config("Sample", SampleConfig, []) == SampleConfig()


def test_values_are_taken_as_their_fields_types() -> None:
    assert made(
        UnhandledExceptionPolicy="StopPlugin",
        DBPath="Elsewhere",
        MaxResults=-5,
        Port=1,
        Most=10,
        Ratio=1,
        TrackHistory=False,
        Names=["x", "y"],
        Standards=["NEP-17"],
        Mode="fast",
    ) == SampleConfig(Policy.STOP_PLUGIN, "Elsewhere", -5, 1, 10, 1, False, ("x", "y"), ("NEP-17",), "fast")
    assert made(DBPath=7, Names=[1]) == SampleConfig(db_path="7", names=("1",))
    assert made(Standards=None).standards is None
    assert made(Most=None).most is None


@pytest.mark.parametrize(
    "key, value, right",
    [
        ("MaxResults", "5", 'an integer is expected, not "5"'),
        ("MaxResults", True, "an integer is expected, not true"),
        ("MaxResults", 1.5, "an integer is expected, not 1.5"),
        ("MaxResults", None, "an integer is expected, not null"),
        ("Port", 0, "an integer of 1 to 10 is expected, not 0"),
        ("Port", 11, "an integer of 1 to 10 is expected, not 11"),
        ("Port", True, "an integer is expected, not true"),
        ("Port", None, "an integer is expected, not null"),
        ("Most", -1, "an integer of 1 to 10 is expected, not -1"),
        ("Ratio", "much", 'a number is expected, not "much"'),
        ("TrackHistory", 1, "true or false is expected, not 1"),
        ("DBPath", True, "a text is expected, not true"),
        ("DBPath", 0.5, "a text is expected, not 0.5"),
        ("Names", "x", 'a list is expected, not "x"'),
        ("Names", [None], "a text is expected, not null"),
        ("Standards", {}, "a list is expected, not {}"),
        ("Mode", "warp", 'one of slow, fast is expected, not "warp"'),
        ("UnhandledExceptionPolicy", "Panic", 'one of StopNode, StopPlugin, Ignore is expected, not "Panic"'),
    ],
)
def test_a_value_of_another_type_names_its_source_and_what_would_be_right(key: str, value: Json, right: str) -> None:
    with pytest.raises(NodeError) as caught:
        made(**{key: value})
    assert str(caught.value) == f"a test: Sample.{key}: {right}"


@pytest.mark.parametrize(
    "key, nearest",
    [("MaxResult", "MaxResults"), ("maxresults", "MaxResults"), ("DbPath", "DBPath"), ("TrackHistroy", "TrackHistory")],
)
def test_an_unknown_key_names_the_nearest_right_one(key: str, nearest: str) -> None:
    with pytest.raises(NodeError) as caught:
        made(**{key: 1})
    assert str(caught.value) == f"a test: Sample has no key {key!r}; the nearest is {nearest!r}"


def test_a_later_setting_wins() -> None:
    settings = [Setting("MaxResults", number, "a test") for number in (1, 2, 3)]
    assert make_config("Sample", SampleConfig, settings).max_results == 3


# Documents


@pytest.mark.parametrize(
    "document",
    [
        {"PluginConfiguration": {"MaxResults": 5, "Mode": "fast"}},
        {"MaxResults": 5, "Mode": "fast"},
        {"PluginConfiguration": {"Servers": [{"MaxResults": 5, "Mode": "fast"}]}},
    ],
    ids=["wrapped", "bare", "in a server"],
)
def test_a_document_is_read_in_each_of_neo_clis_forms(document: Json) -> None:
    settings = settings_of_document(json.dumps(document), "config.json")
    assert settings == [Setting("MaxResults", 5, "config.json"), Setting("Mode", "fast", "config.json")]


@pytest.mark.parametrize(
    "text, fault",
    [
        ("{", "config.json: not JSON: "),
        ("[]", "config.json: a JSON object is expected"),
        ('{"Servers": []}', "config.json: Servers: exactly one server is expected, this node has one endpoint"),
        ('{"Servers": [{}, {}]}', "config.json: Servers: exactly one server is expected"),
        ('{"Servers": {}}', "config.json: Servers: exactly one server is expected"),
    ],
)
def test_a_document_that_is_none_names_its_file(text: str, fault: str) -> None:
    with pytest.raises(NodeError) as caught:
        settings_of_document(text, "config.json")
    assert str(caught.value).startswith(fault)


# Words and the environment


@pytest.mark.parametrize(
    "word, value",
    [
        ("5", 5),
        ("true", True),
        ("null", None),
        ("-1.5e2", -150.0),
        ('["a"]', ["a"]),
        ('"5"', "5"),
        ("reference", "reference"),
        ("", ""),
    ],
)
def test_a_word_is_json_or_itself(word: str, value: Json) -> None:
    assert value_of_word(word) == value


@pytest.mark.parametrize(
    "word", ["NaN", "Infinity", "-Infinity", "[NaN]", '{"a": Infinity}', "nan", "1e999", "[-1e999]", "1e", "[" * 10_000]
)
def test_a_word_that_json_cannot_tell_is_itself(word: str) -> None:
    assert value_of_word(word) == word


def test_environment_variables_name_plugin_and_key_in_capitals() -> None:
    environment = {
        "RPCNODE_SAMPLE_MAXRESULTS": "5",
        "RPCNODE_SAMPLE_DBPATH": "Elsewhere",
        "RPCNODE_SAMPLE2_MAXRESULTS": "6",
        "RPCNODE_PORT": "1",
        "SAMPLE_MAXRESULTS": "7",
    }
    assert environment_settings("Sample", SampleConfig, environment) == [
        Setting("DBPath", "Elsewhere", "RPCNODE_SAMPLE_DBPATH"),
        Setting("MaxResults", 5, "RPCNODE_SAMPLE_MAXRESULTS"),
    ]


def test_an_unknown_key_in_the_environment_names_its_variable() -> None:
    settings = environment_settings("Sample", SampleConfig, {"RPCNODE_SAMPLE_MAXRESULT": "5"})
    with pytest.raises(NodeError, match="RPCNODE_SAMPLE_MAXRESULT: Sample has no key 'MAXRESULT'; the nearest is"):
        make_config("Sample", SampleConfig, settings)


def test_an_empty_variable_of_a_plugin_is_none() -> None:
    assert environment_settings("Sample", SampleConfig, {"RPCNODE_SAMPLE_MAXRESULTS": ""}) == []


@pytest.mark.parametrize(
    "name, nearest",
    [
        ("RPCNODE_PROT", "RPCNODE_PORT"),
        ("RPCNODE_SAMPLE_MAXRESULT", "RPCNODE_SAMPLE_MAXRESULTS"),
        ("RPCNODE_SAMPEL_DBPATH", "RPCNODE_SAMPLE_DBPATH"),
        ("RPCNODE_", "RPCNODE_PORT"),
    ],
)
def test_a_variable_that_sets_nothing_names_the_nearest_right_one(name: str, nearest: str) -> None:
    with pytest.raises(NodeError) as caught:
        check_variables({name: "1", "PATH": "/bin"}, {"Sample": SampleConfig}, {"RPCNODE_PORT"})
    assert str(caught.value) == f"{name}: no such variable; the nearest is {nearest}"


def test_options_keys_of_plugins_and_empty_variables_are_fine() -> None:
    environment = {"RPCNODE_PORT": "1", "RPCNODE_SAMPLE_MAXRESULTS": "1", "RPCNODE_PROT": "", "RPCNODEPORT": "1"}
    check_variables(environment, {"Sample": SampleConfig}, {"RPCNODE_PORT"})


# The network


@pytest.mark.parametrize("network", [None, 860833102])
def test_a_plugin_of_the_chains_network_or_of_any_is_loaded(network: int | None) -> None:
    check_network("Sample", NetworkConfig(network=network), 860833102)


def test_a_plugin_of_another_network_names_both() -> None:
    with pytest.raises(NodeError) as caught:
        check_network("Sample", NetworkConfig(network=5), 860833102)
    fault = "Sample.Network is 5, the chain's network 860833102; leave the key out, or give the chain's"
    assert str(caught.value) == fault


# A node's plugins

SAMPLE = """
    from dataclasses import dataclass

    @dataclass(frozen=True, slots=True)
    class SampleConfig(PluginConfig):
        word: str = "dataclass"

    class Sample(Plugin):
        name = "Sample"
        config_type = SampleConfig

        @rpc_method()
        def get_word(self) -> Json:
            return self.plugin_config.word
"""


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the process is."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def word_of(node: Node) -> Any:
    word = node.methods["getword"]([])
    node.close()
    return word


def write_config(file: Path, word: Json, key: str = "Word") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"PluginConfiguration": {key: word}}), "utf-8")


def test_each_source_wins_over_those_before_it(tmp_path: Path, data_folder: Path) -> None:
    plugins = write_plugin(tmp_path / "plugins", "sample/plugin.py", SAMPLE)
    environment = {"RPCNODE_SAMPLE_WORD": "environment"}
    settings = [("Sample.Word", "option")]
    assert word_of(node_with(plugins)) == "dataclass"
    write_config(plugins / "sample" / "config.json", "packaged")
    assert word_of(node_with(plugins)) == "packaged"
    write_config(data_folder / "Plugins" / "Sample" / "config.json", "data folder")
    assert word_of(node_with(plugins)) == "data folder"
    assert word_of(node_with(plugins, environment=environment)) == "environment"
    assert word_of(node_with(plugins, environment=environment, settings=settings)) == "option"


def test_the_data_folder_is_where_the_database_is(tmp_path: Path, data_folder: Path) -> None:
    plugins = write_plugin(tmp_path / "plugins", "sample.py", SAMPLE)
    write_config(data_folder / "Plugins" / "Sample" / "config.json", "here")
    write_config(tmp_path / "there" / "Plugins" / "Sample" / "config.json", "there")
    assert word_of(node_with(plugins, db=tmp_path / "there" / "chain.db")) == "there"


def test_a_config_file_next_to_a_plugin_that_is_a_single_file_is_not_its_own(tmp_path: Path, data_folder: Path) -> None:
    plugins = write_plugin(tmp_path / "plugins", "sample.py", SAMPLE)
    write_config(plugins / "config.json", "somebody's")
    assert word_of(node_with(plugins)) == "dataclass"


def test_an_unknown_key_in_the_data_folder_stops_the_start_and_names_the_file(data_folder: Path) -> None:
    file = data_folder / "Plugins" / "RpcNep5Tracker" / "config.json"
    write_config(file, 5, key="MaxResult")
    with pytest.raises(NodeError) as caught:
        node_with()
    assert str(caught.value) == f"{file}: RpcNep5Tracker has no key 'MaxResult'; the nearest is 'MaxResults'"


def test_a_neo_cli_config_of_the_data_folder_is_obeyed(data_folder: Path) -> None:
    """As neo-plugins shipped it with preview2."""
    file = data_folder / "Plugins" / "RpcNep5Tracker" / "config.json"
    file.parent.mkdir(parents=True)
    shipped = {"DBPath": "Nep5BalanceData", "TrackHistory": False, "RecordNullAddressHistory": False, "MaxResults": 7}
    file.write_text(json.dumps({"PluginConfiguration": shipped}), "utf-8")
    node = node_with()
    assert "getnep5transfers" not in node.methods
    node.close()


def test_the_environment_sets_built_in_plugins(data_folder: Path) -> None:
    node = node_with(environment={"RPCNODE_RPCNEP5TRACKER_TRACKHISTORY": "false", "RPCNODE_RPCSERVER_PORT": "1234"})
    assert "getnep5transfers" not in node.methods
    assert node.http_settings.port == 1234
    node.close()


def test_a_setting_of_an_unknown_plugin_names_the_nearest(data_folder: Path) -> None:
    with pytest.raises(NodeError) as caught:
        node_with(settings=[("RpcNep5Traker.MaxResults", 5)])
    fault = "no plugin 'RpcNep5Traker'; the nearest is 'RpcNep5Tracker'"
    assert str(caught.value) == f"--set RpcNep5Traker.MaxResults: {fault}"


@pytest.mark.parametrize("plugin", ["RpcServer", "TokensTracker", "ApplicationLogs"])
def test_a_neo_cli_config_of_another_network_stops_the_start(data_folder: Path, plugin: str) -> None:
    write_config(data_folder / "Plugins" / plugin / "config.json", 894710606, key="Network")
    with pytest.raises(NodeError, match=f"{plugin}.Network is 894710606, the chain's network 860833102; "):
        node_with()


@pytest.mark.parametrize(
    "key, least",
    [
        ("TokensTracker.MaxResults", 0),
        ("RpcNep5Tracker.MaxResults", 0),
        ("ApplicationLogs.MaxStackSize", 1),
        ("RpcServer.Port", 0),
        ("RpcServer.KeepAliveTimeout", -1),
        ("RpcServer.RequestHeadersTimeout", 1),
        ("RpcServer.MaxConcurrentConnections", 0),
        ("RpcServer.MaxRequestBodySize", 1),
        ("RpcServer.MaxIteratorResultItems", 1),
        ("RpcServer.FindStoragePageSize", 1),
    ],
)
def test_a_value_below_its_least_is_refused(data_folder: Path, key: str, least: int) -> None:
    node_with(settings=[(key, least)]).close()
    with pytest.raises(NodeError) as caught:
        node_with(settings=[(key, least - 1)])
    assert str(caught.value).startswith(f"--set {key}: {key}: an integer of {least} to ")


def test_a_setting_for_a_plugin_of_another_profile_names_its_profiles(data_folder: Path) -> None:
    setting = PluginSetting("TokensTracker", "MaxResults", 5, "--set TokensTracker.MaxResults=5")
    with pytest.raises(NodeError) as caught:
        Node(NodeOptions(profile="n2", settings=(setting,)))
    fault = "TokensTracker is no plugin of profile n2, but of n3"
    assert str(caught.value) == f"--set TokensTracker.MaxResults=5: {fault}"


def test_a_variable_for_a_plugin_of_another_profile_waits_for_it(data_folder: Path) -> None:
    environment = {"RPCNODE_TOKENSTRACKER_MAXRESULTS": "5"}
    Node(NodeOptions(profile="n2", environment=environment, option_variables=frozenset())).close()
