"""Locks of the system: one holder, gone with its process, never a wait without an end."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Never

import pytest

from aigc_studio import locks

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")


def test_one_holder_at_a_time_and_then_the_next(tmp_path: Path) -> None:
    first = locks.Lock(tmp_path / "lock")
    with pytest.raises(locks.Taken):
        locks.Lock(tmp_path / "lock")
    assert first.certain
    first.release(remove=True)
    first.release()
    assert not (tmp_path / "lock").exists()
    locks.Lock(tmp_path / "lock").release()


@posix
def test_shared_locks_stand_beside_each_other_and_keep_others_out(tmp_path: Path) -> None:
    one, two = (locks.Lock(tmp_path / "lock", shared=True) for _number in range(2))
    with pytest.raises(locks.Taken):
        locks.Lock(tmp_path / "lock")
    one.release()
    two.release()


def test_a_wait_has_an_end(tmp_path: Path) -> None:
    with locks.Lock(tmp_path / "lock"):
        began = time.monotonic()
        with pytest.raises(locks.Taken):
            locks.Lock(tmp_path / "lock", seconds=0.1)
        assert time.monotonic() - began >= 0.1


@posix
@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_no_file_is_an_error_and_never_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "lock"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="lock") as caught:
        locks.Lock(path, seconds=5)
    assert not isinstance(caught.value, locks.Taken)
    assert not (tmp_path / "elsewhere").exists()


def test_a_missing_folder_or_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        locks.Lock(tmp_path / "gone" / "lock")
    with pytest.raises(FileNotFoundError):
        locks.Lock(tmp_path / "lock", make=False)


@posix
def test_a_file_that_may_not_be_written_can_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    path.touch()
    real = os.open

    def refuse(name: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, "Permission denied", str(name))
        return real(name, flags, mode)

    monkeypatch.setattr(os, "open", refuse)  # the tests may run as root, whom nothing refuses
    with locks.Lock(path) as lock:
        lock.write("not written, and no error")
        with pytest.raises(locks.Taken):
            locks.Lock(path)
    with pytest.raises(PermissionError):
        locks.Lock(tmp_path / "other")


@posix
def test_where_there_are_no_locks_nothing_is_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: object, _how: int) -> Never:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    one, two = (locks.Lock(tmp_path / "lock") for _number in range(2))
    assert not one.certain
    assert not two.certain
    one.release()
    two.release()


HOLDER = """
import sys, time
from pathlib import Path
from aigc_studio import locks
lock = locks.Lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[1],
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(locks.Taken):
        locks.Lock(path)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    locks.Lock(path).release()


FORK = """
import os, sys
from pathlib import Path
from aigc_studio import locks
lock = locks.Lock(Path(sys.argv[1]))
read, write = os.pipe()
if os.fork() == 0:
    assert not lock.held
    os.close(write)
    os.read(read, 1)  # lives on until the parent has let go and looked
    os._exit(0)
try:
    locks.Lock(lock.path)
except locks.Taken:
    print("still held")
lock.release()
locks.Lock(lock.path).release()
print("free")
os.close(write)
os.wait()
"""


@posix
def test_a_forked_child_neither_holds_nor_ends_a_lock(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FORK, str(tmp_path / "lock")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).resolve().parents[1],
    )
    assert said.stdout.split("\n")[:2] == ["still held", "free"], said.stderr
