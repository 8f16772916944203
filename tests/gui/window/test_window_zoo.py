"""The zoo in the window: what a plugin says is shown letter by letter and cut, nothing breaks, and
the next job works."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kinds import there
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QProgressBar,
    QWidget,
)
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text, limits
from aigc_studio.jobs import Job, JobState
from aigc_studio.ui import labels
from aigc_studio.ui.candidates.cells import Cell, Frame
from aigc_studio.ui.candidates.strip import CandidateStrip
from aigc_studio.ui.painting import saved
from aigc_studio.ui.plugins.window import PluginsWindow
from aigc_studio.ui.progress_bars import show_progress
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window.making.session import Session
from aigc_studio.ui.window.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
BAD = Path(__file__).parents[2] / "plugins" / "bad"
DESCRIBED = (
    "title_markup", "title_long", "title_lines", "summary_long", "operation_long", "operation_help",
    "parameters_words", "schema_circle", "title_half", "title_none", "operation_title_number",
    "parameters_many",
)  # fmt: skip
SAID = (
    "title-of-number", "title-half", "title-long", "title-odd", "title-markup", "message-none",
    "message-long", "message-level", "message-markup", "progress-text", "progress-long",
    "progress-large", "strip-long", "seed", "progress-huge", "title-none",
)  # fmt: skip


NARROW = 1024
"""Pixels of the narrowest window that a person should have to live with."""


def show_nothing_as_markup(widget: QWidget) -> None:
    """All labels below a widget are plain, and no tooltip is taken for HTML by mistake."""
    for label in widget.findChildren(QLabel):
        if label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText, label.text()[:80]
    for each in widget.findChildren(QWidget):
        tip = each.toolTip()
        assert "<" not in tip or tip.startswith("<qt>"), (type(each), each.parent(), tip[:80])
        assert "<b>" not in tip
        assert "<img" not in tip


def ended(wait: Wait, session: Session, generator: str, words: str) -> Job:
    """A job that was asked for and has ended."""
    operation = there(session._studio.record(generator).description).of_verb("generate")[0].id
    prompt = Prompt(generator=generator, operation=operation, prompt=words, count=1, seed=3)
    job = there(session.ask(prompt))
    wait(lambda: job.state.ended)
    return job


def test_odd_words_are_shown_as_they_are_and_the_next_job_works(
    studio: Studio,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    make_window: Callable[..., StudioWindow],
    wait: Wait,
) -> None:
    plugin_names("says", "echo")
    add_plugins("bad/says")
    studio.registry.refresh()
    window = make_window("says")
    for kind in SAID:
        ended(wait, window.session, "says", kind)
        QApplication.processEvents()
        window.board_area.strip.grab()  # the delegate paints each of them
        show_nothing_as_markup(window)
        assert window.minimumSizeHint().width() <= NARROW, kind
    wait(lambda: bool(window.session.waiting))
    titles = [record.title for record in window.session.waiting]
    assert "<b>bold</b><img src='x'>" in titles
    assert all(len(str(title)) <= limits.TITLE + 20 for title in titles)
    assert window.session.accept([record.id for record in window.session.waiting[:3]])
    assert ended(wait, window.session, "echo", "well").state is JobState.DONE


def test_odd_descriptions_are_listed_and_can_be_chosen(
    studio: Studio,
    home: Path,
    plugin_names: Callable[..., None],
    make_window: Callable[..., StudioWindow],
    wait: Wait,
) -> None:
    names = [f"describes_{kind}" for kind in DESCRIBED]
    for name in names:
        shutil.copy(BAD / "describes.py", home / "data" / "plugins" / f"{name}.py")
    plugin_names("echo", *names)
    studio.registry.refresh()
    window = make_window()
    ready = [each for each in studio.registry.records if each.state == "ready"]
    assert len(ready) == len(DESCRIBED) - 3 + 1
    for record in ready:
        window.panel.choose(there(record.description).id)
        QApplication.processEvents()
        assert there(window.panel.prompt()).generator == there(record.description).id
        show_nothing_as_markup(window)
        assert window.minimumSizeHint().width() <= NARROW, record.source.name
    assert ended(wait, window.session, "title-markup", "").state is JobState.DONE
    assert ended(wait, window.session, "echo", "well").state is JobState.DONE


def test_the_plugins_window_lists_them_all(
    studio: Studio, home: Path, plugin_names: Callable[..., None], qtbot: QtBot
) -> None:
    names = [f"describes_{kind}" for kind in DESCRIBED]
    for name in names:
        shutil.copy(BAD / "describes.py", home / "data" / "plugins" / f"{name}.py")
    plugin_names("echo", *names)
    studio.registry.refresh()
    again = type(studio.registry)()
    again.load_cached()  # what a second start shows
    for records in (studio.registry.records, again.records):
        dialog = PluginsWindow()
        qtbot.addWidget(dialog)
        dialog.set_records(records)
        dialog.show()
        show_nothing_as_markup(dialog)
        assert len(dialog.cards) == len(records)
        words = " ".join(card.words for card in dialog.cards)
        assert "has no words in zh" in words  # its author is told
        assert all(card.minimumSizeHint().width() < 700 for card in dialog.cards)


@pytest.mark.parametrize("kind", ["array", "half", "event-shape", "closed"])
def test_a_line_of_the_plugins_own_fails_the_job_and_no_other(
    studio: Studio,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    wait: Wait,
    kind: str,
) -> None:
    plugin_names("speaks", "echo")
    add_plugins("bad/speaks")
    studio.registry.refresh()
    session = Session(studio)
    job = ended(wait, session, "speaks", kind)
    assert job.state is JobState.FAILED
    assert "The plugin Speaks did not keep to the rules" in there(job.error).sentence
    assert ended(wait, session, "echo", "well").state is JobState.DONE


def _break() -> None:
    raise RuntimeError


def test_a_painter_is_restored_whatever_happens(qtbot: QtBot) -> None:
    picture = QPixmap(10, 10)
    with QPainter(picture) as painter:
        with capture_exceptions() as caught, saved(painter):
            painter.setOpacity(0.5)
            _break()
        assert painter.opacity() == 1.0
    assert [kind for kind, _error, _trace in caught] == [RuntimeError]


def test_a_cell_that_breaks_while_it_is_painted_takes_nothing_with_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = CandidateStrip()
    qtbot.addWidget(strip)
    strip.add("one", Text("one"), "title", "", "", 0, 1)
    strip.add("two", Text("two"), "title", "", "", 0, 2)
    monkeypatch.setattr(Cell, "caption", lambda _cell, *_fits, **_how: [].pop())
    with capture_exceptions() as caught:
        strip.show()
        strip.grab()
    assert {kind for kind, _error, _trace in caught} == {IndexError}
    monkeypatch.undo()
    strip.grab()
    assert Cell(1, frames=[Frame("a", Text("x"), "t")]).caption() == "t"


def test_a_tip_shows_every_letter() -> None:
    assert labels.tip("plain & simple") == "plain & simple"
    assert labels.tip("<b>a</b>\nb & c") == "<qt>&lt;b&gt;a&lt;/b&gt;<br>b &amp; c</qt>"


@pytest.mark.parametrize(
    ("step", "total", "shown"),
    [(1, 2, (1, 2)), (0, 0, (0, 0)), (5, 2, (2, 2)), (2**62, 2**63 - 1, (5000, 10_000)),
     (2**63 - 1, 5, (5, 5)), (1, -1, (-1, 0))],
)  # fmt: skip
def test_a_bar_takes_numbers_of_64_bits(
    qtbot: QtBot, step: int, total: int, shown: tuple[int, int]
) -> None:
    bar = QProgressBar()
    qtbot.addWidget(bar)
    show_progress(bar, step, total)
    assert bar.maximum() == shown[1]
    assert bar.value() in (shown[0], shown[0] - 1, 0)


def test_a_long_word_does_not_widen_a_window(qtbot: QtBot) -> None:
    label = labels.Label("m" * limits.SENTENCE, wordWrap=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 400
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert labels.shortened("m" * 100) == "m" * 59 + "…"


def test_a_bar_that_is_told_a_value_leaves_the_painting_to_the_window(qtbot: QtBot) -> None:
    """Qt's own repaints at once, and with it all else that waits to be painted."""
    window = QWidget()
    bar, beside = QProgressBar(window), QLabel("beside", window)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    show_progress(bar, 0, 16)
    QApplication.processEvents()
    painted: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
                painted.append(watched)
            return False

    watch = Watch(window)
    for each in (bar, beside):
        each.installEventFilter(watch)
    for step in range(1, 17):
        beside.update()
        show_progress(bar, step, 16)
    assert painted == []
    qtbot.waitUntil(lambda: bar in painted)
    assert painted.count(bar) == painted.count(beside) == 1
    assert bar.value() == 16
