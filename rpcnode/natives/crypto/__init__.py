"""What CryptoLib computes: pure functions of bytes, numbers and points, that know no engine."""
