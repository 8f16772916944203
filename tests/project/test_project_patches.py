"""A part of a large picture made anew: as if all of it had been read, and little of it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import Image, Mask, Operation, StudioError
from aigc_studio.project import Content, patches
from aigc_studio.project.content import ContentStore
from aigc_studio.project.making import FramedEdit
from aigc_studio.project.patches import PatchEdit

CARD = {"frame": {"width": 16, "height": 16, "mode": "RGB"}}
FILL = Operation(id="fill", verb="edit", title="Fill", selection="required")


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "content", durable=False)


def mask_over(picture: Image, box: tuple[int, int, int, int], value: int = 255) -> Mask:
    pixels = np.zeros((picture.height, picture.width), np.uint8)
    pixels[box[1] : box[3], box[0] : box[2]] = value
    return Mask(pixels)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("made", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize(
    ("box", "value"),
    [((300, 200, 420, 330), 255), ((0, 0, 40, 30), 255), ((700, 590, 710, 600), 90),
     ((0, 0, 710, 600), 255), ((255, 255, 257, 257), 255)],
)  # fmt: skip
def test_it_is_the_same_as_with_all_of_it(
    store: ContentStore, noise: Callable[..., Image], mode: str, made: str, box: Any, value: int
) -> None:
    picture, result = noise(710, 600, mode), noise(16, 16, made)
    mask, content = mask_over(picture, box, value), store.put(picture)
    whole = FramedEdit.of(FILL, (picture,), mask, CARD)
    patch = PatchEdit(store, content, mask, CARD, None, FILL)
    assert patch.framed.artifacts == whole.artifacts
    assert patch.framed.selections == whole.selections
    expected = whole.finish(result)
    assert isinstance(expected, Image)
    part = patch.finish(result)
    kept = store.get(patch.keep(store, part))
    assert isinstance(kept, Image)
    assert np.array_equal(kept.convert("RGBA").pixels, expected.convert("RGBA").pixels)
    assert np.array_equal(patch.whole(part).convert("RGBA").pixels, expected.convert("RGBA").pixels)


def test_a_result_that_changes_nothing_is_the_picture_itself(
    store: ContentStore, noise: Callable[..., Image]
) -> None:
    content = store.put(noise(600, 500, "RGB"))
    part = store.part(content, (100, 50, 400, 300))
    assert store.put_part(content, (100, 50, 400, 300), part) == content


def test_what_lies_outside_the_frame_is_not_read(
    store: ContentStore, noise: Callable[..., Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = noise(2560, 2560, "RGB")
    content, read = store.put(picture), list[str]()
    mask = mask_over(picture, (600, 600, 700, 700))
    real = ContentStore.tile

    def tile(self: ContentStore, digest: str) -> bytes:
        read.append(digest)
        return real(self, digest)

    monkeypatch.setattr(ContentStore, "tile", tile)
    patch = PatchEdit(store, content, mask, CARD, None, FILL)
    put: list[bytes] = []
    real_put = ContentStore.put_tile

    def put_tile(self: ContentStore, pixels: bytes) -> str:
        put.append(pixels)
        return real_put(self, pixels)

    monkeypatch.setattr(ContentStore, "put_tile", put_tile)
    kept = patch.keep(store, patch.finish(noise(16, 16, "RGB")))
    assert len(put) == 1, "the one tile that the mask lies in"
    assert len(set(read)) <= 4, "of a hundred tiles"
    assert len(read) <= 8
    same = sum(store.tiles(kept)[key] == name for key, name in store.tiles(content).items())
    assert same >= 96


def test_a_part_of_a_part_that_is_not_there_is_blank(store: ContentStore) -> None:
    blank = store.put_blank(900, 700)
    assert not store.part(blank, (100, 100, 700, 600)).pixels.any()
    pixels = np.full((20, 30, 3), 7, np.uint8)
    kept = store.put_part(blank, (250, 250, 280, 270), Image(pixels))
    back = store.get(kept)
    assert isinstance(back, Image)
    assert (back.pixels[250:270, 250:280] == (7, 7, 7, 255)).all()
    assert np.count_nonzero(back.pixels[..., 3]) == 600


@pytest.mark.parametrize(
    ("width", "card", "marked", "chosen", "is_for"),
    [
        (1024, CARD, True, None, True),
        (1024, CARD, False, (0, 0, 9, 9), True),
        (1024, CARD, False, None, False),
        (1024, {}, True, None, False),
        (1023, CARD, True, None, False),
    ],
)
def test_large_pictures_with_a_frame_are_edited_so(
    width: int, card: dict[str, Any], marked: bool, chosen: Any, is_for: bool
) -> None:
    content = Content("image", "0" * 64, {"width": width, "height": 1024, "mode": "RGB"})
    assert patches.LARGE == 1024 * 1024
    mask = Mask(np.ones((2, 2), np.uint8)) if marked else None
    assert PatchEdit.is_for(content, mask, card, chosen) is is_for


def test_a_frame_that_is_no_use_is_said_before_anything_is_read(
    store: ContentStore, noise: Callable[..., Image]
) -> None:
    picture = noise(300, 300, "L")
    content = store.put(picture)
    with pytest.raises(StudioError, match="Nothing of the mask"):
        PatchEdit(store, content, mask_over(picture, (0, 0, 9, 9)), CARD, (100, 100, 200, 200))
