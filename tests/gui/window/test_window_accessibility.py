"""Everything that the keyboard reaches has a name for a screen reader, in every window."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QScrollBar,
    QWidget,
)

from aigc_studio.ui.window import StudioWindow


def nameless(top: Any) -> Any:
    """The widgets in `top` that take the keyboard and that a screen reader finds no name for."""
    found = []
    for widget in top.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
        area = widget.parent()
        inner = inner or (isinstance(area, QAbstractScrollArea) and widget is area.viewport())
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or inner or not widget.isVisible():
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name) if interface else ""
        if not name and not isinstance(widget, QAbstractItemView | QDialog):
            found.append(
                f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
            )
        elif not name:
            found.append(f"{type(widget).__name__} (list)")
    return found


def test_the_window(window: StudioWindow) -> None:
    window.bottom.open("jobs")
    assert "\n".join(nameless(window)) == ""


def test_every_other_window(
    window: StudioWindow, wait: Callable[[Callable[[], Any]], None]
) -> None:
    window.panel.choose("spans")  # which learns

    def opened() -> list[QWidget]:
        tops = QApplication.topLevelWidgets()
        return [each for each in tops if each is not window and each.isVisible()]

    for action in ("library", "plugins", "settings", "log", "shortcuts", "about", "train"):
        assert not opened(), f"before {action}"
        window.actions_by_name[action].trigger()
        wait(lambda: bool(opened()))
        assert [name for top in opened() for name in nameless(top)] == [], action
        for top in opened():
            top.close()
