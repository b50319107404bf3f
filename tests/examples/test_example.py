import json
import urllib.error
import urllib.request

import pytest

from rpcnode.testing import LocalNode

pytestmark = pytest.mark.rpcnode(fixture="shop.yaml")


def coins_of(url: str, address: str) -> int:
    """Stands for your program, which asks a node what an account holds."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "getnep17balances", "params": [address]}
    with urllib.request.urlopen(url, json.dumps(call).encode()) as response:
        return sum(int(row["amount"]) for row in json.load(response)["result"]["balance"])


def test_a_payment_arrives(rpcnode: LocalNode, rpcnode_url: str) -> None:
    shop = rpcnode.accounts["shop"].address
    rpcnode.transfer("coin", "alice", "shop", 5)  # a real transaction, in a real block
    assert coins_of(rpcnode_url, shop) == 5
    rpcnode.rewind(1)  # the block is gone again, and the trackers know
    assert coins_of(rpcnode_url, shop) == 0


def test_each_test_has_a_chain_of_its_own(rpcnode: LocalNode) -> None:
    assert rpcnode.balances("alice") == {"coin": 100}


def test_a_node_in_trouble_is_asked_once(rpcnode: LocalNode, rpcnode_url: str) -> None:
    rpcnode.set_fault("getnep17balances", http_status=503)
    with pytest.raises(urllib.error.HTTPError):
        coins_of(rpcnode_url, rpcnode.accounts["shop"].address)
    rpcnode.verify("getnep17balances", times=1)
