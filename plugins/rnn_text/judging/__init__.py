"""Judging: how well a model writes, how expected a text is, what was copied."""
