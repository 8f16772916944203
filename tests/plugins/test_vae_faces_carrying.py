"""A change is carried over: what the net cannot draw stays, and no ghost of what has gone."""

import numpy as np
import torch
from torch import Tensor
from vae_faces.making.carrying import carried, changed, renewed
from vae_faces.making.subjects import as_subject

from aigc_studio.api import Image

SIDE = 32


def plain(level: float = 0.0) -> Tensor:
    return torch.full((1, 3, SIDE, SIDE), level)


def with_mouth(level: float = 0.0, row: int = 20) -> Tensor:
    """A face of one colour with a mouth, a dark line, in this row."""
    values = plain(level)
    values[..., row : row + 2, 8:24] -= 0.4
    return values


def test_where_a_difference_is_large() -> None:
    difference = torch.zeros(1, 3, 16, 16)
    difference[..., 4:9, 4:9] = 1.0
    difference[..., 12:, 12:] = 0.05
    weight = changed(difference, 0.5)[0]
    assert float(weight[6, 6]) == 1
    assert float(weight[14, 14]) == 0
    assert float(changed(difference, 0.0).min()) == 1
    assert not changed(torch.zeros(1, 3, 16, 16), 0.5).any()


def test_a_mouth_that_moved_is_something_else_and_skin_of_another_colour_is_not() -> None:
    moved = renewed(with_mouth(row=25), with_mouth(row=20))[0]
    assert float(moved[20:27, 10:22].min()) > 0.9
    assert not moved[:12].any()
    assert not renewed(with_mouth(-0.3), with_mouth(0.2)).any()
    assert not renewed(with_mouth(), with_mouth()).any()


def test_each_picture_of_a_batch_is_looked_at_by_itself() -> None:
    wanted = torch.cat([with_mouth(row=25), with_mouth(row=20)])
    base = torch.cat([with_mouth(row=20)] * 2)
    assert renewed(wanted, base)[0].any()
    assert not renewed(wanted, base)[1].any()
    assert not changed(wanted - base, 0.5)[1].any()


def test_no_ghost_of_the_old_mouth_is_left_and_a_scar_elsewhere_stays() -> None:
    base, wanted = with_mouth(row=20), with_mouth(row=25)
    picture = base.clone()
    picture[..., 20:22, 8:24] -= 0.3  # darker than the net draws it
    picture[..., 4:6, 4:12] = 0.9  # and a scar, which it does not draw at all
    made = carried(picture, wanted, base)
    assert float((made - wanted)[..., 20:27, 10:22].abs().max()) < 0.02
    assert float((made - picture)[..., 4:6, 4:12].abs().max()) < 1e-6


def test_the_picture_of_the_studio_is_put_together_as_the_measured_one() -> None:
    rng = np.random.default_rng(3)
    picture = Image(rng.integers(90, 160, (SIDE, SIDE, 3)).astype(np.uint8))
    subject = as_subject(picture, SIDE, "RGB")
    base, wanted = with_mouth(row=20), with_mouth(row=25)
    made = subject.composed(
        wanted,
        base,
        share=1 - renewed(wanted, base)[0],
        weight=changed(wanted - base, 0.25)[0],
    )
    measured = ((carried(subject.values, wanted, base, 0.25)[0] + 1) * 127.5).permute(1, 2, 0)
    assert np.abs(made.pixels.astype(float) - measured.numpy()).max() <= 1
