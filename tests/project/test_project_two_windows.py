"""Two processes on one home: lost sessions, one project file, and files that others change."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Never

import pytest
from crashed import crash
from neighbour import Neighbour, neighbours

from aigc_studio import locks
from aigc_studio.api import StudioError, Text
from aigc_studio.folders import data_folder
from aigc_studio.project import Item, Project, claims, file_marks, sessions

Place = Callable[..., Item]
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")


@pytest.fixture
def other() -> Iterator[Neighbour]:
    with neighbours() as (one,):
        yield one


def names(project: Project) -> list[str]:
    return [item.name for item in project.board.items]


def lost(place: Place, words: str = "lost") -> Path:
    """A session whose process ended in the middle of work."""
    project = Project.new()
    place(project, Text(words), name=words)
    return crash(project)


# Lost sessions


def test_a_session_that_another_window_works_in_is_not_removed(
    place: Place, other: Neighbour
) -> None:
    folder = lost(place)
    (offered,) = Project.interrupted()
    seen = sessions.mark(offered)
    other.does(f"project = Project.recover(Path({str(folder)!r}))")
    other.does("add(project, 'went on')")
    with pytest.raises(BlockingIOError, match="already open in another window"):
        sessions.remove(folder, seen)
    with pytest.raises(StudioError, match="already open in another window"):
        Project.recover(folder)
    other.does("add(project, 'and on')")
    other.kill()
    # The one that was offered is no more: what came since was seen by nobody here.
    assert not sessions.remove(folder, seen)
    recovered = Project.recover(folder)
    assert names(recovered) == ["lost", "went on", "and on"]
    recovered.close()


def test_a_session_that_is_removed_is_held_until_it_is_gone(
    place: Place, other: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lost(place)
    said: list[str] = []
    rmtree = shutil.rmtree

    def slowly(path: Path, ignore_errors: bool = False) -> None:
        said.append(other.refuses(f"Project.recover(Path({str(folder)!r}))"))
        rmtree(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", slowly)
    assert sessions.remove(folder, sessions.mark(folder))
    assert "already open in another window" in said[0]
    assert not folder.exists()
    assert "no longer there" in other.refuses(f"Project.recover(Path({str(folder)!r}))")
    assert sessions.remove(folder, None)


def test_a_session_that_changed_since_it_was_judged_is_kept(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of a journal and the removal another window worked and crashed."""
    folder = lost(place)
    with (folder / sessions.JOURNAL).open("ab") as file:
        seen = sessions.mark(folder)
        file.write(b'{"op":"undo"}\n')
    assert not sessions.remove(folder, seen)
    assert folder.exists()


def test_no_session_is_lost_to_those_who_look_for_lost_ones(home: Path) -> None:
    with neighbours(2) as lookers:
        for each in lookers:
            each.does("import time")
        for each in lookers:
            each.begin(
                "end = time.monotonic() + 1.2\n"
                "while time.monotonic() < end:\n"
                "    Project.interrupted()"
            )
        for _number in range(60):
            project = Project.new()
            assert (project.folder / sessions.JOURNAL).exists()
            project.close()
            assert not (project.folder / sessions.JOURNAL).exists()
        for each in lookers:
            each.answer()
    # Who looks may have put its lock into a folder that was going, and takes both away then.
    assert Project.interrupted() == []
    assert not list(sessions.sessions_folder().iterdir())


