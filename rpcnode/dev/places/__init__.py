"""Files, and where in a file a value stands."""
