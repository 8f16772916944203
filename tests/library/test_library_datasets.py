"""Datasets: whole or not there, split by group and kept, changed without losing anything."""

import errno
import json
import shutil
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest
from kinds import an_image

from aigc_studio import files
from aigc_studio.api import Dataset, Image, Medium, Melody, Note, StudioError, Text
from aigc_studio.library import DatasetInfo, DatasetStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.locks import sweep
from aigc_studio.library.options import ImportOptions


@pytest.fixture
def store() -> DatasetStore:
    return DatasetStore()


def imported(
    store: DatasetStore, pictures: Path, name: str = "数字 one", **options: Any
) -> DatasetInfo:
    list(store.import_files(pictures, name, "image", **options))
    return store.info(name)


def written(
    store: DatasetStore,
    drafts: Iterable[Draft],
    name: str = "d",
    medium: Medium = "text",
    **about: Any,
) -> DatasetInfo:
    list(store.write(name, medium, drafts, about))
    return store.info(name)


def test_import_makes_what_the_api_reads(store: DatasetStore, pictures: Path) -> None:
    info = imported(store, pictures, licence="CC0", credit="me", consent="all agreed")
    assert (info.examples, info.labels) == (12, {"a": 6, "b": 6})
    assert (info.licence, info.credit, info.consent) == ("CC0", "me", "all agreed")
    assert info.size > 12 * 120
    train, test = store.open(info.name), store.open(info.name, "test")
    assert len(train) + len(test) == 12
    assert len(train) == info.train >= 1
    assert isinstance(train[0].artifact, Image)
    assert train.fingerprint == info.fingerprint
    assert [each.name for each in store.list()] == ["数字 one"]
    assert store.list()[0] == info


def test_the_same_files_give_the_same_fingerprint_and_split(
    store: DatasetStore, pictures: Path
) -> None:
    one, two = imported(store, pictures, "one"), imported(store, pictures, "two")
    assert one.fingerprint == two.fingerprint
    assert [row["split"] for row in Dataset(one.folder, None).rows] == [
        row["split"] for row in Dataset(two.folder, None).rows
    ]
    (pictures / "a" / "1.png").unlink()
    assert imported(store, pictures, "three").fingerprint != one.fingerprint


def test_every_medium_is_kept_as_it_is(store: DatasetStore) -> None:
    texts = [Draft(Text("你好")), Draft(Text("two"))]
    tunes = [Draft(Melody(notes=(Note(0, 480, pitch),))) for pitch in (60, 61)]
    written(store, texts, "texts")
    written(store, tunes, "tunes", "melody")
    assert [each.artifact for each in store.open("texts", None)] == [Text("你好"), Text("two")]
    assert [each.artifact for each in store.open("tunes", None)] == [d.artifact for d in tunes]


def test_groups_are_never_torn_apart_and_both_parts_have_some(store: DatasetStore) -> None:
    drafts = [Draft(Text(f"{n}"), group=f"g{n % 7}") for n in range(70)]
    info = written(store, drafts)
    train = {each.group for each in store.open("d")}
    test = {each.group for each in store.open("d", "test")}
    assert not train & test
    assert train | test == {f"g{n}" for n in range(7)}
    assert test
    assert info.test_share == 0.1
    assert written(store, [Draft(Text("one"))], "single").train == 1


def test_of_few_groups_one_is_held_out_though_no_hash_says_so(store: DatasetStore) -> None:
    info = written(store, [Draft(Text(f"{n}"), group="abcdefgh"[n % 8]) for n in range(16)])
    assert (info.train, info.test) == (14, 2)
    assert {each.group for each in store.open("d", "test")} == {"a"}  # the one of the lowest


def test_about_a_tenth_is_held_out(store: DatasetStore) -> None:
    info = written(store, [Draft(Text(f"example {n}")) for n in range(2000)])
    assert 140 < info.test < 260


