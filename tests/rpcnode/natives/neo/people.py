"""NEO on a chain of people who hold it, and candidates who stand."""

from rpcnode.natives.committee import key_account, validators_account
from rpcnode.natives.neo_token import NEO
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.natives.neo.token_chain import KEYS, TokenChain, Work

BANK = validators_account(KEYS[:1])
ALICE, BOB = UInt160(b"\x0a" * 20), UInt160(b"\x0b" * 20)


def moves(sender: UInt160, receiver: UInt160, amount: int) -> Work:
    return lambda run: NEO.transfer(run, sender, receiver, amount, None)


def votes(account: UInt160, key: ECPoint | None) -> Work:
    return lambda run: NEO.vote(run, account, key)


def registers(key: ECPoint) -> Work:
    return lambda run: NEO.register_candidate(run, key)


def unregisters(key: ECPoint) -> Work:
    return lambda run: NEO.unregister_candidate(run, key)


def sets_gas_per_block(datoshi: int) -> Work:
    return lambda run: NEO.set_gas_per_block(run, datoshi)


def peopled(chain: TokenChain) -> TokenChain:
    """Block 1: Alice gets 30 million NEO, Bob 10 of them; all keys become candidates."""
    chain.block(
        moves(BANK, ALICE, 30_000_000),
        moves(BANK, BOB, 10_000_000),
        *map(registers, KEYS),
        signed=[BANK, *map(key_account, KEYS)],
    )
    return chain


def vote(chain: TokenChain, account: UInt160, key: ECPoint | None) -> None:
    """A block in which an account votes."""
    assert chain.block(votes(account, key), signed=[account]) == [True]
