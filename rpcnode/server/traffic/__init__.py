"""What passes a node: the journal of calls, and the faults that strike them."""
