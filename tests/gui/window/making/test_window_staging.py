"""What is made is seen in its place on the board, by a person at the window; keys and decisions."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calls import calls
from kinds import an_image, known, there
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QSlider, QWidget
from pytestqt.qtbot import QtBot
from thread_workers import Script

from aigc_studio.api import Artifact, Candidate, Image, Melody, Note, Progress, Text
from aigc_studio.project import CandidateRecord, Item, Project, Provenance, commands
from aigc_studio.project.joining import Base
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.forms.schema import Field
from aigc_studio.ui.prompt.pad import Pad
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.target import Target
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.asked import Look
from aigc_studio.ui.window.making.flight import Flight

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def is_bare(window: StudioWindow) -> bool:
    """Whether the empty board says what can be done."""
    return window.board_area.view.bare


def press(window: StudioWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def type_and_run(window: StudioWindow, words: str, count: int = 4) -> None:
    """Type a prompt and press Ctrl+Enter, as a person would."""
    window.panel.middle.count.setValue(count)
    window.panel.set_verb("generate")
    prompt = window.panel.middle.page().prompt
    prompt.setFocus()
    prompt.selectAll()
    QTest.keyClicks(prompt, words)
    QTest.keyClick(prompt, Key.Key_Return, CTRL)


def put(studio: Studio, artifact: Artifact, x: float = 0, y: float = 0, **fields: Any) -> Item:
    (id,) = studio.project.board.new_ids(1)
    size = {"width": 280.0, "height": 280.0} | fields
    item = Item(id, "Drawing 1", studio.project.store.put(artifact), x, y, **size)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    return item


def offer(window: StudioWindow, *artifacts: Artifact, **fields: Any) -> list[str]:
    """Candidates that came together."""
    project = window.studio.project
    tray, store = project.candidates, project.store
    records = [
        CandidateRecord(tray.new_id(), store.put(each), **{"request": "r1"} | fields)
        for each in artifacts
    ]
    for record, artifact in zip(records, artifacts, strict=True):
        window.session.artifacts[record.id] = artifact
    tray.add(*records)
    return [record.id for record in records]


def grey(value: int, side: int = 28) -> Image:
    return Image(np.full((side, side), value, np.uint8))


def shade(studio: Studio, item: Item) -> int:
    return int(an_image(studio.project.store.get(item.content)).pixels[0, 0])


def stand(window: StudioWindow) -> tuple[Any, ...]:
    """Where the board is seen, and how large."""
    view = window.board_area.view
    return view.zoom, view.horizontalScrollBar().value(), view.verticalScrollBar().value()


def seen_at(window: StudioWindow, place: QRectF) -> int:
    """How bright the board is on screen in the middle of a place."""
    QApplication.processEvents()
    view = window.board_area.view
    return view.viewport().grab().toImage().pixelColor(view.to_view(place.center()).toPoint()).red()


def words_on_stage(window: StudioWindow) -> str:
    item = window.board_area.view.stage.item
    return item.value if isinstance(item, TextItem) else ""


def test_what_is_made_is_seen_in_its_place_stepped_through_and_kept(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    area, board = window.board_area, studio.project.board
    view, stage, bar = area.view, area.view.stage, area.decisions
    window.panel.middle.seed.use(5)
    type_and_run(window, "seven seas")
    wait(lambda: len(area.strip.ids()) == 4 and not window.session.is_busy)
    assert words_on_stage(window) == "seven seas 5"
    assert not is_bare(window)
    assert not board.items
    assert view.board_scene.shown() == []
    assert (bar.isVisible(), bar.count.text()) == (True, "1 / 4")
    place, before = there(stage.place), stand(window)
    assert view.seen().contains(place)
    press(window, Key.Key_Escape)  # leaves the prompt, and nothing else
    assert view.hasFocus()
    press(window, Key.Key_Right)
    assert (words_on_stage(window), bar.count.text()) == ("seven seas 6", "2 / 4")
    press(window, Key.Key_4)
    press(window, Key.Key_Up)
    assert (words_on_stage(window), bar.count.text()) == ("seven seas 7", "3 / 4")
    assert there(stage.place).topLeft() == place.topLeft()
    press(window, Key.Key_Return)
    (item,) = board.items
    assert str(studio.project.store.get(item.content)) == "seven seas 7"
    assert QRectF(item.x, item.y, item.width, item.height) == place
    assert stage.is_empty
    assert not bar.isVisible()
    assert view.board_scene.target().item_ids == (item.id,)
    assert len(area.strip.ids()) == 3  # nothing else goes by surprise
    QApplication.processEvents()
    assert stand(window) == before
    press(window, Key.Key_Z, CTRL)
    assert not board.items
    assert (words_on_stage(window), len(area.strip.ids())) == ("seven seas 7", 4)
    assert bar.isVisible()
    press(window, Key.Key_Y, CTRL)
    assert [each.id for each in board.items] == [item.id]
    assert stage.is_empty


@pytest.mark.parametrize(
    ("artifact", "kind"),
    [
        (grey(40, 1024), ImageItem),
        (Text("one two"), TextItem),
        (Melody((Note(0, 480, 60), Note(1920, 480, 64))), MelodyItem),
    ],
)
def test_it_is_drawn_by_the_item_class_of_its_medium_and_lies_where_it_will(
    window: StudioWindow, studio: Studio, artifact: Artifact, kind: type, wait: Wait
) -> None:
    stage = window.board_area.view.stage
    offer(window, artifact)
    wait(lambda: isinstance(stage.item, kind))
    place = there(stage.place)
    corner = QRectF(place.x(), place.y(), 60, 60)
    board = QRectF(place.x(), place.y() - 20, 60, 20)
    wait(lambda: seen_at(window, corner) != seen_at(window, board))
    window.board_area.view.setFocus()
    press(window, Key.Key_Enter)
    (item,) = studio.project.board.items
    assert QRectF(item.x, item.y, item.width, item.height) == place


def test_an_edit_lies_in_the_place_of_its_item_which_only_the_screen_does_not_show(
    window: StudioWindow, studio: Studio
) -> None:
    view = window.board_area.view
    item = put(studio, grey(200), -140, -140, rotation=90.0)
    offer(window, grey(40), grey(60), target=item.id, use="replace", base=Base.of(item, None))
    stage, place = view.stage, QRectF(-140, -140, 280, 280)
    assert (stage.hides, stage.place) == (item.id, place)
    assert there(stage.item).rotation() == 90
    assert seen_at(window, place) == 40
    view.setFocus()
    QTest.keyPress(view, Key.Key_O)
    assert seen_at(window, place) == 200
    QTest.keyRelease(view, Key.Key_O)
    assert seen_at(window, place) == 40
    before = window.board_area.decisions.before
    QTest.mousePress(before, LEFT)
    assert seen_at(window, place) == 200
    QTest.mouseRelease(before, LEFT)
    assert seen_at(window, place) == 40
    # What is written, exported, selected: the board, as it is.
    assert view.exchange.render_board().pixelColor(140, 140).red() == 200
    view.commands.select_all()
    assert view.board_scene.target().item_ids == (item.id,)
    assert studio.project.board.items == (item,)
    assert studio.history.stack.count() == 1
    press(window, Key.Key_Right)
    assert seen_at(window, place) == 60
    press(window, Key.Key_Return)
    assert stage.is_empty
    assert seen_at(window, place) == 60
    assert len(studio.project.board) == 1


def test_it_goes_with_its_item(window: StudioWindow, studio: Studio) -> None:
    view = window.board_area.view
    item = put(studio, grey(200))
    offer(window, grey(40), target=item.id, use="replace", base=Base.of(item, None))
    view.select([item.id])
    view.commands.nudge(30, 10)
    QApplication.processEvents()
    assert view.stage.place == QRectF(30, 10, 280, 280)
    studio.history.stack.undo()
    QApplication.processEvents()
    assert view.stage.place == QRectF(0, 0, 280, 280)
    studio.history.stack.undo()
    QApplication.processEvents()
    assert view.stage.hides == ""  # its item is gone: it would be something new
    assert view.stage.item is not None


def test_escape_drops_the_one_and_steps_to_the_next(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    ids = offer(window, Text("one"), Text("two"), Text("three"))
    area.view.setFocus()
    press(window, Key.Key_Right)
    press(window, Key.Key_Escape)
    assert words_on_stage(window) == "three"
    assert area.strip.ids() == [ids[0], ids[2]]
    assert area.decisions.count.text() == "2 / 2"
    assert "1 candidate was dropped" in area.bar.text
    (bring_back, _call) = area.bar._calls[0]
    bring_back.click()
    assert words_on_stage(window) == "two"
    for _time in range(3):
        press(window, Key.Key_Escape)
    assert area.view.stage.is_empty
    assert not area.decisions.isVisible()
    assert area.strip.ids() == []


@pytest.mark.parametrize("place", ["main", "drop", "prompt", "seed"])
def test_the_keys_work_on_buttons_and_not_in_fields(
    window: StudioWindow, studio: Studio, place: str
) -> None:
    offer(window, Text("one"), Text("two"))
    widgets: dict[str, QWidget] = {
        "main": window.panel.buttons.main,
        "drop": window.board_area.decisions.drop,
        "prompt": window.panel.middle.page().prompt,
        "seed": window.panel.middle.seed.box,
    }
    widgets[place].setFocus()
    assert window.focusWidget() is widgets[place]
    press(window, Key.Key_2)
    fields = place in ("prompt", "seed")
    assert words_on_stage(window) == ("one" if fields else "two")
    press(window, Key.Key_1)
    press(window, Key.Key_Right)
    assert words_on_stage(window) == ("one" if fields else "two")
    assert window.focusWidget() is widgets[place]
    if not fields:
        press(window, Key.Key_Return)
        assert len(studio.project.board) == 1


@pytest.mark.parametrize("kind", ["radio", "slider", "pad"])
def test_what_arrows_move_has_them_and_every_other_key_is_the_candidates(
    window: StudioWindow, studio: Studio, kind: str
) -> None:
    offer(window, Text("one"), Text("two"), Text("three"))
    axis = Field(name="a", kind="number", label="a", default=0.0, minimum=-1.0, maximum=1.0)
    made: dict[str, Callable[[], QWidget]] = {
        "radio": lambda: QRadioButton("a", window.panel),
        "slider": lambda: QSlider(Qt.Orientation.Horizontal, window.panel),
        "pad": lambda: Pad(axis, axis, window.panel),
    }
    moved = made[kind]()
    moved.show()
    moved.setFocus()
    assert window.focusWidget() is moved
    for key in (Key.Key_Right, Key.Key_Up):
        press(window, key)
        assert words_on_stage(window) == "one"
    press(window, Key.Key_2)
    assert words_on_stage(window) == "two"
    press(window, Key.Key_Return)
    assert [str(studio.project.store.get(each.content)) for each in studio.project.board.items] == [
        "two"
    ]


@pytest.mark.parametrize("width", [784, 1024, 1920])
def test_the_decisions_lie_in_view_whole(window: StudioWindow, studio: Studio, width: int) -> None:
    window.resize(width, 640)
    area = window.board_area
    offer(window, Text("one"), Text("two"), Text("three"))
    QApplication.processEvents()
    bar = area.decisions
    assert bar.isVisible()
    assert bar.room().contains(bar.geometry())
    for choice in (bar.keep, bar.drop, bar.before, bar.more):
        assert choice.isHidden() or choice.width() >= choice.sizeHint().width()
    assert bar.keep.text() == "Keep"


def test_buttons_do_what_the_keys_do(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    bar = area.decisions
    area.view.setFocus()
    offer(window, Text("one"), Text("two"), Text("three"))
    assert not bar.back.isEnabled()
    QTest.mouseClick(bar.forth, LEFT)
    assert words_on_stage(window) == "two"
    QTest.mouseClick(bar.back, LEFT)
    QTest.mouseClick(bar.drop, LEFT)
    assert words_on_stage(window) == "two"
    QTest.mouseClick(bar.keep, LEFT)
    assert len(studio.project.board) == 1
    assert window.focusWidget() is area.view


def test_a_click_in_the_strip_looks_at_it_on_the_board(
    window: StudioWindow, studio: Studio
) -> None:
    area = window.board_area
    offer(window, Text("one"), Text("two"))
    area.staging.put_aside()
    assert area.view.stage.is_empty
    for row, words in ((1, "two"), (0, "one"), (0, "one")):
        place = area.strip.list.rect_of(row).center()
        QTest.mouseClick(area.strip.list.viewport(), LEFT, pos=place)
        assert words_on_stage(window) == words
        area.staging.put_aside()


def test_a_tool_that_works_on_the_board_puts_it_aside(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    item = put(studio, grey(200), -140, -140)
    ids = offer(window, grey(40), target=item.id, use="replace", base=Base.of(item, None))
    area.view.set_tool(Tool.HAND)
    assert area.view.stage.hides == item.id
    area.view.set_tool(Tool.MASK)
    assert area.view.stage.is_empty
    assert seen_at(window, QRectF(-140, -140, 280, 280)) == 200
    assert area.strip.ids() == ids
    # It comes while the tool is in hand, and goes when that touches the board.
    area.strip.opened.emit(ids[0])
    assert area.view.stage.hides == item.id
    middle = area.view.to_view(area.view.middle()).toPoint()
    QTest.mousePress(area.view.viewport(), LEFT, pos=middle)
    assert area.view.stage.is_empty
    area.view.cancel()


def test_what_is_left_goes_with_the_next_run_and_can_be_brought_back(
    window: StudioWindow, wait: Wait
) -> None:
    area = window.board_area
    type_and_run(window, "one", 3)
    wait(lambda: len(area.strip.ids()) == 3 and not window.session.is_busy)
    type_and_run(window, "two", 2)
    # Of the first, nothing was decided yet: it stays.
    wait(lambda: len(area.strip.ids()) == 5 and not window.session.is_busy)
    assert words_on_stage(window).startswith("two")
    area.decisions.keep.click()
    left = area.strip.ids()
    assert len(left) == 4
    type_and_run(window, "three", 1)
    wait(lambda: len(area.strip.ids()) == 4 and not window.session.is_busy)
    assert "1 candidate that you did not keep was dropped" in area.bar.text
    (bring_back, _call) = area.bar._calls[0]
    bring_back.click()
    assert len(area.strip.ids()) == 5


def test_on_another_board_nothing_of_this_one_can_be_brought_back(
    window: StudioWindow, wait: Wait
) -> None:
    area = window.board_area
    type_and_run(window, "one", 2)
    wait(lambda: len(area.strip.ids()) == 2 and not window.session.is_busy)
    area.decisions.keep.click()
    type_and_run(window, "two", 1)
    wait(lambda: "you did not keep" in area.bar.text and not window.session.is_busy)
    window.studio.show_project(Project.new())
    assert "you did not keep" not in area.bar.text


def test_a_text_that_grows_keeps_its_place(window: StudioWindow) -> None:
    """As one that is written while it is looked at will be shown."""
    view = window.board_area.view
    stage = view.stage
    words = "and on and on "
    former: Any = None
    for times in (1, 20, 60):
        content = stage.hold(Text(words * times))
        height = 60.0 * times
        stage.show(Item("grows", "", content, -160, -90, 320, height))
        item = known(TextItem, stage.item)
        assert former in (None, item)
        former = item
        assert item.value == words * times
        assert there(stage.place) == QRectF(-160, -90, 320, height)
        assert len(view.scene().items()) == 1
    stage.end()
    assert view.scene().items() == []


def test_a_preview_becomes_the_candidate_without_a_jump(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    area = window.board_area
    put(studio, grey(9), -320, -190)
    offer(window, Text("another"))  # the strip is open
    area.staging.put_aside()
    QApplication.processEvents()
    window.session.looked.emit(Look(Text("seven seas 5"), None, "generate"))
    place, before = there(area.view.stage.place), stand(window)
    assert not area.decisions.isVisible()
    shown: list[Any] = []
    area.view.stage.changed.connect(lambda: shown.append(area.view.stage.place))
    window.panel.middle.seed.use(5)
    type_and_run(window, "seven seas", 1)
    wait(lambda: area.decisions.isVisible())
    assert [each for each in shown if each != place] == []
    assert stand(window) == before
    wait(lambda: not studio.jobs.under_way())  # Escape would cancel it
    press(window, Key.Key_Escape)
    press(window, Key.Key_Return)
    item = studio.project.board.items[-1]
    assert QRectF(item.x, item.y, item.width, item.height) == place


def test_a_look_that_comes_late_does_not_cover_what_was_asked_for(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    area, looks = window.board_area, list[Any]()
    with monkeypatch.context() as patch:
        patch.setattr(studio.jobs, "preview", lambda *_all: looks.append(_all[-1]))
        window.session.preview(there(window.panel.prompt()))
    (look,) = looks
    studio.jobs.preview_ready.emit(look(Candidate(Text("in time"))))
    assert words_on_stage(window) == "in time"
    area.staging.end_preview()
    window.panel.middle.seed.use(5)
    type_and_run(window, "seven seas", 1)
    wait(lambda: area.decisions.isVisible())
    made = words_on_stage(window)
    studio.jobs.preview_ready.emit(look(Candidate(Text("too late"))))
    assert words_on_stage(window) == made
    assert area.decisions.isVisible()


def test_a_preview_lies_over_a_candidate_until_escape(window: StudioWindow) -> None:
    area = window.board_area
    (id,) = offer(window, Text("one"))
    area.view.setFocus()
    window.session.looked.emit(Look(Text("what would be"), None, "generate"))
    assert words_on_stage(window) == "what would be"
    assert not area.decisions.isVisible()
    press(window, Key.Key_Return)  # nothing is kept by that
    assert area.strip.ids() == [id]
    press(window, Key.Key_Escape)
    assert words_on_stage(window) == "one"
    assert area.decisions.isVisible()
    assert area.strip.ids() == [id]


def test_while_a_model_is_not_warm_its_place_is_shown_and_it_is_said(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = window.board_area
    stage, line = area.view.stage, area.staging.making
    assert not studio.jobs.is_warm(studio.record("echo"))
    held: list[Any] = []
    monkeypatch.setattr(studio.jobs, "_take_turn", held.append)
    type_and_run(window, "seven seas", 1)
    job = there(window.session.last)
    job.begin()
    wait(lambda: stage.skeleton is not None)
    assert line.bar.isVisible()
    assert line.bar.words.text() == "Warming up the model…"
    assert not is_bare(window)
    assert not area.decisions.isVisible()
    line.bar.cancel.click()
    wait(lambda: stage.is_empty)
    assert not line.bar.isVisible()
    assert is_bare(window)
    monkeypatch.undo()
    type_and_run(window, "seven seas", 1)
    wait(lambda: area.decisions.isVisible())
    assert stage.skeleton is None
    assert not line.bar.isVisible()
    wait(lambda: studio.jobs.is_warm(studio.record("echo")))


def test_more_like_this_asks_anew_from_another_seed(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = window.board_area
    type_and_run(window, "seven seas", 2)
    wait(lambda: len(area.strip.ids()) == 2 and not window.session.is_busy)
    area.decisions.more.click()
    wait(lambda: len(area.strip.ids()) == 4 and not window.session.is_busy)
    records = [studio.project.candidates.record(id) for id in area.strip.ids()]
    made = [there(record.provenance) for record in records]
    assert {each.prompt for each in made} == {"seven seas"}
    assert made[2].seed not in (made[0].seed, made[1].seed)
    assert area.staging.candidate == records[2].id
    # Of a board that was opened, nobody knows what was asked for but the candidate itself.
    window.session._requests.clear()
    area.decisions.more.click()
    wait(lambda: len(area.strip.ids()) == 8 and not window.session.is_busy)


def test_more_is_not_asked_of_what_is_gone(window: StudioWindow, studio: Studio) -> None:
    offer(window, Text("one"))
    window.board_area.decisions.more.click()
    assert "no more like it" in window.board_area.bar.text
    assert not window.session.is_busy


def test_on_a_board_that_is_opened_or_recovered_it_is_on_stage_again(
    window: StudioWindow, studio: Studio, tmp_path: Path
) -> None:
    view = window.board_area.view
    item = put(studio, grey(200), 50, 60)
    offer(window, grey(40), target=item.id, use="replace", base=Base.of(item, None))
    studio.project.save(tmp_path / "a.aigc")
    studio.show_project(Project.new())
    assert view.stage.is_empty
    studio.show_project(Project.open(tmp_path / "a.aigc"))
    assert view.stage.hides == item.id
    assert window.board_area.decisions.isVisible()
    view.setFocus()
    press(window, Key.Key_Return)
    shown = studio.project.board.item(item.id)
    assert studio.project.store.get(shown.content) == grey(40)


def test_a_sequence_is_kept_whole_and_plays_on_the_board(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    area = window.board_area
    made = [grey(20 * n) for n in range(1, 9)]
    tray, store = studio.project.candidates, studio.project.store
    tray.add(
        *(
            CandidateRecord(tray.new_id(), store.put(each), strip="s", position=n, request="r")
            for n, each in enumerate(made)
        )
    )
    place = there(area.view.stage.place)
    assert area.decisions.count.text() == "1 / 1"
    assert area.strip._title.text() == "1 candidate"  # one thing to decide on
    assert seen_at(window, place) == 100  # its ends may be what it was made from

    def shows(value: int) -> bool:
        return seen_at(window, place) == value

    button = area.strip.list.painter.play_place(area.strip.list.rect_of(0))
    QTest.mouseClick(area.strip.list.viewport(), LEFT, pos=button.center())
    for value in (120, 140, 160, 20):
        wait(partial(shows, value))
        assert area.view.stage.place == place  # it plays in one place
    QTest.mouseClick(area.strip.list.viewport(), LEFT, pos=button.center())
    area.view.setFocus()
    press(window, Key.Key_Return)
    items = studio.project.board.items
    assert [studio.project.store.get(each.content) for each in items] == made
    assert [(each.y, each.x) for each in items] == sorted((each.y, each.x) for each in items)
    assert QRectF(items[0].x, items[0].y, items[0].width, items[0].height) == place
    assert area.strip.ids() == []


def test_frames_that_come_one_by_one_are_seen_in_view_and_by_their_middle(
    window: StudioWindow, studio: Studio
) -> None:
    area = window.board_area
    seen = QRectF(area.view.seen())
    tray, store = studio.project.candidates, studio.project.store
    id = studio.project.board.new_ids(1)[0]
    wide, high = seen.width() - 340, seen.height() * 2
    # Only at the left there is room in view; the row of all begins at the right of it, out of view.
    item = Item(id, "large", store.put(grey(0)), seen.right() - wide, -high / 2, wide, high)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    for n in range(1, 9):
        content = store.put(grey(20 * n))
        tray.add(CandidateRecord(tray.new_id(), content, strip="s", position=n, request="r"))
        QApplication.processEvents()
        assert area.view.seen().contains(there(area.view.stage.place))
    assert seen_at(window, there(area.view.stage.place)) == 100
    area.strip.cells[0].shown = 7
    area.strip.played.emit(area.strip.cells[0].frame.id)
    assert area.view.seen().contains(there(area.view.stage.place))
    assert seen_at(window, there(area.view.stage.place)) == 160


@pytest.mark.parametrize(("key", "left"), [(Key.Key_Return, 3), (Key.Key_Escape, 0)])
def test_frames_that_come_while_the_first_is_looked_at_are_decided_on_with_it(
    window: StudioWindow, studio: Studio, key: Key, left: int
) -> None:
    area = window.board_area
    tray, store = studio.project.candidates, studio.project.store
    for n in range(3):
        content = store.put(grey(20 * n))
        tray.add(CandidateRecord(tray.new_id(), content, strip="s", position=n, request="r"))
        QApplication.processEvents()
    area.view.setFocus()
    press(window, key)
    assert len(studio.project.board.items) == left
    assert area.strip.ids() == []
    if key == Key.Key_Escape:
        assert area.bar.text == "1 candidate was dropped."


@pytest.mark.parametrize("count", [5, 64])
def test_all_are_laid_out_in_rows_in_order_and_shown(
    window: StudioWindow, studio: Studio, count: int, wait: Wait
) -> None:
    area, board = window.board_area, studio.project.board
    made = Provenance(medium="image", generator="echo", prompt="8")
    offer(window, *(grey(n) for n in range(count)), provenance=made)
    area.strip.accept_all_button.click()
    wait(lambda: len(board) == count)
    items = board.items
    assert [shade(studio, each) for each in items] == [*range(count)]
    places = [(each.y, each.x) for each in items]
    assert places == sorted(places)
    rows = {y for y, _x in places}
    assert (len(rows), count // len(rows)) == ((1, 5) if count == 5 else (8, 8))
    assert {each.name for each in items} == {"8"}
    wait(lambda: area.view.seen().contains(area.view.board_scene.bounds()))
    assert area.view.stage.is_empty


def test_edits_that_are_all_kept_stand_beside_their_original_in_rows(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    area, board = window.board_area, studio.project.board
    item = put(studio, grey(9), width=504.0, height=504.0)
    fields = {"target": item.id, "use": "replace", "base": Base.of(item, None)}
    offer(window, *(grey(20 * n) for n in range(1, 7)), **fields)
    area.strip.accept_all_button.click()
    first, *others = board.items
    assert first.id == item.id
    assert studio.project.store.get(first.content) == grey(20)
    assert {(each.width, each.height) for each in others} == {(504.0, 504.0)}
    assert {each.name for each in others} == {"Drawing 1"}
    places = [(each.y, each.x) for each in others]
    assert places == sorted(places)
    assert len({y for y, _x in places}) == 2
    wait(lambda: area.view.seen().contains(area.view.board_scene.bounds()))


def test_a_board_of_thousands_pays_nothing_for_it(window: StudioWindow, studio: Studio) -> None:
    area, board = window.board_area, studio.project.board
    content = studio.project.store.put(grey(9))
    took = []
    for count in (50, 450):
        ids = board.new_ids(count)
        base = len(board)
        items = [
            Item(id, "", content, (base + n) % 40 * 300, (base + n) // 40 * 300, 256, 256)
            for n, id in enumerate(ids)
        ]
        studio.do(commands.add_items(board, items))
        area.view.board_scene.have_all()
        target = board.items[0]
        look = Look(grey(70), Target((target,)), "edit")
        area.staging.show_look(look)
        took.append(calls(lambda look=look: area.staging.show_look(look)))  # type: ignore[misc]
        assert len(area.view.board_scene.shown()) == len(board)
    assert took[1] <= 1.3 * took[0] + 50


def test_how_many_is_four_and_is_remembered_for_each_generator(
    studio: Studio, qtbot: QtBot
) -> None:
    from aigc_studio.ui.prompt.panel import PromptPanel

    panel = PromptPanel(studio.settings)
    qtbot.addWidget(panel)
    panel.set_records(studio.registry.records)
    panel.choose("echo")
    assert panel.middle.count.number() == 4
    panel.middle.count.setValue(9)
    panel.choose("spans")
    assert panel.middle.count.number() == 4
    panel.middle.count.setValue(2)
    panel.choose("echo")
    assert panel.middle.count.number() == 9
    panel.choose("spans")
    assert panel.middle.count.number() == 2


def test_what_comes_from_the_strip_flies_to_its_place_and_what_was_seen_there_does_not(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = window.board_area
    monkeypatch.setattr(theme, "motion", lambda: 60)
    flights: list[Flight] = []
    home = "aigc_studio.ui.window.making.flight.Flight"
    monkeypatch.setattr(home, lambda *about: flights.append(Flight(*about)))
    offer(window, *(grey(30 * n) for n in range(1, 4)))
    wait(lambda: area.strip.list.picture_of(area.strip.ids()[2]) is not None)
    area.view.setFocus()
    press(window, Key.Key_Return)
    assert len(studio.project.board) == 1
    assert flights == []
    area.strip.accept_all_button.click()
    (flight,) = flights
    gone: list[bool] = []
    flight.destroyed.connect(lambda: gone.append(True))
    wait(flight.isVisible)
    assert flight.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert not flight.grab().isNull()
    wait(lambda: bool(gone))
    monkeypatch.setattr(theme, "motion", lambda: 0)
    studio.history.stack.undo()
    area.staging.put_aside()
    area.strip.accept_all_button.click()
    assert len(flights) == 1


def test_how_far_it_is_stands_there_until_the_first_comes(
    make_window: Callable[..., StudioWindow],
    script: Script,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = make_window("scripted")
    area = window.board_area
    line, stage = area.staging.making, area.view.stage
    first, second = threading.Event(), threading.Event()
    script.will(
        Progress(1, 4, "Looking for words"), first, Candidate(Text("one")), second,
        Candidate(Text("two")),
    )  # fmt: skip
    told: list[tuple[int, int]] = []
    show = line.bar.show_progress
    line.bar.furnish()

    def note(step: int, total: int) -> None:
        told.append((step, total))
        show(step, total)

    monkeypatch.setattr(line.bar, "show_progress", note)
    before = stand(window)
    window.panel.run_action.trigger()
    wait(lambda: stage.skeleton is not None and line.bar.words.text() == "Looking for words")
    assert (1, 4) in told
    assert stand(window) == before
    first.set()
    wait(lambda: words_on_stage(window) == "one")
    assert not line.bar.isVisible()
    assert stage.skeleton is None
    assert not area.decisions.back.isVisible()  # there is no other yet
    # It can be decided on while the others are being made.
    second.set()
    wait(lambda: area.decisions.count.text() == "1 / 2")
    assert words_on_stage(window) == "one"
    wait(lambda: not window.session.is_busy)


def test_what_is_ready_on_the_board_puts_a_candidate_aside(
    window: StudioWindow, studio: Studio
) -> None:
    tune = put(studio, Melody(notes=(Note(0, 480, 60),)), width=400.0)
    offer(window, grey(90))
    area, view = window.board_area, window.board_area.view
    area.strip.list.choose_number(1)
    assert area.staging.deciding.bar.isVisible()
    middle = there(view.board_scene.item(tune.id)).sceneBoundingRect().center()
    QTest.mouseDClick(view.viewport(), LEFT, NONE, view.mapFromScene(middle))
    assert view.pending_bar.isVisible()
    assert not area.staging.deciding.bar.isVisible()
    assert area.strip.ids()


def test_a_message_lies_over_no_decision(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    offer(window, Text("another"), grey(90))
    area.strip.list.choose_number(1)
    place = there(area.view.stage.place)
    studio.say("Use it?", actions=[("Use it now, or at some other time", lambda: None)])
    for across, down in ((-300, 0), (0, 150), (-300, 150), (300, 150)):
        area.view.show_rect(place, 1.0)
        area.view.pan(QPointF(across, down))
        QApplication.processEvents()
        bar = area.staging.deciding.bar
        assert bar.isVisible()
        assert area.bar.isVisible()
        assert not area.bar.geometry().intersects(bar.geometry().translated(area.view.pos()))


def test_what_is_said_does_not_lie_over_what_is_staged(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    view, bar = window.board_area.view, window.board_area.bar
    put(studio, grey(10), 9000, 9000)  # no first screen, whose cards messages leave free
    studio.say("Something is to be answered.", actions=[("Answer", lambda: None)])
    QApplication.processEvents()
    lower_left = bar.geometry().translated(-view.pos())
    # A picture is staged just where the message lies: it was there first, and makes room.
    centre = view.to_scene(QPointF(lower_left.center()))
    item = put(studio, grey(200), centre.x() - 40, centre.y() - 40)
    offer(window, grey(40), target=item.id, use="replace", base=Base(item.content))
    wait(lambda: not view.stage.is_empty)
    staged = there(view.stage.place)
    shown = QRectF(view.to_view(staged.topLeft()), view.to_view(staged.bottomRight()))
    assert not QRectF(bar.geometry().translated(-view.pos())).intersects(shown)
    assert bar.isVisible()


def test_a_preview_after_another_paints_only_where_it_lies(
    window: StudioWindow, wait: Wait
) -> None:
    view = window.board_area.view
    window.session.looked.emit(Look(grey(9), None, "generate"))
    QApplication.processEvents()
    wait(lambda: view.stage.is_settled)
    painted: list[QRect] = []

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                painted.append(event.rect())
            return False

    watch = Watch(view)
    view.viewport().installEventFilter(watch)
    window.session.looked.emit(Look(grey(200), None, "generate"))
    place = view.to_view_rect(there(view.stage.place)).toRect()
    wait(lambda: any(rect.contains(place) for rect in painted))
    view.viewport().removeEventFilter(watch)
    assert seen_at(window, there(view.stage.place)) == 200
    room = view.viewport().rect()
    assert all(rect.width() * rect.height() < room.width() * room.height() / 2 for rect in painted)


def test_the_words_of_the_decisions_are_fitted_once(
    window: StudioWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = window.board_area.decisions
    window.board_area.staging.show_candidate(offer(window, *map(grey, (1, 2, 3)))[0])
    QApplication.processEvents()
    fitted: list[int] = []
    monkeypatch.setattr(bar, "_show_words", lambda: fitted.append(1))
    for _step in range(6):
        press(window, Key.Key_Right)
        QApplication.processEvents()
    assert fitted == []
    window.resize(window.width() - 300, window.height())
    QApplication.processEvents()
    assert fitted


def test_a_new_text_does_not_lie_on_the_candidate_that_is_shown(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = window.board_area
    view, stage = area.view, area.view.stage
    monkeypatch.setattr(view, "pointed", lambda: None)
    type_and_run(window, "seven seas", 1)
    wait(lambda: len(area.strip.ids()) == 1 and not window.session.is_busy)
    wait(lambda: area.decisions.isVisible())
    view.setFocus()
    press(window, Key.Key_T)
    card = there(view.writing)
    QTest.keyClicks(view.viewport(), "beside it")
    here = card.mapRectToScene(card.boundingRect())
    assert view.seen().contains(here)
    assert stage.item is not None
    assert not here.intersects(there(stage.place))
    assert not view.to_view_rect(here).intersects(QRectF(area.decisions.geometry()))
