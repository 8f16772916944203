"""Hearing in the window: Play, the line that moves, what sounds and how."""
