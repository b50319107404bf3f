"""Chromium without a window, and what a person does with it."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from rpcnode.testing import LocalNode

PATIENCE: Final = 60
"""Seconds after which what should be there does not come any more."""

_OPTIONS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")


class Browser:
    """One window on one node."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver: Final = driver
        self.url: Final = url

    def open(self, address: str) -> None:
        """Opens a page of the node."""
        self.driver.get(self.url + address)

    def find(self, selector: str) -> WebElement:
        """The first element, once it is there."""
        found: WebElement = self.wait().until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))
        return found

    def all(self, selector: str) -> list[WebElement]:
        """All elements that there are now."""
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def until_text(self, text: str, selector: str = "main") -> str:
        """The text of an element, once another text is in it."""
        return self._until(lambda shown: text in shown, selector, text)

    def until_no_text(self, text: str, selector: str = "main") -> str:
        """The text of an element, once another text is no more in it."""
        return self._until(lambda shown: text not in shown, selector, f"no {text}")

    def panel(self, title: str) -> "Panel":
        """The part of a page under a heading, once it is there."""
        path = f'//section[h2[normalize-space()="{title}"]]'
        self.wait().until(lambda driver: driver.find_element(By.XPATH, path), title)
        return Panel(self, path)

    def click(self, text: str) -> None:
        """Follows a link."""
        self.wait().until(lambda driver: driver.find_element(By.LINK_TEXT, text)).click()

    def script(self, script: str, *arguments: Any) -> Any:
        """What a script of a test's own gives, which the page's policy does not hold for."""
        return self.driver.execute_script(script, *arguments)

    def errors(self) -> list[str]:
        """What the console has been told since the last time."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def _until(self, holds: Any, selector: str, wanted: str) -> str:
        def look(_: object) -> str | bool:
            shown = self.find(selector).text
            return shown if holds(shown) else False

        return str(self.wait().until(look, wanted))

    def wait(self) -> WebDriverWait[webdriver.Chrome]:
        """Waits for what is not there yet, or is being replaced."""
        return WebDriverWait(
            self.driver, PATIENCE, 0.1, ignored_exceptions=[StaleElementReferenceException, NoSuchElementException]
        )


class Panel:
    """A part of a page; it is looked for anew each time, since pages renew themselves."""

    def __init__(self, browser: Browser, path: str) -> None:
        self._browser = browser
        self._path = path

    def fill(self, **fields: str) -> None:
        """Types into fields, or chooses, by their names."""
        for name, value in fields.items():
            field = self._element(f'//*[@name="{name}"]')
            if field.tag_name == "select":
                Select(field).select_by_visible_text(value)
            else:
                field.clear()
                field.send_keys(value)

    def press(self, text: str) -> None:
        """Presses a button."""

        def pressed(_: object) -> bool:
            button = self._element(f'//button[normalize-space()="{text}"]')
            self._browser.script("arguments[0].scrollIntoView({block: 'center'})", button)
            button.click()
            return True

        self._browser.wait().until(pressed, text)

    def _element(self, path: str) -> WebElement:
        return self._browser.driver.find_element(By.XPATH, self._path + path)


def _programs() -> Sequence[str | None]:
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None), shutil.which("chromedriver")


@contextmanager
def chromium(folder: Path) -> Iterator[webdriver.Chrome]:
    """A browser with a profile of its own; the test is skipped where there is none."""
    program, driver_program = _programs()
    if program is None or driver_program is None:
        pytest.skip("no Chromium with its driver here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    for option in (*_OPTIONS, f"--user-data-dir={folder}"):
        options.add_argument(option)
    options.binary_location = program
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver_program))
    try:
        driver.set_window_size(1200, 900)
        yield driver
    finally:
        driver.quit()


def pay(node: LocalNode, amount: int = 500) -> str:
    """The transaction by which alice pays the shop."""
    transfer = {"asset": "coin", "from": "alice", "to": "shop", "amount": amount}
    return str(node.call("dev_transfer", transfer))


def asked(node: LocalNode, method: str, *params: object, agent: str = "test/1") -> int:
    """The status with which a call over HTTP is answered."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        request = urllib.request.Request(node.url, body, {"User-Agent": agent})
        with opener.open(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
