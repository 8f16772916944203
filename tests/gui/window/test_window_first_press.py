"""Every press does something that can be seen, or the control says why it cannot."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aigc_studio.api import Artifact, Image, Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]

# Makes and edits pictures, with no model: as simple as can be.
GREY = """
import numpy as np
from aigc_studio.api import Candidate, Description, Image, Operation, hookimpl

@hookimpl
def describe():
    return Description(id="grey", title="Grey", medium=Image, operations=(
        Operation(id="make", verb="generate", title="Make", model="none"),
        Operation(id="mend", verb="edit", title="Mend", artifacts=1, model="none"),
    ))

@hookimpl
def generate(request):
    for number in range(request.count):
        yield Candidate(Image(np.full((8, 8), request.seed % 200, np.uint8)))

@hookimpl
def edit(request):
    yield Candidate(request.artifacts[0])
"""
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def grey(
    home: Path, studio: Studio, plugin_names: Callable[..., None], make_window: MakeWindow
) -> StudioWindow:
    """A window that works with a generator of pictures, which makes and edits."""
    (home / "data" / "plugins" / "grey.py").write_text(GREY)
    plugin_names("spans", "bars", "echo", "grey")
    studio.registry.refresh()
    studio.settings.set_preference("live_preview", False)
    return make_window("grey", size=(1280, 960))  # so high that all of the panel is seen


def put(window: StudioWindow, artifact: Artifact, name: str = "item") -> Item:
    project = window.studio.project
    board, content = project.board, project.store.put(artifact)
    place = (400.0 * len(board.items), 0.0, 320.0, 180.0)
    item = Item(board.new_ids(1)[0], name, content, *place)
    assert window.studio.do(commands.add_items(board, [item]))
    return item


def picture() -> Image:
    return Image(np.full((28, 28), 90, np.uint8))


def waiting(window: StudioWindow) -> list[str]:
    return window.board_area.strip.ids()


def begin_empty_in_edit(window: StudioWindow) -> None:
    window.panel.set_verb("edit")
    assert window.panel.verb() == "edit"
    assert not window.studio.project.board.items


@pytest.mark.parametrize("way", ["canvas", "panel", "key", "menu"])
def test_generate_on_an_empty_board_makes_something_new(
    qtbot: QtBot, grey: StudioWindow, wait: Wait, way: str
) -> None:
    begin_empty_in_edit(grey)
    stage = there(grey.beginning).screen
    left = Qt.MouseButton.LeftButton
    ways: dict[str, Callable[[], object]] = {
        "canvas": lambda: qtbot.mouseClick(stage.bar.button, left),
        "panel": lambda: qtbot.mouseClick(grey.panel.buttons.main, left),
        "key": lambda: qtbot.keyClick(grey.focusWidget() or grey, Qt.Key.Key_Return, CONTROL),
        "menu": grey.actions_by_name["generate"].trigger,
    }
    ways[way]()
    assert grey.panel.verb() == "generate"
    wait(lambda: bool(waiting(grey)))


def test_a_new_board_begins_with_something_new(
    qtbot: QtBot, grey: StudioWindow, wait: Wait
) -> None:
    begin_empty_in_edit(grey)
    qtbot.keyClick(grey.focusWidget() or grey, Qt.Key.Key_N, CONTROL)
    assert grey.panel.verb() == "generate"
    item = put(grey, picture())
    grey.board_area.view.select([item.id])
    grey.panel.set_verb("edit")
    grey.studio.show_project(Project.new())
    assert grey.panel.verb() == "generate"
    qtbot.keyClick(grey.focusWidget() or grey, Qt.Key.Key_Return, CONTROL)
    wait(lambda: bool(waiting(grey)))


def test_a_board_that_becomes_empty_leaves_the_edit_page(grey: StudioWindow) -> None:
    item = put(grey, picture())
    grey.board_area.view.select([item.id])
    grey.panel.set_verb("edit")
    grey.actions_by_name["delete"].trigger()
    assert grey.panel.verb() == "generate"
    grey.studio.history.stack.undo()
    grey.panel.set_verb("edit")
    grey.studio.history.stack.undo()
    assert grey.panel.verb() == "generate"


def test_on_an_empty_board_editing_says_what_to_do(grey: StudioWindow) -> None:
    begin_empty_in_edit(grey)
    assert "The board is empty" in grey.panel.middle.edit_page.reason()
    grey.actions_by_name["edit_selection"].trigger()
    assert "The board is empty" in grey.panel.bar.text()
    assert grey.panel.bar.isVisible()
    put(grey, picture())
    assert grey.panel.bar.text() == ""  # it holds no longer
    assert grey.panel.middle.edit_page.reason() == "Select an item on the canvas."


def test_ctrl_enter_says_why_it_cannot(qtbot: QtBot, grey: StudioWindow, wait: Wait) -> None:
    words = put(grey, Text("words"))
    grey.board_area.view.select([words.id])
    grey.panel.set_verb("edit")
    assert not grey.panel.buttons.main.isEnabled()
    qtbot.keyClick(grey.focusWidget() or grey, Qt.Key.Key_Return, CONTROL)
    assert grey.panel.bar.text() == "Grey does not edit texts. Another generator does."
    item = put(grey, picture())
    grey.board_area.view.select([item.id])
    assert grey.panel.bar.text() == ""
    qtbot.keyClick(grey.focusWidget() or grey, Qt.Key.Key_Return, CONTROL)
    wait(lambda: bool(waiting(grey)))


def test_no_model_is_said_on_the_empty_board(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window("spans")
    stage = there(window.beginning).screen
    qtbot.mouseClick(stage.bar.button, Qt.MouseButton.LeftButton)
    assert "train one first" in window.panel.bar.text()
    assert "train one first" in stage.said.text()


def test_what_a_generator_cannot_is_said(make_window: MakeWindow) -> None:
    window = make_window("echo")  # it makes, and neither edits nor learns
    item = put(window, Text("words"))
    window.board_area.view.select([item.id])
    window.actions_by_name["edit_selection"].trigger()
    assert "only new things" in window.panel.bar.text()
    assert window.session.last is None
    window.actions_by_name["train"].trigger()
    assert "Echo does not learn" in window.board_area.bar.text
    assert window.trainings.dialog is None


def test_the_seed_that_is_kept_says_so(grey: StudioWindow) -> None:
    middle = grey.panel.middle
    assert not middle.kept.isVisible()
    grey.panel.use_seed(7)
    assert middle.kept.isVisible()
    assert "same result" in middle.kept.text()
    middle.seed.lock.click()
    assert not middle.kept.isVisible()


# All of them, in each state


class Repaints(QObject):
    """Counts how often a window is painted anew; what repaints nothing changes no pixel."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self.number = 0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count."""
        self.number += event.type() is QEvent.Type.UpdateRequest
        return False


