"""Attributes in the Library window: imported, shown for what is selected, and filtered by."""

import csv
from pathlib import Path

import numpy as np
import pytest
from kinds import there
from PIL import Image as Pillow
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.library import DatasetStore, ModelStore, PackStore
from aigc_studio.library.drafts import Draft
from aigc_studio.translation import set_language
from aigc_studio.ui.library.attribute_filters import AttributeFilter
from aigc_studio.ui.library.dataset_view import DatasetView
from aigc_studio.ui.library.window import LibraryWindow


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    folder = tmp_path / "faces"
    folder.mkdir()
    for number in range(10):
        pixels = np.random.default_rng(number).integers(0, 255, (8, 8), np.uint8)
        Pillow.fromarray(pixels).save(folder / f"{number}.png")
    with (folder / "faces.csv").open("w", newline="") as file:
        rows = [
            (f"{n}.png", "yn"[n % 2], 20 + n, ("red", "black")[n // 5], n / 4) for n in range(9)
        ]
        csv.writer(file).writerows([("file", "Smiling", "age", "hair", "light"), *rows])
    return folder


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> LibraryWindow:
    window = LibraryWindow(ModelStore(shipped=tmp_path / "shipped"), DatasetStore(), PackStore())
    qtbot.addWidget(window)
    window.resize(1000, 660)
    window.show()
    qtbot.waitUntil(lambda: bool(window.packs.cards))
    return window


@pytest.fixture
def view(qtbot: QtBot, window: LibraryWindow, faces: Path) -> DatasetView:
    list(DatasetStore().import_files(faces, "faces", "image"))
    window.refresh()
    window.show_dataset("faces")
    qtbot.waitUntil(lambda: len(window.datasets.view.grid.examples.numbers) == 10)
    return window.datasets.view


def choose(qtbot: QtBot, combo: QComboBox, words: str) -> None:
    """Choose an entry by its first letter on the keyboard."""
    combo.setFocus()
    pause = QApplication.keyboardInputInterval()
    QApplication.setKeyboardInputInterval(0)  # each letter begins a search of its own
    qtbot.keyClicks(combo, words[0])
    QApplication.setKeyboardInputInterval(pause)


def filtered(qtbot: QtBot, view: DatasetView, name: str) -> AttributeFilter:
    choose(qtbot, view.filters.chooser, name)
    return next(each for each in view.filters.filters if each.attribute.name == name)


def rows_of(view: DatasetView) -> dict[str, str]:
    return dict(view.attributes.rows.rows)


def select(qtbot: QtBot, view: DatasetView, number: int, how: Qt.KeyboardModifier) -> None:
    spot = view.grid.visualRect(view.grid.examples.index(number)).center()
    qtbot.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, how, QPoint(spot))


def test_the_look_before_an_import_tells_of_attributes(
    qtbot: QtBot, window: LibraryWindow, faces: Path
) -> None:
    window.import_paths([faces])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert "4 attributes" in dialog.page.summary.text()
    assert "4 attributes for 9 of 10 examples; 1 has none." in dialog.page.remarks.text()
    qtbot.keyClicks(dialog.page.options.label_column, "hair")
    qtbot.waitUntil(lambda: dialog.found is not None and bool(dialog.found.labels))
    assert "labels: black (4), red (5)" in dialog.page.summary.text()
    qtbot.mouseClick(dialog.page.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.datasets.view.title.text() == "faces")
    assert "Attributes: 3: Smiling, age, light" in window.datasets.view.facts.text()


def test_what_is_selected_shows_its_attributes(qtbot: QtBot, view: DatasetView) -> None:
    assert view.attributes.isVisible()
    assert rows_of(view) == {
        "Smiling": "yes 5 of 9", "age": "20 to 28", "hair": "red, black", "light": "0 to 2",
    }  # fmt: skip
    select(qtbot, view, 1, Qt.KeyboardModifier.NoModifier)
    assert rows_of(view) == {"Smiling": "no", "age": "21", "hair": "red", "light": "0.25"}
    select(qtbot, view, 3, Qt.KeyboardModifier.ControlModifier)
    assert rows_of(view)["Smiling"] == "no"
    assert rows_of(view)["age"] == "(different)"
    select(qtbot, view, 9, Qt.KeyboardModifier.NoModifier)
    assert set(rows_of(view).values()) == {"–"}


def test_filters_are_added_combined_and_taken_away(qtbot: QtBot, view: DatasetView) -> None:
    smiling = filtered(qtbot, view, "Smiling")
    value = there(smiling.value)
    assert [value.itemText(n) for n in range(value.count())] == [
        "any", "yes (5)", "no (4)", "not said (1)",
    ]  # fmt: skip
    choose(qtbot, value, "yes")
    assert view.grid.examples.numbers == [0, 2, 4, 6, 8]
    age = filtered(qtbot, view, "age")
    low = there(age.low)
    low.selectAll()
    qtbot.keyClicks(low, "24")
    qtbot.keyClick(low, Qt.Key.Key_Return)
    assert view.grid.examples.numbers == [4, 6, 8]
    assert view.count.text() == "3 shown"
    qtbot.mouseClick(smiling.drop, Qt.MouseButton.LeftButton)
    assert view.grid.examples.numbers == [4, 5, 6, 7, 8]
    light = filtered(qtbot, view, "light")
    assert view.grid.examples.numbers == [4, 5, 6, 7, 8]
    assert there(light.wanted()).high >= 2
    view.grid.selectAll()
    qtbot.mouseClick(view.leave_out, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.take_back.isVisible())
    assert [each.attribute.name for each in view.filters.filters] == ["age", "light"]


def test_data_without_attributes_has_neither_panel_nor_filters(
    qtbot: QtBot, window: LibraryWindow, faces: Path
) -> None:
    (faces / "faces.csv").unlink()
    list(DatasetStore().import_files(faces, "plain", "image"))
    window.refresh()
    window.show_dataset("plain")
    view = window.datasets.view
    qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == 10)
    assert not view.attributes.isVisible()
    assert not view.filters.isVisible()
    assert not view.filters.chooser.isVisible()


