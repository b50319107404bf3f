"""What this version cannot do: it says so, or answers as a node without a wallet; never a guess."""

import pytest

from rpcnode.options import PluginSetting
from rpcnode.plugin import Fidelity
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, TOKEN, NodeBuilder, block, chain_of, error, result, transfers
from tests.plugins.parameter_errors import GUID, N3_ADDRESS

HASH = "0x" + "12" * 32
NOT_BUILT = "is not built in this version of rpcnode"
SESSIONS = PluginSetting("RpcServer", "SessionEnabled", True, "test")


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_the_older_nodes_say_so_too(build_once: NodeBuilder, profile: ProfileName) -> None:
    assert error(build_once(chain_of(height=1), profile), "invokescript", "51") == {
        "code": -32603,
        "message": "Internal error",
        "data": f"invokescript {NOT_BUILT}",
    }


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("dumpprivkey", [N3_ADDRESS]),
        ("getnewaddress", []),
        ("getwalletbalance", [TOKEN]),
        ("getwalletunclaimedgas", []),
        ("importprivkey", ["wif"]),
        ("listaddress", []),
        ("sendfrom", [TOKEN, N3_ADDRESS, N3_ADDRESS, "1"]),
        ("sendmany", [[{}]]),
        ("sendtoaddress", [TOKEN, N3_ADDRESS, "1"]),
        ("canceltransaction", [HASH, [N3_ADDRESS]]),
    ],
)
def test_without_a_wallet_n3_says_that_none_is_open(build_once: NodeBuilder, method: str, params: list[Json]) -> None:
    assert error(build_once(chain_of(height=1)), method, *params) == {"code": -302, "message": "No opened wallet"}


@pytest.mark.parametrize(
    ("profile", "method", "params"),
    [
        ("n3-preview", "getbalance", []),  # preview2 looks for the wallet first
        ("n3-preview", "getunclaimedgas", []),
        ("n3-preview", "sendfrom", []),
        ("n2", "getbalance", [TOKEN]),
        ("n2", "getunclaimedgas", []),
        ("n2", "claimgas", []),
        ("n2", "getwalletheight", []),
    ],
)
def test_without_a_wallet_older_nodes_deny_access(
    build_once: NodeBuilder, profile: ProfileName, method: str, params: list[Json]
) -> None:
    node = build_once(chain_of(height=1), profile)
    assert error(node, method, *params) == {"code": -400, "message": "Access denied"}


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_closing_no_wallet_succeeds(build_once: NodeBuilder, profile: ProfileName) -> None:
    assert result(build_once(chain_of(height=1), profile), "closewallet") is True


def test_a_transaction_in_the_wrong_form_is_refused_without_data(build_once: NodeBuilder) -> None:
    node = build_once(chain_of(height=1))
    assert error(node, "sendrawtransaction", "AAAA") == {
        "code": -32602,
        "message": "Invalid params - Invalid Transaction Format",
    }
    assert error(node, "submitblock", "AAAA") == {
        "code": -32602,
        "message": "Invalid params - Invalid Block Format: AAAA",
    }
    assert error(node, "calculatenetworkfee", "AAAA") == {
        "code": -32602,
        "message": "Invalid params - Invalid tx.",
    }


def test_what_is_on_the_chain_cannot_be_sent_again(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 1)))))
    transaction = result(node, "getblock", 1, True)["tx"][0]["hash"]
    already = {"code": -501, "message": "Inventory already exists - AlreadyExists"}
    assert error(node, "sendrawtransaction", result(node, "getrawtransaction", transaction)) == already
    assert error(node, "submitblock", result(node, "getblock", 1)) == already


def test_a_contract_without_a_fitting_verify_method_is_refused(build_once: NodeBuilder) -> None:
    node = build_once(chain_of(height=1))
    assert error(node, "invokecontractverify", "0x" + "ee" * 20) == {"code": -102, "message": "Unknown contract"}
    assert error(node, "invokecontractverify", TOKEN, [{"type": "Any"}]) == {
        "code": -512,
        "message": "Invalid contract verification function - The smart contract "
        f"{TOKEN} haven't got verify method with 1 input parameters.",
    }


DISABLED = {"code": -601, "message": "State iterator sessions disabled"}


def test_sessions_are_disabled_as_shipped(build_once: NodeBuilder) -> None:
    node = build_once(chain_of(height=1))
    assert error(node, "traverseiterator", GUID, GUID, 10) == DISABLED
    assert error(node, "terminatesession", GUID) == DISABLED


def test_enabled_sessions_check_the_count_before_they_say_that_there_is_none(build: NodeBuilder) -> None:
    node = build(chain_of(height=1), settings=(SESSIONS,))
    assert error(node, "traverseiterator", GUID, GUID, 101)["message"] == (
        "Invalid params - Invalid iterator items count count"
    )
    assert error(node, "traverseiterator", GUID, GUID, 100) == {"code": -107, "message": "Unknown session"}
    assert result(node, "terminatesession", GUID) is False


@pytest.mark.parametrize("guid", [GUID, GUID.upper(), GUID.replace("-", ""), f"{{{GUID}}}", f"({GUID})", f" {GUID} "])
def test_an_id_is_read_in_each_of_its_forms(build_once: NodeBuilder, guid: str) -> None:
    assert error(build_once(chain_of(height=1)), "terminatesession", guid) == DISABLED


@pytest.mark.parametrize("guid", [GUID[:-1], f"{{{GUID})", f"{{{GUID}", GUID.replace("-", "", 1), "g" * 32])
def test_what_is_no_id_is_refused(build_once: NodeBuilder, guid: str) -> None:
    detail = f'Invalid Guid: "{guid}"'
    assert error(build_once(chain_of(height=1)), "terminatesession", guid) == {
        "code": -32602,
        "message": f"Invalid params - {detail}",
        "data": detail,
    }


def test_nothing_of_n3_is_not_yet(build_once: NodeBuilder) -> None:
    methods = build_once(chain_of(height=1)).registry.methods
    assert [name for name, method in methods.items() if method.declaration.fidelity is Fidelity.NOT_YET] == []
