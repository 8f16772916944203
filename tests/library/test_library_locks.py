"""Folder locks and turns: one holder, also while another lets go, and never a wait without end."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import pytest

from aigc_studio import locks as system_locks
from aigc_studio.api import StudioError
from aigc_studio.library import locks

posix = pytest.mark.skipif(os.name != "posix", reason="Windows takes no open file away")


def test_one_holder_and_then_the_next(tmp_path: Path) -> None:
    one, two = locks.FolderLock(tmp_path), locks.FolderLock(tmp_path)
    assert one.acquire()
    assert not two.acquire()
    assert two.holder() == os.getpid()
    one.release()
    assert two.holder() == 0
    assert two.acquire()
    two.release()
    assert not list(tmp_path.iterdir())


@posix
def test_a_file_taken_away_while_it_is_locked_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (locks.FolderLock(tmp_path) for _number in range(3))
    assert first.acquire()
    lock = system_locks._lock

    def slowly(descriptor: int, shared: bool) -> Any:
        first.release()  # between the opening of `second` and its locking
        return lock(descriptor, shared)

    monkeypatch.setattr(system_locks, "_lock", slowly)
    held = second.acquire()
    monkeypatch.undo()
    assert [held, third.acquire()].count(True) == 1


@posix
def test_who_lets_go_takes_no_other_lock_away(tmp_path: Path) -> None:
    """The folder was thrown away with its lock, and another one has its name by now."""
    folder = tmp_path / "one"
    folder.mkdir()
    former, now = locks.FolderLock(folder), locks.FolderLock(folder)
    assert former.acquire()
    folder.rename(tmp_path / "gone")
    folder.mkdir()
    assert now.acquire()
    former.release()
    assert locks.FolderLock(folder).holder() == os.getpid()
    now.release()


@posix
def test_where_there_are_no_locks_a_number_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: object, _how: int) -> Never:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    one, two = locks.FolderLock(tmp_path), locks.FolderLock(tmp_path)
    assert one.acquire()
    assert two.holder() == os.getpid()
    assert not two.acquire()
    one.release()
    (tmp_path / locks.LOCK_NAME).write_text("4194305")  # above the greatest number of a process
    assert two.holder() == 0
    assert two.acquire()
    two.release()


def test_the_lock_of_a_folder_that_is_gone_is_an_error_and_free(tmp_path: Path) -> None:
    lock = locks.FolderLock(tmp_path / "gone")
    assert lock.holder() == 0
    with pytest.raises(FileNotFoundError):
        lock.acquire()


def test_a_turn_is_waited_for_and_the_wait_has_an_end(tmp_path: Path) -> None:
    with locks.turn(tmp_path, "Cats", "dogs"):
        with pytest.raises(StudioError, match="CATS is being changed by another window"):
            locks.turn(tmp_path, "CATS", seconds=0.05).__enter__()
        with locks.turn(tmp_path, "birds"):
            pass
    with locks.turn(tmp_path, "cats", "Cats"):
        pass
    assert not list(tmp_path.iterdir())


@posix
@pytest.mark.parametrize("kind", ["file", "pipe"])
def test_where_no_turn_can_be_had_work_goes_on(tmp_path: Path, kind: str) -> None:
    if kind == "file":
        (tmp_path / locks.TURNS).write_text("")
    else:
        os.mkfifo(tmp_path / locks.TURNS)
    at_work = False
    with locks.turn(tmp_path, "cats"):
        at_work = True
    assert at_work
    assert [path.name for path in tmp_path.iterdir()] == [locks.TURNS]


def old(path: Path) -> Path:
    path.mkdir(parents=True)
    os.utime(path, (1, 1))
    return path


def test_only_what_nobody_works_in_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, fresh = old(tmp_path / ".left"), tmp_path / ".fresh"
    fresh.mkdir()
    kept = [old(tmp_path / name) for name in (".turns", ".replaced-cats", "visible")]
    worked_in = tmp_path / ".worked-in"
    worked_in.mkdir()
    lock = locks.FolderLock(worked_in)
    assert lock.acquire()
    os.utime(worked_in, (1, 1))
    assert locks.sweep(tmp_path) == 1
    assert not left.exists()
    assert all(each.exists() for each in (*kept, fresh, worked_in))
    lock.release()
    assert locks.sweep(tmp_path / "missing") == 0


def test_what_was_left_before_the_clock_was_set_back_is_swept_away(tmp_path: Path) -> None:
    left, new = tmp_path / ".left", tmp_path / ".new"
    for path, ahead in ((left, 10**8), (new, 300)):  # `new` by the clock of a file server
        path.mkdir()
        os.utime(path, (time.time() + ahead,) * 2)
    assert locks.sweep(tmp_path) == 1
    assert new.exists()


@pytest.mark.parametrize("make", [locks.held_folder, lambda path: locks.new_folder(path, list)])
def test_a_folder_is_not_swept_away_while_it_is_filled(
    tmp_path: Path, make: Callable[[Path], Any]
) -> None:
    with make(tmp_path / "new") as temporary:
        (temporary / "weights").write_bytes(b"w")
        os.utime(temporary, (1, 1))  # a large file takes more than a minute
        assert locks.sweep(tmp_path) == 0
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["weights"]


def test_a_name_that_was_taken_meanwhile_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(StudioError, match="taken"),
        locks.new_folder(tmp_path / "cats", lambda: ["Cats"]),
    ):
        pass
    assert {each.name for each in tmp_path.iterdir()} <= {locks.TURNS}
