"""findstorage and getstorage over the whole storage of a chain that neo-cli 3.10.2 executed, and we."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from rpcnode.testing import LocalNode, in_process
from tests.recorded_answers import DATA

CHAIN = DATA / "csharp-rpc/chain.json.gz"
PAGE = 50

with gzip.open(CHAIN, "rt", encoding="utf-8") as file:
    STORAGES: dict[str, dict[str, str]] = json.load(file)["storages"]


@pytest.fixture(scope="module")
def node() -> Iterator[LocalNode]:
    with in_process(CHAIN) as running:
        yield running


def pages(node: LocalNode, contract: str) -> Iterator[dict[str, Any]]:
    """The answers of findstorage, page after page."""
    page = node.call("findstorage", contract, "", 0)
    yield page
    while page["truncated"]:
        page = node.call("findstorage", contract, "", page["next"])
        yield page


@pytest.mark.slow
@pytest.mark.parametrize("contract", STORAGES)
def test_a_contract_has_the_rows_of_neo_cli_in_its_order_and_its_pages_are_full(node: LocalNode, contract: str) -> None:
    *full, last = pages(node, contract)
    assert {len(page["results"]) for page in full} <= {PAGE} and len(last["results"]) <= PAGE
    found = [(row["key"], row["value"]) for page in (*full, last) for row in page["results"]]
    assert found == list(STORAGES[contract].items())


@pytest.mark.slow
def test_a_row_is_found_by_its_key(node: LocalNode) -> None:
    for contract, rows in STORAGES.items():
        key = next(iter(rows), None)
        if key is not None:
            assert node.call("getstorage", contract, key) == rows[key]


@pytest.mark.slow
def test_a_page_is_as_long_as_the_settings_say() -> None:
    with in_process(CHAIN, settings={"RpcServer.FindStoragePageSize": 7}) as node:
        page = node.call("findstorage", "LedgerContract", "CQ==", 160)
        assert (page["truncated"], page["next"], len(page["results"])) == (False, 164, 4)
        page = node.call("findstorage", "LedgerContract", "CQ==", 150)
        assert (page["truncated"], page["next"], len(page["results"])) == (True, 157, 7)
