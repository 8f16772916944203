"""Judging: how well a model composes, how expected a tune is, what was copied."""
