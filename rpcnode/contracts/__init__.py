"""Contract states and the tokens that are modelled in Python."""
