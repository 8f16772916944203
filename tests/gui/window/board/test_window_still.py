"""The board never moves: what comes, goes, opens or closes lies over it."""

from collections.abc import Callable
from typing import Any

import pytest
from kinds import there
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMessageBox, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Text
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Tool, tool_infos
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.labels import Label
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow, layout
from aigc_studio.ui.window.board.handle import HANDLE
from aigc_studio.ui.window.making.asked import Look

Wait = Callable[[Callable[[], Any]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT = Qt.MouseButton.LeftButton
SIZES = [(1280, 800), (1024, 640)]


@pytest.fixture(autouse=True)
def pointer() -> None:
    """The pointer is nowhere in the way."""
    QCursor.setPos(0, 0)


def put(window: StudioWindow, artifact: Artifact, x: float, y: float, **fields: Any) -> str:
    project = window.studio.project
    (id,) = project.board.new_ids(1)
    size = {"width": 320.0, "height": 180.0} | fields
    item = Item(id, f"Item {id}", project.store.put(artifact), x, y, **size)
    window.studio.do(commands.add_items(project.board, [item]))
    return id


def come(window: StudioWindow, count: int) -> list[str]:
    """Candidates that wait, as if a generator had made them."""
    project, ids = window.studio.project, []
    for number in range(count):
        made = Text(f"candidate {number}")
        record = CandidateRecord(project.candidates.new_id(), project.store.put(made))
        window.session.artifacts[record.id] = made
        project.candidates.add(record)
        ids.append(record.id)
    return ids


def place_of_board(window: StudioWindow) -> tuple[object, ...]:
    """Where the board is in the window, to the pixel."""
    QTest.qWait(1)
    view = window.board_area.view
    port = view.viewport()
    return (
        port.mapTo(window, QPoint(0, 0)).toTuple(),
        port.size().toTuple(),
        view.mapFromScene(QPointF(7, -11)).toTuple(),
        view.viewportTransform(),
    )


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def tab(window: StudioWindow, name: str) -> QToolButton:
    found = window.status.findChildren(QToolButton)
    action = window.actions_by_name[name]
    return next(each for each in found if each.defaultAction() is action)


def say(window: StudioWindow, kind: str, **more: Any) -> None:
    window.studio.say(f"This is a sentence of the kind {kind}. " * 4, kind, **more)


def things_that_come_and_go(window: StudioWindow) -> list[Callable[[], object]]:
    area, view, made = window.board_area, window.board_area.view, window.actions_by_name
    bottom = window.bottom
    answers = [("Yes", lambda: None), ("No", lambda: None)]
    acts: list[Callable[[], object]] = [
        lambda: say(window, "info"),
        lambda: say(window, "error", details="It went wrong.", actions=answers),
        area.bar.clear,
        area.bar.clear,
        lambda: come(window, 1),
        lambda: come(window, 12),
        lambda: view.select([window.studio.project.board.ids[0]]),
        *(lambda name=name: click(tab(window, name)) for name in ("history", "monitor", "jobs")),
        lambda: click(bottom.larger),
        lambda: click(bottom.larger),
        lambda: click(bottom.closer),
        lambda: click(tab(window, "candidates")),
        *(lambda tool=info.tool: view.set_tool(tool) for info in tool_infos()),
        lambda: view.set_tool(Tool.MOVE),
        lambda: view.select([]),
        lambda: made["accept"].trigger(),
        window.studio.history.stack.undo,
        lambda: made["discard_all"].trigger(),
        area.bar.clear,
        lambda: click(tab(window, "jobs")),
        lambda: QTest.keyClick(bottom, Qt.Key.Key_Escape),
    ]
    return acts


@pytest.mark.parametrize("size", SIZES)
def test_nothing_that_comes_or_goes_moves_the_board(
    make_window: MakeWindow, size: tuple[int, int]
) -> None:
    window = make_window(size=size)
    put(window, Text("one"), -150, -150, width=200.0, height=80.0)
    window.board_area.view.set_zoom(0.4)
    before = place_of_board(window)
    for number, act in enumerate(things_that_come_and_go(window)):
        act()
        assert place_of_board(window) == before, number


@pytest.mark.parametrize("size", SIZES)
def test_a_live_preview_never_scrolls(make_window: MakeWindow, size: tuple[int, int]) -> None:
    window = make_window(size=size)
    put(window, Text("one"), -600, -600, width=1200.0, height=1200.0)
    before = place_of_board(window)
    staging = window.board_area.staging
    staging.show_look(Look(Text("soon"), None, "generate"))
    assert place_of_board(window) == before
    staging.end_preview()
    assert place_of_board(window) == before


@pytest.mark.parametrize(("size", "least"), [((1280, 800), 400), ((1024, 640), 280)])
def test_there_is_room_for_the_board_whatever_is_open(
    make_window: MakeWindow, size: tuple[int, int], least: int
) -> None:
    window = make_window(size=size)
    view, bottom = window.board_area.view, window.bottom
    come(window, 6)
    for name in ("candidates", "layers", "history", "training", "jobs"):
        bottom.open(name)
        QTest.qWait(1)
        assert view.viewport().height() - bottom.height() >= least
        assert view.clear_room().height() >= least
    bottom.open("training")
    click(bottom.pin)
    QTest.qWait(1)
    assert view.viewport().height() >= least


class TestThePlace:
    def test_candidates_open_it_and_the_last_of_them_closes_it(self, window: StudioWindow) -> None:
        bottom, strip = window.bottom, window.board_area.strip
        assert bottom.isHidden()
        others = [tab(window, name).x() for name in ("history", "monitor", "jobs")]
        ids = come(window, 3)
        assert [tab(window, name).x() for name in ("history", "monitor", "jobs")] == others
        assert bottom.current == "candidates"
        assert strip.isVisible()
        assert tab(window, "candidates").text() == "Candidates 3"
        assert tab(window, "candidates").isChecked()
        window.session.discard(ids)
        assert bottom.isHidden()
        assert tab(window, "candidates").text() == "Candidates"

    def test_what_the_person_looks_at_stays_when_candidates_come(
        self, window: StudioWindow
    ) -> None:
        click(tab(window, "history"))
        come(window, 2)
        assert window.bottom.current == "history"
        assert tab(window, "candidates").text() == "Candidates 2"

    def test_once_closed_it_opens_by_itself_no_more_until_it_is_wanted(
        self, window: StudioWindow
    ) -> None:
        come(window, 1)
        click(window.bottom.closer)
        come(window, 1)
        assert window.bottom.isHidden()
        click(tab(window, "candidates"))
        assert window.board_area.strip.isVisible()
        click(tab(window, "history"))
        click(tab(window, "history"))
        window.session.discard(window.board_area.strip.ids())
        come(window, 1)
        assert window.bottom.current == "candidates"

    def test_an_empty_strip_says_what_comes_there(self, window: StudioWindow) -> None:
        click(tab(window, "candidates"))
        labels = there(window.bottom.pages.currentWidget()).findChildren(Label)
        words = [each.text() for each in labels if each.isVisible()]
        assert words == ["What you generate waits here, to be kept or dropped."]

    def test_keys_open_it_and_escape_gives_the_canvas_the_keyboard(
        self, window: StudioWindow
    ) -> None:
        view, bottom = window.board_area.view, window.bottom
        view.setFocus()
        for key in ("Ctrl+Shift+C", "Ctrl+H", "Ctrl+Shift+T", "Ctrl+J"):
            QTest.keySequence(view, key)
            assert bottom.isVisible(), key
            bottom.closer.setFocus()
            QTest.keyClick(bottom.closer, Qt.Key.Key_Escape)
            assert bottom.isHidden(), key
            assert view.hasFocus(), key

    def test_its_edge_is_dragged_and_that_is_remembered_for_each_page(
        self, window: StudioWindow, studio: Studio
    ) -> None:
        bottom = window.bottom
        click(tab(window, "history"))
        before = bottom.height()
        here = QPoint(40, 5)
        QTest.mousePress(bottom.handle, LEFT, pos=here)
        QTest.mouseMove(bottom.handle, here - QPoint(0, 60))
        QTest.mouseRelease(bottom.handle, LEFT, pos=here)
        assert bottom.height() == before + 60
        bottom.handle.setFocus()
        QTest.keyClick(bottom.handle, Qt.Key.Key_Down)
        assert bottom.height() == before + 36
        click(tab(window, "jobs"))
        assert bottom.height() == before
        layout.remember(window, bottom, studio.settings)
        again = StudioWindow(studio)
        layout.restore(again, again.bottom, studio.settings)
        assert again.bottom.state() == bottom.state()
        assert again.bottom.current == "jobs"
        again.closing.allowed = True
        again.deleteLater()

    def test_a_double_click_takes_all_of_the_room_and_gives_it_back(
        self, window: StudioWindow
    ) -> None:
        bottom = window.bottom
        click(tab(window, "monitor"))
        before = bottom.height()
        QTest.mouseDClick(bottom.handle, LEFT)
        assert bottom.height() == window.board_area.view.height()
        QTest.mouseDClick(bottom.handle, LEFT)
        assert bottom.height() == before

    def test_bars_and_messages_keep_above_it(self, window: StudioWindow) -> None:
        view, bar = window.board_area.view, window.board_area.bar
        floating = FloatingBar(view, "below")
        put(window, Text("one"), -150, -150)  # no first screen, whose cards messages leave free
        say(window, "info")
        window.bottom.open("history")
        top = window.bottom.geometry().top()
        assert bar.geometry().bottom() < top
        assert floating.room().bottom() < top - view.y()
        click(window.bottom.closer)
        assert floating.room().bottom() > top - view.y()
        assert bar.geometry().bottom() > top

    def test_a_message_is_seen_over_a_place_that_takes_all_of_it(
        self, window: StudioWindow
    ) -> None:
        window.bottom.open("training")
        click(window.bottom.larger)
        say(window, "error")
        bar, area = window.board_area.bar, window.board_area
        assert area.rect().contains(bar.geometry())
        assert area.childAt(bar.geometry().center()) in (bar, *bar.findChildren(QWidget))

    def test_fit_all_fits_above_it(self, window: StudioWindow) -> None:
        view = window.board_area.view
        for x in (-900.0, 900.0):
            put(window, Text("one"), x, -400, width=90.0, height=800.0)
        view.select([window.studio.project.board.ids[0]])
        window.bottom.open("history")
        window.actions_by_name["fit"].trigger()
        (left, right) = view.board_scene.shown()
        shown = view.to_view_rect(left.sceneBoundingRect() | right.sceneBoundingRect())
        assert QRectF(view.clear_room()).contains(shown)
        assert shown.bottom() < window.bottom.geometry().top() - view.y()


class TestGivingWay:
    def under_it(self, window: StudioWindow) -> str:
        """An item that lies at the lower edge of the view."""
        view = window.board_area.view
        low = view.to_scene(QPointF(100, view.viewport().height() - 100))
        return put(window, Text("low"), low.x(), low.y(), width=100.0, height=60.0)

    def test_it_is_lower_for_what_is_selected_under_it(self, window: StudioWindow) -> None:
        view, bottom = window.board_area.view, window.bottom
        id = self.under_it(window)
        click(tab(window, "history"))
        before, full = place_of_board(window), bottom.height()
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Tab)
        assert view.board_scene.target().item_ids == (id,)
        assert bottom.height() == HANDLE
        assert not bottom.pages.isVisible()
        assert tab(window, "history").isChecked()
        view.select([])
        assert bottom.height() == full
        assert bottom.pages.isVisible()
        assert place_of_board(window) == before

    def test_a_click_on_its_tab_has_it_in_full_again(self, window: StudioWindow) -> None:
        bottom = window.bottom
        id = self.under_it(window)
        click(tab(window, "history"))
        full = bottom.height()
        window.board_area.view.select([id])
        assert bottom.height() == HANDLE
        QCursor.setPos(bottom.mapToGlobal(QPoint(20, 5)))
        click(tab(window, "history"))
        assert bottom.height() == full

    def test_what_a_person_opens_stays_until_something_else_is_looked_at(
        self, window: StudioWindow
    ) -> None:
        view, bottom = window.board_area.view, window.bottom
        id = self.under_it(window)
        view.select([id])
        QCursor.setPos(window.mapToGlobal(QPoint(5, 5)))  # the pointer is not what holds it
        window.actions_by_name["jobs"].trigger()
        assert bottom.pages.isVisible()
        full = bottom.height()
        assert full > HANDLE
        view.select([])
        assert bottom.height() == full
        view.select([id])
        assert bottom.height() == HANDLE

    def test_what_is_staged_there_can_be_seen(self, window: StudioWindow) -> None:
        area, bottom = window.board_area, window.bottom
        come(window, 2)
        full = bottom.height()
        before = place_of_board(window)
        low = area.view.to_scene(QPointF(300, area.view.viewport().height() - 170))
        staged = QRectF(low.x(), low.y(), 90, 40)
        area.arrangement.keep_in_sight(staged)
        assert HANDLE < bottom.height() < full
        assert area.view.seen().contains(staged)
        area.arrangement.keep_in_sight(None)
        assert bottom.height() == full
        assert place_of_board(window) == before

    def test_what_is_staged_behind_a_place_that_takes_all_can_be_seen(
        self, window: StudioWindow
    ) -> None:
        click(tab(window, "monitor"))
        full = window.bottom.height()
        click(window.bottom.larger)
        window.board_area.staging.show_look(Look(Text("soon"), None, "generate"))
        assert window.bottom.height() <= full
        assert window.bottom.current == "training"

    def test_never_under_the_keyboard_nor_where_it_is_pinned(self, window: StudioWindow) -> None:
        view, bottom = window.board_area.view, window.bottom
        id = self.under_it(window)
        click(tab(window, "history"))
        full = bottom.height()
        window.history_panel.view.setFocus()
        view.select([id])
        assert bottom.height() == full
        view.setFocus()
        view.select([])
        bottom.set_pinned(True)
        view.select([id])
        assert bottom.height() == full


class TestPinned:
    def test_the_board_is_smaller_then_and_its_upper_edge_stays(self, window: StudioWindow) -> None:
        view, bottom = window.board_area.view, window.bottom
        put(window, Text("one"), 0, 0)
        click(tab(window, "history"))
        _corner, size, point, _transform = place_of_board(window)
        width, height = view.viewport().size().toTuple()
        click(bottom.pin)
        assert view.viewport().size().toTuple() == (width, height - bottom.height())
        assert place_of_board(window)[2] == point
        assert view.clear_room() == view.viewport().rect()
        click(bottom.pin)
        assert place_of_board(window)[1:3] == (size, point)

    def test_then_nothing_opens_closes_or_changes_it_by_itself(self, window: StudioWindow) -> None:
        bottom = window.bottom
        click(tab(window, "history"))
        click(bottom.pin)
        before = place_of_board(window)
        ids = come(window, 3)
        assert bottom.current == "history"
        for name in ("candidates", "monitor", "jobs"):
            click(tab(window, name))
            assert place_of_board(window) == before
        click(tab(window, "candidates"))
        window.session.discard(ids)
        assert place_of_board(window) == before
        assert bottom.current == "candidates"
        click(bottom.closer)
        before = place_of_board(window)
        come(window, 2)
        assert place_of_board(window) == before

    def test_it_is_remembered(self, window: StudioWindow, studio: Studio) -> None:
        click(tab(window, "history"))
        click(window.bottom.pin)
        layout.remember(window, window.bottom, studio.settings)
        again = StudioWindow(studio)
        layout.restore(again, again.bottom, studio.settings)
        assert again.bottom.pinned
        assert again.bottom.pin.isChecked()
        again.closing.allowed = True
        again.deleteLater()


class TestAccepting:
    def test_what_is_out_of_sight_is_brought_into_view(self, window: StudioWindow) -> None:
        view = window.board_area.view
        id = put(window, Text("far"), 5000, 0)
        window.board_area.reveal([id])
        QTest.qWait(1)
        (card,) = view.board_scene.chosen()
        assert view.seen().contains(card.sceneBoundingRect())

    def test_what_is_in_sight_moves_nothing(self, window: StudioWindow) -> None:
        put(window, Text("far"), 5000, 0)
        id = put(window, Text("here"), -50, -50, width=100.0, height=60.0)
        before = place_of_board(window)
        window.board_area.reveal([id])
        assert place_of_board(window) == before

    def test_what_was_worked_on_from_near_moves_nothing(self, window: StudioWindow) -> None:
        view = window.board_area.view
        id = put(window, Text("here"), -300, -300, width=600.0, height=600.0)
        view.select([id])
        view.set_zoom(8.0)
        before = place_of_board(window)
        window.board_area.reveal([id])
        assert place_of_board(window) == before


def old_state(window: QMainWindow) -> None:
    """A window as it was laid out before: with a dock below the board."""
    for name, side in (
        ("prompt", Qt.DockWidgetArea.RightDockWidgetArea),
        ("bottom", Qt.DockWidgetArea.BottomDockWidgetArea),
    ):
        dock = QDockWidget(name, window)
        dock.setObjectName(name)
        dock.setWidget(QWidget())
        window.addDockWidget(side, dock)
    bar = QToolBar("tools", window)
    bar.setObjectName("tools")
    window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)


