"""What is being typed in a text outlives the studio, before its editor is left."""

from collections.abc import Callable

import pytest
from gui.canvas_board import LEFT
from kinds import a_text, there
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from aigc_studio.api import Text
from aigc_studio.project import Item, Project, commands, typed
from aigc_studio.ui.canvas.writing import noting
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
Make = Callable[..., StudioWindow]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is noted after a fraction of the time that it is left alone for otherwise."""
    monkeypatch.setattr(noting, "EVERY", 150)


def begin(window: StudioWindow) -> None:
    """A new text, as with its key."""
    view = window.board_area.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_T)
    assert view.writing is not None


def write(window: StudioWindow, words: str) -> None:
    QTest.keyClicks(window.board_area.view.viewport(), words)


def noted(window: StudioWindow) -> str:
    found = typed.read(window.studio.project.folder)
    return found.text if found is not None else ""


def put(window: StudioWindow, words: str) -> Item:
    project = window.studio.project
    content = project.store.put(Text(words))
    item = Item("i1", "T", content, 0, 0, 320, 180)
    assert window.studio.do(commands.add_items(project.board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    return item


def double_click(window: StudioWindow, item: Item) -> None:
    view = window.board_area.view
    middle = view.mapFromScene(there(view.board_scene.item(item.id)).sceneBoundingRect().center())
    QTest.mouseDClick(view.viewport(), LEFT, pos=QPoint(middle))


def test_a_new_text_is_noted_while_it_is_typed_and_no_more_when_it_is_a_step(
    make_window: Make, wait: Wait
) -> None:
    window = make_window()
    begin(window)
    write(window, "once upon")
    wait(lambda: noted(window) == "once upon")
    write(window, " a time")
    wait(lambda: noted(window) == "once upon a time")
    QTest.keyClick(window.board_area.view.viewport(), Qt.Key.Key_Escape)
    (item,) = window.studio.project.board.items
    assert a_text(window.studio.project.store.get(item.content)).value == "once upon a time"
    assert not noted(window)


def test_the_title_says_that_something_is_typed_that_is_not_saved(make_window: Make) -> None:
    window = make_window()
    assert not window.isWindowModified()
    begin(window)
    write(window, "x")
    assert window.isWindowModified()
    QTest.keyClick(window.board_area.view.viewport(), Qt.Key.Key_Backspace)
    QTest.keyClick(window.board_area.view.viewport(), Qt.Key.Key_Escape)
    assert not window.studio.project.board.items
    assert not window.isWindowModified()


def test_what_is_taken_back_is_noted_no_more(make_window: Make, wait: Wait) -> None:
    window = make_window()
    item = put(window, "as it was")
    double_click(window, item)
    write(window, "other")
    wait(lambda: "other" in noted(window))
    while window.board_area.view.writing is not None and noted(window):
        QTest.keyClick(
            window.board_area.view.viewport(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
        )
        editor = window.board_area.view.writing
        if editor is None or not there(editor.writing).can_undo:
            break
    QTest.keyClick(window.board_area.view.viewport(), Qt.Key.Key_Escape)
    assert not noted(window)


def test_nothing_is_noted_of_a_text_that_is_only_looked_at(make_window: Make, wait: Wait) -> None:
    window = make_window()
    item = put(window, "as it was")
    double_click(window, item)
    QTest.keyClick(window.board_area.view.viewport(), Qt.Key.Key_Right)
    QTest.qWait(noting.EVERY + 200)
    assert not noted(window)
    assert not window.isWindowModified() or window.documents.unsaved


def test_after_a_crash_it_is_back_and_said_so(make_window: Make, wait: Wait) -> None:
    lost = Project.new()
    item = Item("i1", "Text 1", lost.store.put(Text("")), 0, 0, 320, 90)
    typed.note(lost.folder, typed.Typed(item, "half a sent"))
    there(lost.journal.file).close()
    lost._lock.release()
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "1 project has unsaved work" in bar.text)
    next(each for each, _call in bar._calls if "Bring back" in each.text()).click()
    wait(lambda: "what you were typing" in bar.text)
    (back,) = window.studio.project.board.items
    assert a_text(window.studio.project.store.get(back.content)).value == "half a sent"
    window.board_area.undo()
    assert not window.studio.project.board.items
