"""A wrong value of a setting that is a password or a key."""

from dataclasses import dataclass

import pytest

from rpcnode.plugin.config import PluginConfig, Setting, make_config
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json


@dataclass(frozen=True, slots=True)
class SecretConfig(PluginConfig):
    keys: tuple[str, ...] = ()
    rpc_pass: str = ""
    cert_password: str = ""
    api_key: str = ""


@pytest.mark.parametrize("key", ["Keys", "RpcPass", "CertPassword", "ApiKey"])
@pytest.mark.parametrize("value", [{"hunter": 2}, 0.5])
def test_a_wrong_value_of_a_secret_is_not_shown(key: str, value: Json) -> None:
    with pytest.raises(NodeError) as caught:
        make_config("Sample", SecretConfig, [Setting(key, value, "a test")])
    right = "a list" if key == "Keys" else "a text"
    assert str(caught.value) == f"a test: Sample.{key}: {right} is expected"
