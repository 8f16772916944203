import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from kinds import an_image, there
from PIL import Image as Pillow

from aigc_studio.api import Image, Melody, StudioError, Text
from aigc_studio.project import Item, Project, Provenance, commands, editing
from aigc_studio.project.preview import draw


@pytest.fixture
def picture(
    project: Project,
    place: Callable[..., Item],
    noise: Callable[..., Image],
    provenance: Provenance,
) -> Item:
    mask = project.store.put(noise(30, 20, "L"))
    return place(
        project,
        noise(30, 20, "RGB"),
        x=10.0,
        y=20.0,
        width=60.0,
        height=40.0,
        mask=mask,
        provenance=provenance,
        latent=project.store.put_latent(b"l"),
    )


def pixels(project: Project, item: Item) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    mask = an_image(project.store.get(there(item.mask))).pixels
    return an_image(project.store.get(item.content)).pixels, mask


def test_crop_keeps_the_rest_where_it_was(project: Project, picture: Item) -> None:
    cut = editing.crop(project.store, picture, (5, 4, 20, 99))
    for before, after in zip(pixels(project, picture), pixels(project, cut), strict=True):
        assert (after == before[4:20, 5:20]).all()
    assert (cut.x, cut.y, cut.width, cut.height) == (20.0, 28.0, 30.0, 32.0)
    assert cut.latent == ""
    assert there(cut.provenance).edited


def test_crop_of_a_turned_item_moves_no_pixel(project: Project, picture: Item) -> None:
    turned = replace(picture, rotation=90.0)
    cut = editing.crop(project.store, turned, (0, 0, 15, 20))
    # The left half of a picture turned clockwise by a quarter is its upper half.
    assert cut.bounds == pytest.approx((20.0, 10.0, 60.0, 40.0))
    assert turned.bounds == pytest.approx((20.0, 10.0, 60.0, 70.0))


@pytest.mark.parametrize("box", [(30, 0, 40, 10), (5, 5, 5, 9), (-9, -9, 0, 0), (9, 9, 3, 3)])
def test_a_crop_of_nothing_is_a_sentence(
    project: Project, picture: Item, box: tuple[int, int, int, int]
) -> None:
    with pytest.raises(StudioError, match="crop"):
        editing.crop(project.store, picture, box)


@pytest.mark.parametrize("quarters", [-1, 0, 1, 2, 3, 4, 5])
def test_turning(project: Project, picture: Item, quarters: int) -> None:
    turned = editing.turn(project.store, picture, quarters)
    for before, after in zip(pixels(project, picture), pixels(project, turned), strict=True):
        expected = Pillow.fromarray(before).rotate(-90 * quarters, expand=True)
        assert (after == np.asarray(expected)).all()
    middle = (turned.x + turned.width / 2, turned.y + turned.height / 2)
    assert middle == (40.0, 40.0)
    size = (40.0, 60.0) if quarters % 2 else (60.0, 40.0)
    assert (turned.width, turned.height) == size


@pytest.mark.parametrize("direction", ["horizontal", "vertical"])
def test_flipping_twice_is_nothing(
    project: Project, picture: Item, direction: Literal["horizontal", "vertical"]
) -> None:
    once = editing.flip(project.store, picture, direction)
    assert once.content != picture.content
    axis = 1 if direction == "horizontal" else 0
    for before, after in zip(pixels(project, picture), pixels(project, once), strict=True):
        assert (after == np.flip(before, axis)).all()
    twice = editing.flip(project.store, once, direction)
    assert (twice.content, twice.mask) == (picture.content, picture.mask)


def test_an_edit_is_undone_like_everything(project: Project, picture: Item) -> None:
    turned = editing.turn(project.store, picture)
    project.do(commands.change_items(project.board, {picture.id: turned}, "turn"))
    assert project.history[-1].title == "Turn item"
    project.undo()
    assert project.board.item(picture.id) == picture


def test_only_pictures_are_cropped_turned_and_flipped(
    project: Project, place: Callable[..., Item], tune: Melody
) -> None:
    for artifact in (Text("x"), tune):
        item = place(project, artifact)
        for work in (editing.turn, editing.flip, lambda s, i: editing.crop(s, i, (0, 0, 1, 1))):
            with pytest.raises(StudioError, match="pictures"):
                work(project.store, item)


def test_a_preview_shows_all_media_in_their_places(
    project: Project, place: Callable[..., Item], tune: Melody
) -> None:
    red = Image(np.full((10, 10, 3), (255, 0, 0), np.uint8))
    place(project, red, x=0.0, y=0.0, width=100.0, height=100.0)
    place(project, Text("words words words\n\nmore"), x=100.0, width=100.0, height=100.0)
    place(project, tune, y=100.0, width=100.0, height=100.0, opacity=0.5)
    with Pillow.open(io.BytesIO(draw(project.board.items, project.store))) as preview:
        assert preview.size == (200, 200)
        assert preview.getpixel((50, 50)) == (255, 0, 0, 255)
        assert preview.getpixel((150, 150)) == (0, 0, 0, 0)
        text = preview.crop((100, 0, 200, 100)).convert("L").getcolors()
        notes = np.asarray(preview.crop((0, 100, 100, 200)))
    assert isinstance(text, list)
    assert len(text) >= 3
    assert set(notes[..., 3].flat) == {128}
    assert (notes[..., :3].sum(axis=2) < 200).any()


def test_a_preview_of_a_huge_turned_board_stays_small(
    project: Project, place: Callable[..., Item], noise: Callable[..., Image]
) -> None:
    place(project, noise(20, 20), x=-5000.0, width=10.0, height=9000.0, rotation=33.0)
    place(project, noise(20, 20), x=5000.0, width=1.0, height=1.0)
    with Pillow.open(io.BytesIO(draw(project.board.items, project.store))) as preview:
        assert max(preview.size) == 512
