"""Datasets as a plugin sees them, in all media."""

import json
import os
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from aigc_studio.api import Artifact, Dataset, Image, Medium, Melody, Note, StudioError, Text

MEDIA: dict[Medium, list[Artifact]] = {
    "image": [Image(np.full((4, 5), n, np.uint8)) for n in range(3)],
    "text": [Text("一"), Text(""), Text("two")],
    "melody": [Melody((Note(0, 10, 60 + n),)) for n in range(3)],
}


@pytest.mark.parametrize("medium", MEDIA)
def test_examples_come_back_as_they_were(
    medium: Medium, write_dataset: Callable[..., Path]
) -> None:
    folder = write_dataset(MEDIA[medium], ["a", "b", "a"])
    dataset = Dataset(folder, None)
    assert dataset.medium == medium
    assert len(dataset) == 3
    assert [example.artifact for example in dataset] == MEDIA[medium]
    assert dataset.labels == ("a", "b")


def test_a_part_never_shows_the_other(write_dataset: Callable[..., Path]) -> None:
    folder = write_dataset(MEDIA["image"] * 20)
    train, test = Dataset(folder, "train"), Dataset(folder, "test")
    assert len(train) + len(test) == len(Dataset(folder, None))
    assert {row["offset"] for row in train.rows}.isdisjoint(row["offset"] for row in test.rows)


def test_an_empty_part_is_still_a_dataset(write_dataset: Callable[..., Path]) -> None:
    folder = write_dataset(MEDIA["text"])
    lines = (folder / "examples.jsonl").read_text("utf-8").replace('"train"', '"test"')
    (folder / "examples.jsonl").write_text(lines, "utf-8")
    assert Dataset(folder, "train")
    assert len(Dataset(folder, "train")) == 0


def test_a_dataset_travels_to_another_process_by_path(write_dataset: Callable[..., Path]) -> None:
    dataset = Dataset(write_dataset(MEDIA["image"]), None)
    assert dataset[0].artifact == MEDIA["image"][0]
    again = pickle.loads(pickle.dumps(dataset))
    assert again[2].artifact == dataset[2].artifact


@pytest.mark.parametrize("left", [0, 10, 41])
def test_content_that_is_cut_off_while_it_is_read_is_damage(
    left: int, write_dataset: Callable[..., Path]
) -> None:
    """A process that had the file mapped into its memory would end without a word."""
    folder = write_dataset(MEDIA["image"])
    dataset = Dataset(folder, None)
    assert dataset[0].artifact == MEDIA["image"][0]
    os.truncate(folder / "content.bin", left)
    whole = left // 20
    assert [dataset[number].artifact for number in range(whole)] == MEDIA["image"][:whole]
    with pytest.raises(StudioError, match=f"Example {whole + 1} of the dataset"):
        dataset[whole]
    (folder / "content.bin").unlink()
    with pytest.raises(StudioError, match="Example 1 of the dataset"):
        Dataset(folder, None)[0]


def test_a_text_that_says_to_be_longer_than_its_file_is_damaged(
    write_dataset: Callable[..., Path],
) -> None:
    folder = write_dataset(MEDIA["text"])
    rows = folder / "examples.jsonl"
    lines = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    lines[2]["length"] = 1 << 50
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(StudioError, match="Example 3 of the dataset"):
        Dataset(folder, None)[2]


def test_many_threads_read_one_dataset(write_dataset: Callable[..., Path]) -> None:
    pictures = [Image(np.full((9, 7), n, np.uint8)) for n in range(50)]
    dataset = Dataset(write_dataset(pictures), None)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: dataset[n % 50].artifact, range(400)))
    assert found == pictures * 8


@pytest.mark.parametrize("medium", MEDIA)
def test_a_damaged_example_is_named(medium: Medium, write_dataset: Callable[..., Path]) -> None:
    folder = write_dataset(MEDIA[medium])
    content = bytearray((folder / "content.bin").read_bytes())
    (folder / "content.bin").write_bytes(content[: len(content) // 2] if medium != "text" else b"\xff" * len(content))  # fmt: skip  # noqa: E501
    with pytest.raises(StudioError, match="Example 3 of the dataset"):
        Dataset(folder, None)[2]


def test_some_examples_are_picked_and_travel_so(write_dataset: Callable[..., Path]) -> None:
    dataset = Dataset(write_dataset(MEDIA["image"]), None)
    some = dataset.pick([2, 0])
    assert [each.artifact for each in some] == [MEDIA["image"][2], MEDIA["image"][0]]
    again = pickle.loads(pickle.dumps(some.pick([1])))
    assert [each.artifact for each in again] == [MEDIA["image"][0]]
    assert len(dataset) == 3
    for odd in ([3], [-1]):
        with pytest.raises(ValueError, match="fewer examples"):
            dataset.pick(odd)
