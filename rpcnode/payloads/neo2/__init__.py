"""What Neo 2 sends and signs."""
