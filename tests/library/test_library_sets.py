"""Sets of files as people have them: parts, wrappers, links, systems' folders, odd names, twins."""

import json
import os
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import Dataset, Image, Melody, Note, StudioError
from aigc_studio.library import DatasetStore
from aigc_studio.library.checks import guess_medium, preflight
from aigc_studio.library.layout import read_layout
from aigc_studio.library.members import Members
from aigc_studio.library.names import natural_key, proper_name
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.part_names import part_name
from aigc_studio.library.preflights import Preflight
from aigc_studio.library.surveying import FileCheck
from aigc_studio.library.walking import is_systems_own

NFD = unicodedata.normalize("NFD", "café")
posix = pytest.mark.skipif(os.name != "posix", reason="file names of any bytes, links")


def pixels(number: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(number).integers(0, 255, (8, 8), np.uint8)


def draw(top: Path, *names: str, first: int = 0) -> None:
    """A different picture at each of these names below `top`."""
    for number, name in enumerate(names, first):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Pillow.fromarray(pixels(number)).save(path)


def fill(top: Path, *folders: str, count: int = 3) -> None:
    draw(top, *(f"{folder}/{number}.png" for folder in folders for number in range(count)))


def imported(top: Path | list[Path], medium: Any = "image", name: str = "d") -> Dataset:
    store = DatasetStore()
    list(store.import_files(top, name, medium))
    return store.open(name, None)


def held(dataset: Dataset) -> set[str]:
    return {row["source"] for row in dataset.rows if row["split"] == "test"}


def row(found: Preflight, name: str) -> FileCheck:
    (only,) = [each for each in found.rows if each.name == name]
    return only


def told(found: Preflight, *words: str) -> bool:
    return any(all(word in remark for word in words) for remark in found.remarks)


# Parts


@pytest.mark.parametrize(
    ("taught", "kept"),
    [
        ("train", "test"),
        ("Training", "Testing"),
        ("TRAIN", "val"),
        ("train", "Valid"),
        ("training", "validation"),
        ("train", "eval"),
        ("train", "dev"),
        ("train_set", "held-out"),
        ("seg_train", "seg_test"),
        ("trainset", "testset"),
        ("train2017", "val2017"),
        ("训练集", "测试集"),
    ],
)
@pytest.mark.parametrize("wrap", ["", "digits-1.0/", "archive/digits-1.0/"])
def test_folders_that_are_parts_are_no_labels(
    tmp_path: Path, taught: str, kept: str, wrap: str
) -> None:
    fill(tmp_path / "set", *(f"{wrap}{part}/{label}" for part in (taught, kept) for label in "01"))
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {"0": 6, "1": 6}
    assert found.parts == {"train": 6, "test": 6}
    assert told(found, f"6 examples in {kept} are held out; 6 in {taught}")
    assert told(found, wrap.strip("/"), "was looked through") == bool(wrap)
    dataset = imported(tmp_path / "set")
    assert len(dataset) == 12
    assert held(dataset) == {f"{wrap}{kept}/{label}/{n}.png" for label in "01" for n in range(3)}
    assert dataset.about["test_share"] is None
    assert dataset.fingerprint == found.fingerprint


def test_three_parts_and_a_wrapper_in_each(tmp_path: Path) -> None:
    fill(tmp_path, "train/train/a", "train/train/b", "test/test/a", "test/test/b", "val/a", "val/b")
    found = preflight(tmp_path, "image")
    assert found.labels == {"a": 9, "b": 9}
    assert found.parts == {"train": 6, "test": 12}
    assert told(found, "held out", "test, val")


def test_a_part_with_one_class_has_a_label_all_the_same(tmp_path: Path) -> None:
    fill(tmp_path, "train/a", "train/b", "test/a/monday", "test/a/tuesday")
    assert preflight(tmp_path, "image").labels == {"a": 9, "b": 3}


def test_parts_inside_classes(tmp_path: Path) -> None:
    fill(tmp_path, "cat/train", "cat/test", "dog/train", "dog/test")
    found = preflight(tmp_path, "image")
    assert (found.labels, found.parts) == ({"cat": 6, "dog": 6}, {"train": 6, "test": 6})


def test_parts_without_classes_give_no_label(tmp_path: Path) -> None:
    fill(tmp_path, "train", "test")
    found = preflight(tmp_path, "image")
    assert (found.labels, found.parts) == ({}, {"train": 3, "test": 3})


@pytest.mark.parametrize("part", ["train", "test"])
def test_one_part_alone_is_split_as_usual(tmp_path: Path, part: str) -> None:
    fill(tmp_path / "set", f"{part}/0", f"{part}/1", count=10)
    found = preflight(tmp_path / "set", "image")
    assert (found.labels, found.parts) == ({"0": 10, "1": 10}, {})
    assert told(found, f"only {part}", "by chance")
    dataset = imported(tmp_path / "set")
    assert 0 < len(held(dataset)) < 10
    assert dataset.about["test_share"] == 0.1


def test_a_class_that_is_called_test_is_a_label_and_that_is_said(tmp_path: Path) -> None:
    fill(tmp_path, "cats", "dogs", "test")
    found = preflight(tmp_path, "image")
    assert (found.labels, found.parts) == ({"cats": 3, "dogs": 3, "test": 3}, {})
    assert told(found, "test stands beside cats, dogs and is taken as a label")


def test_classes_beside_a_part_that_has_them_too_are_trained_on(tmp_path: Path) -> None:
    fill(tmp_path, "cats", "dogs", "test/cats", "test/dogs")
    found = preflight(tmp_path, "image")
    assert (found.labels, found.parts) == ({"cats": 6, "dogs": 6}, {"train": 6, "test": 6})


def test_a_third_folder_beside_the_parts_is_trained_on(tmp_path: Path) -> None:
    fill(tmp_path, "train/0", "train/1", "test/0", "test/1", "extra/0", "extra/1")
    found = preflight(tmp_path, "image")
    assert (found.labels, found.parts) == ({"0": 9, "1": 9}, {"train": 12, "test": 6})
    assert told(found, "extra, beside test, train")


def test_files_of_another_medium_say_nothing_of_the_layout(tmp_path: Path) -> None:
    fill(tmp_path, "set/train/0", "set/train/1", "set/test/0", "set/test/1")
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "licence.txt").write_text("hello")
    found = preflight(tmp_path, "image")
    assert (found.labels, found.parts) == ({"0": 6, "1": 6}, {"train": 6, "test": 6})