def test_a_layout_of_an_older_studio_is_taken(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio
) -> None:
    former = QMainWindow()
    qtbot.addWidget(former)
    old_state(former)
    former.resize(1280, 800)
    former.show()
    studio.settings.set_geometry("window-docks", former.saveState(1))
    window = make_window()
    window.restore_layout()
    place_of_board(window)
    assert window.bottom.isHidden()
    view = window.board_area.view
    bar = window.statusBar()
    assert view.mapTo(window, QPoint(0, view.height())).y() == bar.y()
    click(tab(window, "history"))
    assert window.bottom.isVisible()


def test_candidates_that_were_opened_by_hand_go_with_their_board(
    make_window: MakeWindow, wait: Wait, studio: Studio
) -> None:
    window = make_window()
    put(window, Text("a text"), 0, 0)
    come(window, 2)
    click(tab(window, "candidates"))  # it opened by itself
    click(tab(window, "candidates"))
    assert window.bottom.current == "candidates"
    layout.remember(window, window.bottom, studio.settings)
    window.session.discard(window.board_area.strip.ids())
    assert window.bottom.isVisible()  # somebody wants to see it
    former = studio.project
    window.documents.new()
    question = there(window.documents.question)
    question.button(QMessageBox.StandardButton.Discard).click()
    wait(lambda: studio.project is not former)
    assert window.bottom.isHidden()
    again = make_window()
    again.restore_layout()  # it was open when the layout was remembered
    assert again.bottom.isHidden()


