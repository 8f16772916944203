"""The one table of keys: the canvas, the menus, the tips and the list of shortcuts read it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gui.canvas_board import CanvasBoard, grey
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from pytestqt.qtbot import QtBot

from aigc_studio.ui import keys
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.window.actions import shortcuts_dialog
from aigc_studio.ui.window.window import StudioWindow

pytestmark = pytest.mark.usefixtures("qapp")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier
NONE = Qt.KeyboardModifier.NoModifier


def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers)


def test_no_key_stands_twice_for_one_place() -> None:
    found = Counter(
        (binding.place, QKeySequence(key).toString())
        for binding in keys.BINDINGS
        for key in (*binding.keys, *binding.also)
    )
    assert [key for key, count in found.items() if count > 1] == []
    names = Counter(binding.name for binding in keys.BINDINGS)
    assert max(names.values()) == 1


def test_no_key_of_the_canvas_hides_one_of_the_window() -> None:
    """But Escape, which gives up what is nearest: the canvas claims it while it has something."""
    by_place: dict[str, set[str]] = {"window": set(), "canvas": set()}
    by_place |= {"candidate": set(), "chips": set(), "tap": set()}
    for binding in keys.BINDINGS:
        by_place[binding.place] |= {QKeySequence(key).toString() for key in binding.keys}
    assert by_place["window"] & by_place["canvas"] == {"Esc"}
    assert by_place["window"] & by_place["candidate"] == {"Esc"}
    assert not by_place["chips"] & (by_place["window"] | by_place["canvas"])
    # Held, Space is for the hand; let go at once, it plays.
    assert by_place["tap"] & (by_place["window"] | by_place["canvas"]) == {"Space"}


def test_every_key_is_one_that_qt_knows() -> None:
    for binding in keys.BINDINGS:
        for sequence in keys.sequences(binding.name):
            assert not sequence.isEmpty(), binding.name
            assert sequence.toString(), binding.name


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (pressed(Qt.Key.Key_BraceRight, SHIFT), "harder"),
        (pressed(Qt.Key.Key_BracketRight), "larger"),
        (pressed(Qt.Key.Key_BraceRight, CTRL | SHIFT), "front"),
        (pressed(Qt.Key.Key_Plus, CTRL | SHIFT), "zoom_in"),
        (pressed(Qt.Key.Key_Plus, CTRL | KEYPAD), "zoom_in"),
        (pressed(Qt.Key.Key_Enter, KEYPAD), "write"),
        (pressed(Qt.Key.Key_M, SHIFT), "tool_mask_eraser"),
        (pressed(Qt.Key.Key_S, CTRL), "save"),
        (pressed(Qt.Key.Key_S, CTRL | SHIFT), "save_as"),
        (pressed(Qt.Key.Key_M, CTRL), ""),
        (pressed(Qt.Key.Key_B, SHIFT), ""),
    ],
)
def test_a_key_is_read_as_the_keyboard_sends_it(event: QKeyEvent, name: str) -> None:
    assert keys.name_of(event, on_canvas=True) == name


def change(monkeypatch: pytest.MonkeyPatch, name: str, *wanted: str) -> None:
    table = tuple(
        replace(each, keys=wanted, also=()) if each.name == name else each for each in keys.BINDINGS
    )
    monkeypatch.setattr(keys, "BINDINGS", table)
    keys.bindings.cache_clear()
    keys._table.cache_clear()


def forget() -> None:
    keys.bindings.cache_clear()
    keys._table.cache_clear()


def test_a_key_that_is_changed_works_on_the_canvas(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    change(monkeypatch, "duplicate", "Ctrl+G")
    change(monkeypatch, "tool_brush", "P")
    canvas = CanvasBoard(tmp_path / "session", qtbot)
    try:
        canvas.view.select([canvas.put(grey(40, 40))])
        canvas.key(Qt.Key.Key_D, CTRL)
        assert len(canvas.board) == 1
        canvas.key(Qt.Key.Key_G, CTRL)
        assert len(canvas.board) == 2
        canvas.key(Qt.Key.Key_P)
        assert canvas.view.tool == Tool.BRUSH
    finally:
        canvas.close()
        monkeypatch.undo()
        forget()


@pytest.fixture
def changed(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[StudioWindow]:
    change(monkeypatch, "duplicate", "Ctrl+G")
    change(monkeypatch, "tool_brush", "P")
    change(monkeypatch, "generate", "Ctrl+Shift+G")
    window = request.getfixturevalue("window")
    assert isinstance(window, StudioWindow)
    yield window
    monkeypatch.undo()
    forget()


def test_a_key_that_is_changed_is_shown_everywhere(changed: StudioWindow) -> None:
    actions, rail = changed.actions_by_name, changed.rail
    assert actions["duplicate"].shortcut().toString() == "Ctrl+G"
    assert "(Ctrl+G)" in actions["duplicate"].toolTip()
    assert changed.board_area.view.offered["duplicate"] is actions["duplicate"]
    assert "(P)" in rail.buttons[Tool.BRUSH].toolTip()
    assert rail.buttons[Tool.BRUSH].shortcut().toString() == "P"
    assert actions["generate"].shortcut().toString() == "Ctrl+Shift+G"
    assert "Ctrl+Shift+G" in changed.panel.buttons.main.toolTip()
    rows = [row for each in shortcuts_dialog.sections_of(actions) for row in each.rows]
    assert ("Duplicate", "Ctrl+G") in rows
    assert ("Brush", "P") in rows


class TestDialog:
    def dialog(self, window: StudioWindow, qtbot: QtBot) -> shortcuts_dialog.ShortcutsDialog:
        dialog = shortcuts_dialog.ShortcutsDialog(window.actions_by_name, window)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    def test_it_has_every_key_of_the_table_once(self, window: StudioWindow, qtbot: QtBot) -> None:
        sections = shortcuts_dialog.sections_of(window.actions_by_name)
        rows = [row for section in sections for row in section.rows]
        for binding in keys.BINDINGS:
            shown = "   ".join(keys.in_words(key) for key in binding.keys)
            assert any(row[1] == shown for row in rows), binding.name
        assert all(words for words, _key in rows)
        said = Counter(key for _words, key in rows if "rrow" not in key)
        # Of what is nearest: a candidate that is looked at, then what is selected, then a job.
        # Space plays when it is let go at once, and is for the hand when it is held.
        assert {key for key, count in said.items() if count > 1} == {"Esc", "Enter", "Space"}
        assert all(section.rows for section in sections)

    def test_its_words_are_the_same_whatever_is_there(self, window: StudioWindow) -> None:
        before = shortcuts_dialog.sections_of(window.actions_by_name)
        window.actions_by_name["generate"].setText("Clean up")
        window.actions_by_name["candidates"].setIconText("Candidates 3")
        assert shortcuts_dialog.sections_of(window.actions_by_name) == before

    def test_no_key_is_cut(self, window: StudioWindow, qtbot: QtBot) -> None:
        dialog = self.dialog(window, qtbot)
        table = dialog.table
        room = table.columnWidth(1)
        for number in range(table.topLevelItemCount()):
            heading = table.topLevelItem(number)
            assert heading is not None
            for place in range(heading.childCount()):
                row = heading.child(place)
                assert row is not None
                wide = table.fontMetrics().horizontalAdvance(row.text(1))
                assert wide + 6 <= room, row.text(1)
        assert table.columnWidth(0) + room <= table.viewport().width()

    def test_words_are_found_under_their_heading(self, window: StudioWindow, qtbot: QtBot) -> None:
        dialog = self.dialog(window, qtbot)

        def seen() -> list[str]:
            found = []
            for number in range(dialog.table.topLevelItemCount()):
                heading = dialog.table.topLevelItem(number)
                if heading is not None and not heading.isHidden():
                    children = [heading.child(n) for n in range(heading.childCount())]
                    found += [row.text(0) for row in children if row and not row.isHidden()]
            return found

        dialog.search.setText("crop")
        assert seen() == ["Crop"]
        dialog.search.setText("insert")
        assert {"Text", "Melody", "Blank Sheet"} <= set(seen())
        dialog.search.setText("no such words")
        assert seen() == []
        assert dialog.nothing.isVisible()
