"""What an editor in a card tells whoever opened it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Told(QObject):
    """`ended`: the person leaves the editor; `moved`: its caret or selection is another one;

    `outgrown`: the text is about to be too long for it; `refused`: a sentence on what it did not
    write.
    """

    ended = Signal()
    moved = Signal()
    outgrown = Signal()
    refused = Signal(str)
