"""The canvas in its window, by keys and mouse: carets, Escape, letters, names, fit, Compare."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handwork import change_content
from kinds import an_image, known, there
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Note, Span, Text
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.ui.canvas import Tool, menu
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], bool]], None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ACTIVATED = Qt.FocusReason.ActiveWindowFocusReason


def press(window: StudioWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key, to whatever has the keyboard."""
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def put(window: StudioWindow, artifact: Artifact, x: float = 0, y: float = 0, **fields: Any) -> str:
    project = window.studio.project
    (id,) = project.board.new_ids(1)
    size = {"width": 320.0, "height": 180.0} | fields
    item = Item(id, f"Item {id}", project.store.put(artifact), x, y, **size)
    window.studio.do(commands.add_items(project.board, [item]))
    return id


def value(window: StudioWindow, id: str) -> str:
    project = window.studio.project
    return str(project.store.get(project.board.item(id).content))


def wait_for_candidates(window: StudioWindow, wait: Wait, count: int = 1) -> list[str]:
    # One that is still being made stands in the strip as well, and cannot be kept like another.
    strip, session = window.board_area.strip, window.session
    wait(lambda: len(strip.ids()) >= count and not session.is_busy)
    return window.board_area.strip.ids()


def candidates(window: StudioWindow, *values: str) -> list[str]:
    """Candidates that wait, as if a generator had made them."""
    project = window.studio.project
    ids = []
    for words in values:
        record = CandidateRecord(project.candidates.new_id(), project.store.put(Text(words)))
        window.session.artifacts[record.id] = Text(words)
        project.candidates.add(record)
        ids.append(record.id)
    return ids