def look_around(window: StudioWindow) -> tuple[object, ...]:
    """What a person could see change beside the picture: other windows, clipboard, its state."""
    others = [
        each
        for each in QApplication.topLevelWidgets()
        if each.isVisible() and each is not window and not isinstance(each, QMenu)
    ]
    held = QApplication.clipboard().mimeData()
    return len(others), tuple(held.formats()) if held else (), window.windowState()


def at_rest(qtbot: QtBot, window: StudioWindow) -> tuple[object, ...]:
    """All that is seen, once nothing moves any more."""
    repaints = window.findChild(Repaints) or Repaints(window)
    seen: list[tuple[object, ...]] = [()]
    since = 0.0

    def still() -> bool:
        nonlocal since
        QApplication.processEvents()
        now = (repaints.number, *look_around(window))
        if now != seen[-1]:
            seen.append(now)
            since = time.monotonic()
        return time.monotonic() - since > 0.02

    qtbot.waitUntil(still, timeout=20_000)
    # What is on the screen: `grab` would paint all of it anew, and take ten times as long.
    shown = window.screen().grabWindow(window.winId())
    image = shown.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits()) if not image.isNull() else b"", *seen[-1][1:]


def put_back(window: StudioWindow) -> None:
    """Close what a press opened, cancel what it began."""
    window.session.cancel()
    while window.studio.jobs.under_way():
        QApplication.processEvents()
    window.session.discard([record.id for record in window.session.waiting])
    for each in QApplication.topLevelWidgets():
        if each.isVisible() and each is not window and not isinstance(each, QMenu):
            each.close()
    window.documents.question = None
    while window.board_area.bar.text:
        window.board_area.bar.clear()
    window.panel.set_error("")
    if window.isFullScreen():
        window.showNormal()


