"""Each panel of the page, used as a person would."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from rpcnode.primitives.errors import ProfileName
from rpcnode.testing import LocalNode, start
from tests.rpcnode.server.page.browsers import PATIENCE, Browser, chromium
from tests.rpcnode.server.page.pages import EVIL

pytestmark = pytest.mark.slow

SHOP: Final[dict[str, Any]] = {
    "accounts": {"alice": {"seed": "alice"}, "shop": {"seed": "shop"}},
    "contracts": {
        "coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 2},
        "evil": {"standard": "NEP-17", "name": EVIL, "symbol": EVIL, "decimals": 0},
    },
    "balances": [
        {"account": "alice", "asset": "coin", "amount": 10000, "block": 1},
        {"account": "alice", "asset": "evil", "amount": 7, "block": 2},
        {"account": "alice", "asset": "GAS", "amount": 10_000_000_000, "block": 2},
    ],
}


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture(scope="module")
def started() -> Iterator[LocalNode]:
    with start(SHOP) as node:
        yield node


@pytest.fixture
def node(started: LocalNode) -> LocalNode:
    started.begin_anew()
    return started


@pytest.fixture
def browser(driver: webdriver.Chrome, node: LocalNode) -> Iterator[Browser]:
    """A window on a fresh chain; whatever a test does, the console stays empty."""
    found = Browser(driver, node.url)
    found.errors()
    yield found
    assert found.errors() == []


def asked(node: LocalNode, method: str, *params: object) -> int:
    """The status with which a call over HTTP is answered."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(node.url, body, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def pay(node: LocalNode, amount: int = 500) -> str:
    transfer = {"asset": "coin", "from": "alice", "to": "shop", "amount": amount}
    return str(node.call("dev_transfer", transfer))


def test_new_transactions_come_into_the_list_by_themselves(browser: Browser, node: LocalNode) -> None:
    browser.open("/")
    browser.find("main[data-live=yes]")
    pay(node)
    browser.until_text("alice sent 5 COIN to shop", "#transactions")
    node.call("dev_mine", 3)
    browser.until_text("at block 6")


def test_the_search_is_used_by_keyboard_alone(browser: Browser, node: LocalNode) -> None:
    browser.open("/")
    browser.find("body").send_keys(Keys.TAB)
    assert browser.script("return document.activeElement.textContent") == "To the content"
    field = browser.find("input[name=q]")
    field.send_keys("alice", Keys.ENTER)
    browser.until_text("Holdings")
    assert browser.driver.current_url == f"{node.url}/address/{node.accounts['alice'].address}"


def test_a_transaction_shows_its_calls_as_a_tree_and_storage_before_and_after(
    browser: Browser, node: LocalNode
) -> None:
    browser.open(f"/tx/{pay(node)}")
    tree = browser.until_text("transfer(alice, shop, 500, null) → true", "#calls")
    assert "The entry script" in tree
    assert "coin tells Transfer(alice, shop, 500)" in tree
    assert re.search(r"transfer\(.*\) → true 0\.\d+ GAS", tree)
    # 10,000 and 9,500, as NEO's integers: 0x2710 and 0x251c, the least significant byte first
    storage = browser.until_text("Storage", "#trace")
    assert "0x1027 0x1c25" in storage
    assert "nothing 0xf401" in storage


def test_a_failed_transaction_shows_where_it_failed(browser: Browser, node: LocalNode) -> None:
    call = {"contract": "coin", "method": "nothing", "signers": ["alice"], "faults": True}
    browser.open(f"/tx/{node.call('dev_invoke', call)}")
    browser.until_text("Calls", "#trace")
    assert "FAULT" in browser.until_text("nothing", ".fault") + browser.find("main").text


def test_an_account_shows_its_history(browser: Browser, node: LocalNode) -> None:
    transaction = pay(node)
    browser.open(f"/address/{node.accounts['alice'].address}")
    history = browser.until_text("-5", "#history")
    assert transaction[:10] in history
    assert "+100" in history
    browser.click("COIN")
    browser.until_text("Holders")


def test_what_was_moved_long_ago_and_tokens_with_ids_are_shown_too(browser: Browser, node: LocalNode) -> None:
    node.call("dev_deploy", {"key": "art", "standard": "NEP-11", "symbol": "ART"})
    node.call("dev_mint", {"asset": "art", "to": "alice", "amount": 1, "token_id": "0xabcd"})
    node.call("dev_increaseTime", 30 * 86_400_000)
    node.call("dev_mine")
    browser.open(f"/address/{node.accounts['alice'].address}")
    shown = browser.until_text("History", "#history")
    assert "ART 0xabcd 1" in shown
    assert "+100 COIN nobody" in shown


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_profiles_show_what_they_have(driver: webdriver.Chrome, profile: ProfileName) -> None:
    with start(profile=profile, accounts=2) as node:
        browser = Browser(driver, node.url)
        browser.errors()
        account = node.accounts["account1"]
        browser.open(f"/address/{account.address}")
        assert "+10000 DN5" in browser.until_text("History", "#history")
        coin = node.contracts["nep5"]
        browser.open(f"/contract/{coin}")
        form = browser.find("form[data-method=balanceOf]")
        browser.script("arguments[0].closest('details').open = true", form)
        form.find_element(By.NAME, "0").send_keys("account1", Keys.ENTER)
        browser.until_text("1000000000000", "form[data-method=balanceOf] output")
        assert not [each for each in browser.all("[data-act=send]") if each.is_displayed()]
        browser.open("/dev")
        panel = browser.panel("Mine")
        panel.press("Mine")
        browser.until_text("at block 70011", "#said")
        assert browser.errors() == []


