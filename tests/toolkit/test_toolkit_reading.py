"""A dataset as one tensor, with what is known of each picture."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from aigc_studio.api import Dataset, Event, GeneratorError, Image, Progress, StudioError, Text
from aigc_studio.api.dataset import encode
from aigc_studio.toolkit import Batches, is_coloured, read_pictures, usual_side

_T = TypeVar("_T")


def run(steps: Generator[Event, None, _T]) -> tuple[list[Event], _T]:
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return events, end.value


def dataset(folder: Path, *artifacts: Image | Text, **columns: list[Any]) -> Dataset:
    """A folder as the library writes it; `columns` are fields of the rows."""
    folder.mkdir()
    rows, content = [], b""
    for number, artifact in enumerate(artifacts):
        data, told = encode(artifact)
        more = {name: values[number] for name, values in columns.items()}
        place = {"offset": len(content), "length": len(data), "split": "train"}
        rows.append(json.dumps(place | told | more) + "\n")
        content += data
    medium = artifacts[0].medium if artifacts else "image"
    about = {"medium": medium, "name": "d", "fingerprint": "0" * 64}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("".join(rows))
    (folder / "content.bin").write_bytes(content)
    return Dataset(folder)


def plain(side: int, value: int, colour: int | None = None) -> Image:
    pixels = np.full((side, side, 3), value, np.uint8)
    pixels[..., 0] = value if colour is None else colour
    return Image(pixels)


def test_pictures_come_with_their_labels_attributes_and_groups(tmp_path: Path) -> None:
    data = dataset(
        tmp_path / "d",
        *(plain(side, 10 * side) for side in (8, 12, 16)),
        label=["b", "a", ""],
        attributes=[{"smiling": 1}, {"smiling": 0}, {}],
        group=["s1", "s1", "s2"],
    )
    _events, found = run(read_pictures(data, 8, "RGB"))
    assert found.planes.shape == (3, 3, 8, 8)
    assert [int(each) for each in found.planes[:, 0, 0, 0]] == [80, 120, 160]
    assert found.labels == ("b", "a", "")
    assert [each.get("smiling") for each in found.attributes] == [1, 0, None]
    assert found.groups == ("s1", "s1", "s2")
    assert found.classes(["a", "b"]).tolist() == [1, 0, -1]
    assert found.classes([]).tolist() == [0, 0, 0]
    assert len(found) == 3
    (batch,) = Batches.of(found.planes, size=2, seed=0).at(0)
    assert batch.shape == (2, 3, 8, 8)


def test_some_can_be_chosen_and_need_not_be_square(tmp_path: Path) -> None:
    data = dataset(tmp_path / "d", *(plain(9, value) for value in (1, 2, 3)), label=["x", "y", "z"])
    _events, found = run(read_pictures(data, (6, 10), "L", chosen=[2, 0], fit="crop"))
    assert found.planes.shape == (2, 1, 10, 6)
    assert found.planes[:, 0, 0, 0].tolist() == [3, 1]
    assert found.labels == ("z", "x")


def test_a_class_is_found_however_a_system_spelled_it(tmp_path: Path) -> None:
    data = dataset(tmp_path / "d", plain(4, 1), plain(4, 2), label=["cafe\u0301", "a  b"])
    _events, found = run(read_pictures(data, 4))
    assert found.classes(["café", "a b"]).tolist() == [0, 1]


def test_reading_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aigc_studio.toolkit.reading._TELL_EVERY", -1.0)
    data = dataset(tmp_path / "d", *(plain(4, value) for value in range(5)))
    events, _found = run(read_pictures(data, 4))
    told = [(each.step, each.total) for each in events if isinstance(each, Progress)]
    assert told == [(number, 5) for number in range(5)]


def test_nothing_to_read_is_a_sentence(tmp_path: Path) -> None:
    for data in (dataset(tmp_path / "none"), dataset(tmp_path / "text", Text("a"))):
        with pytest.raises(GeneratorError, match="no pictures") as caught:
            run(read_pictures(data, 8))
        assert caught.value.parameter == "dataset"
        assert caught.value.zh


def test_a_damaged_example_is_a_sentence(tmp_path: Path) -> None:
    data = dataset(tmp_path / "d", plain(8, 1))
    (data.path / "content.bin").write_bytes(b"short")
    with pytest.raises(StudioError, match="damaged"):
        run(read_pictures(Dataset(data.path), 8))


def test_size_and_colour_of_a_dataset(tmp_path: Path) -> None:
    grey = dataset(tmp_path / "grey", *(plain(side, 9) for side in (8, 30, 64)))
    assert usual_side(grey) == 30
    assert not is_coloured(grey)
    assert is_coloured(dataset(tmp_path / "red", plain(4, 9), plain(4, 9, colour=200)))
