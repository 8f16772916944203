"""Training: from a dataset of texts to a model folder."""
