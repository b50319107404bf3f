"""The pytest plugin, as users have it: in suites of their own, in processes of their own, without a conftest.py."""

import os
from collections.abc import Callable
from importlib.metadata import entry_points

import pytest

from rpcnode.testing import start
from tests import EVERYTHING, PROJECT
from tests.rpcnode.dev.compiled_contracts import FOLDER, write_shop
from tests.rpcnode.testing.shop_chain import SHOP

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.slow

MODULE = "rpcnode.testing.pytest_plugin"
IS_INSTALLED = any(entry.value == MODULE for entry in entry_points(group="pytest11"))
"""Whether pytest finds the plugin by itself; in a checkout that is not installed it is named."""

OTHERS = ("aiohttp", "anyio", "asyncio", "hypothesispytest", "schemathesis", "cacheprovider")
"""Plugins that these suites do without, to start sooner."""

Run = Callable[..., pytest.RunResult]


CONTRACTS = """
from pathlib import Path
import pytest
from rpcnode.testing import ContractFault

pytestmark = pytest.mark.rpcnode(fixture="chain.yaml")
HERE = Path(__file__).parent

@pytest.mark.parametrize("amount", range(1, 26))
def test_deployed(rpcnode, amount):
    beans = rpcnode.deploy("beans", nef=HERE / "beans.nef", signers=["alice"]).contract
    sent = beans.transfer("alice", "bob", amount, None, signers=["alice"])
    assert (sent.result, beans.balance_of("bob"), beans.balance_of("alice")) == (True, amount, 1000 - amount)
    with pytest.raises(ContractFault):
        beans.destroy(signers=["bob"])
    assert rpcnode.height == 4

@pytest.mark.parametrize("amount", range(1, 26))
def test_called(rpcnode, amount):
    shop = rpcnode.contract("shop")
    assert shop.sold("bob") == 0
    assert shop.buy("bob", amount, signers=["bob"]).result == 7 * amount
    assert (shop.sold("bob"), rpcnode.height) == (amount, 3)
"""
"""Fifty tests, each of which deploys a contract or calls one."""

STATES = """
import json, urllib.request
import pytest

CHAIN = "contracts: {coin: {standard: NEP-17, decimals: 0}}\\naccounts: {alice: {seed: a}}\\nnode: {height: 2}"
pytestmark = pytest.mark.rpcnode(fixture=CHAIN)

def count(url):
    body = b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, body) as response:
        return json.load(response)["result"]

@pytest.mark.parametrize("amount", range(1, 26))
def test_fresh(rpcnode, rpcnode_url, amount):
    assert (count(rpcnode_url), rpcnode.balances("alice"), rpcnode.journal("getversion")) == (3, {}, [])
    rpcnode.call("getversion")
    rpcnode.mint("coin", "alice", amount)
    rpcnode.set_time(10**13 + amount)
    rpcnode.set_fault("getblockhash", drop=True)
    assert (count(rpcnode_url), rpcnode.balance("alice", "coin")) == (4, amount)

@pytest.mark.rpcnode(shared=True)
@pytest.mark.parametrize("amount", range(1, 26))
def test_shared(rpcnode, rpcnode_url, amount):
    assert (count(rpcnode_url), rpcnode.balances("alice"), rpcnode.snapshots()) == (3, {}, [])
    rpcnode.verify("getblockcount", times=1)
    assert rpcnode.call("getblockhash", 1).startswith("0x")
    rpcnode.snapshot()
    rpcnode.mint("coin", "alice", amount)
    rpcnode.mine(amount)
    rpcnode.set_block_time("manual")
    rpcnode.set_fault("getblockhash", drop=True)
    assert (count(rpcnode_url), rpcnode.balance("alice", "coin")) == (4 + amount, amount)
"""
"""Fifty tests that change chain, clock and faults, on nodes of their own and on one that they share."""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the suite in the test's folder; in order and in one process, unless its arguments say otherwise."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    switched_off = [part for name in OTHERS for part in ("-p", f"no:{name}")]

    def run_suite(*arguments: str, in_order: bool = True) -> pytest.RunResult:
        order = ["-p", "no:randomly"] if in_order else []
        named = [] if IS_INSTALLED else ["-p", MODULE]
        return pytester.runpytest_subprocess(*switched_off, *named, *order, "-W", "error", *arguments)

    return run_suite