def test_plain_layout_reads_nothing_into_names(tmp_path: Path) -> None:
    fill(tmp_path, "train/0", "test/0")
    found = preflight(tmp_path, "image", ImportOptions(layout="plain"))
    assert (found.labels, found.parts) == ({"train": 3, "test": 3}, {})


def test_several_folders_chosen_together(tmp_path: Path) -> None:
    fill(tmp_path, "train/0", "train/1", "test/0", "test/1", "cat", "dog")
    parts = preflight([tmp_path / "train", tmp_path / "test"], "image")
    assert (parts.labels, parts.parts) == ({"0": 6, "1": 6}, {"train": 6, "test": 6})
    assert row(parts, "test/0/1.png").label == "0"
    classes = preflight([tmp_path / "cat", tmp_path / "dog"], "image")
    assert classes.labels == {"cat": 3, "dog": 3}


def test_texts_have_parts_too(tmp_path: Path) -> None:
    for part, label in (("train", "pos"), ("train", "neg"), ("test", "pos"), ("test", "neg")):
        (tmp_path / part / label).mkdir(parents=True)
        (tmp_path / part / label / "1.txt").write_text(f"This is {part} and {label}. So it is.")
    found = preflight(tmp_path, "text")
    assert (found.labels, found.parts) == ({"neg": 4, "pos": 4}, {"train": 4, "test": 4})


@pytest.mark.parametrize(
    "name", ["bullet", "contest", "latest", "training-shoes", "trainer", "evaluator", "data", "0"]
)
def test_other_words_are_no_parts(name: str) -> None:
    part = part_name(name)
    assert part is None or part.rest


def test_classes_named_after_trains_and_tests_stay_classes() -> None:
    layout = read_layout([("bullet_train",), ("crash_test",), ("plane",)])
    assert {place.folder for place in layout.places.values()} == {
        "bullet_train", "crash_test", "plane",
    }  # fmt: skip
    assert not layout.parts
    assert not layout.remarks


