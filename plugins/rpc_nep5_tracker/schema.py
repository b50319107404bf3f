"""The tracker's tables. Their keys sort as the node's own database keys do, so that rows come out in its order."""

from rpcnode.plugin import Migration, Migrations

MIGRATIONS = Migrations(
    "RpcNep5Tracker",
    (
        Migration(
            "m001_nep5",
            (
                # A spent-out holding stays as a row of amount 0: it was received once.
                """CREATE TABLE nep5_balance (
                    account BLOB NOT NULL, asset BLOB NOT NULL, amount TEXT NOT NULL,
                    last_updated_block INTEGER NOT NULL,
                    PRIMARY KEY (account, asset)
                ) WITHOUT ROWID""",
                # timestamp in ms, in seconds for profile n2; notify_key is the transfer's index in its block as two
                # little-endian bytes, which is how the node sorts it. The block is in the key for chains of profile n2
                # with several blocks a second, which no real one has.
                """CREATE TABLE nep5_transfer (
                    account BLOB NOT NULL, is_received INTEGER NOT NULL, timestamp INTEGER NOT NULL,
                    asset BLOB NOT NULL, notify_key BLOB NOT NULL, block_index INTEGER NOT NULL,
                    counterparty BLOB NOT NULL, transaction_hash BLOB NOT NULL, amount TEXT NOT NULL,
                    PRIMARY KEY (account, is_received, timestamp, asset, notify_key, block_index)
                ) WITHOUT ROWID""",
            ),
        ),
    ),
)
