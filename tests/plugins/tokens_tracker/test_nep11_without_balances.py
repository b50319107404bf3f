"""A contract that claims NEP-11 and has no `balanceOf`: it has history, and nobody has rows of it.

Source: neo-node 3.10.2, plugins/TokensTracker: Nep11Tracker.OnPersist.
"""

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.db.store import Store
from rpcnode.chain.state import State
from rpcnode.execution.contract_state import Code, ContractState
from rpcnode.execution.records import Execution, Notification, Trigger
from rpcnode.payloads.manifest import Manifest, Method, Parameter
from rpcnode.payloads.nef import Nef
from rpcnode.plugins.tokens_tracker import nep11, queries
from rpcnode.plugins.tokens_tracker.events import AmountTooLong
from rpcnode.plugins.tokens_tracker.schema import MIGRATIONS, NEP11_HISTORY
from rpcnode.primitives.uint import UInt160, UInt256

ART, HOLDER, MINTED = UInt160(b"\x0a" * 20), UInt160(b"\x01" * 20), UInt256(b"\x07" * 32)


def art(*methods: tuple[str, int]) -> ContractState:
    any_item = Parameter("item", "Any")
    listed = tuple(Method(name, (any_item,) * count, "Any", 0, safe=True) for name, count in methods)
    return ContractState(1, ART, 0, Code(Nef("", b"\x40"), Manifest("Art", ("NEP-11",), listed)), 0)


def refused(wrong: AmountTooLong) -> None:
    raise wrong


def followed(contract: ContractState) -> tuple[int, int]:
    """How many rows and how many entries of history the mint of one token leaves to its holder."""
    store = Store.in_memory([MIGRATIONS])
    mint = Notification(ART, "Transfer", (None, bytes(HOLDER), 1, b"a"))
    execution = Execution(Trigger.APPLICATION, MINTED, "HALT", 0, (), None, (mint,))
    state = State(1, {ART: (contract,)}, BlockStorage(store.connection))
    block = AppliedBlock(1, 1000, state)
    nep11.follow(store.connection, block, (execution,), with_history=True, too_long=refused)
    balances = list(queries.nep11_balances_of(store.connection, HOLDER))
    received = list(NEP11_HISTORY.of_account(store.connection, HOLDER, is_received=True, start=0, end=2000, limit=10))
    store.close()
    return len(balances), len(received)


def test_the_mint_of_a_token_leaves_a_row_and_an_entry() -> None:
    assert followed(art(("balanceOf", 1))) == (1, 1)


def test_without_balance_of_there_is_the_entry_alone() -> None:
    assert followed(art(("ownerOf", 1), ("balanceOf", 3))) == (0, 1)
