"""Faces in the real window: from the button to the first repair, and a pad under the finger.

A large photograph of which a part is made anew is measured by `large_edit.py`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from references import Loops
from rows import row, tell

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from aigc_studio.ui.window import StudioWindow

GENERATOR = "vae-faces"
FIRST, PAD = 300.0, 50.0
SIDE, HOLE = 64, (22, 20, 42, 44)
"""Pixels of the picture, and left, top, right and bottom of the hole."""
SECONDS = 5.0
_NAME = "for measuring"


def measure(arguments: argparse.Namespace) -> None:
    """Open the window once, warm its worker, and take both."""
    import studio_window as studio

    name = find_model(arguments.model)
    window = studio.open_studio()
    window.resize(1280, 800)
    studio.choose(window, GENERATOR, name)
    studio.warm_up(window, "")
    put(window)
    loops = Loops()
    times = [repaired(window, name, seed) for seed in range(arguments.repeats + 2)][2:]
    loops.take(20)
    dragged = steered(window, name)
    loops.take(20)
    studio.shut(window)
    beside = loops.reference()
    what = f"a hole of a {SIDE}×{SIDE} picture, button to the first candidate, warm"
    tell(row(what, times, bar=FIRST, beside=beside))
    what, note = "pad of a face to preview, dragged with 60 steps a second", "to it or a later one"
    tell(row(what, dragged, bar=PAD, judged="p95", beside=beside, note=note))


def find_model(folder: str) -> str:
    """The name of a model in the library: the one in `folder`, or the cartoon that came along."""
    import json
    import shutil
    import tempfile
    from pathlib import Path

    from aigc_studio.library import ModelStore

    models = ModelStore()
    if not folder:
        names = [each.name for each in models.list(GENERATOR) if each.shipped]
        if not names:
            raise SystemExit("no model of faces came along: name one with --model FOLDER")
        return "cartoon" if "cartoon" in names else names[0]
    if not any(each.name == _NAME for each in models.list(GENERATOR)):
        copy = Path(tempfile.mkdtemp()) / "model"
        shutil.copytree(folder, copy)
        card = copy / "card.json"
        told: dict[str, Any] = json.loads(card.read_text("utf-8")) if card.is_file() else {}
        card.unlink(missing_ok=True)
        models.publish(copy, _NAME, told or _card_of(copy))
    return _NAME


def _card_of(folder: Path) -> dict[str, Any]:
    """What a card says of a model that has none."""
    from vae_faces.attributes import card_of
    from vae_faces.model import open_model

    net = open_model(folder).network
    frame = {"width": net.side, "height": net.side, "mode": {1: "L", 3: "RGB"}[net.channels]}
    return {"generator": GENERATOR, "frame": frame, **card_of(net, {})}


def put(window: StudioWindow) -> None:
    """A picture with a mask over its middle, selected."""
    import numpy as np
    import studio_window as studio

    from aigc_studio.api import Image
    from aigc_studio.project import Item, commands

    project = window.studio.project
    down, across = np.mgrid[0:SIDE, 0:SIDE]
    pixels = np.stack([down * 3, across * 3, 90 + down], axis=2).astype(np.uint8)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    left, top, right, bottom = HOLE
    mask[top:bottom, left:right] = 255
    content, hole = project.store.put(Image(pixels)), project.store.put(Image(mask))
    id = project.board.new_ids(1)[0]
    item = Item(id, "Face", content, 0, 0, SIDE * 4, SIDE * 4, mask=hole)
    window.studio.do(commands.add_items(project.board, [item]))
    window.board_area.view.select([id])
    studio.turn(1.0)


def repaired(window: StudioWindow, model: str, seed: int) -> float:
    """Milliseconds from the main button to the first of four candidates, painted."""
    import studio_window as studio

    from aigc_studio.ui.prompt.values import Prompt

    asked = Prompt(
        generator=GENERATOR, operation="regenerate", verb="edit", model=model, count=4, seed=seed
    )
    window.panel.set_prompt(asked)
    if window.panel.why_not():
        raise SystemExit(window.panel.why_not())
    studio.turn(0.3)
    began = time.perf_counter()
    if window.panel.caution.text():  # it is no face, which a person is told
        window.panel.caution.link.click()
    else:
        window.panel.run()
    studio.wait(lambda: bool(window.session.waiting), "a repair")
    window.board_area.view.viewport().repaint()
    took = (time.perf_counter() - began) * 1000
    studio.wait(lambda: studio.idle(window), "the end of the job")
    window.session.discard([each.id for each in window.session.waiting])
    studio.wait(lambda: not window.session.waiting, "an empty strip")
    return took


def steered(window: StudioWindow, model: str) -> list[float]:
    """For each step of a drag over the pad, ms until it or a later one is painted."""
    import studio_window as studio
    from generating import drag

    from aigc_studio.ui.prompt.values import Prompt

    window.board_area.view.select([])
    asked = Prompt(generator=GENERATOR, operation="generate", verb="generate", model=model, seed=1)
    window.panel.set_prompt(asked)
    window.panel.middle.live.setChecked(True)
    studio.turn(1.0)
    return drag(window, SECONDS, Pad(window))


class Pad:
    """The first pad of the model's controls, under the mouse."""

    def __init__(self, window: StudioWindow) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        (self._names, self._pad), *_more = window.panel.middle.controls.pads.items()
        QTest.mousePress(self._pad, Qt.MouseButton.LeftButton)

    def move(self, way: float) -> float:
        """Put it at this share of the way from the upper left to the lower right."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        place = QPointF(1, 1) * (12 + way * (self._pad.width() - 24))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        kind, beyond = QEvent.Type.MouseMove, self._pad.mapToGlobal(place)
        moved = QMouseEvent(kind, place, beyond, Qt.MouseButton.NoButton, left, none)
        QApplication.sendEvent(self._pad, moved)
        return float(self._pad.point()[0])

    def of(self, request: Any) -> float:
        """The first number of the pad in a request; not there where it does nothing."""
        return float(request.controls.get(self._names[0], 0.0))
