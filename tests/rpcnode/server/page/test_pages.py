"""What is read without scripts: the chain in words, at addresses that last."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpcnode.primitives.errors import ProfileName
from tests.rpcnode.server.page.pages import EVIL, SHOP, Seen, Shown, shown


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A shop, where alice has just paid 5 COIN."""
    fixture = tmp_path_factory.mktemp("page") / "shop.yaml"
    fixture.write_text(SHOP)
    with shown(fixture) as found:
        found.dev("dev_transfer", {"asset": "coin", "from": "alice", "to": "shop", "amount": 500})
        yield found


@pytest.fixture(scope="module")
def paid(shop: Shown) -> Seen:
    """The page of that payment."""
    return shop.page(next(link for link in shop.page("/").links if link.startswith("/tx/")))


def written(tmp_path: Path, chain: dict[str, Any]) -> Path:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(chain))
    return path


def test_the_chain_is_told_in_words_with_the_names_of_the_fixture(shop: Shown) -> None:
    text = shop.page("/").text
    assert "alice sent 5 COIN to shop" in text
    assert "alice got 100 COIN" in text
    assert text.index("alice sent") < text.index("alice got")
    assert "Accounts shop 5 COIN alice 95 COIN" in text
    assert "Blocks are executed" in text


def test_a_transaction_has_its_block_its_signers_its_events_and_the_balances_it_moved(paid: Seen) -> None:
    assert "/block/2" in paid.links
    assert "Signers validators None alice CalledByEntry" in paid.text
    assert "1 coin Transfer alice, shop, 500" in re.sub(r" ?, ?", ", ", paid.text)
    assert "alice -5 COIN shop + 5 COIN" in paid.text
    assert '"validuntilblock"' in paid.text


def test_a_failed_transaction_has_its_fault(tmp_path: Path) -> None:
    chain = {
        "accounts": {"alice": {"seed": "alice"}},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
    }
    with shown(written(tmp_path, chain)) as node:
        transaction = node.dev(
            "dev_invoke", {"contract": "coin", "method": "nothing", "args": [], "signers": ["alice"], "faults": True}
        )
        assert "failed: " in node.page("/").text
        page = node.page(f"/tx/{transaction}").text
    assert "FAULT" in page
    assert "Method" in page
    assert "Balances moved" not in page


def test_a_block_has_its_transactions_and_the_way_to_those_beside_it(shop: Shown) -> None:
    page = shop.page("/block/1")
    assert "alice got 100 COIN" in page.text
    assert {"/block/0", "/block/2"} <= set(page.links)
    digest = str(shop.node.ledger.block_hash(1))
    assert shop.page(f"/block/{digest}").text == page.text


def test_an_account_has_its_name_its_holdings_and_both_forms_of_its_address(shop: Shown) -> None:
    address = shop.found("alice")
    assert address is not None
    page = shop.page(address)
    assert "alice" in page.text
    assert "COIN 95 2" in page.text
    script_hash = re.search(r"0x[0-9a-f]{40}", page.text)
    assert script_hash is not None
    assert shop.page(f"/address/{script_hash[0]}").text == page.text


def test_a_token_has_its_supply_its_holders_and_its_methods_with_their_parameters(shop: Shown) -> None:
    page = shop.page(str(shop.found("coin")))
    assert "Symbol COIN Decimals 2 Supply 100" in page.text
    assert "alice 95 shop 5" in page.text
    assert "transfer (from: Hash160, to: Hash160, amount: Integer, data: Any) → Boolean" in page.text
    assert "Transfer (from: Hash160, to: Hash160, amount: Integer)" in page.text


@pytest.mark.parametrize(
    ("asked", "place"),
    [("2", "/block/2"), ("shop", "/address/N"), ("COIN", "/contract/0x"), ("GAS", "/contract/0xd2a4cff3")],
)
def test_the_search_leads_to(shop: Shown, asked: str, place: str) -> None:
    assert str(shop.found(asked)).startswith(place)


def test_the_search_leads_to_hashes_and_addresses_in_their_forms(shop: Shown) -> None:
    block, address = str(shop.node.ledger.block_hash(1)), str(shop.found("alice"))
    transaction = next(link for link in shop.page("/").links if link.startswith("/tx/"))
    coin = str(shop.found("coin"))
    assert shop.found(block) == f"/block/{block}"
    assert shop.found(transaction.removeprefix("/tx/")) == transaction
    assert shop.found(address.removeprefix("/address/")) == address
    assert shop.found(coin.removeprefix("/contract/0x")) == coin


@pytest.mark.parametrize(
    "address",
    [
        *("/nothing", "/tx", "/tx/0x12", f"/tx/0x{'a' * 64}", "/block/99999", f"/block/{'9' * 5000}", "/block/x"),
        *("/block/-1", "/block/%00", "/address/Nobody", f"/contract/0x{'b' * 40}", "/search?q=nobody", "/search?q="),
        *("/search?q=99999", f"/search?q=0x{'c' * 64}", "/block/²", "/journal/x", "//", "/search?" + "q&" * 100),
    ],
)
def test_what_is_not_there_is_said_in_words(shop: Shown, address: str) -> None:
    page = shop.page(address)
    assert (page.status, page.location) == (404, None)
    assert re.search(r"There is no|is no|No contract|is none", page.text)


