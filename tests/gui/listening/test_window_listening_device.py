"""The window with the true player, on the device that nobody hears."""

from collections.abc import Callable

import pytest
from gui.listening.test_window_listening import a_tune
from gui.window.making.test_window_staging import press
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import Melody, Note
from aigc_studio.ui.listening import ear
from aigc_studio.ui.window import StudioWindow

SHORT = Melody(tuple(Note(n * 240, 240, 60 + n) for n in range(8)))
"""A second."""


@pytest.fixture(autouse=True)
def device(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def choose(name: str) -> None:
        monkeypatch.setenv("AIGC_STUDIO_AUDIO", name)

    choose("null")
    return choose


def test_a_tune_is_played_to_its_end(window: StudioWindow, qtbot: QtBot) -> None:
    a_tune(window, SHORT)
    ticks: list[float] = []
    ear().moved.connect(ticks.append)
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not ear().is_playing, timeout=40_000)
    assert ticks == sorted(ticks)
    assert len(ticks) > 5
    assert window.board_area.bar.text == ""


def test_where_there_is_no_device_it_says_so_and_the_button_stays(
    window: StudioWindow, qtbot: QtBot, device: Callable[[str], None]
) -> None:
    device("none")
    a_tune(window, SHORT)
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "sound" in window.board_area.bar.text, timeout=40_000)
    assert not ear().is_playing
    qtbot.waitUntil(window.board_area.hearing.bar.isVisible)
