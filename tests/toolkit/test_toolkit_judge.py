"""The judge tells good pictures from bad ones, in classes or without them, small or large."""

from collections.abc import Generator
from typing import TypeVar

import pytest
import torch

from aigc_studio.api import Event, Message, Metric, Progress
from aigc_studio.toolkit import Examples, Judge, compare, tell_apart, train_judge
from aigc_studio.toolkit import judge as judging
from aigc_studio.translation import localized

_T = TypeVar("_T")


def run(steps: Generator[Event, None, _T]) -> tuple[list[Event], _T]:
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return events, end.value


def stripes(count: int, seed: int, side: int = 16, channels: int = 1, classes: int = 2) -> Examples:
    """Stripes across or down, of a place and a brightness of their own, on noise; uint8."""
    source = torch.Generator().manual_seed(seed)
    pictures = torch.randint(0, 40, (count, channels, side, side), generator=source)
    labels = torch.arange(count) % 2
    for picture, label in zip(pictures, labels, strict=True):
        place = int(torch.randint(0, side - side // 4, (1,), generator=source))
        bright = int(torch.randint(150, 255, (1,), generator=source))
        part = picture[:, place : place + side // 4] if label else None
        target = part if part is not None else picture[:, :, place : place + side // 4]
        target.fill_(bright)
    return Examples(pictures.to(torch.uint8), labels if classes else torch.zeros_like(labels))


def measured(
    drawn: Examples, training: Examples, held_out: Examples, classes: int = 2
) -> dict[str, float]:
    _events, judge = run(train_judge(training, classes, fingerprint="stripes", steps=40))
    events = list(compare(judge, drawn, training, held_out))
    return {each.name: each.value for each in events if isinstance(each, Metric)}


def test_good_pictures_are_told_from_noise_and_from_copies() -> None:
    training, held_out = stripes(200, 0), stripes(80, 1)
    good = measured(stripes(80, 2), training, held_out)
    assert next(iter(good)) == "told_apart"  # measuring may end early, and then it is known
    assert good["label_accuracy"] > 0.9
    assert good["judge_accuracy"] > 0.9
    assert good["copied_share"] < 0.2
    assert good["diversity"] == pytest.approx(1.0, abs=0.15)
    random = torch.rand(80, 1, 16, 16, generator=torch.Generator().manual_seed(3)) * 2 - 1
    noise = measured(Examples(random, held_out.labels), training, held_out)
    assert noise["frechet_distance"] > 3 * good["frechet_distance"]
    assert noise["precision"] < good["precision"]
    assert noise["told_apart"] > 0.95 > 0.75 > good["told_apart"]
    copies = measured(Examples(training.pictures[:80], training.labels[:80]), training, held_out)
    assert copies["copied_share"] > 0.9
    swapped = Examples(held_out.pictures, 1 - held_out.labels)
    assert measured(swapped, training, held_out)["label_accuracy"] < 0.1


def test_one_picture_of_each_class_is_told_as_collapse_and_not_as_too_little_training() -> None:
    training, held_out = stripes(200, 0), stripes(80, 1)
    alike = Examples(training.pictures[:2].repeat(40, 1, 1, 1), training.labels[:2].repeat(40))
    _events, judge = run(train_judge(training, 2, fingerprint="stripes", steps=40))
    events = list(compare(judge, alike, training, held_out))
    found = {each.name: each.value for each in events if isinstance(each, Metric)}
    assert found["diversity_within"] == 0.0
    assert found["diversity"] > 0.3, "over both classes they lie apart"
    (warning,) = [localized(each.text) for each in events if isinstance(each, Message)]
    assert "0% as varied" in warning
    assert "mode collapse" in warning
    good = list(compare(judge, stripes(80, 2), training, held_out))
    assert not [each for each in good if isinstance(each, Message)]
    assert measured(stripes(80, 2), training, held_out)["diversity_within"] > 0.85


def test_variety_is_compared_over_all_classes_of_many_pictures() -> None:
    """Held-out pictures that came in folders lie class by class."""
    mixed = stripes(1200, 1)
    order = mixed.labels.argsort(stable=True)
    held_out = Examples(mixed.pictures[order], mixed.labels[order])
    collapsed = mixed.pictures.clone()
    collapsed[mixed.labels == 1] = collapsed[mixed.labels == 1][:1]
    found = judging._varied(Examples(collapsed, mixed.labels), held_out)
    assert found["diversity_within"] == pytest.approx(0.5, abs=0.15)


def test_what_looks_like_nothing_real_is_said_in_words() -> None:
    real = torch.randn(60, 4, generator=torch.Generator().manual_seed(1))
    metric, warning = tell_apart(real, real + 50)
    assert metric == Metric("told_apart", 1.0)
    assert isinstance(warning, Message)
    assert "easily told from real pictures: 100%" in localized(warning.text)
    assert len(list(tell_apart(real, real.roll(1, 0) + 1e-4))) == 1


@pytest.mark.parametrize(
    ("side", "channels"), [(1, 1), (3, 3), (17, 1), (32, 4), (64, 3), (128, 3)]
)
def test_pictures_of_any_size_and_depth_without_classes(side: int, channels: int) -> None:
    training = stripes(30, 0, side, channels, classes=0)
    found = measured(
        stripes(20, 1, side, channels, 0), training, stripes(20, 2, side, channels, 0), 0
    )
    assert "label_accuracy" not in found
    assert {"frechet_distance", "precision", "recall"} <= found.keys()
    assert max(training.values.shape[-2:]) <= 64


def test_pictures_need_not_be_square() -> None:
    tall = Examples(torch.zeros(2, 1, 200, 50, dtype=torch.uint8), torch.zeros(2))
    assert tall.values.shape == (2, 1, 64, 16)
    features, _classes = Judge(1, 0).look(tall)
    assert features.shape == (2, 64)


def test_planes_and_values_are_judged_alike() -> None:
    planes = stripes(10, 0)
    values = Examples(planes.pictures.float() / 127.5 - 1, planes.labels)
    judge = Judge(1, 2).eval()
    assert torch.equal(judge.look(planes)[0], judge.look(values)[0])


def test_a_judge_of_the_same_data_is_trained_once() -> None:
    training = stripes(40, 0)
    first_events, first = run(train_judge(training, 2, fingerprint="f1", steps=5))
    again_events, again = run(train_judge(training, 2, fingerprint="f1", steps=5))
    assert [each.step for each in first_events if isinstance(each, Progress)] == [1, 2, 3, 4, 5]
    assert again is first
    assert again_events == []
    _events, other = run(train_judge(training, 2, fingerprint="f2", steps=5))
    assert other is not first
    assert torch.equal(other.look(training)[0], first.look(training)[0]), "by the seed alone"
    relabelled = Examples(training.pictures, 1 - training.labels)
    assert run(train_judge(relabelled, 2, fingerprint="f1", steps=5))[1] is not first


def test_training_a_judge_leaves_the_random_numbers_of_others_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    run(train_judge(stripes(10, 0), 2, steps=2))
    assert torch.equal(torch.rand(3), expected)
