from enum import IntFlag

import pytest

from rpcnode.payloads.flags import CallFlags, flags_of_text, flags_text
from rpcnode.payloads.signer import WitnessScope
from rpcnode.primitives.errors import FormatError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (WitnessScope(0x00), "None"),
        (WitnessScope(0x01), "CalledByEntry"),
        (WitnessScope(0x80), "Global"),
        (WitnessScope(0x11), "CalledByEntry, CustomContracts"),
        (WitnessScope(0x71), "CalledByEntry, CustomContracts, CustomGroups, WitnessRules"),
        (CallFlags(0), "None"),
        (CallFlags(3), "States"),
        (CallFlags(5), "ReadOnly"),
        # As neo-go's test chain and a C# node print a token's flags.
        (CallFlags(11), "States, AllowNotify"),
        (CallFlags(15), "All"),
        # .NET takes ReadOnly (5) first, so WriteStates (2) is what is left of 7.
        (CallFlags(7), "WriteStates, ReadOnly"),
        (CallFlags(12), "AllowCall, AllowNotify"),
    ],
)
def test_flags_print_as_in_dotnet(value: IntFlag, text: str) -> None:
    assert flags_text(value) == text
    assert flags_of_text(type(value), text) == value


@pytest.mark.parametrize("text", ["", "Call", "All,", "None_", "15"])
def test_a_text_that_names_no_flag_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="is none of None, ReadStates, "):
        flags_of_text(CallFlags, text)
