"""Boards of many items: what is done to all of them costs so much for each, and is told once.

Nothing is timed: calls of Python functions are counted, for some items and for ten times as many.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from gui.canvas_board import CanvasBoard, grey, move, text, tune
from kinds import there
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact
from aigc_studio.api.selections import Span
from aigc_studio.project import ContentStore, Project, commands
from aigc_studio.project.items import COORDINATE_LIMIT, Item
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.exchange import rendering
from aigc_studio.ui.canvas.items import text_card as text_item
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.painting.brush import Brush
from aigc_studio.ui.canvas.scene import following_scene, loader, outlines, thumbs
from aigc_studio.ui.canvas.tools import snapping
from aigc_studio.ui.canvas.tools.tool import Tool

FEW, MANY = 50, 500
CTRL = Qt.KeyboardModifier.ControlModifier
SIDE, STEP = 40, 48


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot) -> Iterator[CanvasBoard]:
    board = CanvasBoard(tmp_path / "project", qtbot)
    yield board
    board.close()


def fill(canvas: CanvasBoard, count: int, *artifacts: Artifact) -> list[str]:
    """Items in rows, seen whole; the artifacts take turns."""
    artifacts = artifacts or (grey(8, 8, 200),)
    contents = [canvas.project.store.put(artifact) for artifact in artifacts]
    items = [
        Item(
            id, f"Item {n}", contents[n % len(contents)],
            n % 25 * STEP, n // 25 * STEP, SIDE, SIDE,
        )
        for n, id in enumerate(canvas.board.new_ids(count))
    ]  # fmt: skip
    canvas.project.do(commands.add_items(canvas.board, items))
    canvas.view.fit()
    quiet(canvas)
    return [item.id for item in items]


def quiet(canvas: CanvasBoard) -> None:
    """Painted, and nothing on its way."""
    for _time in range(3):
        QApplication.processEvents()
        canvas.settle()


def work(act: Callable[[], object]) -> int:
    """How many functions Python calls while this is done and painted."""
    calls = 0

    def count(_frame: FrameType, event: str, _value: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
        QApplication.processEvents()
    finally:
        sys.setprofile(None)
    return calls


def key(canvas: CanvasBoard, kind: QEvent.Type, key: Qt.Key, *, repeats: bool = False) -> None:
    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeats)
    QApplication.sendEvent(canvas.view, event)


def hold(canvas: CanvasBoard, which: Qt.Key, times: int) -> None:
    for number in range(times):
        key(canvas, QEvent.Type.KeyPress, which, repeats=number > 0)


def let_go(canvas: CanvasBoard, which: Qt.Key) -> None:
    key(canvas, QEvent.Type.KeyRelease, which)


def drag_all(canvas: CanvasBoard) -> None:
    spots = [canvas.at(SIDE / 2, SIDE / 2)]
    spots += [spots[0] + canvas.at(x, x).__class__(x, x) for x in (20, 30, 40, 50)]
    viewport = canvas.view.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=spots[0])
    for spot in spots[1:]:
        move(viewport, spot)
        QApplication.processEvents()
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=spots[-1])


def band_all(canvas: CanvasBoard) -> None:
    canvas.view.commands.deselect()
    viewport = canvas.view.viewport()
    start, end = canvas.at(-10, -10), canvas.at(25 * STEP, 21 * STEP)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for part in (0.3, 0.6, 1.0):
        move(viewport, start + (end - start) * part)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def half(canvas: CanvasBoard) -> list[str]:
    return [item.id for item in canvas.board.items[::2]]


def all_of(*acts: Callable[[CanvasBoard], object]) -> Callable[[CanvasBoard], object]:
    return lambda canvas: [act(canvas) for act in acts]


def delete(canvas: CanvasBoard) -> None:
    canvas.view.commands.delete()


def undo(canvas: CanvasBoard) -> None:
    canvas.project.undo()


def hold_right(canvas: CanvasBoard) -> None:
    hold(canvas, Qt.Key.Key_Right, 5)
    let_go(canvas, Qt.Key.Key_Right)


def select_all(canvas: CanvasBoard) -> None:
    canvas.view.commands.deselect()
    canvas.view.commands.select_all()


def bring_half_to_the_front(canvas: CanvasBoard) -> None:
    canvas.view.select(half(canvas))
    canvas.view.commands.reorder("front")


ACTS: dict[str, Callable[[CanvasBoard], object]] = {
    "select": select_all,
    "nudge": hold_right,
    "drag": drag_all,
    "band": band_all,
    "hover": lambda c: move(c.view.viewport(), c.at(99, 99), Qt.MouseButton.NoButton),
    "hide": lambda c: c.view.commands.set_visible(False),
    "opacity": lambda c: c.view.commands.set_opacity(0.5),
    "delete": delete,
    "undo": all_of(delete, undo, lambda c: c.project.redo()),
    "duplicate": lambda c: c.view.commands.duplicate(),
    "align": lambda c: c.view.commands.align("left"),
    "distribute": lambda c: c.view.commands.distribute("horizontal"),
    "front": bring_half_to_the_front,
    "tab": lambda c: QTest.keyClick(c.view, Qt.Key.Key_Tab),
    "zoom": lambda c: c.view.set_zoom(c.view.zoom * 1.3),
    "paint": lambda c: c.view.viewport().update(),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_all_of_them_cost_so_much_each(canvas: CanvasBoard, name: str) -> None:
    counts = []
    for number in (FEW, MANY - FEW):
        fill(canvas, number, grey(8, 8, 200), grey(8, 8, 90))
        canvas.view.commands.select_all()
        # PySide imports what knows its signatures with the first cursor over an item.
        move(canvas.view.viewport(), canvas.at(1, 1), Qt.MouseButton.NoButton)
        quiet(canvas)
        counts.append(work(lambda: ACTS[name](canvas)))
        if name in ("hide", "delete") or name == "undo":
            canvas.project.undo()
    few, many = counts
    there_are = len(canvas.board) / FEW
    assert many <= few * there_are * 1.3 + 500


@pytest.mark.parametrize("count", [FEW, MANY])
def test_a_command_on_all_is_told_once(canvas: CanvasBoard, count: int) -> None:
    told: list[object] = []
    fill(canvas, count)
    canvas.view.selection_changed.connect(told.append)
    for act in (
        canvas.view.commands.select_all,
        lambda: canvas.view.commands.nudge(1, 0),
        canvas.project.undo,
        lambda: canvas.view.commands.set_visible(False),
        canvas.project.undo,
        canvas.view.commands.select_all,
        canvas.view.commands.delete,
        canvas.project.undo,
    ):
        told.clear()
        act()
        assert len(told) <= 1


def test_what_is_small_on_screen_is_painted_by_qt(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[BoardItem] = []
    fill(canvas, MANY)
    real = BoardItem.paint_far

    def paint_far(item: BoardItem, painter: QPainter) -> bool:
        painted.append(item)
        return real(item, painter)

    monkeypatch.setattr(BoardItem, "paint_far", paint_far)
    canvas.view.viewport().grab()
    assert painted == []
    canvas.view.set_zoom(8.0)
    canvas.view.centerOn(SIDE / 2, SIDE / 2)
    quiet(canvas)
    painted.clear()
    canvas.view.viewport().grab()
    assert 0 < len(painted) < 20


def test_what_waits_for_its_thumb_is_painted_by_qt_after_the_first_time(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(canvas, 200, *[grey(8, 8, value) for value in range(200)])
    monkeypatch.setattr(loader.TileLoader, "wish_thumb", lambda *_nothing: None)
    painted: list[BoardItem] = []
    real = BoardItem.paint_far

    def paint_far(item: BoardItem, painter: QPainter) -> bool:
        painted.append(item)
        return real(item, painter)

    monkeypatch.setattr(BoardItem, "paint_far", paint_far)
    canvas.view.show_project(canvas.project)
    canvas.view.fit()
    canvas.view.viewport().grab()
    assert len(painted) == 200
    quiet(canvas)
    painted.clear()
    seen = canvas.view.viewport().grab().toImage()
    assert painted == []
    spot = canvas.view.to_view(QPointF(SIDE / 2, SIDE / 2)).toPoint()
    assert seen.pixelColor(spot) == theme.colour("border")


def test_thousands_are_duplicated_beside_the_window(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(canvas, MANY)
    threads: list[threading.Thread] = []
    real = commands.copies

    def copies(items: Sequence[Item], ids: Sequence[str]) -> list[Item]:
        threads.append(threading.current_thread())
        return real(items, ids)

    monkeypatch.setattr(commands, "copies", copies)
    canvas.key(Qt.Key.Key_A, CTRL)
    canvas.view.commands.duplicate()
    quiet(canvas)
    assert threads[0] is not threading.main_thread()
    assert len(canvas.board) == 2 * MANY
    assert {item.id for item in canvas.scene.chosen()} == set(canvas.board.ids[MANY:])
    first, copy = canvas.board.items[0], canvas.board.items[MANY]
    assert (copy.x, copy.y) == (first.x + 16, first.y + 16)


@pytest.mark.parametrize(
    ("waited", "most"), [(60.0, loader.A_TURN), (-1.0, loader.AT_ONCE)], ids=["quick", "slow"]
)
def test_opening_reads_no_more_than_a_frame_can_bear(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch, waited: float, most: int
) -> None:
    monkeypatch.setattr(loader, "WAITED", waited)
    fill(canvas, 200, *[grey(8, 8, value) for value in range(200)])
    read: list[str] = []
    real = ContentStore.tile

    def tile(store: ContentStore, digest: str) -> bytes:
        if threading.current_thread() is threading.main_thread():
            read.append(digest)
        return real(store, digest)

    monkeypatch.setattr(ContentStore, "tile", tile)
    canvas.view.show_project(canvas.project)
    canvas.view.fit()
    assert read == []
    canvas.view.viewport().grab()
    assert 0 < len(read) <= most
    quiet(canvas)
    spots = [QPointF(n % 25 * STEP + SIDE / 2, n // 25 * STEP + SIDE / 2) for n in range(200)]
    seen = canvas.view.viewport().grab().toImage()
    colours = [seen.pixelColor(canvas.view.to_view(spot).toPoint()).red() for spot in spots]
    assert colours == list(range(200))


def test_cards_seen_from_afar_are_not_laid_out(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[object] = []
    real = text_item.TextItem.show_value

    def show_value(card: text_item.TextItem) -> None:
        laid.append(card)
        real(card)

    monkeypatch.setattr(text_item.TextItem, "show_value", show_value)
    ids = fill(canvas, 60, text("one two three"), tune(2))
    assert laid == []
    before = canvas.view.viewport().grab().toImage()
    canvas.scene.set_part(ids[0], Span(0, 3))
    canvas.view.set_zoom(4.0)
    canvas.view.centerOn(SIDE / 2, SIDE / 2)
    assert canvas.view.viewport().grab().toImage() != before
    assert 0 < len(laid) < 10


def test_a_drag_measures_what_stays_and_what_moves_once(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    fill(canvas, 200)
    canvas.view.select([item.id for item in canvas.board.items[:150]])
    QApplication.processEvents()
    for kind, name in ((snapping.Snapping, "snapping"), (outlines.Outlines, "outlines")):
        real = kind.__init__

        def init(self: Any, *values: Any, _real: Any = real, _name: str = name) -> None:
            made.append(_name)
            _real(self, *values)

        monkeypatch.setattr(kind, "__init__", init)
    drag_all(canvas)
    assert made.count("snapping") == 1
    assert made.count("outlines") <= 2


class TestFromAfar:
    @pytest.mark.parametrize("artifact", [grey(300, 200, 90), grey(8, 8, 90), text("x " * 400)])
    def test_it_looks_as_it_does_from_near(self, canvas: CanvasBoard, artifact: Artifact) -> None:
        canvas.put(artifact, -50, -50, 100, 100)
        canvas.view.set_zoom(0.75)
        quiet(canvas)
        near = canvas.seen(0, -49 if artifact.medium == "text" else 0)
        canvas.view.set_zoom(0.5)
        quiet(canvas)
        assert there(canvas.scene.shown()[0]._far).isVisible()
        far = canvas.seen(0, -40 if artifact.medium == "text" else 0)
        assert abs(near.lightness() - far.lightness()) < 12

    def test_a_stroke_is_seen_while_it_is_drawn_and_after(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(100, 100, 255), -50, -50)
        canvas.view.select([id])
        canvas.view.set_zoom(0.5)
        quiet(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(Brush(size=40, hardness=1.0, colour=(0, 0, 0)))
        canvas.drag((-20, 0), (20, 0), release=False)
        assert canvas.seen(-12, 0).red() < 60
        QTest.mouseRelease(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=canvas.at(20, 0))
        quiet(canvas)
        assert canvas.seen(-12, 0).red() < 60
        canvas.project.undo()
        quiet(canvas)
        assert canvas.seen(-12, 0).red() > 200

    def test_a_mask_is_seen(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(100, 100, 255), -50, -50)
        canvas.view.set_zoom(0.5)
        quiet(canvas)
        mask = canvas.project.store.put(grey(100, 100, 255))
        item = replace(canvas.board.item(id), mask=mask)
        canvas.project.do(commands.change_items(canvas.board, {id: item}, "mask"))
        quiet(canvas)
        assert canvas.seen(0, 0) != QColor(255, 255, 255)

    def test_one_that_cannot_be_read_says_so(self, canvas: CanvasBoard) -> None:
        import shutil

        canvas.put(grey(100, 100, 255), -50, -50)
        canvas.view.set_zoom(0.5)
        for kind in ("image", "tile"):
            shutil.rmtree(canvas.project.store.folder / kind)
        canvas.project.store._manifests.clear()
        canvas.view.show_project(canvas.project)
        canvas.view.set_zoom(0.5)
        quiet(canvas)
        assert "missing" in canvas.scene.shown()[0].problem

    def test_equal_items_share_one_thumb(self, canvas: CanvasBoard) -> None:
        fill(canvas, FEW)
        assert len({id(item._thumb) for item in canvas.scene.shown()}) == 1


def test_thumbs_are_as_large_as_far_items_at_most(qapp: QApplication) -> None:
    thumb = thumbs.Thumb(QImage(64, 32, QImage.Format.Format_ARGB32_Premultiplied), whole=False)
    sides = [thumb.pixmap(thumb.copy_for(pixels)[0]).width() for pixels in (64, 33, 32, 17, 16, 3)]
    assert sides == [64, 64, 32, 32, 16, 16]


def test_deleted_items_come_back_as_they_were_and_are_let_go_later(
    canvas: CanvasBoard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_scene, "KEPT", 150)
    ids = fill(canvas, MANY)
    before = canvas.view.viewport().grab().toImage()
    canvas.view.commands.select_all()
    canvas.view.commands.delete()
    assert canvas.scene.shown() == []
    assert canvas.scene.target().number == 0
    qtbot.waitUntil(lambda: len(canvas.scene._gone) <= 150)
    canvas.project.undo()
    quiet(canvas)
    assert [item.id for item in canvas.scene.shown()] == ids
    assert canvas.scene.chosen() == []
    assert canvas.view.viewport().grab().toImage() == before


def test_a_point_finds_the_topmost_even_if_turned(canvas: CanvasBoard) -> None:
    below = canvas.put(grey(), 0, 0, 100, 100)
    above = canvas.put(grey(), 0, 0, 100, 100, rotation=45.0)
    assert there(canvas.scene.item_at(QPointF(50, 50))).id == above
    assert there(canvas.scene.item_at(QPointF(3, 3))).id == below
    assert there(canvas.scene.item_at(QPointF(50, -15))).id == above
    assert canvas.scene.item_at(QPointF(-15, -15)) is None


class TestArrowKeys:
    def test_a_key_that_is_held_is_one_command(self, canvas: CanvasBoard) -> None:
        id = fill(canvas, 3)[0]
        canvas.view.commands.select_all()
        steps, lines = len(canvas.project.history), journal_lines(canvas.project)
        for number in range(60):
            key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Right, repeats=number > 0)
            assert there(canvas.scene.item(id)).place.x() == number + 1
            # A system that repeats keys tells of releases that are none.
            key(canvas, QEvent.Type.KeyRelease, Qt.Key.Key_Right, repeats=True)
        assert len(canvas.project.history) == steps
        let_go(canvas, Qt.Key.Key_Right)
        assert len(canvas.project.history) == steps + 1
        assert journal_lines(canvas.project) == lines + 1
        assert canvas.board.item(id).x == 60
        canvas.project.undo()
        assert canvas.board.item(id).x == 0
        assert there(canvas.scene.item(id)).place.x() == 0

    def test_two_keys_at_once_are_one_too(self, canvas: CanvasBoard) -> None:
        id = fill(canvas, 1)[0]
        canvas.view.commands.select_all()
        steps = len(canvas.project.history)
        hold(canvas, Qt.Key.Key_Right, 3)
        hold(canvas, Qt.Key.Key_Down, 2)
        let_go(canvas, Qt.Key.Key_Right)
        assert len(canvas.project.history) == steps
        let_go(canvas, Qt.Key.Key_Down)
        assert (canvas.board.item(id).x, canvas.board.item(id).y) == (3, 2)
        assert len(canvas.project.history) == steps + 1

    @pytest.mark.parametrize(
        "act",
        [
            lambda c: c.view.finish_edits(),
            lambda c: c.view.set_tool(Tool.BRUSH),
            lambda c: c.view.select([]),
            lambda c: c.view.nudging._timer.timeout.emit(),
            lambda c: c.view.clearFocus(),
            lambda c: c.key(Qt.Key.Key_D, CTRL),
            lambda c: c.click(-500, -500),
        ],
        ids=["settled", "tool", "selection", "silence", "focus", "command", "click"],
    )
    def test_anything_else_ends_it(
        self, canvas: CanvasBoard, act: Callable[[CanvasBoard], object]
    ) -> None:
        id = fill(canvas, 2)[0]
        canvas.view.setFocus()
        canvas.view.commands.select_all()
        hold(canvas, Qt.Key.Key_Right, 7)
        assert canvas.board.item(id).x == 0
        act(canvas)
        assert canvas.board.item(id).x == 7
        moved = [command for command in canvas.project.history if command.kind == "move"]
        assert len(moved) == 1

    def test_pushed_against_the_edge_of_the_board_they_stay_as_they_lie(
        self, canvas: CanvasBoard
    ) -> None:
        far = COORDINATE_LIMIT
        ids = [canvas.put(grey(), far - 5), canvas.put(grey(), far - 25)]
        canvas.view.select(ids)
        hold(canvas, Qt.Key.Key_Right, 40)
        let_go(canvas, Qt.Key.Key_Right)
        assert [canvas.board.item(id).x for id in ids] == [far, far - 20]

    def test_items_that_went_meanwhile_are_left_out(self, canvas: CanvasBoard) -> None:
        first, second = fill(canvas, 2)
        canvas.view.commands.select_all()
        hold(canvas, Qt.Key.Key_Right, 2)
        canvas.project.do(commands.remove_items(canvas.board, [first]))
        let_go(canvas, Qt.Key.Key_Right)
        assert canvas.board.item(second).x == STEP + 2


def journal_lines(project: Project) -> int:
    return len((project.folder / "journal.jsonl").read_bytes().splitlines())


class TestClipboard:
    def test_what_is_pasted_right_after_copying_many_is_these(
        self, canvas: CanvasBoard, qtbot: QtBot
    ) -> None:
        count = 130
        fill(canvas, count)
        canvas.view.commands.select_all()
        canvas.view.exchange.copy()
        canvas.view.exchange.paste()
        qtbot.waitUntil(lambda: len(canvas.board) == 2 * count)
        pasted = canvas.board.items[count:]
        assert canvas.scene.target().item_ids == tuple(item.id for item in pasted)
        shifts = {
            (new.x - old.x, new.y - old.y)
            for new, old in zip(pasted, canvas.board.items, strict=False)
        }
        assert len(shifts) == 1

    def test_cut_many_and_paste(self, canvas: CanvasBoard, qtbot: QtBot) -> None:
        names = {canvas.board.item(id).name for id in fill(canvas, 130)}
        canvas.view.commands.select_all()
        canvas.view.exchange.cut()
        assert len(canvas.board) == 0
        canvas.view.exchange.paste()
        qtbot.waitUntil(lambda: len(canvas.board) == 130)
        assert {item.name for item in canvas.board.items} == names


class TestComing:
    """More items than can be shown in a moment come a few at a time."""

    @pytest.fixture
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As few at a time as there can be."""
        monkeypatch.setattr(following_scene, "AT_ONCE", 10)
        monkeypatch.setattr(following_scene, "SLICE", 0.0)

    def put(self, canvas: CanvasBoard, count: int = 40) -> list[str]:
        content = canvas.project.store.put(grey(8, 8, 200))
        ids = canvas.board.new_ids(count)
        items = [Item(id, "x", content, n * STEP, 0, SIDE, SIDE) for n, id in enumerate(ids)]
        canvas.project.do(commands.add_items(canvas.board, items))
        return list(ids)

    def test_the_board_is_whole_and_the_scene_soon(
        self, canvas: CanvasBoard, qtbot: QtBot, slow: None
    ) -> None:
        ids = self.put(canvas)
        assert len(canvas.board) == 40
        assert not canvas.scene.is_whole
        assert canvas.scene.bounds().width() == 39 * STEP + SIDE
        assert there(canvas.scene.item(ids[30])).id == ids[30]
        qtbot.waitUntil(lambda: canvas.scene.is_whole)
        assert [item.id for item in canvas.scene.shown()] == ids
        heights = [item.zValue() for item in canvas.scene.shown()]
        assert heights == sorted(set(heights))

    def test_what_is_to_be_selected_is_when_it_has_come(
        self, canvas: CanvasBoard, qtbot: QtBot, slow: None
    ) -> None:
        canvas.view.board_scene.choose_when_there([f"i{n}" for n in range(1, 41)])
        ids = self.put(canvas)
        qtbot.waitUntil(lambda: canvas.scene.is_whole)
        assert list(canvas.scene.target().item_ids) == ids

    def test_a_selection_made_meanwhile_takes_its_place(
        self, canvas: CanvasBoard, qtbot: QtBot, slow: None
    ) -> None:
        canvas.view.board_scene.choose_when_there([f"i{n}" for n in range(1, 41)])
        ids = self.put(canvas)
        there(canvas.scene.item(ids[3]))
        canvas.view.select([ids[3], ids[39]])
        qtbot.waitUntil(lambda: canvas.scene.is_whole)
        assert list(canvas.scene.target().item_ids) == [ids[3], ids[39]]

    def test_commands_are_for_all_of_them(
        self, canvas: CanvasBoard, qtbot: QtBot, slow: None
    ) -> None:
        self.put(canvas)
        canvas.view.commands.select_all()
        canvas.view.commands.delete()
        assert len(canvas.board) == 0
        canvas.project.undo()
        coming = canvas.scene.is_whole
        assert not coming
        canvas.project.redo()
        assert canvas.scene.shown() == []
        qtbot.waitUntil(lambda: canvas.scene.is_whole)

    def test_what_changes_meanwhile_is_shown_as_it_is_then(
        self, canvas: CanvasBoard, slow: None
    ) -> None:
        ids = self.put(canvas)
        moved = replace(canvas.board.item(ids[39]), y=500.0)
        canvas.project.do(commands.change_items(canvas.board, {ids[39]: moved}, "move"))
        canvas.project.do(commands.reorder(canvas.board, [ids[39]], "back"))
        assert canvas.scene.shown()[0].place.y() == 500

    def test_opening_a_board_fits_what_is_still_to_come(
        self, canvas: CanvasBoard, slow: None
    ) -> None:
        self.put(canvas)
        canvas.view.show_project(canvas.project)
        assert not canvas.scene.is_whole
        assert canvas.view.seen().contains(canvas.scene.bounds())
        assert canvas.view.exchange.render_board().width() == 39 * STEP + SIDE


