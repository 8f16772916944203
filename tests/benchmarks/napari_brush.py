"""A peer, run by an interpreter that has napari: its labels painted on with the same stroke.

An image of 4096 x 4096 pixels, a labels layer of that size over it, two more layers; a mouse move
counts from its event to the end of the repaint that it causes. Under the same display as brush.py.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import time
from typing import Any

SIDE = 4096
SIZE = 64
NOTE = "on Xvfb with OpenGL in software; the studio needs no OpenGL and was offscreen"


def main() -> None:
    """Measure with the interpreter that is named, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--napari", required=True)
    arguments = parser.parse_args()
    if arguments.napari == "here":
        measure(arguments.events)
        return
    from display import open_display
    from rows import row, tell
    from surroundings import HERE, environment, new_home

    with new_home() as home, open_display() as display:
        if display.platform != "xcb":
            raise SystemExit("napari needs OpenGL, and so Xvfb")
        variables = environment(home, display.platform, **display.variables)
        del variables["PYTHONPATH"]
        words = [arguments.napari, str(HERE / "napari_brush.py"), "--napari", "here"]
        words += ["--events", str(arguments.events)]
        done = subprocess.run(
            words, env=variables, stdout=subprocess.PIPE, check=True, text=True, timeout=600
        )
        version, *took = done.stdout.splitlines()[-1].split()
        what = f"napari {version}, labels paint on a 4096² image, no training, 100 %"
        tell(row(what, [float(each) for each in took], peer=True, judged="p99", note=NOTE))


def measure(events: int) -> None:
    """Print napari's version and the milliseconds of each move."""
    import napari
    import numpy as np
    from qtpy.QtCore import QTimer

    random = np.random.default_rng(0)
    picture = np.full((SIDE, SIDE, 3), 235, np.uint8)
    picture[::37] = random.integers(0, 256, (len(picture[::37]), SIDE, 3))
    viewer = napari.Viewer(show=False)
    viewer.add_image(picture)
    viewer.add_image(random.integers(0, 256, (28, 28), dtype=np.uint8))
    viewer.add_points(random.integers(0, SIDE, (100, 2)))
    labels = viewer.add_labels(np.zeros((SIDE, SIDE), np.uint8))
    labels.mode, labels.brush_size, labels.selected_label = "paint", SIZE, 1
    viewer.window._qt_window.resize(1200, 800)
    viewer.show()
    QTimer.singleShot(2000, lambda: paint(viewer, events))
    napari.run()


def paint(viewer: Any, events: int) -> None:
    """Strokes of 100 moves, at 100 %, then the end."""
    import napari
    from qtpy.QtWidgets import QApplication

    viewer.camera.zoom = 1.0
    viewer.camera.center = (SIDE / 2, SIDE / 2)
    native = viewer.window._qt_viewer.canvas.native
    took: list[float] = []
    for number in range(math.ceil(events / 100) + 1):
        times = stroke(native, 60, 120 + 40 * number % 200)
        took += times if number else []
    painted = int((viewer.layers[-1].data > 0).sum())
    if not painted:
        raise SystemExit("nothing was painted")
    # A line of its own: napari's parts talk on standard output as well.
    sys.stdout.write(
        "\n" + " ".join([napari.__version__, *(f"{each:.4f}" for each in took[:events])])
    )
    sys.stdout.flush()
    QApplication.exit(0)


def stroke(native: Any, x: float, y: float) -> list[float]:
    """One stroke as brush.py makes it."""
    from qtpy.QtCore import QCoreApplication, QEvent, QPointF, Qt
    from qtpy.QtGui import QMouseEvent

    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

    def send(kind: QEvent.Type, spot: QPointF) -> float:
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        place = QPointF(native.mapToGlobal(spot.toPoint()))
        began = time.perf_counter()
        QCoreApplication.sendEvent(native, QMouseEvent(kind, spot, place, button, left, plain))
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()
        return (time.perf_counter() - began) * 1000

    send(QEvent.Type.MouseButtonPress, QPointF(x, y))
    took = []
    for n in range(100):
        spot = QPointF(x + 4 * n, y + 40 * math.sin(n / 9))
        took.append(send(QEvent.Type.MouseMove, spot))
        time.sleep(0.008)
    send(QEvent.Type.MouseButtonRelease, spot)
    return took


if __name__ == "__main__":
    main()
