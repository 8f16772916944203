"""Large single things on the canvas: a text of 1 MB to write in, 100,000 notes to see and move.

    python tests/benchmarks/long_media.py --repeats 20

Each step is taken in the real window, with what is painted after it. All figures are processor time
of the UI thread, so that other work on the machine counts little. Beside them, in the same process,
a bare loop, and what bare Qt takes: a `QPlainTextEdit` with the same text, a `QGraphicsItem` of
2,000 rectangles. What hands do to all notes goes on beside the window: there a row has the longest
block until all is quiet again, by a timer of 10 ms.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from references import Loops
from rows import Reference, row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from studio_window import BlockMeter

    from aigc_studio.api import Artifact, Melody
    from aigc_studio.ui.window import StudioWindow

LETTERS = 1_000_000
NOTES = 100_000
RECTANGLES = 2_000
BEGIN, KEY, FRAME, BLOCK = 100.0, 16.0, 16.0, 100.0
PARTS = ("texts", "tunes", "hands")
SENTENCE = "The river keeps what the mountain forgets, and nobody asked it to do that.\n"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--notes", type=int, default=NOTES)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--calls", type=float, help="show what is called in blocks from so many ms")
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        import studio_window as studio

        window = studio.open_studio()
        studio.turn(4.0)
        if "texts" in arguments.only:
            texts(window, arguments.letters, arguments.repeats)
        if "tunes" in arguments.only:
            tunes(window, arguments.notes, arguments.repeats)
        if "hands" in arguments.only:
            hands(window, arguments.notes, arguments.calls)
        studio.shut(window)


def texts(window: StudioWindow, letters: int, repeats: int) -> None:
    """Begin to write and type, in words and in one line without a space."""
    from aigc_studio.api import Text

    kinds = {
        "words": (SENTENCE * (letters // len(SENTENCE) + 1))[:letters],
        "one line": "".join(random.Random(1).choices("abcdefghij", k=letters)),
    }
    for kind, value in kinds.items():
        id = put(window, Text(value), (420, 640))
        text(window, kind, id, repeats)
        bare_text(kind, value, repeats)


def text(window: StudioWindow, kind: str, id: str, repeats: int) -> None:
    """Write in the window's card."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    view = window.board_area.view
    begun, typed, ended = [], [], []
    for _n in range(max(repeats // 4, 2)):
        begun.append(cost(lambda: view.write(id)))
        for letter in "A FEW WORDS TYPED"[: max(repeats, 4)]:
            typed.append(cost(partial(QTest.keyClick, view.viewport(), Qt.Key(ord(letter)))))
        ended.append(cost(view.writer.end))
        wait_for_edits(window)
    size = f"{len(view.board_scene.item(id).value):,} letters, {kind}"  # type: ignore[union-attr]
    loops = taken()
    tell(row(f"begin to write in {size}", begun, bar=BEGIN, judged="worst", beside=loops))
    tell(row(f"type a letter in {size}", typed, bar=KEY, judged="p95", beside=loops))
    tell(row(f"end writing in {size}", ended, beside=loops))


def bare_text(kind: str, value: str, repeats: int) -> None:
    """The same in an editor of Qt alone; a single line is not wrapped there, which would hang."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QPlainTextEdit

    editor = QPlainTextEdit()
    editor.resize(420, 640)
    if kind != "words":
        editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    editor.show()
    begun = cost(lambda: editor.setPlainText(value))
    typed = [
        cost(lambda: QTest.keyClick(editor, Qt.Key.Key_A)) for _ in range(max(repeats // 4, 2))
    ]
    tell(row(f"a bare editor with the same text, {kind}: begin", [begun], peer=True))
    tell(row(f"a bare editor with the same text, {kind}: type", typed, peer=True))
    editor.close()
    editor.deleteLater()


def tunes(window: StudioWindow, notes: int, repeats: int) -> None:
    """Fit, zoom and scroll over a long tune, and over a bare item."""
    from PySide6.QtCore import QPointF

    view = window.board_area.view
    put(window, a_tune(notes), (1200, 400))
    wait_for_edits(window)
    steps: dict[str, list[float]] = {"fit": [], "zoom": [], "scroll": []}
    for number in range(max(repeats, 4)):
        view.actual_size()
        steps["fit"].append(cost(view.fit))
        for step in range(6):
            factor = 1.3 if step < 4 else 0.6
            steps["zoom"].append(cost(partial(view.set_zoom, view.zoom * factor)))
            steps["scroll"].append(cost(partial(view.pan, QPointF(-11 - number, 0))))
    loops = taken()
    for what, values in steps.items():
        name = f"a tune of {notes:,} notes: {what}, a frame"
        tell(row(name, values, bar=FRAME, judged="p95", beside=loops))
    bare_item(repeats)


def hands(window: StudioWindow, notes: int, calls: float | None) -> None:
    """What keys do to all notes of a long tune, each done and undone."""
    import studio_window as studio

    meter, half = studio.BlockMeter(looks=calls is not None), notes // 2
    for count, names in ((notes, MANY), (half, ("duplicate",))):
        id = put(window, a_tune(count), (1200, 400))
        window.board_area.view.marks.edited = id
        studio.turn(1.0)
        for name in names:
            before = window.studio.project.position
            block(window, meter, f"{name}, {count:,} notes", partial(ACTS[name], window), calls)
            if name not in ("select all", "copy"):
                if window.studio.project.position == before:
                    raise SystemExit(f"{name} did nothing")
                undo = window.board_area.undo
                block(window, meter, f"undo of {name}, {count:,} notes", undo, calls)
                ACTS["select all"](window)


def block(
    window: StudioWindow,
    meter: BlockMeter,
    what: str,
    act: Callable[[], object],
    calls: float | None,
) -> None:
    """The longest block from an act until all is quiet again."""
    import stacks
    import studio_window as studio

    studio.turn(0.5)
    meter.take()
    act()
    studio.turn(0.1)
    wait_for_edits(window)
    errands = window.studio.errands
    studio.wait(lambda: not errands.under_way, "the end of all errands")
    studio.turn(0.5)
    gaps = meter.take()
    late, computed = ([gap[n] for gap in gaps] for n in range(2))
    if calls is not None and max(computed) >= calls:
        sys.stderr.write(f"{what}: {max(computed):.0f} ms\n{stacks.told(meter.longest)}\n")
    note = f"late by {max(late):.0f} ms at most"
    more: dict[str, Any] = {"bar": BLOCK, "judged": "worst", "beside": taken(), "note": note}
    tell(row(f"longest block: {what}", computed, **more))


def _press(key: str, window: StudioWindow) -> None:
    from PySide6.QtGui import QKeySequence
    from PySide6.QtTest import QTest

    QTest.keySequence(window.board_area.view, QKeySequence(key))


def _cut_and_paste(window: StudioWindow) -> None:
    _press("Ctrl+X", window)
    _press("Ctrl+V", window)


def _drag(window: StudioWindow) -> None:
    """All of them by one that is in sight, in five moves, each painted."""
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    view = window.board_area.view
    item: Any = view.board_scene.chosen()[0]
    roll, numbers = item.roll, item.score
    tall = roll.row(60).height()
    seen = item.mapFromScene(view.mapToScene(view.viewport().rect())).boundingRect()
    middle = seen.center().x()
    chosen = next(n for n, start in enumerate(numbers.starts) if roll.x(int(start)) >= middle)
    inside = (int(numbers.starts[chosen]) + int(numbers.stops[chosen])) // 2
    at = QPointF(roll.x(inside), roll.row(int(numbers.pitches[chosen])).center().y())
    for number, what in enumerate(("press", *["move"] * 5, "release")):
        mouse(view, what, item.mapToScene(at + QPointF(0, number * tall)))
        QApplication.processEvents()


def mouse(view: Any, what: str, at: Any) -> None:
    """A mouse at a place of the board."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    kind, button, held = {
        "press": (QEvent.Type.MouseButtonPress, left, left),
        "move": (QEvent.Type.MouseMove, none, left),
        "release": (QEvent.Type.MouseButtonRelease, left, none),
    }[what]
    place, viewport = QPointF(view.to_view(at)), view.viewport()
    event = QMouseEvent(
        kind, place, viewport.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(viewport, event)


ACTS: dict[str, Callable[[StudioWindow], None]] = {
    "select all": partial(_press, "Ctrl+A"),
    "transpose": partial(_press, "Up"),
    "louder": partial(_press, "Alt+Up"),
    "move": partial(_press, "Right"),
    "length": partial(_press, "5"),
    "quantise": partial(_press, "Q"),
    "drag": _drag,
    "copy": partial(_press, "Ctrl+C"),
    "delete": partial(_press, "Del"),
    "duplicate": partial(_press, "Ctrl+D"),
    "cut and paste": _cut_and_paste,
}
MANY = tuple(name for name in ACTS if name != "duplicate")


def bare_item(repeats: int) -> None:
    """A view of Qt alone with an item that draws so many rectangles."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView

    rects = [QRectF(n % 500 * 2.4, n // 500 * 20.0, 2.0, 12.0) for n in range(RECTANGLES)]

    class Item(QGraphicsItem):
        def boundingRect(self) -> QRectF:
            return QRectF(0, 0, 1200, 400)

        def paint(self, painter: Any, option: Any, widget: Any = None) -> None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(160, 80, 0))
            for rect in rects:
                painter.drawRect(rect)

    scene = QGraphicsScene()
    scene.addItem(Item())
    view = QGraphicsView(scene)
    view.resize(900, 600)
    view.show()
    cost(view.repaint)
    values = [cost(view.viewport().update) for _ in range(max(repeats, 4))]
    tell(row(f"a bare item of {RECTANGLES:,} rectangles: a frame", values, peer=True))
    view.close()
    view.deleteLater()


def a_tune(count: int) -> Melody:
    """Notes of four voices, five octaves, all velocities."""
    from aigc_studio.api import Melody, Note

    dice = random.Random(7)
    notes = [
        Note(
            number * 60,
            dice.choice([60, 120, 240, 480]),
            dice.randint(36, 96),
            dice.randint(30, 120),
        )
        for number in range(count)
    ]
    return Melody(tuple(notes))


def put(window: StudioWindow, artifact: Artifact, size: tuple[float, float]) -> str:
    """Put it alone on a new board and show it at 100 %; gives its id."""
    from aigc_studio.project import Project, commands
    from aigc_studio.project.items import Item

    window.studio.show_project(Project.new())
    project = window.studio.project
    content = project.store.put(artifact)
    (id,) = project.board.new_ids(1)
    item = Item(id, "Long", content, 0.0, 0.0, *size)
    window.studio.do(commands.add_items(project.board, [item]))
    view = window.board_area.view
    view.setFocus()
    view.select([id])
    wait_for_edits(window)
    view.fit()
    view.actual_size()
    cost(view.viewport().update)
    return id


def wait_for_edits(window: StudioWindow) -> None:
    """Let everything that is on its way beside the window arrive."""
    import studio_window as studio

    scene = window.board_area.view.board_scene
    studio.wait(lambda: scene.edits.idle and scene.loader.idle, "what is beside the window")


def taken() -> Reference:
    """A bare loop now, by the clock of `cost`."""
    loops = Loops(time.thread_time)
    loops.take()
    return loops.reference()


def cost(do: Callable[[], object]) -> float:
    """Milliseconds of processor time for a step and what is painted then."""
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()
    began = time.thread_time()
    do()
    QApplication.processEvents()
    return (time.thread_time() - began) * 1000


if __name__ == "__main__":
    main()
