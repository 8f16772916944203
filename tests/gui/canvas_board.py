"""A board on a canvas for tests: a real project, and commands that really happen."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Melody, Note, Text
from aigc_studio.project import Project, commands
from aigc_studio.project.board import Item
from aigc_studio.ui.canvas import BoardView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class CanvasBoard:
    """A view, its project, and hands. Positions are board units unless said otherwise."""

    def __init__(self, folder: Any, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.project = Project.new(folder)
        self.view = BoardView(self.project)
        self.view.resize(900, 700)
        self.view.command_made.connect(self.project.do)
        self.said = []
        self.view.told.connect(self.said.append)
        qtbot.addWidget(self.view)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.view.centerOn(0, 0)

    @property
    def board(self) -> Any:
        return self.project.board

    @property
    def scene(self) -> Any:
        return self.view.board_scene

    def put(
        self,
        artifact: Any,
        x: float = 0.0,
        y: float = 0.0,
        width: Any = None,
        height: Any = None,
        name: str = "Item",
        **fields: Any,
    ) -> Any:
        """Put an artifact on the board and give its id."""
        content = self.project.store.put(artifact)
        size = {"image": content.info.get("width"), "text": 320, "melody": 480}
        high = {"image": content.info.get("height"), "text": 180, "melody": 180}
        (id,) = self.board.new_ids(1)
        item = Item(
            id,
            name,
            content,
            x,
            y,
            width or size[content.medium],
            height or high[content.medium],
            **fields,
        )
        self.project.do(commands.add_items(self.board, [item]))
        return id

    def artifact(self, id: Any) -> Any:
        return self.project.store.get(self.board.item(id).content)

    def pixels(self, id: Any) -> Any:
        return self.artifact(id).pixels

    def mask(self, id: Any) -> Any:
        mask = self.board.item(id).mask
        return None if mask is None else self.project.store.get(mask).pixels

    def at(self, x: Any, y: Any) -> Any:
        return self.view.to_view(QPointF(x, y)).toPoint()

    def click(self, x: Any, y: Any, modifiers: Any = NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, self.at(x, y))

    def drag(
        self, *points: Any, modifiers: Any = NONE, button: Any = LEFT, release: bool = True
    ) -> None:
        viewport = self.view.viewport()
        spots = [self.at(*point) for point in points]
        QTest.mouseMove(viewport, spots[0])
        QTest.mousePress(viewport, button, modifiers, spots[0])
        for spot in spots[1:]:
            move(viewport, spot, button, modifiers)
        if release:
            QTest.mouseRelease(viewport, button, modifiers, spots[-1])
            self.settle()

    def key(self, key: Any, modifiers: Any = NONE) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def settle(self) -> None:
        """Let everything that is on its way arrive."""
        self.scene.edits.wait()
        self.qtbot.waitUntil(lambda: self.scene.errands.under_way == 0 and self.scene.loader.idle)

    def seen(self, x: Any, y: Any) -> Any:
        """The colour on screen at a place of the board."""
        spot = self.at(x, y)
        return self.view.viewport().grab().toImage().pixelColor(spot)

    def close(self) -> None:
        self.view.close_project()
        self.project.close()


def move(viewport: Any, spot: Any, button: Any = LEFT, modifiers: Any = NONE) -> None:
    """A mouse move with a button down (QTest's own carries neither button nor modifiers)."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(spot),
        QPointF(viewport.mapToGlobal(spot)),
        Qt.MouseButton.NoButton,
        button,
        modifiers,
    )
    QApplication.sendEvent(viewport, event)


def grey(width: int = 64, height: int = 64, value: int = 0) -> Any:
    return Image(np.full((height, width), value, np.uint8))


def tune(bars: int = 4) -> Any:
    return Melody(tuple(Note(480 * n, 480, 60 + n % 5) for n in range(4 * bars)))


def text(value: str = "one two three") -> Any:
    return Text(value)
