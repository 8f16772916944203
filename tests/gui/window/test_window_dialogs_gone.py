"""A dialog, a question or a menu that was used and closed is gone: a long day makes no heap."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gui.window.test_window_remains import candidate, put
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from aigc_studio.api import Image
from aigc_studio.ui.canvas.exchange.rendering import Drawing
from aigc_studio.ui.window import StudioWindow

Use = Callable[[StudioWindow], Any]
Wait = Callable[[Callable[[], object]], None]

USES: dict[str, Use] = {
    "open": lambda window: window.documents.ask_open(),
    "save as": lambda window: window.documents.save_as(),
    "import": lambda window: window.importing.ask(),
    "open on the first screen": lambda window: window.beginning and window.beginning.ask_file(),
    "mask from a file": lambda window: window.mask_files.ask_import(),
    "export": lambda window: window.exporting.export_items(),
    "export to a file": lambda window: window.exporting._ask_file("one.txt", lambda _place: None),
    "export the board": lambda window: window.exporting.export_board(),
    "unsaved work": lambda window: window.documents.new(),
    "closing": lambda window: window.close(),
    "settings": lambda window: window.dialogs.show_settings(),
    "about": lambda window: window.dialogs.show_about(),
    "shortcuts": lambda window: window.dialogs.show_shortcuts(window.actions_by_name),
    "details": lambda window: window.dialogs.show_details("all of it"),
    "remarks": lambda window: window.dialogs.show_remarks("it", "all of it"),
    "new plugin": lambda window: new_plugin(window),
    "import data": lambda window: window.dialogs.import_into_library([]),
}


def a_picture(window: StudioWindow) -> str:
    return put(window, Image(np.zeros((4, 4, 3), np.uint8))).id


def new_plugin(window: StudioWindow) -> None:
    window.dialogs.show_plugins()
    assert window.dialogs.plugins is not None
    window.dialogs.plugins.ask_for_new()


def close_all() -> int:
    """Close what lies above the window; how many those were."""
    found = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    above = [each for each in found if isinstance(each, QDialog | QMenu)]
    for each in above:
        each.close()
    return len(above)


def remaining(window: StudioWindow) -> list[str]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return sorted(type(each).__name__ for each in window.findChildren(QObject))


@pytest.mark.parametrize("name", USES)
def test_what_was_used_is_gone(window: StudioWindow, wait: Wait, name: str) -> None:
    if name != "open on the first screen":
        window.board_area.view.select([a_picture(window)])

    def use(times: int) -> list[str]:
        for _time in range(times):
            USES[name](window)
            wait(lambda: not window.studio.errands.under_way)
            assert close_all()
        # What was being drawn for it is drawn to its end.
        wait(lambda: not window.findChildren(Drawing))
        return remaining(window)

    before, now = use(2), use(3)
    assert not {each for each in now if now.count(each) > before.count(each)}


def test_so_is_the_menu_of_a_candidate(
    window: StudioWindow, monkeypatch: pytest.MonkeyPatch, wait: Wait
) -> None:
    candidate(window)
    cells = window.board_area.strip.list
    wait(lambda: cells.current is not None)
    before, menu_of = len(window.findChildren(QMenu)), cells.menu_of
    shown: list[Any] = []

    def menu(cell: Any) -> QMenu:
        made = menu_of(cell)
        made.exec = shown.append  # type: ignore[method-assign, assignment]
        return made

    monkeypatch.setattr(cells, "menu_of", menu)
    for _time in range(3):
        reason = QContextMenuEvent.Reason.Mouse
        cells.contextMenuEvent(QContextMenuEvent(reason, QPoint(9, 9), QPoint(9, 9)))
    assert len(shown) == 3
    remaining(window)
    assert len(window.findChildren(QMenu)) == before
