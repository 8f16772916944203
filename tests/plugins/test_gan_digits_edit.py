from functools import partial
from pathlib import Path
from typing import Any, Literal

import gan_digits
import numpy as np
import pytest
from gan_digits.parameters import (
    ChangeClassParameters,
    GenerateParameters,
    MorphParameters,
    RegenerateParameters,
)
from gan_digits.projection import project
from gan_digits_examples import Drawn, candidates, write_model

from aigc_studio.api import (
    Description,
    EditRequest,
    GenerateRequest,
    GeneratorError,
    Image,
    Mask,
    Progress,
)
from aigc_studio.api.hookspecs import VERBS
from aigc_studio.wire.checks import check_request


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "digits")


@pytest.fixture
def soon_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where how near it comes is not the point, which takes most of the time, a few steps do."""
    monkeypatch.setattr("gan_digits.subjects.project", partial(project, steps=8))


def generate(model: Path, prompt: str = "2024", seed: int = 3) -> Drawn:
    # Nets that were never trained draw grey: nothing tells whether that is ink or paper.
    as_learned = GenerateParameters(ground="learned")
    request = GenerateRequest(model=model, prompt=prompt, seed=seed, parameters=as_learned)
    return candidates(gan_digits.generate(request))[0]


def edit_request(
    model: Path,
    operation: str,
    *pictures: Image,
    mask: Mask | None = None,
    latents: tuple[bytes | None, ...] | None = None,
    **fields: Any,
) -> EditRequest:
    return EditRequest(
        operation=operation,
        model=model,
        artifacts=pictures,
        selections=(mask, None)[: len(pictures)],
        latents=latents or (None,) * len(pictures),
        **fields,
    )


def edit(model: Path, operation: str, *pictures: Image, **fields: Any) -> list[Drawn]:
    return candidates(gan_digits.edit(edit_request(model, operation, *pictures, **fields)))


Mode = Literal["L", "RGB", "RGBA"]


def drawing(
    width: int = 120, height: int = 150, paper: int = 250, ink: int = 20, mode: Mode = "RGB"
) -> Image:
    pixels = np.full((height, width), paper, np.uint8)
    pixels[20:130, 50:62] = ink
    return Image(pixels).convert(mode)


def part(picture: Image, left: int, right: int, top: int = 0, bottom: int | None = None) -> Mask:
    pixels = np.zeros((picture.height, picture.width), np.uint8)
    pixels[top:bottom, left:right] = 255
    return Mask(pixels)


EDITS = [
    ("clean-up", {}),
    ("regenerate", {"masked": True}),
    ("change-class", {"prompt": "8"}),
]


@pytest.mark.parametrize(("operation", "fields"), EDITS)
def test_the_same_seed_gives_the_same_and_more_change_nothing(
    model: Path, operation: str, fields: dict[str, Any]
) -> None:
    picture = generate(model, "20").artifact
    fields = dict(fields)
    mask = part(picture, 3, 20) if fields.pop("masked", False) else None
    few = edit(model, operation, picture, mask=mask, count=1, seed=5, **fields)
    many = edit(model, operation, picture, mask=mask, count=3, seed=4, **fields)
    assert many[1] == few[0]
    assert [each.seed for each in many] == [4, 5, 6]
    assert len({each.artifact for each in many}) == 3


@pytest.mark.usefixtures("soon_near")
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (30, 3), (37, 16), (33, 17), (500, 90)])
@pytest.mark.parametrize(("operation", "fields"), EDITS)
def test_any_size_comes_back_in_its_own_size(
    model: Path, size: tuple[int, ...], operation: str, fields: dict[str, Any]
) -> None:
    width, height = size
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    fields = dict(fields)
    picture = Image(pixels)
    mask = part(picture, 0, max(width // 2, 1)) if fields.pop("masked", False) else None
    if size == (1, 1) and operation == "clean-up":
        with pytest.raises(GeneratorError, match="nothing drawn"):
            edit(model, operation, picture)
        return
    (made,) = edit(model, operation, picture, mask=mask, **fields)
    assert (made.artifact.width, made.artifact.height) == size


@pytest.mark.usefixtures("soon_near")
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_dark_drawing_on_white_is_redrawn_dark_on_white(model: Path, mode: Mode) -> None:
    dark = drawing(mode=mode)
    light = drawing(paper=5, ink=235, mode=mode)
    (made,), (turned,) = (edit(model, "clean-up", each, prompt="1") for each in (dark, light))
    assert made.artifact == Image(255 - turned.artifact.pixels)


def test_nothing_drawn_is_a_sentence(model: Path) -> None:
    for blank in (drawing(ink=250), drawing(paper=0, ink=0), drawing(paper=120, ink=125)):
        with pytest.raises(GeneratorError, match="nothing drawn"):
            edit(model, "clean-up", blank)


@pytest.mark.usefixtures("soon_near")
@pytest.mark.parametrize("strokes", [32, 33, 1000])
def test_more_than_32_characters_are_a_sentence(model: Path, strokes: int) -> None:
    pixels = np.full((10, strokes * 10), 255, np.uint8)
    pixels[:, 3::10] = 0
    if strokes > 32:
        with pytest.raises(GeneratorError, match=f"like {strokes} characters"):
            edit(model, "clean-up", Image(pixels))
        return
    (made,) = edit(model, "clean-up", Image(pixels))
    assert len(made.title) == 32


def test_the_prompt_says_what_was_drawn(model: Path) -> None:
    (made,) = edit(model, "clean-up", drawing(), prompt="7")
    assert made.title == "7"
    pixels = np.full((80, 200), 255, np.uint8)
    for left in (20, 90, 150):
        pixels[20:60, left : left + 6] = 0
    assert len(edit(model, "clean-up", Image(pixels))[0].title) == 3
    assert edit(model, "clean-up", Image(pixels), prompt="123")[0].title == "123"
    with pytest.raises(GeneratorError) as caught:
        edit(model, "clean-up", Image(pixels), prompt="x")
    assert caught.value.parameter == "prompt"


def test_only_the_selected_part_is_made_anew(model: Path) -> None:
    picture = generate(model).artifact
    mask = part(picture, 20, 28, 4, 10)
    (made,) = edit(model, "regenerate", picture, mask=mask)
    kept = mask.pixels == 0
    assert (made.artifact.pixels[kept] == picture.pixels[kept]).all()
    assert (made.artifact.pixels[~kept] != picture.pixels[~kept]).any()
    whole = Mask(np.full((16, 64), 255, np.uint8))
    assert edit(model, "regenerate", picture, mask=whole)[0].artifact != picture


def test_a_part_that_is_all_of_a_character_is_drawn_freely(model: Path) -> None:
    picture = generate(model).artifact
    made = edit(
        model,
        "regenerate",
        picture,
        mask=part(picture, 16, 32),
        prompt="5",
        count=2,
        parameters=RegenerateParameters(freedom=1.0),
    )
    assert made[0].artifact != made[1].artifact
    assert (made[0].artifact.pixels[:, :16] == picture.pixels[:, :16]).all()


@pytest.mark.parametrize("mask", [None, Mask(np.zeros((16, 64), np.uint8))])
def test_regenerating_without_a_selection_is_a_sentence(model: Path, mask: Mask | None) -> None:
    with pytest.raises(GeneratorError, match="Nothing is selected"):
        edit(model, "regenerate", generate(model).artifact, mask=mask)


def test_changing_the_class_keeps_the_hand(model: Path) -> None:
    given = generate(model, "3")
    exact = ChangeClassParameters(freedom=0.0)
    fields: dict[str, Any] = {"latents": (given.latent,), "parameters": exact}
    (same,) = edit(model, "change-class", given.artifact, prompt="3", **fields)
    assert same.artifact == given.artifact, "from its latent, a 3 turned into a 3 is itself"
    (other,) = edit(model, "change-class", given.artifact, prompt="8", **fields)
    assert other.title == "8"
    assert other.artifact != given.artifact
    back: dict[str, Any] = {"latents": (other.latent,), "parameters": exact}
    (again,) = edit(model, "change-class", other.artifact, prompt="3", **back)
    assert again.artifact == given.artifact


def test_a_number_changes_character_by_character(model: Path) -> None:
    given = generate(model)
    fields: dict[str, Any] = {
        "latents": (given.latent,),
        "parameters": ChangeClassParameters(freedom=0.0),
    }
    assert edit(model, "change-class", given.artifact, prompt="1", **fields)[0].title == "1111"
    (one,) = edit(model, "change-class", given.artifact, prompt="2025", **fields)
    assert (one.artifact.pixels[:, :48] == given.artifact.pixels[:, :48]).all()
    mask = part(given.artifact, 16, 32)
    (masked,) = edit(model, "change-class", given.artifact, mask=mask, prompt="9", **fields)
    changed = (masked.artifact.pixels != given.artifact.pixels).any(axis=0)
    assert changed[16:32].any()
    assert not changed[:16].any()
    assert not changed[32:].any()
    with pytest.raises(GeneratorError, match="names 3 characters, and 4") as caught:
        edit(model, "change-class", given.artifact, prompt="123", **fields)
    assert caught.value.parameter == "prompt"


@pytest.mark.parametrize("latent", [b"", b"rubbish", b"GDL1" + b"\xff" * 40])
def test_a_latent_that_makes_no_sense_is_not_used(model: Path, latent: bytes) -> None:
    given = generate(model, "3")
    plain = edit(model, "change-class", given.artifact, prompt="8")
    assert edit(model, "change-class", given.artifact, prompt="8", latents=(latent,)) == plain


def test_another_models_latent_is_not_used(model: Path, tmp_path: Path) -> None:
    other = write_model(tmp_path / "other", seed=5)
    given = generate(other, "3")
    plain = edit(model, "change-class", given.artifact, prompt="8")
    assert edit(model, "change-class", given.artifact, prompt="8", latents=(given.latent,)) == plain


def test_changing_the_class_needs_a_class(model: Path, tmp_path: Path) -> None:
    described = Description.from_json(gan_digits.describe().to_json() | {"verbs": list(VERBS)})
    unsaid = edit_request(model, "change-class", generate(model).artifact, prompt=" ")
    assert "needs a prompt" in check_request(described, "edit", unsaid)["prompt"]
    plain = write_model(tmp_path / "plain", classes=())
    with pytest.raises(GeneratorError, match="knows no classes"):
        edit(plain, "change-class", generate(model).artifact, prompt="8")


def test_a_morph_is_a_strip_between_the_two(model: Path) -> None:
    first, last = generate(model, "31", 1), generate(model, "78", 2)
    strip = edit(
        model,
        "morph",
        first.artifact,
        last.artifact,
        latents=(first.latent, last.latent),
        parameters=MorphParameters(steps=5),
    )
    assert [each.position for each in strip] == [0, 1, 2, 3, 4]
    assert len({each.strip for each in strip}) == 1
    assert strip[0].artifact == first.artifact
    assert strip[-1].artifact == last.artifact
    assert len({each.artifact for each in strip}) == 5
    two = edit(
        model,
        "morph",
        first.artifact,
        last.artifact,
        latents=(first.latent, last.latent),
        parameters=MorphParameters(steps=5),
        count=2,
    )
    assert two[:5] == strip
    assert two[5].strip != two[0].strip


def test_a_morph_needs_two_pictures_with_as_many_characters(model: Path) -> None:
    one, two = generate(model, "3").artifact, generate(model, "78").artifact
    with pytest.raises(GeneratorError, match="1 and 2 characters"):
        edit(model, "morph", one, two)


def test_a_model_without_classes_cleans_up_and_morphs(model: Path, tmp_path: Path) -> None:
    plain = write_model(tmp_path / "plain", classes=(), channels=3, extent=0.0)
    one, two = generate(plain, "", 1).artifact, generate(plain, "", 2).artifact
    assert len(edit(plain, "clean-up", one, count=2)) == 2
    assert len(edit(plain, "morph", one, two)) == 8


def test_it_can_be_cancelled_often(model: Path) -> None:
    picture = Image(np.random.default_rng(1).integers(0, 255, (16, 64), np.uint8))
    request = EditRequest(
        operation="regenerate",
        model=model,
        artifacts=(picture,),
        selections=(part(picture, 0, 60),),
        latents=(None,),
    )
    kinds = [type(event) for event in gan_digits.edit(request)]
    assert kinds.count(Progress) > 20


@pytest.mark.parametrize("count", [0, -3])
def test_a_count_below_one_is_refused_before_the_plugin_sees_it(model: Path, count: int) -> None:
    described = Description.from_json(gan_digits.describe().to_json() | {"verbs": list(VERBS)})
    asked = GenerateRequest(model=model, prompt="7", count=count)
    assert "at least 1" in check_request(described, "generate", asked)["count"]
    changed = edit_request(model, "clean-up", drawing(), count=count)
    assert "at least 1" in check_request(described, "edit", changed)["count"]
    one = edit_request(model, "morph", drawing())
    assert "works on 2 items" in check_request(described, "edit", one)["artifacts"]
