"""Pictures of many tiles: no event shows, builds or copies more of them than a window can bear."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from gui.canvas_board import CanvasBoard
from kinds import known, there
from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import commands
from aigc_studio.project.content import ContentStore
from aigc_studio.ui.canvas.exchange import clipboard, transfer
from aigc_studio.ui.canvas.items.layers import MANY, ColourLayer, Layer, MaskLayer
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.tiles import TileGrid
from aigc_studio.ui.canvas.painting import edits
from aigc_studio.ui.canvas.scene import loader

pytestmark = pytest.mark.usefixtures("qapp")
SIDE = 256 * 12


@pytest.fixture
def big(canvas: CanvasBoard) -> str:
    """A picture of 144 tiles, all different, seen as a whole and loaded."""
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    pixels[::256, ::256] = np.arange(144, dtype=np.uint8).reshape(12, 12)
    pixels[1::2] += 20
    id = canvas.put(Image(pixels), 0, 0)
    canvas.view.select([id])
    canvas.view.fit()
    canvas.view.viewport().grab()
    canvas.settle()
    return id


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tiles are shown in each turn of the event loop; the last one is under way."""
    turns = [0]
    load = Layer.load

    def counted(self: Layer, *rest: Any) -> QRect:
        turns[-1] += 1
        return load(self, *rest)

    monkeypatch.setattr(Layer, "load", counted)
    return turns


def turn_until_idle(canvas: CanvasBoard, turns: list[int]) -> int:
    """Let the event loop turn till all is there; the most tiles that one turn showed."""
    while not (canvas.scene.edits.idle and canvas.scene.loader.idle):
        turns.append(0)
        QApplication.processEvents()
    return max(turns)


