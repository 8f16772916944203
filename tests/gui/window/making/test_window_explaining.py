"""An item is explained: what a generator says of its parts is drawn over it, told and closed."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot
from thread_workers import Script

from aigc_studio.api import (
    Annotation,
    Artifact,
    Bars,
    EvaluateRequest,
    GeneratorError,
    Image,
    Mask,
    Melody,
    Message,
    Metric,
    Note,
    Progress,
    Span,
    Text,
    limits,
)
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui import theme
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.explaining import Explaining

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT = Qt.MouseButton.LeftButton
TITLE = "How expected is this?"

# Explain tunes and pictures, with no model.
OTHERS = """
import numpy as np
from aigc_studio.api import Annotation, Bars, Candidate, Description, Mask, Operation, hookimpl
from aigc_studio.api import {medium}

@hookimpl
def describe():
    return Description(id="tells", title="Tells", medium={medium}, operations=(
        Operation(id="tell", verb="evaluate", title="How usual is this?", artifacts=1,
                  model="none"),
    ))

@hookimpl
def evaluate(request):
    artifact = request.artifact
    if artifact.medium == "melody":
        yield Annotation(Bars(2, 2), 1.0, "two")
        yield Annotation(Bars(1, 2), 0.5, "one and two")
        yield Annotation(Bars(1, 9), 0.5, "too many")
        return
    left = np.zeros((artifact.height, artifact.width), np.uint8)
    left[:, : artifact.width // 2] = 255
    yield Annotation(Mask(left), 1.0, "reads as 7")
    yield Annotation(Mask(np.zeros_like(left)), 1.0, "nowhere")
    yield Annotation(Mask(np.full((3, 4), 255, np.uint8)), 1.0, "of another size")
"""


def put(window: StudioWindow, artifact: Artifact) -> Item:
    project = window.studio.project
    board, content = project.board, project.store.put(artifact)
    item = Item(board.new_ids(1)[0], "item", content, len(board) * 400.0, 0.0, 240.0, 160.0)
    assert window.studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    view.select([item.id])
    return item


def button(window: StudioWindow, title: str = TITLE) -> QToolButton:
    """The button in the bar over the selection."""
    window.verbs.refresh()
    found = window.board_area.verbs.findChildren(QToolButton)
    return next(each for each in found if each.isVisible() and each.accessibleName() == title)


def explaining(window: StudioWindow) -> Explaining:
    return window.board_area.explaining


def explain(window: StudioWindow, wait: Wait, title: str = TITLE) -> Explaining:
    """Press the button in the bar and wait for the end."""
    QTest.mouseClick(button(window, title), LEFT)
    wait(lambda: not window.studio.jobs.under_way())
    return explaining(window)


def told(window: StudioWindow) -> str:
    return window.board_area.bar.text


def ground(window: StudioWindow, at: QPointF) -> QColor:
    """What is seen at a place of the board."""
    view = window.board_area.view
    return view.viewport().grab().toImage().pixelColor(view.to_view(at).toPoint())


class Tips:
    """What stands under the pointer. Qt hides a true tip only some time later."""

    words = ""

    @classmethod
    def showText(cls, _at: QPoint, words: str, *_rest: object) -> None:
        cls.words = words

    @classmethod
    def hideText(cls) -> None:
        cls.words = ""


@pytest.fixture(autouse=True)
def tips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aigc_studio.ui.window.making.explaining.QToolTip", Tips)
    Tips.words = ""


def point(window: StudioWindow, item: Item, x: float, y: float) -> str:
    """Let the pointer rest at a place of an item (board units), and read what is told there."""
    view = window.board_area.view
    at = view.to_view(QPointF(item.x + x, item.y + y)).toPoint()
    place = view.viewport().mapToGlobal(at)
    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, place))
    return Tips.words


def parts(text: str) -> list[Annotation]:
    """All letters of a text, the first strong and the others weaker and weaker."""
    return [Annotation(Span(n, n + 1), 1 / (n + 1), f"part {n}") for n in range(len(text))]


@pytest.fixture
def window(script: Script, make_window: MakeWindow) -> StudioWindow:
    window = make_window("scripted", size=(1280, 800))
    window.board_area.view.setFocus()
    return window


@pytest.fixture
def teller(
    home: Path, studio: Studio, plugin_names: Callable[..., None], make_window: MakeWindow
) -> Callable[[str], StudioWindow]:
    """A window with a generator of the medium that explains."""

    def make(medium: str) -> StudioWindow:
        plugin = home / "data" / "plugins" / "tells.py"
        plugin.write_text(OTHERS.format(medium=medium))
        plugin_names("tells", "echo")
        studio.registry.refresh()
        window = make_window("tells", size=(1280, 800))
        window.board_area.view.setFocus()
        return window

    return make


def test_a_text_is_explained_and_escape_shows_it_as_it_is(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    item = put(window, Text("WWWW abc"))
    # Between the first letter's foot and its neighbour's: the ground is seen there.
    first = QPointF(item.x + 17, item.y + 30)
    before = ground(window, first)
    script.will(*parts("WWWW abc"))
    shown = explain(window, wait)
    (request,) = script.requests
    assert isinstance(request, EvaluateRequest)
    assert request.artifact == Text("WWWW abc")
    assert shown.item_id == item.id
    assert shown.legend.isVisible()
    assert shown.legend.words.text() == TITLE
    assert ground(window, first) == theme.colour("heat") != before
    QTest.keyClick(window.board_area.view, Qt.Key.Key_Escape)
    assert not shown.legend.isVisible()
    assert ground(window, first) == before
    # One thing at a time: what is selected stays so.
    assert window.board_area.target().item_ids == (item.id,)


@pytest.mark.parametrize("size", [(1280, 800), (784, 640)])
def test_where_every_value_is_0_the_legend_says_so(
    window: StudioWindow, script: Script, wait: Wait, size: tuple[int, int]
) -> None:
    window.resize(*size)
    put(window, Text("abcd"))
    script.will(Annotation(Span(0, 2), 0.0, "of nowhere"), Annotation(Span(2, 4), 0.0, "here"))
    shown = explain(window, wait)
    legend = shown.legend
    assert legend.words.text() == f"{TITLE} Every value is 0, so nothing is coloured."
    words = legend.words.fontMetrics().horizontalAdvance(legend.words.text())
    whole = legend.words.contentsRect().width() >= words
    assert whole == (size[0] == 1280)  # there is room beside no colours
    for part in (legend.scale, legend.low, legend.high):
        assert not part.isVisible()
    assert legend.room().contains(legend.geometry())
    legend.forth.click()
    assert legend.words.text() == "1 of 2: “ab”  0.00  of nowhere"
    script.will(Annotation(Span(0, 2), 0.0, "of nowhere"), Annotation(Span(2, 4), 0.1, "here"))
    explain(window, wait)
    assert legend.words.text() == TITLE
    assert legend.scale.isVisible()


def test_the_same_is_offered_in_bar_menus_and_panel(
    qtbot: QtBot, window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text("abc"))
    assert button(window)
    window.board_area.view.menu_asked.emit()
    action = window.actions_by_name["explain_1"]
    assert (action.text(), action.isVisible()) == (TITLE, True)
    (link,) = [each for each in window.panel.middle.explains.buttons() if each.isVisible()]
    assert link.text() == TITLE
    script.will(*parts("abc"))
    qtbot.mouseClick(link, LEFT)
    wait(lambda: not window.studio.jobs.under_way())
    assert explaining(window).legend.isVisible()
    # The keyboard is where was pressed, and the legend's cross says Esc all the same.
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Escape)
    assert not explaining(window).legend.isVisible()
    window.board_area.view.select([])
    window.verbs.refresh()
    assert not action.isVisible()
    assert not link.isVisible()


def test_who_only_measures_or_makes_other_things_explains_nothing(window: StudioWindow) -> None:
    put(window, Text("abc"))
    ours = [verb.generator for verb in window.panel.explains.verbs()]
    assert ours == ["scripted", "spans"]
    put(window, Melody((Note(0, 480, 60),)))
    assert [verb.generator for verb in window.panel.explains.verbs()] == ["bars"]
    window.board_area.view.select([item.id for item in window.studio.project.board.items])
    assert window.panel.explains.verbs() == []


def test_the_words_of_a_part_are_told_under_the_pointer(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    item = put(window, Text("WWWW abc"))
    assert point(window, item, 20, 26) == ""
    script.will(*parts("WWWW abc"), Annotation(Span(0, 8), 0.25, "<b>all</b>"))
    explain(window, wait)
    words = point(window, item, 20, 26)
    assert words == "<qt>1.00  part 0<br>0.25  &lt;b&gt;all&lt;/b&gt;</qt>"
    assert "part 1" in point(window, item, 16 + 22, 26)
    assert point(window, item, 16 + 22, 120) == ""


def test_parts_are_gone_through_by_keys_and_copied_as_a_table(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text("a\tb\n"))
    script.will(*parts("a\tb\n"))
    shown = explain(window, wait)
    legend = shown.legend
    legend.forth.setFocus()
    for words in ("1 of 4: “a”  1.00  part 0", "2 of 4: “⇥”  0.50  part 1"):
        QTest.keyClick(legend.forth, Qt.Key.Key_Space)
        assert legend.words.text() == words
    QTest.keyClick(legend.back, Qt.Key.Key_Space)
    QTest.keyClick(legend.back, Qt.Key.Key_Space)
    assert legend.words.text() == "4 of 4: “⏎”  0.25  part 3"
    QTest.mouseClick(legend.copy, LEFT)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[:3] == ["Part\tValue\tWords", "a\t1\tpart 0", "⇥\t0.5\tpart 1"]
    legend.forth.setFocus()
    QTest.keyClick(legend.forth, Qt.Key.Key_Escape)
    assert not legend.isVisible()
    assert window.board_area.view.hasFocus()


def test_it_goes_when_the_content_changes_and_undo_brings_nothing_back(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    item = put(window, Text("abc"))
    script.will(*parts("abc"))
    shown = explain(window, wait)
    project = window.studio.project
    other = project.store.put(Text("abd"))
    moved = commands.change_items(
        project.board, {item.id: there(project.board.get(item.id)).changed({"x": 50.0})}, "move"
    )
    window.studio.do(moved)
    assert shown.legend.isVisible()
    changed = there(project.board.get(item.id)).changed({"content": other})
    window.studio.do(commands.change_items(project.board, {item.id: changed}, "edit"))
    assert not shown.legend.isVisible()
    window.board_area.undo()
    assert not shown.legend.isVisible()
    assert there(window.board_area.view.board_scene.item(item.id)).heat is None


def test_an_item_that_goes_while_it_is_explained_ends_the_job(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text("abc"))
    script.will(Annotation(Span(0, 1), 1.0), threading.Event(), Annotation(Span(1, 2), 1.0))
    QTest.mouseClick(button(window), LEFT)
    shown = explaining(window)
    wait(lambda: shown.legend.copy.isEnabled())
    QTest.keyClick(window.board_area.view, Qt.Key.Key_Delete)
    wait(lambda: not window.studio.jobs.under_way())
    assert not shown.legend.isVisible()
    assert told(window) == ""
    window.studio.show_project(Project.new())
    assert shown.item_id == ""


def test_another_item_takes_the_place_of_the_one_before(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    one = put(window, Text("abc"))
    script.will(*parts("abc"))
    explain(window, wait)
    two = put(window, Text("de"))
    script.will(*parts("de"))
    shown = explain(window, wait)
    scene = window.board_area.view.board_scene
    assert there(scene.item(one.id)).heat is None
    assert there(scene.item(two.id)).heat is not None
    assert shown.item_id == two.id


def test_how_far_it_is_and_escape_ends_it(window: StudioWindow, script: Script, wait: Wait) -> None:
    put(window, Text("abc"))
    script.will(Progress(1, 4), Annotation(Span(0, 1), 1.0), threading.Event())
    QTest.mouseClick(button(window), LEFT)
    shown = explaining(window)
    wait(lambda: shown.legend.words.text() == f"{TITLE} 25%")
    QTest.keyClick(window.board_area.view, Qt.Key.Key_Escape)
    assert not shown.legend.isVisible()
    wait(lambda: not window.studio.jobs.under_way())


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Annotation(Span(2, 9), 0.5), "the characters 2 to 9, and the text has 3"),
        (Annotation(Bars(1, 1), 0.5), "its annotation of a text is of a Bars, and must be of Span"),
        (Annotation(Mask(np.full((2, 2), 255, np.uint8)), 0.5), "a Mask, and must be of Span"),
        (Annotation(Span(0, 1), 1.5), "is 1.5, and must be from 0 to 1"),
        (Annotation(Span(0, 1), float("nan")), "is nan, and must be from 0 to 1"),
        (Annotation(Span(0, 1), "0.5"), "value"),  # type: ignore[arg-type]
    ],
)
def test_what_does_not_fit_is_left_out_and_the_plugin_named(
    window: StudioWindow, script: Script, wait: Wait, wrong: Annotation, why: str
) -> None:
    put(window, Text("abc"))
    before = window.studio.history.stack.count()
    script.will(Annotation(Span(0, 1), 1.0), wrong, Annotation(Span(1, 2), 0.5))
    shown = explain(window, wait)
    assert "Scripted" in told(window)
    assert why in told(window)
    shown.step(-1)
    assert shown.legend.words.text().startswith("2 of 2:")
    # No part of the project.
    assert window.studio.history.stack.count() == before


def test_more_than_can_be_shown_is_a_sentence_and_what_came_stays(
    window: StudioWindow, script: Script, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANNOTATIONS", 5)
    put(window, Text("abcdefgh"))
    script.will(*parts("abcdefgh"))
    shown = explain(window, wait)
    assert "Scripted" in told(window)
    assert "more than 5 annotations" in told(window)
    shown.step(-1)
    assert shown.legend.words.text().startswith("5 of 5:")


def test_nothing_to_say_and_a_refusal_are_sentences(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text(""))
    script.will(Metric("nats_per_character", 1.0))
    shown = explain(window, wait)
    assert told(window) == "The plugin Scripted has nothing to say about this."
    assert not shown.legend.isVisible()
    script.will(
        Message("It is rather short.", "warning"), GeneratorError("Too short.", zh="太短。")
    )
    explain(window, wait)
    assert told(window) == "Too short."
    assert shown.item_id == ""


def test_an_answer_in_words_stays_and_can_be_copied(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text("a fox"))
    script.will(Message("It sees a fox."), Message("It is red.", "warning"))
    explain(window, wait)
    assert told(window) == "It sees a fox. It is red."
    newest = window.board_area.bar._messages.newest
    assert newest is not None
    assert newest.stays
    assert newest.kind == "warning"
    ((label, copy),) = newest.actions
    assert label == "Copy"
    copy()
    assert QGuiApplication.clipboard().text() == "It sees a fox. It is red."
    long = [Message(f"{word} {'x' * 1_500}.") for word in ("One", "Two")]
    script.will(*long)
    explain(window, wait)
    newest = window.board_area.bar._messages.newest
    assert newest is not None
    newest.actions[0][1]()
    assert "Two xxx" in QGuiApplication.clipboard().text()  # all of it, however much is shown
    assert len(QGuiApplication.clipboard().text()) > 3_000


def test_it_is_not_exported(window: StudioWindow, script: Script, wait: Wait) -> None:
    put(window, Text("WWWW abc"))
    before = window.board_area.view.exchange.render_board()
    script.will(*parts("WWWW abc"))
    explain(window, wait)
    assert window.board_area.view.exchange.render_board() == before


def test_bars_of_a_tune_are_tinted(teller: Callable[[str], StudioWindow], wait: Wait) -> None:
    window = teller("Melody")
    item = put(window, Melody(tuple(Note(n * 480, 480, 60) for n in range(8))))
    second = QPointF(item.x + 180, item.y + 40)
    before = ground(window, second)
    shown = explain(window, wait, "How usual is this?")
    assert ground(window, second) != before
    assert point(window, item, 180, 40) == "Bar 2\n1.00  two\n0.50  one and two"
    assert point(window, item, 60, 40) == "Bar 1\n0.50  one and two"
    assert "the bars 1 to 9, and there are 2" in told(window)
    shown.step(1)
    assert shown.legend.words.text() == "1 of 2: Bars 1 to 2  0.50  one and two"


def test_masks_lie_over_a_picture(teller: Callable[[str], StudioWindow], wait: Wait) -> None:
    window = teller("Image")
    item = put(window, Image(np.full((60, 90, 3), 255, np.uint8)))
    left, right = (QPointF(item.x + x, item.y + 140) for x in (40, 200))
    before = ground(window, right)
    explain(window, wait, "How usual is this?")
    assert ground(window, left) != before
    assert ground(window, right) == before
    assert point(window, item, 40, 140) == "1.00  reads as 7"
    assert point(window, item, 200, 140) == ""
    assert "4×3 pixels, and the picture 90×60" in told(window)


def test_a_long_text_is_explained_where_it_is_seen(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    text = "Rain falls on the tin roof all night. " * 800
    item = put(window, Text(text))
    parts = range(0, len(text), 5)
    script.will(*[Annotation(Span(n, n + 5), n % 7 / 7) for n in parts])
    shown = explain(window, wait)
    card = there(window.board_area.view.board_scene.item(item.id))
    window.board_area.view.viewport().grab()
    page: Any = card.page  # type: ignore[attr-defined]
    assert page.top == 0
    shown.step(-1)  # the last part, far below
    assert page.top > 20_000
    assert f"{len(parts):,} of {len(parts):,}: " in shown.legend.words.text()


def test_a_model_that_is_missing_is_a_sentence(window: StudioWindow, wait: Wait) -> None:
    put(window, Text("abc"))
    window.panel.choose("spans")
    (link,) = window.panel.middle.explains.findChildren(QPushButton)[-1:]
    QTest.mouseClick(link, LEFT, pos=QPoint(10, 10))
    wait(lambda: not window.studio.jobs.under_way())
    assert "needs a model, and there is none" in told(window)
    assert not explaining(window).legend.isVisible()


def test_the_legend_stays_inside_a_narrow_view(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text("abc"))
    script.will(Annotation(Span(0, 3), 1.0, "words " * 30))
    shown = explain(window, wait)
    view = window.board_area.view
    window.resize(640, 480)
    shown.step(1)
    wait(lambda: shown.legend.width() <= view.width())
    assert view.rect().contains(shown.legend.geometry())
    assert shown.legend.close_button.isVisible()
    window.resize(1280, 800)
    wait(lambda: shown.legend.copy.isVisible())


def test_what_is_said_lies_beside_the_legend(
    window: StudioWindow, script: Script, wait: Wait
) -> None:
    put(window, Text("abc"))
    script.will(Annotation(Span(0, 3), 1.0, "words"))
    shown = explain(window, wait)
    bar, view = window.board_area.bar, window.board_area.view
    bar.say("Something happened meanwhile.")
    wait(bar.isVisible)
    shown.legend.move(bar.geometry().topLeft() - view.pos())
    assert not bar.geometry().intersects(shown.legend.geometry().translated(view.pos()))
    assert shown.legend.isVisible()
