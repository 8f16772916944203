"""A board of 5,000 pictures in the real window: opened, fitted, selected, moved, hidden, deleted.

    python tests/benchmarks/large_board.py --items 5000 --mixed

A block is the longest time that the UI thread computed between two ticks of a 10 ms timer. Beside
them stands what bare Qt takes: a QGraphicsScene of as many pixmaps in a window of the same size,
all of which are moved and painted, after a bare loop. What is done to 5,000 pictures is Python and
painting, and a day on which memory is slow makes the one half as slow again and the other four
times as slow.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stacks
from references import LOOP, loop
from rows import Reference, Row, row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from studio_window import BlockMeter

    from aigc_studio.project import Project
    from aigc_studio.ui.window import StudioWindow

BAR = 100.0
OPEN_BAR = 1.5
OPEN_BARE = 0.5
"""Seconds that bare Qt took for it on the machine on which the bars were set."""
MOVED = 34.0
"""Milliseconds that bare Qt took there to move and paint them all."""
STEP_BAR = 100.0
"""Milliseconds of a step while an arrow key is held: ten steps a second."""
SIDE = 64
GAP = 8
SIZE = (1200, 800)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--mixed", action="store_true", help="a fifth each are texts and melodies")
    parser.add_argument("--only", nargs="+", help="these operations, by name")
    parser.add_argument("--calls", type=float, help="show what is called in blocks from so many ms")
    parser.add_argument("--shots", type=Path, help="a folder for screenshots")
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        path = home / "large.aigc"
        make_project(path, arguments.items, arguments.mixed)
        Large(path, arguments).measure()


def make_project(path: Path, count: int, mixed: bool) -> None:
    """Write a project with `count` small items, no two of them alike, in rows."""
    from aigc_studio.project import Project, commands
    from aigc_studio.project.items import Item

    project = Project.new()
    project.store.durable = False
    across = max(round((count * SIZE[0] / SIZE[1]) ** 0.5), 1)
    items = []
    for number in range(count):
        content = project.store.put(_artifact(number, mixed))
        place = (number % across * (SIDE + GAP), number // across * (SIDE + GAP))
        items.append(Item(f"i{number + 1}", f"Item {number + 1}", content, *place, SIDE, SIDE))
    project.do(commands.add_items(project.board, items))
    project.save(path)
    project.close()


def _artifact(number: int, mixed: bool) -> Any:
    import numpy as np

    from aigc_studio.api import Image, Melody, Note, Text

    if mixed and number % 5 == 3:
        return Text(f"Text {number}: the quick brown fox jumps over the lazy dog. " * 3)
    if mixed and number % 5 == 4:
        return Melody(tuple(Note(240 * n, 240, 60 + (n * number) % 17) for n in range(32)))
    dice = np.random.default_rng(number)
    pixels = np.full((SIDE, SIDE, 3), dice.integers(40, 255, 3), np.uint8)
    pixels[16:48, 16:48] = dice.integers(0, 255, (32, 32, 3))
    return Image(pixels)


class Large:
    """The window with the project, and what is done to it."""

    def __init__(self, path: Path, arguments: argparse.Namespace) -> None:
        import studio_window as studio

        self.studio = studio
        self.path = path
        self.arguments = arguments
        self.bare = Bare(arguments.items)
        self.window: StudioWindow = studio.open_studio()
        self.window.resize(*SIZE)
        self.meter: BlockMeter = studio.BlockMeter(looks=arguments.calls is not None)
        studio.turn(4.0)
        self.moved: list[float] = []

    def measure(self) -> None:
        """All of it, in an order in which each leaves the board as the next one wants it."""
        self.open()
        self.tell_block("select all (Ctrl+A)", self.select_all, "select")
        self.step()
        self.tell_block("undo of the burst of steps", self.undo)
        self.drag()
        self.tell_block("undo of the drag", self.undo)
        self.hover()
        self.tell_block("rubber band over all of them", self.band)
        self.select_all()
        for name in ("hide", "delete", "duplicate", "cut"):
            self.there_and_back(name)
        self.tell_block("copy", lambda: self.act("copy"))
        self.there_and_back("paste")
        self.select_all()
        self.there_and_back("align_left", "align")
        self.there_and_back("distribute_h", "distribute")
        for what, name in (("half of them to the front", "front"), ("one forward", "forward")):
            self.view.select([item.id for item in self.board.items[::2]])
            self.there_and_back(name, what)
        self.opacity()
        self.look_round()
        self.tell_block("save", self.save)
        self.export()
        self.studio.shut(self.window)

    # Each operation

    def open(self) -> None:
        """Until the board is shown and answers, and until its last picture is there."""
        usable, whole = [], []
        blocks: list[tuple[float, float]] = []
        for _n in range(self.arguments.repeats):
            self.window.documents.new()
            self.studio.wait(lambda: not len(self.board), "an empty board")
            self.studio.turn(1.0)
            self.meter.take()
            began = time.perf_counter()
            self.window.documents.open(self.path)
            self.studio.wait(lambda: len(self.board) == self.arguments.items, "the board")
            self.window.board_area.view.fit()
            self.frame()
            usable.append(time.perf_counter() - began)
            if len(usable) == 1:
                self.shoot("opening")
            self.rest()
            whole.append(time.perf_counter() - began)
            blocks += self.meter.take()
        self.shoot("fit")
        bare = self.bare.open(self.path)
        reads = Reference("bare Qt reads and shows as many", [bare], OPEN_BARE)
        self.tell(row("open to usable, fitted", usable, "s", bar=OPEN_BAR, beside=reads))
        self.tell(row("open until the last picture is there", whole, "s"))
        self.tell(self.block_row("open", blocks))
        self.tell_block("fit (Ctrl+0)", self.view.fit)

    def step(self) -> None:
        """An arrow key held: as many steps as the window takes, each shown before the next."""
        self.rest()
        position = self.project.position
        self.meter.take()
        shown = []
        for number in range(30):
            began = time.thread_time()
            self.key(self.qt.Key.Key_Right, repeat=number > 0)
            self.frame()
            shown.append((time.thread_time() - began) * 1000)
        self.release(self.qt.Key.Key_Right)
        self.rest()
        steps = self.project.position - position
        note = f"{steps} steps of history"
        self.tell(
            row(
                "a step, arrow key held",
                shown,
                bar=STEP_BAR,
                judged="worst",
                beside=self.moving(),
                note=note,
            )
        )
        self.tell(self.block_row("arrow key held, and its command", self.meter.take()))

    def drag(self) -> None:
        """All of them by the mouse, in 20 moves, shown at each."""
        self.select_all()
        self.rest()
        self.meter.take()
        start = self.spot()
        shown = []
        self.mouse("press", start)
        for number in range(20):
            began = time.thread_time()
            self.mouse("move", (start[0] + 3 * number, start[1] + 2 * number))
            self.frame()
            shown.append((time.thread_time() - began) * 1000)
        self.shoot("dragging")
        self.mouse("release", (start[0] + 57, start[1] + 38))
        self.rest()
        more: dict[str, Any] = {"judged": "worst", "beside": self.moving()}
        self.tell(row("drag all, a move", shown, bar=BAR, **more))
        self.tell(self.block_row("drag all, and its command", self.meter.take()))

    def hover(self) -> None:
        """The pointer over the board, with all selected."""
        self.select_all()
        self.rest()
        moved = []
        for number in range(40):
            began = time.thread_time()
            self.mouse("hover", (200 + 10 * number, 200 + 7 * number))
            self.frame()
            moved.append((time.thread_time() - began) * 1000)
        self.tell(row("pointer over the board, all selected, a move", moved))

    def band(self) -> None:
        """From outside the upper left one to the lower right one."""
        self.view.commands.deselect()
        self.mouse("press", (4, 4))
        wide, high = self.view.viewport().size().toTuple()
        for number in range(1, 21):
            self.mouse("move", (number * wide / 20 - 5, number * high / 20 - 5))
            self.frame()
        self.mouse("release", (wide - 5, high - 5))

    def there_and_back(self, name: str, what: str = "") -> None:
        """Do it, undo it, redo it, undo it."""
        what = what or name
        if name == "delete":
            self.tell_block(what, lambda: self.key(self.qt.Key.Key_Delete), name)
        else:
            self.tell_block(what, lambda: self.act(name), name)
        self.tell_block(f"undo of {what}", self.undo)
        self.tell_block(f"redo of {what}", lambda: self.act("redo"))
        self.undo()
        self.rest()
        self.select_all()
        self.rest()

    def opacity(self) -> None:
        """Half as opaque, and back."""
        self.tell_block("opacity", lambda: self.view.commands.set_opacity(0.5))
        self.tell_block("undo of opacity", self.undo)

    def look_round(self) -> None:
        """Zoom in and out by the wheel, and pan, with all of them selected."""
        self.view.fit()
        frames = []
        for factor in [1.2] * 16 + [1 / 1.2] * 16:
            began = time.thread_time()
            self.view.set_zoom(self.view.zoom * factor)
            self.frame()
            frames.append((time.thread_time() - began) * 1000)
        self.shoot("selected")
        note = f"bare Qt {self.bare.frame():.1f} ms at fit"
        self.tell(
            row(
                "zoom, a frame",
                frames,
                bar=BAR,
                judged="worst",
                beside=self.moving(),
                note=note,
            )
        )
        self.view.commands.deselect()
        self.rest()
        self.shoot("whole")

    def save(self) -> None:
        """To another file."""
        self.window.documents.save_to(self.path.with_name("again.aigc"))
        self.studio.wait(lambda: not self.window.documents.saving, "a saved file")

    def export(self) -> None:
        """The board as one picture, as the export dialog makes it."""
        drawn: list[object] = []

        def draw() -> None:
            self.view.exchange.draw_board(drawn.append)
            self.studio.wait(lambda: bool(drawn), "the picture of the board")

        self.tell_block("the board drawn for export", draw)

    # Hands

    @property
    def qt(self) -> Any:
        from PySide6.QtCore import Qt

        return Qt

    @property
    def view(self) -> Any:
        return self.window.board_area.view

    @property
    def project(self) -> Project:
        return self.window.studio.project

    @property
    def board(self) -> Any:
        return self.project.board

    def act(self, name: str) -> None:
        """Trigger an entry of the menus."""
        self.window.actions_by_name[name].trigger()

    def select_all(self) -> None:
        self.key(self.qt.Key.Key_A, self.qt.KeyboardModifier.ControlModifier)

    def undo(self) -> None:
        self.act("undo")

    def key(self, key: Any, modifiers: Any = None, repeat: bool = False) -> None:
        """Press a key on the canvas; an arrow stays down."""
        self._send(True, key, modifiers, repeat)
        if modifiers is not None or key == self.qt.Key.Key_Delete:
            self._send(False, key, modifiers, False)

    def release(self, key: Any) -> None:
        self._send(False, key, None, False)

    def _send(self, down: bool, key: Any, modifiers: Any, repeat: bool) -> None:
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
        modifiers = modifiers or self.qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.view, QKeyEvent(kind, key, modifiers, "", repeat))

    def mouse(self, what: str, at: tuple[float, float]) -> None:
        from PySide6.QtCore import QEvent, QPointF
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        none, left = self.qt.MouseButton.NoButton, self.qt.MouseButton.LeftButton
        kind, button, held = {
            "press": (QEvent.Type.MouseButtonPress, left, left),
            "move": (QEvent.Type.MouseMove, none, left),
            "hover": (QEvent.Type.MouseMove, none, none),
            "release": (QEvent.Type.MouseButtonRelease, left, none),
        }[what]
        place, viewport = QPointF(*at), self.view.viewport()
        event = QMouseEvent(
            kind, place, viewport.mapToGlobal(place), button, held,
            self.qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)

    def spot(self) -> tuple[float, float]:
        """On an item in the middle, in pixels of the viewport."""
        item = self.board.items[self.arguments.items // 2]
        from PySide6.QtCore import QPointF

        middle = self.view.to_view(QPointF(item.x + SIDE / 2, item.y + SIDE / 2))
        return middle.x(), middle.y()

    def frame(self) -> None:
        """What is due now, painting included."""
        from PySide6.QtWidgets import QApplication

        QApplication.processEvents()

    def rest(self) -> None:
        """Until nothing is on its way any more."""
        scene = self.view.board_scene
        self.studio.turn(0.5)
        errands = self.window.studio.errands
        self.studio.wait(
            lambda: scene.is_whole and scene.loader.idle and not errands.under_way, "quiet"
        )
        self.studio.turn(0.3)

    # Telling

    def tell_block(self, what: str, act: Callable[[], object], bare: str = "") -> None:
        """The longest block from an act until all is quiet again."""
        self.rest()
        self.meter.take()
        act()
        self.rest()
        beside = self.bare.done(bare)
        self.tell(self.block_row(what, self.meter.take(), beside))

    def block_row(self, what: str, gaps: list[tuple[float, float]], bare: float = 0.0) -> Row:
        late = max(late for late, _computed in gaps)
        note = f"late by {late:.0f} ms at most"
        if bare:
            note = f"bare Qt {bare:.1f} ms; {note}"
        computed = [computed for _late, computed in gaps]
        if self.arguments.calls is not None and max(computed) >= self.arguments.calls:
            sys.stderr.write(f"{what}: {max(computed):.0f} ms\n{stacks.told(self.meter.longest)}\n")
        more: dict[str, Any] = {"beside": self.moving(), "note": note}
        return row(f"longest block: {what}", computed, bar=BAR, judged="worst", **more)

    def moving(self) -> Reference:
        """A bare loop, and bare Qt that moves as many: taken beside each figure, by its clock."""
        self.moved += [loop(time.thread_time) + self.bare.step() for _n in range(2)]
        return Reference("a bare loop, and bare Qt moves as many", self.moved, LOOP + MOVED)

    def tell(self, found: Row) -> None:
        tell(found)

    def shoot(self, name: str) -> None:
        if self.arguments.shots:
            self.arguments.shots.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(self.arguments.shots / f"{name}.png"))


class Bare:
    """The reference: as many pixmaps in a QGraphicsScene, with nothing around them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.view: Any = None
        self.items: list[Any] = []
        self._way = 1.0

    def open(self, path: Path) -> float:
        """Seconds to read as many pictures out of the same file and show them."""
        import zipfile

        from PySide6.QtGui import QPixmap
        from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView

        began = time.perf_counter()
        scene = QGraphicsScene()
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        across = max(round((self.count * SIZE[0] / SIZE[1]) ** 0.5), 1)
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("content/tile")]
            for number in range(self.count):
                pixmap = QPixmap()
                pixmap.loadFromData(archive.read(names[number % len(names)]))
                item = scene.addPixmap(pixmap.copy(0, 0, SIDE, SIDE))
                item.setFlag(item.GraphicsItemFlag.ItemIsSelectable)
                item.setPos(number % across * (SIDE + GAP), number // across * (SIDE + GAP))
                self.items.append(item)
        self.scene, self.view = scene, QGraphicsView(scene)
        update = QGraphicsView.ViewportUpdateMode.FullViewportUpdate
        self.view.setViewportUpdateMode(update)
        self.view.resize(*SIZE)
        self.view.show()
        self.view.fitInView(scene.sceneRect())
        QApplication.processEvents()
        took = time.perf_counter() - began
        self.done("select")
        return took

    def frame(self) -> float:
        """Milliseconds to paint all of them."""
        return self._timed(lambda: self.view.viewport().update())

    def step(self) -> float:
        """Milliseconds to move all of them, there or back, and paint; all are selected."""
        self._way = -self._way
        return self._timed(lambda: [item.moveBy(self._way, 0) for item in self.items])

    def done(self, name: str) -> float:
        """Milliseconds of the same there: `select`, `hide` or `delete`; 0 for what it has not."""
        if name == "select":
            self.scene.clearSelection()
            return self._timed(lambda: [item.setSelected(True) for item in self.items])
        if name == "hide":
            took = self._timed(lambda: [item.hide() for item in self.items])
            self._timed(lambda: [item.show() for item in self.items])
            return took
        if name == "delete":
            took = self._timed(self._remove)
            self._timed(self._add)
            return took
        return 0.0

    def _remove(self) -> None:
        for item in self.items:
            self.scene.removeItem(item)

    def _add(self) -> None:
        for item in self.items:
            self.scene.addItem(item)

    def _timed(self, act: Callable[[], object]) -> float:
        from PySide6.QtWidgets import QApplication

        began = time.thread_time()
        act()
        QApplication.processEvents()
        return (time.thread_time() - began) * 1000


if __name__ == "__main__":
    main()
