"""Stack items as bytes and as JSON."""
