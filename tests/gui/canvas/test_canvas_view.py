"""The view: zoom and pan, tiles and their smaller copies, what an empty board says, in and out."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gui.canvas_board import LEFT, CanvasBoard, grey, move, text, tune
from kinds import known, there
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Text
from aigc_studio.project import Project
from aigc_studio.ui import pixels as look
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import BoardView, Tool
from aigc_studio.ui.canvas.exchange import clipboard, transfer
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.tiles import TILE, TileGrid
from aigc_studio.ui.local_paths import paths_of

CTRL = Qt.KeyboardModifier.ControlModifier
NO_BUTTON = Qt.MouseButton.NoButton


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot) -> Iterator[CanvasBoard]:
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()


def wheel(view: BoardView, spot: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(spot),
        QPointF(view.viewport().mapToGlobal(spot)),
        QPoint(),
        QPoint(0, 120 * notches),
        NO_BUTTON,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def is_whole(canvas: CanvasBoard) -> bool:
    """Whether all of the board is seen, and fills the view or is at 100 %."""
    view, rect = canvas.view, canvas.scene.bounds()
    share = max(rect.width() / view.seen().width(), rect.height() / view.seen().height())
    return view.seen().contains(rect) and (share > 0.7 or view.zoom == 1)


class TestAnOpenedBoard:
    @pytest.fixture(autouse=True)
    def opened(self, canvas: CanvasBoard) -> None:
        canvas.view.resize(440, 400)
        canvas.put(grey(9, 64), 0, 0, 1500, 1000)
        canvas.view.show_project(canvas.project)
        assert is_whole(canvas)

    def test_it_is_seen_whole_in_a_window_that_comes_up_maximised(
        self, canvas: CanvasBoard
    ) -> None:
        small = canvas.view.zoom
        for size in ((1900, 1000), (1200, 700)):
            canvas.view.resize(*size)
            assert is_whole(canvas)
        assert canvas.view.zoom > 1.5 * small

    def test_who_has_moved_about_stays_there(self, canvas: CanvasBoard) -> None:
        wheel(canvas.view, QPoint(100, 100), 3)
        before, middle = canvas.view.zoom, canvas.view.middle()
        canvas.view.resize(1900, 1000)
        assert canvas.view.zoom == before
        assert (canvas.view.middle() - middle).manhattanLength() < 3 / before

    def test_what_came_since_changes_nothing_of_the_view(self, canvas: CanvasBoard) -> None:
        before = canvas.view.zoom
        canvas.put(grey(9, 64), 3000, 0, 100, 100)
        canvas.view.resize(1900, 1000)
        assert canvas.view.zoom == before


class TestNavigation:
    @pytest.mark.parametrize("notches", [3, -3, 9])
    def test_the_wheel_zooms_to_the_cursor(self, canvas: CanvasBoard, notches: int) -> None:
        spot = QPoint(123, 456)
        before = canvas.view.to_scene(QPointF(spot))
        wheel(canvas.view, spot, notches)
        after = canvas.view.to_view(before)
        assert canvas.view.zoom == pytest.approx(1.2**notches)
        assert abs(after.x() - 123) <= 1
        assert abs(after.y() - 456) <= 1

    def test_zoom_has_ends_and_tells(self, canvas: CanvasBoard, qtbot: QtBot) -> None:
        with qtbot.waitSignal(canvas.view.zoom_changed) as told:
            wheel(canvas.view, QPoint(10, 10), 60)
        assert told.args == [64.0]
        for _ in range(5):
            wheel(canvas.view, QPoint(10, 10), -40)
        assert canvas.view.zoom == 1 / 32

    def test_fit_and_actual_size_by_key(self, canvas: CanvasBoard) -> None:
        canvas.put(grey(3000, 200), 1000, 1000)
        canvas.key(Qt.Key.Key_0, CTRL)
        assert canvas.view.seen().contains(QRectF(1000, 1000, 3000, 200))
        assert canvas.view.zoom < 0.4
        canvas.key(Qt.Key.Key_1, CTRL)
        assert canvas.view.zoom == 1

    @pytest.mark.parametrize("way", ["space", "middle", "hand"])
    def test_pan(self, canvas: CanvasBoard, way: str) -> None:
        viewport = canvas.view.viewport()
        button = Qt.MouseButton.MiddleButton if way == "middle" else LEFT
        if way == "hand":
            canvas.view.set_tool(Tool.HAND)
        if way == "space":
            canvas.view.set_tool(Tool.BRUSH)
            QTest.keyPress(canvas.view, Qt.Key.Key_Space)
        kept = canvas.view.to_scene(QPointF(100, 100))
        QTest.mousePress(viewport, button, pos=QPoint(100, 100))
        move(viewport, QPoint(150, 80), button)
        QTest.mouseRelease(viewport, button, pos=QPoint(150, 80))
        assert canvas.view.to_view(kept) == QPointF(150, 80)
        assert len(canvas.project.history) == 0
        if way == "space":
            QTest.keyRelease(canvas.view, Qt.Key.Key_Space)
            canvas.drag((0, 0), (30, 0))
            assert len(canvas.board) == 1

    def test_reveal_moves_no_more_than_needed(self, canvas: CanvasBoard) -> None:
        before = canvas.view.seen()
        canvas.view.reveal(before.adjusted(50, 50, -50, -50))
        assert canvas.view.seen() == before
        right = QRectF(before.right() + 100, 0, 50, 50)
        canvas.view.reveal(right)
        assert canvas.view.seen().contains(right)
        assert canvas.view.seen().top() == pytest.approx(before.top())


class TestTiles:
    def grid(self, pixels: np.ndarray[Any, Any]) -> TileGrid:
        height, width = pixels.shape[:2]
        grid = TileGrid(width, height)
        image = QImage(pixels.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888)
        for y in range(0, height, TILE):
            for x in range(0, width, TILE):
                grid.put((x // TILE, y // TILE), image.copy(x, y, TILE, TILE))
        return grid

    def painted(self, grid: TileGrid, scale: float, size: int) -> QImage:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor("blue"))
        painter = QPainter(image)
        painter.scale(scale, scale)
        grid.paint(painter, QRectF(grid.rect), scale)
        painter.end()
        return image

    @pytest.mark.parametrize("scale", [1.0, 0.77, 0.5, 0.3, 0.11, 1.9, 4.0])
    def test_no_seam_shows_between_tiles_at_any_zoom(self, scale: float) -> None:
        grid = self.grid(np.full((700, 900, 4), (200, 100, 50, 255), np.uint8))
        size = int(min(700 * scale, 400))
        image = self.painted(grid, scale, size)
        colours = {image.pixel(x, y) for x in range(size - 1) for y in range(size - 1)}
        assert colours == {QColor(200, 100, 50).rgba()}

    def test_smaller_copies_are_means(self) -> None:
        pixels = np.zeros((512, 512, 4), np.uint8)
        pixels[..., 3] = 255
        pixels[::2, ::2, :3] = 255
        image = self.painted(self.grid(pixels), 0.25, 128)
        assert abs(image.pixelColor(60, 60).red() - 64) <= 3

    def test_they_follow_a_change(self) -> None:
        grid = self.grid(np.full((1024, 1024, 4), 255, np.uint8))
        self.painted(grid, 0.125, 128)
        painter = QPainter(grid.writable((2, 1)))
        painter.fillRect(0, 0, 256, 256, QColor("black"))
        painter.end()
        grid.touch(QRect(512, 256, 256, 256))
        image = self.painted(grid, 0.125, 128)
        assert image.pixelColor(80, 48).red() == 0
        assert image.pixelColor(50, 48).red() == 255

    def test_large_pixels_have_sharp_edges(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(look, "_smooth", False)
        checks = np.indices((28, 28)).sum(axis=0) % 2 * 255
        canvas.put(Image(checks.astype(np.uint8)), -140, -140, 280, 280)
        image = canvas.view.viewport().grab().toImage()
        corner = canvas.at(-140, -140)
        values = {image.pixelColor(corner.x() + x, corner.y() + 5).red() for x in range(2, 270)}
        assert values == {0, 255}

    def test_a_large_picture_arrives_by_itself(self, canvas: CanvasBoard, qtbot: QtBot) -> None:
        pixels = np.random.default_rng(0).integers(0, 256, (1100, 1100), dtype=np.uint8)
        id = canvas.put(Image(pixels), -550, -550)
        item = known(ImageItem, canvas.scene.item(id))
        canvas.view.viewport().repaint()
        canvas.settle()
        canvas.view.fit()
        canvas.view.viewport().repaint()
        canvas.settle()
        assert len(item.colours.grid.places()) == 25
        image = item.to_image()
        assert [image.pixelColor(x, 1099).red() for x in (0, 500, 1099)] == [
            pixels[1099, x] for x in (0, 500, 1099)
        ]

    def test_only_what_is_seen_is_loaded(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(3000, 3000, 90), 0, 0)
        canvas.view.viewport().repaint()
        canvas.settle()
        assert 4 <= len(known(ImageItem, canvas.scene.item(id)).colours.grid.places()) <= 9


def test_a_board_opens_at_100_percent_at_most(canvas: CanvasBoard) -> None:
    canvas.put(grey(28, 28))
    canvas.view.show_project(canvas.project)
    assert canvas.view.zoom == 1.0
    canvas.put(grey(4000, 28), 0, 100)
    canvas.view.show_project(canvas.project)
    assert canvas.view.zoom < 0.3
    assert canvas.view.seen().contains(canvas.scene.bounds())


class TestEmptyBoard:
    def test_it_says_when_there_is_nothing_to_see(self, canvas: CanvasBoard) -> None:
        told: list[bool] = []
        canvas.view.bare_changed.connect(told.append)
        assert canvas.view.bare
        id = canvas.put(grey())
        canvas.view.select([id])
        canvas.view.commands.delete()
        assert told == [False, True]
        canvas.view.show_hint(False)
        assert told == [False, True, False]

    def test_another_project_takes_its_place(
        self, canvas: CanvasBoard, tmp_path: Path, qtbot: QtBot
    ) -> None:
        id = canvas.put(grey())
        canvas.view.select([id])
        former = canvas.project
        canvas.project = Project.new(tmp_path / "other")
        with qtbot.waitSignal(canvas.view.selection_changed) as told:
            canvas.view.show_project(canvas.project)
        assert told.args[0].number == 0
        assert canvas.view.bare
        canvas.put(text(), 0, 0)
        assert len(canvas.scene.shown()) == 1
        former.undo()
        assert len(canvas.scene.shown()) == 1
        former.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_canvas_wears_the_theme(
    canvas: CanvasBoard, qapp: QApplication, scheme: theme.Scheme
) -> None:
    canvas.put(tune(), -100, -100)
    canvas.put(text("你好"), -100, 100)
    try:
        theme.apply(qapp, scheme)
        spot = canvas.view.to_view(QPointF(-300, -300)).toPoint()
        image = canvas.view.viewport().grab().toImage()
        around = {image.pixel(spot.x() + dx, spot.y() + dy) for dx in (0, 5) for dy in (0, 5)}
        assert theme.colour("canvas").rgb() in around
    finally:
        theme.apply(qapp, "light")


class TestInAndOut:
    def drop(self, canvas: CanvasBoard, mime: QMimeData, x: int = 40, y: int = 50) -> None:
        spot, copies, none = canvas.at(x, y), Qt.DropAction.CopyAction, Qt.KeyboardModifier(0)
        for event in (
            QDragEnterEvent(spot, copies, mime, LEFT, none),
            QDropEvent(QPointF(spot), copies, mime, LEFT, none),
        ):
            QApplication.sendEvent(canvas.view.viewport(), event)

    def test_dropped_files_are_the_windows(
        self, canvas: CanvasBoard, qtbot: QtBot, tmp_path: Path
    ) -> None:
        path = tmp_path / "图 片.png"
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        with qtbot.waitSignal(canvas.view.files_dropped) as told:
            self.drop(canvas, mime)
        assert told.args == [[path], QPointF(40, 50)]
        assert len(canvas.board) == 0

    def test_a_dropped_picture_lies_where_it_was_dropped(self, canvas: CanvasBoard) -> None:
        image = QImage(40, 20, QImage.Format.Format_ARGB32)
        image.fill(QColor(10, 20, 30, 128))
        mime = QMimeData()
        mime.setImageData(image)
        self.drop(canvas, mime)
        canvas.settle()
        (item,) = canvas.board.items
        assert (item.x + item.width / 2, item.y + item.height / 2) == (40, 50)
        assert canvas.pixels(item.id).shape == (20, 40, 4)
        assert tuple(canvas.pixels(item.id)[5, 5]) == (10, 20, 30, 128)

    @pytest.mark.parametrize("artifact", [grey(50, 40, 77), text("𝄞 你好"), tune()])
    def test_copy_and_paste_items(self, canvas: CanvasBoard, artifact: Artifact) -> None:
        id = canvas.put(artifact, 0, 0)
        canvas.view.select([id])
        canvas.key(Qt.Key.Key_C, CTRL)
        canvas.key(Qt.Key.Key_V, CTRL)
        canvas.settle()
        original, copy = canvas.board.items
        assert copy.content == original.content
        assert copy.id != original.id
        assert canvas.scene.target().item_ids == (copy.id,)
        assert canvas.project.history[-1].kind == "paste"

    def test_cut_takes_away(self, canvas: CanvasBoard) -> None:
        canvas.view.select([canvas.put(text("abc"), 0, 0)])
        canvas.key(Qt.Key.Key_X, CTRL)
        assert len(canvas.board) == 0
        assert QApplication.clipboard().text() == "abc"

    @pytest.mark.parametrize(
        ("own", "board", "size"), [(28, 280, 280), (28, 14, 28), (1, 3000, 1), (28, 28, 28)]
    )
    def test_other_programs_get_the_picture_as_large_as_it_is_seen(
        self, canvas: CanvasBoard, own: int, board: int, size: int
    ) -> None:
        # As it is dragged out; never with fewer pixels, and none that would take long.
        id = canvas.put(grey(own, own, 77), 0, 0, board, board)
        canvas.view.select([id])
        canvas.view.exchange.copy()
        image = QApplication.clipboard().image()
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(0, 0).red() == 77
        assert image.pixelColor(size - 1, size - 1).red() == 77

    def test_a_large_picture_is_copied_once_all_of_it_is_there(self, canvas: CanvasBoard) -> None:
        pixels = np.random.default_rng(0).integers(0, 256, (1300, 1300), dtype=np.uint8)
        id = canvas.put(Image(pixels), 3000, 3000)
        QApplication.clipboard().clear()
        canvas.view.select([id])
        canvas.view.exchange.copy()
        assert QApplication.clipboard().image().isNull()
        canvas.settle()
        image = QApplication.clipboard().image()
        assert (image.width(), image.height()) == (1300, 1300)
        assert image.pixelColor(1299, 1298).red() == pixels[1298, 1299]

    def test_text_of_other_programs_becomes_a_card(self, canvas: CanvasBoard) -> None:
        QApplication.clipboard().setText("from elsewhere")
        canvas.view.exchange.paste()
        canvas.settle()
        (item,) = canvas.board.items
        assert canvas.artifact(item.id) == Text("from elsewhere")

    def test_items_of_another_project_bring_their_content(
        self, canvas: CanvasBoard, tmp_path: Path, qtbot: QtBot
    ) -> None:
        other = CanvasBoard(tmp_path / "second", qtbot)
        try:
            id = other.put(grey(300, 30, 66), 0, 0)
            mime = transfer.mime_of(other.scene, [there(other.scene.item(id))])
        finally:
            assert transfer.paste(canvas.scene, mime, QPointF(0, 0))
            canvas.settle()
            other.close()
        (item,) = canvas.board.items
        assert (canvas.pixels(item.id) == 66).all()

    def test_a_process_with_items_in_the_clipboard_ends_well(self, tmp_path: Path) -> None:
        code = (
            "from PySide6.QtCore import QMimeData\n"
            "from PySide6.QtWidgets import QApplication\n"
            "from aigc_studio.ui.canvas.exchange import clipboard\n"
            "app = QApplication([])\n"
            "mime = QMimeData()\n"
            "mime.setData('application/x-test', b'1')\n"
            "clipboard.put(mime)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_an_empty_clipboard_says_a_sentence(self, canvas: CanvasBoard) -> None:
        QApplication.clipboard().clear()
        assert not canvas.view.exchange.can_paste()
        canvas.view.exchange.paste()
        assert len(canvas.said) == 1

    @pytest.mark.parametrize(
        "data",
        [
            b"{",
            b"[]",
            b"{}",
            json.dumps({"store": "", "items": [1]}).encode(),
            b'{"store": "", "items": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b"{" * 300_000,
            json.dumps({"store": "", "items": [], "more": "x" * 300_000}).encode(),
        ],
        ids=["{", "[]", "{}", "number", "deep", "large", "large and empty"],
    )
    def test_a_broken_clipboard_says_a_sentence(self, canvas: CanvasBoard, data: bytes) -> None:
        mime = QMimeData()
        mime.setData(transfer.ITEMS_TYPE, data)
        clipboard.put(mime)
        canvas.view.exchange.paste()
        canvas.settle()
        assert canvas.said == ["There is nothing in the clipboard that can be put on the board."]
        assert len(canvas.board) == 0

    @pytest.mark.parametrize("what", ["content", "mask", "latent", "number", "another's"])
    def test_what_was_copied_and_is_gone_is_not_pasted(
        self, canvas: CanvasBoard, tmp_path: Path, what: str
    ) -> None:
        mask = canvas.project.store.put(grey(20, 20, 255))
        latent = canvas.project.store.put_latent(b"1")
        (item,) = [
            canvas.board.item(canvas.put(grey(20, 20, 5), mask=mask, latent=latent)).to_json()
        ]
        missing = "a" * 64
        store = canvas.project.store.folder
        if what == "number":
            item["latent"], item["content"]["info"] = "", {"width": 21, "height": 20, "mode": "L"}
            item["mask"] = None
        elif what == "another's":
            store = tmp_path / "gone"
        else:
            item[what] = missing if what == "latent" else {**item[what], "digest": missing}
        mime = QMimeData()
        data = json.dumps({"store": str(store), "items": [item]}).encode()
        mime.setData(transfer.ITEMS_TYPE, data)
        clipboard.put(mime)
        canvas.view.exchange.paste()
        canvas.settle()
        assert [sentence.partition(":")[0] for sentence in canvas.said] == [
            "What was copied is no longer there"
        ]
        assert len(canvas.board) == 1
        canvas.project.save(tmp_path / "saved.aigc")  # nothing on the board is missing

    def test_a_picture_too_large_for_a_project_is_refused_as_it_is(
        self, canvas: CanvasBoard
    ) -> None:
        mime = QMimeData()
        mime.setImageData(QImage(100_000, 2, QImage.Format.Format_Mono))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(QImage, "convertToFormat", lambda *_given: pytest.fail("converted"))
            self.drop(canvas, mime)
            canvas.settle()
        assert len(canvas.said) == 1
        assert "100000×2 pixels is too large" in canvas.said[0]

    def test_a_drop_of_nothing_says_a_sentence(self, canvas: CanvasBoard) -> None:
        mime = QMimeData()
        mime.setText("  ")
        self.drop(canvas, mime)
        assert canvas.said == ["There is nothing in what was dropped that the board can take."]

    def test_items_go_out_as_files(self, canvas: CanvasBoard, tmp_path: Path) -> None:
        ids = [
            canvas.put(grey(20, 20, 5), name="a/b"),
            canvas.put(text("你好"), name="a/b"),
            canvas.put(tune()),
        ]
        items = [there(canvas.scene.item(id)) for id in ids]
        paths = transfer.write_files(canvas.scene, items, tmp_path)
        assert [path.suffix for path in paths] == [".png", ".txt", ".mid"]
        assert all(path.parent == tmp_path and path.stat().st_size for path in paths)
        assert paths_of(transfer.files_mime(paths)) == paths

    def test_two_of_one_name_are_two_files(self, canvas: CanvasBoard, tmp_path: Path) -> None:
        items = [there(canvas.scene.item(canvas.put(grey(), name="same"))) for _ in range(2)]
        assert len(set(transfer.write_files(canvas.scene, items, tmp_path))) == 2


@pytest.mark.parametrize("artifact", [grey(700, 700, 9), text("gone"), tune()])
def test_an_item_whose_content_is_lost_says_so_and_harms_nobody(
    canvas: CanvasBoard, artifact: Artifact
) -> None:
    import shutil

    id = canvas.put(artifact, -100, -100, 300, 200)
    other = canvas.put(grey(40, 40, 255), 250, -100)
    folder = canvas.project.store.folder
    for kind in ("image", "text", "melody"):
        shutil.rmtree(folder / kind, ignore_errors=True)
    canvas.project.store._manifests.clear()
    canvas.view.show_project(canvas.project)
    canvas.view.centerOn(0, 0)
    item = there(canvas.scene.item(id))
    assert "missing" in item.problem
    assert canvas.view.viewport().grab().toImage().size() == canvas.view.viewport().size()
    canvas.view.write(id)
    assert canvas.view.writing is None
    canvas.view.select([id])
    canvas.key(Qt.Key.Key_Right)
    assert canvas.board.item(id).x == -99
    assert other in canvas.board


def test_nothing_holds_the_window_up_while_a_large_picture_is_painted(
    canvas: CanvasBoard, qtbot: QtBot, blocks: Any
) -> None:
    id = canvas.put(grey(4096, 4096, 255), -2048, -2048)
    canvas.settle()
    canvas.view.set_tool(Tool.BRUSH)
    canvas.drag((-300, -300), (-250, -200), (-100, -250))
    blocks.reset()
    canvas.drag((100, 100), (150, 200), (200, 150))
    qtbot.wait(50)
    # The promise is 0.1 s; the machine that tests this may have other work.
    assert blocks.longest < 0.5
    assert len(canvas.project.history) == 3
    assert canvas.pixels(id)[2148, 2148] < 100


def test_the_dots_of_the_ground_are_drawn_a_row_at_a_time(canvas: CanvasBoard) -> None:
    view = canvas.view
    view.set_zoom(1.37)
    view.pan(QPointF(7, -3))
    shot = view.viewport().grab().toImage()
    row = view._dots
    origin, apart = view.to_view(QPointF(0, 0)), 24 * view.zoom
    ground, dot = theme.colour("canvas").rgb(), view.dot_colour().rgb()
    for number in range(-5, 6):
        x, y = round(origin.x() + number * apart), round(origin.y() + number * apart)
        assert {shot.pixel(x + a, y + b) for a in (0, 1) for b in (0, 1)} == {dot}
        assert shot.pixel(x - 1, y) == shot.pixel(x + 2, y) == shot.pixel(x, y + 2) == ground
    view.viewport().grab(QRect(100, 100, 60, 60))
    view.viewport().grab()
    assert view._dots is row
    view.set_zoom(1.0)
    view.viewport().grab()
    assert view._dots is not row


def test_smaller_copies_are_not_looked_for_where_nothing_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grid, asked = TileGrid(4096, 4096), list[int]()
    tile = QImage(TILE, TILE, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(QColor("red"))
    grid.put((0, 0), tile)
    grid.settle(QRect(0, 0, TILE, TILE))
    current = TileGrid._current

    def counted(self: TileGrid, *rest: Any) -> QImage | None:
        asked.append(rest[0])
        return current(self, *rest)

    monkeypatch.setattr(TileGrid, "_current", counted)
    grid.put((15, 15), tile)
    grid.put((14, 15), tile)
    grid.settle(QRect(14 * TILE, 15 * TILE, 2 * TILE, TILE))
    assert len(asked) < 40  # of 341 tiles on five levels
    seen = QImage(256, 256, QImage.Format.Format_ARGB32_Premultiplied)
    seen.fill(0)
    with QPainter(seen) as painter:
        painter.scale(1 / 16, 1 / 16)
        grid.paint(painter, QRectF(grid.rect), 1 / 16)
    assert [seen.pixelColor(*at).red() for at in ((8, 8), (248, 248), (230, 248))] == [255] * 3
    assert seen.pixelColor(100, 100).alpha() == 0
