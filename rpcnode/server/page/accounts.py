"""Pages of accounts and of contracts, tokens among them."""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from typing import Final

from rpcnode.execution.contract_state import ContractState
from rpcnode.payloads.manifest import Manifest, Method, Parameter
from rpcnode.payloads.neo2.coins import fixed8_text
from rpcnode.plugin.transfer_events import number_of
from rpcnode.primitives.uint import UInt160
from rpcnode.server.page.blocks import call_address
from rpcnode.server.page.facts import PageNode
from rpcnode.server.page.known import Known, amount_text
from rpcnode.server.page.markup import Markup, joined, link, listed_facts, table, tag
from rpcnode.server.page.nep11 import tokens_panel
from rpcnode.server.page.shell import Page, calls_line, missing, observed_note, paged, panel
from rpcnode.server.page.words import COINS, Words

_ON_A_PAGE: Final = 50
_MOST_METHODS: Final = 200
_LONGEST_JSON: Final = 60_000
_FUNGIBLE: Final = frozenset(("NEP-17", "NEP-5"))
_NEP11: Final = "NEP-11"
_TOKEN_STANDARDS: Final = _FUNGIBLE | {_NEP11}
_CALLS: Final = (
    *("getnep17balances", "getnep17transfers", "getnep11balances", "getaccountstate", "getnep5balances"),
    *("getunspents", "getclaimable"),
)
"""Methods that tell of an account, in the order of their links."""
_GAS_TO_ASK: Final = 5_000_000
_MOST_CURSOR: Final = 2 * UInt160.SIZE


