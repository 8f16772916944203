"""What lies on the board, and candidates, become data; then a generator learns from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gui.window.board.test_window_canvas import put
from kinds import a_text, there
from PIL import Image as Pillow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Melody, Note, Text
from aigc_studio.folders import cache_folder
from aigc_studio.library import ImportOptions
from aigc_studio.project import CandidateRecord, Provenance
from aigc_studio.ui.library.import_dialog import ImportDialog
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton
MADE = Provenance(medium="text", generator="spans", model="mine", seed=1)
TEXTS = [f"The {word} sat on the mat. It looked at the moon." for word in ("cat", "dog", "hen")]


def chosen(window: StudioWindow, *ids: str) -> None:
    window.board_area.view.select(list(ids))


def asked(window: StudioWindow, wait: Wait) -> ImportDialog:
    """The dialog that the menu's action opens, once it has looked."""
    window.actions_by_name["learn_from"].trigger()
    wait(lambda: window.learning.dialog is not None and window.learning.dialog.found is not None)
    return there(window.learning.dialog)


def scratch() -> list[Path]:
    return list((cache_folder() / "unpacked").glob("board-*"))


def candidates(window: StudioWindow, *values: str) -> list[str]:
    project = window.studio.project
    records = [
        CandidateRecord(project.candidates.new_id(), project.store.put(Text(each)), MADE)
        for each in values
    ]
    for record, words in zip(records, values, strict=True):
        window.session.artifacts[record.id] = Text(words)
        project.candidates.add(record)
    return [record.id for record in records]