# Names


def test_labels_are_kept_composed_however_macos_spells_them(tmp_path: Path) -> None:
    fill(tmp_path / "set", NFD, "thé")
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {"café": 3, "thé": 3}
    dataset = imported(tmp_path / "set")
    assert dataset.labels == ("café", "thé")
    assert {row["source"] for row in dataset.rows} >= {"café/0.png"}
    browser = DatasetStore().browse("d")
    assert len(browser.find(label=NFD)) == len(browser.find(words=NFD.upper())) == 3


@posix
def test_two_spellings_of_a_label_are_one_and_that_is_said(tmp_path: Path) -> None:
    fill(tmp_path / "set", NFD, "café", "Cat", "cat")
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {"Cat": 3, "café": 6, "cat": 3}
    assert told(found, "café was there in several spellings")
    assert told(found, "Cat, cat look alike")


def test_labels_of_tables_and_labels_typed_have_that_form_too(tmp_path: Path) -> None:
    rows = "".join(f"word number {n},{NFD if n % 2 else 'café'}\n" for n in range(9))
    (tmp_path / "t.csv").write_text("text,label\n" + rows, encoding="utf-8")
    assert preflight(tmp_path, "text").labels == {"café": 9}
    imported(tmp_path, "text")
    assert DatasetStore().relabel("d", {0: f" {NFD}  noir\n"}).labels == {"café": 8, "café noir": 1}


def test_a_dataset_of_before_keeps_its_fingerprint_and_shows_one_form(tmp_path: Path) -> None:
    fill(tmp_path / "set", "café")
    path = imported(tmp_path / "set").path
    lines = (path / "examples.jsonl").read_text("utf-8").replace("café", NFD)
    (path / "examples.jsonl").write_text(lines, "utf-8")
    store = DatasetStore()
    before = store.open("d", None).fingerprint
    store.open("d", None)
    assert store.open("d", None).labels == ("café",)
    assert store.info("d").fingerprint == before
    assert len(store.browse("d").find(label="café")) == 3
    assert store.browse("d").info(0).label == "café"


def test_a_dataset_of_before_with_two_forms_of_a_label_shows_one(tmp_path: Path) -> None:
    fill(tmp_path / "set", "café", "thé")
    path = imported(tmp_path / "set").path
    text = (path / "examples.jsonl").read_text("utf-8")
    (path / "examples.jsonl").write_text(text.replace("café", NFD, 2), "utf-8")
    about = json.loads((path / "dataset.json").read_text("utf-8"))
    about["labels"] = {NFD: 1, "café": 2, "thé": 3}
    (path / "dataset.json").write_text(json.dumps(about), "utf-8")
    assert DatasetStore().info("d").labels == {"café": 3, "thé": 3}
    DatasetStore().open("d", None)  # counts anew what a change has left behind
    assert DatasetStore().info("d").labels == {"café": 3, "thé": 3}


def test_a_dataset_is_found_by_its_name_in_either_form(tmp_path: Path) -> None:
    fill(tmp_path / "set", "a")
    imported(tmp_path / "set", name="café")
    store = DatasetStore()
    assert store.info(NFD).name == "café"
    assert len(store.open(NFD, None)) == 3
    store.delete(NFD)
    assert store.names() == []


@posix
def test_names_that_are_no_text_are_imported_and_written_out(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "set") + b"/caf\xe9"
    os.makedirs(folder)
    for number in range(3):
        Pillow.fromarray(pixels(number)).save(tmp_path / "one.png")
        os.rename(tmp_path / "one.png", folder + b"/%d\xff\n.png" % number)
    os.mkdir(folder + b"/empty\xfe")
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {r"caf\xe9": 3}
    assert row(found, r"caf\xe9/1\xff\n.png").used
    assert "empty" in row(found, r"caf\xe9/empty\xfe").reason
    dataset = imported(tmp_path / "set")
    assert dataset.labels == (r"caf\xe9",)
    assert dataset[0].source == r"caf\xe9/0\xff\n.png"
    with Members(tmp_path / "set") as members:
        name = members.find(["*.png"])[0]
        assert members.read(name).startswith(b"\x89PNG")
        with pytest.raises(StudioError, match="too large") as caught:
            members.read(name, most=3)
    str(caught.value).encode("utf-8")


