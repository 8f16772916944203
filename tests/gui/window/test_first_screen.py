"""The first screen: what an empty board shows, driven through the window as a person would."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, Image, Melody, Note, Piece, Span, Text
from aigc_studio.library import ModelInfo
from aigc_studio.project import Item, commands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.first import arrangement, portraits
from aigc_studio.ui.first.cards import Card, wrapped
from aigc_studio.ui.first.recent import thumbnail
from aigc_studio.ui.first.screen import FirstScreen
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.beginning import keepsake
from aigc_studio.ui.window.beginning.link import Beginning
from aigc_studio.ui.window.making.placing import centred

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT = Qt.MouseButton.LeftButton

# Draws pictures without a model, offers a sheet and a picture with a part marked.
PAPER = """
import numpy as np
from aigc_studio.api import Candidate, Description, Image, Operation, Piece, Starter, hookimpl

YEAR = Image(np.tile(np.arange(56, dtype=np.uint8), (28, 1)))

@hookimpl
def describe():
    return Description(id="paper", title="Paper", medium=Image, operations=(
        Operation(id="make", verb="generate", title="Make", model="none", prompt="required",
                  prompt_example="seven"),
        Operation(id="mend", verb="edit", title="Mend", artifacts=1, model="none"),
        Operation(id="redo", verb="edit", title="Redo it", artifacts=1, model="none",
                  selection="required"),
    ), starters=(
        Starter(id="draw", title="Draw", help="By hand.", operation="mend",
                pieces=(Piece(name="Mine"),), tool="brush",
                picture=Piece(strokes=[[(0, 0), (1, 1)]])),
        Starter(id="change", title={"en": "Change a part", "zh": "改"}, operation="redo",
                pieces=(Piece(artifact=YEAR, marked=(28, 0, 56, 28), made=True),), tool="mask"),
        Starter(id="words", title="Say it", operation="make", prompt="eight"),
    ))

@hookimpl
def generate(request):
    if request.prompt == "boom":
        raise RuntimeError("boom")
    for number in range(request.count):
        yield Candidate(Image(np.full((8, 8), len(request.prompt), np.uint8)))

@hookimpl
def edit(request):
    yield Candidate(request.artifacts[0])
"""

# Makes nothing before it has learnt.
CHANGER = """
from aigc_studio.api import Candidate, Description, Text, hookimpl

@hookimpl
def describe():
    return Description(id="changer", title="Changer", medium=Text)

@hookimpl
def edit(request):
    yield Candidate(Text("changed"))
"""
PUPIL = """
from aigc_studio.api import Candidate, Description, Operation, Text, hookimpl

@hookimpl
def describe():
    return Description(id="pupil", title="Pupil", medium=Text, operations=(
        Operation(id="make", verb="generate", title="Make", model="required", prompt="optional",
                  prompt_example="long hair"),
    ))

@hookimpl
def train(request):
    yield from ()

@hookimpl
def generate(request):
    yield Candidate(Text("learnt"))
