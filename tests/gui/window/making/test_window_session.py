"""Prompts become jobs in real workers, candidates become items; no widget is needed for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from disk import Disk
from kinds import a_text, there

from aigc_studio.api import Candidate, Text
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.target import Target
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.session import Session


@pytest.fixture
def session(studio: Studio) -> Session:
    return Session(studio)


def echo(text: str = "hello", count: int = 2, seed: int = 5) -> Prompt:
    return Prompt(generator="echo", operation="generate", prompt=text, count=count, seed=seed)


def test_candidates_wait_and_accepting_is_one_undoable_step(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    job = there(session.ask(echo()))
    wait(lambda: job.state.ended)
    wait(lambda: len(session.waiting) == 2)
    texts = [a_text(session.artifacts[record.id]).value for record in session.waiting]
    assert texts == ["hello 5", "hello 6"]
    assert [there(record.provenance).seed for record in session.waiting] == [5, 6]
    assert list(studio.project.board.items) == []
    assert session.accept([record.id for record in session.waiting])
    assert [item.name for item in studio.project.board.items] == ["hello", "hello"]
    assert session.waiting == []
    assert studio.history.stack.count() == 1
    studio.history.stack.undo()
    assert list(studio.project.board.items) == []
    assert len(session.waiting) == 2
    studio.history.stack.redo()
    assert len(studio.project.board.items) == 2
    assert session.waiting == []


def test_a_candidate_is_on_disk_before_it_is_shown(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    seen: list[tuple[str, str]] = []

    def look(record: CandidateRecord) -> None:
        path = studio.project.store.path("text", record.content.digest)
        seen.append((path.read_text("utf-8"), a_text(session.artifacts[record.id]).value))

    session.candidate_added.connect(look)
    session.ask(echo(count=1))
    wait(lambda: bool(seen))
    assert seen == [("hello 5", "hello 5")]


def test_what_is_shown_is_synced_soon_after(
    studio: Studio,
    session: Session,
    wait: Callable[[Callable[[], bool]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk, store = Disk(monkeypatch), studio.project.store
    session.ask(echo(count=2))
    wait(lambda: len(session.waiting) == 2)
    contents = [record.content for record in session.waiting]
    files = [store.path(*named) for content in contents for named in store.files(content)]
    assert files
    wait(lambda: all(disk.holds(path) and disk.holds(path.parent) for path in files))


def test_discarded_candidates_can_be_brought_back(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    session.ask(echo())
    wait(lambda: len(session.waiting) == 2)
    ids = [record.id for record in session.waiting]
    session.discard(ids[:1])
    assert [record.id for record in session.waiting] == ids[1:]
    session.restore(ids[:1])
    assert {record.id for record in session.waiting} == set(ids)


def put_text(studio: Studio, value: str) -> Item:
    content = studio.project.store.put(Text(value))
    item = Item(studio.project.board.new_ids(1)[0], "Text", content, 0, 0, 320, 180)
    studio.do(commands.add_items(studio.project.board, [item]))
    return item


def test_what_is_missing_for_an_edit_is_said_in_place(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    refused: list[dict[str, str]] = []
    session.refused.connect(lambda generator, fields, details: refused.append(fields))
    item = put_text(studio, "some words")
    prompt = Prompt(generator="spans", operation="rewrite", verb="edit")
    session.ask(prompt, Target((item,)))
    wait(lambda: any(refused))
    assert "Select the words" in next(each for each in refused if each)[""]


def test_wrong_values_are_refused_beside_their_fields(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    refused: list[dict[str, str]] = []
    session.refused.connect(lambda generator, fields, details: refused.append(fields))
    prompt = Prompt(
        generator="spans", operation="write", parameters={"length": -3, "temperature": 99}
    )
    session.ask(prompt)
    wait(lambda: any(refused))
    assert {"length", "temperature"} <= set(next(each for each in refused if each))


def test_busy_is_told_while_a_job_runs(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    told: list[bool] = []
    session.busy_changed.connect(told.append)
    session.ask(echo())
    wait(lambda: told and told[-1] is False)
    assert told == [True, False]


def test_a_live_preview_is_shown_and_never_kept(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    looks: list[Any] = []
    session.looked.connect(looks.append)
    for seed in range(5):
        session.preview(echo(seed=seed))
    wait(lambda: any(look.artifact.value == "hello 4" for look in looks))
    assert session.waiting == []
    assert len(looks) < 5


def test_a_look_that_a_newer_one_follows_on_its_heels_is_not_shown(
    studio: Studio, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps: list[Callable[[Any], Any]] = []
    monkeypatch.setattr(studio.jobs, "preview", lambda *asked: keeps.append(asked[-1]))
    looks: list[Any] = []
    session.looked.connect(looks.append)
    for seed in range(2):
        session.preview(echo(seed=seed))
    came = [keep(Candidate(Text(f"look {n}"))) for n, keep in enumerate(keeps)]
    for look in came:  # both were there before the window came to the first
        studio.jobs.preview_ready.emit(look)
    assert [look.artifact.value for look in looks] == ["look 1"]


def test_candidates_of_another_project_are_not_put_into_this_one(
    studio: Studio, session: Session, wait: Callable[[Callable[[], Any]], None]
) -> None:
    from aigc_studio.project import Project

    job = there(session.ask(echo(count=1)))
    studio.show_project(Project.new())
    wait(lambda: job.state.ended)
    assert session.waiting == []


@pytest.mark.parametrize("then", ["run", "new"])
def test_what_a_run_had_to_say_goes_with_the_next_one_or_another_board(
    make_window: Callable[..., StudioWindow],
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    studio: Studio,
    home: Path,
    wait: Callable[[Callable[[], Any]], None],
    then: str,
) -> None:
    plugin = (home / "data" / "plugins" / "echo.py").read_text("utf-8")
    eager = plugin.replace("range(request.count)", "range(request.count + 2)")
    assert eager != plugin
    (home / "data" / "plugins" / "echo.py").write_text(eager, "utf-8")
    studio.registry.refresh()
    window = make_window()
    bar = window.board_area.bar
    there(window.session.ask(echo(count=1)))
    wait(lambda: "The plugin Echo made more than it was asked for: 3, and not 1." in bar.text)
    if then == "run":
        there(window.session.ask(echo(count=1)))
        assert bar.text == ""
        wait(lambda: "Echo made more" in bar.text)
    else:
        window.documents._start_anew()
        assert bar.text == ""