def test_a_contract_is_read_by_its_forms(browser: Browser, node: LocalNode) -> None:
    browser.open(f"/contract/{node.contracts['coin']}")
    form = browser.find("form[data-method=balanceOf]")
    browser.script("arguments[0].closest('details').open = true", form)
    form.find_element(By.NAME, "0").send_keys("alice", Keys.ENTER)
    assert '"10000"' in browser.until_text("datoshi", "form[data-method=balanceOf] output")


def test_a_contract_is_sent_to_as_any_account(browser: Browser, node: LocalNode) -> None:
    browser.open(f"/contract/{node.contracts['coin']}")
    browser.find("#signer select").send_keys("alice")
    form = browser.find("form[data-method=transfer]")
    browser.script("arguments[0].closest('details').open = true", form)
    for name, value in (("0", "alice"), ("1", "shop"), ("2", "300")):
        form.find_element(By.NAME, name).send_keys(value)
    form.find_element(By.CSS_SELECTOR, "[data-act=send]").click()
    browser.until_text("Sent: 0x", "form[data-method=transfer] output")
    assert node.balances("shop")["coin"] == 300


def test_a_wrong_parameter_is_said_at_its_form(browser: Browser, node: LocalNode) -> None:
    browser.open(f"/contract/{node.contracts['coin']}")
    form = browser.find("form[data-method=balanceOf]")
    browser.script("arguments[0].closest('details').open = true", form)
    form.find_element(By.NAME, "0").send_keys("nobody", Keys.ENTER)
    browser.until_text("Invalid", "form[data-method=balanceOf] output .fault")


def test_storage_is_browsed_by_the_beginning_of_its_keys(browser: Browser, node: LocalNode) -> None:
    browser.open(f"/contract/{node.contracts['coin']}")
    panel = browser.panel("Storage")
    panel.fill(prefix="0x14")
    panel.press("Show storage")
    assert "0x1027" in browser.until_text("0x14", "#storage table")
    panel.fill(prefix="zzz")
    panel.press("Show storage")
    browser.until_text("No rows", "#storage")


