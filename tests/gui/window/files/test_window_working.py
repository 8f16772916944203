"""What the window says while a file takes its time, and when one cannot be opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from aigc_studio.api import Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]


def saved(path: Path, *names: str) -> None:
    """A project that was saved once for each name."""
    project = Project.new()
    for name in names:
        content = project.store.put(Text(name))
        (id,) = project.board.new_ids(1)
        project.do(commands.add_items(project.board, [Item(id, name, content, 0, 0, 100, 50)]))
        project.save(path)
    project.close()


def test_a_file_that_takes_long_is_mentioned_until_it_is_done(
    window: StudioWindow, wait: Wait
) -> None:
    status, errands, go = window.status, window.studio.errands, threading.Event()
    errands.run_in_order(go.wait)
    errands.run_in_order(lambda: None)
    assert status.work.isHidden()  # what is done soon never blinks
    wait(lambda: status.work.text() == "Working on files…" and not status.work.isHidden())
    assert (status.progress.minimum(), status.progress.maximum()) == (0, 0)
    go.set()
    wait(lambda: status.work.isHidden())
    assert errands.under_way == 0


def test_files_that_are_done_soon_are_not_mentioned(window: StudioWindow, wait: Wait) -> None:
    errands, line = window.studio.errands, window.work_line
    for _n in range(5):
        errands.run_in_order(lambda: None)
    assert line._at_files.isActive()
    wait(lambda: errands.under_way == 0)
    assert not line._at_files.isActive()
    assert window.status.work.isHidden()


def test_of_a_file_that_cannot_be_opened_the_version_before_it_is_named(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "one.aigc"
    saved(path, "first", "second")
    path.write_bytes(path.read_bytes()[:200])
    bar = window.board_area.bar
    window.documents.open(path)
    wait(lambda: "cannot be opened: it is not a whole .aigc file." in bar.text)
    assert f"The version before it is kept as {path}~" in bar.text
    again = tmp_path / "again.aigc"
    path.with_name("one.aigc~").rename(again)
    window.documents.open(again)
    wait(lambda: [item.name for item in window.studio.project.board.items] == ["first"])


def test_without_a_version_before_it_none_is_named(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "one.aigc"
    path.write_bytes(b"")
    window.documents.open(path)
    wait(lambda: "cannot be opened" in window.board_area.bar.text)
    assert "version before" not in window.board_area.bar.text