class TestCarets:
    @pytest.mark.parametrize("way", ["click", "writing"])
    def test_something_is_made_at_one_and_is_selected_then(
        self, make_window: Callable[..., StudioWindow], wait: Wait, tmp_path: Path, way: str
    ) -> None:
        window = make_window("spans")
        view = window.board_area.view
        words = "the cat sat on the mat and the cat ran"
        id = put(window, Text(words), -160, -90, height=60.0)
        view.select([id])
        card = known(TextItem, view.board_scene.item(id))
        if way == "writing":
            view.write(id)
            for _ in range(len(words) - 7):
                press(window, Key.Key_Left)
        else:
            view.set_tool(Tool.RECTANGLE)
            spots = range(-150, 100)
            x = next(x for x in spots if card.position_at(card.mapFromScene(x, -66)) == 7)
            QTest.mouseClick(
                view.viewport(),
                Qt.MouseButton.LeftButton,
                pos=view.to_view(card.mapToScene(card.mapFromScene(x, -66))).toPoint(),
            )
        assert view.selection_of(id) == Span(7, 7)
        assert view.board_scene.target().part == "caret"
        target = window.board_area.target()
        assert (target.marked, target.part) == (Span(7, 7), "caret")
        assert "after character 7" in window.panel.middle._target.text()
        window.panel.set_verb("edit")
        window.panel.middle.edit_page.chooser.choose("continue")
        assert window.panel.buttons.main.accessibleName() == "Continue here"
        window.panel.middle.edit_page.form.set_values({"length": 400})
        window.panel.middle.count.setValue(1)
        window.panel.run()
        wait_for_candidates(window, wait)
        press(window, Key.Key_Return, Qt.KeyboardModifier.AltModifier)
        made = value(window, id)
        assert (made[:7], made[407:]) == (words[:7], words[7:])
        assert view.selection_of(id) == Span(7, 407)
        item = window.studio.project.board.item(id)
        assert item.provenance is not None
        assert item.provenance.selection == {"kind": "span", "start": 7, "stop": 7}
        assert item.height == pytest.approx(card.needed_height())
        assert item.height > 200
        assert view.board_scene.target().part == "span"
        window.studio.project.save(tmp_path / "a.aigc")
        press(window, Key.Key_Z, CTRL)
        assert window.studio.project.board.item(id).height == 60
        assert value(window, id) == words
        assert view.selection_of(id) == Span(7, 7)

    @pytest.mark.parametrize("away", ["elsewhere", "cleared", "typed", "typed and cleared"])
    def test_what_was_made_is_selected_though_its_mark_has_gone(
        self, make_window: Callable[..., StudioWindow], wait: Wait, away: str
    ) -> None:
        window = make_window("spans")
        view = window.board_area.view
        words = "the cat sat on the mat and the cat ran"
        id, other = put(window, Text(words), -160, -90), put(window, Text("two"), -160, 200)
        view.select([id])
        view.board_scene.set_part(id, Span(3, 3))
        window.panel.set_verb("edit")
        window.panel.middle.edit_page.chooser.choose("continue")
        window.panel.middle.edit_page.form.set_values({"length": 30})
        window.panel.middle.count.setValue(1)
        window.panel.run()
        wait_for_candidates(window, wait)
        before = ""
        if "typed" in away:
            before = "Well, "
            project = window.studio.project
            typed = {id: project.store.put(Text(before + words))}
            window.studio.do(change_content(project.board, typed, "write"))
            assert view.selection_of(id) == Span(9, 9)
        if away == "elsewhere":
            view.select([other])
        elif "cleared" in away:
            view.commands.clear_mask()
        assert view.selection_of(id) == (Span(9, 9) if away == "typed" else None)
        press(window, Key.Key_Return, Qt.KeyboardModifier.AltModifier)
        assert view.board_scene.target().item_ids == (id,)
        assert view.selection_of(id) == Span(len(before) + 3, len(before) + 33)
        assert value(window, id).startswith(before + words[:3])
        assert value(window, id).endswith(words[3:])

    def test_writing_alone_does_not_turn_the_panel(
        self, make_window: Callable[..., StudioWindow]
    ) -> None:
        window = make_window("spans")
        view = window.board_area.view
        id = put(window, Text("one two"))
        view.setFocus()
        view.select([id])
        assert window.panel.verb() == "edit"
        window.panel.set_verb("generate")
        view.write(id)
        press(window, Key.Key_Left)
        assert window.panel.verb() == "generate"
        press(window, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        assert view.board_scene.target().part == "span"
        assert window.panel.verb() == "edit"


@pytest.fixture
def busy_window(
    make_window: Callable[..., StudioWindow],
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    wait: Wait,
) -> StudioWindow:
    """A window in which something is made that never comes to an end."""
    plugin_names("spans", "bars", "echo", "sleeps_in_generate")
    add_plugins("bad/sleeps_in_generate")
    window = make_window()
    window.studio.refresh_plugins()
    records = window.studio.registry
    wait(lambda: any(each.source.name == "sleeps_in_generate" for each in records.records))
    wait(lambda: window.studio.errands.under_way == 0)
    record = next(r for r in records.records if r.source.name == "sleeps_in_generate")
    assert record.description is not None
    window.panel.choose(record.description.id)
    window.panel.run()
    wait(lambda: window.panel.buttons.is_busy())
    job = window.session.last
    assert job is not None
    wait(lambda: bool(job.run and job.run.pid))
    return window


class TestEscape:
    def still(self, window: StudioWindow) -> bool:
        job = window.session.last
        return job is not None and not job.state.ended and job._asked != "cancel"

    def test_it_goes_step_by_step_and_ends_the_job_last(
        self, busy_window: StudioWindow, wait: Wait
    ) -> None:
        window = busy_window
        view = window.board_area.view
        id = put(window, Text("one two three"), -160, -90)
        view.setFocus()
        view.select([id])
        view.write(id)
        QTest.keyClicks(window.focusWidget(), "!")
        press(window, Key.Key_Escape)
        assert view.writing is None
        assert value(window, id) == "one two three!"
        assert self.still(window)
        assert view.board_scene.target().part == "caret"
        press(window, Key.Key_Escape)
        assert view.board_scene.target().part == ""
        assert view.board_scene.target().number == 1
        view.set_tool(Tool.MASK)
        start, end = (
            view.to_view(there(view.board_scene.item(id)).mapToScene(x, 24)) for x in (20, 90)
        )
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start.toPoint())
        QTest.mouseMove(view.viewport(), end.toPoint())
        assert view.is_busy()
        press(window, Key.Key_Escape)
        assert not view.is_busy()
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end.toPoint())
        view.board_scene.set_part(id, Span(0, 3))
        press(window, Key.Key_Escape)
        assert view.selection_of(id) is None
        press(window, Key.Key_Escape)
        assert view.board_scene.target().number == 0
        assert self.still(window)
        press(window, Key.Key_Escape)
        assert not self.still(window)

    def test_it_ends_writing_though_the_editor_has_lost_the_keyboard(
        self, busy_window: StudioWindow
    ) -> None:
        window = busy_window
        view = window.board_area.view
        id = put(window, Text("one"), -160, -90)
        view.setFocus()
        view.write(id)
        QTest.keyClicks(window.focusWidget(), "!")
        # As after a menu or another window: the text is still being written in.
        view.board_scene.setFocusItem(None, ACTIVATED)  # type: ignore[arg-type]
        assert view.writing is not None
        press(window, Key.Key_Escape)
        assert view.writing is None
        assert value(window, id) == "one!"  # type: ignore[unreachable]
        assert self.still(window)

    def test_what_is_only_looked_at_goes_first(self, busy_window: StudioWindow) -> None:
        window = busy_window
        area = window.board_area
        ids = candidates(window, "one", "two")
        for widget in (area.strip.list, area.view):
            widget.setFocus()
            assert area.staging.candidate
            press(window, Key.Key_Escape)
            assert self.still(window)
        assert area.view.stage.is_empty
        assert area.strip.ids() == []
        assert [each.id for each in window.studio.project.candidates.discarded()] == ids
        press(window, Key.Key_Escape)
        assert not self.still(window)

    @pytest.mark.qt_log_ignore("This plugin does not support")
    def test_a_list_that_drops_down_is_closed_and_the_job_goes_on(
        self, busy_window: StudioWindow, qtbot: QtBot
    ) -> None:
        window = busy_window
        combo = window.panel.findChild(QComboBox)
        assert combo is not None
        combo.setFocus()
        combo.showPopup()
        qtbot.waitUntil(lambda: combo.view().isVisible())
        QTest.keyClick(combo.view(), Key.Key_Escape)
        qtbot.waitUntil(lambda: not combo.view().isVisible())
        assert self.still(window)

    def test_in_the_prompt_it_ends_the_job(self, busy_window: StudioWindow) -> None:
        window = busy_window
        window.panel.middle.page().prompt.setFocus()
        press(window, Key.Key_Escape)
        assert not self.still(window)


