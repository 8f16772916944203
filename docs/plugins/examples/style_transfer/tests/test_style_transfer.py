from pathlib import Path
from typing import Any

import aigc_style_transfer as plugin
import numpy as np
import pytest

from aigc_studio import api
from aigc_studio.testing import GeneratorConformance

SIDE = 40


class TestStyleTransfer(GeneratorConformance):
    plugin = Path(plugin.__file__).parent


def hill(mode: str = "RGB") -> api.Image:
    """Light in the middle and dark around."""
    rows, columns = np.mgrid[:SIDE, :SIDE] - SIDE // 2
    light = np.clip(250 - 11 * np.hypot(rows, columns), 0, 255).astype(np.uint8)
    clear = np.where(columns < 0, 0, 255).astype(np.uint8)
    layers = {"L": light, "RGB": np.dstack([light] * 3), "RGBA": np.dstack([light] * 3 + [clear])}
    return api.Image(layers[mode])


def stripes(side: int = SIDE) -> api.Image:
    """Red and yellow, two pixels each, darker to the right."""
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[..., 0] = np.linspace(255, 90, side).astype(np.uint8)
    pixels[(np.arange(side) // 2 % 2) == 0, :, 1] = 220
    return api.Image(pixels)


def asked(operation: str, *artifacts: api.Image, **more: Any) -> list[api.Event]:
    """All that the plugin says."""
    more = {"parameters": plugin.Restyling(), "seed": 4} | more
    request = api.EditRequest[Any](operation=operation, artifacts=artifacts, **more)
    return list(plugin.edit(request))


def made(*words: Any, **more: Any) -> list[api.Image]:
    """The results alone."""
    found = [event.artifact for event in asked(*words, **more) if isinstance(event, api.Candidate)]
    return [each for each in found if isinstance(each, api.Image)]


def rows_apart(picture: api.Image) -> float:
    """How much two rows differ in green: much where there are stripes."""
    green = picture.convert("RGB").pixels[..., 1].astype(float)
    return float(abs(green[2:] - green[:-2]).mean())


def test_the_picture_gets_the_stripes_and_plain_colours_do_not() -> None:
    restyled, recoloured = (
        made("restyle", hill(), stripes())[0],
        made("colours", hill(), stripes())[0],
    )
    assert rows_apart(restyled) > 80
    assert rows_apart(recoloured) < 30
    assert abs(restyled.pixels[..., 2].astype(int)).mean() < 25  # no blue in the look


def test_the_light_of_the_picture_is_kept() -> None:
    red = made("restyle", hill(), stripes())[0].pixels[..., 0].astype(float)
    assert red[14:26, 14:26].mean() > red[:, :4].mean() + 15


def test_a_seed_is_one_result_and_another_seed_another() -> None:
    one, two = made("restyle", hill(), stripes(), count=2)
    assert made("restyle", hill(), stripes(), seed=5) == [two]
    assert abs(one.pixels.astype(int) - two.pixels).mean() > 8


def test_it_is_seen_at_once_and_told_how_far_it_is() -> None:
    events = asked("restyle", hill(), stripes())
    assert isinstance(events[0], api.Partial) or isinstance(events[1], api.Partial)
    told = [event.step / event.total for event in events if isinstance(event, api.Progress)]
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("look", [(1, 1), (3, 200), (90, 70)])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_any_size_and_mode(mode: str, look: tuple[int, int]) -> None:
    for operation in ("restyle", "colours"):
        (found,) = made(operation, hill(mode), api.Image(np.full((*look, 3), 90, np.uint8)))
        assert (found.width, found.height) == (SIDE, SIDE)
        assert found.mode == ("RGBA" if mode == "RGBA" else "RGB")


def test_alpha_is_kept_and_grey_stays_grey() -> None:
    assert (
        made("restyle", hill("RGBA"), stripes())[0].pixels[..., 3] == hill("RGBA").pixels[..., 3]
    ).all()
    assert made("restyle", hill("L"), stripes().convert("L"))[0].mode == "L"


def test_what_is_not_marked_is_far_from_being_touched() -> None:
    marked = np.zeros((SIDE, SIDE), np.uint8)
    marked[:, 24:] = 255
    words = {"selections": (api.Mask(marked), None)}
    found = made("restyle", hill(), stripes(), **words)[0].pixels.astype(float)
    assert abs(found[2:, :12, 1] - found[:-2, :12, 1]).mean() < 40
    assert abs(found[2:, 30:, 1] - found[:-2, 30:, 1]).mean() > 60


def test_its_own_colours_may_be_kept() -> None:
    blue = np.zeros((SIDE, SIDE, 3), np.uint8)
    blue[..., 2] = hill("L").pixels
    wish = plugin.Restyling(keep_colours=True)
    found = made("restyle", api.Image(blue), stripes(), parameters=wish)[0].pixels.astype(int)
    assert found[..., 2].mean() > 5 * found[..., 0].mean()


def test_more_of_a_texture_is_new_and_has_its_stripes() -> None:
    (found,) = made("texture", stripes())
    assert rows_apart(found) > 100
    assert found != stripes()
