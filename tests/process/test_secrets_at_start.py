"""A start that fails shows no password and no key, wherever it was given."""

from pathlib import Path

import pytest

from tests.node_process import run, running_node

pytestmark = pytest.mark.slow

SECRET = "hunter2hunter2"
WIF = "L3tgppXLgdaeqSGSFw1Go3skBiy8vQAM7YMXvTHsKQtE16PBncSU"  # of the Neo 2 documentation


def transfer_from(account: str) -> str:
    move = f"{{asset: coin, from: {account}, to: null, amount: 1}}"
    blocks = f"blocks: [{{index: 1, transactions: [{{transfers: [{move}]}}]}}]\n"
    return f"contracts: {{coin: {{standard: NEP-17}}}}\n{blocks}"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["--set", f"RpcServer.RpcPas={SECRET}"],
            1,
            "--set RpcServer.RpcPas: RpcServer has no key 'RpcPas'; the nearest",
        ),
        (["--set", f"RpcSever.RpcPass={SECRET}"], 1, "--set RpcSever.RpcPass: no plugin 'RpcSever'; the nearest is"),
        (["--set", f'RpcServer.RpcPass={{"a": "{SECRET}"}}'], 1, "RpcServer.RpcPass: a text is expected\n"),
        (["--set", f"Chainbase.Keys={SECRET}"], 1, "--set Chainbase.Keys: Chainbase.Keys: a list is expected\n"),
        (["--set", f"Chainbase.Key=[{SECRET}]"], 1, "Chainbase has no key 'Key'; the nearest is 'Keys'"),
        (["--set", f"RpcServer.RpcPass:{SECRET}"], 1, "--set: Plugin.Key=value is expected"),
        (["--set", f"RpcPass={SECRET}"], 1, "--set RpcPass: Plugin.Key=value is expected"),
        (["--set", "RpcServer.RpcPass", SECRET], 2, "unexpected word after --set; what goes with it is one word"),
        ([f"--password={SECRET}"], 2, "unrecognized arguments: --password"),
        (["--password", SECRET], 2, "unrecognized arguments: --password"),
    ],
)
def test_no_option_is_repeated_with_its_password(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    failed = run("--port", "0", *arguments, cwd=tmp_path)
    assert (failed.returncode, failed.stdout) == (code, "")
    assert message in failed.stderr
    assert SECRET not in failed.stderr


@pytest.mark.parametrize("variable", ["RPCNODE_RPCSERVER_RPCPAS", "RPCNODE_PASSWORD", "RPCNODE_CHAINBASE_KEYS"])
def test_no_variable_is_repeated_with_its_value(tmp_path: Path, variable: str) -> None:
    failed = run("--port", "0", cwd=tmp_path, **{variable: SECRET})
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(f"rpcnode: {variable}: ")
    assert SECRET not in failed.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("node.yaml", f"plugins: {{RpcServer: {{RpcPas: {SECRET}}}}}"),
        ("node.yaml", f"plugins: {{RpcServer: {{RpcPass: [{SECRET}]}}}}"),
        ("node.yaml", f"plugins: {{RpcServer: {SECRET}}}"),
        ("node.yaml", f"plugins: {SECRET}"),
        ("node.yaml", f"password: {SECRET}"),
        ("node.yaml", f"plugins:\n  RpcServer:\n    RpcPass: {SECRET}\n   x: 1"),
        ("node.yaml", f'plugins: {{RpcServer: {{RpcPass: "{SECRET}}}}}'),
        ("node.json", f'{{"plugins": {{"RpcServer": {{"RpcPass": "{SECRET}" 1}}}}}}'),
        ("node.toml", f'[plugins.RpcServer]\nRpcPass = "{SECRET}" 1'),
        ("node.toml", f"[plugins.RpcServer]\nRpcPass = {SECRET}"),
    ],
)
def test_no_config_file_is_repeated_with_its_password(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    failed = run("--port", "0", "--config", name, cwd=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(f"rpcnode: {name}:")
    assert SECRET not in failed.stderr


@pytest.mark.parametrize(
    "document",
    [f'{{"RpcPas": "{SECRET}"}}', f'{{"RpcPass": ["{SECRET}"]}}', f'{{"RpcPass": "{SECRET}" 1}}', f'"{SECRET}"'],
)
def test_no_config_json_of_a_plugin_is_repeated_with_its_password(tmp_path: Path, document: str) -> None:
    (tmp_path / "Plugins" / "RpcServer").mkdir(parents=True)
    (tmp_path / "Plugins" / "RpcServer" / "config.json").write_text(document)
    failed = run("--port", "0", cwd=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert SECRET not in failed.stderr


@pytest.mark.parametrize(
    "text",
    [
        f"accounts: {{a: {WIF[:-1]}}}\n",
        f"accounts: {{a: {WIF[:-3]}}}\n",
        f"accounts: {{a: {WIF}x}}\n",
        f"accounts: {{a: {'5f' * 32}}}\n",
        f"accounts: {{a: {WIF}, a: 1}}\n",
        f"accounts: [{WIF}]\n",
        transfer_from(WIF),
    ],
)
def test_no_fixture_is_repeated_with_its_keys(tmp_path: Path, text: str) -> None:
    (tmp_path / "chain.yaml").write_text(text)
    failed = run("check", "chain.yaml", cwd=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert WIF[:20] not in failed.stderr
    assert "5f5f5f5f" not in failed.stderr


def test_a_password_of_digits_is_one(tmp_path: Path) -> None:
    words = ("--set", "RpcServer.RpcUser=0007", "--set", "RpcServer.RpcPass=12345")
    with running_node(*words, folder=tmp_path) as node:
        url = node.url.replace("http://", "http://0007:12345@")
        assert run("call", "--url", url, "getblockcount").stdout == "70011\n"
        assert run("call", "--url", node.url, "getblockcount").returncode == 1