def test_a_transaction_that_waits_is_shown_as_one(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SHOP)
    with shown(tmp_path / "shop.yaml", block_time="manual") as node:
        transaction = node.dev("dev_transfer", {"asset": "coin", "from": "alice", "to": "shop", "amount": 1})
        assert "1 transactions wait" in node.page("/").text
        assert "waits for one" in node.page(f"/tx/{transaction}").text
        assert node.found(transaction) == f"/tx/{transaction}"
        node.dev("dev_mine")
        assert "waits for one" not in node.page(f"/tx/{transaction}").text


def test_names_are_text_wherever_they_come_from(tmp_path: Path) -> None:
    chain = {
        "accounts": {"alice": {"seed": "alice"}},
        "contracts": {"evil": {"standard": "NEP-17", "name": EVIL, "symbol": EVIL, "decimals": 0}},
        "balances": [{"account": "alice", "asset": "evil", "amount": 7, "block": 1}],
    }
    with shown(written(tmp_path, chain)) as node:
        pages = [node.page(address) for address in ("/", str(node.found("evil")), str(node.found("alice")))]
        pages.append(node.page(next(link for link in pages[0].links if link.startswith("/tx/"))))
        searched = node.page("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27%26x")
    for page in pages:
        assert "<script>alert(1)</script>\"'&" in page.text
    for page in (*pages, searched):
        assert page.tags.count("script") == 2  # the page's own
        assert not [name for name in page.attributes if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_every_link_of_every_page_leads_somewhere(profile: ProfileName) -> None:
    with shown(profile=profile, accounts=2) as node:
        waiting, seen = ["/"], {"/"}
        while waiting:
            page = node.page(waiting.pop())
            assert page.status == 200
            for link in page.links:
                address = link.partition("#")[0]
                is_page = address.startswith("/") and not address.startswith(("/page/", "/?jsonrpc", "/search"))
                # Of the blocks only those with something in them, and their neighbours.
                is_far = bool(re.match(r"/block/(?!1$|54499$)|/\?before", address))
                if is_page and not is_far and address not in seen and not address.endswith(".json"):
                    seen.add(address)
                    waiting.append(address)
        assert {"/block/1", "/dev", "/journal", "/methods"} <= seen
        assert [address for address in seen if address.startswith("/contract/")]
        assert [address for address in seen if address.startswith("/tx/")]


def test_what_a_method_says_of_itself_has_its_code_as_such(shop: Shown) -> None:
    page = shop.page("/methods")
    assert "A page of the keys under a prefix, in storage order, from the start -th on; next begins" in page.text
    assert "`" not in page.text


def test_coins_of_neo_2_are_told_in_words_and_are_among_what_an_account_holds() -> None:
    with shown(profile="n2", accounts=1) as node:
        assert "account1 got 1000 NEO" in node.page("/block/1").text
        home = node.page("/")
        assert "account1 1000 NEO, 10000 GAS, 10000 DN5" in home.text
        transaction = node.page(next(link for link in home.links if link.startswith("/tx/")))
        assert "this chain runs no scripts; its tokens are modelled" in transaction.text
        assert "Coins Coin Amount NEO 1000 GAS 10000 Tokens" in node.page(str(node.found("account1"))).text
        nobody = node.page(f"/address/0x{'1' * 40}").text
        assert "It holds no NEO and no GAS. Tokens It holds no fungible token." in nobody


def test_tokens_with_ids_have_their_owners_a_page_at_a_time(tmp_path: Path) -> None:
    chain = {
        "accounts": {"alice": {"seed": "alice"}, "bob": {"seed": "bob"}},
        "contracts": {
            "art": {"standard": "NEP-11", "symbol": "ART"},
            "house": {"standard": "NEP-11", "symbol": "HOUSE", "decimals": 2},
            "none": {"standard": "NEP-11", "symbol": "NONE"},
        },
        "blocks": [
            {
                "index": 1,
                "transactions": [
                    {
                        "transfers": [
                            {"asset": "art", "from": None, "to": "alice", "amount": 1, "token_id": f"0xff{each:02x}"}
                        ]
                    }
                    for each in range(30)
                ],
            }
        ],
    }
    with shown(written(tmp_path, chain)) as node:
        art, house, none = (str(node.found(name)) for name in ("art", "house", "none"))
        first, second = node.page(art), node.page(f"{art}?page=1")
        for holder, amount in (("alice", 150), ("bob", 50)):
            node.dev("dev_mint", {"asset": "house", "to": holder, "amount": amount, "token_id": "0x61"})
        parts, empty, home = (node.page(address).text for address in (house, none, "/"))
    assert "Id Owner 0xff00 alice 0xff01 alice" in first.text
    assert "0xff18 alice Later" in first.text  # the 25th
    assert f"{art}?page=1#tokens" in first.links
    assert "Id Owner 0xff19 alice" in second.text
    assert "0xff1d alice ← Earlier" in second.text
    assert "Id Owner a alice 1.5 , bob 0.5" in parts
    assert "Tokens by their ids It has no tokens now." in empty
    assert "Accounts bob no fungible token alice no fungible token" in home


def test_without_dev_methods_the_panels_are_absent_and_the_pages_say_so() -> None:
    with shown(dev=False, accounts=1) as node:
        for address in ("/dev", "/journal"):
            page = node.page(address)
            assert "This node has no dev methods" in page.text
            assert "data-script" not in page.attributes


def test_a_recording_is_told_as_well() -> None:
    from rpcnode.fixtures import __path__ as folders

    with shown(Path(folders[0]) / "recorded-n3-chain.json.gz") as node:
        assert "sent 1 NEO to" in node.page("/").text
        assert "Symbol HLD" in node.page(str(node.found("HeldoutToken"))).text
