"""The tour: each step is done by doing it with the real control, which has a ring around it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.tour.ring import Ring, StepCard
from aigc_studio.ui.window.tour.tour import SEEN, Tour

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT = Qt.MouseButton.LeftButton

# Makes and edits pictures; it says that it learns, too.
GREY = """
import numpy as np
from aigc_studio.api import Candidate, Description, Image, Operation, hookimpl

@hookimpl
def describe():
    return Description(id="grey", title="Grey", medium=Image, operations=(
        Operation(id="learn", verb="train", title="Learn"),
        Operation(id="make", verb="generate", title="Make", model="none"),
        Operation(id="mend", verb="edit", title="Mend", artifacts=1, model="none"),
    ))

@hookimpl
def train(request):
    yield from ()

@hookimpl
def generate(request):
    for number in range(request.count):
        yield Candidate(Image(np.full((28, 28), 90, np.uint8)))

@hookimpl
def edit(request):
    yield Candidate(request.artifacts[0])
"""


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    """Until something is there, which another process may have to do."""

    def until(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=40_000)

    return until


@pytest.fixture
def grey(
    home: Path, studio: Studio, plugin_names: Callable[..., None], make_window: MakeWindow
) -> StudioWindow:
    (home / "data" / "plugins" / "grey.py").write_text(GREY)
    plugin_names("spans", "bars", "echo", "grey")
    studio.registry.refresh()
    studio.settings.set_preference("live_preview", False)
    return make_window("grey", size=(1280, 800))


def begun(window: StudioWindow) -> tuple[Tour, Ring, StepCard]:
    window.actions_by_name["tour"].trigger()
    return window.tour, there(window.tour.ring), there(window.tour.card)


def is_around(ring: Ring, widget: QWidget) -> bool:
    """Whether the ring is seen, and around this control."""
    place = QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
    return ring.isVisible() and ring.geometry().contains(place)


def is_on(ring: Ring, widget: QWidget) -> bool:
    """Whether the ring is seen, and on this control or a part of it."""
    place = QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
    return ring.isVisible() and widget.isVisible() and ring.geometry().intersects(place)


def test_each_step_is_done_by_doing_it(qtbot: QtBot, grey: StudioWindow, wait: Wait) -> None:
    tour, ring, card = begun(grey)
    screen = there(grey.beginning).screen
    assert (tour.step, card.title.text()) == ("make", "Make something")
    assert card.count.text() == "Step 1 of 5"
    assert is_around(ring, screen.bar)
    qtbot.mouseClick(screen.bar.button, LEFT)  # the ring lets it through
    wait(lambda: tour.step == "keep")
    accept = grey.board_area.strip.accept_button
    # Which of the two there is first depends on when the strip has its first cell.
    ringed = [accept, grey.board_area.decisions]
    wait(lambda: any(is_on(ring, each) for each in ringed))
    wait(lambda: not grey.studio.jobs.under_way())
    qtbot.mouseClick(accept, LEFT)
    wait(lambda: tour.step == "mark")
    mask = grey.rail.widgetForAction(grey.rail.buttons[Tool.MASK])
    assert is_around(ring, mask)
    qtbot.mouseClick(mask, LEFT)
    view = grey.board_area.view
    wait(lambda: not is_around(ring, mask))  # it is around the picture now
    middle = view.viewport().rect().center()
    qtbot.mousePress(view.viewport(), LEFT, pos=middle)
    qtbot.mouseMove(view.viewport(), middle + QPoint(20, 10))
    qtbot.mouseRelease(view.viewport(), LEFT, pos=middle + QPoint(20, 10))
    wait(lambda: tour.step == "change")
    assert is_around(ring, grey.panel.buttons.main)
    qtbot.mouseClick(grey.panel.buttons.main, LEFT)
    wait(lambda: tour.step == "teach")
    assert is_around(ring, grey.panel.buttons.train)
    qtbot.mouseClick(grey.panel.buttons.train, LEFT)
    assert tour.step == "end"
    there(grey.trainings.dialog).close()
    assert card.skip_button.text() == "Done"
    assert not ring.isVisible()
    qtbot.mouseClick(card.skip_button, LEFT)
    assert tour.step == ""
    assert not card.isVisible()
    wait(lambda: not grey.studio.jobs.under_way())


def test_begun_amid_work_it_shows_the_button_that_makes_something(
    qtbot: QtBot, grey: StudioWindow, wait: Wait
) -> None:
    project = grey.studio.project
    content = project.store.put(Image(np.zeros((28, 28), np.uint8)))
    item = Item(project.board.new_ids(1)[0], "item", content, 0, 0, 280, 280)
    assert grey.studio.do(commands.add_items(project.board, [item]))
    grey.board_area.view.select([item.id])
    assert grey.panel.buttons.main.text().strip() == "Mend"
    tour, _ring, _card = begun(grey)
    assert grey.panel.buttons.main.text().strip() == "Generate"
    qtbot.mouseClick(grey.panel.buttons.main, LEFT)
    wait(lambda: tour.step == "keep")


def test_steps_are_skipped_and_gone_back_to(qtbot: QtBot, window: StudioWindow) -> None:
    tour, _ring, card = begun(window)  # echo neither edits nor learns
    assert card.count.text() == "Step 1 of 2"
    assert not card.back_button.isVisible()
    qtbot.mouseClick(card.skip_button, LEFT)
    assert tour.step == "keep"
    qtbot.mouseClick(card.back_button, LEFT)
    assert tour.step == "make"
    qtbot.mouseClick(card.close_button, LEFT)
    assert tour.step == ""


def test_the_ring_takes_no_click_and_lies_over_the_window(
    qtbot: QtBot, window: StudioWindow
) -> None:
    _tour, ring, card = begun(window)
    button = there(window.beginning).screen.bar.button
    spot = button.mapTo(window, button.rect().center())
    assert ring.geometry().contains(spot)
    assert window.childAt(spot) is button
    assert not card.geometry().intersects(ring.geometry().adjusted(4, 4, -4, -4))


@pytest.mark.parametrize("size", [(1024, 640), (1920, 1080)])
def test_it_stays_inside_the_window(window: StudioWindow, size: tuple[int, int]) -> None:
    tour, ring, card = begun(window)
    window.resize(*size)
    QApplication.processEvents()
    while tour.step:
        assert window.rect().contains(card.geometry())
        assert ring.isHidden() or window.rect().intersects(ring.geometry())
        tour.skip()


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_its_card_lies_on_no_main_button_and_not_on_the_line_under_the_prompt(
    grey: StudioWindow, size: tuple[int, int]
) -> None:
    tour, _ring, card = begun(grey)
    grey.resize(*size)
    QApplication.processEvents()
    screen = there(grey.beginning).screen
    buttons = (grey.panel.buttons.main, screen.bar.button, screen.said)
    steps = []
    while tour.step:
        for button in buttons:
            place = QRect(button.mapTo(grey, QPoint(0, 0)), button.size())
            assert button.isVisible()
            assert not card.geometry().intersects(place), tour.step
        steps.append(tour.step)
        tour.skip()
    assert steps == ["make", "keep", "mark", "change", "teach", "end"]


def test_another_board_or_the_windows_end_ends_it(window: StudioWindow) -> None:
    tour, ring, _card = begun(window)
    window.studio.show_project(Project.new())
    assert tour.step == ""
    tour.begin()
    assert tour.step == "make"
    window.hide()
    assert (tour.step, ring.isVisible()) == ("", False)
    window.show()


def test_escape_on_its_card_ends_it(qtbot: QtBot, window: StudioWindow) -> None:
    tour, _ring, card = begun(window)
    card.skip_button.setFocus()
    qtbot.keyClick(card.skip_button, Qt.Key.Key_Escape)
    assert tour.step == ""


class TestOffer:
    def test_it_is_offered_until_it_is_taken(self, qtbot: QtBot, window: StudioWindow) -> None:
        screen = there(window.beginning).screen
        assert screen.tour.isVisible()
        qtbot.mouseClick(screen.tour, LEFT)
        assert window.tour.step == "make"
        assert not screen.tour.isVisible()
        assert window.studio.settings.flag(SEEN)
        window.tour.end()
        assert not screen.tour.isVisible()

    def test_it_can_be_refused_for_good(
        self, qtbot: QtBot, studio: Studio, make_window: MakeWindow
    ) -> None:
        window = make_window()
        screen = there(window.beginning).screen
        qtbot.mouseClick(screen.no_tour, LEFT)
        assert not screen.tour.isVisible()
        assert studio.settings.flag(SEEN)
        assert window.tour.step == ""

    def test_who_has_worked_already_is_not_offered_it(self, window: StudioWindow) -> None:
        from aigc_studio.api import Image

        project = window.studio.project
        content = project.store.put(Image(np.full((8, 8), 90, np.uint8)))
        item = Item(project.board.new_ids(1)[0], "One", content, 0, 0, 80, 80)
        assert window.studio.do(commands.add_items(project.board, [item]))
        window.studio.history.stack.undo()
        screen = there(window.beginning).screen
        assert screen.isVisible()
        assert not screen.tour.isVisible()


def test_who_is_told_to_type_can_type_at_once(
    qtbot: QtBot, make_window: MakeWindow, wait: Wait
) -> None:
    """The link that was pressed goes, and Qt would give the keyboard to whatever is next."""
    window = make_window("echo", size=(1280, 800))
    screen = there(window.beginning).screen
    wait(lambda: screen.tour.isVisible())
    screen.bar.words.setText("from the last time")
    screen.tour.setFocus()
    qtbot.mouseClick(screen.tour, LEFT)
    assert window.tour.step == "make"
    assert QApplication.focusWidget() is screen.bar.words
    qtbot.keyClicks(QApplication.focusWidget(), "seven")
    assert screen.bar.words.text() == "seven"


def test_on_a_full_board_the_tour_lets_one_type_in_the_panel(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio
) -> None:
    window = make_window("echo", size=(1280, 800))
    content = studio.project.store.put(Image(np.full((28, 28), 90, np.uint8)))
    item = Item("a1", "Drawing", content, 0, 0, 280, 280)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    begun(window)
    assert QApplication.focusWidget() is window.panel.middle.generate_page.prompt


def test_it_can_be_taken_by_keys_alone(qtbot: QtBot, grey: StudioWindow, wait: Wait) -> None:
    """What a step asks for is done by keys where there are any, and skipped else."""
    asks = grey.actions_by_name["message"]
    assert not asks.isEnabled()
    tour, _ring, card = begun(grey)
    assert asks.isEnabled()
    qtbot.keyClick(
        there(grey.focusWidget()), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    wait(lambda: tour.step == "keep" and not grey.studio.jobs.under_way())
    qtbot.keyClick(there(grey.focusWidget()), Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    wait(lambda: tour.step == "mark")
    view = grey.board_area.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F6)
    assert card.skip_button.hasFocus()
    qtbot.keyClick(card.skip_button, Qt.Key.Key_F6)  # there and back
    assert view.hasFocus()
    grey.studio.say("Sure?", actions=[("Yes", lambda: None)])  # a message comes first
    qtbot.keyClick(view, Qt.Key.Key_F6)
    assert grey.board_area.bar.isAncestorOf(there(grey.focusWidget()))
    qtbot.keyClick(there(grey.focusWidget()), Qt.Key.Key_F6)
    assert card.skip_button.hasFocus()
    for step in ("change", "teach", "end"):
        qtbot.keyClick(card.skip_button, Qt.Key.Key_Space)
        assert tour.step == step
    qtbot.keyClick(card.skip_button, Qt.Key.Key_Space)
    assert tour.step == ""
    assert view.hasFocus()
    grey.board_area.bar.clear()
    wait(lambda: not asks.isEnabled())
