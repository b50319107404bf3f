"""What hashes are called: accounts and contracts by their names, amounts in their tokens' units."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.plugin.base import NodeView
from rpcnode.plugin.transfer_events import number_of
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.server.page.markup import Markup, link, tag
from rpcnode.server.page.queries import PageQueries
from rpcnode.vm.conversions import to_text

_GAS_TO_ASK: Final = 5_000_000
"""Datoshi for a token's symbol and decimals."""
_MOST_DECIMALS: Final = 77  # of a 256-bit number
_LONGEST_NAME: Final = 60
_MOST_TOKENS: Final = 4_096


class Token(NamedTuple):
    """What a token says of itself."""

    symbol: str
    decimals: int


class Known:
    """Names on one chain, as of its newest block when it is asked."""

    def __init__(self, view: NodeView) -> None:
        self._view = view
        self._ledger = view.ledger
        self.queries = PageQueries(view.db)
        self._tokens: dict[tuple[UInt160, int, bytes], Token] = {}
        natives = NATIVE_TOKENS[view.profile]
        self._natives = {script_hash: name for name, script_hash in natives.items()}

    def contract(self, script_hash: UInt160) -> ContractState | None:
        """The newest contract that was deployed with a hash, be it destroyed by now."""
        state = self._ledger.state()
        return state.contract(script_hash) or state.contract_by_now(script_hash)

    def contracts(self) -> Iterator[ContractState]:
        """Those that stand, in no order."""
        height = self._ledger.height
        return (contract for contract in self._ledger.contracts() if contract.exists_at(height))

    def contract_name(self, contract: ContractState) -> str:
        """What a fixture calls it, else what it calls itself."""
        native = self._natives.get(contract.script_hash)
        return _cut(native or self._ledger.label_of(contract).key or contract.name or str(contract.script_hash))

    def name(self, script_hash: UInt160) -> str:
        """The name of an account or a contract, or its address, in short."""
        named = self.queries.account_names().get(bytes(script_hash))
        if named is not None:
            return _cut(named)
        if script_hash == self._ledger.validators:
            return "validators"
        contract = self.contract(script_hash)
        if contract is not None:
            return self.contract_name(contract)
        address = self._view.address_of(script_hash)
        return f"{address[:6]}…{address[-4:]}"

    def account(self, script_hash: UInt160) -> Markup:
        """An account, or a contract that holds something, with a link to it."""
        if self.contract(script_hash) is not None:
            return link(f"/contract/{script_hash}", self.name(script_hash), title=str(script_hash))
        address = self._view.address_of(script_hash)
        return link(f"/address/{address}", self.name(script_hash), title=address)

    def token_link(self, asset: UInt160) -> Markup:
        """A token's symbol, with a link to it."""
        return link(f"/contract/{asset}", self.token(asset).symbol, title=str(asset))

    def amount(self, asset: UInt160, amount: int) -> Markup:
        """An amount of a token with its symbol."""
        return tag(
            "span", f"{amount_text(amount, self.token(asset).decimals)} ", self.token_link(asset), class_="amount"
        )

    def token(self, asset: UInt160) -> Token:
        """Symbol and decimals of a token; one that has none goes by its name, in its smallest unit."""
        contract = self.contract(asset)
        if contract is None:
            return Token(f"{str(asset)[:8]}…", 0)
        key = (asset, contract.deployed_at, contract.nef.script)
        if key not in self._tokens:
            if len(self._tokens) >= _MOST_TOKENS:
                self._tokens.clear()
            self._tokens[key] = self._asked(contract)
        return self._tokens[key]

    def parsed(self, written: str) -> UInt160 | None:
        """The script hash that a hash or an address names."""
        try:
            if len(written.removeprefix("0x")) == 2 * UInt160.SIZE:
                return UInt160.parse(written if written.startswith("0x") else f"0x{written}")
            return script_hash_of(written, self._ledger.parameters.address_version)
        except FormatError:
            return None

    def _asked(self, contract: ContractState) -> Token:
        symbol, decimals = contract.symbol, contract.decimals
        state = self._ledger.state()
        if symbol is None:
            answer = state.call(contract.script_hash, "symbol", (), _GAS_TO_ASK)
            try:
                symbol = to_text(answer.stack[-1]) if answer.halted and answer.stack else ""
            except VmFault:
                symbol = ""
        if decimals is None:
            answer = state.call(contract.script_hash, "decimals", (), _GAS_TO_ASK)
            decimals = number_of(answer.stack[-1]) if answer.halted and answer.stack else 0
        places = decimals if decimals is not None and 0 <= decimals <= _MOST_DECIMALS else 0
        return Token(_cut(symbol) or self.contract_name(contract), places)


def amount_text(amount: int, decimals: int) -> str:
    """An amount in whole tokens, without zeros at its end."""
    if not decimals:
        return str(amount)
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
