"""From a real worker to the board while the board goes on: strokes and words are never lost."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handwork import change_content
from kinds import a_text, an_image, known, there

from aigc_studio.api import Artifact, Image, Melody, Note, Span, Text
from aigc_studio.project import CandidateRecord, Item, Project, commands
from aigc_studio.project.joining import Base
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.target import Target
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.asked import Look
from aigc_studio.ui.window.making.session import Session

Wait = Callable[[Callable[[], Any]], None]


@pytest.fixture
def studio(
    studio: Studio, add_plugins: Callable[..., None], plugin_names: Callable[..., None]
) -> Studio:
    """It knows the plugin paints too."""
    plugin_names("spans", "bars", "echo", "paints")
    add_plugins("paints")
    studio.registry.refresh()
    return studio


@pytest.fixture
def session(studio: Studio) -> Session:
    return Session(studio)


def put(
    studio: Studio, artifact: Artifact, mask: np.ndarray[Any, Any] | None = None, **fields: Any
) -> Item:
    project = studio.project
    content = project.store.put(artifact)
    held = project.store.put(Image(mask)) if mask is not None else None
    (id,) = project.board.new_ids(1)
    item = Item(id, "Drawing 1", content, **{"width": 280, "height": 280, "mask": held} | fields)
    studio.do(commands.add_items(project.board, [item]))
    return item


def change(studio: Studio, item: Item, artifact: Artifact, kind: str = "paint") -> None:
    content = studio.project.store.put(artifact)
    studio.do(change_content(studio.project.board, {item.id: content}, kind))


def prompt(operation: str, seed: int = 7, count: int = 1) -> Prompt:
    return Prompt(generator="paints", operation=operation, verb="edit", seed=seed, count=count)


def shown(studio: Studio, item: Item) -> Artifact:
    return studio.project.store.get(studio.project.board.item(item.id).content)


def grey(value: int, side: int = 60) -> Image:
    return Image(np.full((side, side), value, np.uint8))


def test_a_stroke_done_while_the_candidate_waits_is_kept(
    studio: Studio, session: Session, wait: Wait
) -> None:
    mask = np.zeros((60, 60), np.uint8)
    mask[10:20, 10:20] = 255
    spotted = grey(255).pixels.copy()
    spotted[14, 14] = 0  # a drawing, of paper and ink: what fills it keeps its ink
    item = put(studio, Image(spotted), mask)
    session.ask(prompt("fill"), Target((item,)))
    wait(lambda: len(session.waiting) == 1)
    drawn = spotted.copy()
    drawn[40:] = 0
    change(studio, item, Image(drawn))
    told: list[str] = []
    studio.told.connect(lambda sentence, *_rest: told.append(sentence))
    assert session.accept([session.waiting[0].id])
    expected = drawn.copy()
    expected[10:20, 10:20] = 7
    assert (an_image(shown(studio, item)).pixels == expected).all()
    assert told == []
    assert studio.history.stack.undoText() == "Fill Drawing 1"
    studio.history.stack.undo()
    assert (an_image(shown(studio, item)).pixels == drawn).all()
    assert len(session.waiting) == 1
    studio.history.stack.redo()
    assert (an_image(shown(studio, item)).pixels == expected).all()


def test_an_edit_of_all_of_it_goes_beside_and_that_is_said(
    studio: Studio, session: Session, wait: Wait
) -> None:
    item = put(studio, grey(200))
    session.ask(prompt("darken"), Target((item,)))
    wait(lambda: len(session.waiting) == 1)
    change(studio, item, grey(9))
    told: list[str] = []
    studio.told.connect(lambda sentence, *_rest: told.append(sentence))
    accepted: list[list[str]] = []
    session.items_accepted.connect(accepted.append)
    assert session.accept([session.waiting[0].id])
    assert shown(studio, item) == grey(9)
    new = studio.project.board.items[-1]
    assert accepted == [[new.id]]
    assert studio.project.store.get(new.content) == grey(100)
    assert ["“Drawing 1” has been changed since" in sentence for sentence in told] == [True]
    assert studio.history.stack.undoText() == "Darken Drawing 1"
    taken_back: list[str] = []
    studio.taken_back.connect(taken_back.append)
    change(studio, item, grey(10))
    assert taken_back == []
    studio.history.stack.undo()
    assert taken_back == []
    studio.history.stack.undo()
    assert taken_back == ["accepted"]


def test_strips_of_two_requests_with_one_seed_are_two(
    studio: Studio, session: Session, wait: Wait, tmp_path: Path
) -> None:
    items = [put(studio, grey(value), x=400.0 * n) for n, value in enumerate((0, 60, 100, 250))]
    for two in (items[:2], items[2:]):
        session.ask(prompt("morph"), Target(tuple(two)))
    wait(lambda: len(session.waiting) == 8)
    records = session.waiting
    strips = list(dict.fromkeys(record.strip for record in records))
    assert len(strips) == 2
    assert all(strip.endswith("/morph 7") for strip in strips)
    assert {record.use for record in records} == {"add"}
    assert session.accept([record.id for record in records])
    made = studio.project.board.items[4:]
    values = [int(an_image(shown(studio, item)).pixels[0, 0]) for item in made]
    assert values == [0, 20, 40, 60, 100, 150, 200, 250]
    assert [(item.y, item.x) for item in made] == sorted((item.y, item.x) for item in made)
    studio.history.stack.undo()
    studio.project.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    assert list(dict.fromkeys(record.strip for record in opened.candidates.list())) == strips
    studio.show_project(opened)
    session.ask(prompt("morph"), Target(opened.board.items[:2]))
    wait(lambda: len(session.waiting) == 12)
    assert len({record.strip for record in session.waiting}) == 3


def test_the_window_shows_and_exports_strips_apart(
    studio: Studio,
    make_window: Callable[..., StudioWindow],
    wait: Wait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from PIL import Image as Pillow

    window = make_window("paints")
    items = [put(studio, grey(value), x=400.0 * n) for n, value in enumerate((0, 60, 100, 250))]
    for two in (items[:2], items[2:]):
        window.session.ask(prompt("morph"), Target(tuple(two)))
    strip = window.board_area.strip
    wait(lambda: len(strip.ids()) == 8 and not window.session.is_busy)
    assert len(strip.cells) == 2
    chosen: list[str] = []
    for row in range(2):
        strip.list.choose_rows([row])
        chosen += strip.selected_ids()
        records = [studio.project.candidates.record(id) for id in strip.selected_ids()]
        assert [record.position for record in records] == [0, 1, 2, 3]
        assert len({record.strip for record in records}) == 1
    strip.list.selectAll()
    asked: list[str] = []

    def answer(name: str, write: Callable[[Path], None]) -> None:
        asked.append(name)
        write(tmp_path / "both.png")

    monkeypatch.setattr(window.exporting, "_ask_file", answer)
    window.exporting.export_sequence()
    there(window.exporting.dialog).go.click()
    assert asked == ["morph 7.webp"]
    wait(lambda: (tmp_path / "both.png").exists())
    values = []
    with Pillow.open(tmp_path / "both.png") as moving:
        for frame in range(getattr(moving, "n_frames", 1)):
            moving.seek(frame)
            values.append(moving.convert("L").getpixel((0, 0)))
    assert values == [0, 20, 40, 60, 100, 150, 200, 250]


def test_words_typed_meanwhile_stay_and_are_seen_on_stage(
    studio: Studio, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    window = make_window("echo")
    item = put(studio, Text("hello old world"), width=320, height=180)
    candidates, store = studio.project.candidates, studio.project.store
    candidates.add(
        CandidateRecord(
            candidates.new_id(), store.put(Text("hello NEW world")), target=item.id, use="replace",
            base=Base.of(item, Span(6, 9)), action="Rewrite",
        )
    )  # fmt: skip
    strip, stage = window.board_area.strip, window.board_area.view.stage

    def words() -> str:
        return known(TextItem, stage.item).value

    wait(lambda: len(strip.ids()) == 1)
    wait(lambda: words() == "hello NEW world")
    change(studio, item, Text("hello old world, and a page"), "write")
    wait(lambda: words() == "hello NEW world, and a page")
    assert stage.hides == item.id
    assert shown(studio, item) == Text("hello old world, and a page")
    strip.accept_button.click()
    assert shown(studio, item) == Text("hello NEW world, and a page")
    # Nothing was marked: the new words are, so that they can be made anew once more.
    assert window.board_area.view.selection_of(item.id) == Span(6, 9)
    assert window.actions_by_name["undo"].text().endswith("Rewrite Drawing 1")


def test_a_preview_of_what_has_been_changed_meanwhile_is_not_shown(
    studio: Studio, make_window: Callable[..., Any]
) -> None:
    area = make_window("echo").board_area
    staging, stage = area.staging, area.view.stage
    item = put(studio, grey(10))
    look = Look(grey(200), Target((item,)), "edit")
    staging.show_look(look)
    assert stage.hides == item.id
    staging.end_preview()
    change(studio, item, grey(20))
    staging.show_look(look)
    assert stage.is_empty
    studio.do(commands.remove_items(studio.project.board, [item.id]))
    staging.show_look(look)
    assert stage.is_empty


def test_a_stroke_that_comes_while_it_is_joined_is_kept(
    studio: Studio, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.project.accepting import Acceptance, Accepting

    before = Melody((Note(0, 480, 60), Note(1920, 480, 60)))
    item = put(studio, Text("hello old world"))
    record = CandidateRecord(
        "c1", studio.project.store.put(Text("hello NEW world")), target=item.id, use="replace",
        base=Base.of(item, Span(6, 9)),
    )  # fmt: skip
    studio.project.candidates.add(record)
    change(studio, item, Text("hello old world!"), "write")
    calls: list[int] = []
    made = Accepting.make

    def slow(accepting: Accepting) -> Acceptance:
        acceptance = made(accepting)
        calls.append(1)
        if len(calls) == 1:
            content = studio.project.store.put(Text("Oh: hello old world!"))
            now = replace(studio.project.board.item(item.id), content=content)
            step = commands.change_items(studio.project.board, {item.id: now}, "write")
            studio._mailbox.post(studio.do, step)
            while studio.project.board.item(item.id).content != content:
                pass
        return acceptance

    monkeypatch.setattr(Accepting, "make", slow)
    assert session.accept(["c1"])
    assert shown(studio, item) == Text("Oh: hello NEW world!")
    assert len(calls) == 2
    assert before.bars


def waiting_edit(studio: Studio) -> Item:
    """A result of an edit waits (c1), and what it was made from has been changed since."""
    item = put(studio, Text("hello old world"))
    record = CandidateRecord(
        "c1", studio.project.store.put(Text("hello NEW world")), target=item.id, use="replace",
        base=Base.of(item, Span(6, 9)),
    )  # fmt: skip
    studio.project.candidates.add(record)
    change(studio, item, Text("hello old world!"), "write")
    return item


def in_between(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]
) -> list[int]:
    """Have something done on the window's thread each time that a result is joined."""
    from aigc_studio.project.accepting import Accepting

    made, calls = Accepting.make, list[int]()

    def slow(accepting: Accepting) -> Any:
        acceptance, done = made(accepting), threading.Event()
        calls.append(1)

        def do() -> None:
            try:
                act()
            finally:
                done.set()

        studio._mailbox.post(do)
        done.wait(20)
        return acceptance

    monkeypatch.setattr(Accepting, "make", slow)
    return calls


