"""What one test does with the mouse is over when the next begins."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot


def test_a_button_is_left_down(qtbot: QtBot) -> None:
    slider = QSlider(Qt.Orientation.Horizontal)
    qtbot.addWidget(slider)
    QTest.mousePress(slider, Qt.MouseButton.RightButton)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton)
    assert not slider.isSliderDown()  # no slider is taken hold of while another button is down


def test_the_next_drags_with_the_other(qtbot: QtBot) -> None:
    slider = QSlider(Qt.Orientation.Horizontal)
    qtbot.addWidget(slider)
    slider.setRange(0, 100)
    slider.resize(200, 24)
    slider.show()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    handle = QPoint(4, 12)
    QTest.mousePress(slider, left, none, handle)
    QTest.mouseMove(slider, QPoint(196, 12))
    QTest.mouseRelease(slider, left, none, QPoint(196, 12))
    assert slider.value() == 100
