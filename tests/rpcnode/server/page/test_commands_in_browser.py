"""Commands and the journal of the page, used as a person would."""

import re

import pytest
from selenium.webdriver.common.by import By

from rpcnode.testing import LocalNode
from tests.rpcnode.server.page.browsers import Browser, asked, pay

pytestmark = pytest.mark.slow


def test_accounts_are_funded_and_what_is_wrong_is_said(browser: Browser, node: LocalNode) -> None:
    browser.open("/dev")
    panel = browser.panel("Fund")
    panel.fill(to="nobody")
    panel.press("Send")
    browser.until_text("nobody", "#said")
    assert node.height == 2
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
    panel.fill(method="/v1/*", effect="the connection drops")
    panel.press("Set")
    browser.until_text("/v1/*", "section.wide table")
    assert [(each["path"], each["drop"]) for each in node.call("dev_info")["faults"]] == [("/v1/*", True)]
    node.call("dev_clearFaults")


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


def test_the_journal_shows_calls_clients_errors_and_faults_as_they_come(browser: Browser, node: LocalNode) -> None:
    node.call("dev_setFault", {"method": "getpeers", "error": {"code": -7, "message": "gone"}})
    browser.open("/journal")
    browser.until_text("without dev methods")
    browser.script("fetch('/?jsonrpc=2.0&id=1&method=getbestblockhash&params=[]')")
    asked(node, "getblock", 9999, 1)
    asked(node, "getpeers")
    node.call("getconnectioncount")
    browser.until_text("getconnectioncount", "#entries")
    shown = browser.until_text("-7 gone injected: ", "#entries")
    assert "-101 Unknown block" in shown
    assert re.search(r"getpeers.* test/1 127\.0\.0\.1:\d+", shown)
    assert re.search(r"getbestblockhash.* this browser 127\.0\.0\.1:\d+", shown)
    browser.find("input[name=others]").click()
    assert "getpeers" in browser.until_no_text("getbestblockhash", "#entries")
    browser.find("input[name=wrong]").click()
    browser.until_no_text("getconnectioncount", "#entries")
    browser.find("input[name=filter]").send_keys("getblock")
    browser.until_no_text("getpeers", "#entries")
    browser.script("document.querySelector('#entries details').open = true")
    browser.click("Let it fail")
    assert browser.find("#faults input[name=method]").get_attribute("value") == "getblock"


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
