"""Which texts are set as verse: a few short lines, in the middle of their card."""

from __future__ import annotations

LINES = (2, 16)
"""Least and most lines of a verse."""
LONGEST = 16
"""Characters of its longest line."""
_MARKS = ",.;:!?，。、；：！？…—"


def is_verse(text: str) -> bool:
    """Whether a text is Chinese verse: short lines, all as long, or in pairs that are.

    Lines of letters are left as they are typed: whoever writes `a` over `b` means a list.
    """
    if len(text) > LINES[1] * (LONGEST + 1):
        return False
    lines = [line.strip().strip(_MARKS) for line in text.splitlines() if line.strip()]
    if not LINES[0] <= len(lines) <= LINES[1] or not all(map(_is_chinese, lines)):
        return False
    lengths = [len(line) for line in lines]
    return max(lengths) <= LONGEST and max(lengths) == min(lengths) and lengths[0] > 2


def _is_chinese(line: str) -> bool:
    return bool(line) and all(sign >= "\u3400" or sign in _MARKS for sign in line)
