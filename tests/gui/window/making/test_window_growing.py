"""What grows is seen in its place while it is made, and can be stopped and kept, at the window."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kinds import a_melody, there
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from thread_workers import Script

from aigc_studio.api import (
    Bars,
    Candidate,
    GeneratorError,
    Melody,
    Note,
    Partial,
    Span,
    Text,
    limits,
)
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
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
    assert there(stage.item).selected() == Span(4, 4 + len(words))
    press(scripted, Key.Key_Return)
    after = there(studio.project.board.get(item.id))
    assert str(studio.project.store.get(after.content)) == f"The {words} is warm."
    assert view.selection_of(item.id) == Span(4, 4 + len(words))
    shown = there(view.board_scene.item(item.id))
    assert isinstance(shown, TextItem)
    assert after.height == pytest.approx(shown.needed_height(), abs=1)


def test_continue_here_grows_at_a_caret_and_what_came_is_selected(
    make_window: Callable[..., StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = make_window("spans")
    words = "The moon is but a thief, and steals her light."
    item = put(studio, words)
    view = window.board_area.view
    view.select([item.id])
    view.board_scene.set_part(item.id, Span(26, 26))
    (verb,) = [each for each in window.panel.editing.verbs() if each.operation.id == "continue"]
    window.panel.editing.do(verb)
    wait(lambda: len(texts(studio)) == 1 and not window.session.is_busy)
    made = texts(studio)[0]
    assert (made[:26], made[-20:]) == (words[:26], words[26:])
    assert len(made) == len(words) + 40
    view.setFocus()
    press(window, Key.Key_Return)
    after = there(studio.project.board.get(item.id))
    assert str(studio.project.store.get(after.content)) == made
    assert view.selection_of(item.id) == Span(26, 66)
    studio.history.stack.undo()
    assert studio.project.board.get(item.id) == item
    assert view.selection_of(item.id) == Span(26, 26)


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
    assert view.seen().contains(scripted.board_area.staging._watching._edge)
    view.set_zoom(1.0)
    view.pan(view.to_view(view.middle()) * 0 + there(view.to_view(view.middle())) * 4)
    before = view.seen().topLeft()
    steps[1].set()
    wait(lambda: words_on_stage(scripted).endswith("line 59"))
    assert view.seen().topLeft() == before


def test_the_bar_of_what_is_made_has_its_buttons_in_sight_however_much_is_said(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    area, never = scripted.board_area, threading.Event()
    script.will(Partial(Text("a"), 0), Partial(Text("b"), 1), never)
    run(scripted, count=2)
    bar = area.staging.making.bar
    wait(lambda: bar.isVisible() and bar.keep.isVisible() and bar.steps.isVisible())
    for words in ("Sampling the letters, one after the other, of it", "On it"):
        bar.show_progress(3, 9)
        bar.say(words)
        QApplication.processEvents()
        assert bar.sizeHint().width() <= bar.room().width()
        assert area.view.rect().contains(bar.geometry())
        assert bar.keep.isVisible()
        assert bar.cancel.isVisible()
    assert bar.words.isVisible()


# Other media, and generators that do not keep to their time

STEPS = """
import time
from dataclasses import replace
import numpy as np
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="{medium}-steps", title="Steps", medium="{medium}", operations=(
        Operation(id="make", verb="generate", title="Make", model="none"),
        Operation(id="again", verb="edit", title="Again", artifacts=1, selection="optional",
                  model="none"),
    ))

def steps(request):
    if "{medium}" == "image":
        for grey in (50, 100, 150):
            yield Partial(Image(np.full((700, 700), grey, np.uint8)))
    else:
        whole = getattr(request, "artifacts", ())
        part = whole[0].part(request.selections[0]) if whole else None
        tune = part or Melody(length=4 * 1920)
        for bar in range(1, 3):
            notes = tuple(Note(n * 480, 480, 72) for n in range(bar * 4) if n * 480 < tune.length)
            yield Partial(replace(tune, notes=notes), part=part is not None)

@hookimpl
def generate(request):
    yield from steps(request)
    {then}
    while True:
        time.sleep(0.01)
        yield Progress(0)

@hookimpl
def edit(request):
    yield from steps(request)
    while True:
        time.sleep(0.01)
        yield Progress(0)
