"""What is stored together is synced together, and before the journal names it."""

import errno
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from disk import Disk

from aigc_studio import files
from aigc_studio.api import Image, StudioError, Text
from aigc_studio.project import ContentStore, Item, Project, commands, editing
from aigc_studio.project.journal import Journal
from aigc_studio.project.tiles import TILE


class Syncs:
    """Counts the syncs of files and of folders, and how many were asked for at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refuse: int = 0) -> None:
        self.files: list[int] = []
        self.folders: list[int] = []
        self._refuse, self._sync = refuse, os.fsync
        self._lock = threading.Lock()
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, descriptor: int) -> None:
        about = os.fstat(descriptor)
        with self._lock:
            is_folder = about.st_mode & 0o170000 == 0o040000
            (self.folders if is_folder else self.files).append(about.st_ino)
            if not is_folder and len(self.files) == self._refuse:
                raise OSError(errno.ENOSPC, "No space left on device")
        self._sync(descriptor)


def tiled(count: int, first: int = 0) -> Image:
    """A picture of so many tiles, no two alike."""
    pixels = np.zeros((TILE, TILE * count), np.uint8)
    for number in range(count):
        value = first + number + 1
        pixels[:, number * TILE : (number + 1) * TILE] = value % 251
        pixels[0, number * TILE] = value // 251
    return Image(pixels)


def names(store: ContentStore) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "store")


@pytest.mark.parametrize("count", [20, 80])
def test_a_picture_is_one_sync_a_file_and_one_a_folder(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    syncs, disk = Syncs(monkeypatch), Disk(monkeypatch)
    content = store.put(tiled(count))
    folders = {store.path(*key).parent for key in store.files(content)}
    assert len(syncs.files) == len(set(syncs.files)) == count + 1
    assert len(syncs.folders) == len(set(syncs.folders)) == len(folders)
    assert disk.early == disk.owed == []
    assert all(disk.holds(store.path(*key)) for key in store.files(content))
    assert ContentStore(store.folder).get(content) == tiled(count)


def test_the_syncs_of_a_picture_are_asked_for_at_once(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other they would wait for each other at this barrier for ever."""
    barrier, real = threading.Barrier(4), os.fsync

    def meet(descriptor: int) -> None:
        if os.fstat(descriptor).st_mode & 0o170000 != 0o040000:
            barrier.wait(20)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", meet)
    store.put(tiled(7))  # with its manifest eight files


