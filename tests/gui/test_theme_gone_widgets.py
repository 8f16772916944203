"""Widgets that go before the colours change, or while they do: Qt touches none of them.

What was freed is filled at once (`MALLOC_PERTURB_`), so that to touch it ends the process each time
and not now and then: in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStyle, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.ui import theme

BEGIN = """
import gc, shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QApplication, QDockWidget, QLabel, QMainWindow, QStyle, QVBoxLayout, QWidget
)
from aigc_studio.ui import theme

app = QApplication([])
theme.apply(app, "light")
top = QWidget()
layout = QVBoxLayout(top)
"""
MEASURED = """
layout.addWidget(QLabel("shown"))
top.show()
app.processEvents()
made = [QWidget() for _number in range(100)]  # the next turn of the event loop would polish them

def measure():
    for each in made:
        each.style().pixelMetric(QStyle.PixelMetric.PM_LayoutLeftMargin, None, each)

measure()
with theme.undressed():
    pass
measure()
for each in made:
    shiboken6.delete(each)
for scheme in ("dark", "light", "dark"):
    theme.apply(app, scheme)
"""
DOCKED = """
def window():
    made = QMainWindow()
    dock = QDockWidget("dock", made)
    dock.setWidget(QLabel("inside"))
    made.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    made.show()
    app.processEvents()
    return made

made = [window() for _number in range(20)]  # which is asked again is a matter of chance
with theme.undressed():
    pass
while made:
    shiboken6.delete(made.pop())
for scheme in ("dark", "light", "dark"):
    theme.apply(app, scheme)
"""
LET_GO = """
class Label(QLabel):
    def changeEvent(self, event):
        if event.type() in (EVENTS) and orphans:
            WAY
        super().changeEvent(event)

orphans = []
for number in range(100):
    label = Label(str(number))
    layout.addWidget(label)
    label.ensurePolished()
    orphan = QLabel("orphan")
    orphan.ensurePolished()
    orphan.itself = orphan
    orphans.append(orphan)
orphan = None
gc.disable()
top.show()
app.processEvents()
for scheme in ("dark", "light", "dark"):
    theme.apply(app, scheme)
with theme.undressed():
    pass
"""
STYLE, PALETTE = "QEvent.Type.StyleChange,", "QEvent.Type.PaletteChange,"
COUNTED = "orphans.pop().__dict__.clear()"
COLLECTED = "orphans.pop(); gc.collect()"


def ended(code: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "MALLOC_PERTURB_": "165", "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code], env=around, capture_output=True, text=True
    )


@pytest.mark.parametrize("code", [MEASURED, DOCKED])
def test_what_knew_a_sheet_that_was_taken_off_is_forgotten_when_it_goes(code: str) -> None:
    process = ended(code)
    assert process.returncode == 0, process.stderr


@pytest.mark.parametrize("event", [STYLE, PALETTE])
@pytest.mark.parametrize("way", [COUNTED, COLLECTED])
def test_none_goes_while_the_colours_change(event: str, way: str) -> None:
    process = ended(LET_GO.replace("EVENTS", event).replace("WAY", way))
    assert process.returncode == 0, process.stderr


def test_none_keeps_a_mark_of_a_sheet_that_was_taken_off(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.style().pixelMetric(QStyle.PixelMetric.PM_LayoutLeftMargin, None, widget)
    marked = Qt.WidgetAttribute.WA_StyleSheet
    assert widget.testAttribute(marked)
    with theme.undressed():
        assert not widget.testAttribute(marked)
