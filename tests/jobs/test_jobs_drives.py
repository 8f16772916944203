"""Drives that answer late, or never: nobody on the UI thread waits long for them."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from dead_drive import Drive
from pytestqt.qtbot import QtBot

from aigc_studio.jobs import Errands
from aigc_studio.jobs.drives import answers, is_file, is_folder, is_there


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    made = Drive(tmp_path / "drive", monkeypatch)
    (made.folder / "a.txt").touch()
    yield made
    made.plug()


@pytest.fixture
def errands(qtbot: QtBot) -> Iterator[Errands]:
    errands = Errands()
    yield errands
    errands.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aigc_studio.jobs.drives.PATIENCE", 40.0)


def test_a_drive_that_answers_says_what_is_there(tmp_path: Path) -> None:
    (file := tmp_path / "a").touch()
    assert answers(os.path.exists, [file, tmp_path / "b", tmp_path]) == [True, False, True]
    assert (is_there(file), is_file(file), is_folder(file)) == (True, True, False)
    assert (is_there(tmp_path), is_file(tmp_path), is_folder(tmp_path)) == (True, False, True)


def test_one_that_does_not_keeps_nobody_waiting_and_is_not_asked_twice(
    drive: Drive, tmp_path: Path
) -> None:
    (here := tmp_path / "here").touch()
    drive.unplug()
    there = drive.folder / "a.txt"
    assert answers(os.path.exists, [there, here]) == [None, True]
    asked: list[str] = []
    assert answers(lambda path: asked.append(path), [there, there / "below"]) == [None, None]
    assert not asked
    assert not is_there(there)
    drive.plug()
    while answers(os.path.exists, [there]) == [None]:
        pass
    assert is_file(there)
    assert not drive.waited


def test_what_is_done_in_order_goes_on_beside_a_drive_that_does_not_answer(
    qtbot: QtBot, errands: Errands, drive: Drive
) -> None:
    done: list[str] = []
    told: list[tuple[str, bool]] = []
    errands.silent.connect(lambda folder, silent: told.append((folder, silent)))
    drive.unplug()
    for name in ("first", "second"):
        errands.run_in_order(partial(str, name), done.append, at=drive.folder)
    errands.run_in_order(lambda: "here", done.append, at=drive.folder.parent)
    errands.run_in_order(lambda: "anywhere", done.append)
    qtbot.waitUntil(lambda: len(done) == 2 and len(told) == 1)
    assert done == ["here", "anywhere"]
    assert told == [(str(drive.folder), True)]
    drive.plug()
    qtbot.waitUntil(lambda: len(done) == 4)
    assert done[2:] == ["first", "second"]
    assert told[1:] == [(str(drive.folder), False)]
    assert errands.under_way == 0
    assert not drive.waited
