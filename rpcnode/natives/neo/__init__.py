"""What NeoToken is made of: accounts, candidates, elections and rewards over its rows."""
