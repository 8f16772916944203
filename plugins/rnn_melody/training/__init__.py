"""Training: from a dataset of tunes to a model folder."""
