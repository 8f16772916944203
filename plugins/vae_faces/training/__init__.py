"""Training: from a dataset of pictures to a model folder."""