@pytest.mark.parametrize("count", [20, 80])
def test_many_contents_together_sync_each_folder_once(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    syncs = Syncs(monkeypatch)
    with store.together():
        contents = [store.put(tiled(1, number)) for number in range(count)]
        assert not syncs.files
        assert [store.get(content) for content in contents[:2]] == [tiled(1, 0), tiled(1, 1)]
    assert len(syncs.files) == len(set(syncs.files)) == 2 * count
    assert len(syncs.folders) == len(set(syncs.folders)) <= 2 * 256
    assert not any(name.startswith(".") for name in names(store))


def test_strokes_and_flips_are_synced_together(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = Item("i1", "A", store.put(tiled(20)), 0, 0, 20 * TILE, TILE)
    item = replace(item, mask=store.put(tiled(20, 100)))
    syncs, disk = Syncs(monkeypatch), Disk(monkeypatch)
    strokes = {(column, 0): bytes([column + 1]) * (TILE * TILE * 4) for column in range(20)}
    store.put_tiles(item.content, strokes)
    assert len(syncs.files) == 21
    first = len(syncs.folders)  # two files may lie in one folder
    with store.together():
        editing.flip(store, item)
    assert first == len(set(syncs.folders[:first]))
    assert len(syncs.folders) - first == len(set(syncs.folders[first:]))
    assert disk.early == disk.owed == []


def test_what_the_journal_names_was_synced_before(
    monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    disk, seen = Disk(monkeypatch), list[bool]()
    append = Journal.append

    def look(journal: Journal, *entries: dict[str, Any], **more: Any) -> None:
        files = list(project.store.files(content))
        seen.append(not disk.owed and all(disk.holds(project.store.path(*key)) for key in files))
        append(journal, *entries, **more)

    monkeypatch.setattr(Journal, "append", look)
    content = project.store.put(tiled(30))
    project.do(commands.add_items(project.board, [Item("i1", "A", content, 0, 0, 10, 10)]))
    assert seen == [True]


@pytest.mark.parametrize("refuse", [1, 5, 21])
def test_a_disk_that_fills_up_leaves_nothing_half_written(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch, refuse: int
) -> None:
    Syncs(monkeypatch, refuse)
    with pytest.raises(StudioError, match="No space left"):
        store.put(tiled(20))
    assert names(store) == []
    monkeypatch.undo()
    assert ContentStore(store.folder).get(store.put(tiled(20))) == tiled(20)


def test_a_write_that_fails_takes_those_before_it_along(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, count = files.write_beside, iter(range(100))

    def refuse(path: Path, data: bytes) -> str:
        if next(count) == 11:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    monkeypatch.setattr("aigc_studio.project.batch.write_beside", refuse)
    with pytest.raises(StudioError, match="No space left"):
        store.put(tiled(20))
    assert names(store) == []


def test_a_name_that_cannot_be_given_leaves_whole_files_only(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = os.replace, iter(range(100))

    def refuse(source: Any, target: Any) -> None:
        if next(count) == 11:
            raise OSError(errno.EROFS, "Read-only file system")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(StudioError, match="Read-only"):
        store.put(tiled(20))
    monkeypatch.undo()
    assert len(names(store)) == 11
    assert all(not name.startswith(".") for name in names(store))
    content = store.put(tiled(20))
    assert ContentStore(store.folder).get(content) == tiled(20)


def test_an_exception_in_the_block_leaves_nothing(store: ContentStore) -> None:
    def block() -> None:
        with store.together():
            store.put(tiled(5))
            raise KeyError

    with pytest.raises(KeyError):
        block()
    assert names(store) == []
    content = store.put(tiled(5))
    assert ContentStore(store.folder).get(content) == tiled(5)


def test_what_another_thread_stores_meanwhile_waits_for_nobody(store: ContentStore) -> None:
    def other() -> None:
        made.append(store.put(Text("from beside")))

    made: list[Any] = []
    with store.together():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert store.path("text", made[0].digest).exists()
        mine = store.put(Text("mine"))
        assert not store.path("text", mine.digest).exists()
    assert store.path("text", mine.digest).exists()


@pytest.mark.parametrize("together", [False, True])
def test_what_was_stored_quickly_is_synced_when_it_is_stored_for_good(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    """Its file is there, so that nothing is written; the journal must not name it unsynced."""

    def put(store: ContentStore) -> Any:
        return store.put(tiled(3) if together else Text("x"))

    disk = Disk(monkeypatch)
    content = put(store.quick())
    assert disk.owed
    assert put(store) == content
    assert disk.owed == []
    assert all(disk.holds(store.path(*key)) for key in store.files(content))


def test_a_store_that_is_not_durable_syncs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs = Syncs(monkeypatch)
    store = ContentStore(tmp_path / "quick", durable=False)
    with store.together():
        content = store.put(tiled(20))
        assert store.path("image", content.digest).exists()
    assert syncs.files == syncs.folders == []
    assert ContentStore(store.folder).get(content) == tiled(20)


def test_sync_asks_once_for_each_file_and_folder(
    store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = store.quick().put(tiled(20))
    syncs, disk = Syncs(monkeypatch), Disk(monkeypatch)
    store.sync([*store.files(content), *store.files(content)])
    assert len(syncs.files) == 21
    assert len(syncs.folders) == len(set(syncs.folders))
    assert all(disk.holds(store.path(*key)) for key in store.files(content))
