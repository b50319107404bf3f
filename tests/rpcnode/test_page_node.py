"""What the page for browsers tells of a node."""

import sys
from contextlib import closing

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.page_node import page_facts
from rpcnode.plugin import ProfileName
from rpcnode.primitives.json import document_of
from rpcnode.server.page.facts import PageFacts
from tests import PROJECT
from tests.node_process import run


def facts(**options: object) -> PageFacts:
    with closing(Node(NodeOptions(accounts=1, **options))) as node:  # type: ignore[arg-type]
        return page_facts(node)


@pytest.mark.parametrize(("profile", "emulated"), [("n3", "Neo:3"), ("n3-preview", "Neo:3.0"), ("n2", "Neo:2.12")])
def test_it_says_how_high_the_chain_is_and_which_node_is_emulated(profile: ProfileName, emulated: str) -> None:
    with closing(Node(NodeOptions(accounts=1, profile=profile))) as node:
        told = dict(page_facts(node).facts)
        assert told["Height"] == str(node.ledger.height)
        assert told["Emulates"].startswith(emulated)
        assert node.dev is not None
        document_of(node.dev.methods["dev_mine"]([3]))
        assert dict(page_facts(node).facts)["Height"] == str(int(told["Height"]) + 3)


def test_it_lists_every_method_with_what_its_author_says_of_it() -> None:
    with closing(Node(NodeOptions(accounts=1))) as node:
        page = page_facts(node)
        assert {method.name for method in page.methods} == set(node.methods) - {
            "openwallet"
        }  # disabled by RpcServer's config.json
    (tracker,) = [method for method in page.methods if method.name == "getnep17balances"]
    assert tracker.group == "TokensTracker"
    assert tracker.summary.endswith(".")
    with closing(Node(NodeOptions(accounts=1, profile="n2"))) as node:
        notes = {method.name: method.note for method in page_facts(node).methods}
    assert (notes["getblock"], notes["invokescript"]) == ("", "not yet")


def test_it_names_no_method_that_may_not_be_called() -> None:
    disabled = PluginSetting("RpcServer", "DisabledMethods", ["openwallet", "rpc.discover"], "--set")
    page = facts(settings=(disabled,))
    assert not {"openwallet", "rpc.discover"} & {method.name for method in page.methods}
    assert not [title for title, _ in page.documents if title.startswith("OpenRPC")]


def test_without_dev_methods_it_lists_none_and_links_to_no_openrpc_document() -> None:
    page = facts(dev=False)
    assert not [method.name for method in page.methods if method.name.startswith(("dev_", "rpc."))]
    assert not [title for title, _ in page.documents if title.startswith("OpenRPC")]


def test_nothing_of_the_page_is_loaded_before_a_browser_asks_for_it() -> None:
    script = """
import asyncio, sys
from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.options import NodeOptions
node = Node(NodeOptions(port=0))
endpoint = Endpoint(node)
print([name for name in sys.modules if name.startswith(("rpcnode.server.page", "rpcnode.page_node"))])
asyncio.run(endpoint._page("/", "", ""))
print("rpcnode.server.page.site" in sys.modules)
node.close()
"""
    done = run("-c", script, command=(sys.executable,), cwd=PROJECT)
    assert done.stdout.split("\n")[:2] == ["[]", "True"], done.stderr
