"""Teos: balances by address and unique asset id, as the TEOS OData service answers them."""
