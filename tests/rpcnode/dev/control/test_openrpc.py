"""rpc.discover: valid OpenRPC of exactly the methods that answer, whose schemas and examples hold."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final, get_args

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped, unused-ignore]
from referencing.jsonschema import DRAFT7

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.errors import ProfileName
from rpcnode.testing import in_process
from tests.oracles.described import RECORDINGS, recorded_calls
from tests.recorded_answers import DATA

PROFILES: Final[tuple[ProfileName, ...]] = get_args(ProfileName)
META: Final = json.loads((DATA / "openrpc/meta-schema.json").read_text("utf-8"))
META_OF_SCHEMAS: Final = "https://meta.json-schema.tools/"
AS_RECORDED: Final[dict[ProfileName, dict[str, Any]]] = {
    "n3": {"RpcServer.ExpandIterators": False, "StateService.FullState": True},
    "n3-preview": {"RpcNep5Tracker.ErrorSemantics": "reference", "RpcNep5Tracker.Clock": "wall"},
    "n2": {"RpcNep5Tracker.ErrorSemantics": "reference", "RpcNep5Tracker.Clock": "wall"},
}
WITHOUT_EXAMPLE: Final = {
    # Their parameters are a whole chain, a transaction that has another hash on each, a contract, and a request.
    *("dev_loadState", "dev_trace", "dev_setContract", "dev_oracleResponse"),
    # What they answer moves, or is longer than an example.
    *("getversion", "listplugins", "getnativecontracts"),
    # Once a wallet is open, or never the same twice.
    *("canceltransaction", "claimgas", "closewallet", "dumpprivkey", "getbalance", "getnewaddress", "getunclaimedgas"),
    *("getwalletbalance", "getwalletheight", "getwalletunclaimedgas", "importprivkey", "listaddress", "openwallet"),
    *("sendfrom", "sendmany", "sendtoaddress", "sendrawtransaction", "submitblock", "relay", "sign", "signmsg"),
    # Of a session, which is another each time.
    *("terminatesession", "traverseiterator"),
    # Recorded of no n3 node, which has TokensTracker.
    *("getnep5balances", "getnep5transfers"),
}
OF_SCRIPTS: Final = {
    "dev_designate",
    "dev_impersonate",
    "dev_setBalance",
    "dev_setStorage",
    "dev_stopImpersonating",
    "dev_invoke",
    "invoke",
    "invokescript",
    "getstateroot",
}
"""Those that the older profiles, whose scripts are not run, have no example of."""


def meta_validator() -> jsonschema.Draft7Validator:
    """OpenRPC's, with JSON Schema's own where it refers to that."""
    draft = REGISTRY.contents("http://json-schema.org/draft-07/schema#")
    of_schemas = {**draft, "definitions": {**draft["definitions"], "JSONSchemaObject": draft}}
    registry = REGISTRY.with_resource(META_OF_SCHEMAS.rstrip("/"), DRAFT7.create_resource(of_schemas))
    registry = registry.with_resource(META_OF_SCHEMAS, DRAFT7.create_resource(of_schemas))
    return jsonschema.Draft7Validator(META, registry=registry)


@pytest.fixture(scope="module", params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    found: ProfileName = request.param
    return found


@pytest.fixture(scope="module")
def document(profile: ProfileName) -> Iterator[dict[str, Any]]:
    with in_process(profile=profile) as node:
        yield node.call("rpc.discover")


@pytest.fixture(scope="module")
def methods(document: dict[str, Any]) -> dict[str, Any]:
    return {method["name"]: method for method in document["methods"]}


def test_it_is_what_the_meta_schema_asks_for(document: dict[str, Any]) -> None:
    meta_validator().validate(document)


def test_the_meta_schema_refuses_what_is_no_document(document: dict[str, Any]) -> None:
    validator = meta_validator()
    assert not validator.is_valid({**document, "openrpc": "0.1"})
    assert not validator.is_valid({**document, "methods": [{"name": "without params"}]})


@pytest.mark.parametrize("disabled", [[], ["getblock", "dev_mine"]], ids=["none", "some"])
def test_it_lists_exactly_the_methods_that_answer(profile: ProfileName, disabled: list[str]) -> None:
    setting = PluginSetting("RpcServer", "DisabledMethods", [*disabled], "--set")
    settings = (
        (setting,) if profile != "n2" else (PluginSetting("RpcSecurity", "DisabledMethods", [*disabled], "--set"),)
    )
    with closing(Node(NodeOptions(profile=profile, settings=settings))) as node:
        found = [method["name"] for method in node.methods["rpc.discover"]([]).value["methods"]]  # type: ignore[union-attr, index, call-overload]
        assert found == sorted(set(node.methods) - set(disabled))


def test_every_schema_is_one_and_says_something(methods: dict[str, Any]) -> None:
    bare = []
    for name, method in methods.items():
        for schema in (method["result"]["schema"], *(each["schema"] for each in method["params"])):
            jsonschema.Draft7Validator.check_schema(schema)
        if not method["result"]["schema"] and method["x-fidelity"] != "not yet":
            bare.append(name)
    # A wallet's, a session's and what was only ever refused: no node was recorded answering these.
    assert set(bare) <= {
        *("canceltransaction", "getnewaddress", "getunclaimedgas", "getwalletheight", "listaddress", "relay", "sign"),
        "sendrawtransaction",
        "submitblock",
        "terminatesession",
        "traverseiterator",
    }


def test_every_method_has_an_example_but_those_that_cannot(profile: ProfileName, methods: dict[str, Any]) -> None:
    without = {name for name, method in methods.items() if not method["examples"]}
    assert without - WITHOUT_EXAMPLE - (set() if profile == "n3" else OF_SCRIPTS) == set()


def test_examples_name_parameters_that_there_are_and_that_fit(methods: dict[str, Any]) -> None:
    for method in methods.values():
        declared = {each["name"]: each["schema"] for each in method["params"]}
        required = [each["name"] for each in method["params"] if each["required"]]
        for example in method["examples"]:
            given = {each["name"]: each["value"] for each in example["params"]}
            assert set(required) <= set(given) <= set(declared), method["name"]
            for name, value in given.items():
                jsonschema.validate(value, declared[name])


def test_examples_of_dev_methods_do_what_they_say(profile: ProfileName, methods: dict[str, Any]) -> None:
    order = json.loads((DATA.parents[1] / "rpcnode/dev/control/openrpc.json").read_text("utf-8"))
    assert {name for name, method in methods.items() if method["tags"] == [{"name": "dev"}]} == set(order)
    with in_process(profile=profile) as node:
        for name in order:
            for example in methods[name]["examples"]:
                result = node.call(name, *(each["value"] for each in example["params"]))
                jsonschema.validate(result, methods[name]["result"]["schema"])
                if "result" in example:
                    assert result == example["result"]["value"], name


@pytest.mark.slow
def test_examples_are_answered_on_the_recorded_chain_as_they_say(profile: ProfileName, methods: dict[str, Any]) -> None:
    chain = DATA / RECORDINGS[profile].partition("/")[0] / "chain.json.gz"
    with in_process(chain, profile=profile, settings=AS_RECORDED[profile]) as node:
        wrong = {
            name: result
            for name, method in methods.items()
            if method["tags"] != [{"name": "dev"}]
            for example in method["examples"]
            if (result := node.call(name, *(each["value"] for each in example["params"]))) != example["result"]["value"]
        }
    assert wrong == {}


@pytest.mark.slow
def test_every_recorded_answer_is_as_the_document_says(profile: ProfileName, methods: dict[str, Any]) -> None:
    validators = {name: jsonschema.Draft7Validator(method["result"]["schema"]) for name, method in methods.items()}
    codes = {name: {error["code"] for error in method["errors"]} for name, method in methods.items()}
    counted = 0
    for name, _, answer, _ in recorded_calls(profile):
        if name not in methods or methods[name]["tags"] == [{"name": "dev"}]:
            continue
        counted += 1
        if "error" in answer:
            assert answer["error"]["code"] in codes[name], name
        else:
            validators[name].validate(answer["result"])
    assert counted > 1000