@pytest.mark.parametrize("page", ["layers", "history"])
def test_other_pages_stay_from_board_to_board(
    make_window: MakeWindow, wait: Wait, studio: Studio, page: str
) -> None:
    window = make_window()
    click(tab(window, page))
    former = studio.project
    window.documents.new()
    wait(lambda: studio.project is not former)
    assert window.bottom.current == page


@pytest.mark.parametrize("width", [320, 400])
def test_the_panel_is_as_wide_as_it_was_left_on_a_smaller_screen_too(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio, width: int
) -> None:
    window = make_window()
    window.resize(1280, 800)
    dock = window.findChild(QDockWidget, "prompt")
    assert dock is not None
    window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: window.panel.width() == width)
    layout.remember(window, window.bottom, studio.settings)
    again = make_window()
    again.resize(784, 640)
    layout.restore_docks(again, again.bottom, studio.settings)
    qtbot.waitUntil(lambda: again.panel.width() == width)
    assert again.width() == 784


@pytest.mark.parametrize("width", [10**30, -(10**30), 0, True, "wide", 1e300])
def test_what_was_remembered_of_the_panel_may_be_anything(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio, width: Any
) -> None:
    studio.settings.remember({"width": width}, "prompt panel")
    with qtbot.captureExceptions() as raised:
        window = make_window()
        layout.restore_docks(window, window.bottom, studio.settings)
        QTest.qWait(1)
    assert raised == []


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"heights": {"history": "tall", "nowhere": 3, "jobs": -4}, "pinned": "yes", "page": 7},
        {"heights": [1], "unwanted": "candidates", "page": "nowhere"},
        {"heights": {"history": 10**9}, "page": "history"},
    ],
)
def test_what_was_remembered_of_the_place_may_be_anything(
    window: StudioWindow, studio: Studio, state: dict[str, Any]
) -> None:
    studio.settings.remember(state, "bottom place")
    layout.restore(window, window.bottom, Settings(studio.settings.path))
    layout.restore(window, window.bottom, studio.settings)
    window.bottom.open("history")
    QTest.qWait(1)
    assert 100 <= window.bottom.height() < window.board_area.view.height()


