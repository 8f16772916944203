"""A stroke that waited while its picture became smaller: what lies on the picture is painted."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from aigc_studio.api import Image
from aigc_studio.project import ContentStore, Item
from aigc_studio.ui.canvas.painting import mask_edits, picture_edits
from aigc_studio.ui.canvas.painting.blend import Stroke


@pytest.mark.parametrize("kind", ["paint", "select"])
@pytest.mark.parametrize("size", [256, 300, 100])
def test_a_stroke_on_more_than_there_is(
    tmp_path: Path, kind: Literal["paint", "select"], size: int
) -> None:
    store = ContentStore(tmp_path / "content")
    item = Item("i1", "a", store.put(Image(np.full((size, size), 255, np.uint8))))
    coverage = np.full((256, 256), 255, np.uint8)
    stroke = Stroke(kind, dict.fromkeys(((0, 0), (1, 0), (0, 2), (3, 3)), coverage))
    make = picture_edits.paint(stroke) if kind == "paint" else mask_edits.mask_stroke(stroke)
    made = make(store, item)
    shown = made.mask if kind == "select" else made.content
    assert shown is not None
    picture = store.get(shown)
    assert isinstance(picture, Image)
    assert picture.pixels.shape[:2] == (size, size)
    marked = picture.pixels > 0 if kind == "select" else picture.pixels == 0
    assert marked[:256, :size].all()
    assert marked.sum() == min(size, 256) * size