def address_page(node: PageNode, known: Known, written: str, number: int) -> Page:
    """What an account holds, by its address or script hash; its history is for scripts to ask for."""
    account = known.parsed(written)
    if account is None:
        return missing("No such address", f"{written[:80]} is no address and no script hash of this network.")
    view = node.view
    count = view.balances.count(account, with_zero=False)
    number = min(number, max(count - 1, 0) // _ON_A_PAGE)
    held = view.balances.of_account(account, number * _ON_A_PAGE, _ON_A_PAGE, with_zero=False)
    rows = [
        (
            known.token_link(balance.asset),
            tag("span", amount_text(int(balance.amount), known.token(balance.asset).decimals), class_="amount"),
            link(f"/block/{balance.last_updated_block}", balance.last_updated_block),
        )
        for balance in held
    ]
    address = view.address_of(account)
    contract = known.contract(account)
    calls = [(name, call_address(name, address)) for name in _CALLS if name in node.offered]
    content = joined(
        tag("h1", known.name(account)),
        listed_facts(
            ("Address", tag("code", address)),
            ("Script hash", tag("code", str(account))),
            ("Contract", None if contract is None else link(f"/contract/{account}", known.contract_name(contract))),
        ),
        observed_note(node),
        _coins(node, account),
        panel(
            "Tokens" if node.view.ledger.coins is not None else "Holdings",
            table(("Token", "Amount", "Changed in block"), *rows) if rows else tag("p", "It holds no fungible token."),
            paged(f"/address/{address}", number, count, _ON_A_PAGE),
            place="holdings",
        ),
        tag("div", id="history"),
        calls_line(calls) if calls else None,
    )
    return Page(
        known.name(account),
        content,
        script="account",
        data=(("address", address), ("tokens", _tokens(node, known, account))),
    )


def _coins(node: PageNode, account: UInt160) -> Markup | None:
    """What an account holds of Neo 2's own assets, whose coins are outputs of transactions."""
    coins = node.view.ledger.coins
    if coins is None:
        return None
    held = coins.holdings_of(account, node.view.ledger.height)
    rows = [
        (COINS.get(str(asset), tag("code", str(asset))), tag("span", fixed8_text(value), class_="amount"))
        for asset, value in held.items()
    ]
    shown = table(("Coin", "Amount"), *rows) if rows else tag("p", "It holds no NEO and no GAS.")
    return panel("Coins", shown, place="coins")


def _tokens(node: PageNode, known: Known, account: UInt160) -> str:
    """Symbol and decimals of what an account ever held, for the scripts that show its history."""
    held = node.view.balances.of_account(account, 0, _ON_A_PAGE)
    return json.dumps({str(balance.asset): known.token(balance.asset) for balance in held})


def contract_page(node: PageNode, known: Known, words: Words, written: str, after: str, number: int) -> Page:
    """What a contract says of itself, its methods as forms, who holds it if it is a token.

    Its holders begin `after` a row; `number` is the page of the tokens of NEP-11.
    """
    script_hash = known.parsed(written)
    contract = None if script_hash is None else known.contract(script_hash)
    if script_hash is None or contract is None:
        return missing("No such contract", f"No contract was deployed under {written[:80]} by now.")
    name = known.contract_name(contract)
    exists = contract.exists_at(node.view.ledger.height)
    content = joined(
        tag("h1", name),
        observed_note(node),
        None if exists else tag("p", "It was destroyed, or another version took its place.", class_="fault"),
        listed_facts(
            ("Name", contract.name),
            ("Script hash", tag("code", str(script_hash))),
            ("As an account", known_address(node, script_hash)),
            ("Standards", ", ".join(sorted(contract.supported_standards))[:200] or None),
            ("Updates", contract.update_counter),
            *_token_facts(node, known, contract),
        ),
        _holders(known, contract, after) if _FUNGIBLE & contract.supported_standards else None,
        tokens_panel(node, known, words, contract, number)
        if _NEP11 in contract.supported_standards and exists
        else None,
        _methods(contract),
        _events(contract),
        panel("Storage", tag("p", "Its rows are not known: the chain is observed."))
        if node.blocks_are == "observed"
        else tag("div", id="storage"),
        _manifest(contract.manifest),
    )
    bytes_are = "hex" if node.view.profile == "n2" else "base64"  # in what calls answer
    data = (("hash", str(script_hash)), ("name", name), ("bytes", bytes_are))
    return Page(name, content, script="contract", data=data)


def known_address(node: PageNode, script_hash: UInt160) -> Markup:
    """The page of what a contract itself holds."""
    address = node.view.address_of(script_hash)
    return tag("code", link(f"/address/{address}", address))


def _token_facts(node: PageNode, known: Known, contract: ContractState) -> list[tuple[str, object]]:
    if not _TOKEN_STANDARDS & contract.supported_standards:
        return []
    token = known.token(contract.script_hash)
    facts: list[tuple[str, object]] = [("Symbol", token.symbol), ("Decimals", token.decimals)]
    answer = node.view.ledger.state().call(contract.script_hash, "totalSupply", (), _GAS_TO_ASK)
    supply = number_of(answer.stack[-1]) if answer.halted and answer.stack else None
    return facts if supply is None else [*facts, ("Supply", amount_text(supply, token.decimals))]


def _holders(known: Known, contract: ContractState, after: str) -> Markup:
    try:
        cursor = b64decode(after.encode(), altchars=b"-_", validate=True)[:_MOST_CURSOR]
    except (Base64Error, UnicodeEncodeError):
        cursor = b""
    found = known.queries.holders(contract.script_hash, cursor)
    decimals = known.token(contract.script_hash).decimals
    rows = [
        (known.account(account), tag("span", amount_text(amount, decimals), class_="amount"))
        for account, amount in found.amounts[:_ON_A_PAGE]
    ]
    rest = len(found.amounts) - len(rows)
    onward = None
    if found.next_after is not None:
        cursor_text = b64encode(found.next_after, altchars=b"-_").decode()
        onward = tag("p", link(f"/contract/{contract.script_hash}?after={cursor_text}#holders", "Look further"))
    return panel(
        "Holders",
        table(("Account", "Amount"), *rows) if rows else tag("p", "None among the balances looked through."),
        tag("p", f"{rest} more hold less.") if rest else None,
        onward,
        place="holders",
    )


def _methods(contract: ContractState) -> Markup | None:
    """The ABI's methods as forms, which work with scripts; a safe method only reads."""
    forms = [_form(method) for method in contract.manifest.methods[:_MOST_METHODS] if not method.name.startswith("_")]
    return panel("Methods", tag("div", id="signer"), *forms, place="methods") if forms else None


def _form(method: Method) -> Markup:
    fields = [
        tag(
            "label",
            tag("span", f"{parameter.name} ", tag("small", parameter.type, class_="soft")),
            tag("input", name=f"{position}", data_type=parameter.type, autocomplete="off", spellcheck="false"),
        )
        for position, parameter in enumerate(method.parameters)
    ]
    signature = f"({_listed(method.parameters)}) → {method.return_type}"
    return tag(
        "details",
        tag(
            "summary",
            tag("b", method.name),
            tag("code", signature),
            tag("small", " safe", class_="soft") if method.safe else None,
        ),
        tag(
            "form",
            *fields,
            tag(
                "div",
                tag("button", "Read", type="submit", data_act="read", hidden=True),
                None if method.safe else tag("button", "Send", type="submit", data_act="send", hidden=True),
                class_="buttons",
            ),
            tag("output", aria_live="polite"),
            data_method=method.name,
            class_="method",
        ),
        class_="card",
    )


def _events(contract: ContractState) -> Markup | None:
    entries = [
        tag("li", tag("b", event.name), tag("code", f"({_listed(event.parameters)})"))
        for event in contract.manifest.events[:_MOST_METHODS]
    ]
    return panel("Events", tag("ul", *entries, class_="words-list")) if entries else None


def _listed(parameters: Sequence[Parameter]) -> str:
    return ", ".join(f"{parameter.name}: {parameter.type}" for parameter in parameters)


def _manifest(manifest: Manifest) -> Markup:
    written = json.dumps(manifest.to_json(), indent=2, ensure_ascii=False)
    shown = written if len(written) <= _LONGEST_JSON else f"{written[:_LONGEST_JSON]}…"
    return tag("details", tag("summary", "Manifest as JSON"), tag("pre", shown, tabindex=0))
