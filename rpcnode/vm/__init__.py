"""The Neo VM: pure, without I/O, clock or database."""