def test_a_split_of_ones_own_is_kept(store: DatasetStore) -> None:
    written(store, [Draft(Text(f"{n}"), group=f"g{n % 5}") for n in range(20)])
    assert store.split_by("d", test_groups=["g1", "g3"]).test == 8
    assert DatasetStore().info("d").test == 8
    with pytest.raises(StudioError, match="group g1 would be in both"):
        store.split_by("d", test_indices=[1])
    with pytest.raises(StudioError, match="left to train on"):
        store.split_by("d", test_groups=[f"g{n}" for n in range(5)])
    with pytest.raises(StudioError, match="0 to 90 %, not 200 %"):
        store.split_by("d", test_share=2)
    assert store.split_by("d", test_share=0.5).test_share == 0.5


def test_relabel_exclude_and_take_back(store: DatasetStore, pictures: Path) -> None:
    first = imported(store, pictures)
    changed = store.relabel(first.name, {0: "c", 1: ""})
    assert changed.labels == {"a": 4, "b": 6, "c": 1}
    assert changed.fingerprint != first.fingerprint
    less = store.exclude(first.name, [2, 3])
    assert (less.examples, less.excluded) == (10, 2)
    assert len(store.open(first.name, None)) == 10
    again = store.exclude(first.name, [2, 3], False)
    assert again.fingerprint == changed.fingerprint
    with pytest.raises(StudioError, match="left to train on"):
        store.exclude(first.name, range(12))
    with pytest.raises(StudioError, match="no example number 99"):
        store.relabel(first.name, {99: "x"})
    assert store.info(first.name) == again


def test_removed_examples_leave_the_disk(store: DatasetStore) -> None:
    written(store, [Draft(Text(f"secret {n}")) for n in range(30)])
    kept = store.open("d", None)[5].artifact
    info = store.remove("d", range(5))
    assert info.examples == 25
    assert store.open("d", None)[0].artifact == kept
    assert b"secret 0" not in (info.folder / "content.bin").read_bytes()
    assert [each.name for each in store.folder.iterdir()] == ["d"]


def test_a_killed_removal_is_mended(store: DatasetStore) -> None:
    info = written(store, [Draft(Text(f"{n}")) for n in range(5)])
    info.folder.rename(store.folder / ".replaced-d")
    assert DatasetStore().info("d").examples == 5


def test_a_killed_change_is_mended(store: DatasetStore) -> None:
    info = written(store, [Draft(Text(f"{n}")) for n in range(5)])
    lines = (info.folder / "examples.jsonl").read_text("utf-8").splitlines()
    (info.folder / "examples.jsonl").write_text("\n".join(lines[:4]) + "\n", "utf-8")
    store.open("d")
    assert store.info("d").examples == 4
    assert store.info("d").fingerprint != info.fingerprint


def test_an_import_broken_off_leaves_nothing(store: DatasetStore, pictures: Path) -> None:
    going = store.import_files(pictures, "x", "image")
    next(going)
    next(going)
    assert any(store.folder.iterdir())
    assert isinstance(going, Generator)
    going.close()
    assert list(store.folder.iterdir()) == []


def test_what_a_killed_import_left_is_swept(store: DatasetStore, pictures: Path) -> None:
    left = store.folder / ".x.abc"
    left.mkdir(parents=True)
    (left / ".lock").write_text("999999")
    assert sweep(store.folder, older_than=0) == 1
    assert not left.exists()


def test_an_import_under_way_is_not_swept(store: DatasetStore, pictures: Path) -> None:
    going = store.import_files(pictures, "x", "image")
    next(going)
    assert sweep(store.folder, older_than=0) == 0
    list(going)
    assert store.info("x").examples == 12


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "..", ".x", "CON", "nul.txt", "x.", "a\\b", "a\nb", "n" * 99, "a:b"]
)
def test_bad_names_are_refused(store: DatasetStore, pictures: Path, name: str) -> None:
    with pytest.raises(StudioError):
        list(store.import_files(pictures, name, "image"))
    assert not store.folder.exists() or not list(store.folder.iterdir())


