"""Zip files as data: kept for a day and while somebody reads, whatever the clock says."""

from __future__ import annotations

import errno
import os
import shutil
import time
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never

import pytest
from families import posix
from neighbour import Neighbour, neighbours

from aigc_studio import folders
from aigc_studio.api import StudioError
from aigc_studio.library import unpacking

DAY = 24 * 3600.0


@pytest.fixture
def other() -> Iterator[Neighbour]:
    with neighbours() as (one,):
        yield one


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    yield
    for place in list(unpacking._held):
        unpacking._let_go(place)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "cats.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/one.txt", "one")
        archive.writestr("two.txt", "two")
    return path


def set_clock(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + ahead)


def places() -> list[Path]:
    return list((folders.cache_folder() / "unpacked").iterdir())


def test_a_zip_is_unpacked_once(packed: Path) -> None:
    folder = unpacking.unpacked(packed)
    assert sorted(each.name for each in folder.rglob("*.txt")) == ["one.txt", "two.txt"]
    (folder / "two.txt").write_text("as it was left")
    assert unpacking.unpacked(packed) == folder
    assert (folder / "two.txt").read_text() == "as it was left"
    assert len(places()) == 1


def test_what_a_cleaner_has_taken_away_is_unpacked_again(packed: Path) -> None:
    folder = unpacking.unpacked(packed)
    shutil.rmtree(folder)
    for _again in range(2):
        assert unpacking.unpacked(packed) == folder
        assert (folder / "two.txt").read_text() == "two"
    assert places() == [folder.parent]


@posix
@pytest.mark.parametrize("held", [True, False])
def test_a_zip_is_unpacked_again_when_only_its_place_is_left(packed: Path, held: bool) -> None:
    folder = unpacking.unpacked(packed)
    if not held:
        unpacking._let_go(folder.parent)
    shutil.rmtree(folder)
    lock = folder.parent / ".lock"
    with lock.open("rb") as file:
        assert unpacking.unpacked(packed) == folder
        assert os.path.samestat(os.fstat(file.fileno()), lock.stat())  # others hold it
    assert sorted(each.name for each in folder.rglob("*.txt")) == ["one.txt", "two.txt"]
    assert places() == [folder.parent]
    assert folder.parent in unpacking._held


def test_a_zip_has_the_name_of_the_link_that_was_chosen(packed: Path, tmp_path: Path) -> None:
    unpacking.unpacked(packed)
    link = tmp_path / "dogs.zip"
    link.symlink_to(packed)
    folder = unpacking.unpacked(link)
    assert folder.name == "dogs"
    assert (folder / "two.txt").exists()


