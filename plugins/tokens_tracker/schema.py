"""The trackers' own tables; NEP-17 balances stand in the table that all trackers share.

Their keys sort as the node's own database keys do, so that rows come out in its order.
"""

from rpcnode.plugin import Migration, Migrations
from rpcnode.plugin.transfer_history import TransferHistory

NEP17_HISTORY = TransferHistory("tokens_nep17", notify_index_size=4)
NEP11_HISTORY = TransferHistory("tokens_nep11", notify_index_size=4)

MIGRATIONS = Migrations(
    "TokensTracker",
    (
        Migration(
            "m001_nep11_balance",
            (
                # token_key is the token id with its length before it; is_listed is 0 where the node deletes the row
                """CREATE TABLE tokens_nep11_balance (
                    account BLOB NOT NULL, asset BLOB NOT NULL, token_key BLOB NOT NULL, token_id BLOB NOT NULL,
                    amount TEXT NOT NULL, last_updated_block INTEGER NOT NULL, is_listed INTEGER NOT NULL,
                    PRIMARY KEY (account, asset, token_key)
                ) WITHOUT ROWID""",
            ),
        ),
        NEP17_HISTORY.migration("m002_nep17_history"),
        NEP11_HISTORY.migration("m003_nep11_history"),
    ),
)
