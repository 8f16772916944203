"""What can be done stands at the selection: the bar, the same verbs in menus and panel, New and
Edit.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import known, there
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Note, Span, Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton

# Makes pictures and edits them in each way there is, with no model.
SHADES = """
import numpy as np
from aigc_studio.api import Candidate, Description, Image, Operation, hookimpl

@hookimpl
def describe():
    return Description(id="shades", title="Shades", medium=Image, operations=(
        Operation(id="make", verb="generate", title="Make", model="none", prompt="optional"),
        Operation(id="mend", verb="edit", title={"en": "Mend", "zh": "修补"}, artifacts=1,
                  model="none", selection="optional"),
        Operation(id="fill-in", verb="edit", title={"en": "Fill in", "zh": "填充"}, artifacts=1,
                  model="none", selection="required"),
        Operation(id="turn-into", verb="edit", title={"en": "Turn into", "zh": "变成"},
                  artifacts=1, model="none", prompt="required", prompt_example="8"),
        Operation(id="morph", verb="edit", title={"en": "Morph", "zh": "渐变"}, artifacts=2,
                  model="none"),
    ))

@hookimpl
def generate(request):
    for number in range(request.count):
        yield Candidate(Image(np.full((8, 8), request.seed % 200, np.uint8)))

@hookimpl
def edit(request):
    for number in range(request.count):
        yield Candidate(Image(255 - request.artifacts[0].pixels))
"""

# Goes on with a text at its caret.
TAIL = """
from aigc_studio.api import Candidate, Description, Operation, Text, hookimpl

@hookimpl
def describe():
    return Description(id="tail", title="Tail", medium=Text, operations=(
        Operation(id="go-on", verb="edit", title="Go on", artifacts=1, model="none",
                  selection="optional"),
    ))

@hookimpl
def edit(request):
    yield Candidate(Text(" and queen"), part=True)