"""


@pytest.fixture
def make_steps(
    home: Path,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., StudioWindow]:
    """A window with a generator that makes a picture or a tune in steps, and never ends."""

    def make(medium: str, then: str = "pass") -> StudioWindow:
        code = STEPS.replace("{medium}", medium).replace("{then}", then)
        (home / "data" / "plugins" / "steps.py").write_text(code, encoding="utf-8")
        monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "steps")
        studio.registry.refresh()
        return make_window(f"{medium}-steps")

    return make


def ask(window: StudioWindow, verb: str = "generate") -> None:
    window.panel.set_verb(verb)
    window.panel.middle.count.setValue(1)
    window.panel.run()
    window.board_area.view.setFocus()


def test_steps_of_a_picture_are_seen_and_the_last_is_kept(
    make_steps: Callable[..., StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = make_steps("image")
    view = window.board_area.view
    ask(window)

    def shade() -> int:
        place = view.stage.place
        if view.stage.item is None or place is None:
            return -1
        grabbed = view.viewport().grab().toImage()
        return grabbed.pixelColor(view.to_view(place.center()).toPoint()).red()

    wait(lambda: shade() == 150)
    press(window, Key.Key_Return)
    wait(lambda: len(studio.project.candidates.list()) == 1)
    (record,) = studio.project.candidates.list()
    assert there(record.provenance).stopped
    wait(lambda: not window.session.is_busy and shade() == 150)


def test_bars_are_recomposed_before_the_eyes_and_only_they(
    make_steps: Callable[..., StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = make_steps("melody")
    view = window.board_area.view
    before = Melody(tuple(Note(n * 480, 480, 60) for n in range(16)))
    item = Item("tune", "Tune", studio.project.store.put(before), 0, 0, 480, 240)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    view.select([item.id])
    view.board_scene.set_part(item.id, Bars(2, 3))
    ask(window, "edit")
    wait(lambda: isinstance(view.stage.item, MelodyItem))
    shown = view.stage.item
    assert isinstance(shown, MelodyItem)
    wait(lambda: sum(note.pitch == 72 for note in shown.melody.notes) == 8)
    assert shown.selected() == Bars(2, 3)
    press(window, Key.Key_Return)
    wait(lambda: window.board_area.decisions.isVisible())
    press(window, Key.Key_Return)
    wait(lambda: len(studio.project.candidates.list()) == 0)
    after = a_melody(studio.project.store.get(there(studio.project.board.get(item.id)).content))
    assert [note.pitch for note in after.notes] == [60] * 4 + [72] * 8 + [60] * 4
    assert view.selection_of(item.id) == Bars(2, 3)
    studio.history.stack.undo()
    assert studio.project.board.get(item.id) == item


def test_a_tune_that_is_wider_than_it_was_while_it_grew_is_shown_whole(
    make_steps: Callable[..., StudioWindow], wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.project.placing.QUARTER", 200.0)
    window = make_steps("melody")
    view = window.board_area.view
    ask(window)
    wait(lambda: isinstance(view.stage.item, MelodyItem))
    narrow = there(view.stage.place).width()
    press(window, Key.Key_Return)
    wait(lambda: window.board_area.decisions.isVisible())
    assert there(view.stage.place).width() > max(narrow, 900.0)
    assert view.seen().contains(there(view.stage.place))


@pytest.mark.processes
def test_what_there_was_is_offered_when_its_worker_crashes(
    make_steps: Callable[..., StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = make_steps("melody", "time.sleep(0.3); import os; os._exit(7)")
    ask(window)
    wait(lambda: len(studio.project.candidates.list()) == 1)
    assert "ended its own worker" in window.panel.bar.text()
    (record,) = studio.project.candidates.list()
    assert there(record.provenance).stopped
    assert len(a_melody(studio.project.store.get(record.content)).notes) == 8


@pytest.mark.processes
def test_a_generator_that_does_not_hear_is_not_waited_for(
    make_steps: Callable[..., StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = make_steps("melody", "time.sleep(60)")
    ask(window)
    stage = window.board_area.view.stage
    wait(lambda: stage.item is not None)
    press(window, Key.Key_Return)
    assert window.session.growing.is_stopping
    wait(lambda: len(studio.project.candidates.list()) == 1)
    assert window.board_area.decisions.isVisible()  # it need not have ended for that
    window.session.cancel()
    wait(lambda: not window.session.is_busy)
    assert len(studio.project.candidates.list()) == 1


def test_the_window_closes_on_what_never_ends_and_the_board_is_as_it_was(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    put(studio, "there before")
    script.will(Partial(Text("endless")), threading.Event())
    run(scripted)
    wait(lambda: words_on_stage(scripted) == "endless")
    scripted.closing.allowed = True
    assert scripted.close()
    wait(lambda: not scripted.isVisible())
    assert len(studio.project.board.items) == 1
    assert texts(studio) == []


def test_another_board_does_not_see_what_grows_for_the_former(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait, tmp_path: Path
) -> None:
    script.will(Partial(Text("for the old one")), threading.Event())
    run(scripted)
    wait(lambda: words_on_stage(scripted) == "for the old one")
    studio.show_project(Project.new(tmp_path / "other"))
    assert scripted.board_area.view.stage.is_empty
    assert scripted.board_area.strip.ids() == []
    assert not scripted.panel.buttons.keep.isVisible()
    scripted.session.cancel()
    wait(lambda: not scripted.session.is_busy)
    assert texts(studio) == []


def test_a_live_preview_grows_as_well(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    script.will(Partial(Text("pre")), threading.Event())
    scripted.panel.set_verb("generate")
    prompt = scripted.panel.prompt()
    assert prompt is not None
    scripted.session.preview(prompt)
    wait(lambda: words_on_stage(scripted) == "pre")
    assert scripted.board_area.view.stage.label == "Preview"
    assert scripted.board_area.strip.ids() == []


def test_what_grows_in_a_long_text_is_in_sight_and_holds_nothing_up(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    long = "as long as a book \n" * 50_000
    item = put(studio, long)
    view = scripted.board_area.view
    view.select([item.id])
    view.board_scene.set_part(item.id, Span(500_000, 500_010))
    script.will(
        Partial(Text("new words "), part=True), threading.Event(),
    )  # fmt: skip
    ask(scripted, "edit")
    wait(lambda: "new words" in words_on_stage(scripted))
    shown = view.stage.item
    assert isinstance(shown, TextItem)
    assert there(shown.page).caret(500_010) is not None  # scrolled to
    press(scripted, Key.Key_Escape)
    wait(lambda: not scripted.session.is_busy)
    assert studio.project.board.get(item.id) == item


def test_a_text_of_64_mb_is_taken_and_a_larger_one_refused_in_a_sentence(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    line = "as much as a text may have at all \n"
    most = line * (limits.TEXT_BYTES // len(line))
    script.will(Partial(Text(most)), Candidate(Text("short")))
    run(scripted)
    wait(lambda: texts(studio) == ["short"] and not scripted.session.is_busy)
    script.will(Partial(Text(most + line * 2)), Candidate(Text("never")))
    run(scripted)
    wait(lambda: "its text has" in scripted.panel.bar.text())
    assert texts(studio) == ["short"]
