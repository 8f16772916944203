"""The colours to paint with, picked as a person would, and what they do on dark and light."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.board import colours
from aigc_studio.ui.window.board.colours import ColourPalette

LEFT = Qt.MouseButton.LeftButton


def opened(window: StudioWindow, qtbot: QtBot) -> ColourPalette:
    window.board_area.view.set_tool(Tool.BRUSH)
    qtbot.mouseClick(window.board_area.options.brush.colour, LEFT)
    return shown(window)[0]


def shown(window: StudioWindow) -> list[ColourPalette]:
    return [each for each in window.findChildren(ColourPalette) if each.isVisible()]


def drawn_on(window: StudioWindow, qtbot: QtBot, ground: int) -> set[int]:
    """The grey levels of a picture of one level, after a stroke over its middle."""
    project, view = window.studio.project, window.board_area.view
    picture = Image(np.full((200, 200), ground, np.uint8))
    (id,) = project.board.new_ids(1)
    item = Item(id, "P", project.store.put(picture), 0, 0, 200, 200)
    window.studio.do(commands.add_items(project.board, [item]))
    view.select([id])
    view.fit()
    view.set_tool(Tool.BRUSH)
    middle = view.mapFromScene(100, 100)
    QTest.mousePress(view.viewport(), LEFT, pos=middle)
    QTest.mouseMove(view.viewport(), middle + QPoint(40, 0))
    QTest.mouseRelease(view.viewport(), LEFT, pos=middle + QPoint(40, 0))
    view.finish_edits()
    made = project.store.get(project.board.item(id).content)
    assert isinstance(made, Image)
    return set(np.unique(made.convert("L").pixels).tolist())


@pytest.mark.parametrize(("ground", "seen"), [(0, 240), (255, 26), (40, 240), (200, 26)])
def test_the_ink_of_a_new_brush_shows_on_any_picture(
    window: StudioWindow, qtbot: QtBot, ground: int, seen: int
) -> None:
    assert window.board_area.view.options.brush.colour is None
    assert seen in drawn_on(window, qtbot, ground)


def test_a_colour_that_was_chosen_is_used_wherever_it_is_painted(
    window: StudioWindow, qtbot: QtBot
) -> None:
    palette = opened(window, qtbot)
    qtbot.mouseClick(palette.swatches[0], LEFT)
    view = window.board_area.view
    assert view.options.brush.colour == (26, 26, 26)
    assert 26 in drawn_on(window, qtbot, 0)
    again = opened(window, qtbot)
    assert not again.automatic.isChecked()
    qtbot.mouseClick(again.automatic, LEFT)
    assert view.options.brush.colour is None


def test_arrows_and_return_choose_and_escape_leaves_it(window: StudioWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    qtbot.keyClick(palette.swatches[0], Qt.Key.Key_Down)
    assert palette.focusWidget() is palette.swatches[8]
    qtbot.keyClick(palette.swatches[8], Qt.Key.Key_Space)
    assert window.board_area.view.options.brush.colour == (0xD9, 0x2D, 0x20)
    palette = opened(window, qtbot)
    qtbot.keyClick(palette.swatches[0], Qt.Key.Key_Escape)
    assert not shown(window)
    assert window.board_area.view.options.brush.colour == (0xD9, 0x2D, 0x20)


def test_it_goes_when_the_work_goes_on(window: StudioWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    qtbot.mouseClick(window.board_area.view.viewport(), LEFT, pos=QPoint(30, 400))
    assert not shown(window)


def test_any_colour_can_be_had_and_is_there_the_next_time(
    window: StudioWindow, qtbot: QtBot, wait: Callable[[Callable[[], object]], None]
) -> None:
    palette = opened(window, qtbot)
    qtbot.mouseClick(palette.more, LEFT)
    wait(lambda: bool(window.findChildren(QColorDialog)))
    dialog = window.findChildren(QColorDialog)[0]
    dialog.setCurrentColor(QColor("#123456"))
    dialog.accept()
    assert window.board_area.view.options.brush.colour == (0x12, 0x34, 0x56)
    assert colours.recent() == ["#123456"]
    again = opened(window, qtbot)
    assert len(again.swatches) == 17
    again.close()


def test_the_opacity_of_the_brush_is_chosen_there_too(window: StudioWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    palette.opacity.setValue(50)
    palette.close()
    assert window.board_area.view.options.brush.opacity == 0.5
    levels = drawn_on(window, qtbot, 255)
    assert min(levels) in range(138, 144)
