"""Candidates that begin alike are told apart: what is new of each is seen, marked and played."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from gui.pixels import how_near
from gui.window.making.test_window_staging import offer, put
from kinds import there
from PySide6.QtGui import QImage
from thread_workers import Script

from aigc_studio.api import (
    Artifact,
    Bars,
    Candidate,
    Melody,
    Note,
    Partial,
    Span,
    StudioError,
    Text,
)
from aigc_studio.project import Content
from aigc_studio.project.joining import Base
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.made_part import glimpse_beside

Wait = Callable[[Callable[[], Any]], None]
LONG = "It was a quiet day in the long valley, and nobody came. " * 20
TUNE = Melody(tuple(Note(n * 480, 480, 60 + n % 12) for n in range(32)))
"""Eight bars."""


def gone_on(by: int) -> Melody:
    """Four bars more."""
    more = tuple(Note(15360 + n * 480, 480, 60 + (n * by) % 12) for n in range(16))
    return Melody((*TUNE.notes, *more))


def pictures(window: StudioWindow, ids: list[str], wait: Wait) -> list[QImage]:
    """The small pictures in the strip."""
    shown = window.board_area.strip.list
    wait(lambda: all(shown.picture_of(id) is not None for id in ids))
    return [there(shown.picture_of(id)).toImage() for id in ids]


def has_colour(image: QImage, role: str) -> bool:
    return bool((how_near(image, theme.colour(role)).max(axis=-1) == 0).any())


def test_one_whose_origin_cannot_be_read_is_seen_all_the_same(
    window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = put(window.studio, Text(LONG))
    store = window.studio.project.store
    get = store.get

    def lost(content: Content) -> Artifact:
        if content == item.content:
            raise StudioError("It is gone.")
        return get(content)

    monkeypatch.setattr(store, "get", lost)
    ids = offer(window, Text("It rained."), target=item.id, use="replace", base=Base(item.content))
    assert len(pictures(window, ids, wait)) == 1


@pytest.mark.parametrize("medium", ["text", "melody"])
def test_what_was_written_on_is_seen_in_the_strip_however_long_the_beginning(
    window: StudioWindow, wait: Wait, medium: str
) -> None:
    before: Artifact = Text(LONG) if medium == "text" else TUNE
    ways: list[Artifact] = [Text(LONG + "Then it rained."), Text(LONG + "A horse was heard.")]
    if medium == "melody":
        ways = [gone_on(1), gone_on(5)]
    item = put(window.studio, before)
    base = Base(item.content)
    ids = offer(window, *ways, target=item.id, use="replace", base=base)
    first, second = pictures(window, ids, wait)
    assert first != second
    if medium == "text":
        assert has_colour(first, "new")
        assert has_colour(second, "new")
    # It is marked on the board as well, as far as it is known by then, and brought into its card.
    staging = window.board_area.staging
    staging.look_at(ids[0])
    wait(lambda: staging.shown == ids[0])
    stage = there(window.board_area.view.stage.item)
    assert stage.selected() == (
        Span(len(LONG), len(LONG) + 15) if medium == "text" else Bars(9, 12)
    )


def test_it_is_known_as_soon_as_it_is_there_and_while_it_grows(
    make_window: Callable[..., StudioWindow], script: Script, wait: Wait
) -> None:
    window = make_window("scripted")
    item = put(window.studio, Text(LONG))
    view = window.board_area.view
    view.select([item.id])
    known = threading.Event()
    script.will(
        Partial(Text(LONG + "Then")),
        known,
        Candidate(Text(LONG + "Then it rained.")),
        Candidate(Text(LONG + "A horse was heard.")),
    )
    seen: list[Span | Bars | None] = []
    window.session.growing.appeared.connect(
        lambda id: seen.append(there(there(window.session.growing.get(id)).growth).glimpse.part)
    )
    window.panel.middle.count.setValue(2)
    window.panel.set_verb("edit")
    window.panel.run()
    strip = window.board_area.strip
    wait(lambda: seen == [Span(len(LONG), len(LONG) + 4)])
    known.set()
    wait(lambda: not window.session.is_busy and len(window.session.waiting) == 2)
    parts = [window.session.new_part(id) for id in strip.ids()]
    assert parts == [Span(len(LONG), len(LONG) + 15), Span(len(LONG), len(LONG) + 18)]
    first, second = pictures(window, strip.ids(), wait)
    assert first != second
    shown = view.stage.item
    assert isinstance(shown, TextItem)
    assert shown.selected() == parts[0]


WHOLE = Text("All of this is new.")


@pytest.mark.parametrize(
    ("made", "origin", "chosen", "part"),
    [
        (Text("One two."), Text("One"), None, Span(3, 8)),
        # What stands behind stays, and what was marked and stands is not new.
        (Text("One and two."), Text("One two."), Span(3, 3), Span(3, 7)),
        (Text("One and two."), Text("One two."), Span(0, 3), Span(3, 7)),
        (Text("Six two."), Text("One two."), Span(0, 3), Span(0, 3)),
        (WHOLE, Text("Something else stood here."), None, None),
        (WHOLE, Text(""), None, None),
        (Text("One"), Text("One two."), None, None),
        (gone_on(5), TUNE, None, Bars(9, 12)),
        (gone_on(5), TUNE, Bars(7, 8), Bars(9, 12)),
        (TUNE, gone_on(5), None, None),
        (TUNE, TUNE, Bars(2, 3), Bars(2, 3)),
        (TUNE, Melody(), None, None),
        (Melody(tuple(Note(n * 480, 480, 90) for n in range(32))), TUNE, None, None),
    ],
)
def test_where_the_new_lies(made: Artifact, origin: Artifact, chosen: Any, part: Any) -> None:
    assert glimpse_beside(made, origin, chosen).part == part


def test_bars_in_the_middle_are_seen_with_some_beside_them() -> None:
    notes = (*TUNE.notes[:16], *gone_on(5).notes[32:], *gone_on(1).notes[16:32])
    made = Melody(
        tuple(Note(n * 480, 480, note.pitch, note.velocity) for n, note in enumerate(notes))
    )
    glimpse = glimpse_beside(made, TUNE, None)
    assert glimpse.part == Bars(5, 8)
    assert isinstance(glimpse.artifact, Melody)
    assert glimpse.artifact.bar_count == 6  # one before, four, one behind
    assert glimpse.new == Span(1920, 5 * 1920)
    assert glimpse.begun


def test_a_long_prompt_is_passed_over_and_a_short_one_is_read() -> None:
    long = glimpse_beside(Text(LONG + "Then."), None, None, LONG)
    assert isinstance(long.artifact, Text)
    assert long.artifact.value.endswith("Then.")
    assert len(long.artifact) < 100
    assert glimpse_beside(Text("The king is old."), None, None, "The king").new is None
