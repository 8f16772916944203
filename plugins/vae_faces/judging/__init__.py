"""Judging: how good a model is, and where a picture is unlike anything it can draw."""
