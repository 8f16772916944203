"""The steps of the tour: what to do, and which control it is done with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QPushButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.window.window import StudioWindow


@dataclass(frozen=True)
class Step:
    """One step. `name` is what is done in it; `place` where, in pixels of the window, now."""

    name: str
    title: str
    words: str
    place: Callable[[], QRect | None]


def steps(window: StudioWindow) -> list[Step]:
    """What can be done with the generator that is chosen."""
    record = window.panel.generators.record()
    verbs = record.description.verbs if record is not None else ()
    medium = str(record.description.medium) if record is not None else "image"
    found = [_make(window), _keep(window)]
    if "edit" in verbs:
        found += [_mark(window, medium), _change(window)]
    if "train" in verbs:
        found.append(_teach(window))
    return found


def _make(window: StudioWindow) -> Step:
    words = _("Type what you would like, or leave it empty, and press Generate.")

    def place() -> QRect | None:
        screen = window.beginning.screen if window.beginning is not None else None
        if screen is not None and screen.bar.isVisible():
            return place_of(screen.bar, window)
        return place_of(window.panel.buttons.main, window)

    return Step("make", _("Make something"), words, place)


def _keep(window: StudioWindow) -> Step:
    words = _("What is made waits until you decide. Keep the one you like: it goes on the board.")

    def place() -> QRect | None:
        bars = window.board_area.view.findChildren(FloatingBar)
        for bar in (each for each in bars if each.isVisible()):
            for button in bar.findChildren(QPushButton):
                if button.property("kind") == "primary":
                    return place_of(button, window)
        return place_of(window.board_area.strip.accept_button, window)

    return Step("keep", _("Keep it"), words, place)


def _mark(window: StudioWindow, medium: str) -> Step:
    words = {
        "image": _("Take the mask tool (M) and paint over the part to change."),
        "text": _("Double-click the text and mark the words to change."),
        "melody": _("Drag over the numbers above the tune to mark the bars to change."),
    }[medium]

    def place() -> QRect | None:
        if medium == "image" and window.board_area.view.tool != Tool.MASK:
            button = window.rail.widgetForAction(window.rail.buttons[Tool.MASK])
            return place_of(button, window)
        return _place_of_item(window)

    return Step("mark", _("Mark a part"), words, place)


def _change(window: StudioWindow) -> Step:
    words = _("Only what is marked is made anew. The main button says what it will do: press it.")
    return Step(
        "change", _("Make it anew"), words, lambda: place_of(window.panel.buttons.main, window)
    )


def _teach(window: StudioWindow) -> Step:
    words = _(
        "Nothing here is fixed: teach the generator with pictures, texts or tunes of your own."
    )
    return Step(
        "teach", _("Teach it your own"), words,
        lambda: place_of(window.panel.buttons.train, window),
    )  # fmt: skip


def place_of(widget: QWidget | None, window: QWidget) -> QRect | None:
    """Where a control is in the window; None where it cannot be seen."""
    if widget is None or not widget.isVisible():
        return None
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def to_be_seen(window: StudioWindow) -> list[QRect]:
    """Where the buttons are that make something, and the line that says what is wrong with what is
    typed: what is said of others lies on none of them."""
    screen = window.beginning.screen if window.beginning is not None else None
    parts = [screen.bar.button, screen.said] if screen is not None else []
    places = [place_of(each, window) for each in (window.panel.buttons.main, *parts)]
    return [place for place in places if place is not None]


def _place_of_item(window: StudioWindow) -> QRect | None:
    """Where the selected item is seen, or the newest one."""
    view = window.board_area.view
    chosen = view.board_scene.chosen() or view.board_scene.shown()[-1:]
    if not chosen:
        return place_of(view, window)
    seen = view.mapFromScene(chosen[0].sceneBoundingRect()).boundingRect()
    seen &= view.viewport().rect()
    if seen.isEmpty():
        return place_of(view, window)
    return QRect(view.viewport().mapTo(window, seen.topLeft()), seen.size())