def test_accounts_are_funded(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Fund")
    panel.fill(to="shop", asset="coin", amount="77")
    panel.press("Send")
    browser.until_text("Sent by transaction", "#said")
    assert node.balances("shop")["coin"] == 77


def test_blocks_are_mined_and_the_clock_is_moved(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Mine")
    panel.fill(blocks="5")
    panel.press("Mine")
    browser.until_text("at block 7", "#said")
    assert node.height == 7
    before = node.call("dev_info")["clock_ms"]
    panel = browser.panel("Clock")
    panel.fill(count="2", unit="hours")
    panel.press("Move")
    browser.until_text("It is ", "#said")
    assert node.call("dev_info")["clock_ms"] >= before + 2 * 3600 * 1000


def test_the_chain_goes_back_to_a_snapshot_and_to_its_start(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Snapshots")
    panel.fill(name="before")
    panel.press("Take a snapshot")
    browser.until_text("before", "section.card table")
    node.call("dev_mine", 4)
    browser.until_text("6", "#status")
    panel.press("Go back")
    browser.until_text("as it was at before", "#said")
    assert node.height == 2
    node.call("dev_mine", 4)
    panel.press("Back to the start")
    browser.until_text("at block 2", "#said")


def test_blocks_come_when_they_are_told_to(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Blocks come")
    panel.fill(mode="when mined")
    panel.press("Set")
    browser.until_text("when mined", "#status")
    pay(node)
    assert node.height == 2
    node.call("dev_setBlockTime", "instant")


def test_faults_are_set_strike_and_are_cleared(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Faults")
    panel.fill(method="getversion", effect="a status of HTTP", code="503", times="1")
    panel.press("Set")
    browser.until_text("Set as ", "#said")
    assert asked(node, "getversion") == 503
    panel.fill(method="getpeers", effect="an error", code="-5", message="gone")
    panel.press("Set")
    browser.until_text("getpeers", "section.wide table")
    browser.panel("Faults").press("Clear")
    browser.until_text("is cleared", "#said")
    assert node.call("dev_info")["faults"] == []


def test_accounts_are_impersonated_until_they_are_not(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Impersonate")
    panel.fill(account="alice")
    panel.press("Impersonate")
    browser.until_text("needs no witness now", "#said")
    address = node.accounts["alice"].address
    assert [each["address"] for each in node.call("dev_info")["impersonated"]["accounts"]] == [address]
    browser.panel("Impersonate").press("Stop")
    browser.until_text("signs again", "#said")
    assert node.call("dev_info")["impersonated"]["accounts"] == []


def test_what_a_command_says_is_wrong_is_shown(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Fund")
    panel.fill(to="nobody")
    panel.press("Send")
    browser.until_text("nobody", "#said")
    assert node.height == 2


def test_the_journal_shows_calls_errors_and_faults_as_they_come(browser: Browser, node: LocalNode) -> None:
    browser.open("/journal")
    browser.until_text("without dev methods")
    asked(node, "getblock", 9999, 1)
    browser.until_text("-101 Unknown block", "#entries")
    node.call("dev_setFault", {"method": "getpeers", "error": {"code": -7, "message": "gone"}})
    asked(node, "getpeers")
    browser.until_text("-7 gone injected: ", "#entries")
    node.call("getconnectioncount")
    browser.until_text("getconnectioncount", "#entries")
    browser.find("input[name=wrong]").click()
    browser.until_no_text("getconnectioncount", "#entries")
    browser.find("input[name=filter]").send_keys("getblock")
    browser.until_no_text("getpeers", "#entries")


def test_a_call_is_repeated_and_copied_as_curl(browser: Browser, node: LocalNode) -> None:
    asked(node, "getblock", 0, "it's")
    browser.open("/journal")
    entry = browser.find("#entries details")
    entry.find_element(By.TAG_NAME, "summary").click()
    buttons = {button.text: button for button in entry.find_elements(By.TAG_NAME, "button")}
    buttons["Repeat"].click()
    browser.until_text("Again, status 200", "#entries details[open]")
    browser.script("navigator.clipboard.writeText = async (text) => { document.title = text; }")
    buttons["Copy as curl"].click()
    browser.until_text("Copied", "#said")
    body = r'{"jsonrpc":"2.0","id":1,"method":"getblock","params":[0,"it' + "'\\''" + 's"]}'
    assert browser.driver.title == f"curl {node.url}/ -H 'Content-Type: application/json' -d '{body}'"


def test_the_look_is_switched_and_stays(browser: Browser) -> None:
    browser.open("/")
    browser.script("localStorage.clear()")
    browser.open("/")
    back = "return getComputedStyle(document.body).backgroundColor"
    before, button = browser.script(back), browser.find("#theme")
    button.click()
    switched = browser.script(back)
    browser.open("/methods")
    assert browser.script(back) == switched != before
    browser.script("localStorage.clear()")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(browser: Browser, node: LocalNode, width: int) -> None:
    transaction, coin = pay(node), node.contracts["coin"]
    alice = node.accounts["alice"].address
    metrics = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for address, ready in (
            *(("/", "#blocks"), (f"/tx/{transaction}", "#calls"), (f"/contract/{coin}", "#storage form")),
            *((f"/address/{alice}", "#history table"), ("/dev", "#status"), ("/journal", "#entries")),
            *(("/block/1", "#transactions"), ("/methods", "h3"), ("/nothing", "h1")),
        ):
            browser.open(address)
            browser.find(ready)
            assert browser.script("return document.documentElement.scrollWidth") <= width, address
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    # The page that is not there is an error to the console, and to nobody else.
    assert all("/nothing" in error for error in browser.errors())


def test_a_name_that_is_a_script_is_not_run(browser: Browser, node: LocalNode) -> None:
    contract, alice = node.contracts["evil"], node.accounts["alice"].address
    transaction = str(node.call("dev_transfer", {"asset": "evil", "from": "alice", "to": "shop", "amount": 1}))
    for address, ready in (
        *(("/", "#transactions"), (f"/contract/{contract}", "#signer select"), (f"/tx/{transaction}", "#calls")),
        *((f"/address/{alice}", "#history table"), ("/dev", "#status")),
    ):
        browser.open(address)
        browser.find(ready)
        assert browser.script("return document.scripts.length") == 2
    browser.open(f"/contract/{contract}")
    browser.until_text(EVIL)


def test_a_page_of_another_origin_can_neither_read_nor_command(
    browser: Browser, driver: webdriver.Chrome, node: LocalNode
) -> None:
    # A page that is nobody's origin, as a stranger's would be.
    driver.get("data:text/html,<h1>stranger</h1>")
    tried = driver.execute_async_script(
        """
        const [url, done] = arguments;
        const body = JSON.stringify({jsonrpc: "2.0", id: 1, method: "dev_mine", params: [5]});
        const told = (promise) => promise.then((got) => String(got), (error) => error.name);
        const socket = new Promise((resolve) => {
          const opened = new WebSocket(url.replace("http", "ws") + "/ws");
          opened.onopen = () => resolve("open");
          opened.onerror = () => resolve("refused");
        });
        Promise.all([
          told(fetch(url + "/", {headers: {Accept: "text/html"}}).then((got) => got.text())),
          told(fetch(url + "/", {method: "POST", body}).then((got) => got.text())),
          told(import(url + "/page/main.js")),
          socket,
        ]).then(done);
        """,
        node.url,
    )
    browser.errors()  # of a stranger's page, which are right
    assert tried[0] == "TypeError"
    assert "result" not in tried[1]
    assert tried[2] == "TypeError"
    assert tried[3] == "refused"
    assert node.height == 2
