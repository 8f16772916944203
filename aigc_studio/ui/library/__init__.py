"""The parts of the Library window: datasets, models and sample packs, and what imports them."""
