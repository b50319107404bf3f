"""Which page is at which path."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from rpcnode.primitives.uint import UInt160
from rpcnode.server.http.front_page import BrowserPage
from rpcnode.server.page.accounts import address_page, contract_page
from rpcnode.server.page.blocks import block_page, hash_of, transaction_page
from rpcnode.server.page.facts import PageNode
from rpcnode.server.page.home import home_page
from rpcnode.server.page.known import Known
from rpcnode.server.page.panels import command_page, journal_page, methods_page
from rpcnode.server.page.shell import Page, document, missing
from rpcnode.server.page.words import Words

_LONGEST: Final = 200
"""Characters of what is searched, and of a name in a path."""
_MOST_FIELDS: Final = 20
_MOST_CONTRACTS: Final = 5_000
"""That are looked through for a name."""
_LARGEST_NUMBER: Final = 2**31


class Site:
    """The pages of one node."""

    def __init__(self, node: PageNode) -> None:
        self._node = node
        self._known = Known(node.view)
        self._words = Words(node.view.ledger, self._known)

    def page(self, path: str, query: str, host: str) -> BrowserPage:
        """What a browser gets that asks for a path."""
        try:
            fields = dict(parse_qsl(query, max_num_fields=_MOST_FIELDS))
        except ValueError:
            fields = {}
        asked = fields.get("q", "")[:_LONGEST]
        page = self._found(path, fields, asked, host)
        return BrowserPage(page.status, document(page, self._node, path, asked), page.location)

    def _found(self, path: str, fields: Mapping[str, str], asked: str, host: str) -> Page:
        node, known, words = self._node, self._known, self._words
        kind, _, rest = path.removeprefix("/").partition("/")
        named = unquote(rest)[:_LONGEST]
        number = _number(fields.get("page")) or 0
        match kind, named:
            case "", "" if path == "/":
                return home_page(node, known, words, _number(fields.get("before")))
            case "search", "":
                return self._search(asked.strip())
            case "dev", "":
                return command_page(node)
            case "journal", "":
                return journal_page(node)
            case "methods", "":
                return methods_page(node.facts(), host)
            case "block", _ if named:
                return block_page(node, known, words, named, number)
            case "tx", _ if named:
                return transaction_page(node, known, words, named)
            case "address", _ if named:
                return address_page(node, known, named, number)
            case "contract", _ if named:
                return contract_page(node, known, words, named, fields.get("after", ""), number)
        return missing("Nothing here", f"There is no page {path[:_LONGEST]}. Calls are answered on every path by POST.")

    def _search(self, asked: str) -> Page:
        address = self._address_of(asked)
        if address is None:
            words = "a height, a hash of a block or a transaction, an address, a script hash, or a name"
            return missing("Nothing found", f"“{asked}” is none of what is here: {words}.")
        return Page("Found", missing("Found").content, 303, location=address)

    def _address_of(self, asked: str) -> str | None:
        """Where the page is of what is searched for."""
        node, known = self._node, self._known
        ledger = node.view.ledger
        if asked.isascii() and asked.isdecimal():
            return f"/block/{int(asked)}" if int(asked) <= ledger.header_height else None
        digest = hash_of(asked)
        if digest is not None:
            if ledger.block_index(digest) is not None:
                return f"/block/{digest}"
            is_here = ledger.transaction(digest) is not None or ledger.waiting_transaction(digest) is not None
            return f"/tx/{digest}" if is_here else None
        script_hash = known.parsed(asked) or known.queries.account_named(asked)
        if script_hash is not None:
            if known.contract(script_hash) is not None:
                return f"/contract/{script_hash}"
            return f"/address/{quote(node.view.address_of(script_hash))}"
        contract = self._contract_named(asked)
        return None if contract is None else f"/contract/{contract}"

    def _contract_named(self, asked: str) -> UInt160 | None:
        """A contract by its name here, by its own, or, of a token that was on a page already, by its symbol."""
        wanted = asked.casefold()
        for position, contract in enumerate(self._known.contracts()):
            if position == _MOST_CONTRACTS:
                break
            names = (self._known.contract_name(contract), contract.name, contract.symbol or "")
            if wanted and wanted in (name.casefold() for name in names):
                return contract.script_hash
        return None


def _number(written: str | None) -> int | None:
    if written is None or not (written.isascii() and written.isdecimal()):
        return None
    return min(int(written[:10]), _LARGEST_NUMBER)
