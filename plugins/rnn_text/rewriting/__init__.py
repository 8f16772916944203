"""Rewriting: a marked part made anew so that it fits both sides."""
