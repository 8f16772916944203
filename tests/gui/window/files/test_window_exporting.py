"""Export through the window: size, ground, label, several items, the board, and where it went."""

import errno
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there
from PIL import Image as Pillow
from PySide6.QtCore import QObject, QPoint, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Note, Text
from aigc_studio.project import Item, Provenance, commands, export
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.exchange import transfer
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.files.export_dialog import ExportDialog
from aigc_studio.ui.window.files.written import with_suffix_of

Wait = Callable[[Callable[[], Any]], None]
MADE = Provenance(medium="image", generator="echo", prompt="2024", seed=9)


def digit(width: int = 112, ground: int = 0) -> Image:
    pixels = np.full((28, width), ground, np.uint8)
    pixels[6:22, 12:16] = 255 - ground
    return Image(pixels)


def put(
    window: StudioWindow, artifact: Artifact, size: tuple[float, float] = (1008, 252), **more: Any
) -> Item:
    project = window.studio.project
    (id,) = project.board.new_ids(1)
    x = 40.0 + 1100 * len(project.board.items)
    item = Item(id, f"Item {id}", project.store.put(artifact), x, 30, *size, **more)
    window.studio.do(commands.add_items(project.board, [item]))
    window.board_area.view.select([item.id])
    return item


def asked(window: StudioWindow, wait: Wait, name: str = "export_items") -> ExportDialog:
    """The dialog, once its preview is there."""
    window.actions_by_name[name].trigger()
    dialog = there(window.exporting.dialog)
    wait(lambda: not dialog.preview.image.isNull())
    return dialog


def choose(dialog: ExportDialog, size: str = "", ground: str = "", suffix: str = "") -> None:
    picture = there(dialog.picture)
    for combo, value in (
        (picture.size, size), (picture.ground, ground), (dialog.formats["image"], suffix),
    ):  # fmt: skip
        if value:
            number = combo.findData(value)
            assert number >= 0, f"{value} is not offered"
            combo.setCurrentIndex(number)
            combo.activated.emit(number)


def saved(window: StudioWindow, wait: Wait, dialog: ExportDialog, path: Path) -> Path:
    """Press the button, name the file, wait until it is told that it was written."""
    dialog.go.click()
    (chooser,) = [
        each for each in window.findChildren(QFileDialog) if each.isVisible()
    ]  # the one that is open
    chooser.fileSelected.emit(str(path))
    chooser.close()
    chooser.deleteLater()
    wait(lambda: "written" in window.board_area.bar.text)
    return path


