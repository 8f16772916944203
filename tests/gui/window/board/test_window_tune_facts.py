"""The bar over the board for a tune: title, metre, key, tempo, bars, and the grid of notes."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from gui.listening.test_window_listening import SCALE, a_tune
from gui.window.making.test_window_staging import press, put
from kinds import a_melody, known, there
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, Image, KeySignature, Melody, Metre, Note, Tempo
from aigc_studio.project import Item
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.board.metre_box import metre_of
from aigc_studio.ui.window.board.note_grid import NoteLength
from aigc_studio.ui.window.board.tempo_tap import TempoTap
from aigc_studio.ui.window.board.tune_facts import TuneFacts

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
TWO_KEYS = Melody(SCALE.notes, keys=(KeySignature(0, 2), KeySignature(4 * 1920, -1, "dorian")))


class Bar:
    """The options bar, a tune that is selected, and what becomes of it."""

    def __init__(self, window: StudioWindow, melody: Melody = SCALE) -> None:
        self.window = window
        self.item = a_tune(window, melody)
        self.begun = window.studio.history.stack.index()

    @property
    def page(self) -> TuneFacts:
        return self.window.board_area.options.tune_facts

    @property
    def melody(self) -> Melody:
        self.window.board_area.view.finish_edits()
        return a_melody(self.window.studio.project.store.get(self.board_item.content))

    @property
    def board_item(self) -> Item:
        return self.window.studio.project.board.item(self.item.id)

    @property
    def steps(self) -> int:
        self.window.board_area.view.finish_edits()
        return self.window.studio.history.stack.index() - self.begun

    def select(self, first: int, last: int) -> None:
        scene = self.window.board_area.view.board_scene
        scene.set_part(self.item.id, Bars(first, last))


@pytest.fixture
def bar(window: StudioWindow, qtbot: QtBot) -> Bar:
    made = Bar(window)
    qtbot.waitUntil(made.page.isVisible)
    qtbot.waitUntil(lambda: made.page.title.name == "Drawing 1")
    return made


def fill(field: object, words: str) -> None:
    line = there(getattr(field, "lineEdit", lambda: field)())
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, words)


def entry(menu: QMenu, *path: str) -> Callable[[], None]:
    menu.aboutToShow.emit()
    *outer, last = path
    for name in outer:
        menu = known(QMenu, next(each.menu() for each in menu.actions() if each.text() == name))
    return next(each.trigger for each in menu.actions() if each.text() == last)


class TestPage:
    def test_it_is_there_for_one_tune_alone(self, bar: Bar, qtbot: QtBot) -> None:
        window, options = bar.window, bar.window.board_area.options
        assert options.note_grid.isVisible()
        window.board_area.view.select([])
        qtbot.waitUntil(options.geometry_page.isVisible)
        assert options.note_grid.isHidden()
        picture = put(window.studio, Image(np.zeros((8, 8, 3), np.uint8)), 300, 0)
        window.board_area.view.select([picture.id])
        assert options.geometry_page.isVisible()
        window.board_area.view.select([bar.item.id, picture.id])
        assert options.geometry_page.isVisible()
        window.board_area.view.select([bar.item.id])
        assert bar.page.isVisible()

    def test_it_says_what_the_tune_is(self, bar: Bar) -> None:
        page = bar.page
        assert page.metre.currentText() == "4/4"
        assert page.key.text() == "No key"
        assert page.tempo.box.value() == 120
        assert page.bars.box.value() == 8

    def test_with_bars_selected_it_says_what_holds_there(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        bar = Bar(window, TWO_KEYS)
        qtbot.waitUntil(lambda: bar.page.key.text() == "D major")
        bar.select(6, 7)
        qtbot.waitUntil(lambda: bar.page.key.text() == "G dorian")

    @pytest.mark.parametrize("wide", [True, False])
    def test_in_little_room_things_give_way_and_none_is_cut(
        self, bar: Bar, qtbot: QtBot, wide: bool
    ) -> None:
        bar.window.resize(1400 if wide else 1024, 640)
        options = bar.window.board_area.options
        qtbot.waitUntil(lambda: (options.width() > 760) is wide)
        qtbot.waitUntil(lambda: bar.page.title.isVisible() is wide)
        for part in (bar.page.metre, bar.page.key, bar.page.tempo.box, bar.page.bars.box):
            right = part.mapTo(options, part.rect().topRight()).x()
            assert part.isVisible()
            assert right < options.note_grid.x()
        assert bar.page.words["key"].isVisible() is wide
        assert bar.page.bars.letter.isVisible()

    def test_it_can_be_told_without_seeing_it(self, bar: Bar) -> None:
        page = bar.page
        parts = (page.title, page.metre, page.key, page.tempo.box, page.tap, page.bars.box)
        assert [each.accessibleName() for each in parts] == [
            *("Title", "Metre: 4/4", "Key: No key", "Tempo", "Tap the tempo", "Bars")
        ]
        tab = Qt.FocusPolicy.TabFocus
        assert all(each.focusPolicy() & tab for each in parts)


class TestTitle:
    def test_it_is_typed_over(self, bar: Bar) -> None:
        fill(bar.page.title, "Jig")
        QTest.keyClick(bar.page.title, Key.Key_Return)
        assert (bar.board_item.name, bar.steps) == ("Jig", 1)
        assert bar.window.board_area.view.hasFocus()

    def test_escape_leaves_it(self, bar: Bar) -> None:
        fill(bar.page.title, "Jig")
        QTest.keyClick(bar.page.title, Key.Key_Escape)
        assert (bar.board_item.name, bar.page.title.name, bar.steps) == (
            "Drawing 1",
            "Drawing 1",
            0,
        )

    def test_a_long_one_is_shown_as_far_as_it_goes_and_edited_whole(
        self, bar: Bar, qtbot: QtBot
    ) -> None:
        bar.window.resize(1400, 700)
        qtbot.waitUntil(bar.page.title.isVisible)
        title, long = bar.page.title, "The Bonny Lass of Fisherrow and all her Sisters"
        bar.window.board_area.view.commands.rename(long)
        bar.page.refresh()
        assert title.text().endswith("…")
        title.setFocus()
        assert title.text() == long
        bar.window.board_area.view.setFocus()
        assert title.text().endswith("…")
        assert bar.board_item.name == long


class TestMetre:
    def test_it_is_typed_for_all_of_the_tune(self, bar: Bar, qtbot: QtBot) -> None:
        fill(bar.page.metre, "6/8")
        QTest.keyClick(bar.page.metre, Key.Key_Return)
        assert bar.melody.metres == (Metre(0, 6, 8),)
        assert bar.steps == 1
        assert bar.melody.notes == SCALE.notes
        bar.window.studio.history.stack.undo()
        assert bar.melody.metres == (Metre(0),)
        qtbot.waitUntil(lambda: bar.page.metre.currentText() == "4/4")

    def test_it_is_chosen_from_the_selected_bars_on(self, bar: Bar) -> None:
        bar.select(3, 4)
        bar.page.metre.setCurrentIndex(bar.page.metre.findText("3/4"))
        bar.page.metre.activated.emit(1)
        assert bar.melody.metres == (Metre(0), Metre(2 * 1920, 3, 4))

    def test_what_is_none_is_told_and_put_back(self, bar: Bar) -> None:
        told: list[str] = []
        bar.window.board_area.view.told.connect(told.append)
        fill(bar.page.metre, "6/7")
        QTest.keyClick(bar.page.metre, Key.Key_Return)
        (sentence,) = told
        assert "6/7" in sentence
        assert bar.page.metre.currentText() == "4/4"
        assert bar.steps == 0

    @pytest.mark.parametrize(
        ("words", "metre"),
        [("6/8", (6, 8)), (" 12 / 8 ", (12, 8)), ("C", (4, 4)), ("c|", (2, 2)), ("3 4", (3, 4))],
    )
    def test_how_one_is_written(self, words: str, metre: tuple[int, int]) -> None:
        assert metre_of(words) == metre

    @pytest.mark.parametrize("words", ["", "6", "0/4", "4/0", "99/4", "3/64", "x/y", "-3/4"])
    def test_what_is_none(self, words: str) -> None:
        assert metre_of(words) is None


class TestKey:
    def test_it_is_chosen_by_its_name(self, bar: Bar, qtbot: QtBot) -> None:
        entry(bar.page.key.choices, "Dorian", "E dorian")()
        assert bar.melody.keys == (KeySignature(0, 2, "dorian"),)
        qtbot.waitUntil(lambda: bar.page.key.text() == "E dorian")
        entry(bar.page.key.choices, "No key")()
        assert not a_melody(bar.melody).keys
        assert bar.steps == 2

    def test_it_is_estimated(self, window: StudioWindow, qtbot: QtBot) -> None:
        steps = (0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0)
        notes = tuple(Note(n * 480, 480, 62 + step) for n, step in enumerate(steps))
        bar = Bar(window, Melody(notes))
        entry(bar.page.key.choices, "Estimate: D major")()
        assert bar.melody.keys == (KeySignature(0, 2),)

    def test_an_empty_tune_has_none_to_be_estimated(self, window: StudioWindow) -> None:
        bar = Bar(window, Melody())
        bar.page.key.choices.aboutToShow.emit()
        assert [(a.text(), a.isEnabled()) for a in bar.page.key.choices.actions()][:2] == [
            ("Estimate", False),
            ("No key", True),
        ]


class TestTempo:
    def test_it_is_typed(self, bar: Bar) -> None:
        fill(bar.page.tempo.box, "90")
        QTest.keyClick(bar.page.tempo.box, Key.Key_Return)
        assert bar.melody.tempos == (Tempo(0, 666_667),)
        assert bar.steps == 1

    def test_steps_of_a_key_are_one_step_in_the_history(self, bar: Bar, qtbot: QtBot) -> None:
        bar.page.tempo.box.setFocus()
        for _number in range(5):
            QTest.keyClick(bar.page.tempo.box, Key.Key_Up)
        assert bar.steps == 0
        qtbot.waitUntil(lambda: bar.steps == 1)
        assert bar.melody.tempos[0].microseconds == 480_000

    def test_what_was_stepped_is_taken_before_another_tune_is_selected(self, bar: Bar) -> None:
        bar.page.tempo.box.setFocus()
        QTest.keyClick(bar.page.tempo.box, Key.Key_Down)
        bar.window.board_area.view.select([])
        assert bar.steps == 1
        assert bar.melody.tempos[0].microseconds == round(60_000_000 / 119)

    def test_from_the_selected_bars_on(self, bar: Bar) -> None:
        bar.select(5, 5)
        fill(bar.page.tempo.box, "60")
        QTest.keyClick(bar.page.tempo.box, Key.Key_Return)
        assert bar.melody.tempos == (Tempo(0), Tempo(4 * 1920, 1_000_000))

    def test_it_is_tapped(self, bar: Bar, qtbot: QtBot) -> None:
        for second in (0.0, 0.6, 1.2, 1.8):
            bar.page.tap.tap(100 + second)
        assert bar.page.tempo.box.value() == 100
        qtbot.waitUntil(lambda: bar.steps == 1)
        assert bar.melody.tempos == (Tempo(0, 600_000),)

    def test_taps_are_beats_and_a_pause_begins_anew(self, qtbot: QtBot) -> None:
        tap = TempoTap()
        qtbot.addWidget(tap)
        tap.beat = 1.5
        told: list[float] = []
        tap.tapped.connect(told.append)
        for second in (0.0, 0.5, 10.0, 11.0):
            tap.tap(second)
        assert told == [pytest.approx(180), pytest.approx(90)]


class TestBars:
    def test_more_and_fewer_at_the_end(self, bar: Bar, qtbot: QtBot) -> None:
        fill(bar.page.bars.box, "12")
        QTest.keyClick(bar.page.bars.box, Key.Key_Return)
        assert (bar.melody.bar_count, bar.melody.notes) == (12, SCALE.notes)
        fill(bar.page.bars.box, "2")
        QTest.keyClick(bar.page.bars.box, Key.Key_Return)
        assert (bar.melody.bar_count, bar.melody.notes) == (2, SCALE.notes[:8])
        assert bar.steps == 2
        bar.window.studio.history.stack.undo()
        qtbot.waitUntil(lambda: bar.page.bars.box.value() == 12)

    def test_a_tune_of_far_too_many_is_refused_in_words(self, bar: Bar) -> None:
        told: list[str] = []
        bar.window.board_area.view.told.connect(told.append)
        fill(bar.page.bars.box, "200000")
        QTest.keyClick(bar.page.bars.box, Key.Key_Return)
        assert (bar.melody.bar_count, bar.steps) == (200_000, 1)
        bar.window.board_area.view.commands.set_metre(1, 32)
        assert (bar.melody.bar_count, bar.steps) == (200_000, 1)
        assert told == [
            "The tune would have more than 200,000 bars: take fewer bars, or a longer metre."
        ]

    def test_a_metre_that_does_not_fit_the_ticks_is_refused_in_words(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        bar = Bar(window, Melody((Note(0, 6, 60),), ticks_per_quarter=6))
        told: list[str] = []
        window.board_area.view.told.connect(told.append)
        qtbot.waitUntil(lambda: bar.page.bars.box.value() == 1)
        fill(bar.page.metre, "5/16")
        QTest.keyClick(bar.page.metre, Key.Key_Return)
        assert bar.steps == 0
        qtbot.waitUntil(lambda: bar.page.metre.currentText() == "4/4")
        (sentence,) = told
        assert sentence.startswith("5/16 does not come out even in this tune")


class TestGrid:
    def test_it_is_chosen_and_remembered(self, bar: Bar) -> None:
        grid = bar.window.board_area.options.note_grid
        entry(grid.choices, "1/8 triplets")()
        assert bar.window.board_area.view.options.notes.grid == "1/8T"
        assert "1/8T" in grid.text()
        assert bar.window.studio.settings.remembered("notes") == {"grid": "1/8T"}

    def test_a_new_view_begins_with_it(self, bar: Bar) -> None:
        from aigc_studio.ui.canvas import BoardView
        from aigc_studio.ui.window.board.note_memory import recalled

        for kept, grid in (("1/16", "1/16"), ("1/5", ""), (7, "")):
            bar.window.studio.settings.remember({"grid": kept}, "notes")
            view = BoardView(bar.window.studio.project)
            assert recalled(view, bar.window.studio.settings).grid == grid
            view.close()

    def test_the_window_recalls_it(self, window: StudioWindow) -> None:
        window.studio.settings.remember({"grid": "1/32"}, "notes")
        bar = Bar(window)
        assert "1/32" in bar.window.board_area.options.note_grid.text()

    def test_it_stays_with_the_tools_and_so_does_what_the_tune_is(self, bar: Bar) -> None:
        options, view = bar.window.board_area.options, bar.window.board_area.view
        for tool in (Tool.BRUSH, Tool.ERASER, Tool.LASSO, Tool.RECTANGLE, Tool.MASK):
            view.set_tool(tool)
            assert options.note_grid.isVisible()
            assert bar.page.isVisible(), tool
            assert there(options.layout()).minimumSize().width() <= options.width(), tool
        view.set_tool(Tool.CROP)  # which is for pictures alone, and says so
        assert not bar.page.isVisible()
        view.set_tool(Tool.BRUSH)
        view.select([])
        assert options.brush.isVisible()


class TestLength:
    def test_it_is_seen_chosen_typed_and_drawn(self, bar: Bar) -> None:
        options = bar.window.board_area.options
        view, length = bar.window.board_area.view, options.note_length
        assert length.text().endswith("1/4")
        entry(length.choices, "1/8")()
        assert view.options.notes.length == Fraction(1, 2)
        assert length.accessibleName() == "Length of the next note: 1/8"
        view.act("edit_notes")
        for key, shown in ((Key.Key_6, "1/2"), (Key.Key_Period, "3/4")):
            press(bar.window, key)
            assert length.text().endswith(shown)
        (checked,) = self.checked(length)
        assert checked == "3/4"
        view.select([])
        assert length.isHidden()

    def checked(self, button: NoteLength) -> list[str]:
        button.choices.aboutToShow.emit()
        return [each.text() for each in button.choices.actions() if each.isChecked()]


@pytest.mark.parametrize("name", ["metronome", "staff"])
def test_what_is_about_tunes_is_there_where_there_is_one(window: StudioWindow, name: str) -> None:
    assert not window.actions_by_name[name].isEnabled()
    a_tune(window)
    assert window.actions_by_name[name].isEnabled()
    window.board_area.view.setFocus()
    press(window, Key.Key_Escape)
    assert window.actions_by_name[name].isEnabled()
