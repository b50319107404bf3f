"""What scripts ask of the engine."""
