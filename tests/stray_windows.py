"""Parts of the window that are shown before they have a place: Qt makes each a window of its own.

It lasts for a blink. On a desktop it flickers and takes the keyboard, and every menu that is open
closes.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget

PRODUCT = "aigc_studio.ui"


@contextmanager
def none_is_shown() -> Iterator[None]:
    """Fail where a part of the studio is shown without a place, while a window is open."""
    former = {name: getattr(QWidget, name) for name in ("show", "setVisible")}
    for name, show in former.items():
        setattr(QWidget, name, _watched(show))
    try:
        yield
    finally:
        for name, show in former.items():
            setattr(QWidget, name, show)


def _watched(show: Callable[..., None]) -> Callable[..., None]:
    def shown(widget: QWidget, *visible: bool) -> None:
        if (not visible or visible[0]) and widget.parentWidget() is None and _strays(widget):
            frame: Any = sys._getframe(1)
            if frame.f_globals.get("__name__", "").startswith(PRODUCT):
                place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
                raise AssertionError(f"{type(widget).__name__} has no place yet at {place}")
        show(widget, *visible)

    return shown


def _strays(widget: QWidget) -> bool:
    if isinstance(widget, QDialog | QMainWindow | QMenu):
        return False
    return any(
        isinstance(each, QMainWindow) and each.isVisible()
        for each in QApplication.topLevelWidgets()
    )
