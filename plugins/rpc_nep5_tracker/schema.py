"""The tracker's tables. Their keys sort as the node's own database keys do, so that rows come out in its order."""

from rpcnode.plugin import Migration, Migrations
from rpcnode.plugin.transfer_history import TransferHistory

HISTORY = TransferHistory("nep5", notify_index_size=2)
"""Its timestamps are in ms, in seconds for profile n2."""

MIGRATIONS = Migrations(
    "RpcNep5Tracker",
    (
        Migration(
            "m001_nep5_balance",
            (
                # A spent-out holding stays as a row of amount 0: it was received once.
                """CREATE TABLE nep5_balance (
                    account BLOB NOT NULL, asset BLOB NOT NULL, amount TEXT NOT NULL,
                    last_updated_block INTEGER NOT NULL,
                    PRIMARY KEY (account, asset)
                ) WITHOUT ROWID""",
            ),
        ),
        HISTORY.migration("m002_nep5_history"),
    ),
)