def test_a_board_that_changes_all_the_time_is_told_and_not_waited_for(
    studio: Studio, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = waiting_edit(studio)

    def write() -> None:
        former = a_text(shown(studio, item)).value
        change(studio, item, Text(former + "!"), "write")

    calls = in_between(studio, monkeypatch, write)
    told: list[str] = []
    studio.told.connect(lambda sentence, *_rest: told.append(sentence))
    assert not session.accept(["c1"])
    assert 2 <= len(calls) <= 20
    assert len(told) == 1
    assert "keep it once more" in told[0]
    assert [record.id for record in session.waiting] == ["c1"]
    assert a_text(shown(studio, item)).value == "hello old world!" + "!" * len(calls)
    monkeypatch.undo()
    assert session.accept(["c1"])
    assert a_text(shown(studio, item)).value == "hello NEW world!" + "!" * len(calls)


@pytest.mark.parametrize("meanwhile", ["accept", "discard"])
def test_what_is_accepted_or_discarded_while_it_is_joined_is_not_accepted_twice(
    studio: Studio, session: Session, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    item = waiting_edit(studio)
    steps = studio.history.stack.count()
    answers: list[Any] = []
    act: Callable[..., Any] = session.accept if meanwhile == "accept" else session.discard
    in_between(studio, monkeypatch, lambda: answers.append(act(["c1"])))
    accepted = session.accept(["c1", "c1"])
    assert session.waiting == []
    if meanwhile == "accept":
        assert (accepted, answers) == (True, [False])
        assert a_text(shown(studio, item)).value == "hello NEW world!"
        assert studio.history.stack.count() == steps + 1
    else:
        assert not accepted
        assert a_text(shown(studio, item)).value == "hello old world!"
        assert studio.history.stack.count() == steps


def test_accepting_onto_a_large_picture_never_holds_up_the_window(
    studio: Studio, session: Session, blocks: Any, wait: Wait
) -> None:
    random = np.random.default_rng(1)
    base = random.integers(0, 256, (2048, 2048, 3), dtype=np.uint8)
    result, drawn = base.copy(), base.copy()
    result[:] = 7
    drawn[:256] = 9
    mask = np.full((2048, 2048), 255, np.uint8)
    mask[:256] = 0
    result[:256] = base[:256]
    item = put(studio, Image(base), mask)
    store, candidates = studio.project.store, studio.project.candidates
    candidates.add(
        CandidateRecord(
            "c1", store.put(Image(result)), target=item.id, use="replace",
            base=Base(item.content, item.mask),
        )
    )  # fmt: skip
    change(studio, item, Image(drawn))
    turns: list[int] = []
    from PySide6.QtCore import QTimer

    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: turns.append(1))
    timer.start()
    assert session.accept(["c1"])
    timer.stop()
    # Meanwhile the window went on turning.
    assert len(turns) > 3
    now = an_image(shown(studio, item)).pixels
    assert (now[:256] == 9).all()
    assert (now[256:] == 7).all()
