"""Painting that cannot leave a painter as it must not be left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter


@contextmanager
def saved(painter: QPainter) -> Iterator[None]:
    """Save a painter that belongs to a view, and restore it whatever happens in the block.

    An exception that passes a saved painter by is a segmentation fault a moment later.
    """
    painter.save()
    try:
        yield
    finally:
        painter.restore()
