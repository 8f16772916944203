"""The first screen: what an empty board shows."""