def nothing(window: StudioWindow) -> None:
    """An empty board."""


def not_selected(window: StudioWindow) -> None:
    """Two items, none of them selected."""
    put(window, picture())
    put(window, Text("words"))
    window.board_area.view.select([])


def text_only(window: StudioWindow) -> None:
    """A text is selected, and the generator makes pictures."""
    put(window, picture())
    window.board_area.view.select([put(window, Text("words")).id])
    window.panel.set_verb("edit")


def picture_only(window: StudioWindow) -> None:
    """A picture alone, selected."""
    window.board_area.view.select([put(window, picture()).id])
    window.panel.set_verb("edit")


def no_model(window: StudioWindow) -> None:
    """The generator has to learn first."""
    window.panel.choose("spans")


def no_generator(window: StudioWindow) -> None:
    """No plugin works."""
    window.studio.registry.records = ()
    window.studio.records_changed.emit()


def busy(window: StudioWindow) -> None:
    """A generation is under way."""
    window.panel.set_busy(True)
    window.panel.buttons._bar.setRange(0, 1)  # or it would move


# What is seen of these is elsewhere or nothing: the other window that closes, the same empty board.
# Those that ask in a box of their own, which waits: it is pressed in tests of its own.
ASKS = {"rename", "mask_pixels"}
QUIET = {"quit", "new", "actual_size", "open", "import", "save", "save_as", "cancel"} | ASKS


STATES = [nothing, not_selected, text_only, picture_only, no_model, no_generator, busy]


def is_dead(
    qtbot: QtBot, window: StudioWindow, press: Callable[[], object], before: tuple[object, ...]
) -> bool:
    """Whether a press changes nothing that can be seen; what it did is taken back."""
    stack = window.studio.history.stack
    steps = stack.index()
    press()
    window.board_area.view.finish_edits()
    # The history tells at once; all else is known when nothing moves any more.
    dead = stack.index() == steps and at_rest(qtbot, window) == before
    put_back(window)
    while stack.index() > steps:
        stack.undo()
    return dead


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_every_action_that_is_on_does_something_that_can_be_seen(
    qtbot: QtBot, grey: StudioWindow, state: Callable[[StudioWindow], None]
) -> None:
    made = grey.actions_by_name
    grey.status._timer.stop()  # the memory in use changes by itself
    state(grey)
    dead = []
    for name in made.names():
        QApplication.clipboard().clear()
        grey.board_area.view.setFocus()
        grey.availability.refresh()
        if name not in QUIET and made[name].isEnabled():
            before = at_rest(qtbot, grey)
            if is_dead(qtbot, grey, made[name].trigger, before):
                dead.append(name)
    assert dead == []


def is_one_of_many(button: QAbstractButton) -> bool:
    """Whether it says which of some is chosen, so that pressing it again means nothing."""
    action = button.defaultAction() if isinstance(button, QToolButton) else None
    grouped = action is not None and action.actionGroup() is not None
    return grouped or button.autoExclusive() or button.group() is not None