def test_suites_that_deploy_call_and_change_state_pass_on_several_processes_in_random_order(
    pytester: pytest.Pytester, run: Run
) -> None:
    write_shop(pytester.path)
    for name in ("beans.nef", "beans.manifest.json"):
        (pytester.path / name).write_bytes((FOLDER / name).read_bytes())
    pytester.makefile(
        ".yaml",
        chain="""
        accounts: {alice: {seed: alice}, bob: {seed: bob}}
        balances: [{account: alice, asset: GAS, amount: "100000000000", block: 1}]
        contracts: {shop: {nef: shop.nef, manifest: shop.manifest.json, data: 7, deployed_at: 2}}
        """,
    )
    pytester.makepyfile(test_contracts=CONTRACTS, test_states=STATES)
    result = run("-n", "8" if EVERYTHING else "3", in_order=False)
    result.assert_outcomes(passed=100)
    result.stdout.fnmatch_lines(["Using --randomly-seed=*"])


def test_a_failing_test_reports_the_calls_its_node_has_seen(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        def test_fails(rpcnode):
            rpcnode.call("getblockhash", 0)
            rpcnode.call("getblock", 10**6)

        def test_passes(rpcnode):
            rpcnode.call("getversion")

        def test_fails_without_a_call(rpcnode):
            assert rpcnode.height < 0

        def test_fails_without_a_node():
            assert False
        """
    )
    result = run("-n", "3")
    result.assert_outcomes(passed=1, failed=3)
    text = result.stdout.str()
    result.stdout.fnmatch_lines(["*- rpcnode calls -*", "#1 getblockhash ?0? -> *", "#2 getblock ?1000000? -> error *"])
    assert text.count("- rpcnode calls -") == 1
    assert "getversion" not in text


def test_a_report_keeps_its_calls_on_the_way_from_another_process(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("def test_fails(rpcnode):\n    rpcnode.call('getblock', 10**6)\n")
    result = run("-n", "3")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- rpcnode calls -*", "#1 getblock *"])


def test_what_fails_after_the_node_has_ended_is_reported_all_the_same(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def fails_last():
            yield
            assert False, "in the end"

        def test_it(fails_last, rpcnode):
            rpcnode.call("getblockcount")

        @pytest.mark.rpcnode(shared=True)
        def test_shared(fails_last, rpcnode):
            rpcnode.call("getblockcount")
        """
    )
    result = run()
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(["*AssertionError: in the end*"])
    assert result.stdout.str().count("#1 getblockcount [] -> ") == 2


def test_what_fails_in_the_teardown_of_a_fixture_is_reported_with_the_calls(
    pytester: pytest.Pytester, run: Run
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def paid(rpcnode):
            yield rpcnode.call("getblockcount")
            assert rpcnode.call("getversion") is None

        def test_it(paid): ...
        """
    )
    result = run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*- rpcnode calls -*", "#1 getblockcount [[][]] -> *", "#2 getversion [[][]] -> *"])


def test_a_difference_is_shown_where_the_test_asked_for_it(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("def test_it(rpcnode):\n    rpcnode.verify('getversion', times=2)\n")
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [">       rpcnode.verify*", "E       AssertionError: expected 2 calls of getversion, seen 0"]
    )
    assert "node_control.py" not in result.stdout.str()


def test_a_run_without_a_node_loads_nothing_of_it(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_loaded():
            ours = {name for name in sys.modules if name.startswith("rpcnode")}
            allowed = {"rpcnode", "rpcnode.testing", "rpcnode.testing.pytest_plugin", "rpcnode.testing.pytest_fixtures"}
            assert ours <= allowed
            assert not {"aiohttp", "sqlite3", "yaml"} & set(sys.modules)
        """
    )
    run("-p", "no:xdist").assert_outcomes(passed=1)


