"""How far something is, in a bar of Qt's: its numbers have 32 bits, those of a plugin 64."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QProgressBar

_MOST = 2**31 - 1
_PARTS = 10_000


def show_progress(bar: QProgressBar, step: int, total: int) -> None:
    """Show `step` of `total`; a total of 0 or less is one that is not known."""
    if total > _MOST:
        step, total = step * _PARTS // total, _PARTS
    wanted = max(0, total), max(0, min(step, total, _MOST))
    if wanted == (bar.maximum(), bar.value()):
        return
    # A bar that is told a value paints itself at once, and with it all that the window has still
    # to paint: sixteen candidates were painted ninety times.
    bar.setUpdatesEnabled(False)
    bar.setRange(0, wanted[0])
    bar.setValue(wanted[1])
    bar.setUpdatesEnabled(True)
