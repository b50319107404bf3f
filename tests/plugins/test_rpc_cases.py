"""The shapes of the upstream clients' recorded cases (RpcTestCases.json): members and their order.

The data is not part of the project; without it these tests are skipped.
"""

import json
import re
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests import PROJECT
from tests.plugins.node_builder import HOLDER, NodeBuilder, block, chain_of, result, transfers

DATA = PROJECT.parent / "shared" / "data"
FILES: dict[ProfileName, str] = {"n3": "rpc-cases-n3.json", "n3-preview": "rpc-cases-n3-preview2.json"}


def case_result(profile: ProfileName, method: str, parameter_count: int) -> Any:
    """What the recorded node answered to the first request for a method with so many parameters."""
    file = DATA / FILES[profile]
    if not file.exists():
        pytest.skip(f"{file.name} is not beside this checkout")
    cases = json.loads(re.sub(r"(?m)^\s*//.*$", "", file.read_text("utf-8")))
    for case in cases:
        request = case["Request"]
        if request["method"] == method and len(request["params"]) == parameter_count:
            return case["Response"]["result"]
    raise LookupError(f"{file.name} has no case of {method} with {parameter_count} parameters")


def members(answer: Any, but: frozenset[str], path: str = "") -> dict[str, list[str]]:
    """The members of each object in their order, less those in `but`; of a list's objects one stands for all."""
    if isinstance(answer, list):
        return {place: names for item in answer for place, names in members(item, but, f"{path}[]").items()}
    if not isinstance(answer, dict):
        return {}
    found = {path: [name for name in answer if name not in but]}
    for name, value in answer.items():
        if name not in but:
            found |= members(value, but, f"{path}.{name}")
    return found


@pytest.fixture(scope="module")
def nodes(build_once: NodeBuilder) -> dict[ProfileName, Node]:
    """A chain with one transfer of GAS, for each profile."""
    chain = chain_of(block(1, transfers((None, HOLDER, 7), asset="GAS")), contracts={})
    return {profile: build_once(chain, profile) for profile in FILES}


def call(node: Node, method: str, params: list[Json]) -> Any:
    transaction = result(node, "getblock", 1, True)["tx"][-1]["hash"]
    return result(node, method, *(transaction if value == "TRANSACTION" else value for value in params))


GAS: dict[ProfileName, str] = {
    "n3": "0xd2a4cff31913016155e38e474a2c06d08be276cf",
    "n3-preview": "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b",
}
BALANCE_OF: list[Json] = ["balanceOf", [{"type": "Hash160", "value": HOLDER}]]
NOTHING_BUT: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("profile", "method", "params", "but"),
    [
        ("n3", "getcontractstate", ["gastoken"], NOTHING_BUT),
        ("n3", "getcontractstate", [-6], NOTHING_BUT),
        ("n3", "getcontractstate", [GAS["n3"]], NOTHING_BUT),
        ("n3", "getnativecontracts", [], NOTHING_BUT),
        ("n3", "getrawmempool", [True], NOTHING_BUT),
        ("n3", "getunclaimedgas", [HOLDER], NOTHING_BUT),
        ("n3", "getnextblockvalidators", [], NOTHING_BUT),
        # preview3's `vmstate` went away before N3's first release
        ("n3", "getrawtransaction", ["TRANSACTION", True], frozenset(("vmstate",))),
        # the case is older than `exception` and `notifications`, and its node had a wallet open
        ("n3", "invokefunction", [GAS["n3"], *BALANCE_OF], frozenset(("exception", "notifications", "tx"))),
        ("n3-preview", "getcontractstate", [GAS["n3-preview"]], NOTHING_BUT),
        ("n3-preview", "getrawmempool", [True], NOTHING_BUT),
        ("n3-preview", "getvalidators", [], NOTHING_BUT),
        ("n3-preview", "getrawtransaction", ["TRANSACTION", True], NOTHING_BUT),
        ("n3-preview", "invokefunction", [GAS["n3-preview"], *BALANCE_OF], frozenset(("tx",))),
        ("n3-preview", "getapplicationlog", ["TRANSACTION"], NOTHING_BUT),
    ],
)
def test_members_and_their_order_are_the_recorded_ones(
    nodes: dict[ProfileName, Node], profile: ProfileName, method: str, params: list[Json], but: frozenset[str]
) -> None:
    recorded = case_result(profile, method, len(params))
    assert members(call(nodes[profile], method, params), but) == members(recorded, but)
