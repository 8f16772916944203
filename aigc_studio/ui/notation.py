"""How tunes are shown on the board: as piano rolls, or on staves.

The person's choice, kept here so that all tunes agree. Whoever paints asks `is_staff`; `changed`
tells that it has become another.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class _Signals(QObject):
    changed = Signal()


_signals = _Signals()
changed = _signals.changed
"""Signal without arguments: tunes are to be shown the other way."""
_staff = False


def is_staff() -> bool:
    """Whether tunes are shown on staves."""
    return _staff


def set_staff(on: bool) -> None:
    """Show them on staves from now on, or as rolls."""
    global _staff
    if on != _staff:
        _staff = on
        changed.emit()
