"""Leading on what is outside a mask: along its edge only, and the same however it is cut up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aigc_studio.api import Image, Mask
from aigc_studio.project import cells, frames, rings
from aigc_studio.project.framing import Frame

if TYPE_CHECKING:
    from aigc_studio.project.cells import Square, Values


def photograph(side: int) -> Image:
    rows, columns = np.mgrid[:side, :side]
    waves = np.stack([np.sin(rows / 37 + each) + np.cos(columns / 23) for each in range(3)], axis=2)
    return Image((waves * 60 + 128).astype(np.uint8))


def disc(side: int, radius: float) -> Mask:
    rows, columns = np.mgrid[:side, :side] - side / 2
    return Mask((rows**2 + columns**2 < radius**2).astype(np.uint8) * 255)


def test_far_from_the_edge_of_a_mask_nothing_is_worked_out() -> None:
    """Else a large picture takes as long as all of its pixels."""
    inside = disc(2048, 900).pixels > 0
    asked: list[Square] = []

    def apart(square: Square) -> Values:
        asked.append(square)
        return np.zeros((*inside[square].shape, 1), np.float32)

    led = rings.rings(inside, apart, 1, 40.0)
    assert led is not None
    assert asked
    assert all(inside[each].any() for each in asked), "nothing is asked of what is all outside"
    size = (led.side(), led.side())
    assert not led.any_in((slice(0, size[0]), slice(0, size[1]))), "nor led into it"
    middle = 4 * led.side()
    assert not led.any_in((slice(middle, middle + size[0]), slice(middle, middle + size[1])))


def test_a_mask_without_an_outside_has_no_rings() -> None:
    nothing = np.zeros((9, 9, 1), np.float32)
    assert rings.rings(np.ones((9, 9), bool), lambda _square: nothing, 1, 4.0) is None


@pytest.mark.parametrize("model", [40, 300])
def test_squares_leave_no_lines(model: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece or in small squares: the same picture, to a step of rounding."""
    picture, mask = photograph(700), disc(700, 260)
    result = Image(np.full((model, model, 3), 90, np.uint8))
    frame = Frame(0, 0, 700, 700, model, model, "RGB")
    made = []
    for side in (4096, 64):
        monkeypatch.setattr(cells, "SIDE", side)
        made.append(frames.bring_back(picture, mask, frame, result).pixels.astype(int))
    assert np.abs(made[0] - made[1]).max() <= 1
    assert (made[0][350, 350] == 90).all(), "the result stands in the middle"
    outside = mask.pixels == 0
    assert (made[0][outside] == picture.pixels[outside]).all()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_soft_mask_over_many_squares_blends_as_over_one(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = photograph(90).convert(mode)  # type: ignore[arg-type]
    weights = np.tile(np.linspace(0, 255, 90).astype(np.uint8), (90, 1))
    result = Image(np.full((90, 90), 7, np.uint8))
    frame = Frame(0, 0, 90, 90, 90, 90, "L")
    whole = frames.bring_back(picture, Mask(weights), frame, result).pixels
    monkeypatch.setattr(cells, "SIDE", 16)
    monkeypatch.setattr(cells.squares, "__defaults__", (16,))
    cut = frames.bring_back(picture, Mask(weights), frame, result).pixels
    assert np.array_equal(whole, cut)
    assert (whole[:, -1].reshape(90, -1)[:, 0] == 7).all()