class TestDrawing:
    """The board as one picture, drawn beside other events."""

    def test_it_is_the_board_as_it_was(
        self, canvas: CanvasBoard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rendering, "SLICE", 0.0)
        fill(canvas, 40, grey(8, 8, 200), text("one"), tune(1))
        whole = canvas.view.exchange.render_board()
        drawn: list[QImage] = []
        canvas.view.exchange.draw_board(drawn.append)
        canvas.view.commands.select_all()
        canvas.view.commands.nudge(7, 0)
        canvas.view.commands.delete()
        assert drawn == []
        qtbot.waitUntil(lambda: bool(drawn))
        assert drawn[0] == whole

    def test_a_board_that_goes_is_drawn_before(self, canvas: CanvasBoard, tmp_path: Path) -> None:
        fill(canvas, 40)
        drawn: list[QImage] = []
        canvas.view.exchange.draw_board(drawn.append)
        other = Project.new(tmp_path / "other")
        canvas.view.show_project(other)
        assert drawn[0].width() == 24 * STEP + SIDE
        canvas.view.show_project(canvas.project)
        other.close()

    def test_its_sheet_is_cleared_a_band_at_a_time(
        self, canvas: CanvasBoard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        turns: list[str] = []

        def note(owner: Any, name: str) -> None:
            done = getattr(owner, name)

            def noted(*given: Any) -> Any:
                turns.append(name)
                return done(*given)

            monkeypatch.setattr(owner, name, noted)

        note(rendering, "_sheet")
        note(rendering, "_paint")
        note(rendering.Drawing, "_go_on")
        monkeypatch.setattr(rendering, "SLICE", 0.0)
        monkeypatch.setattr(rendering, "BAND", 5)
        fill(canvas, 2)
        drawn: list[QImage] = []
        canvas.view.exchange.draw_board(drawn.append)
        assert turns == []
        qtbot.waitUntil(lambda: bool(drawn))
        before = turns[: turns.index("_paint")]
        assert before.count("_sheet") == 1
        assert before.count("_go_on") >= drawn[0].height() / 5


def test_zooming_to_where_many_are_near_begins_a_few_at_a_time(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(canvas, 200, *[grey(8, 8, value) for value in range(200)])
    named: list[object] = []
    real = ContentStore.tiles

    def tiles(store: ContentStore, content: Any) -> Any:
        named.append(content)
        return real(store, content)

    monkeypatch.setattr(ContentStore, "tiles", tiles)
    canvas.view.set_zoom(64 / SIDE * 1.05)
    canvas.view.centerOn(300, 200)
    canvas.view.viewport().grab()
    assert 0 < len(named) <= 2 * loader.A_TURN
    quiet(canvas)
    spot = QPointF(5 * STEP + SIDE / 2, 4 * STEP + SIDE / 2)
    seen = canvas.view.viewport().grab().toImage()
    assert seen.pixelColor(canvas.view.to_view(spot).toPoint()).red() == 105
    assert len(named) > loader.A_TURN
