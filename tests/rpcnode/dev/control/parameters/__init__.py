"""Parameters of dev methods that are wrong, long, or bare numbers."""