def test_a_training_that_begins_and_ends_moves_nothing(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio, wait: Wait, tmp_path: Any
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"{number} the cat sat on the mat " * 4)
    for _progress in studio.dataset_store.import_files(folder, "words", "text"):
        pass
    window = make_window("spans")
    put(window, Text("one"), -100, -100)
    before = place_of_board(window)
    dataset = studio.dataset_store.open("words")
    training = studio.training_store.create(
        NewTraining("spans", dataset, name="mine", steps=20, operation="learn", seed=1)
    )
    job = there(window.trainings.start(training))
    assert window.bottom.current == "training"
    assert place_of_board(window) == before
    monitor = there(window.trainings.monitor)
    wait(lambda: job.state.ended and monitor.state() == "done")
    wait(lambda: any(model.name == "mine" for model in studio.models))
    assert place_of_board(window) == before
    studio.say("Something else.")
    while window.board_area.bar.text:
        window.board_area.bar.clear()
        assert place_of_board(window) == before


def test_every_tab_lies_on_the_ground_of_the_place(qtbot: QtBot, window: StudioWindow) -> None:
    for name in ("candidates", "history", "monitor", "jobs"):
        tab(window, name).click()
        QTest.qWait(1)
        shown = window.bottom.grab().toImage()
        across, low = (4, shown.width() // 2, shown.width() - 2), shown.height() - 2
        grounds = {shown.pixelColor(x, low).name() for x in across}
        assert grounds == {theme.colour("surface").name()}, name