class TestLetters:
    def choose_by_letters(self, window: StudioWindow, focus: QWidget) -> None:
        view = window.board_area.view
        for key, tool in (
            (Key.Key_B, Tool.BRUSH),
            (Key.Key_M, Tool.MASK),
            (Key.Key_E, Tool.ERASER),
            (Key.Key_V, Tool.MOVE),
        ):
            focus.setFocus()
            QTest.keyClick(focus, key)
            assert view.tool == tool, focus
            assert window.rail.buttons[tool].isChecked()
            assert view.hasFocus()

    def test_they_choose_tools_wherever_the_keyboard_is(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        candidates(window, "one", "two")
        put(window, Text("one"))
        window.bottom.open("history")
        panel, area = window.panel, window.board_area
        places = [
            panel.buttons.main, panel.buttons.train, panel.middle.verbs, panel.middle.live,
            panel.middle._count_slider.slider, panel.middle.seed.dice,
            panel.generators.findChild(QComboBox),
            area.strip.list, area.strip.accept_button, window.history_panel.view,
            window.status.zoom, window.bottom.closer, area.view, window,
        ]  # fmt: skip
        for place in map(there, places):
            if place.isVisibleTo(window) or place is window:
                self.choose_by_letters(window, place)

    def test_a_click_on_a_button_does_not_take_them_away(self, window: StudioWindow) -> None:
        for button in (
            window.panel.middle.seed.dice,
            window.status.zoom,
            window.panel.buttons.copy,
        ):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            for key, tool in ((Key.Key_B, Tool.BRUSH), (Key.Key_V, Tool.MOVE)):
                press(window, key)
                assert window.board_area.view.tool == tool

    def test_in_fields_they_are_typed(self, window: StudioWindow) -> None:
        view, middle = window.board_area.view, window.panel.middle
        prompt = middle.page().prompt
        prompt.setFocus()
        QTest.keyClicks(prompt, "bvMe")
        assert prompt.toPlainText().endswith("bvMe")
        box = middle.seed.box
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, "2e3")
        assert box.number() == 2000
        combo = QComboBox(window.panel, editable=True)
        line = QLineEdit(window.panel)
        for field in (combo, line):
            field.show()
            field.setFocus()
            QTest.keyClicks(field, "brh")
        assert (combo.currentText(), line.text()) == ("brh", "brh")
        id = put(window, Text("one"))
        view.setFocus()
        view.write(id)
        QTest.keyClicks(view.viewport(), "bvem")
        press(window, Key.Key_Escape)
        assert value(window, id) == "onebvem"
        assert view.tool == Tool.MOVE

    def test_a_list_that_is_searched_by_typing_keeps_them(self, window: StudioWindow) -> None:
        names = QListWidget(window.panel)
        names.addItems(["apple", "banana", "vine"])
        names.show()
        names.setFocus()
        QTest.keyClick(names, Key.Key_B)
        assert names.currentItem().text() == "banana"
        assert window.board_area.view.tool == Tool.MOVE

    def test_history_is_never_searched_by_typing(self, window: StudioWindow) -> None:
        put(window, Text("one"))
        window.bottom.open("history")
        window.history_panel.view.setFocus()
        QTest.keyClick(window.history_panel.view, Key.Key_B)
        assert len(window.studio.project.board.items) == 1
        assert window.board_area.view.tool == Tool.BRUSH


