"""Melodies as sound: a synthesiser, WAV files, and a player in a process of its own.

No Qt and no torch here. `instruments` and `player` import no numpy: a window may import them.
"""