# Folders passed over


@posix
def test_links_to_class_folders_are_followed(tmp_path: Path) -> None:
    fill(tmp_path / "store", "cat", "dog")
    (tmp_path / "set").mkdir()
    for name in ("cat", "dog"):
        (tmp_path / "set" / name).symlink_to(f"../store/{name}")
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {"cat": 3, "dog": 3}
    assert not found.skipped
    assert len(imported(tmp_path / "set")) == 6


@posix
def test_links_that_lead_round_or_nowhere_are_a_row_each(tmp_path: Path) -> None:
    top = tmp_path / "set"
    fill(top, "cat", "dog")
    draw(tmp_path, *(f"outside/{number}.png" for number in range(3)), first=50)
    (top / "cat" / "up").symlink_to("..")
    (top / "cat" / "all").symlink_to("/")
    (top / "again").symlink_to("dog")
    (top / "gone").symlink_to("nothing")
    (top / "self.png").symlink_to("self.png")
    (top / "bird").symlink_to("../outside")
    (tmp_path / "outside" / "back").symlink_to("../set")
    found = preflight(top, "image")
    assert found.labels == {"bird": 3, "cat": 3, "dog": 3}
    reasons = {each.name: each.reason for each in found.skipped}
    assert set(reasons) == {"again", "bird/back", "cat/all", "cat/up", "gone", "self.png"}
    assert "same folder as dog" in reasons["again"]
    assert "same folder as set" in reasons["cat/up"]
    assert "leads back" in reasons["cat/all"]
    assert "same folder as set" in reasons["bird/back"]
    assert "nowhere" in reasons["gone"]
    assert all(each.remedy for each in found.skipped)


@posix
def test_a_link_in_a_linked_folder_to_one_above_it_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path / "set", "cat")
    draw(tmp_path, *(f"store/deep/birds/{number}.png" for number in range(3)), first=50)
    draw(tmp_path, "store/all the rest.png", first=80)
    (tmp_path / "set" / "bird").symlink_to("../store/deep/birds")
    (tmp_path / "store/deep/birds/up").symlink_to("../..")
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {"bird": 3, "cat": 3}
    assert [each.name for each in found.skipped] == ["bird/up"]
    assert "leads back" in row(found, "bird/up").reason


