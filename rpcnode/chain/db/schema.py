"""The tables of the chain itself. Hashes and accounts are BLOBs in storage (little-endian) order."""

from rpcnode.chain.db.migrations import Migration, Migrations

CHAIN_MIGRATIONS = Migrations(
    "chain",
    (
        Migration(
            "m001_chain",
            (
                "CREATE TABLE chain_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
                # hash and header (its unsigned part) are NULL where they follow from the blocks below (headers.py),
                # witness where it is made on demand
                """CREATE TABLE chain_block (
                    block_index INTEGER PRIMARY KEY, timestamp_ms INTEGER NOT NULL, merkle_root BLOB NOT NULL,
                    hash BLOB, header BLOB, witness BLOB
                )""",
                "CREATE UNIQUE INDEX chain_block_by_hash ON chain_block (hash) WHERE hash IS NOT NULL",
                # in block order, so that a block is written to few pages; only the index is in the order of hashes
                """CREATE TABLE chain_transaction (
                    block_index INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, unsigned BLOB NOT NULL,
                    witnesses BLOB, PRIMARY KEY (block_index, position)
                ) WITHOUT ROWID""",
                "CREATE UNIQUE INDEX chain_transaction_by_hash ON chain_transaction (hash)",
                # the executions of a block in parts (execution_rows.py)
                """CREATE TABLE chain_execution (
                    block_index INTEGER NOT NULL, part INTEGER NOT NULL, executions TEXT NOT NULL,
                    PRIMARY KEY (block_index, part)
                ) WITHOUT ROWID""",
                """CREATE TABLE chain_contract (
                    hash BLOB NOT NULL, deployed_at INTEGER NOT NULL, destroyed_at INTEGER,
                    contract_id INTEGER NOT NULL, update_counter INTEGER NOT NULL, nef BLOB NOT NULL,
                    manifest TEXT NOT NULL, printed TEXT,
                    model TEXT, symbol TEXT, decimals INTEGER, key TEXT,
                    PRIMARY KEY (hash, deployed_at)
                ) WITHOUT ROWID""",
                """CREATE TABLE chain_storage (
                    contract_id INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
                    PRIMARY KEY (contract_id, key)
                ) WITHOUT ROWID""",
                # what a block overwrote, in block order: value is NULL where the key was absent before;
                # storage.py adds an index by key once somebody reads the past
                """CREATE TABLE chain_undo (
                    block_index INTEGER NOT NULL, contract_id INTEGER NOT NULL, key BLOB NOT NULL, value BLOB,
                    PRIMARY KEY (block_index, contract_id, key)
                ) WITHOUT ROWID""",
                """CREATE TABLE chain_account (
                    name TEXT PRIMARY KEY, script_hash BLOB NOT NULL, private_key BLOB
                ) WITHOUT ROWID""",
                "CREATE TABLE plugin_progress (name TEXT PRIMARY KEY, block_index INTEGER NOT NULL) WITHOUT ROWID",
            ),
        ),
        # the block that a contract came with: without that block it was never heard of
        Migration(
            "m002_contract_block", ("ALTER TABLE chain_contract ADD COLUMN block_index INTEGER NOT NULL DEFAULT 0",)
        ),
        # what REST faces say of it beyond the chain, as JSON
        Migration("m003_contract_rest", ("ALTER TABLE chain_contract ADD COLUMN rest TEXT",)),
        # hashes of blocks that have none in chain_block, of enough of them that no walk is long (links.py)
        Migration(
            "m004_links",
            (
                "CREATE TABLE chain_link (block_index INTEGER PRIMARY KEY, hash BLOB NOT NULL)",
                "CREATE UNIQUE INDEX chain_link_by_hash ON chain_link (hash)",
            ),
        ),
        # of Neo 2: outputs and who spent them, values in units of 10^-8; the system fees of blocks, in whole GAS
        Migration(
            "m005_coins",
            (
                """CREATE TABLE chain_coin (
                    id INTEGER PRIMARY KEY, transaction_hash BLOB NOT NULL, position INTEGER NOT NULL,
                    asset BLOB NOT NULL, value INTEGER NOT NULL, account BLOB NOT NULL, block_index INTEGER NOT NULL,
                    spent_at INTEGER, spent_by BLOB, spent_position INTEGER, claimed_at INTEGER,
                    UNIQUE (transaction_hash, position)
                )""",
                "CREATE INDEX chain_coin_by_account"
                " ON chain_coin (account, asset, block_index, transaction_hash, position)",
                "CREATE INDEX chain_coin_by_spender ON chain_coin (account, asset, spent_at, spent_by, spent_position)",
                "CREATE INDEX chain_coin_by_block ON chain_coin (block_index)",
                # for blocks that are taken back
                "CREATE INDEX chain_coin_by_spending ON chain_coin (spent_at) WHERE spent_at IS NOT NULL",
                "CREATE INDEX chain_coin_by_claim ON chain_coin (claimed_at) WHERE claimed_at IS NOT NULL",
                "CREATE TABLE chain_system_fee (block_index INTEGER PRIMARY KEY, fee INTEGER NOT NULL)",
            ),
        ),
        # preview2's consensus data, where the block was recorded; NULL where it follows from the index
        Migration("m006_consensus_data", ("ALTER TABLE chain_block ADD COLUMN consensus_data BLOB",)),
        # the block whose execution ended this version of a contract: updated or destroyed it
        Migration("m007_contract_end", ("ALTER TABLE chain_contract ADD COLUMN ended_at INTEGER",)),
        # what is not as on a real node (mark_rows.py)
        Migration(
            "m008_mark",
            (
                """CREATE TABLE chain_mark (
                    kind TEXT NOT NULL, script_hash BLOB NOT NULL, block_index INTEGER NOT NULL,
                    PRIMARY KEY (kind, script_hash, block_index)
                ) WITHOUT ROWID""",
                "CREATE INDEX chain_mark_by_block ON chain_mark (block_index)",
            ),
        ),
        # Executions and histories are packed. What was made before is refused (store.py), so the steps above make the
        # tables as they are now.
        Migration("m009_packed_rows", ()),
    ),
)
