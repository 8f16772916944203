"""Painting that cannot leave a painter as it must not be left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter


@contextmanager
def saved(painter: QPainter) -> Iterator[None]:
    """Save a painter that belongs to a view, and restore it whatever happens in the block.

    An exception is told (`sys.excepthook`, where the crash guard listens) and goes no further:
    left in the air in a method that Qt calls, it meets the next call of Qt's, with a painter that
    was saved by then and is never restored. That is a segmentation fault a moment later.
    """
    painter.save()
    try:
        yield
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        painter.restore()
