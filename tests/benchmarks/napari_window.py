"""A peer, run by an interpreter that has napari: its empty viewer up to the first paint.

Prints the milliseconds from `AIGC_STUDIO_STARTED`, and napari's version.
"""

import os
import sys
import time

import napari
from qtpy.QtCore import QEvent, QObject, QTimer


class Eye(QObject):  # type: ignore[misc]
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, tell)
        return False


def tell() -> None:
    took = (time.time() - float(os.environ["AIGC_STUDIO_STARTED"])) * 1000
    sys.stdout.write(f"{took} {napari.__version__}\n")
    sys.stdout.flush()
    os._exit(0)


viewer = napari.Viewer(show=False)
eye = Eye()
viewer.window._qt_window.installEventFilter(eye)
viewer.show()
napari.run()
