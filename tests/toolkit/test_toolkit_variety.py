"""A training whose samples become alike is told, once, and by the fall of their variety."""

import pytest
import torch

from aigc_studio.api import Message
from aigc_studio.toolkit import Variety, to_values, variety_of
from aigc_studio.translation import localized

LABELS = torch.arange(40) % 2
REAL = torch.rand(40, 1, 8, 8, generator=torch.Generator().manual_seed(0)) + LABELS.view(
    -1, 1, 1, 1
)
ONE_EACH = REAL[:2].repeat(20, 1, 1, 1)


def told(variety: Variety, drawn: torch.Tensor) -> list[str]:
    return [localized(each.text) for each in variety.watch(drawn) if isinstance(each, Message)]


def test_variety_that_is_lost_within_classes_is_told_once() -> None:
    variety = Variety(REAL, LABELS, 2)
    assert told(variety, REAL) == []
    (warning,) = told(variety, ONE_EACH)
    assert "once 100% as varied as the data, now 0%" in warning
    assert "mode collapse" in warning
    assert told(variety, ONE_EACH) == []
    assert variety.measured(ONE_EACH)["diversity"] > 0.3, "over both classes they lie apart"


def test_a_net_that_has_only_begun_has_lost_nothing() -> None:
    variety = Variety(REAL, LABELS, 2)
    assert told(variety, ONE_EACH) == []
    assert told(variety, REAL) == []


def test_without_classes_the_variety_of_all_counts() -> None:
    variety = Variety(REAL, torch.zeros(40, dtype=torch.int64), 0)
    assert set(variety.measured(REAL)) == {"diversity"}
    assert told(variety, REAL) == []
    assert len(told(variety, REAL[:1].repeat(40, 1, 1, 1))) == 1


def test_of_data_in_folders_all_classes_are_compared() -> None:
    """Class by class, as it lies: the first pictures are all of one."""
    pixels = torch.randint(0, 255, (900, 1, 8, 8), dtype=torch.uint8)
    labels = torch.arange(900) // 300
    variety = variety_of(pixels, labels, 3)
    assert len(variety.labels) <= 256
    assert torch.bincount(variety.labels).tolist() == [75, 75, 75]
    drawn = to_values(pixels, -1)[::4]
    drawn[variety.labels == 2] = 0.0
    assert variety.measured(drawn)["diversity_within"] == pytest.approx(2 / 3, abs=0.05)
    assert variety_of(pixels[:5], labels[:5], 3).labels.tolist() == [0] * 5