@pytest.mark.parametrize("ahead", [400 * DAY, -400 * DAY])
def test_what_a_window_reads_stays_when_the_clock_is_set(
    packed: Path, other: Neighbour, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    other.does("from aigc_studio.library import unpacking")
    theirs = [
        Path(other.does(f"str(unpacking.unpacked(Path({str(packed)!r})))")),
        Path(other.does("str(unpacking.pasted(b'words', 'words'))")),
    ]
    ours = unpacking.pasted(b"ours", "ours")
    set_clock(monkeypatch, ahead)
    unpacking._swept()
    assert all(each.exists() for each in (*theirs, ours))
    other.process.kill()
    other.process.wait(20)
    unpacking._swept()
    assert not any(each.exists() for each in theirs)  # it is gone, and they are far from new
    assert ours.read_bytes() == b"ours"


def test_what_a_window_unpacks_stays_when_the_clock_is_set(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack: Any = unpacking._unpack

    def slowly(archive: zipfile.ZipFile, path: Path, folder: Path) -> None:
        unpack(archive, path, folder)
        with monkeypatch.context() as later:
            set_clock(later, 2 * DAY)
            unpacking._swept()  # as another window does

    monkeypatch.setattr(unpacking, "_unpack", slowly)
    assert (unpacking.unpacked(packed) / "two.txt").read_text() == "two"


def test_two_that_unpack_the_same_have_the_same(
    packed: Path, other: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack: Any = unpacking._unpack
    theirs = []

    def beside(archive: zipfile.ZipFile, path: Path, folder: Path) -> None:
        unpack(archive, path, folder)
        other.does("from aigc_studio.library import unpacking")
        theirs.append(other.does(f"str(unpacking.unpacked(Path({str(packed)!r})))"))

    monkeypatch.setattr(unpacking, "_unpack", beside)
    assert str(unpacking.unpacked(packed)) == theirs[0]
    assert len(places()) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_disk_without_room_is_not_the_fault_of_the_file(
    packed: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(*_all: object) -> Never:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(shutil, "copyfileobj", full)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StudioError, match=r"cannot be written to .*: free up space"):
        unpacking.unpacked(packed)
    with pytest.raises(StudioError, match=r"cannot be written to .*: free up space"):
        unpacking.pasted(b"words", "words")
    assert places() == []
    assert unpacking._held == {}


def test_a_cache_that_cannot_be_made_is_a_sentence(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(*_all: object) -> Never:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(unpacking, "make_private", shut)
    with pytest.raises(StudioError, match="cannot be written to"):
        unpacking.unpacked(packed)
    with pytest.raises(StudioError, match="cannot be written to"):
        unpacking.pasted(b"x", "x")


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gb18030", ("猫咪", "小狗")), ("cp932", ("ねこネ", "いぬ犬")), ("cp950", ("貓咪", "小狗")),
        ("cp949", ("고양이", "강아지")), ("cp866", ("кошки", "собаки")), ("utf-8", ("猫咪", "Bär")),
        ("cp437", ("Größe", "Bär")), ("cp437", ("Hund", "Bär")), ("cp437", ("café", "été")),
    ],
)  # fmt: skip
def test_names_are_read_in_what_the_system_of_their_program_wrote(
    encoding: str, names: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "old.zip"
    written = [name.encode(encoding) for name in names]
    stand_ins = [b"\x01%d" % at + b"_" * (len(each) - 2) for at, each in enumerate(written)]
    with zipfile.ZipFile(path, "w") as archive:
        for each in stand_ins:
            archive.writestr(each.decode() + "/1.txt", "one")
    data = path.read_bytes()
    for each, name in zip(stand_ins, written, strict=True):
        data = data.replace(each, name)
    path.write_bytes(data)
    folder = unpacking.unpacked(path)
    assert sorted(each.name for each in folder.iterdir()) == sorted(names)


def members(path: Path, named: list[tuple[str, str]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two members of one name
        for name, text in named:
            archive.writestr(name, text)
    return path


def unpacked(path: Path) -> dict[str, str]:
    folder = unpacking.unpacked(path)
    return {
        each.relative_to(folder).as_posix(): each.read_text()
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_a_name_that_is_too_long_for_this_disk_costs_nothing(tmp_path: Path) -> None:
    """Windows counts 255 characters; of Chinese ones a disk here takes 85."""
    names = ["猫" * 200 + "一.txt", "猫" * 200 + "二.txt", "犬" * 100 + "/a.txt"]
    found = unpacked(members(tmp_path / "long.zip", [(each, each) for each in names]))
    assert sorted(found.values()) == sorted(names)
    assert all(name.endswith(".txt") and name[0] == text[0] for name, text in found.items())


def test_of_two_members_of_one_name_the_later_is_meant(tmp_path: Path) -> None:
    path = members(tmp_path / "twice.zip", [("a/1.txt", "one"), ("a/1.txt", "two")])
    assert unpacked(path) == {"a/1.txt": "two"}


def test_names_that_are_one_on_this_disk_are_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = members(tmp_path / "two.zip", [("Cat.txt", "one"), ("cat.txt", "two"), ("b/1", "x")])

    def is_there(place: Path) -> bool:  # as on Windows and macOS
        names = [each.name.casefold() for each in Path(place).parent.iterdir()]
        return Path(place).name.casefold() in names

    monkeypatch.setattr(os.path, "lexists", is_there)
    assert unpacked(path) == {"Cat.txt": "one", "cat 2.txt": "two", "b/1": "x"}


def test_names_that_this_system_cannot_tell_apart_are_two_files(tmp_path: Path) -> None:
    path = members(tmp_path / "two.zip", [("12:30.txt", "one"), ("12_30.txt", "two")])
    assert unpacked(path) == {"12_30.txt": "one", "12_30 2.txt": "two"}


def test_a_name_that_cannot_be_there_twice_is_not_a_zip_that_was_cut_off(tmp_path: Path) -> None:
    path = members(tmp_path / "odd.zip", [("a", "one"), ("a/b", "two")])
    with pytest.raises(StudioError, match=r"odd\.zip cannot be unpacked: File exists"):
        unpacking.unpacked(path)
    assert not list((folders.cache_folder() / "unpacked").iterdir())
