"""A strip of very many candidates: each costs the same, and nothing is drawn that nobody sees."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from calls import calls
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Note, Text, limits
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.candidates import small as smalls
from aigc_studio.ui.candidates.cells import Frame, Pictures
from aigc_studio.ui.candidates.small import small
from aigc_studio.ui.candidates.strip import CandidateStrip

SQUARE = Image(np.full((28, 28), 200, np.uint8))


def frames(count: int, first: int = 0, **fields: Any) -> list[Frame]:
    return [Frame(f"c{first + n}", SQUARE, seed=n, **fields) for n in range(count)]


@pytest.fixture
def make_strip(qtbot: QtBot, qapp: QApplication) -> Callable[[int], CandidateStrip]:
    theme.apply(qapp, "light")

    def make(count: int) -> CandidateStrip:
        strip = CandidateStrip()
        qtbot.addWidget(strip)
        strip.resize(900, 160)
        strip.add_all(frames(count))
        strip.show()
        QApplication.processEvents()
        return strip

    return make


@pytest.fixture
def strip(make_strip: Callable[[int], CandidateStrip]) -> CandidateStrip:
    return make_strip(1000)


def heard(signal: Any) -> list[Any]:
    found: list[Any] = []
    signal.connect(lambda *values: found.append(values))
    return found


def test_a_thousand_come_and_go_in_one_step(qtbot: QtBot, qapp: QApplication) -> None:
    strip = CandidateStrip()
    qtbot.addWidget(strip)
    model = strip.list.model()
    came, went = heard(model.rowsInserted), heard(model.rowsRemoved)
    chosen = heard(strip.list.chosen_changed)
    strip.add_all(frames(1000))
    assert len(came) == 1
    assert strip._title.text() == "1,000 candidates"
    strip.remove(*strip.ids())
    assert len(went) == 1
    assert len(chosen) <= 3
    assert strip.ids() == []


def test_many_that_go_from_among_others_go_in_one_step(strip: CandidateStrip) -> None:
    went, again = heard(strip.list.model().rowsRemoved), heard(strip.list.model().modelReset)
    strip.select("c500", "c501", "c504")
    strip.remove(*(f"c{n}" for n in range(0, 1000, 2)))
    assert (len(went), len(again)) == (0, 1)
    assert strip.ids() == [f"c{n}" for n in range(1, 1000, 2)]
    assert strip.selected_ids() == ["c501"]
    assert strip.accept_button.isEnabled()
    strip.select("c3")
    strip.remove(*(f"c{n}" for n in range(1, 60, 4)), "c3")
    assert len(strip.selected_ids()) == 1


def one_more_and_away(strip: CandidateStrip) -> None:
    strip.add_all(frames(1, 10**6))
    QApplication.processEvents()
    strip.remove("c1000000")
    QApplication.processEvents()


def step_along(strip: CandidateStrip) -> None:
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        strip.list.setFocus()
        strip.list.step(1 if key == Qt.Key.Key_End else -1)
        QApplication.processEvents()


def choose_one(strip: CandidateStrip) -> None:
    strip.select("c40")
    assert strip.selected_ids() == ["c40"]
    QApplication.processEvents()


@pytest.mark.parametrize("act", [one_more_and_away, step_along, choose_one])
def test_one_costs_the_same_however_many_there_are(
    make_strip: Callable[[int], CandidateStrip], act: Callable[[CandidateStrip], None]
) -> None:
    took = []
    for count in (100, 5000):
        strip = make_strip(count)
        act(strip)  # what is drawn for the first time
        took.append(calls(lambda strip=strip: act(strip)))  # type: ignore[misc]
    assert took[1] <= 1.3 * took[0] + 20


@pytest.mark.parametrize("act", ["add", "remove", "sequence", "select"])
def test_ten_times_as_many_cost_ten_times_as_much(qtbot: QtBot, act: str) -> None:
    took = []
    for count in (60, 600):
        strip = CandidateStrip()
        qtbot.addWidget(strip)
        new = frames(count, strip="s") if act == "sequence" else frames(count)
        acts: dict[str, Callable[[], Any]] = {
            "remove": lambda strip=strip: strip.remove(*strip.ids()),  # type: ignore[misc]
            "select": lambda strip=strip: (strip.list.selectAll(), strip.selected_ids()),  # type: ignore[misc]
        }
        if act in acts:
            strip.add_all(new)
            took.append(calls(acts[act]))
        else:
            took.append(calls(lambda strip=strip, new=new: strip.add_all(new)))  # type: ignore[misc]
    assert took[1] <= 12 * took[0]


def test_only_what_is_seen_is_drawn(
    make_strip: Callable[[int], CandidateStrip], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Artifact] = []
    picture = artifact_pictures.picture

    def note(artifact: Artifact, *values: Any, **named: Any) -> QPixmap:
        drawn.append(artifact)
        return picture(artifact, *values, **named)

    monkeypatch.setattr(artifact_pictures, "picture", note)
    strip = make_strip(1000)
    strip.grab()
    assert 5 <= len(drawn) <= 14


def test_what_is_not_there_yet_is_asked_for_when_it_is_seen(strip: CandidateStrip) -> None:
    strip.clear()
    asked: list[str] = []
    there: dict[str, Artifact] = {}

    def ask(id: str) -> Artifact | None:
        asked.append(id)
        return there.get(id)

    strip.list.painter.pictures.source = ask
    strip.add_all(Frame(f"n{n}", width=84) for n in range(500))
    strip.grab()
    assert 5 <= len(set(asked)) <= 14
    empty = strip.list.grab().toImage()
    there |= dict.fromkeys(asked, SQUARE)
    strip.list.viewport().update()
    assert strip.list.grab().toImage() != empty


def test_pictures_are_kept_within_bounds(qapp: QApplication) -> None:
    bytes_of_one = 84 * 84 * 4
    pictures = Pictures(10 * bytes_of_one)
    for frame in frames(40):
        assert pictures.of(frame, 1.0) is not None
    assert len(pictures) == 10
    pictures.clear()
    assert len(pictures) == 0


def test_cells_are_as_wide_as_the_widest_and_narrow_again(strip: CandidateStrip) -> None:
    narrow = strip.list.rect_of(5).width()
    strip.add("wide", Image(np.zeros((28, 112), np.uint8)))
    QApplication.processEvents()
    assert strip.list.rect_of(5).width() == narrow + 84
    strip.clear()
    strip.add_all(frames(10))
    QApplication.processEvents()
    assert strip.list.rect_of(5).width() == narrow


def test_keys_go_to_the_ends_and_by_pages(strip: CandidateStrip, qtbot: QtBot) -> None:
    shown = strip.list
    qtbot.keyClick(shown, Qt.Key.Key_End)
    assert strip.selected_ids() == ["c999"]
    assert shown.viewport().rect().contains(shown.rect_of(999).center())
    qtbot.keyClick(shown, Qt.Key.Key_Home)
    assert strip.selected_ids() == ["c0"]
    qtbot.keyClick(shown, Qt.Key.Key_PageDown)
    first = int(strip.selected_ids()[0][1:])
    assert 4 <= first <= 12
    qtbot.keyClick(shown, Qt.Key.Key_PageUp)
    assert strip.selected_ids() == ["c0"]
    qtbot.keyClick(shown, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    accepted, discarded = heard(strip.accepted), heard(strip.discarded)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    qtbot.keyClick(shown, Qt.Key.Key_Delete)
    assert [len(ids) for (ids,) in accepted + discarded] == [1000, 1000]


def test_progress_is_shown_with_a_way_out(strip: CandidateStrip, qtbot: QtBot) -> None:
    wanted = heard(strip.cancel_wanted)
    assert not strip.progress.isVisible()
    strip.show_progress(300, 1000)
    assert strip.progress.isVisible()
    assert (strip.progress.value(), strip.progress.maximum()) == (300, 1000)
    qtbot.mouseClick(strip.cancel_button, Qt.MouseButton.LeftButton)
    assert wanted
    strip.show_progress(0, 0)
    assert not strip.cancel_button.isVisible()


@pytest.mark.parametrize(
    "words", ["x" * 10**6, "<b>bold</b><img src=x>", "many\nlines", "‮turned", ""]
)
def test_words_of_a_plugin_are_cut_and_plain(strip: CandidateStrip, words: str) -> None:
    strip.add("odd", SQUARE, title=words, tooltip=words)
    row = strip.list.shown.row_of("odd")
    cell = strip.cells[row]
    assert len(cell.caption()) <= limits.TITLE
    index = strip.list.model().index(row, 0)
    tip = strip.list.model().data(index, Qt.ItemDataRole.ToolTipRole)
    assert len(tip) < 2 * limits.SENTENCE
    assert "<b>" not in tip
    assert "<img" not in tip
    strip.select("odd")
    assert not strip.grab().isNull()


def test_an_error_in_a_cell_leaves_the_painter_as_it_was(
    strip: CandidateStrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: told.append(error[0]))

    def fail(id: str) -> Artifact | None:
        raise RuntimeError(id)

    delegate, target = strip.list.painter, QPixmap(100, 130)
    delegate.pictures.source = fail
    strip.list.model().blockSignals(True)
    strip.cells[0].frames = [Frame("broken")]
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 96, 114)
    index = strip.list.model().index(0, 0)
    with QPainter(target) as painter:
        painter.setOpacity(0.25)
        delegate.paint(painter, option, index)
        delegate.paint(painter, option, QModelIndex())
        assert not painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    assert told == [RuntimeError]
    delegate.pictures.source = lambda id: SQUARE


def test_what_the_strip_needs_of_large_things_is_small() -> None:
    assert small(SQUARE) is SQUARE
    wide = small(Image(np.zeros((300, 4000, 3), np.uint8)))
    assert isinstance(wide, Image)
    assert max(wide.width, wide.height) <= smalls.SIDE
    assert 12 <= wide.width / wide.height <= 14
    text = small(Text("word " * 10**5))
    assert isinstance(text, Text)
    assert len(text) == smalls.LETTERS
    dense = small(Melody(tuple(Note(n * 7, 400, 30 + n % 60) for n in range(20_000))))
    assert isinstance(dense, Melody)
    assert 100 < len(dense.notes) <= smalls.NOTES
    assert {note.pitch for note in dense.notes} >= {30, 60, 89}
    empty = small(Melody((Note(0, 9, 60),), length=1920 * 5000))
    assert isinstance(empty, Melody)
    assert len(empty.bars) == 1
