"""Tunes of the real generator through the real window: bars marked and made anew, kept, undone."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rnn_melody
from kinds import known, there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from rnn_melody_examples import jig, write_model

from aigc_studio.api import Bars, Melody, Note
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.translation import localized
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
MARKED = Bars(3, 4)


@pytest.fixture
def window(
    home: Path,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    plugin_names: Callable[..., None],
    tmp_path: Path,
    wait: Wait,
) -> StudioWindow:
    """A window with tunes and a small, untrained model of them."""
    # As a folder of the person's: which plugins a package brings is known when it is installed.
    shutil.copytree(Path(rnn_melody.__file__).parent, home / "data" / "plugins" / "rnn_melody")
    plugin_names("rnn_melody")
    studio.registry.refresh()
    folder = write_model(tmp_path / "made", right=8)
    studio.model_store.publish(folder, "jigs", {"generator": "rnn-melody", "medium": "melody"})
    studio.settings.set_preference("live_preview", False)
    window = make_window("rnn-melody", (1280, 900))
    wait(lambda: bool(studio.models))
    window.panel.choose("rnn-melody", "jigs")
    assert window.panel.generator() == "rnn-melody"
    return window


def put(window: StudioWindow, melody: Melody) -> Item:
    project = window.studio.project
    (id,) = project.board.new_ids(1)
    item = Item(id, "tune", project.store.put(melody), 0, 0, 640, 260)
    assert window.studio.do(commands.add_items(project.board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    return item


def card(window: StudioWindow, item: Item) -> MelodyItem:
    return known(MelodyItem, window.board_area.view.board_scene.item(item.id))


def spot(window: StudioWindow, item: Item, tick: float, down: float) -> QPoint:
    """A place of the viewport: at a tick, so many units below the card's upper edge."""
    shown = card(window, item)
    place = shown.mapToScene(QPointF(shown.roll.x(tick), down))
    return window.board_area.view.to_view(place).toPoint()


def mark(window: StudioWindow, item: Item, bars: Bars, wait: Wait) -> None:
    """Click the tune, and drag over these bars on its ruler."""
    place = window.board_area.view.viewport()
    QTest.mouseClick(place, LEFT, NONE, spot(window, item, 100, 200))
    start, stop = tune(window, item).ticks(bars)
    first, last = (spot(window, item, tick, 10) for tick in (start + 200, stop - 200))
    QTest.mousePress(place, LEFT, NONE, first)
    QTest.mouseMove(place, (first + last) / 2)
    QTest.mouseMove(place, last)
    QTest.mouseRelease(place, LEFT, NONE, last)
    wait(lambda: window.board_area.view.selection_of(item.id) == bars)


def press(window: StudioWindow, words: str, wait: Wait) -> None:
    """Press a button of the bar over the selection."""

    def found() -> list[QPushButton]:
        buttons = [each for each in window.verbs.bar.widgets() if isinstance(each, QPushButton)]
        return [each for each in buttons if each.text().strip() == words and each.isEnabled()]

    wait(lambda: bool(found()))
    QTest.mouseClick(found()[0], LEFT)


def offered(window: StudioWindow) -> list[CandidateRecord]:
    return list(window.studio.project.candidates.list())


def tune(window: StudioWindow, item: Item | CandidateRecord) -> Melody:
    project = window.studio.project
    held = project.board.item(item.id) if isinstance(item, Item) else item
    return known(Melody, project.store.get(held.content))


def outside(melody: Melody, bars: Bars) -> list[Note]:
    start, stop = melody.ticks(bars)
    return [note for note in melody.notes if not start <= note.start < stop]


def test_bars_that_are_marked_are_made_anew_in_several_ways_and_one_is_kept(
    window: StudioWindow, wait: Wait
) -> None:
    melody = jig(1)
    item = put(window, melody)
    window.panel.middle.count.setValue(3)
    mark(window, item, MARKED, wait)
    press(window, "Recompose bars", wait)
    wait(lambda: len(offered(window)) == 3 and not window.session.is_busy)
    records = offered(window)
    made = [tune(window, each) for each in records]
    assert len({each.notes for each in [melody, *made]}) == 4, "they truly differ"
    for each, record in zip(made, records, strict=True):
        assert outside(each, MARKED) == outside(melody, MARKED)
        assert localized(record.title, "en").startswith("Joins")
    stage = window.board_area.view.stage
    wait(lambda: stage.item is not None and stage.item.item.content == records[0].content)
    assert known(MelodyItem, there(stage.item)).made == MARKED, "its new notes stand out"
    place = window.board_area.view.viewport()
    QTest.keyClick(place, Key.Key_Return)
    wait(lambda: tune(window, item) == made[0])
    QTest.keyClick(place, Key.Key_Z, CTRL)
    assert tune(window, item) == melody


def test_a_kept_candidate_is_made_again_from_its_seed(window: StudioWindow, wait: Wait) -> None:
    item = put(window, jig(1))
    window.panel.middle.count.setValue(3)
    mark(window, item, MARKED, wait)
    press(window, "Recompose bars", wait)
    wait(lambda: len(offered(window)) == 3 and not window.session.is_busy)
    last = offered(window)[-1]
    window.panel.use_seed(there(there(last.provenance).seed))
    window.panel.middle.count.setValue(1)
    press(window, "Recompose bars", wait)
    wait(lambda: len(offered(window)) == 4 and not window.session.is_busy)
    assert tune(window, offered(window)[-1]) == tune(window, last)


def test_the_bar_behind_three_notes_by_hand_is_filled(window: StudioWindow, wait: Wait) -> None:
    begun = Melody((Note(0, 480, 62), Note(480, 480, 66), Note(960, 960, 69)), length=4 * 1920)
    item = put(window, begun)
    window.panel.middle.count.setValue(2)
    mark(window, item, Bars(2, 2), wait)
    press(window, "Recompose bars", wait)
    wait(lambda: len(offered(window)) == 2 and not window.session.is_busy)
    for each in offered(window):
        assert localized(each.title, "en").startswith("Goes on")
        found = tune(window, each)
        assert found.length == begun.length
        assert outside(found, Bars(2, 2)) == list(begun.notes)
        assert len(found.notes) > 3


def test_a_live_preview_shows_which_bars_are_new(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    item = put(window, jig(1))
    mark(window, item, MARKED, wait)
    wait(lambda: window.panel.verb() == "edit" and not studio.jobs.jobs)
    window.panel.middle.live.setChecked(True)
    looks: list[Any] = []
    window.session.looked.connect(looks.append)
    window.panel.use_seed(5)
    wait(lambda: bool(looks))
    stage = window.board_area.view.stage
    wait(lambda: stage.item is not None)
    shown = known(MelodyItem, there(stage.item))
    assert shown.made == MARKED
    assert shown.bars == MARKED
    assert looks[-1].artifact.notes != jig(1).notes
