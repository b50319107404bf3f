"""Whether what clients send may be taken in: transactions of N3 and the headers of its blocks."""
