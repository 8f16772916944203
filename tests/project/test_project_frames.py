from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kinds import a_mask, an_image
from PIL import Image as Pillow

from aigc_studio.api import (
    Description,
    GenerateRequest,
    Image,
    Mask,
    Operation,
    Span,
    StudioError,
    Text,
)
from aigc_studio.project import frames
from aigc_studio.project.making import FramedEdit, provenance_of

CARD = {"width": 28, "height": 28, "mode": "L"}
ROW = CARD | {"repeat": "horizontal"}
MODES = ("L", "RGB", "RGBA")


def random_mask(dice: np.random.Generator, width: int, height: int) -> Mask:
    """Nothing, everything, a dot, a box or noise; with values between."""
    pixels = np.zeros((height, width), np.uint8)
    kind = dice.integers(0, 5)
    if kind == 1:
        pixels[:] = 255
    elif kind == 2:
        pixels[dice.integers(height), dice.integers(width)] = dice.integers(1, 256)
    elif kind == 3:
        left, right = sorted(dice.integers(0, width + 1, 2))
        top, bottom = sorted(dice.integers(0, height + 1, 2))
        pixels[top:bottom, left:right] = dice.integers(1, 256)
    elif kind == 4:
        pixels[:] = dice.integers(0, 256, (height, width)) * (dice.random((height, width)) < 0.3)
    return Mask(pixels)


def box_mask(width: int, height: int, left: int, top: int, right: int, bottom: int) -> Mask:
    pixels = np.zeros((height, width), np.uint8)
    pixels[top:bottom, left:right] = 255
    return Mask(pixels)


def test_nothing_is_selected_beyond_the_edge_of_the_picture() -> None:
    image = Image(np.full((10, 10), 7, np.uint8))
    mask = box_mask(10, 10, 0, 0, 10, 10)
    frame = frames.Frame(-2, -3, 14, 16, 14, 16, "L")
    picture, selected = frames.cut(image, mask, frame)
    assert (picture.pixels == 7).all()  # the model sees no border there
    expected = np.zeros((16, 14), np.uint8)
    expected[3:13, 2:12] = 255
    assert np.array_equal(selected.pixels, expected)


@pytest.mark.parametrize("seed", range(60))
def test_pixels_outside_the_mask_keep_every_bit(noise: Callable[..., Image], seed: int) -> None:
    dice = np.random.default_rng(seed)
    width, height = (int(side) for side in dice.integers(1, [3, 120][seed % 2], 2))
    image = noise(width, height, MODES[seed % 3])
    mask = random_mask(dice, width, height)
    card = {
        "width": int(dice.integers(1, 40)),
        "height": int(dice.integers(1, 40)),
        "mode": MODES[int(dice.integers(3))],
        "repeat": str(dice.choice(["horizontal", "none"])),
    }
    frame = frames.choose((width, height), mask, card)
    small, small_mask = frames.cut(image, mask, frame)
    assert (small.width, small.height, small.mode) == (
        frame.model_width,
        frame.model_height,
        card["mode"],
    )
    assert small_mask.pixels.shape == (small.height, small.width)
    assert bool(small_mask.pixels.any()) == bool(mask.pixels.any())
    result = noise(small.width, small.height, MODES[int(dice.integers(3))])
    back = frames.bring_back(image, mask, frame, result, fits=seed % 4 > 1)
    assert (back.width, back.height) == (width, height)
    same = back.convert("RGBA").pixels == image.convert("RGBA").pixels
    assert same[mask.pixels == 0].all()
    if not mask.pixels.any():
        assert back == image


@pytest.mark.parametrize("seed", range(30))
def test_the_frame_holds_the_mask_and_has_the_models_shape(seed: int) -> None:
    dice = np.random.default_rng(seed)
    width, height = (int(side) for side in dice.integers(30, 500, 2))
    mask = random_mask(dice, width, height)
    across, down = int(dice.integers(8, 65)), int(dice.integers(8, 65))
    card = {"width": across, "height": down, "mode": "RGB"}
    frame = frames.choose((width, height), mask, card)
    found = frames.bounds(mask) or (0, 0, width, height)
    left, top, right, bottom = frame.box
    assert left <= found[0]
    assert top <= found[1]
    assert right >= found[2]
    assert bottom >= found[3]
    # Within the one pixel that rounding takes.
    assert abs(frame.width * down - frame.height * across) <= max(across, down)
    if frame.width <= width:
        assert 0 <= left <= right <= width
    if frame.height <= height:
        assert 0 <= top <= bottom <= height