"""


def turns(qtbot: QtBot) -> None:
    """A few turns of the event loop."""
    for _ in range(5):
        qtbot.wait(1)


def stage(window: StudioWindow) -> FirstScreen:
    return beginning(window).screen


def beginning(window: StudioWindow) -> Beginning:
    return there(window.beginning)


def card(window: StudioWindow, title: str) -> Card:
    return next(each for each in stage(window).cards if each.offer.title == title)


def titles(window: StudioWindow) -> list[str]:
    return [each.offer.title for each in stage(window).cards]


def put(window: StudioWindow, artifact: Any = None) -> Item:
    project = window.studio.project
    content = project.store.put(artifact or Text("words"))
    item = Item(project.board.new_ids(1)[0], "item", content, 0, 0, 320, 180)
    assert window.studio.do(commands.add_items(project.board, [item]))
    return item


def only_item(window: StudioWindow) -> Item:
    (item,) = window.studio.project.board.items
    return item


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    """Until something is there, which another process may have to do."""

    def until(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=40_000)

    return until


@pytest.fixture
def paper(
    home: Path, studio: Studio, plugin_names: Callable[..., None], make_window: MakeWindow
) -> StudioWindow:
    """A window with the generator above in use."""
    (home / "data" / "plugins" / "paper.py").write_text(PAPER)
    plugin_names("spans", "bars", "echo", "paper")
    studio.registry.refresh()
    window = make_window("paper", size=(1280, 800))
    QApplication.processEvents()
    return window


@pytest.fixture
def window(make_window: MakeWindow) -> StudioWindow:
    window = make_window()
    QApplication.processEvents()  # cards come together, after all that they are made from
    return window


class TestItsTime:
    def test_it_is_there_while_the_board_is_empty(self, window: StudioWindow) -> None:
        assert stage(window).isVisible()
        item = put(window)
        assert not stage(window).isVisible()
        window.board_area.view.select([item.id])
        window.actions_by_name["delete"].trigger()
        assert stage(window).isVisible()
        window.studio.history.stack.undo()
        assert not stage(window).isVisible()

    def test_a_stroke_takes_its_place(self, qtbot: QtBot, window: StudioWindow) -> None:
        view = window.board_area.view
        view.set_tool(Tool.BRUSH)
        place = free_place(window)
        target = there(view.childAt(place))
        assert target is view.viewport()  # between its parts the pointer reaches the board
        at = view.viewport().mapFrom(view, place)
        qtbot.mousePress(target, LEFT, pos=at)
        qtbot.mouseMove(target, at + QPoint(20, 5))
        assert not stage(window).isVisible()
        qtbot.mouseRelease(target, LEFT, pos=at + QPoint(20, 5))
        qtbot.waitUntil(lambda: len(window.studio.project.board) == 1)
        assert not stage(window).isVisible()

    def test_nothing_of_it_is_moved_by_scrolling(self, window: StudioWindow) -> None:
        view, screen = window.board_area.view, stage(window)
        before = [each.geometry() for each in (screen, screen.wall, screen.bar)]
        view.pan(QPointF(120, 90))
        view.set_zoom(2.0)
        assert [each.geometry() for each in (screen, screen.wall, screen.bar)] == before
        window.resize(window.size() + QSize(100, 60))
        assert screen.geometry() == view.viewport().geometry()

    def test_what_waits_and_what_is_made_takes_its_place(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        qtbot.mouseClick(stage(window).bar.button, LEFT)
        assert not stage(window).isVisible()  # it is being made
        wait(lambda: window.session.waiting)
        wait(lambda: not window.studio.jobs.under_way())
        assert not stage(window).isVisible()
        window.session.discard([each.id for each in window.session.waiting])
        assert stage(window).isVisible()

    @pytest.mark.parametrize("elsewhere", [False, True])
    def test_its_prompt_has_the_keyboard_once_a_generator_is_known(
        self,
        studio: Studio,
        make_window: MakeWindow,
        monkeypatch: pytest.MonkeyPatch,
        elsewhere: bool,
    ) -> None:
        # The very first start: plugins are still being read when the window is there.
        records, studio.registry.records = studio.registry.records, ()
        monkeypatch.setattr(studio, "start_up", lambda: None)
        window = make_window()
        assert stage(window).bar.words.hasFocus()
        if elsewhere:  # the person has not waited for it
            window.status.setFocus()
        studio.registry.records, studio.scanning = records, False
        studio.records_changed.emit()
        assert stage(window).bar.words.hasFocus() != elsewhere

    def test_who_writes_on_the_board_already_keeps_the_keyboard(
        self, studio: Studio, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        records, studio.registry.records = studio.registry.records, ()
        monkeypatch.setattr(studio, "start_up", lambda: None)  # they are still being read
        window = make_window()
        view = window.board_area.view
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_T)
        QTest.keyClicks(view.viewport(), "in ")
        studio.registry.records, studio.scanning = records, False
        studio.records_changed.emit()
        QApplication.processEvents()
        QTest.keyClicks(there(window.focusWidget()), "no time")
        assert there(there(view.writing).writing).result()[0] == "in no time"

    def test_what_is_typed_takes_the_place_of_what_was_typed_the_last_time(
        self, qtbot: QtBot, studio: Studio, make_window: MakeWindow
    ) -> None:
        studio.settings.set_preference("live_preview", False)
        first = make_window()
        qtbot.keyClicks(stage(first).bar.words, "the last time")
        first.actions_by_name["new"].trigger()
        QApplication.processEvents()
        assert stage(first).bar.words.text() == "the last time"
        qtbot.keyClicks(there(first.focusWidget()), "now")
        assert stage(first).bar.words.text() == "now"

    @pytest.mark.parametrize("asked", [False, True])
    def test_what_is_typed_before_a_generator_is_known_is_what_to_make(
        self,
        qtbot: QtBot,
        studio: Studio,
        make_window: MakeWindow,
        monkeypatch: pytest.MonkeyPatch,
        asked: bool,
    ) -> None:
        records, studio.registry.records = studio.registry.records, ()
        studio.settings.remember({"prompt": "the last time"}, "echo")
        monkeypatch.setattr(studio, "start_up", lambda: None)  # they are still being read
        window = make_window()
        assert studio.scanning
        qtbot.keyClicks(there(window.focusWidget()), "band")  # all of them are keys of tools
        made: list[str] = []
        window.panel.generate_requested.connect(lambda prompt: made.append(prompt.prompt))
        if asked:
            qtbot.keyClick(there(window.focusWidget()), Qt.Key.Key_Return)
        assert not window.studio.project.board.items
        echo = tuple(each for each in records if each.description and each.description.id == "echo")
        studio.registry.records, studio.scanning = echo, False
        studio.records_changed.emit()
        turns(qtbot)
        assert stage(window).bar.words.text() == "band"
        assert window.panel.middle.generate_page.prompt.toPlainText() == "band"
        assert made == ["band"] * asked
        assert asked or stage(window).bar.words.hasFocus()

    def test_a_new_board_has_the_keyboard_in_its_prompt(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        put(window)
        view = window.board_area.view
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        question = there(window.documents.question)
        buttons = {each.text(): each for each in question.buttons()}
        qtbot.mouseClick(buttons["Don't save"], LEFT)
        wait(lambda: stage(window).isVisible())
        QApplication.processEvents()
        focus = there(window.focusWidget())
        qtbot.keyClicks(focus, "band")  # all of them are keys of tools
        assert stage(window).bar.words.text() == "band"
        assert not window.studio.project.board.items


def free_place(window: StudioWindow) -> QPoint:
    """A place of the view between the cards and the edge."""
    screen = stage(window)
    lowest = max(each.geometry().bottom() for each in screen.cards if each.isVisible())
    return screen.geometry().topLeft() + QPoint(6, min(lowest, screen.height() - 8))


class TestPrompt:
    def test_one_prompt_two_views(self, qtbot: QtBot, window: StudioWindow) -> None:
        words, panels = stage(window).bar.words, window.panel.middle.generate_page.prompt
        assert words.hasFocus()
        window.panel.middle.live.setChecked(False)
        qtbot.keyClicks(words, "a moon")
        assert panels.toPlainText() == "a moon"
        panels.setFocus()
        qtbot.keyClicks(panels, "!")
        assert words.text() == panels.toPlainText()

    def test_enter_makes_it_and_gives_the_canvas_the_keyboard(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        words = stage(window).bar.words
        qtbot.keyClicks(words, "a moon")
        qtbot.keyClick(words, Qt.Key.Key_Return)
        wait(lambda: window.session.waiting)
        (record,) = window.session.waiting
        assert there(record.provenance).prompt == "a moon"
        assert window.board_area.view.hasFocus()

    def test_what_is_typed_changes_the_living_picture_and_nothing_on_the_board(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        qtbot.keyClicks(stage(window).bar.words, "moon")
        wall = stage(window).wall
        wait(lambda: any(str(each).startswith("moon") for each in wall.artifacts))
        assert len(wall.artifacts) > 1
        assert window.board_area.view.stage.is_empty
        assert stage(window).isVisible()

    def test_what_generate_makes_is_the_first_on_the_wall(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        words, wall = stage(window).bar.words, stage(window).wall
        qtbot.keyClicks(words, "moon")
        wait(lambda: any(str(each).startswith("moon ") for each in wall.artifacts))
        seen = wall.artifacts[0]
        qtbot.keyClick(words, Qt.Key.Key_Return)
        wait(lambda: window.session.waiting)
        project = window.studio.project
        assert project.store.get(window.session.waiting[0].content) == seen

    def test_what_is_typed_in_the_panel_is_previewed_on_the_board(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        panels = window.panel.middle.generate_page.prompt
        panels.setFocus()
        qtbot.keyClicks(panels, "moon")
        wait(lambda: not window.board_area.view.stage.is_empty)
        assert not stage(window).isVisible()
        window.board_area.staging.end_preview()
        assert stage(window).isVisible()

    def test_another_generator_is_chosen_here(self, qtbot: QtBot, window: StudioWindow) -> None:
        bar = stage(window).bar
        actions = {each.data(): each for each in there(bar.choice.menu()).actions()}
        assert set(actions) == {"spans", "bars", "echo"}
        actions["bars"].trigger()
        assert window.panel.generator() == "bars"
        assert bar.choice.text() == "Chain of intervals"
        assert bar.words.isReadOnly()  # it takes no words
        for width, said in (
            (640, "No words are needed"),
            (900, "No words are needed: press Generate."),
            (200, ""),
        ):
            bar.resize(width, bar.height())
            QApplication.processEvents()
            shown, room = bar.words.placeholderText(), bar.words.contentsRect().width()
            assert shown == said
            assert bar.words.fontMetrics().horizontalAdvance(shown) <= max(room, 0)
        window.panel.choose("echo")
        assert bar.choice.text() == "Echo"
        assert not bar.words.isReadOnly()

    def test_what_only_changes_asks_for_something_to_change(
        self, home: Path, studio: Studio, plugin_names: Callable[..., None],
        make_window: MakeWindow, wait: Wait,
    ) -> None:  # fmt: skip
        (home / "data" / "plugins" / "changer.py").write_text(CHANGER)
        plugin_names("changer")
        studio.registry.refresh()
        window = make_window("changer", size=(1280, 800))
        bar = stage(window).bar
        wait(lambda: bar.choice.text() == "Changer")
        assert bar.words.isReadOnly()
        for width, said in (
            (900, "It changes what is there: drop a file here."),
            (560, "Drop a file here"),
        ):
            bar.resize(width, bar.height())
            QApplication.processEvents()
            assert bar.words.placeholderText() == said
        bar.button.click()
        assert "drop a file on it first" in stage(window).problem

    def test_words_that_are_needed_are_asked_for_here(
        self, qtbot: QtBot, paper: StudioWindow
    ) -> None:
        paper.panel.middle.live.setChecked(False)
        words = stage(paper).bar.words
        assert words.text() == "seven"  # the example, where some are needed
        words.selectAll()
        qtbot.keyClick(words, Qt.Key.Key_Delete)
        qtbot.mouseClick(stage(paper).bar.button, LEFT)
        assert stage(paper).said.text() == "Type a prompt first, for example seven."
        assert stage(paper).said.property("kind") == "secondary"  # nothing failed
        assert stage(paper).bar.words.hasFocus()
        qtbot.keyClicks(stage(paper).bar.words, "x")
        assert "Everything is made here" in stage(paper).said.text()

    def test_what_was_against_it_is_said_for_as_long_as_that_holds(
        self, qtbot: QtBot, home: Path, studio: Studio, plugin_names: Callable[..., None],
        make_window: MakeWindow,
    ) -> None:  # fmt: skip
        (home / "data" / "plugins" / "pupil.py").write_text(PUPIL)
        plugin_names("pupil")
        studio.registry.refresh()
        window = make_window("pupil", size=(1280, 800))
        studio.complete = False
        studio.models_changed.emit()
        qtbot.mouseClick(stage(window).bar.button, LEFT)
        assert stage(window).said.text() == "The models are still being looked for."
        studio.complete = True
        studio.models_changed.emit()
        assert "Everything is made here" in stage(window).said.text()
        studio.complete = False
        studio.models_changed.emit()
        qtbot.mouseClick(stage(window).bar.button, LEFT)
        stage(window).say("The seed is too large.")  # said since, and of something else
        studio.complete = True
        studio.models_changed.emit()
        assert stage(window).said.text() == "The seed is too large."

    @pytest.mark.parametrize("typed_on", [False, True])
    def test_what_was_asked_for_too_early_is_made_once_its_model_is_found(
        self, qtbot: QtBot, home: Path, studio: Studio, plugin_names: Callable[..., None],
        make_window: MakeWindow, typed_on: bool,
    ) -> None:  # fmt: skip
        (home / "data" / "plugins" / "pupil.py").write_text(PUPIL)
        plugin_names("pupil")
        studio.registry.refresh()
        window = make_window("pupil", size=(1280, 800))
        asked: list[str] = []
        window.panel.generate_requested.connect(lambda prompt: asked.append(prompt.prompt))
        studio.complete = False
        studio.models_changed.emit()
        words = stage(window).bar.words
        words.selectAll()
        qtbot.keyClicks(words, "curls")
        qtbot.keyClick(words, Qt.Key.Key_Return)
        assert stage(window).said.text() == "The models are still being looked for."
        if typed_on:
            qtbot.keyClicks(words, " and a hat")
        found = ModelInfo("words", "pupil", Path("words"), {"words": {}}, True, "words", 1)
        window.panel.set_models([found], complete=True)
        turns(qtbot)
        assert asked == ([] if typed_on else ["curls"])

    def test_nothing_is_made_later_where_there_is_no_model(
        self, qtbot: QtBot, home: Path, studio: Studio, plugin_names: Callable[..., None],
        make_window: MakeWindow,
    ) -> None:  # fmt: skip
        (home / "data" / "plugins" / "pupil.py").write_text(PUPIL)
        plugin_names("pupil")
        studio.registry.refresh()
        window = make_window("pupil", size=(1280, 800))
        asked: list[str] = []
        window.panel.generate_requested.connect(lambda prompt: asked.append(prompt.prompt))
        studio.complete = False
        studio.models_changed.emit()
        qtbot.keyClick(stage(window).bar.words, Qt.Key.Key_Return)
        studio.complete = True
        studio.models_changed.emit()
        turns(qtbot)
        found = ModelInfo("words", "pupil", Path("words"), {"words": {}}, True, "words", 1)
        window.panel.set_models([found], complete=True)
        turns(qtbot)
        assert asked == []

    def test_it_asks_for_the_words_that_the_chosen_model_understands(
        self, home: Path, studio: Studio, plugin_names: Callable[..., None],
        make_window: MakeWindow, wait: Wait,
    ) -> None:  # fmt: skip
        (home / "data" / "plugins" / "pupil.py").write_text(PUPIL)
        plugin_names("pupil")
        studio.registry.refresh()
        cards: dict[str, dict[str, Any]] = {"words": {}, "none": {"prompt": False}}
        window = make_window("pupil", size=(1280, 800))
        window.panel.set_models(
            [
                ModelInfo(name, "pupil", Path(name), told, True, name, 1)
                for name, told in cards.items()
            ]
        )
        words = stage(window).bar.words
        wait(lambda: "long hair" in words.placeholderText())
        window.panel.choose("pupil", "none", "none")
        wait(lambda: words.isReadOnly() and "No words are needed" in words.placeholderText())
        window.panel.choose("pupil", "words", "words")
        wait(lambda: not words.isReadOnly() and "long hair" in words.placeholderText())


class TestLivingPicture:
    def test_it_is_made_when_nothing_else_goes_on(
        self, studio: Studio, make_window: MakeWindow, wait: Wait
    ) -> None:
        window = make_window()
        assert not stage(window).wall.artifacts
        studio.settings.set_preference("warm_worker", True)
        beginning(window).living.wake()
        wait(lambda: stage(window).wall.artifacts)
        assert window.board_area.view.stage.is_empty
        assert not window.session.waiting

    def test_who_saves_memory_is_shown_nothing_that_was_not_asked_for(
        self, qtbot: QtBot, window: StudioWindow
    ) -> None:
        living = beginning(window).living
        living._idle.setInterval(0)
        living.wake()
        qtbot.waitUntil(lambda: not living._idle.isActive())
        assert "pool" not in vars(window.studio.jobs)

    def test_it_stops_when_the_window_is_hidden(self, qtbot: QtBot, window: StudioWindow) -> None:
        living = beginning(window).living
        awake = [living.awake]
        living.wake()
        window.hide()
        awake.append(living.awake)
        assert not living._idle.isActive()
        window.show()
        assert [*awake, living.awake] == [True, False, True]

    def test_a_generator_that_breaks_leaves_the_stage_calm(
        self, qtbot: QtBot, paper: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        screen, bar = stage(paper), paper.board_area.bar
        told, wall = list[bool](), screen.wall
        true = wall.set_waiting

        def set_waiting(on: bool) -> None:
            told.append(on)
            true(on)

        monkeypatch.setattr(wall, "set_waiting", set_waiting)
        qtbot.keyClicks(screen.bar.words, "seven")
        wait(lambda: screen.wall.artifacts)
        assert True in told  # it showed where something would be
        screen.bar.words.selectAll()
        qtbot.keyClicks(screen.bar.words, "boom")
        wait(lambda: beginning(paper).living._job is None)
        assert screen.isVisible()
        assert not screen.wall.waiting
        assert bar.text == ""
        assert paper.panel.bar.text() == ""
        assert "Everything is made here" in screen.said.text()

    def test_the_last_one_is_there_at_once_at_the_next_start(
        self, studio: Studio, make_window: MakeWindow, wait: Wait
    ) -> None:
        keepsake.keep("echo", "", [Text("one"), Image(np.full((4, 4), 9, np.uint8))])
        keepsake.keep("bars", "another model", [Text("two")])
        window = make_window()
        wait(lambda: stage(window).wall.artifacts)
        assert stage(window).wall.artifacts[0] == Text("one")
        assert "pool" not in vars(studio.jobs)  # no worker was asked

    @pytest.mark.parametrize("text", ["", "{}", '{"model": "", "made": [{"medium": 3}]}', "[1]"])
    def test_a_damaged_keepsake_is_none(self, text: str) -> None:
        path = keepsake.path_of("echo")
        path.parent.mkdir(parents=True)
        path.write_text(text)
        assert keepsake.recall("echo", "") == []
        keepsake.keep("echo", "", [Text("x" * keepsake.MOST_BYTES)])
        assert path.read_text() == text  # too large to be kept

    def test_what_another_generator_made_is_taken_down(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        qtbot.keyClicks(stage(window).bar.words, "moon")
        wait(lambda: stage(window).wall.artifacts)
        window.panel.choose("bars")
        assert stage(window).wall.artifacts == ()

    def test_of_several_rows_all_are_full(self, qtbot: QtBot) -> None:
        from aigc_studio.ui.first.wall import Wall

        parent = QWidget()
        qtbot.addWidget(parent)
        wall = Wall(parent)
        wall.resize(800, 400)
        wall.set_reach(400)
        image = Image(np.full((4, 4), 9, np.uint8))
        most = wall.room_for(image)
        wall.show_artifacts([image] * most)
        full = len(wall._rows()[0])
        assert most > 2 * full > 4
        for hung, rows in ((full - 1, [full - 1]), (full + 1, [full]), (2 * full, [full] * 2)):
            wall.show_artifacts([image] * hung)
            assert [len(row) for row in wall._rows()] == rows

    def test_a_wall_that_has_become_larger_is_filled(
        self, qtbot: QtBot, studio: Studio, window: StudioWindow, wait: Wait
    ) -> None:
        wall, living, words = stage(window).wall, beginning(window).living, stage(window).bar.words
        qtbot.keyClicks(words, "moon")
        wait(lambda: wall.artifacts and living._job is None)
        qtbot.keyClicks(words, "s")  # as many texts as there is room for
        wait(lambda: "moons" in str(wall.artifacts[0]) and living._job is None)
        few = wall.artifacts
        for name in ("warm_worker", "live_preview"):
            studio.settings.set_preference(name, True)
        window.resize(1920, 1080)
        wait(lambda: len(wall.artifacts) > len(few) and living._job is None)
        assert wall.artifacts[: len(few)] == few  # the same, and more

    def test_a_real_request_goes_first(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        screen = stage(window)
        qtbot.keyClicks(screen.bar.words, "moon")
        qtbot.keyClick(screen.bar.words, Qt.Key.Key_Return)
        wait(lambda: window.session.waiting)
        assert not screen.isVisible()


class TestCards:
    def test_each_generator_brings_its_own_and_the_studio_two(self, window: StudioWindow) -> None:
        # What needs a model is offered once there is one.
        assert titles(window) == ["Lift two bars", "Continue a sentence", "Open a file"]
        window.panel.choose("spans")
        QApplication.processEvents()
        shown = ["Continue a sentence", "Teach it your own", "Lift two bars", "Open a file"]
        assert titles(window) == shown

    def test_a_text_is_prepared_in_one_step_with_its_place_marked(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        qtbot.mouseClick(card(window, "Continue a sentence"), LEFT)
        wait(lambda: window.studio.project.board.items)
        item = only_item(window)
        assert window.studio.history.stack.count() == 1
        assert window.studio.history.stack.undoText().startswith("Continue a sentence")
        view = window.board_area.view
        assert view.board_scene.target().item_ids == (item.id,)
        assert view.selection_of(item.id) == Span(26, 26)
        assert window.panel.generator() == "spans"
        assert window.panel.verb() == "edit"
        assert there(window.panel.middle.page().operation()).id == "continue"
        assert window.panel.why_not() == ""
        window.studio.history.stack.undo()
        assert stage(window).isVisible()

    def test_a_tune_is_prepared_by_the_keyboard_alone(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        button = card(window, "Lift two bars")
        reached = QWidget.nextInFocusChain(stage(window).bar.button)
        chain = []
        while reached is not stage(window).bar.button:
            chain.append(reached)
            reached = there(reached).nextInFocusChain()
        assert button in chain
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Return)
        wait(lambda: window.studio.project.board.items)
        item = only_item(window)
        assert window.board_area.view.selection_of(item.id) == Bars(2, 3)
        assert window.board_area.view.hasFocus()

    def test_a_sheet_comes_with_the_brush(
        self, qtbot: QtBot, paper: StudioWindow, wait: Wait
    ) -> None:
        qtbot.mouseClick(card(paper, "Draw"), LEFT)
        wait(lambda: paper.studio.project.board.items)
        item, view = only_item(paper), paper.board_area.view
        assert (item.name, item.width, item.provenance) == ("Mine", 256, None)
        assert view.tool == Tool.BRUSH
        assert paper.panel.buttons.main.text() == "Mend"
        assert "Mend" in paper.board_area.bar.text
        middle = view.viewport().rect().center()
        qtbot.mousePress(view.viewport(), LEFT, pos=middle)
        qtbot.mouseMove(view.viewport(), middle + QPoint(30, 0))
        qtbot.mouseRelease(view.viewport(), LEFT, pos=middle + QPoint(30, 0))
        view.finish_edits()
        drawn = paper.studio.project.store.get(only_item(paper).content)
        assert isinstance(drawn, Image)
        assert drawn.pixels.min() < 60

    def test_a_picture_comes_with_its_part_masked_and_says_who_made_it(
        self, qtbot: QtBot, paper: StudioWindow, wait: Wait
    ) -> None:
        qtbot.mouseClick(card(paper, "Change a part"), LEFT)
        wait(lambda: paper.studio.project.board.items)
        item = only_item(paper)
        mask = paper.studio.project.store.get(there(item.mask))
        assert isinstance(mask, Image)
        assert (mask.pixels[:, 28:] == 255).all()
        assert not mask.pixels[:, :28].any()
        made = there(item.provenance)
        assert made.generator == "paper"
        assert made.generated_alone
        assert paper.board_area.view.tool == Tool.MASK
        assert paper.panel.buttons.main.text() == "Redo it"
        qtbot.mouseClick(paper.panel.buttons.main, LEFT)
        wait(lambda: paper.session.waiting)

    @pytest.mark.parametrize("used", ["mine", "came", "also came"])
    def test_what_came_along_is_changed_by_a_model_that_did(
        self,
        qtbot: QtBot,
        paper: StudioWindow,
        wait: Wait,
        monkeypatch: pytest.MonkeyPatch,
        used: str,
    ) -> None:
        names = {"mine": False, "came": True, "also came": True}
        paper.studio.models = [
            ModelInfo(name, "paper", Path(name), {}, came, name, 1) for name, came in names.items()
        ]
        chosen: list[str] = []
        monkeypatch.setattr(paper.panel, "uses", lambda _generator, digest: digest == used)
        monkeypatch.setattr(paper.panel, "choose", lambda *words: chosen.append(words[-1]))
        qtbot.mouseClick(card(paper, "Change a part"), LEFT)
        wait(lambda: paper.studio.project.board.items)
        QApplication.processEvents()
        assert chosen == (["came"] if used == "mine" else [])

    def test_words_are_typed_into_the_prompt(self, qtbot: QtBot, paper: StudioWindow) -> None:
        paper.panel.choose("echo")
        qtbot.mouseClick(card(paper, "Say it"), LEFT)
        assert paper.panel.generator() == "paper"
        words = stage(paper).bar.words
        assert words.text() == "eight"
        assert stage(paper).isVisible()
        assert words.hasFocus()
        qtbot.keyClicks(words, "two")  # what is typed takes its place
        assert words.text() == "two"

    def test_it_can_be_taught(self, qtbot: QtBot, window: StudioWindow) -> None:
        window.panel.choose("bars")
        QApplication.processEvents()
        qtbot.mouseClick(card(window, "Teach it your own"), LEFT)
        assert there(window.trainings.dialog).isVisible()
        window.trainings.dialog.close()

    def test_a_file_is_opened(
        self, qtbot: QtBot, window: StudioWindow, tmp_path: Path, wait: Wait
    ) -> None:
        (tmp_path / "words.txt").write_text("Some words.")
        qtbot.mouseClick(card(window, "Open a file"), LEFT)
        dialog = there(beginning(window).dialog)
        assert dialog.isVisible()
        assert "*.aigc" in dialog.nameFilters()[0]
        assert "*.txt" in dialog.nameFilters()[0]
        dialog.filesSelected.emit([str(tmp_path / "words.txt")])
        dialog.close()
        wait(lambda: window.studio.project.board.items)
        assert only_item(window).name == "words"

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_each_has_a_picture_and_the_line_of_its_medium(
        self, qapp: QApplication, window: StudioWindow, scheme: theme.Scheme
    ) -> None:
        theme.apply(qapp, scheme)
        for title, medium in (("Continue a sentence", "text"), ("Lift two bars", "melody")):
            button = card(window, title)
            image = button.grab().toImage()
            line = image.pixelColor(image.width() // 2, button.picture_height + 1)
            assert line == theme.colour(theme.badge(medium))
            colours = {
                image.pixelColor(x, y).name()
                for x in range(12, image.width() - 12, 2)
                for y in range(12, button.picture_height - 4, 2)
            }
            assert len(colours) > 2
        theme.apply(qapp, "light")


class TestRecentBoards:
    def test_they_are_shown_and_opened_and_lost_ones_are_left_out(
        self, qtbot: QtBot, studio: Studio, make_window: MakeWindow, tmp_path: Path, wait: Wait
    ) -> None:
        window = make_window(size=(1280, 900))
        put(window, Image(np.full((8, 8), 200, np.uint8)))
        window.documents.save_to(tmp_path / "板.aigc")
        wait(lambda: studio.project.path)
        lost = tmp_path / "lost.aigc"
        lost.write_bytes(b"")
        studio.settings.add_recent_file(lost)
        lost.unlink()
        broken = tmp_path / "broken.aigc"
        broken.write_text("no board")
        studio.settings.add_recent_file(broken)
        window.documents.new()
        wait(lambda: stage(window).boards)
        (board,) = stage(window).boards
        assert board.isVisible()
        assert board.accessibleName() == "板"
        qtbot.mouseClick(board, LEFT)
        wait(lambda: studio.project.path == tmp_path / "板.aigc")
        assert not stage(window).isVisible()

    def test_a_thumbnail_is_made_of_pictures_only(self, tmp_path: Path) -> None:
        assert thumbnail(b"no picture").isNull()
        assert thumbnail(b"").isNull()


def test_without_a_generator_it_says_what_to_do(qtbot: QtBot, window: StudioWindow) -> None:
    window.studio.registry.records = ()
    window.studio.records_changed.emit()
    QApplication.processEvents()
    screen = stage(window)
    assert screen.heading.text() == "There is no generator yet"
    assert not screen.bar.isVisible()
    assert titles(window) == ["Open a file"]
    qtbot.mouseClick(screen.plugins, LEFT)
    assert there(window.dialogs.plugins).isVisible()
    there(window.dialogs.plugins).close()


@pytest.mark.parametrize("size", [(664, 500), (664, 560), (920, 740), (1560, 1020), (300, 200)])
@pytest.mark.parametrize("cards", [1, 3, 4, 12])
@pytest.mark.parametrize("boards", [0, 2, 6])
def test_nothing_overlaps_at_any_size(size: tuple[int, int], cards: int, boards: int) -> None:
    found = arrangement.arrange(QSize(*size), cards, boards)
    parts = [found.bar, found.note, *found.cards, *found.boards]
    if found.boards:
        parts.append(found.boards_label)
    for number, part in enumerate(parts):
        assert part.left() >= 0
        assert part.right() < size[0]
        assert part.bottom() < max(size[1], 300)
        assert not any(part.intersects(other) for other in parts[:number])
    assert found.heading.bottom() < found.bar.top()
    if size[1] >= 500:
        assert len(found.cards) >= min(cards, 3)


class TestPortraits:
    def test_a_drawing_in_light_on_dark_becomes_ink(self, qapp: QApplication) -> None:
        pixels = np.zeros((28, 28), np.uint8)
        pixels[10:18, 10:18] = 255
        pixels[2, 2] = portraits.BLANK - 8  # speckle
        image = Image(pixels)
        assert portraits.is_drawing(image)
        drawn = portraits.ink(image, 112, 112)
        assert drawn.pixelColor(56, 56) == theme.colour("text")
        assert drawn.pixelColor(10, 10).alpha() == 0
        assert not portraits.is_drawing(Image(255 - pixels))
        assert not portraits.is_drawing(Image(np.zeros((28, 28), np.uint8)))

    @pytest.mark.parametrize("ground", [0, 255])
    def test_what_is_marked_is_seen_on_any_ground(self, qapp: QApplication, ground: int) -> None:
        pixels = np.full((28, 56), ground, np.uint8)
        pixels[10:18, 10:18] = 255 - ground
        drawn = QImage(112, 80, QImage.Format.Format_RGB32)
        drawn.fill(Qt.GlobalColor.white)
        with QPainter(drawn) as painter:
            portraits.paint(painter, Image(pixels), QRectF(0, 12, 112, 56), marked=(28, 0, 56, 28))
        assert drawn.pixelColor(84, 40) != drawn.pixelColor(8, 40)
        assert drawn.pixelColor(84, 40).red() > drawn.pixelColor(84, 40).green()

    def test_the_lines_of_a_text_lie_under_each_other(self, qapp: QApplication) -> None:
        def drawn(text: str) -> QImage:
            image = QImage(240, 80, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
            with QPainter(image) as painter:
                place = QRectF(0, 0, 240, 80)
                portraits.paint(painter, Text(text), place, marked=(len(text), len(text)))
            return image.copy(0, 0, 240, 26)

        # What has no room is left out: the first line looks the same, whatever follows it.
        few, many = "KING:\nHa\nHo", "KING:\nHa\nHo" + "\nWho is there, and wherefore?" * 9
        assert drawn(few) == drawn(many)
        assert drawn("KING:\nHa\nHo") == drawn("KING:\nWho\nHo")

    def test_strokes_become_a_sheet(self, qapp: QApplication) -> None:
        sheet = portraits.sheet_of(Piece(strokes=(((0.1, 0.5), (0.5, 0.5), (0.9, 0.5)),)), 100)
        assert sheet.pixelColor(50, 50).lightness() < 20
        assert sheet.pixelColor(50, 10).lightness() == 255

    def test_every_medium_has_one(self, qapp: QApplication, qtbot: QtBot) -> None:
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QImage, QPainter

        tune = Melody((Note(0, 480, 60), Note(480, 480, 64)))
        pieces = (
            Piece(artifact=Text("The moon"), marked=(0, 3)),
            Piece(artifact=tune, marked=(1, 1)),
            Piece(artifact=Image(np.full((4, 4, 3), 90, np.uint8)), marked=(0, 0, 2, 2)),
            Piece(strokes=(((0.5, 0.2), (0.5, 0.8)),)),
        )
        for piece in pieces:
            image = QImage(160, 80, QImage.Format.Format_ARGB32)
            image.fill(Qt.GlobalColor.white)
            with QPainter(image) as painter:
                portraits.paint_piece(painter, piece, QRectF(10, 10, 140, 60))
            colours = {image.pixel(x, y) for x in range(160) for y in range(80)}
            assert len(colours) > 2

    def test_pieces_are_drawn_side_by_side(self, qapp: QApplication) -> None:
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QImage, QPainter

        grey = [Piece(artifact=Image(np.full((4, 4, 3), each, np.uint8))) for each in (90, 150)]
        image = QImage(160, 80, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        with QPainter(image) as painter:
            portraits.paint_pieces(painter, grey, QRectF(10, 10, 140, 60))
        assert image.pixelColor(43, 40).red() == 90  # the middle of each half
        assert image.pixelColor(117, 40).red() == 150
        assert image.pixelColor(80, 40).red() == 255


def test_escape_leaves_the_prompt_for_the_canvas(window: StudioWindow) -> None:
    QTest.keyClick(stage(window).bar.words, Qt.Key.Key_Escape)
    assert window.board_area.view.hasFocus()


def test_two_pieces_lie_about_the_middle_of_an_empty_board() -> None:
    laid = [(-128.0, -128.0, 256.0, 256.0), (144.0, -128.0, 256.0, 256.0)]
    assert centred(laid) == [(-264.0, -128.0, 256.0, 256.0), (8.0, -128.0, 256.0, 256.0)]
    assert centred([]) == []


def test_the_line_of_a_card_is_shortened_at_its_end_and_never_wider_than_the_card(
    make_window: Callable[..., StudioWindow],
) -> None:
    make_window("echo")
    metrics = QFontMetrics(theme.secondary_font())
    words = "Move a control, and all that can be seen of the face follows it at once. " * 2
    width = metrics.horizontalAdvance("Move a control, and all")
    lines = wrapped(words, metrics, width, 2)
    assert len(lines) == 2
    assert words.startswith(lines[0])
    assert lines[1].endswith("…")
    assert lines[1][:-1].strip() in words
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    assert wrapped("Move", metrics, width, 2) == ["Move"]
