"""Tunes are heard from their small pictures: datasets, packs, samples, cards of models."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gui.listeners import DumbPlayer
from kinds import there
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Melody, Note
from aigc_studio.library import DatasetStore
from aigc_studio.library.drafts import Draft
from aigc_studio.ui.library.example_grid import ExampleGrid
from aigc_studio.ui.library.examples import ExampleStrip
from aigc_studio.ui.listening import close_ear, ear, hear_by, is_heard, play_marks
from aigc_studio.ui.listening.pictures import HearButton
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.settings_dialog import SettingsDialog
from aigc_studio.ui.training.artifact_view import ArtifactView
from aigc_studio.ui.training.lessons import Kind, Lessons
from aigc_studio.ui.training.mosaic import Mosaic

LEFT = Qt.MouseButton.LeftButton
TUNES = [Melody((Note(0, 480, 60 + n), Note(480, 480, 64 + n))) for n in range(6)]


@pytest.fixture(autouse=True)
def player(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[None]:
    monkeypatch.setattr("aigc_studio.sound.player.Player", DumbPlayer)
    monkeypatch.setattr(DumbPlayer, "lost", "")
    DumbPlayer.made.clear()
    yield
    close_ear()
    DumbPlayer.made.clear()


def seen(qtbot: QtBot, widget: QWidget, width: int = 700, height: int = 400) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)


def test_an_example_of_a_dataset_by_its_button_and_by_space(qtbot: QtBot) -> None:
    store = DatasetStore()
    list(store.write("tunes", "melody", [Draft(each) for each in TUNES], {}))
    grid = ExampleGrid()
    seen(qtbot, grid)
    browser = store.browse("tunes")
    grid.show_examples(browser, [2, 3, 4])
    qtbot.waitUntil(lambda: grid.visualRect(grid.examples.index(1)).width() > 0)
    cell: QRect = grid.visualRect(grid.examples.index(1))
    spot = QPoint(cell.right() - 24, cell.bottom() - 42)
    QTest.mouseClick(grid.viewport(), LEFT, pos=spot)
    assert ear().is_playing
    assert ear().melody == browser.artifact(3)
    assert [grid.is_heard(row) for row in range(3)] == [False, True, False]
    assert not grid.chosen()  # the button is no wish to select
    QTest.mouseClick(grid.viewport(), LEFT, pos=spot)
    assert not ear().is_playing
    grid.setCurrentIndex(grid.examples.index(2))
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert ear().melody == browser.artifact(4)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert not ear().is_playing


def test_a_press_beside_the_button_selects(qtbot: QtBot) -> None:
    store = DatasetStore()
    list(store.write("tunes", "melody", [Draft(each) for each in TUNES], {}))
    grid = ExampleGrid()
    seen(qtbot, grid)
    grid.show_examples(store.browse("tunes"), [0, 1])
    qtbot.waitUntil(lambda: grid.visualRect(grid.examples.index(1)).width() > 0)
    middle = grid.visualRect(grid.examples.index(1)).center()
    QTest.mouseClick(grid.viewport(), LEFT, pos=middle)
    assert grid.chosen() == [1]
    assert not DumbPlayer.made


def test_an_example_of_a_pack(qtbot: QtBot) -> None:
    strip = ExampleStrip("melody")
    seen(qtbot, strip, height=60)
    strip.show_artifacts(TUNES)
    qtbot.wait(20)
    second = play_marks.place_in(strip._tiles()[1]).center()
    QTest.mouseClick(strip, LEFT, pos=second)
    assert is_heard(TUNES[1])
    QTest.mouseClick(strip, LEFT, pos=second)
    assert not ear().is_playing


def test_what_is_learnt_from(qtbot: QtBot) -> None:
    mosaic = Mosaic()
    seen(qtbot, mosaic)
    kinds = (Kind("jig", 3, tuple(TUNES[:3])), Kind("reel", 3, tuple(TUNES[3:])))
    mosaic.show_lessons(Lessons("melody", kinds, 6, 0))
    qtbot.waitUntil(lambda: len(mosaic._tunes) == 6)
    place, melody = mosaic._tunes["reel", 1]
    QTest.mouseClick(mosaic, LEFT, pos=place.center())
    assert melody is TUNES[4]
    assert is_heard(TUNES[4])


def test_a_sample_or_the_card_of_a_model(qtbot: QtBot) -> None:
    view = ArtifactView()
    seen(qtbot, view)
    view.show_artifact(Image(np.zeros((8, 8), np.uint8)))
    assert not view.findChildren(HearButton)
    view.show_artifact(TUNES[0])
    button = there(view._hear)
    assert button.isVisible()
    assert view.rect().contains(button.geometry())
    qtbot.mouseClick(button, LEFT)
    assert is_heard(TUNES[0])
    assert button.accessibleName() == "Stop"
    view.show_artifact(TUNES[1])  # another one is shown: what is not seen is not heard
    assert not ear().is_playing
    assert button.accessibleName() == "Play"
    view.show_artifact(None)
    assert button.isHidden()


def test_where_there_is_no_device_it_is_said_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QToolTip

    monkeypatch.setattr(DumbPlayer, "lost", "No sound: export WAV.")
    monkeypatch.setattr("aigc_studio.ui.listening.listening.GRACE", 0.0)
    view = ArtifactView()
    seen(qtbot, view)
    view.show_artifact(TUNES[0])
    button = there(view._hear)
    button.setFocus()
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, words, *_rest: said.append(words))
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: said == ["No sound: export WAV."])
    assert button.accessibleName() == "Play"


def test_it_sounds_as_the_settings_say(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    settings.set_preference("volume", 25)
    hear_by(settings)
    ear().play(TUNES[0])
    (player,) = DumbPlayer.made
    assert player.volume == 0.25
    settings.set_preference("volume", 50)
    assert player.volume == 0.5


def the_button(dialog: SettingsDialog, words: str) -> QToolButton:
    (only,) = [each for each in dialog.findChildren(QToolButton) if each.toolTip() == words]
    return only


def test_the_settings_name_the_devices_and_keep_one_that_is_away(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    settings.set_preference("audio_device", "Speaker in the kitchen")
    hear_by(settings)
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    combo = dialog.controls["audio_device"]
    assert combo.currentText() == "Speaker in the kitchen"
    dialog.show()
    qtbot.waitUntil(lambda: combo.findData("Headphones") > 0)
    combo.setCurrentIndex(combo.findData("Headphones"))
    (player,) = DumbPlayer.made
    assert player.device == "Headphones"
    assert settings.preference("audio_device") == "Headphones"
    combo.setCurrentIndex(0)
    assert player.device == ""
    note = dialog.sound.note
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_words: ("/broken.sf2", ""))
    qtbot.mouseClick(the_button(dialog, "Choose a sound font"), LEFT)
    assert player.soundfont == settings.preference("soundfont") == "/broken.sf2"
    qtbot.waitUntil(lambda: note.text() == "It cannot be read." and note.isVisible())
    qtbot.mouseClick(the_button(dialog, "Use the instruments of the studio"), LEFT)
    assert player.soundfont == dialog.sound.line.text() == ""
    qtbot.waitUntil(note.isHidden)
    for name in ("play_new", "touch_sound"):
        dialog.controls[name].setChecked(False)
        assert not settings.preference(name)