def test_a_frame_has_a_margin_and_stays_inside() -> None:
    frame = frames.choose((200, 200), box_mask(200, 200, 80, 90, 120, 110), CARD)
    assert frame.box == (70, 70, 130, 130)
    corner = frames.choose((200, 200), box_mask(200, 200, 0, 0, 40, 40), CARD)
    assert corner.box == (0, 0, 60, 60)


def test_without_a_mask_the_whole_picture_is_in_the_frame(noise: Callable[..., Image]) -> None:
    frame = frames.choose((100, 50), None, CARD)
    assert frame.box == (0, -25, 100, 75)
    image = noise(100, 50, "L")
    _small, mask = frames.cut(image, None, frame)
    assert (mask.pixels == 255).all()
    result = noise(28, 28, "L")
    back = frames.bring_back(image, None, frame, result)
    large = np.asarray(result.to_pillow().resize((100, 100), Pillow.Resampling.BICUBIC))
    assert (back.pixels == large[25:75]).all()


def test_a_row_of_model_frames_goes_in_as_one() -> None:
    frame = frames.choose((112, 28), None, ROW)
    assert frame.box == (0, 0, 112, 28)
    assert (frame.model_width, frame.model_height) == (112, 28)
    plain = frames.choose((112, 28), None, CARD)
    assert (plain.model_width, plain.model_height) == (28, 28)


@pytest.mark.parametrize(
    ("left", "right", "box"),
    [(30, 40, (28, 28)), (60, 84, (56, 28)), (50, 60, (28, 56)), (0, 112, (0, 112))],
)
def test_in_a_row_the_frame_is_whole_cells(left: int, right: int, box: tuple[int, ...]) -> None:
    frame = frames.choose((112, 28), box_mask(112, 28, left, 3, right, 9), ROW)
    assert (frame.left, frame.width) == box
    assert (frame.top, frame.height) == (0, 28)
    assert frame.model_width == box[1]


def test_a_single_digit_is_one_frame_however_wide_the_mask_is() -> None:
    frame = frames.choose((28, 28), box_mask(28, 28, 0, 14, 28, 28), ROW)
    assert frame.box == (0, 0, 28, 28)
    assert (frame.model_width, frame.model_height) == (28, 28)


def test_one_digit_of_a_large_row_is_scaled_to_one_frame(noise: Callable[..., Image]) -> None:
    image = noise(400, 100, "RGB")
    mask = box_mask(400, 100, 210, 10, 290, 90)
    frame = frames.choose((400, 100), mask, ROW)
    assert frame.box == (200, 0, 300, 100)
    small, small_mask = frames.cut(image, mask, frame)
    assert (small.mode, small.width, small.height) == ("L", 28, 28)
    assert small_mask.pixels[14, 14] == 255
    assert small_mask.pixels[0, 0] == 0


def test_the_persons_own_frame_is_taken() -> None:
    frame = frames.choose((100, 100), None, CARD, (10, 20, 50, 40))
    assert frame.box == (10, 20, 50, 40)
    assert (frame.model_width, frame.model_height) == (28, 28)
    assert frames.choose((100, 100), None, ROW, (10, 20, 50, 40)).model_width == 56
    with pytest.raises(StudioError, match="empty"):
        frames.choose((100, 100), None, CARD, (10, 20, 10, 40))


def test_a_dot_is_shown_with_what_is_around_it() -> None:
    dot = box_mask(500, 400, 250, 200, 251, 201)
    frame = frames.choose((500, 400), dot, CARD)
    assert (frame.width, frame.height) == (28, 28)
    assert (frame.left + 14, frame.top + 14) == pytest.approx((250, 200), abs=1)
    assert frames.choose((20, 10), box_mask(20, 10, 3, 3, 4, 4), CARD).width == 10