def test_a_taken_name_is_refused_whatever_its_capitals(store: DatasetStore, pictures: Path) -> None:
    imported(store, pictures, "Digits")
    with pytest.raises(StudioError, match="digits is taken"):
        list(store.import_files(pictures, "digits", "image"))
    imported(store, pictures, "other")
    with pytest.raises(StudioError, match="taken"):
        store.rename("other", "DIGITS")
    assert store.rename("other", "他の").name == "他の"
    assert store.rename("Digits", "digits").name == "digits"
    store.delete("digits")
    assert [each.name for each in store.list()] == ["他の"]
    with pytest.raises(StudioError, match=r"There is no dataset digits\. There are: 他の"):
        store.open("digits")


def test_nothing_usable_leaves_no_dataset(store: DatasetStore, tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    with pytest.raises(StudioError, match="no usable example"):
        list(store.import_files(tmp_path / "e", "x", "image"))
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("damage", ["content", "rows", "about"])
def test_a_damaged_dataset_is_a_sentence(store: DatasetStore, damage: str) -> None:
    info = written(store, [Draft(Text("hello"))])
    name = {"content": "content.bin", "rows": "examples.jsonl", "about": "dataset.json"}[damage]
    (info.folder / name).write_bytes(b"{")
    with pytest.raises(StudioError, match="dataset d is damaged"):
        store.open("d")
    store.delete("d")
    assert store.list() == []


def test_looking_through(store: DatasetStore, pictures: Path) -> None:
    info = imported(store, pictures, options=ImportOptions(size=8))
    store.exclude(info.name, [3])
    browser = store.browse(info.name)
    assert len(browser) == 12
    assert browser.find(excluded=True) == [3]
    assert browser.find(label="a") == [0, 1, 2, 3, 4, 5]
    assert browser.find(words="11.PNG") == [5]
    assert set(browser.find(split="train")) | set(browser.find(split="test")) == set(range(12))
    assert browser.info(3).source == "a/7.png"
    assert an_image(browser.artifact(3)).width == 8


def test_the_held_out_part_of_the_data_itself_is_kept(store: DatasetStore) -> None:
    drafts = [Draft(Text(f"{n}"), split="test" if n < 3 else "train") for n in range(9)]
    info = written(store, drafts)
    assert (info.train, info.test, info.test_share) == (6, 3, None)
    about = json.loads((info.folder / "dataset.json").read_text("utf-8"))
    assert about["test_share"] is None


def test_a_dataset_can_be_copied_as_a_folder(store: DatasetStore, tmp_path: Path) -> None:
    info = written(store, [Draft(Text("hello"))])
    shutil.copytree(info.folder, tmp_path / "copy")
    assert Dataset(tmp_path / "copy")[0].artifact == Text("hello")


def test_a_rename_that_fails_on_the_way_leaves_all_as_it_was(
    store: DatasetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = written(store, [Draft(Text("hello"))])

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_bytes", full)
    monkeypatch.setattr(files, "write_text", full)
    with pytest.raises(StudioError, match="could not be changed: No space left"):
        store.rename("d", "e")
    monkeypatch.undo()
    assert store.list() == [info]
    assert json.loads((info.folder / "dataset.json").read_text("utf-8"))["name"] == "d"


@pytest.mark.parametrize("odd", [{"licence": 5}, {"shapes": "x"}, {"test_share": 2}])
def test_a_summary_that_could_not_be_read_again_is_not_half_renamed(
    store: DatasetStore, odd: dict[str, Any]
) -> None:
    about = written(store, [Draft(Text("hello"))]).folder / "dataset.json"
    about.write_text(json.dumps(json.loads(about.read_text("utf-8")) | odd))
    with pytest.raises(StudioError, match="cannot be kept"):
        store.rename("d", "e")
    assert store.names() == ["d"]


def test_looking_through_holds_nothing_open(store: DatasetStore) -> None:
    written(store, [Draft(Text("hello"))])
    browser = store.browse("d")
    assert browser.artifact(0) == Text("hello")
    store.rename("d", "e")
    with pytest.raises(StudioError, match="no longer there"):
        browser.artifact(0)
