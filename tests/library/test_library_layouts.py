"""Layouts of folders as data sets are handed out: which is the label, what is held out, left out.

Each layout is a list of folders, with a number of files where it is not three.
"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import Medium
from aigc_studio.library.checks import preflight
from aigc_studio.library.layout import read_layout
from aigc_studio.library.part_names import part_name
from aigc_studio.library.preflights import Preflight

Meant = dict[str, tuple[str, str | None]]


def meaning(*folders: str) -> Meant:
    """The label and part of each folder that is not left out."""
    counts = {}
    for each in folders:
        name, _, count = each.partition("*")
        counts[tuple(name.split("/")) if name else ()] = int(count or 3)
    found = read_layout(counts)
    assert set(found.places) == set(counts)
    places = found.places.items()
    return {
        "/".join(path): (place.folder, place.split) for path, place in places if not place.reason
    }


def parts(before: str = "", taught: str = "train", kept: str = "test", labels: str = "ab") -> Meant:
    """What the usual folders mean."""
    return {
        f"{before}{name}/{label}": (label, split)
        for name, split in ((taught, "train"), (kept, "test"))
        for label in labels
    }


USUAL = tuple(parts())


@pytest.mark.parametrize(
    "beside",
    ["Meta", "pred", "test-multiple_fruits", "train_masks", "extra/deep/er", "sample images", ""],
)
@pytest.mark.parametrize("before", ["", "fruits/", "archive/fruits-360/"])
def test_nothing_beside_the_parts_changes_them(beside: str, before: str) -> None:
    folders = [f"{before}{each}" for each in USUAL]
    assert meaning(*folders, f"{before}{beside}".rstrip("/")) == parts(before)
    assert meaning(*folders, "", beside) == parts(before)


@pytest.mark.parametrize(
    ("name", "folders", "expected"),
    [
        (
            "Fruits-360",
            ["f/Training/a", "f/Training/b", "f/Test/a", "f/Test/b", "f/test-multiple_fruits"],
            parts("f/", "Training", "Test"),
        ),
        (
            "Intel scenes",
            ["seg_train/seg_train/a", "seg_train/seg_train/b", "seg_test/seg_test/a",
             "seg_test/seg_test/b", "seg_pred/seg_pred*20"],
            parts("", "seg_train/seg_train", "seg_test/seg_test"),
        ),
        (
            "GTSRB",
            ["Train/0", "Train/1", "Test*9", "Meta"],
            {"Train/0": ("0", "train"), "Train/1": ("1", "train"), "Test": ("", "test")},
        ),
        (
            "Chest X-ray, there twice",
            [*parts("c/"), *parts("c/c/"), "c/val/a", "c/val/b"],
            parts("c/") | parts("c/c/") | {"c/val/a": ("a", "test"), "c/val/b": ("b", "test")},
        ),
        (
            "images beside masks",
            [*parts("images/", kept="val"), "labels/train", "labels/val"],
            parts("images/", kept="val"),
        ),
        (
            "YOLO",
            ["images/train", "images/val", "labels/train", "labels/val"],
            {"images/train": ("", "train"), "images/val": ("", "test")},
        ),
        (
            "parts in classes, one with more",
            ["a/train", "a/test", "b/train", "b/test", "b/extra", "Meta*1"],
            {"a/train": ("a", "train"), "a/test": ("a", "test"),
             "b/train": ("b", "train"), "b/test": ("b", "test")},
        ),
        (
            "parts in classes, and a class without",
            ["a/train", "a/test", "b/train", "b/test", "c*9"],
            {"a/train": ("a", "train"), "a/test": ("a", "test"),
             "b/train": ("b", "train"), "b/test": ("b", "test"), "c": ("c", "train")},
        ),
        (
            "ASL alphabet",
            ["asl_alphabet_train/asl_alphabet_train/A", "asl_alphabet_train/asl_alphabet_train/B",
             "asl_alphabet_test/asl_alphabet_test"],
            {"asl_alphabet_train/asl_alphabet_train/A": ("A", "train"),
             "asl_alphabet_train/asl_alphabet_train/B": ("B", "train"),
             "asl_alphabet_test/asl_alphabet_test": ("", "test")},
        ),
        (
            "Roboflow",
            ["train/images", "train/labels", "valid/images", "valid/labels", "test/images"],
            {"train/images": ("", "train"), "valid/images": ("", "test"),
             "test/images": ("", "test")},
        ),
        (
            "parts behind classes",
            ["horse_train", "horse_test", "zebra_train", "zebra_test", "polar_bear-train"],
            {"horse_train": ("horse", "train"), "horse_test": ("horse", "test"),
             "zebra_train": ("zebra", "train"), "zebra_test": ("zebra", "test"),
             "polar_bear-train": ("polar_bear", "train")},
        ),
        (
            "CycleGAN",
            ["horse2zebra/trainA", "horse2zebra/trainB", "horse2zebra/testA", "horse2zebra/testB"],
            {"horse2zebra/trainA": ("A", "train"), "horse2zebra/trainB": ("B", "train"),
             "horse2zebra/testA": ("A", "test"), "horse2zebra/testB": ("B", "test")},
        ),
        (
            "COCO",
            ["coco/train2017", "coco/val2017", "coco/test2017", "coco/unlabeled2017"],
            {"coco/train2017": ("", "train"), "coco/val2017": ("", "test"),
             "coco/test2017": ("", "test")},
        ),
        (
            "Tiny ImageNet",
            ["t/train/n01/images", "t/train/n02/images", "t/val/images", "t/test/images"],
            {"t/train/n01/images": ("n01", "train"), "t/train/n02/images": ("n02", "train"),
             "t/val/images": ("", "test"), "t/test/images": ("", "test")},
        ),
        (
            "ImageNet",
            ["ILSVRC/Data/CLS-LOC/train/n01", "ILSVRC/Data/CLS-LOC/train/n02",
             "ILSVRC/Data/CLS-LOC/val", "ILSVRC/Data/CLS-LOC/test"],
            {"ILSVRC/Data/CLS-LOC/train/n01": ("n01", "train"),
             "ILSVRC/Data/CLS-LOC/train/n02": ("n02", "train"),
             "ILSVRC/Data/CLS-LOC/val": ("", "test"), "ILSVRC/Data/CLS-LOC/test": ("", "test")},
        ),
        (
            "STL-10",
            [*parts("", "train_images", "test_images"), "unlabeled_images*90"],
            parts("", "train_images", "test_images"),
        ),
        (
            "Market-1501",
            ["m/bounding_box_train", "m/bounding_box_test", "m/query", "m/gt_bbox", "m/gt_query"],
            {"m/bounding_box_train": ("", "train"), "m/bounding_box_test": ("", "test")},
        ),
        (
            "CamVid",
            ["train", "train_labels", "val", "val_labels", "test", "test_labels"],
            {"train": ("", "train"), "val": ("", "test"), "test": ("", "test")},
        ),
        (
            "CUB: pictures of classes beside masks of them",
            ["images/001.x", "images/002.y", "segmentations/001.x", "segmentations/002.y"],
            {"images/001.x": ("001.x", None), "images/002.y": ("002.y", None)},
        ),
        (
            "masks in every class",
            ["covid/images", "covid/masks", "normal/images", "normal/masks"],
            {"covid/images": ("covid", None), "normal/images": ("normal", None)},
        ),
        (
            "cats and dogs",
            ["training_set/training_set/a", "training_set/training_set/b", "test_set/test_set/a",
             "test_set/test_set/b"],
            parts("", "training_set/training_set", "test_set/test_set"),
        ),
        (
            "CIFAR-10 as pictures, with what is to be told",
            ["cifar/train/a", "cifar/train/b", "cifar/test/a", "cifar/test/b", "cifar*1"],
            parts("cifar/"),
        ),
        (
            "years that have parts with the same classes",
            [*parts("2019/"), *parts("2020/")],
            parts("2019/") | parts("2020/"),
        ),
        (
            "a part to train on that has parts itself",
            [*parts("train/", "train", "val"), "test"],
            parts("train/", "train", "val") | {"test": ("", "test")},
        ),
        (
            "classes called like parts, in parts",
            ["train/train", "train/bus", "test/train", "test/bus"],
            {"train/train": ("train", "train"), "train/bus": ("bus", "train"),
             "test/train": ("train", "test"), "test/bus": ("bus", "test")},
        ),
        (
            "one class, by parts, beside a class that is not",
            ["cat*20", "dog/train", "dog/test"],
            {"cat": ("cat", "train"), "dog/train": ("dog", "train"), "dog/test": ("dog", "test")},
        ),
        (
            "more of both halves",
            [*USUAL, "train_more/a", "test_hard/a", "a", "b/deep"],
            parts() | {"train_more/a": ("a", "train"), "test_hard/a": ("a", "test"),
                       "a": ("a", "train"), "b/deep": ("b", "train")},
        ),
        (
            "a hidden test",
            ["train/a", "train/b", "test_hidden"],
            {"train/a": ("a", "train"), "train/b": ("b", "train"), "test_hidden": ("", "test")},
        ),
    ],
)  # fmt: skip
def test_layouts_as_they_are_handed_out(name: str, folders: list[str], expected: Meant) -> None:
    assert meaning(*folders) == expected, name
    wrapped = meaning(*(f"wrap/{each}" for each in folders))
    assert wrapped == {f"wrap/{path}": place for path, place in expected.items()}, name


@pytest.mark.parametrize(
    "folders",
    [
        ["bullet_train", "crash_test", "plane"],
        ["train", "bus", "car"],
        ["cats", "dogs", "test"],
        ["dev", "prod"],
        ["masks", "no masks"],
        ["with_mask", "without_mask"],
        ["images", "drawings"],
    ],
)
def test_classes_that_only_sound_like_parts_stay(folders: list[str]) -> None:
    assert meaning(*folders) == {each: (each, None) for each in folders}


def test_a_wrapper_may_hold_stray_files() -> None:
    assert meaning("plays*1", "plays/a", "plays/b") == {
        "plays": ("", None), "plays/a": ("a", None), "plays/b": ("b", None),
    }  # fmt: skip
    # So many are no stray ones: it is a class, with more of it in folders.
    assert set(meaning("cat*90", "cat/may", "cat/june").values()) == {("cat", None)}


def test_annotations_in_annotations_are_left_out_once() -> None:
    assert meaning("images", "labels/images", "labels/masks") == {"images": ("", None)}


@pytest.mark.parametrize(
    ("name", "split", "rest"),
    [
        ("train-00000-of-00002.csv", "train", ""),
        ("test-00000.csv", "test", ""),
        ("wiki.valid.txt", "test", "wiki"),
        ("Polar_Bear-Train", "train", "Polar_Bear"),
        ("TrainImages", "train", ""),
        ("held-out", "test", ""),
        ("my train cats", "train", "my_cats"),
    ],
)
def test_what_a_name_says(name: str, split: str, rest: str) -> None:
    part = part_name(name)
    assert part is not None
    assert (part.split, part.spelled) == (split, rest)


# Files


def draw(top: Path, *names: str) -> None:
    for number, name in enumerate(names):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 255, (8, 8), np.uint8)
        Pillow.fromarray(pixels).save(top / name)


def write(top: Path, *names: str, lines: int = 4) -> None:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        body = [f"{name.replace('.', ' ')} says line {number}." for number in range(lines)]
        if name.endswith((".csv", ".tsv")):
            end = "," if name.endswith("csv") else "\t"
            body = [
                f"text{end}label",
                *(f"{line}{end}{'pn'[n % 2]}" for n, line in enumerate(body)),
            ]
        (top / name).write_text("\n".join(body))


def seen(top: Path, medium: Medium) -> Preflight:
    return preflight(top, medium)


def test_stray_pictures_beside_parts_are_left_out_and_named(tmp_path: Path) -> None:
    usual = [f"ds/{each}/{n}.png" for each in USUAL for n in range(3)]
    draw(tmp_path, *usual, "ds/preview.png", "ds/train/mean.png", "ds/Meta/0.png", "cover.png")
    found = seen(tmp_path, "image")
    assert (found.labels, found.parts) == ({"a": 6, "b": 6}, {"train": 6, "test": 6})
    assert {each.name for each in found.skipped} == {
        "cover.png", "ds/preview.png", "ds/train/mean.png", "ds/Meta/0.png",
    }  # fmt: skip
    assert all(each.reason and each.remedy for each in found.skipped)
    said = "\n".join(found.remarks)
    assert "3 files lie beside" in said
    assert "preview.png" in said
    assert "1 file in Meta, beside test, train, is left out." in said


def test_files_of_another_medium_change_nothing(tmp_path: Path) -> None:
    draw(tmp_path, *(f"d/images/{part}/{n}.png" for part in ("train", "val") for n in range(3)))
    write(tmp_path, "d/labels/train/0.txt", "d/labels/val/0.txt", "d/readme.txt", "train.txt")
    found = seen(tmp_path, "image")
    assert (found.labels, found.parts) == ({}, {"train": 3, "test": 3})
    draw(tmp_path / "roboflow", *(f"{each}/images/0.png" for each in ("train", "valid", "test")))
    write(tmp_path / "roboflow", "train/labels/0.txt", "README.roboflow.txt", "valid/labels/0.txt")
    found = seen(tmp_path / "roboflow", "image")
    assert (found.labels, found.parts) == ({}, {"train": 1, "test": 2})


def test_imdb_as_it_is_handed_out(tmp_path: Path) -> None:
    classes = ("train/pos", "train/neg", "train/unsup", "test/pos", "test/neg")
    write(tmp_path, *(f"aclImdb/{each}/{n}_7.txt" for each in classes for n in range(4)), lines=1)
    write(tmp_path, "aclImdb/imdbEr.txt", "aclImdb/train/urls_pos.txt", "aclImdb/test/urls_neg.txt")
    write(tmp_path, "aclImdb/README", "aclImdb/imdb.vocab")
    found = seen(tmp_path, "text")
    assert (found.labels, found.parts) == (
        {"neg": 8, "pos": 8, "unsup": 4},
        {"train": 12, "test": 8},
    )


@pytest.mark.parametrize("wrap", ["", "tweets/data/"])
@pytest.mark.parametrize(
    ("taught", "kept", "stray"),
    [
        (["train.csv"], ["test.csv"], ["sample_submission.csv"]),
        (["train.txt"], ["test.txt", "val.txt"], ["README.md"]),
        (["train-00000-of-00002.csv", "train-00001-of-00002.csv"], ["test-00000-of-00001.csv"], []),
        (["train-00000.csv", "train-00001.csv"], ["validation-00000.csv"], []),
        (["twitter_training.csv"], ["twitter_validation.csv"], []),
        (["wiki.train.txt"], ["wiki.valid.txt", "wiki.test.txt"], []),
        (["Train.tsv"], ["Test.tsv"], ["classes.txt", "readme.txt"]),
    ],
)
def test_files_called_like_parts_are_parts(
    tmp_path: Path, wrap: str, taught: list[str], kept: list[str], stray: list[str]
) -> None:
    write(tmp_path, *(wrap + each for each in (*taught, *kept, *stray)))
    found = seen(tmp_path, "text")
    assert found.parts == {"train": 4 * len(taught), "test": 4 * len(kept)}
    assert {each.path.name for each in found.skipped} == set(stray)
    assert set(found.labels) <= {"p", "n"}
    if stray:
        assert any(stray[0] in each and "left out" in each for each in found.remarks)


def test_files_of_parts_and_classes(tmp_path: Path) -> None:
    write(tmp_path, *(f"one/{label}/{part}.txt" for label in "ab" for part in ("train", "test")))
    write(tmp_path, *(f"two/{part}_{label}.txt" for label in "ab" for part in ("train", "test")))
    for name in ("one", "two"):
        found = seen(tmp_path / name, "text")
        assert found.labels == {"a": 8, "b": 8}
        assert found.parts == {"train": 8, "test": 8}


def test_files_chosen_together_are_parts(tmp_path: Path) -> None:
    write(tmp_path, "train.csv", "test.csv", "other.csv")
    found = preflight([tmp_path / "train.csv", tmp_path / "test.csv"], "text")
    assert found.parts == {"train": 4, "test": 4}
    assert preflight([tmp_path / "train.csv", tmp_path / "other.csv"], "text").parts == {}


def test_folders_chosen_together_with_another_are_parts(tmp_path: Path) -> None:
    draw(tmp_path, *(f"{each}/{n}.png" for each in (*USUAL, "Meta") for n in range(3)))
    found = preflight([tmp_path / each for each in ("train", "test", "Meta")], "image")
    assert (found.labels, found.parts) == ({"a": 6, "b": 6}, {"train": 6, "test": 6})


def test_a_song_called_train_among_many_is_no_part(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "test.txt", *(f"song {number}.txt" for number in range(9)))
    found = seen(tmp_path, "text")
    assert found.parts == {}
    assert not found.skipped