class Shown(QObject):
    """Takes the place of the system's file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.paths.append(url.toLocalFile())


def test_a_small_picture_is_exported_as_large_as_it_is_seen(
    window: StudioWindow, wait: Wait, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(window, digit(), provenance=MADE)
    dialog = asked(window, wait)
    assert "1008 × 252" in there(dialog.picture).size.currentText()
    wait(lambda: "1008 × 252" in dialog.about.text())
    path = saved(window, wait, dialog, tmp_path / "a.png")
    with Pillow.open(path) as picture:
        assert picture.size == (1008, 252)
    assert export.read_provenance(path) == MADE
    shown = Shown()
    monkeypatch.setattr("aigc_studio.ui.window.files.places._ask_manager", lambda path: False)
    monkeypatch.setattr("sys.platform", "linux")
    QDesktopServices.setUrlHandler("file", shown, "show")  # type: ignore[arg-type]
    (button,) = [b for b, _call in window.board_area.bar._calls if b.text() == "Show in folder"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QDesktopServices.unsetUrlHandler("file")
    assert shown.paths == [str(tmp_path)]


@pytest.mark.parametrize(
    ("size", "pixels"), [("own", (112, 28)), ("4x", (448, 112)), ("board", (1008, 252))]
)
def test_the_size_that_was_chosen_is_written_and_remembered(
    window: StudioWindow, wait: Wait, tmp_path: Path, size: str, pixels: tuple[int, int]
) -> None:
    put(window, digit())
    dialog = asked(window, wait)
    choose(dialog, size)
    with Pillow.open(saved(window, wait, dialog, tmp_path / "a.png")) as picture:
        assert picture.size == pixels
    again = asked(window, wait)
    assert there(again.picture).size.currentData() == size
    again.reject()


def test_a_large_picture_that_is_small_on_the_board_loses_no_pixels_unasked(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    small, large = put(window, digit()), put(window, digit(900), (90, 3))
    dialog = asked(window, wait)
    assert there(dialog.picture).size.currentData() == "own"
    dialog.reject()
    window.board_area.view.select([small.id, large.id])
    dialog = asked(window, wait)
    choose(dialog, "board")
    assert dialog.print_of((900, 28), (90, 3)).width == 900
    assert dialog.print_of((112, 28), (1008, 252)).width == 1008
    dialog.reject()


def test_an_own_size_keeps_the_shape_until_it_is_unlocked(
    window: StudioWindow, wait: Wait, tmp_path: Path, qtbot: QtBot
) -> None:
    put(window, digit())
    dialog = asked(window, wait)
    picture = there(dialog.picture)
    choose(dialog, "custom")
    picture.width.selectAll()
    qtbot.keyClicks(picture.width, "560")
    assert picture.height.number() == 140
    qtbot.mouseClick(picture.linked, Qt.MouseButton.LeftButton)
    picture.height.selectAll()
    qtbot.keyClicks(picture.height, "200")
    assert picture.width.number() == 560
    with Pillow.open(saved(window, wait, dialog, tmp_path / "a.png")) as written:
        assert written.size == (560, 200)


def test_too_many_pixels_are_refused_before_anything_is_made(
    window: StudioWindow, wait: Wait, qtbot: QtBot
) -> None:
    put(window, digit())
    dialog = asked(window, wait)
    choose(dialog, "custom")
    there(dialog.picture).width.setValue(60_000)
    assert "too many" in dialog.problem.text()
    assert dialog.problem.isVisible()
    assert not dialog.go.isEnabled()
    there(dialog.picture).width.setValue(600)
    assert dialog.go.isEnabled()
    assert not dialog.problem.isVisible()
    dialog.reject()


def test_the_preview_of_a_tune_is_as_wide_and_high_as_its_card(
    window: StudioWindow, wait: Wait
) -> None:
    put(window, Melody((Note(0, 480, 60),)), (400, 200))
    size = asked(window, wait).preview.image.size()
    assert abs(size.width() / size.height() - 2) < 0.02


def test_the_preview_shows_what_is_written(
    window: StudioWindow, wait: Wait, tmp_path: Path, qtbot: QtBot
) -> None:
    put(window, digit(), (224, 56))
    dialog = asked(window, wait)
    there(dialog.picture).pixels.set_index(1)
    choose(dialog, "own", "ink")
    wait(lambda: dialog.preview.image.size() == QSize(112, 28))
    wait(lambda: dialog.preview.image.pixelColor(0, 0).red() == 255)
    assert dialog.preview.image.pixelColor(13, 10).red() == 0
    place = dialog.preview.place()
    assert place.size() == QSize(112, 28), "small pictures are shown as small as they are"
    grabbed = dialog.preview.grab().toImage()
    corner = place.topLeft() + QPoint(1, 1)
    assert grabbed.pixelColor(corner).red() == 255
    path = saved(window, wait, dialog, tmp_path / "a.png")
    with Pillow.open(path) as picture:
        assert picture.getpixel((0, 0)) == 255
        assert picture.getpixel((13, 10)) == 0


def test_a_ground_left_out_makes_a_clear_picture_and_jpeg_says_what_it_does(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    put(window, digit(ground=255))
    dialog = asked(window, wait)
    picture = there(dialog.picture)
    wait(lambda: picture.ground.isEnabled())
    assert [picture.ground.itemData(n) for n in range(picture.ground.count())] == [
        "as_it_is", "transparent",
    ]  # fmt: skip
    choose(dialog, "own", "transparent", ".jpg")
    assert "white background" in dialog.problem.text()
    assert dialog.go.isEnabled()
    choose(dialog, suffix=".png")
    assert not dialog.problem.isVisible()
    with Pillow.open(saved(window, wait, dialog, tmp_path / "a.png")) as written:
        assert written.mode == "RGBA"
        assert written.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_name_typed_without_an_ending_gets_all_of_it(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    put(window, Melody((Note(0, 480, 60),)), (300, 200))
    dialog = asked(window, wait)
    combo = dialog.formats["melody"]
    number = combo.findData(".melody.json")
    combo.setCurrentIndex(number)
    combo.activated.emit(number)
    dialog.go.click()
    (chooser,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    chooser.setDirectory(str(tmp_path))
    words = there(chooser.findChild(QLineEdit))
    words.selectAll()
    QTest.keyClicks(words, "tune")
    QTest.keyClick(words, Qt.Key.Key_Return)
    wait(lambda: (tmp_path / "tune.melody.json").exists())


@pytest.mark.parametrize(
    ("typed", "name", "written"),
    [
        ("tune", "a.mid", "tune.mid"),
        ("Op. 3", "a.mid", "Op. 3.mid"),
        ("tune.json", "a.melody.json", "tune.melody.json"),
        ("tune.WAV", "a.mid", "tune.WAV"),
        ("walk", "a.gif", "walk.gif"),
        ("here", "a.png", "here 2.png"),  # nobody was asked whether it may be replaced
    ],
)
def test_how_a_typed_name_is_ended(tmp_path: Path, typed: str, name: str, written: str) -> None:
    (tmp_path / "here.png").touch()
    assert with_suffix_of(tmp_path / typed, name) == tmp_path / written


def test_several_items_each_keep_their_shape(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    items = [
        put(window, digit()),
        put(window, digit(28), (252, 252)),
        put(window, Text("words"), (300, 200)),
        put(window, Melody((Note(0, 480, 60),)), (300, 200)),
    ]
    window.board_area.view.select([item.id for item in items])
    dialog = asked(window, wait)
    assert set(dialog.formats) == {"image", "text", "melody"}
    choose(dialog, "custom")
    there(dialog.picture).width.setValue(280)
    dialog.go.click()
    (chooser,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    out = tmp_path / "out"
    out.mkdir()
    chooser.fileSelected.emit(str(out))
    chooser.close()
    wait(lambda: "4 files" in window.board_area.bar.text)
    names = sorted(path.suffix for path in out.iterdir())
    assert names == [".mid", ".png", ".png", ".txt"]
    sizes = set()
    for path in out.glob("*.png"):
        with Pillow.open(path) as picture:
            sizes.add(picture.size)
    assert sizes == {(280, 70), (280, 280)}


@pytest.mark.parametrize("artifact", [Text("words"), Melody((Note(0, 480, 60),))])
def test_texts_and_melodies_have_their_own_choices_only(
    window: StudioWindow, wait: Wait, artifact: Artifact
) -> None:
    put(window, artifact, (300, 200))
    dialog = asked(window, wait)
    assert dialog.picture is None
    assert list(dialog.formats) == [artifact.medium]
    assert not dialog.quality.isVisible()
    dialog.reject()


def test_a_melody_goes_out_as_sound(window: StudioWindow, wait: Wait, tmp_path: Path) -> None:
    put(window, Melody((Note(0, 480, 60),)), (300, 200))
    dialog = asked(window, wait)
    formats = dialog.formats["melody"]
    number = formats.findText("WAV (.wav)")
    assert number >= 0
    formats.setCurrentIndex(number)
    formats.activated.emit(number)
    path = saved(window, wait, dialog, tmp_path / "tune.wav")
    with wave.open(str(path)) as file:
        assert file.getframerate() == 44_100
        assert file.getnframes() >= 44_100
    assert b"ISFT" in path.read_bytes()


@pytest.mark.parametrize(("size", "times"), [("own", 1), ("2x", 2), ("4x", 4)])
def test_the_board_goes_out_with_its_scale_and_ground(
    window: StudioWindow, wait: Wait, tmp_path: Path, size: str, times: int
) -> None:
    put(window, digit(), (224, 56))
    put(window, digit(28), (56, 56))
    dialog = asked(window, wait, "export_board")
    wait(lambda: there(dialog.picture).ground.isEnabled())
    choose(dialog, size, "paper")
    path = saved(window, wait, dialog, tmp_path / "board.png")
    with Pillow.open(path) as picture:
        assert picture.size == (1156 * times, 56 * times)
        assert picture.convert("RGBA").getpixel((600 * times, 5)) == (255, 255, 255, 255)


def test_a_sequence_is_exported_with_a_size_too(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    from aigc_studio.project import CandidateRecord

    project = window.studio.project
    records = [
        CandidateRecord(
            project.candidates.new_id(), project.store.put(digit(28 + 0 * n)),
            provenance=MADE, strip="morph", position=n,
        )
        for n in range(3)
    ]  # fmt: skip
    project.candidates.add(*records)
    strip = window.board_area.strip
    wait(lambda: len(strip.ids()) == 3)
    strip.list.selectAll()
    dialog = asked(window, wait, "export_sequence")
    choose(dialog, "4x")
    with Pillow.open(saved(window, wait, dialog, tmp_path / "morph.webp")) as moving:
        assert moving.size == (112, 112)


def test_kept_pictures_of_one_size_become_an_animation_row_by_row(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    places = {40: (0, 0), 200: (320, 310), 80: (320, 8), 160: (0, 300)}  # two rows, not quite even
    board = window.studio.project.board
    for value, (x, y) in places.items():
        item = put(window, Image(np.full((28, 28), value, np.uint8)), (280, 280))
        moved = {item.id: replace(item, x=float(x), y=float(y))}
        assert window.studio.do(commands.change_items(board, moved, "move"))
    view = window.board_area.view
    view.select([item.id for item in window.studio.project.board.items])
    dialog = asked(window, wait, "export_sequence")
    with Pillow.open(saved(window, wait, dialog, tmp_path / "kept.png")) as moving:
        values = []
        for frame in range(getattr(moving, "n_frames", 1)):
            moving.seek(frame)
            values.append(moving.convert("L").getpixel((5, 5)))
    assert values == [40, 80, 160, 200]


def test_pictures_of_two_sizes_are_no_animation(window: StudioWindow) -> None:
    put(window, Image(np.zeros((28, 28), np.uint8)))
    put(window, Image(np.zeros((14, 28), np.uint8)))
    window.board_area.view.select([item.id for item in window.studio.project.board.items])
    window.actions_by_name["export_sequence"].trigger()
    assert window.exporting.dialog is None
    assert "several of one size on the board" in window.board_area.bar.text


def test_what_is_dragged_out_is_as_large_as_it_is_seen(
    window: StudioWindow, tmp_path: Path
) -> None:
    put(window, digit(), provenance=MADE)
    put(window, digit(500), (50, 3))
    view = window.board_area.view
    paths = transfer.write_files(view.board_scene, view.board_scene.shown(), tmp_path)
    sizes = []
    for path in paths:
        with Pillow.open(path) as picture:
            sizes.append(picture.size)
    assert sizes == [(1008, 252), (500, 28)]
    assert export.read_provenance(paths[0]) == MADE


def test_a_write_that_fails_leaves_no_half_file_and_is_told(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    item = put(window, digit())
    (tmp_path / "no folder").write_text("a file")
    path = tmp_path / "no folder" / "a.png"
    window.exporting.write_items([item], [path], export.ExportOptions())
    wait(lambda: "choose another place" in window.board_area.bar.text)
    assert (tmp_path / "no folder").read_text() == "a file"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_black_and_white_ink_are_seen_on_the_checkerboard(
    window: StudioWindow, wait: Wait, scheme: Any
) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, scheme)
    put(window, digit())
    dialog = asked(window, wait)
    grabbed = dialog.preview.grab().toImage()
    tones = {grabbed.pixelColor(x, 2).lightness() for x in range(2, 60)}
    assert len(tones) >= 2
    assert all(60 < tone < 250 for tone in tones)
    dialog.reject()


def test_the_main_button_stands_at_the_right_as_in_every_dialog(
    window: StudioWindow, wait: Wait
) -> None:
    put(window, digit())
    dialog = asked(window, wait)
    cancel = next(b for b in dialog.findChildren(QPushButton) if b.text().endswith("Cancel"))
    assert cancel.geometry().right() < dialog.go.geometry().left()


def test_several_texts_go_out_as_one_file_and_that_is_remembered(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    items = [put(window, Text(name), (300, 200)) for name in ("Anna", "Bert", "Carla")]
    window.board_area.view.select([item.id for item in items])
    dialog = asked(window, wait)
    assert dialog.one_file.isVisible()
    dialog.one_file.click()
    dialog.go.click()
    (chooser,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    chooser.fileSelected.emit(str(tmp_path / "names.txt"))
    chooser.close()
    wait(lambda: "names.txt was written" in window.board_area.bar.text)
    lines = (tmp_path / "names.txt").read_text("utf-8").splitlines()
    assert sorted(lines) == ["Anna", "Bert", "Carla"]
    again = asked(window, wait)
    assert again.one_file.isChecked()
    again.reject()


def test_what_no_generator_had_a_part_in_is_not_said_to_be_marked(
    window: StudioWindow, wait: Wait
) -> None:
    settings = window.studio.settings
    put(window, Text("My own words."), (320, 120))
    dialog = asked(window, wait)
    assert dialog.hand.isVisible()
    assert not dialog.label.isVisible()
    assert not dialog.prompt.isVisible()
    dialog.label.setChecked(False)  # nobody can; and it would not be remembered
    dialog.accept()
    assert settings.preference("label_exports") is True
    for chooser in window.findChildren(QFileDialog):
        chooser.reject()
    # One that was made among them, and there is something to mark again.
    made = put(window, digit(), provenance=MADE)
    window.board_area.view.select([item.id for item in window.studio.project.board.items])
    dialog = asked(window, wait)
    assert dialog.label.isVisible()
    assert not dialog.hand.isVisible()
    dialog.reject()
    window.board_area.view.select([made.id])
    board = asked(window, wait, "export_board")
    assert board.label.isVisible()
    board.reject()


def test_of_several_the_one_that_is_previewed_is_named(window: StudioWindow, wait: Wait) -> None:
    first = put(window, Melody((Note(0, 480, 60),)), (400, 200))
    put(window, Text("Words."), (320, 120))
    window.board_area.view.select([item.id for item in window.studio.project.board.items])
    dialog = asked(window, wait)
    assert dialog.about.text() == f"{first.name}, one of 2"
    dialog.reject()
    picture = put(window, digit())
    window.board_area.view.select([item.id for item in window.studio.project.board.items])
    dialog = asked(window, wait)
    assert dialog.about.text() == f"{picture.name}, one of 3 · 1008 × 252 px"
    dialog.reject()


def test_the_preview_stays_where_it_is_whatever_size_is_chosen(
    window: StudioWindow, wait: Wait
) -> None:
    put(window, digit())
    dialog = asked(window, wait)
    place = dialog.preview.geometry()
    choose(dialog, "custom")
    wait(lambda: there(dialog.picture).width.isVisible())
    assert dialog.preview.geometry() == place
    dialog.reject()


@pytest.mark.parametrize("problem", ["an item", "the disk"])
def test_of_several_files_it_is_told_how_many_there_are_where_one_could_not_be_written(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    items = [put(window, Text(name)) for name in ("one", "two", "three")]
    paths = [tmp_path / "out" / f"{number}.txt" for number in range(3)]
    if problem == "the disk":
        from aigc_studio.files import write_bytes as write

        def full(path: Path, data: bytes) -> None:
            if path.name.startswith("1"):
                raise OSError(errno.ENOSPC, "No space left on device")
            write(path, data)

        monkeypatch.setattr("aigc_studio.project.export.write_bytes", full)
    else:
        store = window.studio.project.store
        store.path("text", items[1].content.digest).unlink()
    window.exporting.write_items(items, paths, export.ExportOptions())
    wait(lambda: not window.studio.errands.writing)
    told, there = window.board_area.bar.text, [path.exists() for path in paths]
    if problem == "the disk":  # no more is tried
        assert told.startswith("1 of 3 files was written. ")
        assert "1.txt cannot be written (No space left on device)" in told
        assert there == [True, False, False]
    else:
        assert told.startswith("2 of 3 files were written. A part of the project is missing")
        assert there == [True, False, True]
        window.exporting.write_items(items[:1], paths[:1], export.ExportOptions())
        wait(lambda: window.board_area.bar.text == "0.txt was written.")
        assert window.board_area.bar._messages.count == 1  # what went wrong before is mended


def test_of_several_masks_it_is_told_how_many_there_are(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    store = window.studio.project.store
    masks = [store.put(Image(np.full((28, 112), value, np.uint8))) for value in (200, 255)]
    items = [put(window, digit(), mask=mask) for mask in masks]
    paths = [tmp_path / f"{number}.png" for number in range(2)]
    paths[1].mkdir()  # in the way
    window.mask_files.write(items, paths)
    wait(lambda: not window.studio.errands.writing)
    assert window.board_area.bar.text.startswith("1 of 2 files was written. The mask could not be")
    assert paths[0].is_file()
