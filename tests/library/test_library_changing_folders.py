"""Folders that somebody else changes while they are looked at: never an error, never a wait."""

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aigc_studio import files
from aigc_studio.host import stamps
from aigc_studio.library import DatasetStore, ModelStore, PackStore, TrainingStore, locks
from aigc_studio.library.training import Training
from aigc_studio.project import sessions


@pytest.fixture
def storm() -> Iterator[Callable[[Path], None]]:
    """Call it with a folder: from then on folders come and go below it, deep ones too."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def blow(folder: Path) -> None:
        number = 0
        while not over.is_set():
            number += 1
            top = folder / f"unpack-{number % 5}"
            with contextlib.suppress(OSError):  # who looks may sweep it away
                (top / "deeper" / "still").mkdir(parents=True, exist_ok=True)
                (top / "deeper" / "part.py").write_bytes(bytes(100))
            shutil.rmtree(top, ignore_errors=True)

    def begin(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        threads.append(threading.Thread(target=blow, args=(folder,)))
        threads[-1].start()

    yield begin
    over.set()
    for thread in threads:
        thread.join()


def training(folder: Path) -> Training:
    files.write_json(
        folder / "training.json",
        {
            "generator": "g",
            "operation": "train",
            "name": "x",
            "dataset": {"path": "", "name": "d", "fingerprint": ""},
            "parameters": {},
            "seed": 0,
            "state": "running",
            "checkpoints": [],
        },
    )
    return Training(folder)


def test_walks_over_a_folder_that_changes_never_raise(
    storm: Callable[[Path], None], home: Path
) -> None:
    top = home / "data" / "jobs" / "one"
    (top / "work").mkdir(parents=True)
    one = training(top)
    storm(top / "work")
    for _ in range(300):
        assert files.bytes_below(top) >= 0
        assert locks.folder_size(top) >= 0
        list(files.files_below(top))
        one.can_go_on  # noqa: B018
        stamps._python_files(top)
        TrainingStore().interrupted()


def test_lists_of_what_comes_and_goes_never_raise(
    storm: Callable[[Path], None], home: Path
) -> None:
    for kind in ("datasets", "models", "sessions", "packs/digits"):
        storm(home / "data" / kind)
    for _ in range(100):
        assert DatasetStore().list() == []
        ModelStore().broken()
        assert PackStore().size("digits") >= 0
        PackStore().fetched("digits")
        assert sessions.left_behind() == []


def test_a_session_that_is_closed_meanwhile_is_not_left_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, gone = sessions.sessions_folder() / "there", sessions.sessions_folder() / "gone"
    for folder in (there, gone):
        folder.mkdir(parents=True)
        (folder / sessions.JOURNAL).write_text("{}\n")

    def closes(folder: Path) -> bool:
        if folder == gone:
            sessions.remove(gone, sessions.mark(gone))
        return False

    monkeypatch.setattr(sessions, "is_open", closes)
    assert sessions.left_behind() == [there]


def test_bytes_are_those_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "one").write_bytes(bytes(3))
    (tmp_path / "a" / "b" / "two").write_bytes(bytes(4))
    (tmp_path / "a" / "gone").symlink_to(tmp_path / "nowhere")
    assert files.bytes_below(tmp_path) == 7
    assert sorted(each.name for each in files.files_below(tmp_path)) == ["one", "two"]
    assert files.bytes_below(tmp_path / "nowhere") == 0
