"""A small chain that these tests stand on."""

SHOP = """
network: {genesis_time: 0, ms_per_block: 1000}
node: {height: 3}
accounts:
  alice: {seed: alice of the shop}
  bob: {seed: bob of the shop}
  eve: "0x00000000000000000000000000000000000000ee"
contracts:
  coin: {standard: NEP-17, symbol: COIN, decimals: 0}
  old: {standard: NEP-5, symbol: OLD, decimals: 0}
  art: {standard: NEP-11, tokens: {sunrise: {name: Sunrise}}}
balances:
  - {account: alice, asset: coin, amount: 100, block: 1}
  - {account: alice, asset: old, amount: 7, block: 2}
  - {account: bob, asset: coin, amount: 20, block: 2}
"""
