"""A board on a canvas for tests: a real project, and commands that really happen."""

from pathlib import Path
from typing import Any

import numpy as np
from kinds import an_image, there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Note, Text
from aigc_studio.project import Project, commands
from aigc_studio.project.board import Board
from aigc_studio.project.items import Item
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.scene.board_scene import BoardScene

Pixels = np.ndarray[Any, Any]
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class CanvasBoard:
    """A view, its project, and hands. Positions are board units unless said otherwise."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.project = Project.new(folder)
        self.view = BoardView(self.project)
        self.view.resize(900, 700)
        self.view.command_made.connect(self.project.do)
        self.said: list[str] = []
        self.view.told.connect(self.said.append)
        qtbot.addWidget(self.view)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.view.centerOn(0, 0)

    @property
    def board(self) -> Board:
        return self.project.board

    @property
    def scene(self) -> BoardScene:
        return self.view.board_scene

    def put(
        self,
        artifact: Artifact,
        x: float = 0.0,
        y: float = 0.0,
        width: float | None = None,
        height: float | None = None,
        name: str = "Item",
        **fields: Any,
    ) -> str:
        """Put an artifact on the board and give its id."""
        content = self.project.store.put(artifact)
        size = {"image": content.info.get("width", 0), "text": 320, "melody": 480}
        high = {"image": content.info.get("height", 0), "text": 180, "melody": 180}
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

    def artifact(self, id: str) -> Artifact:
        return self.project.store.get(self.board.item(id).content)

    def pixels(self, id: str) -> Pixels:
        return an_image(self.artifact(id)).pixels

    def mask(self, id: str) -> Pixels:
        """The mask of an item that has one."""
        return an_image(self.project.store.get(there(self.board.item(id).mask))).pixels

    def at(self, x: float, y: float) -> QPoint:
        return self.view.to_view(QPointF(x, y)).toPoint()

    def click(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, self.at(x, y))

    def drag(
        self,
        *points: tuple[float, float],
        modifiers: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
        release: bool = True,
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

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def settle(self) -> None:
        """Let everything that is on its way arrive."""
        self.scene.edits.wait()
        self.scene.have_all()

        def is_settled() -> bool:
            scene = self.scene  # what an errand brought may have begun another edit
            return scene.errands.under_way == 0 and scene.edits.idle and scene.loader.idle

        # Generous, because the machine may be busy.
        self.qtbot.waitUntil(is_settled, timeout=40_000)

    def seen(self, x: float, y: float) -> QColor:
        """The colour on screen at a place of the board."""
        spot = self.at(x, y)
        return self.view.viewport().grab().toImage().pixelColor(spot)

    def close(self) -> None:
        self.view.close_project()
        self.project.close()


def move(
    viewport: QWidget,
    spot: QPoint,
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
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


def grey(width: int = 64, height: int = 64, value: int = 0) -> Image:
    return Image(np.full((height, width), value, np.uint8))


def tune(bars: int = 4) -> Melody:
    return Melody(tuple(Note(480 * n, 480, 60 + n % 5) for n in range(4 * bars)))


def text(value: str = "one two three") -> Text:
    return Text(value)
