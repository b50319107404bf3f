"""What a script is run in."""