class TestNames:
    def words(self, window: StudioWindow) -> dict[str, str]:
        actions = window.actions_by_name
        return {name: actions[name].text() for name in actions.names()}

    @pytest.mark.parametrize("what", [(), ("image",), ("text",), ("melody",), ("image", "text")])
    def test_the_menu_of_an_item_has_the_words_keys_and_greys_of_the_menu_bar(
        self, window: StudioWindow, what: tuple[str, ...]
    ) -> None:
        import numpy as np

        made: dict[str, Artifact] = {
            "image": Image(np.full((30, 30), 9, np.uint8)),
            "text": Text("one"),
            "melody": Melody((Note(0, 480, 60),)),
        }
        ids = [put(window, made[medium], 400.0 * n) for n, medium in enumerate(what)]
        window.board_area.view.select(ids)
        view = window.board_area.view
        offered = menu.board_menu(view, view.board_scene.target(), view.offered)
        in_bar = {
            action for entry in window.actions_by_name.menus.values() for action in entry.actions()
        }
        shown = [action for action in offered.actions() if not action.isSeparator()]
        assert len(shown) >= 4
        # The very same actions: nothing can drift.
        assert set(shown) <= in_bar
        assert all(action.text() for action in shown)
        assert not any(
            action.isSeparator() for action in (offered.actions()[0], offered.actions()[-1])
        )

    def test_no_key_means_two_things(self, window: StudioWindow) -> None:
        actions = [*window.rail.buttons.values()]
        actions += [window.actions_by_name[name] for name in window.actions_by_name.names()]
        found = [key.toString() for action in actions for key in action.shortcuts()]
        assert sorted(found) == sorted(set(found))

    def test_every_name_that_the_menu_of_an_item_asks_for_is_there(
        self, window: StudioWindow
    ) -> None:
        wanted = {*menu._BOARD, *menu._EDITING}.union(*menu._MEDIA.values())
        wanted |= {"edit_selection", "made_with", "write", "rename", "hide", "order", "align"}
        wanted |= {"fit_selection", "export_items"}
        assert {name for name in wanted if name} <= set(window.board_area.view.offered)

    def test_buttons_are_called_as_the_menus_call_what_they_do(self, window: StudioWindow) -> None:
        actions, area = window.actions_by_name, window.board_area
        strip, bar = area.strip, there(area.options.brush.mask_bar)
        pairs = {
            "accept": strip.accept_button.text(),
            "discard": strip.discard_button.text(),
            "accept_all": strip.accept_all_button.text(),
            "discard_all": strip.discard_all_button.text(),
            "fit": window.status.zoom.toolTip().split(" (")[0],
            "jobs": window.status.work.toolTip().split(" (")[0],
            **{name: each.toolTip().split(" (")[0] for name, each in bar.buttons.items()},
        }
        assert pairs == {name: actions[name].iconText() for name in pairs}
        candidates(window, "one", "two")
        cell = strip.cells[0]
        texts = [action.text() for action in strip.list.menu_of(cell).actions()][:2]
        assert texts == [actions["accept"].iconText(), actions["discard"].iconText()]

    def test_no_key_is_said_that_does_something_else(self, window: StudioWindow) -> None:
        from aigc_studio.ui.canvas.tools.tool import tool_infos
        from aigc_studio.ui.window.making.material import wanted_selection

        key = next(info.key for info in tool_infos() if info.tool == Tool.MASK)
        assert wanted_selection("image").endswith(f", {key}).")

    def test_the_shortcuts_list_and_the_canvas_agree(self, window: StudioWindow) -> None:
        """What the menus say of a key, the canvas does when it has the keyboard."""
        from aigc_studio.ui.canvas import keys

        view, actions = window.board_area.view, window.actions_by_name
        put(window, Text("one"))
        view.commands.select_all()
        for name in ("delete", "duplicate", "copy", "cut", "fit", "fit_selection", "actual_size",
                     "write", "rename", "select_all", "deselect"):  # fmt: skip
            keys_of = actions[name].shortcuts()[0]
            combination = keys_of[0]  # type: ignore[index]
            event = QKeyEvent(
                QEvent.Type.KeyPress, combination.key(), combination.keyboardModifiers()
            )
            assert keys.action_of(view, event) is not None, name