@pytest.mark.parametrize(
    ("margin", "side"), [(0, 40), (0.25, 60), (1, 120), (-1, 60), (9, 60), ("much", 60), (True, 60)]
)
def test_a_card_says_how_much_around_a_mask_its_model_sees(margin: Any, side: int) -> None:
    mask = box_mask(400, 400, 180, 180, 220, 220)
    assert frames.choose((400, 400), mask, CARD | {"margin": margin}).width == side


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ((100, 0, 140, 40), "outside the picture, which has 100 × 80"),
        ((0, -50, 40, 0), "outside the picture"),
        ((-1, 0, 100, 80), "larger than the picture, which has 100 × 80"),
        ((0, 0, 40, 10**9), "larger than the picture"),
        ((10, 10, 11, 11), "1 × 1 pixels shows the model too little"),
        ((10, 10, 60, 12), "50 × 2 pixels"),
        ((0, 0, 20, 20), "Nothing of the mask is inside"),
    ],
)
def test_a_frame_that_is_no_use_is_a_sentence(chosen: Any, words: str) -> None:
    mask = box_mask(100, 80, 50, 40, 70, 60)
    with pytest.raises(StudioError, match=words):
        frames.choose((100, 80), mask, CARD, chosen)


def test_a_frame_may_reach_over_the_edge_of_the_picture() -> None:
    frame = frames.choose((100, 80), None, CARD, (-10, 60, 30, 100))
    assert frame.box == (-10, 60, 30, 100)


@pytest.mark.parametrize(
    "card", [{}, {"width": 28}, CARD | {"mode": "P"}, CARD | {"width": 0}, CARD | {"height": 1e9}]
)
def test_a_card_that_says_nothing_useful_is_a_sentence(card: dict[str, Any]) -> None:
    with pytest.raises(StudioError, match="card"):
        frames.choose((10, 10), None, card)


def test_full_selection_at_the_models_size_is_the_result(noise: Callable[..., Image]) -> None:
    image, result = noise(28, 28, "L"), noise(28, 28, "L")
    mask = Mask(np.full((28, 28), 255, np.uint8))
    frame = frames.choose((28, 28), mask, CARD)
    assert frames.cut(image, mask, frame)[0] == image
    assert frames.bring_back(image, mask, frame, result) == result


def test_half_selected_is_half_and_half() -> None:
    image = Image(np.full((28, 28), 100, np.uint8))
    result = Image(np.full((28, 28), 200, np.uint8))
    mask = Mask(np.full((28, 28), 51, np.uint8))
    back = frames.bring_back(image, mask, frames.whole(image, result), result)
    assert (back.pixels == 120).all()


def test_hidden_colours_do_not_bleed_into_a_blend() -> None:
    image = np.zeros((4, 4, 4), np.uint8)
    image[..., 0] = 255  # red, and not to be seen
    result = Image(np.full((4, 4, 3), (0, 0, 90), np.uint8))
    mask = Mask(np.full((4, 4), 128, np.uint8))
    back = frames.bring_back(Image(image), mask, frames.whole(Image(image), result), result)
    assert (back.pixels == (0, 0, 90, 128)).all()


@pytest.mark.parametrize(
    ("mode", "colour", "becomes"),
    [
        ("L", (9, 9, 9), "L"),
        ("L", (9, 8, 9), "RGB"),
        ("L", (9, 8, 9, 100), "RGBA"),
        ("RGB", (9, 8, 9, 255), "RGB"),
        ("RGB", (9, 8, 9, 100), "RGBA"),
        ("RGBA", (9, 8, 9), "RGBA"),
    ],
)
def test_the_mode_grows_with_the_result(
    noise: Callable[..., Image], mode: str, colour: tuple[int, ...], becomes: str
) -> None:
    image = noise(8, 8, mode)
    result = Image(np.full((8, 8, len(colour)), colour, np.uint8))
    mask = box_mask(8, 8, 2, 2, 6, 6)
    back = frames.bring_back(image, mask, frames.whole(image, result), result)
    assert back.mode == becomes
    seen = back.convert("RGBA").pixels[3, 3]
    assert tuple(seen) == (*colour, 255)[:4]


@pytest.mark.parametrize(("ink", "ground"), [(255, 0), (0, 255), (60, 255)])
def test_a_drawing_on_nothing_stands_out_from_its_ground(ink: int, ground: int) -> None:
    pixels = np.zeros((28, 28, 4), np.uint8)
    pixels[10:20, 10:20] = (ink, ink, ink, 255)
    small, _mask = frames.cut(Image(pixels), None, frames.choose((28, 28), None, CARD))
    assert small.pixels[15, 15] == ink
    assert small.pixels[0, 0] == ground