def test_a_folder_that_may_not_be_read_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "cat", "dog")
    plain = os.scandir

    def scandir(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "dog":
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = preflight(tmp_path, "image")
    assert found.labels == {"cat": 3}
    assert "no permission to read" in row(found, "dog").reason
    assert not row(found, "dog").used
    closed = preflight(tmp_path / "dog", "image")
    assert "no permission to read" in closed.problem


def test_an_empty_class_folder_is_a_row(tmp_path: Path) -> None:
    fill(tmp_path, "cat")
    (tmp_path / "dog").mkdir()
    assert row(preflight(tmp_path, "image"), "dog").reason == "The folder is empty."


def test_what_systems_leave_behind_is_no_data_and_counted_once(tmp_path: Path) -> None:
    fill(tmp_path, "cat", "dog")
    junk = (
        "$RECYCLE.BIN/x.png", "cat/@eaDir/SYNOPHOTO_THUMB_M.png", "__MACOSX/cat/._0.png",
        "System Volume Information/y.png", ".Trash-1000/files/z.png", "lost+found/w.png",
        "cat/.ipynb_checkpoints/0-checkpoint.png", "#recycle/v.png", "RECYCLER/u.png",
        "cat/._1.png", "dog/~$1.png",
    )  # fmt: skip
    draw(tmp_path, *junk, first=90)
    for name in (".DS_Store", "Thumbs.db", "dog/desktop.ini", "cat/Icon\r"):
        (tmp_path / name).write_bytes(b"x")
    found = preflight(tmp_path, "image")
    assert found.labels == {"cat": 3, "dog": 3}
    assert len(found.rows) == 6
    (remark,) = [each for each in found.remarks if "system's own" in each]
    assert remark.startswith("15 files or folders")
    assert "$RECYCLE.BIN" in remark
    with Members(tmp_path) as members:
        assert len(members.find(["*.png"])) == 6


@pytest.mark.parametrize("name", ["icon", "#happy", "@home", "$100", "recycling", "lost", "thumbs"])
def test_classes_that_only_look_like_a_systems_folder_stay(name: str) -> None:
    assert not is_systems_own(name)


def test_a_pipe_is_a_row(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs pipes")
    fill(tmp_path, "cat")
    os.mkfifo(tmp_path / "endless.png")
    assert "pipe or a device" in row(preflight(tmp_path, "image"), "endless.png").reason


# Twins


def test_one_picture_under_two_labels_is_used_under_neither(tmp_path: Path) -> None:
    draw(tmp_path / "set", "cat/same.png", "cat/third.png", "dog/other.png")
    Pillow.fromarray(pixels(0)).convert("RGB").save(tmp_path / "set" / "dog" / "same.bmp")
    Pillow.fromarray(pixels(0)).convert("RGBA").save(
        tmp_path / "set" / "dog" / "same2.webp", lossless=True
    )
    found = preflight(tmp_path / "set", "image")
    assert found.labels == {"cat": 1, "dog": 1}
    assert found.examples == 2
    reason = row(found, "dog/same.bmp").reason
    assert "same as cat/same.png" in reason
    assert "labels cat and dog contradict each other" in reason
    assert "labels dog and cat contradict" in row(found, "cat/same.png").reason
    assert told(found, "contradict", "cat/same.png (cat), dog/same.bmp (dog)", "Delete")
    dataset = imported(tmp_path / "set")
    assert {each.source for each in dataset} == {"cat/third.png", "dog/other.png"}
    assert dataset[0].artifact == Image(pixels(1))
    assert (dataset.path / "content.bin").stat().st_size == 128
    assert sorted(each.name for each in dataset.path.iterdir()) == [
        "content.bin", "dataset.json", "examples.jsonl",
    ]  # fmt: skip
    assert dataset.fingerprint == found.fingerprint


def test_the_same_picture_twice_under_one_label_is_used_once(tmp_path: Path) -> None:
    draw(tmp_path, "cat/1.png", "dog/2.png")
    Pillow.fromarray(pixels(0)).convert("RGB").save(tmp_path / "cat" / "3.bmp")
    found = preflight(tmp_path, "image")
    assert found.labels == {"cat": 1, "dog": 1}
    assert "same as cat/1.png" in row(found, "cat/3.bmp").reason
    assert "one of them is enough" in row(found, "cat/3.bmp").remedy


def test_texts_and_tunes_contradict_too(tmp_path: Path) -> None:
    for name in ("pos/1.txt", "neg/1.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("It is fine. So it is.")
    (tmp_path / "neg" / "2.txt").write_text("It is fine. But it is long.")
    found = preflight(tmp_path, "text")
    assert found.labels == {"neg": 2}  # a sentence may stand in both, a text may not
    assert "contradict" in row(found, "pos/1.txt").reason
    for name in ("happy", "sad"):
        (tmp_path / name).mkdir()
        tune = Melody(notes=(Note(0, 480, 60),)).to_json()
        (tmp_path / name / "1.melody.json").write_text(tune)
    found = preflight(tmp_path, "melody")
    assert "None of the" in found.problem
    assert told(found, "contradict", "happy/1.melody.json (happy)")


def test_rows_of_a_table_contradict_each_other(tmp_path: Path) -> None:
    lines = [
        "text,label",
        "thank you,pos",
        "go away,neg",
        "thank you,neg",
        "go away,neg",
        "yes,pos",
    ]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    found = preflight(tmp_path / "t.csv", "text")
    assert found.labels == {"neg": 2, "pos": 1}
    assert row(found, "t.csv").examples == 3
    assert told(found, "“thank you”: t.csv (pos), t.csv (neg)")
    dataset = imported(tmp_path / "t.csv", "text")
    assert [str(each.artifact) for each in dataset] == ["go away", "go away", "yes"]


@pytest.mark.parametrize("third", ["pos", "neg", ""])
def test_what_was_contradicted_once_is_not_used_the_third_time(tmp_path: Path, third: str) -> None:
    lines = ["text,label", "thank you,pos", "thank you,neg", f"thank you,{third}", "yes,pos"]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    assert preflight(tmp_path / "t.csv", "text").labels == {"pos": 1}
    assert [str(each.artifact) for each in imported(tmp_path / "t.csv", "text")] == ["yes"]


def test_what_lies_in_both_parts_is_held_out_only(tmp_path: Path) -> None:
    fill(tmp_path / "set", "train/0", "train/1", "test/0", "test/1")
    copy = (tmp_path / "set/test/0/1.png").read_bytes()
    (tmp_path / "set/train/0/copy.png").write_bytes(copy)
    found = preflight(tmp_path / "set", "image")
    assert found.parts == {"train": 6, "test": 6}
    assert "same as test/0/1.png, which is held out" in row(found, "train/0/copy.png").reason
    assert told(found, "1 example", "held out as well", "test/0/1.png, train/0/copy.png")
    assert "test/0/1.png" in held(imported(tmp_path / "set"))


def test_two_labels_across_the_parts_contradict_as_well(tmp_path: Path) -> None:
    fill(tmp_path, "train/0", "train/1", "test/0", "test/1")
    (tmp_path / "train/1/copy.png").write_bytes((tmp_path / "test/0/1.png").read_bytes())
    found = preflight(tmp_path, "image")
    assert found.labels == {"0": 5, "1": 6}
    assert told(found, "contradict", "test/0/1.png (0), train/1/copy.png (1)")


def test_files_of_one_name_in_two_folders_are_compared(tmp_path: Path) -> None:
    draw(tmp_path, "a/1.png")
    draw(tmp_path, "b/1.png")
    found = preflight([tmp_path / "a", tmp_path / "b"], "image", ImportOptions(folders="none"))
    assert found.examples == 1


# What is here already, and what it is


def test_a_look_knows_the_dataset_that_has_just_these_examples(tmp_path: Path) -> None:
    fill(tmp_path / "set", "a", "b", count=9)
    imported(tmp_path / "set", name="first")
    store = DatasetStore()
    assert store.same_as(preflight(tmp_path / "set", "image")) == "first"
    assert store.same_as(preflight(tmp_path / "set", "image", ImportOptions(size=4))) == ""
    assert store.same_as(preflight(tmp_path / "set", "image", test_share=0.5)) == ""
    draw(tmp_path / "set", "a/new.png", first=77)
    assert store.same_as(preflight(tmp_path / "set", "image")) == ""
    (tmp_path / "none").mkdir()
    assert store.same_as(preflight(tmp_path / "none", "image")) == ""


def test_the_medium_is_that_of_most_files(tmp_path: Path) -> None:
    draw(tmp_path, "cover.png")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Hello there.")
    assert guess_medium(tmp_path) == ("text", 2, 3)


def test_a_wrapper_may_be_called_like_a_part(tmp_path: Path) -> None:
    fill(tmp_path / "one", "test_data/train/0", "test_data/train/1", "test_data/test/0")
    fill(tmp_path / "two", "cats-test/cat", "cats-test/dog")
    one, two = preflight(tmp_path / "one", "image"), preflight(tmp_path / "two", "image")
    assert (one.labels, one.parts) == ({"0": 6, "1": 3}, {"train": 6, "test": 3})
    assert two.labels == {"cat": 3, "dog": 3}


def test_what_macos_adds_to_a_zip_is_no_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("cat/1.png", "__MACOSX/cat/._1.png", "cat/.DS_Store", "cat/._2.png"):
            archive.writestr(name, b"x")
    with Members(tmp_path / "set.zip") as members:
        assert members.names == ["cat/1.png"]


@pytest.mark.parametrize(
    ("name", "proper"),
    [
        ("caf\udce9", "caf_"),
        ("a:b?\n", "a_b_"),
        (NFD, "café"),
        ("CON", "_CON"),
        (".", "_"),
        ("x" * 99, "x" * 80),
        ("猫" * 99, "猫" * 66),
        ("tales ", "tales"),
    ],
)
def test_any_folder_gives_a_name_that_can_be_kept(name: str, proper: str) -> None:
    assert proper_name(name) == proper


def test_names_are_sorted_as_people_count() -> None:
    names = ["10", "9", "1" * 5000, "a2", "a10", "A1", NFD, "cafe"]
    ordered = sorted(names, key=natural_key)
    assert ordered == ["A1", "a2", "a10", "cafe", NFD, "9", "10", "1" * 5000]
