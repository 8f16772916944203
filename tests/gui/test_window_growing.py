"""What grows is seen in its place while it is made, and can be stopped and kept, at the window."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from kinds import there
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from thread_workers import Script

from aigc_studio.api import Candidate, GeneratorError, Partial, Span, Text
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def press(window: StudioWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def run(window: StudioWindow, count: int = 1) -> None:
    """Ask the scripted plugin, as a person would."""
    window.panel.middle.count.setValue(count)
    window.panel.set_verb("generate")
    window.panel.middle.seed.use(7)
    prompt = window.panel.middle.page().prompt
    prompt.setFocus()
    QTest.keyClick(prompt, Key.Key_Return, CTRL)
    window.board_area.view.setFocus()


def put(studio: Studio, words: str) -> Item:
    (id,) = studio.project.board.new_ids(1)
    item = Item(id, "Note", studio.project.store.put(Text(words)), 0, 0, 320, 120)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    return item


def words_on_stage(window: StudioWindow) -> str:
    item = window.board_area.view.stage.item
    return item.value if isinstance(item, TextItem) else ""


def texts(studio: Studio) -> list[str]:
    """What waits."""
    project = studio.project
    return [str(project.store.get(each.content)) for each in project.candidates.list()]


@pytest.fixture
def scripted(make_window: Callable[..., StudioWindow], script: Script) -> StudioWindow:
    return make_window("scripted")


def test_a_text_is_seen_as_it_is_written_and_becomes_the_candidate_where_it_is(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    window, area = scripted, scripted.board_area
    steps = [threading.Event() for _ in range(3)]
    script.will(
        Partial(Text("Once")), steps[0],
        Partial(Text("Once upon a time")), steps[1],
        Candidate(Text("Once upon a time.")),
    )  # fmt: skip
    run(window)
    wait(lambda: words_on_stage(window) == "Once")
    stage = area.view.stage
    corner = there(stage.place).topLeft()
    assert there(stage.item).has_caret  # where it goes on
    wait(lambda: area.staging.making.bar.keep.isVisible())
    assert window.panel.buttons.keep.isVisible()
    assert window.panel.buttons.main.text() == "Cancel"
    assert area.strip.isVisible()
    assert not studio.project.board.items
    assert texts(studio) == []
    steps[0].set()
    wait(lambda: words_on_stage(window) == "Once upon a time")
    assert there(stage.place).topLeft() == corner
    (growing,) = area.strip.ids()
    assert growing in window.session.growing
    steps[1].set()
    wait(lambda: texts(studio) == ["Once upon a time."])
    wait(lambda: not window.session.is_busy)
    assert words_on_stage(window) == "Once upon a time."
    assert not there(stage.item).has_caret
    assert there(stage.place).topLeft() == corner
    assert area.strip.ids() == [studio.project.candidates.list()[0].id]
    assert area.decisions.isVisible()
    assert not area.staging.making.bar.isVisible()
    assert not window.panel.buttons.keep.isVisible()
    press(window, Key.Key_Return)
    assert len(studio.project.board.items) == 1


@pytest.mark.parametrize("way", ["panel", "bar", "enter", "alt enter", "strip"])
def test_stop_and_keep_makes_a_candidate_of_what_is_there(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait, way: str
) -> None:
    window, area = scripted, scripted.board_area
    script.will(Partial(Text("half a line")), threading.Event(), Candidate(Text("never")))
    run(window)
    wait(lambda: words_on_stage(window) == "half a line")
    wait(lambda: area.staging.making.bar.keep.isVisible())
    if way == "panel":
        QTest.mouseClick(window.panel.buttons.keep, LEFT)
    elif way == "bar":
        QTest.mouseClick(area.staging.making.bar.keep, LEFT)
    elif way == "strip":
        QTest.mouseClick(area.strip.accept_button, LEFT)
    else:
        modifiers = Qt.KeyboardModifier.AltModifier if way == "alt enter" else NONE
        press(window, Key.Key_Return, modifiers)
    wait(lambda: texts(studio) == ["half a line"])
    wait(lambda: not window.session.is_busy)
    (record,) = studio.project.candidates.list()
    made_by = there(record.provenance)
    assert (made_by.stopped, made_by.seed) == (True, 7)
    assert area.strip.ids() == [record.id]
    assert words_on_stage(window) == "half a line"
    assert area.decisions.isVisible()
    assert not window.panel.buttons.keep.isVisible()
    area.view.setFocus()
    press(window, Key.Key_Return)
    (item,) = studio.project.board.items
    assert there(item.provenance).stopped
    studio.history.stack.undo()
    assert not studio.project.board.items
    assert area.strip.ids() == [record.id]


def test_escape_cancels_what_grows_and_leaves_no_trace(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    area = scripted.board_area
    script.will(Partial(Text("half a line")), threading.Event())
    run(scripted)
    wait(lambda: words_on_stage(scripted) == "half a line")
    press(scripted, Key.Key_Escape)
    wait(lambda: not scripted.session.is_busy)
    assert texts(studio) == []
    assert area.view.stage.is_empty
    assert area.strip.ids() == []
    assert not area.strip.isVisible()
    assert not scripted.panel.buttons.keep.isVisible()
    assert studio.history.stack.count() == 0


def test_several_grow_and_arrows_go_between_them(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    window, area = scripted, scripted.board_area
    more, last, never = threading.Event(), threading.Event(), threading.Event()
    script.will(
        Partial(Text("a"), 0), Partial(Text("b"), 1), Partial(Text("d"), 3), more,
        Partial(Text("bb"), 1), last,
        Candidate(Text("A")), never,
    )  # fmt: skip
    run(window, count=4)
    wait(lambda: len(area.strip.ids()) == 3)
    assert words_on_stage(window) == "a"
    bar = area.staging.making.bar
    wait(lambda: bar.isVisible())
    assert bar.steps.count.text() == "1 / 3"
    press(window, Key.Key_Right)
    assert words_on_stage(window) == "b"
    assert bar.steps.count.text() == "2 / 3"
    more.set()
    wait(lambda: words_on_stage(window) == "bb")
    last.set()
    wait(lambda: texts(studio) == ["A"])  # it comes, and nobody is led away
    QApplication.processEvents()
    assert words_on_stage(window) == "bb"
    press(window, Key.Key_Left)
    assert words_on_stage(window) == "A"
    assert area.decisions.isVisible()
    assert not bar.isVisible()
    press(window, Key.Key_3)
    assert words_on_stage(window) == "d"
    assert bar.isVisible()
    QTest.mouseClick(bar.keep, LEFT)
    wait(lambda: texts(studio) == ["A", "bb", "d"])
    wait(lambda: not window.session.is_busy)
    seeds = [there(each.provenance).seed for each in studio.project.candidates.list()]
    assert seeds == [7, 8, 10]
    assert words_on_stage(window) == "d"
    assert area.decisions.count.text() == "3 / 3"


def test_what_there_was_is_offered_beside_the_error_that_ended_it(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    script.will(Partial(Text("half a line")), GeneratorError("The ink is used up."))
    run(scripted)
    wait(lambda: texts(studio) == ["half a line"])
    wait(lambda: "The ink is used up." in scripted.panel.bar.text())
    (record,) = studio.project.candidates.list()
    assert there(record.provenance).stopped
    assert words_on_stage(scripted) == "half a line"


def test_what_grows_waits_beside_whoever_works_on_the_board(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    area, more = scripted.board_area, threading.Event()
    script.will(Partial(Text("one")), more, Partial(Text("one two")), threading.Event())
    run(scripted)
    wait(lambda: words_on_stage(scripted) == "one")
    area.staging.note_press(Tool.BRUSH)
    assert area.view.stage.is_empty
    more.set()
    growing = scripted.session.growing
    (id,) = area.strip.ids()
    wait(lambda: str(there(there(growing.get(id)).growth).artifact) == "one two")
    assert area.view.stage.is_empty
    QTest.mouseClick(area.strip.list.viewport(), LEFT, pos=area.strip.list.rect_of(0).center())
    assert words_on_stage(scripted) == "one two"


def test_an_edit_grows_in_its_item_which_is_as_high_as_its_text_after(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    item = put(studio, "The sun is warm.")
    view = scripted.board_area.view
    view.select([item.id])
    view.board_scene.set_part(item.id, Span(4, 7))
    steps = [threading.Event(), threading.Event()]
    words = "moon and all her many stars " * 12
    script.will(
        Partial(Text("moon"), part=True), steps[0],
        Partial(Text(words), part=True), steps[1],
        Candidate(Text(words), part=True),
    )  # fmt: skip
    scripted.panel.set_verb("edit")
    scripted.panel.run()
    wait(lambda: words_on_stage(scripted) == "The moon is warm.")
    stage = view.stage
    assert stage.hides == item.id
    assert there(stage.item).selected() == Span(4, 8)  # what is new is marked
    low = there(stage.place).height()
    steps[0].set()
    wait(lambda: words_on_stage(scripted) == f"The {words} is warm.")
    assert there(stage.place).height() > low
    assert studio.project.board.get(item.id) == item
    steps[1].set()
    wait(lambda: len(texts(studio)) == 1)
    view.setFocus()
    wait(lambda: scripted.board_area.decisions.isVisible())
    assert there(stage.item).selected() is None
    press(scripted, Key.Key_Return)
    after = there(studio.project.board.get(item.id))
    assert str(studio.project.store.get(after.content)) == f"The {words} is warm."
    assert view.selection_of(item.id) == Span(4, 4 + len(words))
    shown = there(view.board_scene.item(item.id))
    assert isinstance(shown, TextItem)
    assert after.height == pytest.approx(shown.needed_height(), abs=1)


def test_a_flood_is_kept_up_with_and_its_end_is_not_lost(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait, qtbot: QtBot
) -> None:
    many = [Partial(Text("x" * (n % 500) + str(n))) for n in range(100_000)]
    script.will(*many, threading.Event())
    run(scripted)
    wait(lambda: words_on_stage(scripted) == str(there(many[-1].artifact)))
    press(scripted, Key.Key_Return)
    wait(lambda: texts(studio) == [str(many[-1].artifact)])


def test_a_partial_of_what_has_come_says_nothing(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    script.will(Candidate(Text("whole")), Partial(Text("late")))
    run(scripted)
    wait(lambda: not scripted.session.is_busy and texts(studio) == ["whole"])
    QApplication.processEvents()
    assert len(scripted.board_area.strip.ids()) == 1
    assert words_on_stage(scripted) == "whole"


def test_a_result_that_cannot_come_ends_the_run_with_a_sentence(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    script.will(Partial(Text("a"), number=5000))
    run(scripted)
    wait(lambda: "number 5000" in scripted.panel.bar.text())
    assert "Scripted" in scripted.panel.bar.text()
    assert texts(studio) == []


def test_it_grows_into_sight_and_leaves_the_view_to_whoever_looks_elsewhere(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    view = scripted.board_area.view
    steps = [threading.Event() for _ in range(2)]
    lines = [f"line {n}" for n in range(60)]
    script.will(
        Partial(Text(lines[0])), steps[0],
        Partial(Text("\n".join(lines[:40]))), steps[1],
        Partial(Text("\n".join(lines))), threading.Event(),
    )  # fmt: skip
    run(scripted)
    wait(lambda: words_on_stage(scripted) == "line 0")
    steps[0].set()
    wait(lambda: words_on_stage(scripted).endswith("line 39"))
    assert view.seen().contains(scripted.board_area.staging._edge)
    view.set_zoom(1.0)
    view.pan(view.to_view(view.middle()) * 0 + there(view.to_view(view.middle())) * 4)
    before = view.seen().topLeft()
    steps[1].set()
    wait(lambda: words_on_stage(scripted).endswith("line 59"))
    assert view.seen().topLeft() == before