def test_a_dot_is_still_selected_in_a_much_smaller_frame(noise: Callable[..., Image]) -> None:
    mask = box_mask(1000, 1000, 500, 500, 501, 501)
    frame = frames.choose((1000, 1000), mask, CARD, (0, 0, 1000, 1000))
    _small, small_mask = frames.cut(noise(1000, 1000, "L"), mask, frame)
    assert np.count_nonzero(small_mask.pixels) == 1


def test_a_mask_of_another_size_is_refused(noise: Callable[..., Image]) -> None:
    image, mask = noise(10, 10), Mask(np.ones((9, 10), np.uint8))
    frame = frames.choose((10, 10), None, CARD)
    with pytest.raises(ValueError, match="mask"):
        frames.cut(image, mask, frame)
    with pytest.raises(ValueError, match="mask"):
        frames.bring_back(image, mask, frame, image)


def test_an_edit_is_framed_and_brought_back(noise: Callable[..., Image]) -> None:
    image, second = noise(60, 40, "RGB"), noise(9, 9)
    mask = box_mask(60, 40, 10, 10, 20, 20)
    framed = FramedEdit((image, second), mask, {"frame": CARD})
    small = an_image(framed.artifacts[0])
    assert (small.width, small.mode) == (28, "L")
    assert framed.artifacts[1] is second
    assert a_mask(framed.selections[0]).pixels.shape == (28, 28)
    assert framed.selections[1] is None
    back = an_image(framed.finish(noise(28, 28, "L")))
    assert (back.width, back.height, back.mode) == (60, 40, "RGB")
    assert (back.pixels != image.pixels).any(axis=2).sum() <= 100
    assert (back.pixels == image.pixels)[mask.pixels == 0].all()


def test_a_frame_without_a_mask_is_made_anew_and_nothing_else(noise: Callable[..., Image]) -> None:
    image = noise(300, 200, "RGB")
    framed = FramedEdit((image,), None, {"frame": CARD}, (100, 50, 156, 106))
    small = an_image(framed.artifacts[0])
    assert (small.width, small.height, small.mode) == (28, 28, "L")
    assert framed.selections == (None,), "the operation may take no mask"
    back = an_image(framed.finish(noise(28, 28, "RGB")))
    changed = (back.pixels != image.pixels).any(axis=2)
    assert changed[50:106, 100:156].mean() > 0.9
    changed[50:106, 100:156] = False
    assert not changed.any()


def test_without_a_card_the_mask_still_protects(noise: Callable[..., Image]) -> None:
    image, mask = noise(30, 30, "L"), box_mask(30, 30, 0, 0, 5, 5)
    framed = FramedEdit((image,), mask, {})
    assert framed.artifacts == (image,)
    back = an_image(framed.finish(noise(30, 30, "L")))
    assert (back.pixels == image.pixels)[mask.pixels == 0].all()


@pytest.mark.parametrize("card", [{}, {"frame": CARD}])
def test_a_picture_that_calls_itself_a_part_comes_back_through_the_mask_too(
    noise: Callable[..., Image], card: dict[str, Any]
) -> None:
    image, mask = noise(30, 30, "L"), box_mask(30, 30, 0, 0, 5, 5)
    framed = FramedEdit((image,), mask, card)
    given = an_image(framed.artifacts[0])
    made = noise(given.width, given.height, "L")
    back = an_image(framed.finish(made, part=True))
    assert back == framed.finish(made)
    assert (back.pixels == image.pixels)[mask.pixels == 0].all()


def test_other_media_and_whole_pictures_go_in_and_out_as_they_are(
    noise: Callable[..., Image],
) -> None:
    framed = FramedEdit((Text("abc"),), Span(1, 2), {"frame": CARD})
    assert framed.artifacts == (Text("abc"),)
    assert framed.selections == (Span(1, 2),)
    assert framed.finish(Text("aXc")) == Text("aXc")
    image = noise(40, 40)
    result = noise(28, 28)
    assert FramedEdit((image,), None, {"frame": CARD}).finish(result) is result


def test_a_request_becomes_provenance() -> None:
    description = Description(id="echo", title="Echo", medium=Text, version="3")
    request = GenerateRequest(operation="say", prompt="hi", parameters={"loud": True}, seed=4)
    made = provenance_of(description, "generate", request, seed=6, parents=("ab",))
    assert (made.generator, made.generator_version, made.medium) == ("echo", "3", "text")
    assert (made.seed, made.prompt, made.operation) == (6, "hi", "say")
    assert made.parameters == {"loud": True}