def test_switched_off_there_is_nothing_of_it(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makeini("[pytest]\nrpcnode = off\n")
    pytester.makepyfile(
        """
        import sys
        import pytest

        def test_needs_a_node(rpcnode): ...

        @pytest.fixture
        def rpcnode_url():
            return "mine"

        def test_has_its_own(rpcnode_url):
            assert rpcnode_url == "mine"
            assert "rpcnode.testing.pytest_fixtures" not in sys.modules
        """
    )
    result = run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*fixture 'rpcnode' not found*"])
    assert "@pytest.mark.rpcnode" not in run("--markers").stdout.str()


def test_the_marker_is_known_where_markers_are_strict(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.rpcnode(profile="n2")
        def test_profile(rpcnode):
            assert rpcnode.accounts["account1"].address.startswith("A")
        """
    )
    run("--strict-markers").assert_outcomes(passed=1)
    run("--markers").stdout.fnmatch_lines(["@pytest.mark.rpcnode(fixture=None, profile='n3', shared=False, ...): *"])


def test_a_cassette_is_recorded_once_beside_the_test_and_replayed_then(pytester: pytest.Pytester, run: Run) -> None:
    folder = pytester.mkdir("inner")
    (folder / "test_count.py").write_text(
        "import os, pytest\n\n"
        "@pytest.mark.rpcnode(cassette='calls.jsonl', upstream=os.environ['UPSTREAM'])\n"
        "def test_count(rpcnode):\n"
        "    assert rpcnode.call('getblockcount') == 4\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        with start({"blocks": [{"index": 3, "transactions": []}]}) as upstream:
            patch.setenv("UPSTREAM", upstream.url)
            run().assert_outcomes(passed=1)
        assert len((folder / "calls.jsonl").read_text().splitlines()) == 2
        run().assert_outcomes(passed=1)  # the upstream is gone


def test_fixture_files_are_looked_for_beside_the_test_and_from_the_root_on(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makeini("[pytest]\nrpcnode_fixture = chains/default.yaml\nrpcnode_profile = n3-preview\n")
    chains = pytester.mkdir("chains")
    (chains / "default.yaml").write_text("node: {height: 11}\n", "utf-8")
    (chains / "other.yaml").write_text("node: {height: 12}\n", "utf-8")
    inner = pytester.mkdir("inner")
    (inner / "shop.yaml").write_text(SHOP, "utf-8")
    (inner / "test_inner.py").write_text(
        """
import pytest

from rpcnode.testing import start

@pytest.mark.rpcnode
def test_default(rpcnode):
    assert (rpcnode.height, rpcnode.info()["profile"]) == (11, "n3-preview")

@pytest.mark.rpcnode(fixture="shop.yaml", profile="n3")
class TestShop:
    def test_beside(self, rpcnode):
        assert rpcnode.balance("bob", "coin") == 20

    @pytest.mark.rpcnode(fixture=["shop.yaml", {"node": {"height": 5}}])
    def test_several(self, rpcnode):
        assert (rpcnode.height, rpcnode.info()["profile"]) == (5, "n3")

@pytest.mark.rpcnode(fixture="chains/other.yaml", settings={"TokensTracker.MaxResults": 3})
def test_from_the_root(rpcnode):
    assert rpcnode.height == 12
""",
        "utf-8",
    )
    # TokensTracker is no plugin of n3-preview: what the marker says is what the node is started with.
    result = run()
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["rpcnode does not start: settings?'TokensTracker.MaxResults'?: *"])


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        ("'chain.yaml'", "*the marker rpcnode takes arguments by name, and not ('chain.yaml',)*"),
        ("fixtures='chain.yaml'", "the marker rpcnode has no argument 'fixtures'; did you mean fixture[?]"),
        ("zip='0'", "the marker rpcnode has no argument 'zip'; there are fixture, shared, profile, *"),
        ("fixture=7", "rpcnode does not start: a fixture is a path, a text of YAML or a mapping, and not 7"),
        ("fixture='nowhere.yaml'", "rpcnode does not start: *nowhere.yaml: cannot be read: No such file or directory"),
    ],
    ids=["by position", "nearly right", "unknown", "no fixture", "no file"],
)
def test_a_marker_that_is_wrong_says_so(pytester: pytest.Pytester, run: Run, marker: str, line: str) -> None:
    pytester.makepyfile(f"import pytest\n@pytest.mark.rpcnode({marker})\ndef test_it(rpcnode): ...\n")
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])


def test_async_tests_have_the_same_fixtures(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(
        """
        import aiohttp

        async def test_it(rpcnode, rpcnode_url):
            call = {"jsonrpc": "2.0", "id": 1, "method": "getblockcount", "params": []}
            async with aiohttp.ClientSession() as client, client.post(rpcnode_url, json=call) as response:
                assert (await response.json())["result"] == rpcnode.height + 1
        """
    )
    named = [] if IS_INSTALLED else ["-p", MODULE]
    pytester.runpytest_subprocess(*named, "-p", "no:randomly", "-p", "no:schemathesis").assert_outcomes(passed=1)


@pytest.mark.parametrize("shared", [False, True])
def test_a_chain_that_is_wrong_is_reported_once_and_each_test_fails(
    pytester: pytest.Pytester, run: Run, shared: bool
) -> None:
    (pytester.path / "chain.yaml").write_text("node: {height: 5}\nnoed: 1\n", "utf-8")
    pytester.makepyfile(
        test_it=f"""
import pytest

from rpcnode.testing import start
pytestmark = pytest.mark.rpcnode(fixture="chain.yaml", shared={shared})

def test_first(rpcnode): ...
def test_second(rpcnode_url): ...
def test_third(rpcnode): ...
"""
    )
    result = run()
    result.assert_outcomes(errors=3)
    reasons = [line for line in result.outlines if line.startswith("rpcnode does not start: ")]
    assert [reason.partition("chain.yaml:2: noed: unknown key")[1] != "" for reason in reasons] == [True, False, False]
    assert reasons[1:] == ["rpcnode does not start: as in test_it.py::test_first"] * 2
    assert not any("Traceback" in line for line in result.outlines)