def test_a_folder_that_is_being_made_is_made_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tidies up comes just between the making of the folder and the taking of its lock."""
    real, calls = locks.Lock.__init__, []

    def tidied_first(self: locks.Lock, path: Path, **how: float) -> None:
        calls.append(path)
        if len(calls) == 1:
            monkeypatch.setattr(locks.Lock, "__init__", real)
            assert sessions.left_behind() == []
            monkeypatch.setattr(locks.Lock, "__init__", tidied_first)
            assert not path.parent.exists()
        real(self, path, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(locks.Lock, "__init__", tidied_first)
    project = Project.new()
    assert (project.folder / sessions.JOURNAL).exists()
    project.close()


@posix
def test_sessions_are_nobody_elses_business(home: Path) -> None:
    sessions.sessions_folder().mkdir(parents=True, mode=0o755)
    project = Project.new()
    folders = [project.folder, sessions.sessions_folder()]
    assert [each.stat().st_mode & 0o777 for each in folders] == [0o700, 0o700]
    project.close()
    shutil.rmtree(home)
    Project.new().close()
    assert data_folder().stat().st_mode & 0o777 == 0o700


@posix
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_an_odd_lock_is_a_sentence_and_no_wait(place: Place, kind: str) -> None:
    folder = lost(place)
    (folder / sessions.LOCK).unlink()
    if kind == "folder":
        (folder / sessions.LOCK).mkdir()
    else:
        os.mkfifo(folder / sessions.LOCK)
    assert Project.interrupted() == []
    with pytest.raises(StudioError, match="cannot be opened"):
        Project.recover(folder)
    assert (folder / sessions.JOURNAL).exists()


# One project in two windows


@pytest.fixture
def path(place: Place, tmp_path: Path) -> Path:
    project = Project.new()
    place(project, Text("saved"), name="saved")
    path = tmp_path / "项目" / "one.aigc"
    project.save(path)
    project.close()
    return path


def opened(other: Neighbour, path: Path) -> None:
    other.does(f"project = Project.open(Path({str(path)!r}))")


def test_a_project_that_is_open_elsewhere_opens_as_a_copy(
    path: Path, other: Neighbour, place: Place
) -> None:
    opened(other, path)
    copy = Project.open(path)
    assert (copy.path, copy.copied_from, names(copy)) == (None, path, ["saved"])
    assert not copy.modified
    place(copy, Text("mine"), name="mine")
    with pytest.raises(StudioError, match="no file yet"):
        copy.save()
    with pytest.raises(claims.OpenElsewhere, match="open in another window"):
        copy.save(path)
    copy.save(path.with_name("two.aigc"))
    assert copy.path == path.with_name("two.aigc")
    assert copy.copied_from is None
    other.does("add(project, 'theirs')")
    other.does("project.save()")
    copy.close()
    other.does("project.close()")
    again = Project.open(path)
    assert (again.path, names(again)) == (path, ["saved", "theirs"])
    again.close()
    assert not list(claims.claims_folder().iterdir())
    assert {each.name for each in path.parent.iterdir()} == {
        "one.aigc", "one.aigc~", "two.aigc",
    }  # fmt: skip


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("way", ["link", "hard link", "renamed", "linked folder"])
@posix
def test_a_file_is_the_same_by_any_name(
    path: Path, other: Neighbour, way: str, saved: bool, tmp_path: Path
) -> None:
    opened(other, path)
    if saved:
        other.does("project.save()")  # another inode
    name = path.with_name("other name.aigc")
    if way == "link":
        name.symlink_to(path)
    elif way == "hard link":
        os.link(path, name)
    elif way == "renamed":
        path.rename(name)
    else:
        (tmp_path / "folder").symlink_to(path.parent)
        name = tmp_path / "folder" / path.name
    copy = Project.open(name)
    assert (copy.path, copy.copied_from) == (None, name)
    copy.close()


def test_a_claim_ends_with_its_process_and_leaves_nothing(path: Path, other: Neighbour) -> None:
    opened(other, path)
    other.kill()
    project = Project.open(path)
    assert project.path == path
    project.close()
    assert not list(claims.claims_folder().iterdir())


def test_the_former_version_can_be_opened_beside_the_file(path: Path, other: Neighbour) -> None:
    opened(other, path)
    other.does("project.save()")
    former = Project.open(path.with_name(path.name + "~"))
    assert former.path == path.with_name(path.name + "~")
    former.close()


def test_one_window_may_open_its_file_anew(path: Path, other: Neighbour) -> None:
    first = Project.open(path)
    second = Project.open(path)
    assert (first.path, second.path) == (path, path)
    first.close()
    opened(other, path)
    assert other.does("str(project.copied_from)") == str(path)
    second.close()


def test_an_inode_that_is_used_again_is_another_file(path: Path, other: Neighbour) -> None:
    opened(other, path)
    (key,) = claims.claims_folder().glob("file-*")
    replaced = path.with_name("replaced.aigc")
    shutil.copy(path, replaced)
    os.replace(replaced, path)  # as a sync program does; then its inode is given to another file
    third = path.with_name("third.aigc")
    shutil.copy(path, third)
    about = third.stat()
    key.rename(key.with_name(f"file-{about.st_dev:x}-{about.st_ino:x}"))
    project = Project.open(third)
    assert project.path == third
    project.close()


def test_a_lost_session_whose_file_is_open_elsewhere_comes_back_as_a_copy(
    path: Path, other: Neighbour, place: Place
) -> None:
    with neighbours() as (victim,):
        opened(victim, path)
        victim.does("add(project, 'not saved')")
        victim.kill()
    opened(other, path)
    (folder,) = Project.interrupted()
    project = Project.recover(folder)
    assert names(project) == ["saved", "not saved"]
    assert (project.path, project.copied_from) == (None, path)
    project.close()


@posix
@pytest.mark.parametrize("how", ["no locks", "file in the way", "full"])
def test_without_claims_work_goes_on(path: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "no locks":

        def refuse(_file: object, _how: int) -> Never:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("fcntl.flock", refuse)
    elif how == "file in the way":
        claims.claims_folder().rmdir()
        claims.claims_folder().write_text("")
    else:
        real = locks.Lock.__init__

        def full(self: locks.Lock, path: Path, **how: float) -> None:
            if path.parent == claims.claims_folder():
                raise OSError(errno.ENOSPC, "No space left on device")
            real(self, path, **how)  # type: ignore[arg-type]

        monkeypatch.setattr(locks.Lock, "__init__", full)
    project = Project.open(path)
    assert project.path == path
    project.save()
    project.close()


# Files that others change


def test_a_file_that_somebody_changed_is_not_replaced_silently(
    path: Path, place: Place, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.aigc"
    elsewhere = Project.new()
    place(elsewhere, Text("theirs"), name="theirs")
    elsewhere.save(theirs)
    elsewhere.close()
    project = Project.open(path)
    place(project, Text("mine"), name="mine")
    shutil.copyfile(theirs, path)  # another machine, by a network drive or a sync program
    before = path.read_bytes()
    with pytest.raises(file_marks.FileChanged, match="was changed by another"):
        project.save()
    assert path.read_bytes() == before
    assert project.modified
    project.save(path.with_name("mine.aigc"))
    project.save(replace=True)
    project.save(path, replace=True)
    assert path.with_name(path.name + "~").read_bytes() == before
    place(project, Text("more"), name="more")
    project.save()
    project.close()


@pytest.mark.parametrize("how", ["touched", "copied", "gone", "mode"])
def test_a_file_that_only_looks_changed_is_saved(path: Path, place: Place, how: str) -> None:
    project = Project.open(path)
    place(project, Text("mine"), name="mine")
    if how == "touched":
        os.utime(path, (1, 1))
    elif how == "copied":
        shutil.copyfile(path, path.with_name("copy"))
        os.replace(path.with_name("copy"), path)
    elif how == "gone":
        path.unlink()
    else:
        path.chmod(0o600)
    project.save()
    project.save()
    project.close()
    assert path.exists()


@posix
def test_a_link_that_leads_elsewhere_meanwhile_is_a_changed_file(
    path: Path, tmp_path: Path
) -> None:
    link, other = tmp_path / "link.aigc", tmp_path / "other.aigc"
    link.symlink_to(path)
    other.write_bytes(b"something else")
    project = Project.open(link)
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(file_marks.FileChanged):
        project.save()
    assert other.read_bytes() == b"something else"
    project.close()


def test_a_recovered_session_knows_what_its_file_was_like(path: Path, other: Neighbour) -> None:
    opened(other, path)
    other.does("add(project, 'one')")
    other.does("project.save()")
    other.does("add(project, 'two')")
    other.kill()
    between = Project.open(path)
    between.save(path)
    between.close()
    (folder,) = Project.interrupted()
    project = Project.recover(folder)
    project.save()  # the same project gives the same bytes
    project.close()
    again = Project.open(path)
    assert [item.name for item in again.board.items] == ["saved", "one", "two"]
    again.close()


def test_a_recovered_session_does_not_replace_what_was_saved_since(
    path: Path, other: Neighbour, place: Place
) -> None:
    opened(other, path)
    other.does("add(project, 'two')")
    other.kill()
    between = Project.open(path)
    place(between, Text("between"), name="between")
    between.save()
    between.close()
    (folder,) = Project.interrupted()
    project = Project.recover(folder)
    with pytest.raises(file_marks.FileChanged):
        project.save()
    project.close()


@pytest.mark.parametrize("value", [None, 1, [], {}, {"stamp": 1}, {"stamp": ["a"], "digest": ""}])
def test_a_mark_that_makes_no_sense_is_none(value: object) -> None:
    assert file_marks.Mark.from_json(value) is None


def test_two_saves_at_once_to_one_new_file_are_one_and_a_sentence(
    tmp_path: Path, other: Neighbour, place: Place
) -> None:
    path = tmp_path / "new.aigc"
    other.does("project = Project.new()")
    other.does("add(project, 'theirs')")
    mine = Project.new()
    place(mine, Text("mine"), name="mine")
    other.begin(f"project.save(Path({str(path)!r}))")
    refused = ""
    try:
        mine.save(path)
    except claims.OpenElsewhere as error:
        refused = str(error)
    theirs = Neighbour.answer if refused else Neighbour.sentence
    said = theirs(other)
    assert refused or "open in another window" in str(said)
    saved = Project.open(path)
    assert names(saved) == (["theirs"] if refused else ["mine"])
    saved.close()
    mine.close()


@posix
def test_a_pipe_is_no_project_and_no_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.aigc")
    with pytest.raises(StudioError, match=r"not an \.aigc file"):
        Project.open(tmp_path / "pipe.aigc")
    project = Project.new()
    with pytest.raises(StudioError, match="it is not a file"):  # nor a device: none is replaced
        project.save(tmp_path / "pipe.aigc")
    project.close()


# Full disks are named


def test_a_session_that_cannot_be_begun_leaves_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_place: object) -> Never:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("aigc_studio.project.journal.begin", full)
    with pytest.raises(StudioError, match=r"sessions.*No space left"):
        Project.new()
    assert not list(sessions.sessions_folder().iterdir())


def test_a_full_data_folder_is_named_and_not_the_project(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, _target: Path) -> Never:
        raise OSError(errno.ENOSPC, "No space left on device", str(source))  # as `shutil` does

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(StudioError, match="cannot be written to") as caught:
        Project.open(path)
    assert str(data_folder()) in str(caught.value)
    assert not list(sessions.sessions_folder().iterdir())
