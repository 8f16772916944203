"""Masks as numbers: grown, made soft and drawn around, against the plainest way to do it."""

from collections import deque
from typing import Any

import numpy as np
import pytest

from aigc_studio.project import masking
from aigc_studio.project.alike import alike

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def reached(mask: Pixels, radius: int) -> Pixels:
    """A grey dilation by a disc, offset by offset."""
    height, width = mask.shape
    wide = np.pad(mask, radius)
    found = np.zeros_like(mask)
    for down in range(-radius, radius + 1):
        for across in range(-radius, radius + 1):
            if down * down + across * across <= radius * radius:
                top, left = radius + down, radius + across
                np.maximum(found, wide[top : top + height, left : left + width], out=found)
    return found


def spots(seed: int, *, soft: bool, share: float = 0.03) -> Pixels:
    random = np.random.default_rng(seed)
    size = tuple(random.integers(3, 70, 2))
    values = random.integers(1, 256, size) if soft else np.full(size, 255)
    return np.where(random.random(size) < share, values, 0).astype(np.uint8)


@pytest.fixture(params=[1 << 20, 300], ids=["at once", "in bands"])
def band(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_BAND", request.param)


@pytest.mark.usefixtures("band")
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("pixels", [1, 2, 3, 5, 13, 80])
class TestGrown:
    def test_all_within_the_distance_are_masked_and_no_other(self, soft: bool, pixels: int) -> None:
        for seed in range(4):
            mask = spots(seed, soft=soft)
            assert (masking.grown(mask, pixels) == reached(mask, pixels)).all()

    def test_shrinking_is_growing_what_is_not_masked(self, soft: bool, pixels: int) -> None:
        for seed in range(4):
            mask = 255 - spots(seed, soft=soft)
            assert (masking.grown(mask, -pixels) == 255 - reached(255 - mask, pixels)).all()


def test_a_mask_is_not_eaten_from_the_edge_of_the_picture() -> None:
    mask = np.zeros((20, 20), np.uint8)
    mask[:, :10] = 255
    shrunk = masking.grown(mask, -3)
    assert (shrunk[:, :7] == 255).all()
    assert not shrunk[:, 7:].any()
    assert (masking.grown(np.full((5, 5), 255, np.uint8), -4) == 255).all()


def test_what_is_thinner_is_gone_and_nothing_stays_nothing() -> None:
    mask = np.zeros((28, 28), np.uint8)
    mask[10:12, 5:20] = 255
    assert not masking.grown(mask, -1).any()
    assert not masking.grown(np.zeros((9, 9), np.uint8), 5).any()
    assert (masking.grown(mask, 0) == mask).all()


def test_a_grown_pixel_is_a_disc() -> None:
    mask = np.zeros((41, 41), np.uint8)
    mask[20, 20] = 255
    down, across = np.mgrid[-20:21, -20:21]
    expected = down * down + across * across <= 17 * 17
    assert ((masking.grown(mask, 17) > 0) == expected).all()


@pytest.mark.usefixtures("band")
class TestFeathered:
    @pytest.mark.parametrize("pixels", [1, 2, 3, 4, 7, 30])
    def test_it_fades_so_far_on_both_sides_and_no_farther(self, pixels: int) -> None:
        mask = np.zeros((140, 150), np.uint8)
        mask[:, 75:] = 255
        row = masking.feathered(mask, pixels)[70].astype(int)
        assert not row[: 75 - pixels].any()
        assert (row[75 + pixels :] == 255).all()
        assert (np.diff(row) >= 0).all()
        # As soft inside as outside; the levels next to 0 and 255 may be rounded away.
        assert np.abs(row + row[::-1] - 255).max() <= 1
        assert row[74] > 0
        assert row[75] < 255

    def test_outside_of_its_reach_every_pixel_is_kept(self) -> None:
        mask = spots(3, soft=False, share=0.004)
        soft = masking.feathered(mask, 6)
        down, across = np.nonzero(mask)
        rows, columns = np.mgrid[: mask.shape[0], : mask.shape[1]]
        apart = np.full(mask.shape, 999)
        for y, x in zip(down, across, strict=True):
            np.minimum(apart, np.maximum(abs(rows - y), abs(columns - x)), out=apart)
        assert not soft[apart > 6].any()

    def test_a_whole_mask_stays_whole_also_at_the_edge(self) -> None:
        assert (masking.feathered(np.full((30, 40), 255, np.uint8), 9) == 255).all()
        assert (masking.feathered(np.full((30, 40), 77, np.uint8), 9) == 77).all()
        mask = np.zeros((30, 40), np.uint8)
        mask[:, :20] = 255
        assert (masking.feathered(mask, 5)[:, :15] == 255).all()

    def test_nothing_and_no_feather_change_nothing(self) -> None:
        mask = spots(1, soft=True)
        assert (masking.feathered(mask, 0) == mask).all()
        assert not masking.feathered(np.zeros((4, 4), np.uint8), 3).any()


def test_bands_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.tile(spots(7, soft=True), (6, 2))
    whole = masking.feathered(mask, 5)
    monkeypatch.setattr(masking, "_BAND", 64)
    assert (masking.feathered(mask, 5) == whole).all()


def test_how_far_it_is_is_told_and_it_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_BAND", 200)
    mask, told = np.tile(spots(2, soft=False, share=0.2), (4, 1)), list[float]()
    for work in (masking.grown, masking.feathered):
        told.clear()
        work(mask, 2, told.append)
        assert len(told) > 2
        assert told == sorted(told)
        assert told[-1] == 1

    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        masking.grown(mask, 2, stop)


class TestPolygon:
    def test_pixels_whose_middles_are_inside(self) -> None:
        box, inside = masking.polygon([(2, 3), (8, 3), (8, 7), (2, 7)], 12, 10)
        assert box == (2, 3, 8, 7)
        assert (inside == 255).all()
        # Half a pixel of each counts where its middle does.
        box, inside = masking.polygon([(2.6, 3.4), (7.4, 3.4), (7.4, 6.6), (2.6, 6.6)], 12, 10)
        assert inside.sum() // 255 == 4 * 4
        assert not inside[:, 0].any()

    def test_a_triangle_as_counted_by_hand(self) -> None:
        box, inside = masking.polygon([(0, 0), (4, 0), (0, 4)], 8, 8)
        rows, columns = np.mgrid[:4, :4] + 0.5
        assert box == (0, 0, 4, 4)
        assert ((inside > 0) == (rows + columns < 4)).all()

    def test_which_way_round_does_not_matter_and_loops_are_inside(self) -> None:
        ring = [(1.0, 1.0), (9.0, 1.0), (9.0, 9.0), (1.0, 9.0)]
        once = masking.polygon(ring, 10, 10)[1]
        assert (masking.polygon(ring[::-1], 10, 10)[1] == once).all()
        assert (masking.polygon(ring + ring, 10, 10)[1] == once).all()

    def test_what_lies_outside_of_the_picture_is_cut_off(self) -> None:
        box, inside = masking.polygon([(-5, -5), (30, -5), (30, 30), (-5, 30)], 9, 7)
        assert box == (0, 0, 9, 7)
        assert (inside == 255).all()
        box, inside = masking.polygon([(-9, 2), (4, 2), (4, 5), (-9, 5)], 9, 7)
        assert box == (0, 2, 4, 5)
        assert (inside == 255).all()

    @pytest.mark.parametrize(
        "points",
        [
            [],
            [(1.0, 1.0), (4.0, 4.0)],
            [(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)],
            [(2.1, 2.1), (2.4, 2.1), (2.2, 2.4)],
        ],
    )
    def test_around_nothing_is_an_empty_box(self, points: list[tuple[float, float]]) -> None:
        box, inside = masking.polygon(points, 9, 7)
        assert box == (0, 0, 0, 0)
        assert not inside.size

    @pytest.mark.usefixtures("band")
    def test_one_drawn_by_hand_is_that_of_its_angles(self) -> None:
        random = np.random.default_rng(5)
        angles = np.sort(random.random(200)) * 2 * np.pi
        far = 20 + 8 * np.sin(5 * angles)
        points = list(zip(30 + far * np.cos(angles), 30 + far * np.sin(angles), strict=True))
        box, inside = masking.polygon(points, 60, 60)
        whole = np.zeros((60, 60), np.uint8)
        whole[box[1] : box[3], box[0] : box[2]] = inside
        rows, columns = np.mgrid[:60, :60] + 0.5 - 30
        turn = np.arctan2(rows, columns) % (2 * np.pi)
        edge = 20 + 8 * np.sin(5 * turn)
        apart = np.hypot(rows, columns) - edge
        assert (whole[apart < -1.5] == 255).all()
        assert not whole[apart > 1.5].any()


def test_shapes_replace_add_and_take_away() -> None:
    mask, shape = np.array([[0, 100, 255, 255]], np.uint8), np.array([[255, 0, 255, 55]], np.uint8)
    assert masking.combined(mask, shape, "set").tolist() == [[255, 0, 255, 55]]
    assert masking.combined(mask, shape, "add").tolist() == [[255, 100, 255, 255]]
    assert masking.combined(mask, shape, "take").tolist() == [[0, 100, 0, 200]]


def flooded(same: Any, x: int, y: int) -> Any:
    found, waiting = np.zeros_like(same), deque([(x, y)] if same[y, x] else [])
    while waiting:
        x, y = waiting.popleft()
        if 0 <= x < same.shape[1] and 0 <= y < same.shape[0] and same[y, x] and not found[y, x]:
            found[y, x] = True
            waiting += [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
    return found


class TestAlike:
    @pytest.mark.parametrize("seed", range(12))
    def test_what_hangs_together_as_a_flood_finds_it(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        picture = (random.random(tuple(random.integers(1, 50, 2))) < 0.58).astype(np.uint8) * 200
        y, x = (int(random.integers(side)) for side in picture.shape)
        found = alike(picture, (x, y), 10)
        assert ((found > 0) == flooded(picture == picture[y, x], x, y)).all()

    def test_all_of_the_colour_and_how_near_it_must_be(self) -> None:
        picture = np.zeros((4, 6, 3), np.uint8)
        picture[:, 2] = 90
        picture[:, 4:] = (0, 12, 0)
        everywhere = alike(picture, (0, 0), 11, joined=False)
        assert (everywhere[0] > 0).tolist() == [True, True, False, True, False, False]
        assert (alike(picture, (0, 0), 12, joined=False)[0] > 0).sum() == 5
        assert (alike(picture, (0, 0), 12)[0] > 0).sum() == 2

    def test_what_is_clear_is_alike_whatever_colour_it_hides(self) -> None:
        picture = np.zeros((1, 4, 4), np.uint8)
        picture[0, 1, :3] = 255
        picture[0, 2] = (0, 0, 0, 255)
        assert (alike(picture, (0, 0), 8)[0] > 0).tolist() == [True, True, False, False]
