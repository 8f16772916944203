"""Where new things go on the board."""

import itertools

import pytest

from aigc_studio.ui.window import placement


def overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


@pytest.mark.parametrize(
    ("size", "shown"),
    [((28, 28), (280, 280)), ((64, 64), (256, 256)), ((600, 400), (600, 400))],
)
def test_small_pictures_are_shown_large_in_whole_steps(size, shown):
    assert placement.image_size(*size) == shown


def test_a_strip_of_four_digits_keeps_digits_readable():
    width, height = placement.image_size(112, 28)
    assert width / height == 4
    assert height >= 200
    assert width <= placement.LARGEST_SHOWN


def test_a_huge_picture_is_shown_within_bounds():
    assert placement.image_size(4096, 2048) == (1024, 512)


def test_nothing_overlaps_and_order_is_kept():
    view = (0.0, 0.0, 1000.0, 600.0)
    taken = [(24.0, 24.0, 280.0, 280.0), (500.0, 100.0, 300.0, 90.0)]
    spots = placement.place(taken, [(280.0, 280.0)] * 16 + [(112.0, 28.0)], view)
    for a, b in itertools.combinations(taken + spots, 2):
        assert not overlap(a, b)
    assert all(x >= 24 and x + w <= 1000 for x, _, w, _ in spots)


def test_a_thing_wider_than_the_view_still_finds_a_place():
    (spot,) = placement.place([], [(3000.0, 50.0)], (10.0, 20.0, 300.0, 200.0))
    assert spot == (34.0, 44.0, 3000.0, 50.0)
