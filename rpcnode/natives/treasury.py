"""Treasury: an account of the committee's that takes any token.

Source: neo 3.10.2, SmartContract/Native/Treasury.cs.
"""

from typing import Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.committee import check_committee
from rpcnode.natives.native import NativeContract, Run, native_method
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem


class Treasury(NativeContract):
    """What the committee keeps, such as the funds it has recovered."""

    id = -11
    name = "Treasury"
    active_in = Hardfork.Faun

    def standards(self, enabled: frozenset[Hardfork]) -> tuple[str, ...]:
        """Whoever asks: it takes both kinds of tokens, and verifies."""
        return "NEP-26", "NEP-27", "NEP-30"

    @native_method(cpu_fee=1 << 5, flags=CallFlags.ReadStates)
    def verify(self, run: Run) -> bool:
        """Whether the committee has signed."""
        return check_committee(run)

    @native_method(cpu_fee=1 << 5, name="onNEP17Payment")
    def on_nep17_payment(self, run: Run, from_: UInt160, amount: int, data: StackItem) -> None:
        """Takes any amount of any token."""

    @native_method(cpu_fee=1 << 5, name="onNEP11Payment")
    def on_nep11_payment(self, run: Run, from_: UInt160, amount: int, token_id: bytes, data: StackItem) -> None:
        """Takes any token that is one of a kind."""


TREASURY: Final = Treasury()
