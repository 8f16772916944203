"""Drawn candidates: as far from the plain one as each other, and apart from each other."""

import pytest
import torch
from vae_faces.making.chances import DRAWN, WIDTH, noise_of


def test_the_plain_one_does_not_stray() -> None:
    assert not noise_of(DRAWN - 1, 8, 1.0).any()


@pytest.mark.parametrize("first", [DRAWN, DRAWN + 1, DRAWN + 77])
def test_of_three_in_a_row_two_stray_opposite_ways_and_all_equally_far(first: int) -> None:
    three = torch.cat([noise_of(first + number, 8, 0.5) for number in range(3)])
    assert three.norm(dim=1).tolist() == pytest.approx(3 * [WIDTH * 0.5 * 8**0.5])
    likeness = torch.cosine_similarity(three[:, None], three[None], dim=2)
    assert float(likeness.min()) == pytest.approx(-1)
    assert int((likeness > 0.999).sum()) == 3, "none is another one again"


def test_they_stray_every_way() -> None:
    many = torch.cat([noise_of(DRAWN + 2 * number, 4, 1.0) for number in range(400)])
    assert many.mean(dim=0).tolist() == pytest.approx([0.0] * 4, abs=0.2)
    assert many.std(dim=0).tolist() == pytest.approx([WIDTH] * 4, abs=0.15)