def test_accepting_while_writing_comes_after_what_was_typed(
    window: StudioWindow, qtbot: QtBot
) -> None:
    view, project = window.board_area.view, window.studio.project
    id = put(window, Text("one"))
    view.setFocus()
    view.write(id)
    QTest.keyClicks(view.viewport(), "!")
    record = CandidateRecord(
        project.candidates.new_id(), project.store.put(Text("two")), target=id, use="add"
    )
    window.session.artifacts[record.id] = Text("two")
    project.candidates.add(record)
    press(window, Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    kinds = [command.kind for command in project.history]
    assert kinds == ["add", "write", "accept"]
    assert value(window, id) == "one!"


class TestFit:
    def test_an_empty_board_is_shown_at_full_size(self, window: StudioWindow) -> None:
        view = window.board_area.view
        view.set_zoom(0.2)
        view.setFocus()
        press(window, Key.Key_0, CTRL)
        assert view.zoom == 1

    def test_all_is_all_and_the_selection_has_a_key_of_its_own(self, window: StudioWindow) -> None:
        view = window.board_area.view
        one, other = put(window, Text("one")), put(window, Text("two"), 3000, 2000)
        view.setFocus()
        view.select([one])
        press(window, Key.Key_0, CTRL)
        everything = view.board_scene.bounds()
        assert view.seen().contains(everything)
        press(window, Key.Key_2, CTRL)
        assert not view.seen().contains(everything)
        assert view.seen().contains(there(view.board_scene.item(one)).sceneBoundingRect())
        zoom = view.zoom
        QTest.mouseClick(window.status.zoom, Qt.MouseButton.LeftButton)
        assert view.seen().contains(everything)
        window.panel.middle.seed.box.setFocus()
        press(window, Key.Key_2, CTRL)
        assert view.zoom == pytest.approx(zoom)
        view.select([])
        assert not window.actions_by_name["fit_selection"].isEnabled()
        assert window.actions_by_name["fit"].iconText() == "Fit All"
        assert window.actions_by_name["fit_selection"].iconText() == "Fit Selection"
        assert other in window.studio.project.board.items[1].id


class TestStrip:
    @pytest.mark.parametrize("name", ["accept", "discard", "accept_all", "discard_all"])
    def test_arrows_on_any_button_go_through_the_candidates(
        self, window: StudioWindow, name: str
    ) -> None:
        strip = window.board_area.strip
        ids = candidates(window, "one", "two")
        strip.select(ids[0])
        getattr(strip, f"{name}_button").setFocus()
        press(window, Key.Key_Right)
        assert strip.selected_ids() == [ids[1]]
        assert window.focusWidget() is strip.list
        press(window, Key.Key_Space)
        assert strip.ids() == ids

    def test_tab_leaves_the_candidates(self, window: StudioWindow) -> None:
        strip = window.board_area.strip
        candidates(window, "one", "two")
        strip.list.setFocus()
        press(window, Key.Key_Tab)
        assert window.focusWidget() is not strip.list


class TestTab:
    def test_past_the_last_item_it_leaves_the_canvas(self, window: StudioWindow) -> None:
        view = window.board_area.view
        ids = [put(window, Text(f"{n}"), 400.0 * n) for n in range(3)]
        view.select([])
        view.setFocus()
        for id in ids:
            press(window, Key.Key_Tab)
            assert view.board_scene.target().item_ids == (id,)
        press(window, Key.Key_Tab)
        assert not view.hasFocus()
        former = window.focusWidget()
        press(window, Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        assert view.hasFocus(), former
        for id in (ids[1], ids[0]):
            press(window, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
            assert view.board_scene.target().item_ids == (id,)
        press(window, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert not view.hasFocus()

    def test_all_of_the_window_can_be_gone_through(self, window: StudioWindow) -> None:
        put(window, Text("one"))
        view = window.board_area.view
        view.setFocus()
        seen = []
        for _ in range(80):
            press(window, Key.Key_Tab)
            seen.append(window.focusWidget())
        assert window.panel.middle.page().prompt in seen
        assert seen.count(view) >= 1


def test_the_next_import_on_an_emptied_board_can_be_read(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    view = window.board_area.view
    put(window, Text("one"), 4000)
    view.set_zoom(0.17)
    press(window, Key.Key_Z, CTRL)
    assert not window.studio.project.board.items
    path = tmp_path / "words.txt"
    path.write_text("some words", encoding="utf-8")
    window.take_files([path])
    wait(lambda: len(window.studio.project.board.items) == 1)
    wait(lambda: view.zoom == 1.0)
    (shown,) = view.board_scene.shown()
    assert view.seen().contains(shown.sceneBoundingRect())


class TestUnderTheHand:
    def begin(self, window: StudioWindow) -> str:
        """A stroke whose button is still down, after one that is done."""
        id = put(window, Image(np.full((180, 320), 255, np.uint8)), -160, -90)
        view, left = window.board_area.view, Qt.MouseButton.LeftButton
        view.select([id])
        view.setFocus()
        view.set_tool(Tool.BRUSH)
        for y in (-40, 40):
            for step, x in ((QTest.mousePress, -100), (None, 100)):
                at = view.to_view(QPointF(x, y)).toPoint()
                if step is not None:
                    step(view.viewport(), left, NONE, at)
                else:
                    QTest.mouseMove(view.viewport(), at)
            if y < 0:
                QTest.mouseRelease(view.viewport(), left, NONE, at)
                view.finish_edits()
        return id

    def inked(self, window: StudioWindow, id: str) -> list[bool]:
        """Whether there is ink where the first stroke was drawn, and where the second."""
        project = window.studio.project
        pixels = an_image(project.store.get(project.board.item(id).content)).pixels
        return [bool(pixels[row, 160] < 128) for row in (50, 130)]

    def test_undo_takes_back_the_stroke_and_nothing_else(self, window: StudioWindow) -> None:
        id = self.begin(window)
        press(window, Key.Key_Z, CTRL)
        assert self.inked(window, id) == [True, False]
        press(window, Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert self.inked(window, id) == [True, True]

    def test_what_is_saved_has_it(self, window: StudioWindow, wait: Wait, tmp_path: Path) -> None:
        id = self.begin(window)
        window.studio.project.path = tmp_path / "board.aigc"
        press(window, Key.Key_S, CTRL)
        wait(lambda: not window.documents.saving)
        assert self.inked(window, id) == [True, True]
        assert not window.documents.unsaved
