"""What 3.0.0-preview2 sends and signs."""
