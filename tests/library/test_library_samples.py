"""What stands beside a model for people: found with it, kept, moved, and no part of what it is."""

import json
from pathlib import Path

import numpy as np
import pytest
from library.library_samples import weights
from PIL import Image as Pillow

from aigc_studio.api import Image, StudioError, Text, limits, samples
from aigc_studio.library import ModelStore

PICTURE = Image(np.arange(784, dtype=np.uint8).reshape(28, 28))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(weights())
    return folder


def test_samples_come_with_a_model_and_do_not_change_which_one_it_is(
    made: Path, tmp_path: Path
) -> None:
    store = ModelStore()
    bare = store.publish(made, "bare", {"generator": "g"})
    assert bare.samples is None
    samples.keep(PICTURE, made)
    shown = store.publish(made, "shown", {"generator": "g", "likeness": {"format": 1}})
    assert shown.samples == shown.folder / "samples.png"
    assert shown.digest == bare.digest
    store.rename("shown", "other")
    path = store.export("other", tmp_path / "out")
    again = store.import_file(path, "again")
    assert again.samples is not None
    assert again.samples.read_bytes() == (made / "samples.png").read_bytes()
    assert again.digest == bare.digest


def test_a_file_of_that_name_elsewhere_in_a_model_is_part_of_it(made: Path) -> None:
    store = ModelStore()
    bare = store.publish(made, "bare", {"generator": "g"})
    (made / "inner").mkdir()
    (made / "inner" / "samples.txt").write_text("words that it reads")
    assert store.publish(made, "more", {"generator": "g"}).digest != bare.digest


def test_one_is_kept_for_a_model_that_has_none(made: Path, tmp_path: Path) -> None:
    shipped = tmp_path / "shipped" / "g" / "ours"
    shipped.parent.mkdir(parents=True)
    made.rename(shipped)
    (shipped / "card.json").write_text(json.dumps({"generator": "g"}))
    store = ModelStore(shipped=tmp_path / "shipped")
    (ours,) = store.list()
    path = store.keep_samples(ours, PICTURE)
    assert sorted(each.name for each in shipped.iterdir()) == ["card.json", "weights.safetensors"]
    (again,) = store.list()
    assert (again.samples, again.digest) == (path, ours.digest)
    mine = store.publish(shipped, "mine", {"generator": "g"})
    # The same model by its digest, and what was made by it shows it too.
    assert mine.samples == path
    assert store.keep_samples(mine, Text("words")) == mine.folder / "samples.txt"


def test_what_cannot_be_kept_is_said(made: Path) -> None:
    store = ModelStore()
    mine = store.publish(made, "mine", {"generator": "g"})
    (mine.folder / "samples.png").mkdir()
    with pytest.raises(StudioError, match="sample of the model mine"):
        store.keep_samples(mine, PICTURE)
    assert store.find("mine").samples is None


def test_a_coloured_mosaic_that_is_too_large_has_fewer_colours_before_it_has_fewer_pixels(
    tmp_path: Path,
) -> None:
    # Seven colours and faint noise on all of them: nothing that a palette would spoil.
    generator = np.random.default_rng(1)
    colours = generator.integers(40, 215, (7, 3))
    pixels = colours[generator.integers(0, 7, (8, 8))].repeat(32, axis=0).repeat(32, axis=1)
    pixels = pixels + generator.integers(-3, 4, pixels.shape)
    picture = Image(pixels.astype(np.uint8))
    with Pillow.open(samples.keep(picture, tmp_path)) as file:
        kept = Image.from_pillow(file)
    assert (kept.width, kept.height) == (256, 256)
    assert (tmp_path / "samples.png").stat().st_size <= limits.SAMPLES_BYTES
    apart = kept.pixels.astype(int) - picture.pixels
    assert np.abs(apart).mean() < 4
