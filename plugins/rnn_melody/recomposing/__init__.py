"""Recomposing: marked bars made anew so that they join both sides."""
