"""The tracker's own tables: transfers. Balances stand in the table that all trackers share."""

from rpcnode.plugin import Migrations
from rpcnode.plugin.transfer_history import TransferHistory

HISTORY = TransferHistory("nep5", notify_index_size=2)
"""Its timestamps are in ms, in seconds for profile n2."""

MIGRATIONS = Migrations(
    "RpcNep5Tracker",
    (HISTORY.migration("m001_nep5_history"),),
)
