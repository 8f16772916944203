"""Hundreds of candidates in the real window: they come, are accepted in slices, and come back."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from calls import calls
from kinds import known, there
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Artifact, Image, Text
from aigc_studio.project import CandidateRecord, Item, Project, Provenance, commands
from aigc_studio.project.accepting import Accepting
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making import acceptor
from aigc_studio.ui.window.making.artifacts import Artifacts, size_of
from aigc_studio.ui.window.making.asked import Look

Wait = Callable[[Callable[[], Any]], None]
MANY = 120


@pytest.fixture
def flooded(
    make_window: Callable[..., StudioWindow], studio: Studio
) -> Callable[[int], StudioWindow]:
    """A window with so many candidates, put into the tray as they are on disk."""

    def flood(count: int, medium: str = "image") -> StudioWindow:
        window = make_window()
        offer(studio.project, count, medium)
        return window

    return flood


def offer(project: Project, count: int, medium: str = "image") -> list[str]:
    tray, store = project.candidates, project.store
    made = Provenance(medium="image", generator="echo", seed=3, prompt="x")
    records = []
    for n in range(count):
        artifact = Text(f"words {n}") if medium == "text" else an_image(n)
        records.append(CandidateRecord(tray.new_id(), store.put(artifact), made, title=f"{n}"))
    tray.add(*records)
    return [record.id for record in records]


def an_image(number: int) -> Image:
    return Image(np.full((8, 8), number % 256, np.uint8))


def test_what_a_plugin_yields_beyond_the_count_is_shown_and_accepted_as_one_step(
    studio: Studio,
    make_window: Callable[..., StudioWindow],
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    wait: Wait,
) -> None:
    plugin_names("yields_many")
    add_plugins("bad/yields_many")
    studio.registry.refresh()
    window = make_window("yields-many")
    strip, board = window.board_area.strip, studio.project.board
    prompt = Prompt(generator="yields-many", operation="generate", prompt=str(MANY), count=1)
    job = there(window.session.ask(prompt))
    wait(lambda: job.state.ended)
    wait(lambda: strip.count == MANY)
    assert [cell.frame.seed for cell in strip.cells] == list(range(MANY))
    strip.accept_all()
    wait(lambda: len(board) == MANY)
    assert strip.count == 0
    assert studio.history.stack.count() == 1
    wait(lambda: len(window.board_area.chosen_items()) == MANY)
    studio.history.stack.undo()
    assert strip.count == MANY
    assert not board.items


def test_many_are_accepted_in_slices_and_the_window_goes_on(
    flooded: Callable[[int], StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(MANY)
    session, board = window.session, studio.project.board
    assert session.accept(window.board_area.strip.ids())
    assert session.acceptor.is_busy
    assert not board.items
    assert not session.accept(window.board_area.strip.ids())  # once is enough
    wait(lambda: not session.acceptor.is_busy)
    assert len(board) == MANY
    assert session.waiting == []


def test_accepting_many_can_be_given_up(
    flooded: Callable[[int], StudioWindow],
    studio: Studio,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = flooded(MANY)
    begun, go_on = threading.Event(), threading.Event()
    make = Accepting.make

    def slow(accepting: Accepting, on_record: Any = None) -> Any:
        begun.set()
        go_on.wait(20)
        return make(accepting, on_record)

    monkeypatch.setattr(Accepting, "make", slow)
    monkeypatch.setattr(acceptor, "_QUIET", 0.0)
    strip = window.board_area.strip
    strip.accept_all()
    wait(begun.is_set)
    wait(lambda: strip.progress.isVisible())
    strip.cancel_button.click()
    assert not strip.progress.isVisible()
    go_on.set()
    wait(lambda: studio.errands.under_way == 0)
    assert strip.count == MANY
    assert not studio.project.board.items
    assert studio.history.stack.count() == 0
    # Nothing is left of it: the next time goes well.
    strip.accept_all()
    wait(lambda: len(studio.project.board) == MANY)


def test_what_goes_meanwhile_is_not_accepted_and_all_else_is(
    flooded: Callable[[int], StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(MANY)
    ids = window.board_area.strip.ids()
    window.session.accept(ids)
    window.session.discard(ids[:5])
    wait(lambda: not window.session.acceptor.is_busy)
    assert len(studio.project.board) == MANY - 5
    assert [record.id for record in studio.project.candidates.discarded()] == ids[:5]


def test_a_few_can_be_accepted_while_many_are(
    flooded: Callable[[int], StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(MANY)
    window.session.accept(window.board_area.strip.ids())
    (more,) = offer(studio.project, 1)
    assert window.session.accept([more])
    wait(lambda: not window.session.acceptor.is_busy)
    assert len(studio.project.board) == MANY + 1
    assert studio.history.stack.count() == 2


def test_many_that_are_asked_for_meanwhile_come_after(
    flooded: Callable[[int], StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(MANY)
    first = window.board_area.strip.ids()
    assert window.session.accept(first[:60])
    more = offer(studio.project, MANY)
    assert window.session.accept([*first[50:], *more])
    assert not window.session.accept(more)  # once is enough
    wait(lambda: not window.session.acceptor.is_busy)
    assert len(studio.project.board) == 2 * MANY
    assert studio.history.stack.count() == 2


def test_those_that_come_after_are_given_up_as_well(
    flooded: Callable[[int], StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(MANY)
    ids = window.board_area.strip.ids()
    window.session.accept(ids[:60])
    window.session.accept(ids[60:])
    window.session.acceptor.cancel()
    assert not window.session.acceptor.is_busy
    window.session.accept(ids[:60])
    window.session.accept(ids[60:])
    project = Project.new()
    studio.show_project(project)
    offer(project, MANY)  # with the ids that were asked for
    wait(lambda: not window.session.acceptor.is_busy)
    assert not project.board.items


def test_another_project_ends_accepting(
    flooded: Callable[[int], StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(MANY)
    window.session.accept(window.board_area.strip.ids())
    studio.show_project(Project.new())
    wait(lambda: not window.session.acceptor.is_busy)
    assert not studio.project.board.items
    assert window.board_area.strip.count == 0


def test_many_texts_are_as_high_as_their_lines(
    flooded: Callable[..., StudioWindow], studio: Studio, wait: Wait
) -> None:
    window = flooded(40, "text")
    window.session.accept(window.board_area.strip.ids())
    wait(lambda: len(studio.project.board) == 40)
    heights = {item.height for item in studio.project.board.items}
    assert len(heights) == 1
    assert heights.pop() < 180


def test_ten_times_as_many_cost_ten_times_as_much_to_show(
    flooded: Callable[[int], StudioWindow], studio: Studio
) -> None:
    window = flooded(0)
    took = []
    for count in (30, 300):
        ids: list[str] = []
        took.append(calls(lambda count=count, ids=ids: ids.extend(offer(studio.project, count))))  # type: ignore[misc]
        took.append(calls(lambda ids=ids: studio.project.candidates.discard(*ids)))  # type: ignore[misc]
        QApplication.processEvents()
    assert window.board_area.strip.count == 0
    assert took[2] <= 13 * took[0]
    assert took[3] <= 13 * took[1]


def test_one_more_costs_the_same_beside_thousands(
    flooded: Callable[[int], StudioWindow], studio: Studio
) -> None:
    flooded(1)

    def one() -> None:
        (id,) = offer(studio.project, 1)
        studio.project.candidates.discard(id)
        studio.project.candidates.restore(id)

    one()
    before = calls(one)
    tray = studio.project.candidates
    content = tray.list()[0].content
    tray.add(*(CandidateRecord(tray.new_id(), content) for _n in range(4000)))
    QApplication.processEvents()
    one()
    assert calls(one) <= 1.3 * before + 20


def test_pictures_are_read_when_they_are_seen(
    flooded: Callable[[int], StudioWindow], wait: Wait
) -> None:
    window = flooded(300)
    strip = window.board_area.strip
    wait(lambda: strip.list.painter.pictures.of(strip.cells[0].frame, 1.0))
    wait(lambda: window.studio.errands.under_way == 0)
    assert 3 < len(strip.list.painter.pictures) < 60


def test_artifacts_are_kept_within_bounds() -> None:
    kept: Artifacts[Artifact] = Artifacts(most=1000)
    for n in range(50):
        kept[f"c{n}"] = an_image(n)
    assert len(kept) == 1000 // 64
    assert kept.get("c0") is None
    assert kept["c49"] == an_image(49)
    kept["huge"] = Text("x" * 5000)
    assert len(kept) == 1
    kept["huge"] = Text("x")
    assert size_of(kept["huge"]) == 4
    kept.clear()
    assert len(kept) == 0


def test_what_is_not_in_memory_any_more_is_seen_all_the_same(
    flooded: Callable[[int, str], StudioWindow], wait: Wait
) -> None:
    window = flooded(3, "text")
    area, session = window.board_area, window.session
    session.artifacts.clear()
    area.strip.select(session.waiting[1].id)
    wait(lambda: isinstance(area.view.stage.item, TextItem))
    assert known(TextItem, area.view.stage.item).value == "words 1"


def test_a_preview_finds_its_place_among_thousands_of_items(
    flooded: Callable[[int], StudioWindow], studio: Studio
) -> None:
    window = flooded(0)
    area, board = window.board_area, studio.project.board
    took = []
    for count in (30, 300):
        content = studio.project.store.put(an_image(1))
        ids = board.new_ids(count)
        items = [
            Item(id, "", content, n % 40 * 300, n // 40 * 300, 256, 256) for n, id in enumerate(ids)
        ]
        studio.do(commands.add_items(board, items))
        area.view.fit()
        area.staging._spots.forget()
        took.append(calls(lambda: area.staging.show_look(Look(an_image(7), None, "generate"))))
        place = there(area.view.stage.place)
        shown = area.view.board_scene.shown()
        assert not any(place.intersects(each.sceneBoundingRect()) for each in shown)
        # The next one lies there too, and nothing is looked for.
        again = calls(lambda: area.staging.show_look(Look(an_image(8), None, "generate")))
        assert area.view.stage.place == place
        # What lies over the board keeps clear of up to 200 things, each of which is asked.
        assert again < took[-1] / 3
    assert took[1] <= 12 * took[0]