def _line(size: int, thick: int) -> Mask:
    pixels = np.zeros((size, size), np.uint8)
    pixels[size // 2 : size // 2 + thick, 2:-2] = 255
    return Mask(pixels)


@pytest.mark.parametrize(
    ("size", "thick", "seen"),
    [(200, 2, 200), (200, 4, 200), (200, 14, 64), (64, 2, 64), (1200, 12, 512), (1200, 60, 64)],
)
def test_hairlines_come_in_the_pictures_own_pixels(size: int, thick: int, seen: int) -> None:
    mask = _line(size, thick)
    card = {"width": 64, "height": 64, "mode": "L"}
    frame = frames.choose((size, size), mask, card, (0, 0, size, size))
    finer = frames.finer(mask, frame)
    assert (finer.model_width, finer.model_height) == (seen, seen)
    assert finer.box == frame.box


def test_an_edit_that_takes_any_size_gets_hairlines_as_they_are_and_they_come_back() -> None:
    image, mask = Image(np.full((200, 200), 90, np.uint8)), _line(200, 3)
    card = {"frame": {"width": 64, "height": 64, "mode": "L"}}
    operation = Operation(
        id="fill", verb="edit", title="Fill", artifacts=1, selection="required", fine=True
    )
    whole = (0, 0, 200, 200)
    framed = FramedEdit.of(operation, (image,), mask, card, whole)
    (given,) = framed.artifacts
    assert isinstance(given, Image)
    assert given.width == 200
    assert framed.selections == (mask,)
    made = framed.finish(Image(np.full((200, 200), 91, np.uint8)))
    assert isinstance(made, Image)
    assert (made.pixels[mask.pixels == 0] == 90).all()
    plain = FramedEdit.of(replace(operation, fine=False), (image,), mask, card, whole)
    assert isinstance(plain.artifacts[0], Image)
    assert plain.artifacts[0].width == 64


def test_what_is_known_in_a_smaller_mask_is_known_in_all_of_it() -> None:
    pixels = np.zeros((92, 92), np.uint8)
    pixels[:, 10] = 255  # lies across places 6 and 7 of 64
    image = np.full((92, 92), 100, np.uint8)
    image[:, 10] = 255
    frame = frames.choose((92, 92), None, {"width": 64, "height": 64, "mode": "L"})
    small, mask = frames.cut(Image(image), Mask(pixels), frame)
    assert (small.pixels[mask.pixels == 0] == 100).all()


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [(16, 16), (500, 380), (64, 64)])
def test_a_part_that_is_enlarged_is_that_part_of_all_of_it(
    noise: Callable[..., Image], mode: Any, size: tuple[int, int]
) -> None:
    image, (width, height) = noise(64, 64, mode), size
    part = (width // 5, height // 3, width - 3, height - 1)
    found = frames._scaled(image, width, height, part).pixels.astype(int)
    whole = frames._scaled(image, width, height).pixels.astype(int)
    apart = np.abs(found - whole[part[1] : part[3], part[0] : part[2]])
    # Pillow rounds twice, and knows the corner of a part as a float of 24 bits.
    assert apart.max() <= 2
    assert (apart > 0).mean() < 0.005


def test_no_more_of_a_result_is_made_large_than_is_selected(
    noise: Callable[..., Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = noise(900, 800, "RGB")
    mask = box_mask(900, 800, 400, 300, 500, 380)
    made = []
    scaled = frames._scaled

    def seen(*words: Any) -> Image:
        made.append(scaled(*words))
        return made[-1]

    monkeypatch.setattr(frames, "_scaled", seen)
    frame = frames.choose(
        (900, 800), mask, {"width": 64, "height": 64, "mode": "RGB"}, (50, 0, 850, 800)
    )
    found = frames.bring_back(picture, mask, frame, noise(64, 64, "RGB"), fits=True)
    changed = np.argwhere((found.pixels != picture.pixels).any(axis=2))
    assert [*changed.min(axis=0), *changed.max(axis=0)] == [300, 400, 379, 499]
    # A rim of two cells of the membrane, 12 pixels each, around the 100 by 80 of the mask.
    assert [(each.width, each.height) for each in made] == [(148, 128)]
