"""What the first screen does in the window: its living picture, cards and recent boards."""
