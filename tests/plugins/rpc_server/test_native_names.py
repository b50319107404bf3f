"""Names of native contracts, compared as the invariant culture of .NET compares them.

The first rows are what neo-cli 3.10.2 was seen to do; the others follow from the CLDR root collation, which it uses.
"""

import pytest

from tests.plugins.node_builder import NodeBuilder, chain_of, error, result

NEO = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"


@pytest.mark.parametrize(
    "name",
    [
        "neotoken",
        "NEOTOKEN",
        "NeoToken\0",
        "\u0001Neo\u00adTo\u200bken",
        "Neo\u200dToken\ufeff",
        "\U0001d40deoToken",  # a bold capital N, which differs in its form only
        "\u2115eoToken",
    ],
)
def test_case_form_and_characters_without_weight_do_not_count(build_once: NodeBuilder, name: str) -> None:
    assert result(build_once(chain_of(height=1)), "getcontractstate", name)["hash"] == NEO


@pytest.mark.parametrize(
    "name",
    [
        "\u039deoToken",  # a Greek capital Nu
        "ÑeoToken",
        "N\u0303eoToken",
        "\uff2eeoToken",  # wide, which .NET keeps apart
        "Neo Token",
        "NeoToken\t",
        "NeoTokens",
    ],
)
def test_letters_accents_width_and_space_count(build_once: NodeBuilder, name: str) -> None:
    assert error(build_once(chain_of(height=1)), "getcontractstate", name)["code"] == -2146233033
