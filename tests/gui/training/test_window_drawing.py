"""From the first screen to a model of one's own drawings, as a person goes there."""

from collections.abc import Callable
from typing import Any

import pytest
from gui.drawing.test_draw_pad import draw, key
from gui.person import Person
from kinds import there
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.ui.drawing.dialog import DrawDialog
from aigc_studio.ui.drawing.known_kinds import start_for
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow


@pytest.fixture
def window(
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
) -> StudioWindow:
    plugin_names("pixels", "echo")
    add_plugins("pixels")
    studio.registry.refresh()
    window = make_window("pixels")
    QApplication.processEvents()
    return window


def pad_of(person: Person) -> DrawDialog:
    """The pad, once it can be drawn on."""
    found: list[DrawDialog] = []

    def is_there() -> bool:
        pad = QApplication.activeModalWidget()
        if isinstance(pad, DrawDialog) and pad.page.next.isEnabled():
            found.append(pad)
        return bool(found)

    person.look_for(is_there)
    return found[0]


def test_what_is_drawn_is_learnt_from(
    qtbot: QtBot,
    window: StudioWindow,
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    person = Person(qtbot)
    person.click("Draw your own")
    pad = pad_of(person)
    qtbot.keyClicks(pad.page.kinds, "a b")
    pad.page.sheet.setFocus()
    for number in range(12):
        draw(pad, (20, 10 + 2 * number), (80, 60))
        key(pad, Qt.Key.Key_Return)
    person.click("Make data")
    dialog = window.trainings.dialog
    wait(lambda: dialog.page.dataset.currentData() == "My hand")
    assert dialog.page.name.text() == "My hand"
    dialog.page.by_steps.setChecked(True)
    dialog.page.steps.setValue(20)
    person.click("Train")
    wait(lambda: any(model.name == "My hand" for model in studio.models))
    (model,) = [model for model in studio.models if model.name == "My hand"]
    assert model.card["data"]["name"] == "My hand"


def test_the_train_dialog_and_the_library_offer_it(qtbot: QtBot, window: StudioWindow) -> None:
    person = Person(qtbot)
    window.trainings.ask("pixels")
    person.click("Draw…")
    pad = pad_of(person)
    pad.reject()
    there(window.trainings.dialog).reject()
    window.dialogs.show_library()
    window.dialogs.library.show_pack("")
    person.click("Draw…")
    pad = pad_of(person)
    draw(pad, (20, 20), (80, 60))
    pad.page.name.setText("drawn in the library")
    person.click("Make data")
    datasets = window.dialogs.library.datasets
    person.look_for(lambda: datasets.list.current() == "drawn in the library")
    assert DatasetStore().info("drawn in the library").examples == 1
    window.dialogs.library.close()


def test_who_learns_texts_is_not_drawn_for(window: StudioWindow, qtbot: QtBot) -> None:
    window.panel.choose("echo")
    QApplication.processEvents()
    assert not Person(qtbot).buttons("Draw your own")


def test_a_model_that_knows_all_kinds_is_what_few_drawings_start_from() -> None:
    class Known:
        def __init__(self, digest: str, classes: list[str]) -> None:
            self.digest, self.card = digest, {"controls": {"classes": classes}}

    models: Any = [Known("letters", ["a", "b"]), Known("digits", ["0", "1"])]
    assert start_for(["1", "0"], models) == "digits"
    assert start_for(["1", "b"], models) == ""
    assert start_for([], models) == ""
