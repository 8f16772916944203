"""The Layers tab, by a person at the window: mouse, keyboard, and what the board says of itself."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from aigc_studio.api import Artifact, Image, Melody, Note, Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.project.board import Board
from aigc_studio.ui.canvas import menu
from aigc_studio.ui.layers.panel import LayersPanel
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton


def grey(value: int) -> Image:
    return Image(np.full((8, 8), value, np.uint8))


def put(studio: Studio, *names: str, artifact: Artifact | None = None) -> list[str]:
    """Items in a row, the last on top."""
    board, store = studio.project.board, studio.project.store
    content = store.put(artifact or grey(90))
    ids = board.new_ids(len(names))
    items = [
        Item(id, name, content, 60.0 * (n % 20), 60.0 * (n // 20), 40.0, 40.0)
        for n, (id, name) in enumerate(zip(ids, names, strict=True))
    ]
    assert studio.do(commands.add_items(board, items))
    return list(ids)


def opened(window: StudioWindow) -> LayersPanel:
    """The panel, after a click on its tab."""
    if window.bottom.current != "layers":
        window.actions_by_name["layers"].trigger()
    QApplication.processEvents()
    return window.layers_panel


def names(panel: LayersPanel) -> list[str]:
    model = panel.layers
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def row_rect(panel: LayersPanel, name: str) -> Any:
    row = names(panel).index(name)
    index = panel.layers.index(row, 0)
    panel.list.scrollTo(index)
    return panel.list.visualRect(index)


def click(
    panel: LayersPanel, name: str, part: str = "name", held: Qt.KeyboardModifier = NONE
) -> None:
    place = getattr(panel.list.painter, f"{part}_place")(row_rect(panel, name))
    QTest.mouseClick(panel.list.viewport(), LEFT, held, place.center())


def drag(panel: LayersPanel, name: str, to: QPoint) -> None:
    port = panel.list.viewport()
    start = panel.list.painter.picture_place(row_rect(panel, name)).center()
    QTest.mousePress(port, LEFT, NONE, start)
    QTest.mouseMove(port, start + QPoint(0, 14))
    QTest.mouseMove(port, to)
    QTest.mouseRelease(port, LEFT, NONE, to)


def press(window: StudioWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(there(window.focusWidget()), key, held)


def on_board(window: StudioWindow) -> list[str]:
    return [item.name for item in window.board_area.chosen_items()]


def in_list(panel: LayersPanel) -> list[str]:
    return [names(panel)[row] for row in panel.list.chosen_rows()]


def bottom_up(studio: Studio) -> list[str]:
    return [item.name for item in studio.project.board.items]


def steps(studio: Studio) -> int:
    return studio.history.stack.count()


def test_an_empty_board_says_what_will_be_there(window: StudioWindow) -> None:
    panel = opened(window)
    assert panel.note.isVisible()
    assert "Nothing is on the board yet" in panel.note.text()
    assert not panel.list.isVisible()
    assert not panel.search.isVisible()
    assert not panel.opacity.isVisible()


def test_what_comes_goes_and_is_undone_is_listed_top_first(
    window: StudioWindow, studio: Studio
) -> None:
    panel = opened(window)
    a, b, _c = put(studio, "A", "B", "C")
    assert names(panel) == ["C", "B", "A"]
    assert panel.count.text() == "3 layers"
    board = studio.project.board
    studio.do(commands.remove_items(board, [b]))
    assert names(panel) == ["C", "A"]
    studio.do(commands.reorder(board, [a], "front"))
    assert names(panel) == ["A", "C"]
    studio.history.stack.undo()
    studio.history.stack.undo()
    assert names(panel) == ["C", "B", "A"]
    studio.do(commands.add_items(board, [board.item(a).changed({"id": "i99"})], above=a))
    assert names(panel) == ["C", "B", "A", "A"]


def test_what_is_chosen_there_is_selected_on_the_board_and_the_other_way_round(
    window: StudioWindow, studio: Studio
) -> None:
    ids = put(studio, "A", "B", "C", "D")
    panel = opened(window)
    click(panel, "C")
    assert on_board(window) == ["C"]
    click(panel, "A", held=CTRL)
    assert on_board(window) == ["A", "C"]
    click(panel, "D", held=SHIFT)
    assert on_board(window) == ["A", "B", "C", "D"]
    window.board_area.view.select([ids[1], ids[2]])
    assert in_list(panel) == ["C", "B"]
    window.board_area.view.select([])
    assert in_list(panel) == []
    panel.list.setFocus()
    press(window, Key.Key_Home)
    press(window, Key.Key_Down)
    assert on_board(window) == ["C"]
    press(window, Key.Key_Down, SHIFT)
    assert on_board(window) == ["B", "C"]
    press(window, Key.Key_A, CTRL)
    assert on_board(window) == ["A", "B", "C", "D"]


def test_the_eye_hides_and_shows_and_is_one_step_each(window: StudioWindow, studio: Studio) -> None:
    a, b, _c = put(studio, "A", "B", "C")
    board = studio.project.board
    panel = opened(window)
    before = steps(studio)
    click(panel, "B", "eye")
    assert (board.item(b).visible, steps(studio)) == (False, before + 1)
    assert on_board(window) == []  # the eye chooses nothing
    click(panel, "B", "eye")
    assert (board.item(b).visible, steps(studio)) == (True, before + 2)
    # All that are chosen with it, and they stay chosen, though no hand can take them now.
    click(panel, "A")
    click(panel, "B", held=CTRL)
    click(panel, "A", "eye")
    assert (board.item(a).visible, board.item(b).visible, steps(studio)) == (
        False,
        False,
        before + 3,
    )
    assert (in_list(panel), on_board(window)) == (["B", "A"], [])
    press(window, Key.Key_Space)
    assert (board.item(a).visible, board.item(b).visible) == (True, True)
    assert on_board(window) == ["A", "B"]
    studio.history.stack.undo()
    assert not board.item(a).visible


def test_a_hidden_layer_can_be_chosen_renamed_moved_and_deleted_by_keys(
    window: StudioWindow, studio: Studio
) -> None:
    a, _b, _c = put(studio, "A", "B", "C")
    board, actions = studio.project.board, window.actions_by_name
    studio.do(commands.change_items(board, {a: board.item(a).changed({"visible": False})}, "hide"))
    panel = opened(window)
    click(panel, "A")
    assert window.board_area.view.board_scene.unseen == {a}
    assert on_board(window) == []
    assert all(actions[name].isEnabled() for name in ("rename", "show", "delete", "front"))
    assert not actions["crop"].isEnabled()
    press(window, Key.Key_Up, ALT)
    assert bottom_up(studio) == ["B", "A", "C"]
    assert in_list(panel) == ["A"]
    actions["show"].trigger()
    assert on_board(window) == ["A"]
    press(window, Key.Key_Space)
    press(window, Key.Key_Delete)
    assert bottom_up(studio) == ["B", "C"]
    assert window.board_area.view.board_scene.unseen == frozenset()


def test_closing_the_tab_lets_go_of_what_is_hidden(window: StudioWindow, studio: Studio) -> None:
    a, b = put(studio, "A", "B")
    board = studio.project.board
    studio.do(commands.change_items(board, {a: board.item(a).changed({"visible": False})}, "hide"))
    panel, view = opened(window), window.board_area.view
    heard = len(board.listeners)
    panel.list.setFocus()
    press(window, Key.Key_A, CTRL)
    assert view.commands.ids == [a, b]
    press(window, Key.Key_Escape)
    assert window.bottom.current == ""
    assert view.commands.ids == [b]
    assert len(board.listeners) == heard - 1  # nobody follows what nobody sees


def test_a_name_is_typed_in_its_place(window: StudioWindow, studio: Studio) -> None:
    a, b = put(studio, "A", "B")
    board = studio.project.board
    panel = opened(window)
    click(panel, "A")
    press(window, Key.Key_F2)
    (field,) = panel.list.findChildren(QLineEdit)
    assert (field.text(), field.hasFocus()) == ("A", True)
    QTest.keyClicks(field, "Sea")
    QTest.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert board.item(a).name == "Sea"
    assert studio.history.stack.undoText() == "Rename Sea"
    assert panel.list.hasFocus()
    place = panel.list.painter.name_place(row_rect(panel, "B")).center()
    QTest.mouseDClick(panel.list.viewport(), LEFT, NONE, place)
    field = panel.list.findChildren(QLineEdit)[-1]
    QTest.keyClicks(field, "nothing of this")
    QTest.keyClick(field, Key.Key_Escape)
    QApplication.processEvents()
    assert board.item(b).name == "B"
    before = steps(studio)
    press(window, Key.Key_F2)
    field = panel.list.findChildren(QLineEdit)[-1]
    QTest.keyClicks(field, "   ")
    QTest.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert (board.item(b).name, steps(studio)) == ("B", before)


def test_layers_are_dragged_to_another_place_several_at_once(
    window: StudioWindow, studio: Studio
) -> None:
    put(studio, "A", "B", "C", "D")
    panel = opened(window)
    before = steps(studio)
    drag(panel, "A", row_rect(panel, "C").topLeft() + QPoint(40, 2))
    assert bottom_up(studio) == ["B", "C", "A", "D"]
    assert (steps(studio), studio.history.stack.undoText()) == (before + 1, "Reorder A")
    assert (in_list(panel), on_board(window)) == (["A"], ["A"])
    assert panel.list.drop_row == -1
    click(panel, "D")
    click(panel, "B", held=CTRL)
    drag(panel, "D", row_rect(panel, "C").topLeft() + QPoint(40, 2))
    assert bottom_up(studio) == ["C", "B", "D", "A"]
    # To where it is: no step.
    before = steps(studio)
    click(panel, "A")
    drag(panel, "A", row_rect(panel, "A").center() + QPoint(60, 4))
    assert (bottom_up(studio), steps(studio)) == (["C", "B", "D", "A"], before)
    # Under the last.
    drag(panel, "A", row_rect(panel, "C").bottomLeft() + QPoint(60, 20))
    assert bottom_up(studio) == ["A", "C", "B", "D"]
    studio.history.stack.undo()
    assert bottom_up(studio) == ["C", "B", "D", "A"]


def test_a_drag_is_given_up_by_escape(window: StudioWindow, studio: Studio) -> None:
    put(studio, "A", "B", "C")
    panel = opened(window)
    port = panel.list.viewport()
    click(panel, "A")
    start = panel.list.painter.picture_place(row_rect(panel, "A")).center()
    QTest.mousePress(port, LEFT, NONE, start)
    QTest.mouseMove(port, start - QPoint(0, 20))
    QTest.mouseMove(port, start - QPoint(0, 60))
    assert panel.list.drop_row >= 0
    press(window, Key.Key_Escape)
    assert panel.list.drop_row == -1
    QTest.mouseRelease(port, LEFT, NONE, start - QPoint(0, 60))
    assert bottom_up(studio) == ["A", "B", "C"]
    assert window.bottom.current == "layers"


def test_the_order_is_changed_by_keys_and_by_buttons(window: StudioWindow, studio: Studio) -> None:
    put(studio, "A", "B", "C")
    panel = opened(window)
    click(panel, "A")
    press(window, Key.Key_Up, ALT)
    assert bottom_up(studio) == ["B", "A", "C"]
    press(window, Key.Key_BracketRight, CTRL | SHIFT)
    assert bottom_up(studio) == ["B", "C", "A"]
    window.actions_by_name["back"].trigger()
    assert bottom_up(studio) == ["A", "B", "C"]
    assert in_list(panel) == ["A"]
    button = there(panel._orders.itemAt(0)).widget()
    QTest.mouseClick(there(button), LEFT)
    assert bottom_up(studio) == ["B", "C", "A"]


def test_the_opacity_is_dragged_seen_at_once_and_one_step(
    window: StudioWindow, studio: Studio
) -> None:
    a, b, _c = put(studio, "A", "B", "C")
    board, scene = studio.project.board, window.board_area.view.board_scene
    panel = opened(window)
    slider = panel.opacity.slider
    click(panel, "A")
    click(panel, "B", held=CTRL)
    before = steps(studio)
    end = QPoint(slider.width() - 7, slider.height() // 2)
    QTest.mousePress(slider, LEFT, NONE, end)
    for x in (80, 60, 48):
        QTest.mouseMove(slider, QPoint(x, end.y()))
    assert there(scene.item(a)).opacity() < 0.7
    assert (board.item(a).opacity, steps(studio)) == (1.0, before)
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(48, end.y()))
    assert 0.4 < board.item(a).opacity == board.item(b).opacity < 0.6
    assert (steps(studio), studio.history.stack.undoText()) == (
        before + 1,
        "Change opacity of 2 items",
    )
    # Keys that go on are one step; what comes in between begins another.
    slider.setFocus()
    for _number in range(5):
        press(window, Key.Key_Left)
    assert steps(studio) == before + 2
    click(panel, "C", "eye")
    slider.setFocus()
    press(window, Key.Key_Right)
    assert steps(studio) == before + 4
    for _number in range(3):
        studio.history.stack.undo()
    assert slider.value() == round(board.item(b).opacity * 100)
    studio.history.stack.undo()
    assert (board.item(a).opacity, there(scene.item(a)).opacity(), slider.value()) == (1, 1, 100)


def test_the_opacity_is_typed_and_a_drag_is_given_up(window: StudioWindow, studio: Studio) -> None:
    (a,) = put(studio, "A")
    board, scene = studio.project.board, window.board_area.view.board_scene
    panel = opened(window)
    click(panel, "A")
    box, slider = panel.opacity.box.box, panel.opacity.slider
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "25")
    QTest.keyClick(box, Key.Key_Return)
    assert (board.item(a).opacity, slider.value()) == (0.25, 25)
    before = steps(studio)
    QTest.mousePress(slider, LEFT, NONE, QPoint(28, slider.height() // 2))
    QTest.mouseMove(slider, QPoint(70, slider.height() // 2))
    assert there(scene.item(a)).opacity() > 0.5
    QTest.keyClick(slider, Key.Key_Escape)
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(70, slider.height() // 2))
    assert (board.item(a).opacity, steps(studio)) == (0.25, before)
    assert there(scene.item(a)).opacity() == 0.25
    assert slider.value() == 25


def test_its_menu_is_that_of_the_board(
    window: StudioWindow, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _b = put(studio, "A", "B")
    panel = opened(window)
    shown: list[list[Any]] = []
    true = menu.board_menu

    class Unopened(QMenu):
        def exec(self, *_rest: Any) -> None:  # type: ignore[override]
            shown.append(self.actions())

    def board_menu(*rest: Any, **named: Any) -> QMenu:
        made, former = Unopened(rest[0]), true(*rest, **named)
        made.addActions(former.actions())
        return made

    monkeypatch.setattr(menu, "board_menu", board_menu)
    actions = window.actions_by_name
    click(panel, "B")
    panel.list.menu_wanted.emit(QPoint())
    (entries,) = shown
    assert {actions["hide"], actions["rename"], actions["delete"]} <= set(entries)
    assert actions["show"] not in entries
    click(panel, "A", "eye")
    click(panel, "A")
    panel.list.menu_wanted.emit(QPoint())
    assert actions["show"] in shown[-1]
    assert actions["crop"] not in shown[-1]
    assert not studio.project.board.item(a).visible


def test_many_are_found_by_their_names(window: StudioWindow, studio: Studio) -> None:
    put(studio, *(f"Tree {n}" for n in range(20)), "A lake", "Lake house")
    panel = opened(window)
    assert panel.search.isVisible()
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "LAKE")
    assert names(panel) == ["Lake house", "A lake"]
    assert panel.count.text() == "2 of 22"
    press(window, Key.Key_Down)
    assert panel.list.hasFocus()
    click(panel, "A lake")
    press(window, Key.Key_F2)
    field = panel.list.findChildren(QLineEdit)[-1]
    QTest.keyClicks(field, "Pond")
    QTest.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert names(panel) == ["Lake house"]
    panel.search.setFocus()
    panel.search.selectAll()
    QTest.keyClicks(panel.search, "nowhere")
    assert panel.note.text() == "No layer is called “nowhere”."
    press(window, Key.Key_Escape)
    assert len(names(panel)) == 22
    assert window.bottom.current == "layers"
    press(window, Key.Key_Escape)
    assert window.bottom.current == ""


def test_it_follows_another_project_and_is_remembered(
    window: StudioWindow, studio: Studio, make_window: Callable[..., StudioWindow]
) -> None:
    put(studio, "A", "B")
    panel = opened(window)
    assert names(panel) == ["B", "A"]
    studio.show_project(Project.new())
    QTest.qWait(1)
    assert names(panel) == []
    put(studio, "C")
    assert names(panel) == ["C"]
    from aigc_studio.ui.window import layout

    layout.remember(window, window.bottom, studio.settings)
    window.bottom.close()
    layout.restore_docks(window, window.bottom, studio.settings)
    assert window.bottom.current == "layers"
    assert window.layers_panel.isVisible()
    assert window.actions_by_name["layers"].isChecked()


def test_it_is_opened_by_its_key_and_closed_by_escape(window: StudioWindow) -> None:
    view = window.board_area.view
    view.setFocus()
    QTest.keySequence(view, "F7")
    assert window.bottom.current == "layers"
    window.layers_panel.list.setFocus()
    QTest.keySequence(window, "F7")
    assert window.bottom.current == ""


def test_everything_in_it_is_said_to_a_screen_reader(window: StudioWindow, studio: Studio) -> None:
    (a,) = put(studio, "A")
    (t,) = put(studio, "B", artifact=Text("words"))
    put(studio, "C", artifact=Melody((Note(0, 480, 60),)))
    board = studio.project.board
    changed = {a: board.item(a).changed({"visible": False, "opacity": 0.5})}
    studio.do(commands.change_items(board, changed))
    panel = opened(window)
    role = Qt.ItemDataRole.AccessibleTextRole
    said = [panel.layers.index(row, 0).data(role) for row in range(3)]
    assert said == ["C, Melody", "B, Text", "A, Picture, hidden, opacity 50 %"]
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            name = widget.accessibleName() or getattr(widget, "text", str)()
            assert name or widget.parent() is not panel, widget
    assert t


class TestMany:
    """Of thousands only what is seen is asked for."""

    @pytest.fixture
    def many(self, window: StudioWindow, studio: Studio) -> list[str]:
        ids = put(studio, *(f"Item {n}" for n in range(5000)))
        window.board_area.view.board_scene.have_all()
        return ids

    def test_only_rows_in_sight_are_read(
        self,
        window: StudioWindow,
        studio: Studio,
        many: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        panel = opened(window)
        assert panel.layers.rowCount() == 5000
        read: set[str] = set()
        true = Board.get

        def get(board: Board, id: str) -> Item | None:
            read.add(id)
            return true(board, id)

        monkeypatch.setattr(Board, "get", get)
        panel.list.viewport().repaint()
        shown = panel.list.viewport().height() // 36 + 2
        assert 0 < len(read) <= shown
        read.clear()
        panel.list.scrollToBottom()
        panel.list.viewport().repaint()
        assert 0 < len(read) <= shown + 1
        assert len(panel.list.pictures) <= 2 * shown + 2

    def test_a_change_costs_what_changed(
        self, window: StudioWindow, studio: Studio, many: list[str]
    ) -> None:
        panel, board = opened(window), studio.project.board
        told: list[tuple[int, int]] = []
        panel.layers.dataChanged.connect(lambda a, b: told.append((a.row(), b.row())))
        came: list[tuple[int, int]] = []
        panel.layers.rowsInserted.connect(lambda _p, a, b: came.append((a, b)))
        gone: list[tuple[int, int]] = []
        panel.layers.rowsRemoved.connect(lambda _p, a, b: gone.append((a, b)))
        anew: list[int] = []
        panel.layers.modelReset.connect(lambda: anew.append(1))
        item = board.item(many[10])
        studio.do(commands.change_items(board, {item.id: item.changed({"opacity": 0.5})}))
        assert told == [(4989, 4989)]
        studio.do(commands.reorder(board, [many[10]], "front"))
        assert (gone, came) == ([(4989, 4989)], [(0, 0)])
        studio.do(commands.remove_items(board, many[100:200]))
        assert gone[1:] == [(4801, 4900)]
        assert not anew
        assert panel.layers.rowCount() == 4900

    def test_all_are_chosen_and_hidden_with_one_command_and_one_look(
        self, window: StudioWindow, studio: Studio, many: list[str]
    ) -> None:
        panel = opened(window)
        panel.list.setFocus()
        press(window, Key.Key_A, CTRL)
        assert len(window.board_area.view.board_scene.chosen()) == 5000
        before = steps(studio)
        press(window, Key.Key_Space)
        assert steps(studio) == before + 1
        assert len(window.board_area.view.board_scene.unseen) == 5000
        assert len(panel.list.chosen_rows()) == 5000
        press(window, Key.Key_Space)
        assert len(window.board_area.view.board_scene.chosen()) == 5000


def test_a_layer_that_cannot_be_read_is_listed_all_the_same(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.ui.canvas.scene import thumbs

    monkeypatch.setattr(thumbs, "draw", lambda *_rest: None)
    (a,) = put(studio, "A")
    item = studio.project.board.item(a)
    panel = opened(window)
    wait(lambda: panel.list.pictures.is_broken(item))
    panel.list.viewport().repaint()
    assert names(panel) == ["A"]
    click(panel, "A")
    assert on_board(window) == ["A"]
