"""The pages of a chain, used as a person would."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from rpcnode.fixtures import __path__ as fixtures
from rpcnode.primitives.errors import ProfileName
from rpcnode.testing import LocalNode, start
from tests.rpcnode.server.page.browsers import Browser, asked, pay
from tests.rpcnode.server.page.pages import EVIL

pytestmark = pytest.mark.slow


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
    assert "-5 COIN shop" in history
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
        form = browser.find("form[data-method=symbol]")
        browser.script("arguments[0].closest('details').open = true; arguments[0].requestSubmit()", form)
        browser.until_text('"DN5"', "form[data-method=symbol] output")
        assert not [each for each in browser.all("[data-act=send]") if each.is_displayed()]
        browser.open("/dev")
        panel = browser.panel("Mine")
        panel.press("Mine")
        browser.until_text("at block 70011", "#said")
        assert browser.errors() == []


def test_a_contract_is_read_by_its_forms_and_says_what_is_wrong_there(browser: Browser, node: LocalNode) -> None:
    browser.open(f"/contract/{node.contracts['coin']}")
    form = browser.find("form[data-method=balanceOf]")
    browser.script("arguments[0].closest('details').open = true", form)
    field = form.find_element(By.NAME, "0")
    field.send_keys("alice", Keys.ENTER)
    assert browser.until_text("datoshi", "form[data-method=balanceOf] output").startswith("10000\n")
    assert '"value": "10000"' in form.text
    field.clear()
    field.send_keys("nobody", Keys.ENTER)
    browser.until_text("Invalid", "form[data-method=balanceOf] output .fault")
    symbol = browser.find("form[data-method=symbol]")
    browser.script("arguments[0].closest('details').open = true; arguments[0].requestSubmit()", symbol)
    assert browser.until_text("datoshi", "form[data-method=symbol] output").startswith('"COIN"\n')


def test_an_observed_recording_says_so_and_shows_what_it_can(driver: webdriver.Chrome, tmp_path: Path) -> None:
    recording = json.loads(gzip.decompress((Path(fixtures[0]) / "recorded-n3-chain.json.gz").read_bytes()))
    recording["blocks"] = recording["blocks"][70:]  # what came before is not known, and storage neither
    (tmp_path / "chain.json").write_text(json.dumps(recording))
    with start(tmp_path / "chain.json") as node:
        browser = Browser(driver, node.url)
        browser.errors()
        note = "This chain is observed from block 70 on: what its events tell is believed."
        browser.open("/")
        assert "Blocks are\nobserved" in browser.until_text(note)
        browser.find("#transactions a[href^='/tx/']").click()
        assert "this chain runs no scripts; its events are believed" in browser.until_text("Balances moved")
        assert note in browser.find("main").text
        browser.find("#moved a[href^='/address/']").click()
        assert note in browser.until_text("History")
        browser.open("/search?q=HeldoutToken")
        browser.find("form[data-method=symbol] [data-act=read]:not([hidden])")
        form = browser.find("form[data-method=symbol]")
        browser.script("arguments[0].closest('details').open = true; arguments[0].requestSubmit()", form)
        browser.until_text('"HLD"', "form[data-method=symbol] output")
        assert "Its rows are not known" in browser.find("main").text
        assert not [each for each in browser.all("[data-act=send]") if each.is_displayed()]
        browser.open("/dev")
        browser.panel("Mine").press("Mine")
        browser.until_text("at block 88", "#said")
        assert "None has a name" in browser.find("#panels").text
        assert browser.errors() == []


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


def test_storage_is_browsed_by_the_beginning_of_its_keys(browser: Browser, node: LocalNode) -> None:
    browser.open(f"/contract/{node.contracts['coin']}")
    panel = browser.panel("Storage")
    panel.fill(prefix="0x14")
    panel.press("Show storage")
    assert "0x1027" in browser.until_text("0x14", "#storage table")
    panel.fill(prefix="zzz")
    panel.press("Show storage")
    browser.until_text("No rows", "#storage")


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


def test_no_page_is_wider_than_its_window(browser: Browser, node: LocalNode) -> None:
    transaction, coin = pay(node), node.contracts["coin"]
    alice = node.accounts["alice"].address
    try:
        for address, ready in (
            *(("/", "#blocks"), (f"/tx/{transaction}", "#calls"), (f"/contract/{coin}", "#storage form")),
            *((f"/address/{alice}", "#history table"), ("/dev", "#status"), ("/journal", "#entries")),
            *(("/block/1", "#transactions"), ("/methods", "h3"), ("/nothing", "h1")),
        ):
            browser.open(address)
            browser.find(ready)
            for width in (390, 1280):
                metrics = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
                browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                inner, needed = browser.script("return [innerWidth, document.documentElement.scrollWidth]")
                assert needed <= inner == width, address
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    # The page that is not there is an error to the console, and to nobody else.
    assert all("/nothing" in error for error in browser.errors())


def test_a_name_that_is_a_script_is_not_run(browser: Browser, node: LocalNode) -> None:
    contract, alice = node.contracts["evil"], node.accounts["alice"].address
    transaction = str(node.call("dev_transfer", {"asset": "evil", "from": "alice", "to": "shop", "amount": 1}))
    call = {"contract": "coin", "method": "nothing", "args": [{"type": "String", "value": EVIL}], "faults": True}
    failed = node.call("dev_invoke", {**call, "signers": ["alice"]})
    asked(node, EVIL, EVIL, agent=EVIL)
    node.call("dev_setFault", {"method": "getpeers", "error": {"code": -7, "message": EVIL}})
    for address, ready in (
        *(("/", "#transactions"), (f"/contract/{contract}", "#signer select"), (f"/tx/{transaction}", "#calls")),
        *((f"/address/{alice}", "#history table"), ("/dev", "#faults table"), ("/journal", "#entries details")),
        *((f"/tx/{failed}", "#calls"), (f"/search?q={quote(EVIL)}", "h1"), (f"/dev?fails={quote(EVIL)}", "#faults")),
    ):
        browser.open(address)
        browser.find(ready)
        assert browser.script("return document.scripts.length") == 2
    browser.open(f"/contract/{contract}")
    browser.until_text(EVIL)
    assert all("/search" in error for error in browser.errors())  # where nothing is found


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
