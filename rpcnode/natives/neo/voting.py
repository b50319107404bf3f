"""Registering for the committee, and voting.

Source: neo 3.10.2, SmartContract/Native/NeoToken.cs: RegisterInternal, UnregisterCandidate, VoteInternal.
"""

from rpcnode.execution.native_hashes import NEO as NEO_HASH
from rpcnode.natives.committee import NEO_ID, key_account
from rpcnode.natives.fungible_token import ACCOUNT_PREFIX
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.native import Run, Steps
from rpcnode.natives.neo.accounts import NeoAccountState
from rpcnode.natives.neo.candidates import (
    CANDIDATE_PREFIX,
    Candidate,
    add_voters,
    add_votes,
    candidate,
    put_candidate,
)
from rpcnode.natives.neo.rewards import gas_per_vote, settle
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem


def register(run: Run, public_key: ECPoint) -> bool:
    """Makes a candidate of the key; false without its witness."""
    if not run.check_witness(key_account(public_key)):
        return False
    state = candidate(run.storage, public_key) or Candidate(False, 0)
    put_candidate(run.storage, public_key, state._replace(is_registered=True))
    if not state.is_registered:
        run.notify(NEO_HASH, "CandidateStateChanged", (bytes(public_key), True, state.votes))
    return True


def unregister(run: Run, public_key: ECPoint) -> bool:
    """Makes the key a candidate no longer; false without its witness."""
    if not run.check_witness(key_account(public_key)):
        return False
    state = candidate(run.storage, public_key)
    if state is None:
        return True
    put_candidate(run.storage, public_key, state._replace(is_registered=False))
    if state.is_registered:
        run.notify(NEO_HASH, "CandidateStateChanged", (bytes(public_key), False, state.votes))
    return True


def vote(run: Run, account: UInt160, vote_to: ECPoint | None) -> Steps[bool]:
    """Has all NEO of an account vote for a candidate, or for none any longer, and pays what it has earned.

    False without a balance, or for a key that is no registered candidate.
    """
    storage = run.storage
    key = ACCOUNT_PREFIX + account
    row = storage.get(NEO_ID, key)
    if row is None:
        return False
    state = NeoAccountState.parse(row)
    balance, before = state.balance, state.vote_to
    storage.put(NEO_ID, key, row)  # the first row that neo counts as changed
    if not balance or (vote_to is not None and not _is_registered(run, vote_to)):
        return False
    if before is None and vote_to is not None:
        add_voters(storage, balance)
    elif before is not None and vote_to is None:
        add_voters(storage, -balance)
    reward = settle(run, account, state)
    if before is not None:
        add_votes(storage, before, -balance)
    if vote_to is None:
        state.last_gas_per_vote = 0
    elif vote_to != before:
        state.last_gas_per_vote = gas_per_vote(storage, vote_to)
    if vote_to is not None:
        add_votes(storage, vote_to, balance)
    state.vote_to = vote_to
    storage.put(NEO_ID, key, state.to_row())
    run.notify(NEO_HASH, "Vote", (bytes(account), _item(before), _item(vote_to), balance))
    if reward is not None:
        yield from GAS.mint(run, *reward, call_on_payment=True)
    return True


def _is_registered(run: Run, public_key: ECPoint) -> bool:
    """Whether votes may go to a candidate; its row counts as changed either way, as neo has it."""
    key = CANDIDATE_PREFIX + public_key
    row = run.storage.get(NEO_ID, key)
    if row is None:
        return False
    run.storage.put(NEO_ID, key, row)
    return Candidate.parse(row).is_registered


def _item(public_key: ECPoint | None) -> StackItem:
    return None if public_key is None else bytes(public_key)
