"""Completion by diffusion, against surfaces that are known and equations that are solved whole."""

import numpy as np
import pytest
from vae_faces.network.diffusion import Mask, Values, completed, first_guess, harmonic, is_hairline


def ramp(height: int, width: int, channels: int = 1) -> Values:
    down, across = np.mgrid[:height, :width]
    plane = down / height - 0.5 * across / width
    return np.stack([plane * (1 + n) for n in range(channels)]).astype(np.float32)


def box(height: int, width: int, top: int, left: int, high: int, wide: int) -> Mask:
    hole = np.zeros((height, width), bool)
    hole[top : top + high, left : left + wide] = True
    return hole


def laplacian(height: int, width: int) -> Values:
    """The whole matrix, with a mirror at the edge."""
    count = height * width
    matrix = np.zeros((count, count))
    for place in range(count):
        for way in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            row, column = place // width + way[0], place % width + way[1]
            if 0 <= row < height and 0 <= column < width:
                matrix[place, row * width + column] += 1
                matrix[place, place] -= 1
    return matrix


@pytest.mark.parametrize("bend", [False, True])
@pytest.mark.parametrize("hole", [box(14, 11, 4, 3, 6, 5), box(14, 11, 0, 0, 3, 6)])
def test_the_surface_solves_its_equations(bend: bool, hole: Mask) -> None:
    values = np.random.default_rng(0).random((14, 11))
    flat = laplacian(14, 11)
    system = flat @ flat if bend else flat
    inside = hole.ravel()
    right = -system[inside][:, ~inside] @ values.ravel()[~inside]
    wanted = values.copy()
    wanted[hole] = np.linalg.solve(system[inside][:, inside], right)
    found = (completed if bend else harmonic)(values[None], hole)[0]
    assert np.abs(found - wanted.clip(values[~hole].min(), values[~hole].max())).max() < 1e-3


def test_a_slope_is_carried_on() -> None:
    hole = box(40, 48, 10, 12, 20, 24)
    values = ramp(40, 48, channels=3)
    assert np.abs(completed(np.where(hole, 9, values), hole) - values).max() < 2e-3


def test_the_slope_ends_at_the_range_of_what_is_known() -> None:
    values, hole = ramp(20, 20), box(20, 20, 0, 0, 20, 5)
    found = completed(values, hole)[0]
    assert found.max() <= values[0][~hole].max()
    assert found.min() >= values[0][~hole].min()


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (64, 64), (37, 90)])
def test_one_pixel_none_and_all(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(1).random((2, *shape)).astype(np.float32)
    none, whole, one = np.zeros(shape, bool), np.ones(shape, bool), np.zeros(shape, bool)
    one[shape[0] // 2, shape[1] // 2] = True
    assert np.array_equal(completed(values, none), values)
    assert not completed(values, whole).any()
    for fill in (completed, harmonic):
        found = fill(values, one)
        assert found.dtype == np.float32
        assert np.isfinite(found).all()
        assert np.array_equal(found[:, ~one], values[:, ~one])


def test_a_hairline_across_a_large_picture() -> None:
    values = ramp(500, 700)
    hole = np.zeros((500, 700), bool)
    for row in range(500):
        hole[row, row : row + 3] = True
    assert np.abs(completed(np.where(hole, 5, values), hole) - values).max() < 2e-3


def test_a_first_guess_does_not_depend_on_its_neighbours_nor_on_what_was_there() -> None:
    source = np.random.default_rng(2)
    values = source.random((3, 2, 32, 32)).astype(np.float32)
    masks = [box(32, 32, 5, 6, 9, 20), box(32, 32, 0, 3, 32, 2), box(32, 32, 0, 0, 0, 0)]
    holes = np.stack(masks)[:, None].astype(np.float32)
    together = first_guess(values, holes)
    other = np.where(holes > 0, np.nan, values)
    alone = [first_guess(other[n : n + 1], holes[n : n + 1])[0] for n in range(3)]
    assert np.array_equal(together, np.stack(alone))
    assert np.array_equal(np.where(holes > 0, 0, together), np.where(holes > 0, 0, values))


def test_a_first_guess_of_a_hairline_is_the_biharmonic_one() -> None:
    values = np.random.default_rng(3).random((1, 1, 64, 64)).astype(np.float32)
    hole = box(64, 64, 0, 30, 64, 2)
    guess = first_guess(values, hole[None, None].astype(np.float32))[0]
    exact = completed(values[0], hole)
    assert np.abs(guess.clip(exact.min(), exact.max()) - exact).mean() < 2e-3


def test_a_hole_without_a_rim_is_made_from_nothing() -> None:
    values = np.full((2, 1, 16, 16), 0.5, np.float32)
    holes = np.ones((2, 1, 16, 16), np.float32)
    holes[1] = 0
    guess = first_guess(values, holes)
    assert np.isfinite(guess).all()
    assert np.array_equal(guess[1], values[1])


@pytest.mark.parametrize(
    ("hole", "thin"),
    [
        (box(30, 40, 3, 5, 4, 30), True),
        (box(30, 40, 3, 5, 5, 30), False),
        (box(30, 40, 0, 5, 30, 1), True),
        (box(30, 40, 3, 5, 1, 1), True),
        (box(30, 40, 0, 0, 30, 40), False),
        (box(30, 40, 0, 0, 0, 0), False),
        (box(30, 40, 3, 5, 4, 30) | box(30, 40, 10, 5, 8, 8), False),
        (box(30, 40, 13, 0, 4, 40) | box(30, 40, 0, 18, 30, 4), True),
    ],
)
def test_hairlines_are_thin_everywhere_but_where_they_cross(hole: Mask, thin: bool) -> None:
    assert is_hairline(hole, 2) is thin
