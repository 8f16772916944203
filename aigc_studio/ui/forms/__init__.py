"""Forms drawn from a JSON Schema."""