def masked(share: float) -> Image:
    rows = np.arange(SIDE * SIDE, dtype=np.uint32).reshape(SIDE, SIDE)
    return Image(((rows // 7) % 251).astype(np.uint8) if share else np.zeros((1, 1), np.uint8))


def test_tiles_that_are_kept_come_back_a_few_at_a_time(
    canvas: CanvasBoard, big: str, loads: list[int]
) -> None:
    from dataclasses import replace

    item = canvas.board.item(big)
    with_mask = replace(item, mask=canvas.project.store.put(masked(1.0)))
    canvas.project.do(commands.change_items(canvas.board, {big: with_mask}, "mask"))
    assert turn_until_idle(canvas, loads) <= loader.KNOWN + 2 * loader.BATCH
    for step in (canvas.project.undo, canvas.project.redo, canvas.project.undo):
        loads.append(0)
        step()
        QApplication.processEvents()
        assert turn_until_idle(canvas, loads) <= loader.KNOWN + 2 * loader.BATCH


def test_what_comes_in_turns_is_all_of_it(canvas: CanvasBoard, big: str) -> None:
    from dataclasses import replace

    item = canvas.board.item(big)
    mask = masked(1.0)
    content = canvas.project.store.put(mask)
    with_mask = replace(item, mask=content)
    canvas.project.do(commands.change_items(canvas.board, {big: with_mask}, "mask"))
    canvas.view.viewport().grab()
    canvas.settle()
    canvas.project.undo()
    canvas.settle()
    canvas.project.redo()
    canvas.view.viewport().grab()
    canvas.settle()
    shown = known(ImageItem, canvas.scene.item(big))
    assert not shown.mask.missing(shown.mask.grid.rect)
    assert (there(shown.selected()).pixels == mask.pixels).all()


def test_smaller_copies_are_made_as_tiles_come_and_not_in_one_painting(
    canvas: CanvasBoard, big: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = known(ImageItem, canvas.scene.item(big))
    shrunk: list[int] = []
    shrink = TileGrid._shrink

    def counted(self: TileGrid, *rest: Any) -> None:
        shrunk.append(1)
        shrink(self, *rest)

    monkeypatch.setattr(TileGrid, "_shrink", counted)
    canvas.view.set_zoom(0.05)
    canvas.view.viewport().grab()
    assert not shrunk
    assert shown.colours.grid.to_image() == shown.to_image()


def test_a_mask_that_goes_is_gone_in_all_sizes(canvas: CanvasBoard, big: str) -> None:
    from dataclasses import replace

    item = canvas.board.item(big)
    bare = canvas.view.viewport().grab().toImage()
    with_mask = replace(item, mask=canvas.project.store.put(masked(1.0)))
    canvas.project.do(commands.change_items(canvas.board, {big: with_mask}, "mask"))
    canvas.view.viewport().grab()
    canvas.settle()
    assert canvas.view.viewport().grab().toImage() != bare
    layer = known(ImageItem, canvas.scene.item(big)).mask
    assert isinstance(layer, MaskLayer)
    assert len(layer.digests) > MANY
    canvas.project.undo()
    assert canvas.view.viewport().grab().toImage() == bare


def test_cropping_to_a_mask_looks_for_it_beside_the_window(
    canvas: CanvasBoard, big: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    pixels[700:1_900, 300:2_001] = 9
    from dataclasses import replace

    mask = canvas.project.store.put(Image(pixels))
    with_mask = replace(canvas.board.item(big), mask=mask)
    canvas.project.do(commands.change_items(canvas.board, {big: with_mask}, "mask"))
    whole: list[int] = []
    monkeypatch.setattr(MaskLayer, "to_array", lambda _self: whole.append(1))
    canvas.view.commands.crop()
    assert [command.kind for command in canvas.project.history] == ["add", "mask"]
    canvas.settle()
    assert not whole
    info = canvas.board.item(big).content.info
    assert (info["width"], info["height"]) == (1_701, 1_200)


def test_cropping_to_nothing_is_refused(canvas: CanvasBoard, big: str) -> None:
    canvas.view.commands.crop()
    canvas.settle()
    assert len(canvas.said) == 1
    assert len(canvas.project.history) == 1


def test_a_large_picture_is_copied_at_once_for_here_and_soon_for_others(
    canvas: CanvasBoard, big: str
) -> None:
    assert SIDE * SIDE > transfer.LARGE
    canvas.view.exchange.copy()
    assert clipboard.held().hasFormat(transfer.ITEMS_TYPE)
    assert not clipboard.held().hasImage()
    canvas.settle()
    assert clipboard.held().hasImage()
    assert clipboard.held().hasFormat(transfer.ITEMS_TYPE)
    image = known(ImageItem, canvas.scene.item(big)).to_image()
    assert clipboard.held().imageData() == image


def test_what_is_copied_meanwhile_stays_in_the_clipboard(canvas: CanvasBoard, big: str) -> None:
    from PySide6.QtGui import QGuiApplication

    canvas.view.exchange.copy()
    QGuiApplication.clipboard().setText("newer")
    canvas.settle()
    assert clipboard.held().text() == "newer"
    assert not clipboard.held().hasImage()


def test_a_picture_that_is_painted_on_meanwhile_is_copied_as_it_was() -> None:
    grid = TileGrid(600, 300)
    for place in ((0, 0), (1, 0)):
        grid.writable(place).fill(0xFF112233)
    make, before = grid.imaging(), grid.to_image()
    grid.writable((0, 0)).fill(0xFFFFFFFF)
    assert make() == before


def test_a_smooth_copy_is_made_once_and_of_many_in_a_row_the_last(
    canvas: CanvasBoard, qtbot: QtBot
) -> None:
    made, shown = list[str](), list[str]()

    def show(digest: str, _image: QImage) -> None:
        shown.append(digest)

    def make(digest: str) -> QImage:
        made.append(digest)
        return QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)

    tiles, errands = canvas.scene.loader, canvas.scene.errands
    for _time in range(3):
        tiles.smooth.bring("one", partial(make, "one"), show, wait=False)
    qtbot.waitUntil(lambda: tiles.idle)
    assert (made, shown) == (["one"], ["one"])
    patient = loader.TileLoader(tiles.store, errands, canvas.view, patience=60)
    for number in range(9):
        patient.smooth.bring(f"{number}", partial(make, f"{number}"), show, wait=False)
    assert not patient.idle
    qtbot.waitUntil(lambda: patient.idle and "8" in shown)
    assert made == ["one", "0", "8"]
    assert shown == ["one", "0", "8"]


def test_what_the_board_has_is_not_read_again_for_the_stage(
    canvas: CanvasBoard, big: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = ContentStore.tile

    def tile(self: ContentStore, digest: str) -> bytes:
        read.append(digest)
        return real(self, digest)

    monkeypatch.setattr(ContentStore, "tile", tile)
    item = canvas.board.item(big)
    canvas.view.stage.show(item, big)
    canvas.view.viewport().grab()
    canvas.qtbot.waitUntil(lambda: canvas.view.stage.is_settled)
    staged = there(canvas.view.stage.item)
    assert isinstance(staged, ImageItem)
    assert staged.colours.missing(staged.colours.grid.rect) == []
    assert read == []


def test_what_waits_for_an_edit_sleeps(
    canvas: CanvasBoard, big: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take the processor, and Python's lock, from the thread that it waits for."""
    going, turns = threading.Event(), list[int]()

    class Counted(QCoreApplication):
        @staticmethod
        def processEvents(*rest: Any) -> None:
            turns.append(1)
            QCoreApplication.processEvents(*rest)

    monkeypatch.setattr(edits, "QCoreApplication", Counted)

    def make(_store: Any, item: Any) -> Any:
        going.wait(0.3)
        return replace(item, name="edited")

    canvas.scene.edits.add(edits.Edit(big, "rename", make))
    canvas.scene.edits.wait()
    assert canvas.board.item(big).name == "edited"
    assert len(turns) < 100


def test_a_picture_that_differs_in_a_part_begins_as_the_one_beside_it(
    canvas: CanvasBoard, big: str, loads: list[int]
) -> None:
    store, item = canvas.project.store, canvas.board.item(big)
    made = store.put_part(
        item.content, (300, 300, 700, 500), Image(np.full((200, 400), 90, np.uint8))
    )
    other = replace(item, id=canvas.board.new_ids(1)[0], content=made, x=SIDE + 100.0)
    canvas.project.do(commands.add_items(canvas.board, [other]))
    canvas.view.fit()
    canvas.view.viewport().grab()
    turn_until_idle(canvas, loads)
    canvas.view.viewport().grab()
    assert sum(loads) == 2
    first, second = (known(ImageItem, canvas.scene.item(id)).colours.grid for id in (big, other.id))
    assert (first.pixel(400, 400) >> 8 & 255, second.pixel(400, 400)) == (0, 0xFF5A5A5A)
    assert second.to_image() == fresh(store, made).to_image()
    small = [grid._current(2, (0, 0)) for grid in (first, second, fresh(store, made))]
    assert small[1] == small[2] != small[0]


def fresh(store: ContentStore, content: Any) -> TileGrid:
    """The picture shown by itself."""
    layer = ColourLayer(SIDE, SIDE)
    layer.set_digests(store.tiles(content))
    for place, digest in layer.digests.items():
        layer.load(place, digest, layer.decode(store.tile(digest)))
    return layer.grid
