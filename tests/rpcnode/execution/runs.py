"""Engines for tests: a block at index 0, so that prices are the first ones, and contracts that a test names."""

from collections.abc import Mapping, Sequence

from rpcnode.execution.application_engine import TEST_MODE_GAS, ApplicationEngine
from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.manifest import Event, Manifest, Method
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256
from tests.oracles.world import Blocks, Rows

KEY = ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e")
NETWORK = 0x334F454E
BLOCK_NONCE = 2083236893
TRANSACTION = Transaction(0, 0, 0, 0, (Signer(UInt160.ZERO, WitnessScope.CalledByEntry),), (), b"\x12")
"""The one that neo's unit tests make, so that its hash is theirs."""


def hardforks_to(last: Hardfork | None) -> dict[Hardfork, int]:
    """All hardforks up to one at block 0."""
    return {} if last is None else {hardfork: 0 for hardfork in Hardfork if hardfork <= last}


def contract_of_script(script: bytes, events: Sequence[Event] = ()) -> Contract:
    """A contract with one method, `main`, that takes nothing and returns something."""
    manifest = Manifest("Any", (), (Method("main", (), "Any", 0, False),), tuple(events))
    return Contract(7, 0, UInt160(b"\x07" * 20), Nef("test", script), manifest)


def engine_of(
    script: bytes,
    *,
    hardforks: Mapping[Hardfork, int] | None = None,
    contract: Contract | None = None,
    trigger: Trigger = Trigger.APPLICATION,
    container: object = TRANSACTION,
    is_persisting: bool = True,
) -> ApplicationEngine:
    """An engine with an entry script loaded, or with `main` of a contract, whose script it then is."""
    settings = ProtocolSettings(
        network=NETWORK,
        address_version=53,
        ms_per_block=15000,
        max_traceable_blocks=2_102_400,
        max_valid_until_block_increment=5760,
        max_transactions_per_block=512,
        initial_gas=0,
        standby_committee=(KEY,),
        validators_count=1,
        hardforks=hardforks_to(Hardfork.Gorgon) if hardforks is None else hardforks,
    )
    rows = {}
    if contract is not None:
        rows[CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + contract.hash] = contract.serialize()
    block = Block(Header(UInt256.ZERO, UInt256.ZERO, 1_468_595_301_000, BLOCK_NONCE, 0, 0, UInt160.ZERO), ())
    run = ApplicationEngine(
        trigger,
        container,
        Snapshot(Rows(rows)),
        block if is_persisting else None,
        settings,
        TEST_MODE_GAS,
        NATIVES,
        Blocks([block]),
    )
    if contract is None:
        run.load_entry(script)
    else:
        run.load_contract(contract, contract.manifest.methods[0], 15)
    return run
