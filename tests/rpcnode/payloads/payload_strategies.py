"""Strategies that make any valid signer, rule, attribute and transaction."""

from hypothesis import strategies as st

from rpcnode.payloads.attribute import (
    Conflicts,
    HighPriority,
    NotaryAssisted,
    NotValidBefore,
    OracleResponse,
    OracleResponseCode,
    TransactionAttribute,
)
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.payloads.witness_rule import (
    AndCondition,
    BooleanCondition,
    CalledByContractCondition,
    CalledByEntryCondition,
    CalledByGroupCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    ScriptHashCondition,
    WitnessCondition,
    WitnessRule,
    WitnessRuleAction,
)
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256

hashes160 = st.binary(min_size=20, max_size=20).map(UInt160)
hashes256 = st.binary(min_size=32, max_size=32).map(UInt256)
public_keys = st.sampled_from(
    [
        # Validators of neo-go's test chain.
        ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e"),
        ECPoint.parse("02a7bc55fe8684e0119768d104ba30795bdcc86619e864add26156723ed185cd62"),
        ECPoint.parse("03d90c07df63e690ce77912e10ab51acc944b66860237b608c4f8f8309e71ee699"),
    ]
)

_leaves: st.SearchStrategy[WitnessCondition] = st.one_of(
    st.builds(BooleanCondition, st.booleans()),
    st.builds(ScriptHashCondition, hashes160),
    st.builds(GroupCondition, public_keys),
    st.builds(CalledByEntryCondition),
    st.builds(CalledByContractCondition, hashes160),
    st.builds(CalledByGroupCondition, public_keys),
)


def _combined(inner: st.SearchStrategy[WitnessCondition]) -> st.SearchStrategy[WitnessCondition]:
    lists = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        inner, st.builds(NotCondition, inner), st.builds(AndCondition, lists), st.builds(OrCondition, lists)
    )


conditions = _combined(_combined(_leaves))
rules = st.builds(WitnessRule, st.sampled_from(WitnessRuleAction), conditions)


@st.composite
def signers(draw: st.DrawFn) -> Signer:
    account = draw(hashes160)
    scopes = draw(st.sampled_from([0x00, 0x01, 0x10, 0x21, 0x40, 0x71, 0x80]).map(WitnessScope))
    contracts = draw(st.lists(hashes160, max_size=3)) if WitnessScope.CustomContracts in scopes else []
    groups = draw(st.lists(public_keys, max_size=3)) if WitnessScope.CustomGroups in scopes else []
    own_rules = draw(st.lists(rules, max_size=3)) if WitnessScope.WitnessRules in scopes else []
    return Signer(account, scopes, tuple(contracts), tuple(groups), tuple(own_rules))


attributes: st.SearchStrategy[TransactionAttribute] = st.one_of(
    st.builds(HighPriority),
    st.builds(OracleResponse, st.integers(0, 2**64 - 1), st.just(OracleResponseCode.Success), st.binary(max_size=40)),
    st.builds(OracleResponse, st.integers(0, 2**64 - 1), st.sampled_from(list(OracleResponseCode)[1:]), st.just(b"")),
    st.builds(NotValidBefore, st.integers(0, 2**32 - 1)),
    st.builds(Conflicts, hashes256),
    st.builds(NotaryAssisted, st.integers(0, 255)),
)


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    own_signers = draw(st.lists(signers(), min_size=1, max_size=4, unique_by=lambda signer: signer.account))
    own_attributes = draw(
        st.lists(
            attributes, max_size=4, unique_by=lambda value: value.hash if isinstance(value, Conflicts) else value.type
        )
    )
    witness = st.builds(Witness, st.binary(max_size=80), st.binary(max_size=80))
    return Transaction(
        nonce=draw(st.integers(0, 2**32 - 1)),
        system_fee_datoshi=draw(st.integers(0, 2**62)),
        network_fee_datoshi=draw(st.integers(0, 2**61)),
        valid_until_block=draw(st.integers(0, 2**32 - 1)),
        signers=tuple(own_signers),
        attributes=tuple(own_attributes),
        script=draw(st.binary(min_size=1, max_size=80)),
        witnesses=tuple(draw(st.lists(witness, min_size=len(own_signers), max_size=len(own_signers)))),
    )
