"""What a person gets: a clean ground, and ink on paper where a model draws light on dark."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import gan_digits
import numpy as np
import pytest
import torch
from gan_digits.finishing import FAINTEST, _widened, can_be_ink, cleaned, finished
from gan_digits.parameters import GenerateParameters, Ground, TrainParameters
from gan_digits.pictures import Look
from gan_digits.projection import project
from gan_digits_examples import candidates, write_dataset
from kinds import an_image

from aigc_studio.api import EditRequest, GenerateRequest, Image, Mask, Preview, TrainRequest
from aigc_studio.folders import resources_folder

SHIPPED = resources_folder() / "models" / "gan-digits" / "digits"
DIGITS = Look(0.0, 0.7)


def generate(count: int = 20, ground: Ground = "paper") -> list[Image]:
    request = GenerateRequest(model=SHIPPED, prompt="0123456789", count=count, seed=0)
    if ground != "paper":
        request = replace(request, parameters=GenerateParameters(ground=ground))
    return [each.artifact for each in candidates(gan_digits.generate(request))]


def faint_share(pictures: list[Image]) -> float:
    """The share of pixels that are nearly ground, and are not, nor the edge of a stroke."""
    pixels = np.stack([each.pixels for each in pictures]).astype(int)
    apart = np.abs(pixels - int(np.median(pixels)))
    return float(((apart > 0) & (apart < FAINTEST) & ~_widened(_widened(apart > 96))).mean())


def test_no_speckle_is_left_on_the_ground_of_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    made = generate()
    assert faint_share(made) == 0.0
    monkeypatch.setattr("gan_digits.finishing.cleaned", lambda pixels, look: pixels)
    raw = generate()
    assert faint_share(raw) > 0.05, "the nets themselves leave much of the ground unclean"
    # The strokes are as they were.
    for before, after in zip(raw, made, strict=True):
        strokes = before.pixels < 255 - 96
        assert np.array_equal(before.pixels[strokes], after.pixels[strokes])


def test_digits_are_ink_on_paper_unless_asked_for_as_in_the_data() -> None:
    paper, learned = generate(), generate(ground="learned")
    for one, other in zip(paper, learned, strict=True):
        assert np.median(one.pixels) == 255
        assert np.array_equal(255 - one.pixels, other.pixels)


@pytest.mark.parametrize(
    ("look", "channels", "ink"),
    [
        (DIGITS, 1, True),
        (DIGITS, 3, False),  # colours would turn into others
        (Look(255.0, 0.7), 1, False),  # is ink on paper
        (Look(0.0, 0.0), 1, False),  # a photograph
        (Look(120.0, 0.7), 1, False),
    ],
)
def test_only_grey_drawings_that_are_light_on_dark_become_ink(
    look: Look, channels: int, ink: bool
) -> None:
    assert can_be_ink(look, channels) is ink
    cells = torch.full((channels, 16, 16), -1.0)
    cells[:, 4:12, 7:9] = 1.0
    pixels = finished(cells, look, paper=True)
    assert (int(pixels[0, 0, 0]) == 255) is ink


def test_photographs_keep_every_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 3, 20, 20), np.uint8)
    assert cleaned(pixels, Look(3.0, 0.0)) is pixels


def test_pale_drawings_and_light_grounds_keep_their_strokes() -> None:
    cell = np.zeros((1, 20, 20), np.uint8)
    cell[0, 4:16, 9:11] = 60
    cell[0, 1, 1] = 28
    clean = cleaned(cell, DIGITS)
    assert np.array_equal(clean[0, 4:16, 9:11], cell[0, 4:16, 9:11])
    assert clean[0, 1, 1] == 0, "a speck"
    assert np.array_equal(cleaned(255 - cell, Look(255.0, 0.7)), 255 - clean)
    assert not cleaned(np.zeros((1, 20, 20), np.uint8), DIGITS).any()


@pytest.mark.parametrize("ground", ["paper", "learned"])
@pytest.mark.parametrize("operation", ["clean-up", "regenerate", "change-class", "morph"])
def test_edits_give_back_the_kind_that_they_get(
    ground: Ground, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not how near they come to the picture is the point, which takes most of their time.
    monkeypatch.setattr("gan_digits.subjects.project", partial(project, steps=8))
    pictures = generate(count=2, ground=ground)
    mask = Mask(np.pad(np.full((20, 40), 255, np.uint8), ((4, 4), (40, 200))))
    request = EditRequest(
        operation=operation,
        model=SHIPPED,
        artifacts=tuple(pictures) if operation == "morph" else (pictures[0],),
        selections=(mask if operation == "regenerate" else None, None)[
            : 1 + (operation == "morph")
        ],
        latents=(None, None)[: 1 + (operation == "morph")],
        prompt="5" if operation == "change-class" else "",
    )
    made = candidates(gan_digits.edit(request))
    assert made
    for each in made:
        assert np.median(each.artifact.pixels) == (255 if ground == "paper" else 0)
        # What is redrawn a little larger has softer edges.
        assert faint_share([each.artifact]) < 0.001


def test_the_samples_of_a_training_are_finished_too(tmp_path: Path) -> None:
    pictures = [(each, str(number % 10)) for number, each in enumerate(generate(10, "learned"))]
    request = TrainRequest(
        dataset=write_dataset(tmp_path / "data", pictures),
        folder=tmp_path,
        model=SHIPPED,
        steps=1,
        parameters=TrainParameters(learning_rate=1e-5, batch_size=8),
    )
    shown = [each for each in gan_digits.train(request) if isinstance(each, Preview)]
    assert shown
    for each in shown:
        samples = an_image(each.artifact)
        assert np.median(samples.pixels) == 255
        assert faint_share([samples]) == 0.0


@pytest.mark.parametrize(("classes", "columns"), [(1, 10), (2, 10), (3, 9), (6, 6), (10, 10)])
def test_samples_of_few_classes_are_no_tower(classes: int, columns: int) -> None:
    from gan_digits.learning import sample_grid
    from gan_digits.model import open_model

    model = open_model(SHIPPED)
    samples = sample_grid(model.generator, classes, model.look)
    assert samples.pixels.shape[:2] == (280, columns * 28)
    # A column is of one class, and no picture is there twice.
    cells = samples.pixels.reshape(10, 28, columns, 28).swapaxes(1, 2).reshape(-1, 28 * 28)
    assert len({cell.tobytes() for cell in cells}) == len(cells)


@pytest.mark.parametrize("side", [28, 90, 256])
def test_a_drawing_is_redrawn_as_large_as_it_was_and_as_sharp(side: int) -> None:
    pixels = np.full((side, side), 255, np.uint8)
    pixels[side // 5 : side * 4 // 5, side * 9 // 20 : side * 11 // 20] = 0
    request = EditRequest(
        operation="clean-up",
        model=SHIPPED,
        artifacts=(Image(pixels),),
        selections=(None,),
        latents=(None,),
        prompt="1",
    )
    (made,) = candidates(gan_digits.edit(request))
    apart = 255 - made.artifact.pixels.astype(int)
    grey = float(((apart > 24) & (apart < 231)).mean())
    ink = float((apart >= 231).mean())
    assert ink > 0.01
    if side > 28:
        assert grey < ink, "an enlarged line is a line and no cloud"