@pytest.mark.parametrize("state", STATES[1:3] + STATES[-2:], ids=lambda state: state.__name__)
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_every_button_that_is_on_does_something_that_can_be_seen(
    qtbot: QtBot, grey: StudioWindow, state: Callable[[StudioWindow], None]
) -> None:
    grey.status._timer.stop()
    state(grey)
    dead = []
    for button in grey.findChildren(QAbstractButton):
        QApplication.clipboard().clear()
        grey.board_area.view.setFocus()
        before = at_rest(qtbot, grey)
        # A press may have taken it away, or what has come since; a menu runs a loop of its own.
        if not isValid(button) or not button.isVisible() or not button.isEnabled():
            continue
        menu = isinstance(button, QToolButton) and button.menu() is not None
        if menu or (button.isChecked() and is_one_of_many(button)):
            continue
        named = button.text() or button.toolTip() or button.objectName()
        if named not in ("Cancel", "100 %") and is_dead(qtbot, grey, button.click, before):
            dead.append(named)
    assert dead == []


def tab_buttons(window: StudioWindow) -> dict[str, QToolButton]:
    """The buttons of the status bar that open a tab, by the name of their action."""
    found = (each for each in window.status.findChildren(QToolButton) if each.defaultAction())
    return {each.defaultAction().objectName(): each for each in found if each.property("kind")}


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_tip_of_a_menu_hides_nothing_and_goes_with_it(window: StudioWindow) -> None:
    buttons, menu = tab_buttons(window), window.actions_by_name.menus["train"]
    menu.popup(window.mapToGlobal(QPoint(100, 40)))
    menu.hovered.emit(window.actions_by_name["monitor"])
    assert window.status.tip.text() == "Watch the training that runs"
    assert [each.isVisible() for each in buttons.values()] == [True] * 5
    menu.close()
    assert window.status.tip.text() == ""
    window.actions_by_name["monitor"].hover()  # as its button does under the pointer
    assert window.status.tip.text() == ""


def test_no_action_has_a_tip_that_takes_the_buttons_of_the_status_bar_away(
    qtbot: QtBot, window: StudioWindow
) -> None:
    assert [each.text() for each in window.findChildren(QAction) if each.statusTip()] == []
    for button in tab_buttons(window).values():
        qtbot.mouseMove(button)
        assert button.isVisible()
        assert window.status.currentMessage() == ""


def test_a_tab_button_is_on_only_while_its_tab_is_shown(qtbot: QtBot, window: StudioWindow) -> None:
    buttons = tab_buttons(window)
    for name in ("candidates", "layers", "history", "monitor", "jobs"):
        qtbot.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
        assert window.bottom.isVisible(), name
        assert [key for key, each in buttons.items() if each.isChecked()] == [name]
        qtbot.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
        assert not window.bottom.isVisible(), name
        assert [key for key, each in buttons.items() if each.isChecked()] == []


def test_a_tab_that_is_closed_another_way_leaves_no_button_on(
    qtbot: QtBot, window: StudioWindow
) -> None:
    buttons = tab_buttons(window)
    for close in (
        window.bottom.close,
        lambda: QTest.keyClick(window.bottom, Qt.Key.Key_Escape),
        lambda: qtbot.mouseClick(window.bottom.closer, Qt.MouseButton.LeftButton),
        lambda: window.bottom.open("history"),
    ):
        window.actions_by_name["monitor"].trigger()
        assert buttons["monitor"].isChecked()
        close()
        assert not buttons["monitor"].isChecked()
    window.bottom.hide()


def test_a_notice_of_a_tool_goes_when_the_tool_does(qtbot: QtBot, window: StudioWindow) -> None:
    view, bar = window.board_area.view, window.board_area.bar
    view.set_tool(Tool.MASK)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert "Paint the mask" in bar.text
    window.studio.say("A question.", actions=[("Yes", lambda: None)])
    view.set_tool(Tool.MOVE)
    assert bar.text == "A question."
    bar.clear()
    assert bar.text == ""