def test_the_words_of_a_pack_are_said_in_the_language_spoken(
    qtbot: QtBot, window: LibraryWindow
) -> None:
    words = {"hat": {"en": "hat", "zh": "帽子"}, "top hat": {"en": "top hat", "zh": "礼帽"}}
    drafts = [
        Draft(Image(np.full((8, 8), 9 * number, np.uint8)), attributes={"hat": hat})
        for number, hat in enumerate(["top hat", "cap", "top hat", "cap"])
    ]
    list(DatasetStore().write("hats", "image", drafts, {"options": {"words": words}}))
    set_language("zh_CN")
    try:
        window.refresh()
        window.show_dataset("hats")
        view = window.datasets.view
        qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == 4)
        assert "帽子" in view.facts.text()
        assert ("帽子", "cap, 礼帽") in [
            (name, value.replace("、", ", ")) for name, value in view.attributes.rows.rows
        ]
        view.filters.add("hat")
        value = there(view.filters.filters[0].value)
        assert [value.itemText(n) for n in (1, 2)] == ["cap (2)", "礼帽 (2)"]
        value.setCurrentIndex(2)
        qtbot.waitUntil(lambda: view.grid.examples.numbers == [0, 2])
    finally:
        set_language("en")


def test_tunes_are_named_by_their_titles_and_what_their_header_says_is_in_the_language_spoken(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    heads = [("The Hare", "D"), ("A Lost Boot", "Ador"), ("Minor", "G")]
    music = ("C>DEF GABc|d2e2 f2g2|agfe dcBA|", "e2gf edcB|A2ce a2ge|", "G2E2 D2C2|cAGE FDCB|")
    (tmp_path / "book.abc").write_text(
        "".join(
            f"X:{n}\nT:{title}\nM:4/4\nL:1/8\nR:Reel\nK:{key}\n{music[n]}\n\n"
            for n, (title, key) in enumerate(heads)
        )
    )
    list(DatasetStore().import_files([tmp_path / "book.abc"], "tunes", "melody"))
    set_language("zh_CN")
    request.addfinalizer(lambda: set_language("en"))
    window.refresh()
    window.show_dataset("tunes")
    view = window.datasets.view
    qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == 3)
    examples = view.grid.examples
    assert [examples.index(row).data() for row in range(3)] == [title for title, _key in heads]
    tooltip = examples.index(0).data(Qt.ItemDataRole.ToolTipRole).splitlines()
    assert (tooltip[0], tooltip[2]) == ("The Hare", "book.abc#1")
    select(qtbot, view, 2, Qt.KeyboardModifier.NoModifier)
    told = rows_of(view)
    assert (told["标题"], told["拍号"], told["调"]) == ("Minor", "4/4", "G")
    assert {"大调", "reel"} < set(told.values())
    assert not {"title", "metre", "key", "mode", "type"} & set(told)
    qtbot.keyClicks(view.words, "boot")
    assert examples.numbers == [1]
