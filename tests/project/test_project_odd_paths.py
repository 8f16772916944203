"""Saving where no file can be, or something else is: a sentence, and nothing is taken away."""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kinds import there

from aigc_studio.api import StudioError, Text
from aigc_studio.project import Item, Project, journal

posix = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


@pytest.fixture
def full(project: Project, place: Callable[..., Item]) -> Project:
    place(project, Text("x"))
    return project


@pytest.mark.parametrize("name", ["a\0b.aigc", "a\ud800.aigc", "x" * 300 + ".aigc", ""])
@pytest.mark.parametrize("saved_before", [False, True])
def test_a_name_that_no_file_can_have(
    full: Project, tmp_path: Path, name: str, saved_before: bool
) -> None:
    if saved_before:
        full.save(tmp_path / "a.aigc")
    with pytest.raises(StudioError, match="choose another place"):
        full.save(tmp_path / name)
    full.save(tmp_path / "b.aigc")


@posix
def test_what_is_no_file_is_not_replaced(full: Project, tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe.aigc", tmp_path / "folder.aigc"
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (pipe, folder):
        link = tmp_path / f"link to {path.name}"
        link.symlink_to(path)
        for each in (path, link):
            with pytest.raises(StudioError, match="it is not a file"):
                full.save(each)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert not [name for name in os.listdir(tmp_path) if name.endswith("~")]


def test_a_folder_that_is_gone_is_not_made_anew_behind_a_persons_back(
    full: Project, tmp_path: Path
) -> None:
    """The drive was taken out, or the folder renamed: a save must not go where nobody looks."""
    folder, renamed = tmp_path / "drive" / "mine", tmp_path / "drive" / "renamed"
    full.save(folder / "a.aigc")
    folder.rename(renamed)
    with pytest.raises(StudioError, match=r"folder .*mine is no longer there"):
        full.save()
    assert not folder.exists()
    assert full.path == folder / "a.aigc"
    full.save(tmp_path / "new" / "b.aigc")
    renamed.rename(folder)
    full.save(folder / "a.aigc")
    assert len(list(folder.iterdir())) == 2


@posix
def test_links_that_lead_in_a_circle(full: Project, tmp_path: Path) -> None:
    one, other = tmp_path / "one.aigc", tmp_path / "other.aigc"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(StudioError, match="choose another place"):
        full.save(one)
    assert one.is_symlink()


def test_a_former_version_that_could_not_be_kept_once_is_kept_later(
    full: Project, tmp_path: Path, place: Callable[..., Item]
) -> None:
    path, former = tmp_path / "a.aigc", tmp_path / "a.aigc~"
    full.save(path)
    former.mkdir()
    with pytest.raises(StudioError, match="cannot be saved"):
        full.save()
    assert not list(tmp_path.glob(".*"))
    former.rmdir()
    data = path.read_bytes()
    place(full, Text("later"))
    full.save()
    assert former.read_bytes() == data


def test_only_what_a_save_left_is_swept_away(full: Project, tmp_path: Path) -> None:
    path = tmp_path / "a.aigc"
    kept = [tmp_path / f".a.aigc.{end}" for end in ("swp", "backup", "2024", "0123456789abc")]
    left = [tmp_path / f".a.aigc.{end}" for end in ("0123456789ab", "0123456789ab~", "4711~")]
    for each in (*kept, *left):
        each.write_text("x")
        os.utime(each, (1, 1))
    full.save(path)
    assert [each for each in kept if not each.exists()] == []
    assert [each for each in left if each.exists()] == []


@pytest.mark.parametrize("name", ["a\0b.aigc", "a\ud800.aigc", "x" * 40_000, "", ".", "/", 5, None])
@pytest.mark.parametrize("op", ["saved", "start"])
def test_a_journal_that_names_no_file_brings_everything_back(
    full: Project, tmp_path: Path, place: Callable[..., Item], name: Any, op: str
) -> None:
    full.save(tmp_path / "a.aigc")
    if op == "start":
        there(full.journal.file).close()
        full.journal.begin()
    place(full, Text("later"))
    there(full.journal.file).close()
    full._let_go()
    full._lock.release()
    path = full.folder / "journal.jsonl"
    lines = []
    for line in path.read_bytes().splitlines():
        entry = json.loads(line)
        del entry["sum"]
        if "path" in entry:
            entry["path"] = name
        lines.append(journal.line(entry))
    path.write_bytes(b"".join(lines))
    assert Project.interrupted() == [full.folder]
    again = Project.recover(full.folder)
    assert again.board.items == full.board.items
    assert again.path is None
    again.save(tmp_path / "b.aigc")
    again.close()
