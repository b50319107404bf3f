"""What TokensTracker can be told, and what it refuses."""

import pytest

from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.plugin_set import plugin_set
from rpcnode.primitives.errors import NodeError


def test_a_standard_without_a_tracker_stops_the_start() -> None:
    wrong = PluginSetting("TokensTracker", "EnabledTrackers", ["NEP-17", "NEP-5"], "--set")
    with pytest.raises(NodeError, match=r'one of NEP-11, NEP-17 is expected, not "NEP-5"; did you mean NEP-17\?$'):
        plugin_set(NodeOptions(settings=(wrong,)))
