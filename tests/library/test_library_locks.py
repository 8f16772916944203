"""Folder locks: one holder, also while another lets go."""

import os
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.library import locks


def test_one_holder_and_then_the_next(tmp_path: Path) -> None:
    one, two = locks.FolderLock(tmp_path), locks.FolderLock(tmp_path)
    assert one.acquire()
    assert not two.acquire()
    assert two.holder() == os.getpid()
    one.release()
    assert two.acquire()


@pytest.mark.skipif(os.name != "posix", reason="Windows takes no open file away")
def test_a_file_taken_away_while_it_is_locked_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (locks.FolderLock(tmp_path) for _number in range(3))
    assert first.acquire()
    lock = locks._lock

    def slowly(descriptor: int) -> Any:
        first.release()  # between the opening of `second` and its locking
        return lock(descriptor)

    monkeypatch.setattr(locks, "_lock", slowly)
    held = second.acquire()
    monkeypatch.undo()
    assert [held, third.acquire()].count(True) == 1
