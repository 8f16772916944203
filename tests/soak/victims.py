"""What `kills.py` kills: a project, or the real window, at random work that it acknowledges.

    python tests/soak/victims.py project|window SEED FILE

Every line on standard output is an acknowledgement: `at DIGEST` once a state shows, `saving` before
a save, `taken DIGEST` once it is known what goes into the file, `saved` after it, `broken …` for an
exception in a slot. It never ends by itself.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from states import Hand, digest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aigc_studio.project import Change, Project
    from aigc_studio.ui.window import StudioWindow


def main() -> None:
    """Go on until killed."""
    kind, seed, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    project_victim(seed, file) if kind == "project" else window_victim(seed, file)


def say(*words: object) -> None:
    """One line, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def project_victim(seed: int, file: Path) -> None:
    """Random commands on a project without a window, and a save now and then."""
    from aigc_studio.project import Project

    hand, project = Hand(seed), Project.new()
    while True:
        hand.act(project)
        say("at", digest(project))
        if hand.random.random() < 0.06:
            say("saving")
            say("taken", digest(project))
            project.save(file)
            say("saved")


def window_victim(seed: int, file: Path) -> None:
    """Strokes, typing, nudges, undo and saves in the real window, by its own events."""
    from PySide6.QtCore import QTimer

    from aigc_studio import app

    application = app.make_application()
    window = app.open_window(application, later=False)
    window.resize(1000, 700)
    # After the window's own guard, which would keep it to itself.
    sys.excepthook = lambda kind, error, _trace: say("broken", kind.__name__, error)
    project = window.studio.project
    project.listeners.append(partial(_heard, project))
    person = Person(window, random.Random(seed), file)
    timer = QTimer(interval=15)
    timer.timeout.connect(person.act)
    timer.start()
    application.exec()


def _heard(project: Project, change: Change) -> None:
    if change.kind == "saved":
        say("saved")  # what was saved was taken a while ago, and work went on
    else:
        say("at", digest(project))


class Person:
    """Does one thing each time: a stroke takes many turns, so that a kill falls into one."""

    def __init__(self, window: StudioWindow, chance: random.Random, file: Path) -> None:
        self.window = window
        self.view = window.board_area.view
        self.chance = chance
        self.file = file
        self._left = 0
        self._spot = (0.0, 0.0)

    def act(self) -> None:
        """The next thing."""
        if self._left:
            self._go_on()
            return
        kinds = [self._begin_stroke, self._begin_stroke, self._nudge, self._undo, self._redo]
        self.chance.choice([*kinds, self._write, self._save])()

    def _begin_stroke(self) -> None:
        from PySide6.QtCore import QEvent

        from aigc_studio.ui.canvas import Tool

        self.view.set_tool(Tool.BRUSH)
        self._spot = self.chance.uniform(50, 300), self.chance.uniform(40, 200)
        self._left = self.chance.randint(5, 25)
        self._mouse(QEvent.Type.MouseButtonPress)

    def _go_on(self) -> None:
        from PySide6.QtCore import QEvent

        self._left -= 1
        x, y = self._spot
        self._spot = x + self.chance.uniform(-9, 12), y + self.chance.uniform(-9, 9)
        kind = QEvent.Type.MouseMove if self._left else QEvent.Type.MouseButtonRelease
        self._mouse(kind)

    def _mouse(self, kind: object) -> None:
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        viewport, spot = self.view.viewport(), QPointF(*self._spot)
        moving = kind == QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if moving else Qt.MouseButton.LeftButton
        place = QPointF(viewport.mapToGlobal(spot))
        held = Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonRelease:
            held = Qt.MouseButton.NoButton
        plain = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(viewport, QMouseEvent(kind, spot, place, button, held, plain))  # type: ignore[call-overload]

    def _nudge(self) -> None:
        from PySide6.QtCore import Qt

        from aigc_studio.ui.canvas import Tool

        self.view.set_tool(Tool.MOVE)
        self.view.commands.select_all()
        for _n in range(self.chance.randint(1, 4)):
            self._key(self.view, Qt.Key.Key_Right)

    def _key(self, widget: QWidget, key: object) -> None:
        from PySide6.QtTest import QTest

        QTest.keyClick(widget, key)  # type: ignore[call-overload]

    def _undo(self) -> None:
        self.window.studio.history.stack.undo()

    def _redo(self) -> None:
        self.window.studio.history.stack.redo()

    def _write(self) -> None:
        from PySide6.QtCore import QPointF

        from aigc_studio.api import Text

        words = "".join(self.chance.choices("some words 字 ", k=40))
        at = QPointF(self.chance.uniform(-400, 400), self.chance.uniform(-300, 300))
        self.view.exchange.add_artifact(Text(words), "Words", at=at)

    def _save(self) -> None:
        if self.chance.random() < 0.5:
            say("saving")
            self.window.documents.save_to(self.file)
            say("taken", digest(self.window.studio.project))


if __name__ == "__main__":
    main()