"""


@pytest.fixture
def window(
    home: Path, studio: Studio, plugin_names: Callable[..., None], make_window: MakeWindow
) -> StudioWindow:
    """A window that works with a generator of pictures; one of texts is there as well."""
    (home / "data" / "plugins" / "shades.py").write_text(SHADES)
    plugin_names("spans", "shades", "echo")
    studio.registry.refresh()
    studio.settings.set_preference("live_preview", False)
    window = make_window("shades", size=(1280, 800))
    window.board_area.view.setFocus()
    window.panel.middle.count.setValue(1)
    return window


def put(window: StudioWindow, artifact: Artifact, x: float = 0.0, name: str = "item") -> Item:
    project = window.studio.project
    board, content = project.board, project.store.put(artifact)
    item = Item(board.new_ids(1)[0], name, content, x, 0.0, 240.0, 160.0)
    assert window.studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    return item


def picture() -> Image:
    return Image(np.full((80, 120), 90, np.uint8))


def spot(window: StudioWindow, item: Item, across: float = 0.5, down: float = 0.5) -> QPoint:
    """A point of an item, in pixels of the viewport."""
    view = window.board_area.view
    where = QPointF(item.x + item.width * across, item.y + item.height * down)
    return view.to_view(where).toPoint()


def click(window: StudioWindow, at: QPoint, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(window.board_area.view.viewport(), LEFT, held, at)


def drag(window: StudioWindow, start: QPoint, end: QPoint) -> None:
    viewport = window.board_area.view.viewport()
    QTest.mousePress(viewport, LEFT, pos=start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, LEFT, pos=end)


def bar(window: StudioWindow) -> FloatingBar:
    return window.board_area.verbs


def words(window: StudioWindow) -> list[str]:
    """What the buttons with words in the bar say, from left to right."""
    buttons = (each for each in window.verbs.bar.widgets() if isinstance(each, QPushButton))
    return [button.text().strip() for button in buttons]


def button(window: StudioWindow, text: str) -> QPushButton:
    found = bar(window).findChildren(QPushButton)
    return next(each for each in found if each.isVisible() and each.text().strip() == text)


def more(window: StudioWindow) -> QMenu:
    """The menu behind the last button of the bar, as it opens."""
    last = window.verbs.bar.widgets()[-1]
    assert isinstance(last, QToolButton)
    for _opened in range(2):
        last.menu().aboutToShow.emit()
    return last.menu()


def menu_words(window: StudioWindow) -> list[str]:
    return [action.text() for action in more(window).actions() if not action.isSeparator()]


def free(window: StudioWindow) -> bool:
    """Whether the bar covers neither what is selected nor its handles and name."""
    view = window.board_area.view
    taken = view.overlay.taken().translated(view.viewport().pos())
    return bar(window).isVisible() and not bar(window).geometry().intersects(taken)


def candidate(window: StudioWindow, wait: Wait) -> Any:
    wait(lambda: bool(window.session.waiting) and not window.panel.buttons.is_busy())
    return window.session.waiting[-1]


class TestNewAndEdit:
    def test_selecting_shows_edit_and_deselecting_new(
        self, qtbot: QtBot, window: StudioWindow
    ) -> None:
        one, two = put(window, picture()), put(window, picture(), 400)
        assert window.panel.verb() == "generate"
        click(window, spot(window, one))
        assert window.panel.verb() == "edit"
        assert window.panel.buttons.main.accessibleName() == "Mend"
        click(window, QPoint(8, 8))
        assert window.panel.verb() == "generate"
        click(window, spot(window, one))
        qtbot.mouseClick(there(window.panel.middle.verbs.findChild(QPushButton)), LEFT)
        assert window.panel.verb() == "generate"
        click(window, spot(window, two))
        assert window.panel.verb() == "edit"
        QTest.keyClick(window.board_area.view, Key.Key_Delete)
        assert window.panel.verb() == "generate"

    def test_who_types_is_not_broken_off(self, qtbot: QtBot, window: StudioWindow) -> None:
        item = put(window, picture())
        prompt = window.panel.middle.page().prompt
        prompt.setFocus()
        QTest.keyClicks(prompt, "20")
        window.board_area.reveal([item.id])  # as accepting by a key does
        QTest.keyClicks(there(window.focusWidget()), "24")
        assert prompt.toPlainText() == "2024"
        assert window.panel.verb() == "generate"
        window.board_area.view.setFocus()
        assert window.panel.verb() == "edit"

    def test_a_prompt_that_only_had_the_keyboard_lets_go_of_it(self, window: StudioWindow) -> None:
        window.prompting.begin()  # as at the start, on an empty board
        prompt = window.panel.middle.page().prompt
        assert prompt.hasFocus()
        window.board_area.reveal([put(window, picture()).id])  # as importing does
        assert window.panel.verb() == "edit"
        assert window.board_area.view.hasFocus()

    def test_another_board_begins_with_new(self, window: StudioWindow) -> None:
        click(window, spot(window, put(window, picture())))
        window.studio.show_project(Project.new())
        assert window.panel.verb() == "generate"
        assert window.panel.buttons.main.accessibleName() == "Generate"
        assert not bar(window).isVisible()

    def test_a_mask_chooses_what_needs_it_and_its_end_what_was_chosen_before(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        window.board_area.view.set_tool(Tool.MASK)
        drag(window, spot(window, item, 0.3), spot(window, item, 0.6))
        wait(lambda: words(window)[:2] == ["Fill in", "Mend"])
        assert window.panel.buttons.main.accessibleName() == "Fill in"
        assert words(window)[-2:] == ["Invert Mask", "Clear Mask"]
        wait(lambda: bar(window).isVisible())
        qtbot.mouseClick(button(window, "Clear Mask"), LEFT)
        wait(lambda: words(window)[:1] == ["Mend"])
        assert window.panel.buttons.main.accessibleName() == "Mend"
        assert "Clear Mask" not in words(window)

    def test_what_the_person_chose_comes_back(self, qtbot: QtBot, window: StudioWindow) -> None:
        one, two = put(window, picture()), put(window, picture(), 400)
        click(window, spot(window, one))
        chooser = window.panel.middle.edit_page.chooser
        wanted = chooser._group.button(2)
        qtbot.mouseClick(wanted, LEFT, pos=QPoint(8, wanted.height() // 2))
        assert window.panel.buttons.main.accessibleName() == "Turn into"
        click(window, spot(window, two), shift=True)
        assert window.panel.buttons.main.accessibleName() == "Morph"
        click(window, spot(window, two), shift=True)
        assert window.panel.buttons.main.accessibleName() == "Turn into"


class TestBar:
    def test_it_stands_over_what_is_selected_and_moves_nothing(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        view = window.board_area.view
        assert not bar(window).isVisible()
        where, size = view.mapFromScene(0, 0), view.viewport().size()
        click(window, spot(window, item))
        wait(lambda: free(window))
        assert (view.mapFromScene(0, 0), view.viewport().size()) == (where, size)
        assert bar(window).geometry().bottom() < spot(window, item, 0.5, 0.0).y()
        assert words(window) == ["Mend", "Turn into"]
        for zoom in (0.5, 2.0, 1.0):
            view.set_zoom(zoom)
            wait(lambda: free(window))
        QTest.keyClick(view, Key.Key_Escape)
        wait(lambda: not bar(window).isVisible())

    def test_a_candidate_beside_it_is_decided_first(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, picture())
        window.board_area.view.select([item.id])
        wait(lambda: bar(window).isVisible())
        window.panel.set_verb("generate")
        window.panel.run()
        staging = window.board_area.staging
        wait(lambda: bool(staging.candidate) and not window.studio.jobs.under_way())
        window.board_area.view.select([item.id])
        wait(lambda: not bar(window).isVisible())
        staging.deciding.drop()
        wait(lambda: not staging.candidate and bar(window).isVisible())

    def test_under_the_upper_edge_it_stands_below(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, picture())
        view = window.board_area.view
        click(window, spot(window, item))
        view.pan(QPointF(0, 20 - spot(window, item, 0.5, 0.0).y()))
        wait(lambda: free(window))
        assert bar(window).geometry().top() > spot(window, item, 0.5, 1.0).y()

    def test_over_what_fills_the_view_it_lies_along_the_lower_edge(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        wait(lambda: free(window))
        window.board_area.view.set_zoom(12.0)
        wait(lambda: bar(window).geometry().bottom() == bar(window).room().bottom())
        assert bar(window).isVisible()
        window.board_area.view.set_zoom(1.0)
        wait(lambda: free(window))

    def test_of_what_is_out_of_sight_there_is_none(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, picture())
        view = window.board_area.view
        click(window, spot(window, item))
        wait(lambda: bar(window).isVisible())
        view.pan(QPointF(3.0 * view.width(), 0))
        wait(lambda: not bar(window).isVisible())

    def test_over_a_text_it_does_not_lie_on_the_row_that_is_marked(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, Text("One row beside another. " * 200))
        view = window.board_area.view
        view.select([item.id])
        wait(lambda: bar(window).isVisible())
        view.set_zoom(6.0)
        wait(lambda: bar(window).geometry().bottom() == bar(window).room().bottom())
        card = known(TextItem, view.board_scene.item(item.id))
        under = view.mapToScene(bar(window).geometry().center() - view.viewport().pos())
        view.board_scene.set_part(item.id, card.word_at(card.mapFromScene(under)))
        wait(lambda: bar(window).geometry().top() == bar(window).room().top())
        assert bar(window).isVisible()
        row = view.overlay.caret_row()
        assert not row.isEmpty()
        assert not row.translated(view.viewport().pos()).intersects(bar(window).geometry())

    def test_bars_over_what_fills_the_view_do_not_lie_on_each_other(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        view = window.board_area.view
        click(window, spot(window, item))
        view.set_zoom(12.0)
        wait(lambda: bar(window).isVisible())
        other = FloatingBar(view, "above")
        other.row.addWidget(QPushButton("Keep"))
        other.setGeometry(bar(window).geometry())
        other.show()
        view.viewport().update()
        wait(lambda: not bar(window).geometry().intersects(other.geometry()))
        assert bar(window).isVisible()

    def test_it_is_away_while_something_is_dragged_and_follows(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        viewport = window.board_area.view.viewport()
        click(window, spot(window, item))
        wait(lambda: free(window))
        before = bar(window).pos()
        QTest.mousePress(viewport, LEFT, pos=spot(window, item))
        assert not bar(window).isVisible()
        QTest.mouseMove(viewport, spot(window, item) + QPoint(30, 20))
        QTest.mouseMove(viewport, spot(window, item) + QPoint(60, 40))
        QApplication.processEvents()
        assert not bar(window).isVisible()
        QTest.mouseRelease(viewport, LEFT, pos=spot(window, item) + QPoint(60, 40))
        wait(lambda: free(window))
        assert bar(window).pos() != before

    def test_two_bars_lie_beside_each_other(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, picture())
        view = window.board_area.view
        other = FloatingBar(view, "above")
        other.row.addWidget(QPushButton("Keep"))
        click(window, spot(window, item))
        wait(lambda: bar(window).isVisible())
        other.setGeometry(bar(window).geometry())
        other.show()
        view.viewport().update()
        wait(lambda: not bar(window).geometry().intersects(other.geometry()))
        assert free(window)

    def test_a_press_runs_with_the_values_of_the_panel(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        window.panel.use_seed(77)
        wait(lambda: bar(window).isVisible())
        qtbot.mouseClick(button(window, "Mend"), LEFT)
        made = there(candidate(window, wait).provenance)
        assert (made.generator, made.operation, made.seed) == ("shades", "mend", 77)
        assert window.board_area.view.hasFocus()

    def test_a_verb_that_needs_words_has_a_field_for_them(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        wait(lambda: bar(window).isVisible())
        field = there(bar(window).findChild(QLineEdit))
        assert field.accessibleName() == "Turn into"
        qtbot.mouseClick(button(window, "Turn into"), LEFT)
        assert field.hasFocus()
        assert window.session.last is None
        QTest.keyClicks(field, "5")
        QTest.keyClick(field, Key.Key_Return)
        made = there(candidate(window, wait).provenance)
        assert (made.operation, made.prompt) == ("turn-into", "5")
        assert window.panel.middle.page().prompt_text() == "5"
        assert "Turn into: 5" in menu_words(window)

    def test_turning_needs_no_generator(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        wait(lambda: bar(window).isVisible())
        buttons = [each for each in window.verbs.bar.widgets() if isinstance(each, QToolButton)]
        names = [each.accessibleName() for each in buttons]
        assert names == ["Turn Left", "Flip Horizontally", "Crop", names[-1]]
        qtbot.mouseClick(buttons[0], LEFT)
        window.board_area.finish_edits()
        turned = window.studio.project.board.item(item.id)
        assert turned.content.info["width"] == 80

    def test_the_keyboard_comes_and_goes(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        wait(lambda: bar(window).isVisible())
        view = window.board_area.view
        QTest.keyClick(view, Key.Key_Period, CONTROL)
        assert window.focusWidget() is button(window, "Mend")
        QTest.keyClick(there(window.focusWidget()), Key.Key_Right)
        assert window.focusWidget() is button(window, "Turn into")
        QTest.keyClick(there(window.focusWidget()), Key.Key_Escape)
        assert view.hasFocus()
        assert window.board_area.target().number == 1
        # Past the last item, Tab leaves the canvas for the bar.
        QTest.keyClick(view, Key.Key_Tab)
        assert window.focusWidget() is button(window, "Mend")
        QTest.keyClick(there(window.focusWidget()), Key.Key_Space)
        assert there(candidate(window, wait).provenance).operation == "mend"

    def test_with_nothing_selected_the_key_says_what_to_do(self, window: StudioWindow) -> None:
        put(window, picture())
        QTest.keyClick(window.board_area.view, Key.Key_Period, CONTROL)
        assert "Select something" in window.board_area.bar.text

    def test_all_that_can_be_pressed_is_named(self, window: StudioWindow, wait: Wait) -> None:
        click(window, spot(window, put(window, picture())))
        wait(lambda: bar(window).isVisible())
        assert bar(window).accessibleName()
        widgets: list[QWidget] = window.verbs.bar.widgets()
        assert all(each.accessibleName() or getattr(each, "text", str)() for each in widgets)


class TestSameWords:
    def test_bar_menus_and_panel_say_the_same(self, window: StudioWindow, wait: Wait) -> None:
        one, two = put(window, picture()), put(window, picture(), 400)
        click(window, spot(window, one))
        wait(lambda: bar(window).isVisible())
        assert menu_words(window)[:2] == words(window) == ["Mend", "Turn into"]
        click(window, spot(window, two), shift=True)
        wait(lambda: words(window)[:1] == ["Morph"])
        assert menu_words(window)[0] == "Morph"
        assert window.panel.run_action.text() == "Morph"
        assert window.actions_by_name["edit_selection"].text() == "Morph"
        in_bar = window.actions_by_name.menus["generate"].actions()
        assert "Morph" in [action.text() for action in in_bar if action.isVisible()]

    def test_the_menu_says_once_what_the_panel_would_do_to_the_selection(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        click(window, spot(window, put(window, picture())))
        wait(lambda: bar(window).isVisible())
        menu = window.actions_by_name.menus["generate"]
        menu.aboutToShow.emit()
        shown = [action.text() for action in menu.actions() if action.isVisible()]
        assert shown.count("Mend") == 1
        menu.aboutToHide.emit()
        assert window.actions_by_name["edit_selection"].isVisible()  # its key works
        window.panel.set_verb("generate")
        menu.aboutToShow.emit()
        shown = [action.text() for action in menu.actions() if action.isVisible()]
        assert shown[0] != "Mend"
        assert shown.count("Mend") == 1

    def test_a_menu_says_whose_a_verb_of_another_generator_is(
        self,
        home: Path,
        studio: Studio,
        plugin_names: Callable[..., None],
        make_window: MakeWindow,
        wait: Wait,
    ) -> None:
        plugins = home / "data" / "plugins"
        (plugins / "shades.py").write_text(SHADES)
        other = SHADES.replace('id="shades"', 'id="glazes"').replace(
            'title="Shades"', 'title="Gla&ze"'
        )
        (plugins / "glazes.py").write_text(other)
        plugin_names("shades", "glazes")
        studio.registry.refresh()
        window = make_window("shades", size=(1280, 800))
        click(window, spot(window, put(window, picture())))
        wait(lambda: bar(window).isVisible())
        said = menu_words(window)
        assert said[:2] == ["Mend", "Turn into"]
        assert "Mend · Gla&&ze" in said

    def test_the_menu_runs_a_verb_at_once(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, picture())
        click(window, spot(window, item))
        window.board_area.view.set_tool(Tool.MASK)
        drag(window, spot(window, item, 0.3), spot(window, item, 0.6))
        wait(lambda: words(window)[:1] == ["Fill in"])
        next(each for each in more(window).actions() if each.text() == "Mend").trigger()
        assert there(candidate(window, wait).provenance).operation == "mend"

    def test_steps_are_called_by_their_verb_after_reopening_and_in_old_files(
        self, window: StudioWindow, wait: Wait, tmp_path: Path
    ) -> None:
        item = put(window, picture(), name="Drawing 1")
        click(window, spot(window, item))
        QTest.keyClick(
            window.board_area.view,
            Key.Key_Return,
            CONTROL | Qt.KeyboardModifier.ShiftModifier,
        )
        id = candidate(window, wait).id
        assert window.session.accept([id])
        stack = window.studio.history.stack
        assert stack.undoText() == "Mend Drawing 1"
        assert window.actions_by_name["undo"].text().endswith("Mend Drawing 1")
        window.studio.project.save(tmp_path / "a.aigc")
        window.studio.show_project(Project.open(tmp_path / "a.aigc"))
        assert stack.undoText() == "Mend Drawing 1"
        # As files were written before steps kept their verb.
        step = window.studio.project.history[-1]
        assert window.studio.history.title_of(replace(step, label="")) == "Mend Drawing 1"
        window.studio.registry.records = ()
        assert window.studio.history.title_of(replace(step, label="")) == "Mend Drawing 1"
        (after,) = [each for each in step.after.values() if each is not None]
        other = replace(there(after.provenance), generator="gone", operation="tidy-up")
        unknown = replace(step, label="", after={after.id: replace(after, provenance=other)})
        assert window.studio.history.title_of(unknown) == "Tidy up Drawing 1"


class TestOtherMedia:
    def test_verbs_of_another_generator_turn_the_panel_to_it(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        item = put(window, Text("the cat sat on the mat and the cat ran"))
        click(window, spot(window, item))
        elsewhere = window.panel.middle.elsewhere
        assert elsewhere.isVisible()
        assert [each.text() for each in elsewhere.buttons] == ["Use Chain of characters"]
        assert not window.panel.buttons.main.isVisible()  # nothing of it is marked
        window.board_area.view.board_scene.set_part(item.id, Span(7, 7))
        wait(lambda: bar(window).isVisible() and "Continue here" in words(window))
        assert window.panel.generator() == "shades"
        qtbot.mouseClick(button(window, "Continue here"), LEFT)
        assert window.panel.generator() == "spans"
        assert window.panel.buttons.main.isVisible()
        made = there(candidate(window, wait).provenance)
        assert (made.operation, made.selection) == (
            "continue",
            {"kind": "span", "start": 7, "stop": 7},
        )
        # What was done at a place comes first at the next one, and something else at words.
        click(window, QPoint(8, 8))
        click(window, spot(window, item))
        window.board_area.view.board_scene.set_part(item.id, Span(8, 11))
        wait(lambda: words(window)[:1] == ["Rewrite"])
        window.board_area.view.board_scene.set_part(item.id, Span(3, 3))
        wait(lambda: words(window)[:1] == ["Continue here"])

    def test_the_main_button_does_what_another_generator_can_in_one_press(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        first = put(window, Text("the cat sat on the mat and the cat ran"))
        other = put(window, Text("a rat sat on the hat and the rat ran"), 300.0)
        click(window, spot(window, first))
        click(window, spot(window, other), shift=True)
        main = window.panel.buttons.main
        wait(lambda: words(window)[:1] == ["Blend"])
        assert "Shades does not edit texts" in window.panel.middle.elsewhere.sentence.text()
        assert (main.text(), main.isEnabled()) == ("Blend · Chain of characters", True)
        assert window.panel.generator() == "shades"
        qtbot.mouseClick(main, LEFT)
        assert window.panel.generator() == "spans"
        made = there(candidate(window, wait).provenance)
        assert (made.generator, made.operation) == ("spans", "blend")
        click(window, QPoint(8, 8))
        assert window.panel.verb() == "generate"

    def test_the_panel_offers_the_generator_that_can(
        self, qtbot: QtBot, window: StudioWindow
    ) -> None:
        click(window, spot(window, put(window, Text("one two"))))
        qtbot.mouseClick(window.panel.middle.elsewhere.buttons[0], LEFT)
        assert window.panel.generator() == "spans"
        assert not window.panel.middle.elsewhere.isVisible()

    def test_where_there_is_no_generator_that_is_said(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        click(window, spot(window, put(window, Melody((Note(0, 480, 60),)))))
        elsewhere = window.panel.middle.elsewhere
        assert elsewhere.sentence.text().startswith("No generator for melodies yet")
        assert not window.panel.middle.edit_page.isVisible()
        with qtbot.waitSignal(window.panel.plugins_requested):
            qtbot.mouseClick(elsewhere.buttons[0], LEFT)
        wait(lambda: bar(window).isVisible())
        assert words(window) == []
        assert "Mend" not in menu_words(window)
        assert "Regenerate Selection" not in [each.replace("&", "") for each in menu_words(window)]

    def test_it_is_away_while_a_text_is_typed(self, window: StudioWindow, wait: Wait) -> None:
        item = put(window, Text("one two three"))
        window.panel.choose("spans")
        view = window.board_area.view
        click(window, spot(window, item))
        view.write(item.id)
        QTest.keyClick(view, Key.Key_Left)
        wait(lambda: bar(window).isVisible() and "Continue here" in words(window))
        QTest.keyClicks(view, "x")
        wait(lambda: not bar(window).isVisible())
        QTest.keyClick(view, Key.Key_Left)
        wait(lambda: bar(window).isVisible())

    def test_the_key_goes_on_with_a_text_that_is_being_begun(
        self,
        home: Path,
        studio: Studio,
        plugin_names: Callable[..., None],
        make_window: MakeWindow,
        wait: Wait,
    ) -> None:
        plugins = home / "data" / "plugins"
        (plugins / "shades.py").write_text(SHADES)
        (plugins / "tail.py").write_text(TAIL)
        plugin_names("shades", "tail")
        studio.registry.refresh()
        window = make_window("shades", size=(1280, 800))  # which makes pictures
        view = window.board_area.view
        view.setFocus()
        QTest.keyClick(view, Key.Key_T)
        QTest.keyClicks(view.viewport(), "The king")
        QTest.keyClick(view.viewport(), Key.Key_Return, CONTROL)
        record = candidate(window, wait)
        (item,) = window.studio.project.board.items
        assert window.studio.project.store.get(item.content) == Text("The king")
        assert record.target == item.id
        assert window.studio.project.store.get(record.content) == Text("The king and queen")

    def test_beside_a_text_that_is_being_begun_it_comes_with_the_first_words(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        window.panel.choose("spans")
        view = window.board_area.view
        view.setFocus()
        QTest.keyClick(view, Key.Key_T)
        assert view.writing is not None
        QTest.qWait(20)
        assert not bar(window).isVisible()
        QTest.keyClicks(view.viewport(), "one two")
        wait(lambda: bar(window).isVisible() and "Continue here" in words(window))
        card = view.to_view_rect(there(view.writing).sceneBoundingRect()).toAlignedRect()
        assert not bar(window).geometry().intersects(card)
        QTest.keyClicks(view.viewport(), " three")  # the caret is still there, and so is the bar
        QTest.qWait(20)
        assert bar(window).isVisible()
        QTest.mouseClick(button(window, "Continue here"), LEFT)
        record = candidate(window, wait)
        (item,) = window.studio.project.board.items
        assert window.studio.project.store.get(item.content) == Text("one two three")
        assert record.target == item.id
        view.act("deselect")
        view.setFocus()
        QTest.keyClick(view, Key.Key_T)
        QTest.keyClicks(view.viewport(), "four")
        verbs = window.panel.editing.verbs(view.writer.begun())
        assert verbs[0].operation.id == "continue"  # what was done at a place comes first

    def test_the_key_makes_something_new_where_nothing_was_typed(
        self, window: StudioWindow, wait: Wait
    ) -> None:
        view = window.board_area.view
        view.setFocus()
        QTest.keyClick(view, Key.Key_T)
        QTest.keyClick(view.viewport(), Key.Key_Return, CONTROL)
        assert candidate(window, wait).content.medium == "image"
        assert not window.studio.project.board.items


class TestPanel:
    def test_what_speaks_against_it_is_said_before(
        self, qtbot: QtBot, window: StudioWindow, wait: Wait
    ) -> None:
        click(window, spot(window, put(window, picture())))
        panel = window.panel
        panel.set_caution("This model knows digits. A photo becomes one.")
        assert panel.caution.isVisible()
        assert not panel.buttons.main.isEnabled()
        panel.run()
        assert window.session.last is None
        with qtbot.waitSignal(panel.tried_anyway):
            qtbot.mouseClick(panel.caution.link, LEFT)
        assert there(candidate(window, wait).provenance).operation == "mend"
        assert not panel.caution.isVisible()
        panel.set_caution("No good.")
        panel.set_verb("generate")
        assert panel.buttons.main.isEnabled()

    def test_a_caution_leaves_what_is_worked_with_in_sight(
        self, qtbot: QtBot, window: StudioWindow
    ) -> None:
        click(window, spot(window, put(window, picture())))
        window.resize(1024, 480)
        panel = window.panel
        panel.use_seed(7)
        area, unlock = panel._scroll, panel.middle.unlock
        bar = area.verticalScrollBar()
        qtbot.waitUntil(lambda: unlock.isVisible() and bar.maximum() > 0)
        unlock.setFocus()
        panel.set_caution("This model knows digits. A photo becomes one. " * 5)

        def end() -> int:  # it is laid out a little later
            return unlock.mapTo(there(area.widget()), QPoint(0, unlock.height())).y()

        qtbot.waitUntil(lambda: area.viewport().height() < end())
        assert unlock.visibleRegion().boundingRect() == unlock.rect()
        panel.set_caution("")
        qtbot.waitUntil(lambda: area.viewport().height() > end())
        window.panel.setFocus()
        bar.setValue(bar.maximum())
        panel.set_caution("This model knows digits. A photo becomes one. " * 5)
        qtbot.waitUntil(lambda: area.viewport().height() < end())
        assert bar.value() == bar.maximum()

    def test_a_kept_seed_is_let_go_of_by_one_press(
        self, qtbot: QtBot, window: StudioWindow
    ) -> None:
        middle = window.panel.middle
        window.panel.use_seed(7)
        assert middle.seed.take() == middle.seed.take() == 7
        window.panel.use_seed(7)
        qtbot.mouseClick(middle.unlock, LEFT)
        assert not middle.kept.isVisible()
        assert not middle.unlock.isVisible()
        assert middle.seed.take() != 7

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_what_an_empty_field_says_can_be_read(
        self, qapp: QApplication, window: StudioWindow, scheme: theme.Scheme
    ) -> None:
        theme.apply(qapp, scheme)
        prompt = window.panel.middle.page().prompt
        qapp.processEvents()
        said, ground = prompt.palette().placeholderText().color(), theme.colour("surface")
        assert said.alpha() == 255
        assert contrast(said, ground) >= 4.5
        theme.apply(qapp, "light")

    def test_groups_are_apart_and_what_belongs_together_is_close(
        self, window: StudioWindow
    ) -> None:
        click(window, spot(window, put(window, picture())))
        page = window.panel.middle.edit_page
        page.use("turn-into")
        QApplication.processEvents()
        parts = [part for part in (page.chooser, page._label, page.prompt) if part.isVisible()]
        rects = [QRect(part.mapTo(page, QPoint()), part.size()) for part in parts]
        assert rects[1].top() - rects[0].bottom() - 1 >= theme.PADDING
        assert rects[2].top() - rects[1].bottom() - 1 == theme.GRID


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours as WCAG has it, 1 to 21."""

    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
