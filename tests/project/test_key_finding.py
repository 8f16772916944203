"""The key that the notes of a tune speak for."""

import pytest

from aigc_studio.api import KeySignature, Melody, Note
from aigc_studio.project.key_finding import likely_key

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}


def tune(tonic: int, mode: str) -> Melody:
    """Up the scale and down again over its chord, to the keynote."""
    scale = SCALES[mode]
    third, sixth = scale[2], scale[5]
    steps = [*scale, 12, scale[6], sixth, 7, third, 7, sixth, 7, third, 0]
    return Melody(tuple(Note(n * 240, 240, 60 + tonic + step) for n, step in enumerate(steps)))


@pytest.mark.parametrize("mode", list(SCALES))
@pytest.mark.parametrize("tonic", range(12))
def test_a_tune_on_a_scale_is_in_its_key(tonic: int, mode: str) -> None:
    found = likely_key(tune(tonic, mode))
    assert found is not None
    assert (found.tonic, found.mode) == (tonic, mode)


def test_of_two_signatures_that_sound_alike_it_is_the_plainer_one() -> None:
    assert likely_key(tune(2, "major")) == KeySignature(0, 2)
    assert likely_key(tune(10, "major")) == KeySignature(0, -2)


def test_where_nothing_sounds_there_is_no_key() -> None:
    assert likely_key(Melody()) is None