def test_items_become_data_and_a_training_is_asked_for(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    made = [put(window, Text(each), provenance=MADE) for each in TEXTS[:2]]
    ids = [*made, put(window, Text(TEXTS[2]))]
    chosen(window, *ids)
    dialog = asked(window, wait)
    page = dialog.page
    assert page.accept.text() == "Import 3 examples and train…"
    assert page.source.text() == "from the board, 2 of 3 made by models: “mine” (2)"
    assert page.note.text().startswith("2 of 3 were made by models: “mine” (2).")
    assert page.name.text() == "From the board"
    assert len(scratch()) == 1
    qtbot.mouseClick(page.accept, LEFT)
    wait(lambda: window.trainings.dialog is not None)
    train = window.trainings.dialog
    wait(lambda: train.page.dataset.currentData() == "From the board")
    store = window.studio.dataset_store
    texts = [a_text(each.artifact) for each in store.open("From the board", None)]
    assert sorted(each.value for each in texts) == sorted(TEXTS)
    assert store.info("From the board").source.endswith("2 of 3 made by models: “mine” (2)")
    wait(lambda: scratch() == [])
    train.reject()


def test_asked_for_twice_it_comes_once(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    chosen(window, put(window, Text(TEXTS[0])))
    window.actions_by_name["learn_from"].trigger()
    dialog = asked(window, wait)
    wait(lambda: not window.studio.errands.under_way)
    assert window.learning.dialog is dialog
    assert len(scratch()) == 1
    qtbot.mouseClick(dialog.page.accept, LEFT)
    wait(lambda: window.trainings.dialog is not None)
    window.trainings.dialog.reject()
    wait(lambda: scratch() == [])


def test_import_only_says_so_and_leaves_the_training_to_the_person(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    chosen(window, *(put(window, Text(each)) for each in TEXTS))
    dialog = asked(window, wait)
    assert (dialog.page.note.text(), dialog.page.source.text()) == ("", "from the board")
    qtbot.mouseClick(dialog.page.only, LEFT)
    bar = window.board_area.bar
    wait(lambda: "“From the board” holds 3 examples now." in bar.text)
    assert window.trainings.dialog is None
    wait(lambda: scratch() == [])


def test_a_second_selection_joins_what_the_first_one_made(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    ids = [put(window, Text(each)) for each in TEXTS]
    ids.append(put(window, Text("A model made this one."), provenance=MADE))
    chosen(window, ids[0], ids[1], ids[3])
    qtbot.mouseClick(asked(window, wait).page.only, LEFT)
    wait(lambda: window.learning.dialog is None)
    chosen(window, *ids)
    page = asked(window, wait).page
    assert page.name.text() == "From the board 2"
    wait(lambda: page.target.count() == 2)
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    wait(lambda: page.only.text() == "Add only" and page.only.isEnabled())
    assert page.accept.text() == "Add 1 example and train…"
    assert (page.source.text(), page.note.isVisible()) == ("from the board", False)  # of that one
    qtbot.mouseClick(page.only, LEFT)
    store = window.studio.dataset_store
    wait(lambda: store.info("From the board").examples == 4)
    source = "from the board, 1 of 3 made by models: “mine” (1); from the board"
    assert store.info("From the board").source == source
    assert store.names() == ["From the board"]


def test_candidates_are_learnt_from_by_their_menu_or_where_nothing_is_selected(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    ids = candidates(window, *TEXTS)
    strip = window.board_area.strip
    wait(lambda: strip.count == 3)
    strip.select(*ids[:2])
    dialog = asked(window, wait)
    assert there(dialog.found).examples == 2
    dialog.reject()
    chosen(window, put(window, Text("Something else.")))
    strip.select(*ids)
    menu = strip.list.menu_of(strip.cells[0])
    action = next(each for each in menu.actions() if each.text() == "Learn from These…")
    action.trigger()
    wait(lambda: window.learning.dialog is not None and window.learning.dialog is not dialog)
    dialog = there(window.learning.dialog)
    wait(lambda: dialog.found is not None)
    assert there(dialog.found).examples == 3
    dialog.reject()
    wait(lambda: scratch() == [])


def test_pictures_and_tunes_come_as_they_are(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    pixels = [np.random.default_rng(n).integers(0, 255, (28, 40), np.uint8) for n in range(2)]
    chosen(window, *(put(window, Image(each), rotation=30.0, opacity=0.5) for each in pixels))
    qtbot.mouseClick(asked(window, wait).page.only, LEFT)
    wait(lambda: window.learning.dialog is None)
    store = window.studio.dataset_store
    artifacts: list[Any] = [each.artifact for each in store.open("From the board", None)]
    assert sorted(each.digest for each in artifacts) == sorted(Image(e).digest for e in pixels)
    tune = Melody(notes=tuple(Note(470 * n, 480, 60 + n) for n in range(7)))
    chosen(window, put(window, tune))
    qtbot.mouseClick(asked(window, wait).page.only, LEFT)
    wait(lambda: "From the board 2" in store.names())
    assert store.open("From the board 2", None)[0].artifact == tune


def test_what_comes_from_the_board_is_not_cut_as_the_files_of_the_data_were(
    make_window: Callable[..., StudioWindow], wait: Wait, tmp_path: Path
) -> None:
    window = make_window("spans")
    pixels = np.random.default_rng(1).integers(0, 255, (20, 20), np.uint8)
    Pillow.fromarray(pixels).save(tmp_path / "scan.png")
    store = window.studio.dataset_store
    options = ImportOptions(crop=(0.0, 0.0, 0.5, 0.5))
    list(store.import_files(tmp_path / "scan.png", "scans", "image", options))
    assert store.joining_options("scans").crop == (0.0, 0.0, 0.5, 0.5)
    chosen(window, put(window, Image(pixels[:10, :10].T.copy())))
    page = asked(window, wait).page
    wait(lambda: page.target.count() == 2)
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    wait(lambda: page.accept.text() == "Add 1 example and train…")
    assert page.chosen_options().crop is None
    QTest.mouseClick(page.only, LEFT)
    wait(lambda: store.info("scans").shapes == {"10×10": 2})


def test_things_of_several_kinds_say_what_is_needed(
    make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("spans")
    assert not window.actions_by_name["learn_from"].isEnabled()
    ids = [put(window, Text("a")), put(window, Image(np.zeros((9, 9), np.uint8)))]
    chosen(window, *ids)
    wait(lambda: window.actions_by_name["learn_from"].isEnabled())
    window.actions_by_name["learn_from"].trigger()
    assert "select pictures only, texts only or tunes only" in window.board_area.bar.text
    assert window.learning.dialog is None


def test_closing_it_leaves_nothing(make_window: Callable[..., StudioWindow], wait: Wait) -> None:
    window = make_window("spans")
    chosen(window, put(window, Text(TEXTS[0])))
    asked(window, wait).reject()
    wait(lambda: scratch() == [])
    assert window.studio.dataset_store.names() == []


@pytest.mark.parametrize(("title", "label"), [("3", "3"), ("a three", "")])
def test_what_a_model_called_by_a_class_that_it_knows_has_that_label(
    title: str, label: str
) -> None:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.window.training.from_board import _class_of

    card = {"controls": {"classes": ["2", "3"]}}
    model = ModelInfo("digits", "gan", Path("x"), card, False, "a" * 64, 0)
    made = Provenance(medium="image", generator="gan", model="digits", model_digest="a" * 64)
    assert _class_of(title, made, [model]) == label
    assert _class_of(title, None, [model]) == ""
