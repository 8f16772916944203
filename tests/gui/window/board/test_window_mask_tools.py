"""The mask tools in the window: rail, options bar, menus, bar over the selection, files."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import an_image, there
from PIL import Image as Pillow
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QToolButton

from aigc_studio.api import Image, limits
from aigc_studio.project import Item, commands, masking
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.painting.brush import MaskOptions
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.painting.progress import Progress
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.actions import shortcuts_dialog
from aigc_studio.ui.window.actions.remembered import read_options
from aigc_studio.ui.window.board.mask_bar import MaskBar

Wait = Callable[[Callable[[], object]], None]
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def put(window: StudioWindow, x: float = 0.0, name: str = "face", mode: str = "L") -> Item:
    project = window.studio.project
    (id,) = project.board.new_ids(1)
    shape = {"L": (50, 100), "RGBA": (50, 100, 4)}[mode]
    content = project.store.put(Image(np.full(shape, 90, np.uint8)))
    item = Item(id, name, content, x, 0.0, 200.0, 100.0)
    assert window.studio.do(commands.add_items(project.board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    view.select([id])
    return item


def mask(window: StudioWindow, item: Item) -> Any:
    content = there(window.studio.project.board.item(item.id).mask)
    return an_image(window.studio.project.store.get(content)).pixels


def spot(window: StudioWindow, item: Item, across: float, down: float) -> QPoint:
    view = window.board_area.view
    where = QPointF(item.x + item.width * across, item.y + item.height * down)
    return view.to_view(where).toPoint()


def drag(window: StudioWindow, *spots: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    viewport = window.board_area.view.viewport()
    QTest.mousePress(viewport, LEFT, held, spots[0])
    for each in spots[1:]:
        QTest.mouseMove(viewport, each)
    QTest.mouseRelease(viewport, LEFT, held, spots[-1])
    window.board_area.finish_edits()


def rectangle(window: StudioWindow, item: Item) -> None:
    """Mask columns 20 to 60, rows 10 to 40 by hand."""
    rail = window.rail
    QTest.mouseClick(there(rail.widgetForAction(rail.buttons[Tool.RECTANGLE])), LEFT)
    drag(window, *(spot(window, item, *each) for each in ((0.2, 0.2), (0.4, 0.5), (0.6, 0.8))))


def options(window: StudioWindow) -> MaskBar:
    found = window.board_area.options.findChildren(MaskBar)
    return next(each for each in found if each.isVisible())


def steps(window: StudioWindow) -> int:
    return window.studio.history.stack.index()


def test_the_lasso_by_its_key_and_then_its_edge_by_the_bar(
    window: StudioWindow, wait: Wait
) -> None:
    item, view = put(window), window.board_area.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_L)
    assert window.rail.buttons[Tool.LASSO].isChecked()
    viewport = view.viewport()
    for each in ((0.2, 0.2), (0.6, 0.2), (0.6, 0.8), (0.2, 0.8)):
        QTest.mouseClick(viewport, LEFT, pos=spot(window, item, *each))
    wait(lambda: view.pending_bar.isVisible())
    assert not window.board_area.verbs.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Return)
    window.board_area.finish_edits()
    drawn = mask(window, item)
    assert (drawn[10:40, 20:60] == 255).all()
    assert (drawn > 0).sum() == 30 * 40
    bar = options(window)
    bar.pixels.setValue(3)
    before = steps(window)
    for number, name in enumerate(("grow_mask", "feather_mask", "shrink_mask"), 1):
        QTest.mouseClick(bar.buttons[name], LEFT)
        window.board_area.finish_edits()
        assert steps(window) == before + number
    grown = masking.grown(drawn, 3)
    assert (mask(window, item) == masking.grown(masking.feathered(grown, 3), -3)).all()
    for _step in range(3):
        window.actions_by_name["undo"].trigger()
    assert (mask(window, item) == drawn).all()


def test_the_number_is_said_everywhere_and_remembered(window: StudioWindow) -> None:
    rectangle(window, put(window))
    options(window).pixels.setValue(17)
    actions = window.actions_by_name
    assert actions["grow_mask"].iconText() == "Grow Mask by 17 px"
    assert "17 px (Shift+F6)" in actions["feather_mask"].toolTip()
    window.board_area.view.set_tool(Tool.MASK)
    assert options(window).pixels.value() == 17
    assert window.studio.settings.remembered("mask_tools")["pixels"] == 17
    rows = [row for each in shortcuts_dialog.sections_of(actions) for row in each.rows]
    assert ("Grow Mask", "Alt+]") in rows


@pytest.mark.parametrize(
    ("values", "pixels"),
    [({"pixels": 9}, 9), ({"pixels": 10**9}, limits.MASK_EDGE), ({"pixels": "x"}, 4), ({}, 4),
     ({"pixels": True, "tolerance": -3, "joined": 0}, 4)],
)  # fmt: skip
def test_whatever_was_remembered_is_a_number_that_works(
    values: dict[str, object], pixels: int
) -> None:
    found = read_options(values)
    assert found.pixels == pixels
    assert 0 <= found.tolerance <= 255
    assert found.joined


def test_the_menu_asks_for_the_number(
    window: StudioWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectangle(window, put(window))
    monkeypatch.setattr(QInputDialog, "getInt", lambda *rest: (31, True))
    window.actions_by_name["mask_pixels"].trigger()
    assert window.board_area.view.options.mask == MaskOptions(pixels=31)
    monkeypatch.setattr(QInputDialog, "getInt", lambda *rest: (99, False))
    window.actions_by_name["mask_pixels"].trigger()
    assert options(window).pixels.value() == 31


def test_what_has_nothing_to_work_on_is_grey(window: StudioWindow, wait: Wait) -> None:
    def on(*names: str) -> list[bool]:
        return [window.actions_by_name[name].isEnabled() for name in names]

    edge = ("grow_mask", "shrink_mask", "feather_mask", "invert_mask", "clear_mask", "export_mask")
    assert not any(on(*edge, "mask_opaque", "import_mask"))
    item = put(window)
    assert not any(on(*edge, "mask_opaque"))
    assert on("import_mask") == [True]
    rectangle(window, item)
    assert all(on(*edge))
    put(window, 300, mode="RGBA")
    assert on("mask_opaque", "export_mask") == [True, False]
    window.board_area.view.act("mask_opaque")
    window.board_area.finish_edits()
    wait(lambda: on("export_mask") == [True])


def test_the_bar_over_a_masked_picture_has_its_edge(window: StudioWindow, wait: Wait) -> None:
    item = put(window)
    rectangle(window, item)
    wait(lambda: window.board_area.verbs.isVisible())
    buttons = {each.accessibleName(): each for each in window.verbs.bar.widgets()
               if isinstance(each, QToolButton)}  # fmt: skip
    assert {f"{what} Mask by 4 px" for what in ("Grow", "Shrink", "Feather")} <= set(buttons)
    drawn = mask(window, item)
    QTest.mouseClick(buttons["Feather Mask by 4 px"], LEFT)
    window.board_area.finish_edits()
    assert (mask(window, item) == masking.feathered(drawn, 4)).all()


def test_the_commands_stand_in_the_menus_of_the_window_and_of_the_item(
    window: StudioWindow,
) -> None:
    from aigc_studio.ui.canvas import menu

    rectangle(window, put(window))
    view = window.board_area.view
    made = menu.board_menu(view, view.board_scene.target(), view.offered)
    mine = window.actions_by_name.menus["mask"]
    assert mine.menuAction() in made.actions()
    assert mine.menuAction() in window.actions_by_name.menus["edit"].actions()
    names = [each.objectName() for each in mine.actions() if each.objectName()]
    assert names == [
        "invert_mask", "clear_mask", "grow_mask", "shrink_mask", "feather_mask", "mask_pixels",
        "mask_opaque", "mask_shape", "import_mask", "export_mask",
    ]  # fmt: skip
    made.deleteLater()


def chooser(window: StudioWindow) -> QFileDialog:
    (found,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    return found


def choose(window: StudioWindow, path: Path) -> None:
    dialog = chooser(window)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.deleteLater()


class TestFiles:
    def test_a_mask_goes_out_and_comes_back(
        self, window: StudioWindow, wait: Wait, tmp_path: Path
    ) -> None:
        item = put(window)
        rectangle(window, item)
        window.board_area.view.act("feather_mask")
        window.board_area.finish_edits()
        soft = mask(window, item)
        window.actions_by_name["export_mask"].trigger()
        choose(window, tmp_path / "mine")
        wait(lambda: "mine.png was written" in window.board_area.bar.text)
        with Pillow.open(tmp_path / "mine.png") as written:
            assert written.mode == "L"
            assert (np.asarray(written) == soft).all()
        other = put(window, 300)
        window.actions_by_name["import_mask"].trigger()
        choose(window, tmp_path / "mine.png")
        wait(lambda: window.studio.project.board.item(other.id).mask is not None)
        assert (mask(window, other) == soft).all()
        window.actions_by_name["undo"].trigger()
        assert window.studio.project.board.item(other.id).mask is None

    def test_several_go_into_a_folder(
        self, window: StudioWindow, wait: Wait, tmp_path: Path
    ) -> None:
        items = [put(window, 300.0 * number) for number in range(2)]
        view = window.board_area.view
        view.select([item.id for item in items])
        view.set_tool(Tool.RECTANGLE)
        drag(window, spot(window, items[0], 0.5, 0.4), spot(window, items[1], 0.5, 0.9))
        assert all(window.studio.project.board.item(item.id).mask for item in items)
        window.actions_by_name["export_mask"].trigger()
        choose(window, tmp_path)
        wait(lambda: "2 files" in window.board_area.bar.text)
        assert {each.name for each in tmp_path.glob("*.png")} == {
            "face mask.png", "face mask 2.png"
        }  # fmt: skip

    def test_one_of_another_size_is_refused_and_the_picture_untouched(
        self, window: StudioWindow, wait: Wait, tmp_path: Path
    ) -> None:
        item = put(window)
        Pillow.new("L", (7, 7), 255).save(tmp_path / "small.png")
        before = steps(window)
        window.mask_files.read(item.id, tmp_path / "small.png")
        wait(lambda: "7×7" in window.board_area.bar.text)
        assert steps(window) == before

    def test_a_folder_that_is_none_is_said(
        self, window: StudioWindow, wait: Wait, tmp_path: Path
    ) -> None:
        item = put(window)
        rectangle(window, item)
        (tmp_path / "file").write_text("")
        masked = window.studio.project.board.item(item.id)
        window.mask_files.write([masked], [tmp_path / "file" / "a.png"])
        wait(lambda: "could not be written" in window.board_area.bar.text)


def test_undo_gives_up_an_edit_that_takes_long_and_takes_nothing_else_back(
    window: StudioWindow,
) -> None:
    item = put(window)
    rectangle(window, item)
    drawn, before, waits = mask(window, item), steps(window), threading.Event()
    progress = Progress("Growing the mask")

    def make(store: object, item: Item) -> Item:
        while True:
            waits.wait(0.005)
            progress.tell(0.5)

    window.board_area.view.board_scene.edits.add(Edit(item.id, "mask", make, progress=progress))
    window.actions_by_name["undo"].trigger()
    assert window.board_area.view.board_scene.edits.idle
    assert steps(window) == before
    assert (mask(window, item) == drawn).all()
    window.actions_by_name["undo"].trigger()
    assert window.studio.project.board.item(item.id).mask is None


def test_no_letter_stands_twice_in_the_menu_of_masks(window: StudioWindow) -> None:
    menu = window.actions_by_name.menus["mask"]
    letters = [each.text().partition("&")[2][:1].lower() for each in menu.actions() if each.text()]
    assert sorted(letters) == sorted(set(letters))


def test_the_wand_has_its_own_numbers(window: StudioWindow) -> None:
    item, view = put(window), window.board_area.view
    QTest.keyClick(view, Qt.Key.Key_W)
    bar = options(window)
    assert bar.tolerance.isVisible()
    bar.tolerance.setValue(40)
    QTest.mouseClick(bar.joined, LEFT)
    assert view.options.mask == MaskOptions(tolerance=40, joined=False)
    QTest.mouseClick(view.viewport(), LEFT, pos=spot(window, item, 0.5, 0.5))
    window.board_area.finish_edits()
    assert (mask(window, item) == 255).all()
    view.set_tool(Tool.LASSO)
    assert not options(window).tolerance.isVisible()
