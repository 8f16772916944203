"""The piano roll of 10,000 notes: scrolled and zoomed in its card and on the canvas.

    python tests/benchmarks/rolls.py --repeats 20

In its card by the wheel, as a hand does it while the notes are edited; on the canvas by zoom and
pan. Each figure is the processor time of the UI thread for one step and what is painted then, with
no notes, some and all of them picked. Beside them, in the same process, a bare loop.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from long_media import a_tune, cost, put, taken
from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

    from aigc_studio.ui.canvas.items.melody_card import MelodyItem
    from aigc_studio.ui.window import StudioWindow

NOTES = 10_000
FRAME = 16.0
ROOM = (1200.0, 400.0)
PICKED = 200


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--notes", type=int, default=NOTES)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        import studio_window as studio

        window = studio.open_studio()
        window.resize(1280, 800)
        studio.turn(4.0)
        card = lay(window, arguments.notes)
        for picked in (0, PICKED, arguments.notes):
            card.pick(card.melody.notes[:picked])
            in_its_card(window, card, f"{arguments.notes:,} notes, {picked:,} picked", arguments)
        card.pick(())
        window.board_area.view.act("deselect")
        on_the_canvas(window, card, f"{arguments.notes:,} notes", arguments)
        studio.shut(window)


def lay(window: StudioWindow, notes: int) -> MelodyItem:
    """A tune alone on the board, at 100 %, its notes edited."""
    from aigc_studio.ui.canvas.items.melody_card import MelodyItem

    id = put(window, a_tune(notes), ROOM)
    view = window.board_area.view
    card = view.board_scene.item(id)
    if not isinstance(card, MelodyItem):
        raise SystemExit("the tune is not on the board")
    view.act("edit_notes")
    if view.marks.edited != id:
        raise SystemExit("the notes are not edited")
    return card


def in_its_card(
    window: StudioWindow, card: MelodyItem, what: str, arguments: argparse.Namespace
) -> None:
    """From all of it to a few bars and back, scrolling at each size."""
    from PySide6.QtCore import Qt

    zooms, scrolls = [], []
    for number in range(max(arguments.repeats // 4, 3)):
        for step in range(8):
            notches = 3 if step < 4 else -3
            zooms.append(
                cost(partial(turn, window, card, notches, Qt.KeyboardModifier.ControlModifier))
            )
            by = -1 if number % 2 else 1
            held = Qt.KeyboardModifier.NoModifier
            scrolls += [cost(partial(turn, window, card, by, held)) for _turn in range(3)]
    tell_of(f"roll in its card, {what}", zooms, scrolls)


def on_the_canvas(
    window: StudioWindow, card: MelodyItem, what: str, arguments: argparse.Namespace
) -> None:
    """Fitted, then nearer and nearer, and back."""
    from PySide6.QtCore import QPointF

    view = window.board_area.view
    card.camera.show_all()
    zooms, scrolls = [], []
    for number in range(max(arguments.repeats // 4, 3)):
        view.fit()
        for step in range(8):
            factor = 1.5 if step < 5 else 0.6
            zooms.append(cost(partial(view.set_zoom, view.zoom * factor)))
            for _pan in range(3):
                scrolls.append(cost(partial(view.pan, QPointF(-13 - number, 2))))
    tell_of(f"roll on the canvas, {what}", zooms, scrolls)


def tell_of(what: str, zooms: list[float], scrolls: list[float]) -> None:
    """Two rows."""
    loops = taken()
    for name, values in (("zoom", zooms), ("scroll", scrolls)):
        tell(row(f"{what}: {name}, a frame", values, bar=FRAME, judged="p95", beside=loops))


def turn(window: StudioWindow, card: MelodyItem, notches: int, held: Qt.KeyboardModifier) -> None:
    """Turn the wheel over the middle of the roll."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    view = window.board_area.view
    place = view.viewport()
    at = QPointF(place.rect().center())
    event = QWheelEvent(
        at, QPointF(place.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(place, event)


if __name__ == "__main__":
    main()
