"""A peer: the least that Qt can show of this shape, a main window with three docks.

Prints the milliseconds from `AIGC_STUDIO_STARTED` to its first paint.
"""

import os
import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTextEdit


class Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, tell)


def tell() -> None:
    took = (time.time() - float(os.environ["AIGC_STUDIO_STARTED"])) * 1000
    sys.stdout.write(f"{took}\n")
    sys.stdout.flush()
    os._exit(0)


application = QApplication(sys.argv)
window = Window()
window.setCentralWidget(QTextEdit())
for place in (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
):
    dock = QDockWidget("dock", window)
    dock.setWidget(QTextEdit())
    window.addDockWidget(place, dock)
window.resize(1280, 800)
window.show()
application.exec()
