"""What a training leaves beside its models for people: samples, and what kind of data they know."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from toolkit_examples import gan_loop, line_loop, sample_gan, train_request

from aigc_studio.api import Checkpoint, Dataset, Event, Image, Preview, samples
from aigc_studio.api.likeness import Likeness
from aigc_studio.toolkit.shelf import likeness_of
from aigc_studio.wire.artifacts import read_artifact_file

WriteDataset = Callable[..., Path]


def strokes(count: int, seed: int = 0) -> list[Image]:
    """Upright light lines on a dark ground."""
    source, made = np.random.default_rng(seed), []
    for _ in range(count):
        pixels = np.zeros((28, 28), np.uint8)
        left, width = source.integers(4, 20), source.integers(2, 5)
        pixels[4:24, left : left + width] = 255
        made.append(Image(pixels))
    return made


def last(events: list[Event]) -> Checkpoint:
    return [each for each in events if isinstance(each, Checkpoint)][-1]


def test_every_model_folder_shows_what_it_makes(tmp_path: Path) -> None:
    events = list(gan_loop(train_request(tmp_path, steps=20)))
    made = last(events)
    path = samples.find(made.path)
    assert path is not None
    shown = [each for each in events if isinstance(each, Preview)][-1]
    assert shown.step == made.step
    assert read_artifact_file(path, "image") == shown.artifact


def test_a_plugin_may_bring_its_own_and_need_not_draw_any(tmp_path: Path) -> None:
    def publish(trainee: object, folder: Path) -> dict[str, int]:
        from toolkit_examples import publish_gan

        samples.keep(Image(np.full((5, 5), 9, np.uint8)), folder)
        publish_gan(trainee, folder)  # type: ignore[arg-type]
        return {}

    made = last(list(gan_loop(train_request(tmp_path / "own", steps=5), publish=publish)))
    path = samples.find(made.path)
    assert path is not None
    assert read_artifact_file(path, "image") == Image(np.full((5, 5), 9, np.uint8))
    made = last(list(line_loop(train_request(tmp_path / "none", steps=5))))
    assert samples.find(made.path) is None


def test_the_card_says_what_data_it_knows(tmp_path: Path, write_dataset: WriteDataset) -> None:
    data = Dataset(write_dataset(strokes(60)))
    request = replace(train_request(tmp_path / "t", steps=5), dataset=data)
    card = last(list(gan_loop(request, sample=sample_gan))).card
    known = Likeness.of_card(card)
    assert known is not None
    assert card["likeness"] == likeness_of(data)
    assert known.strange_trait(strokes(1, seed=5)[0]) == ("", False)
    noise = np.random.default_rng(2).integers(0, 256, (28, 28), np.uint8)
    assert known.strange_trait(Image(noise))[0]


def test_too_little_data_is_not_spoken_of(tmp_path: Path, write_dataset: WriteDataset) -> None:
    assert likeness_of(Dataset(write_dataset(strokes(8)))) == {}
    made = last(list(gan_loop(train_request(tmp_path / "t", steps=5))))
    assert "likeness" not in made.card
