"""Drawings of a person's own: brought to what a model knows, and few of them made many."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gan_digits
import numpy as np
import pytest
import torch
from gan_digits.handwork import FEW, FINE, is_foreign, varied
from gan_digits.learning import Lessons, read_lessons
from gan_digits.model import Model, open_model
from gan_digits.parameters import TrainParameters
from gan_digits.pictures import Look, look_of
from gan_digits_examples import DIGITS, bars, write_dataset, write_model

from aigc_studio.api import Checkpoint, EvaluateRequest, Image, Metric, TrainRequest

pytestmark = pytest.mark.usefixtures("little_shown")


def drawings(count: int, side: int = 96) -> list[tuple[Image, str]]:
    """Upright strokes of ink on paper, anywhere, of several sizes: (picture, label) pairs."""
    pairs = []
    for number in range(count):
        pixels = np.full((side, side), 255, np.uint8)
        high, left = 30 + 7 * (number % 4), 20 + 5 * (number % 7)
        pixels[10 : 10 + high, left : left + 9] = 26
        pixels[10 + high - 9 : 10 + high, left : left + 20 + number % 10] = 26
        pairs.append((Image(pixels), DIGITS[number % 10]))
    return pairs


def read(folder: Path, pairs: Any, base: Model | None, **how: bool) -> Lessons:
    lessons = read_lessons(write_dataset(folder, pairs), TrainParameters(), base, **how)
    while True:
        try:
            next(lessons)
        except StopIteration as end:
            found: Lessons = end.value
            return found


@pytest.fixture
def base(tmp_path: Path) -> Model:
    return open_model(write_model(tmp_path / "base", size=28))


def test_ink_on_paper_comes_as_the_model_knows_it(tmp_path: Path, base: Model) -> None:
    lessons = read(tmp_path / "data", drawings(20), base)
    look = look_of(lessons.pixels)
    assert look.ground == 0
    assert look.extent == pytest.approx(base.look.extent, abs=0.05)
    assert lessons.pixels.shape[1:] == (1, 28, 28)
    fine = lessons.shown
    assert fine.shape[1:] == (1, 28 * FINE, 28 * FINE)
    rows = torch.arange(28).float()
    mass = lessons.pixels.float().sum(dim=(1, 3))
    middles = (mass * rows).sum(dim=1) / mass.sum(dim=1)
    assert bool(((middles - 13.5).abs() < 1.5).all())


def test_what_is_as_the_models_own_is_learnt_as_it_is(tmp_path: Path, base: Model) -> None:
    pairs = bars(20, size=28)
    lessons = read(tmp_path / "data", pairs, base)
    assert lessons.shown is lessons.pixels
    for planes, (picture, _label) in zip(lessons.pixels, pairs, strict=True):
        assert np.array_equal(planes[0].numpy(), picture.pixels)


def test_without_a_model_they_are_learnt_as_they_are(tmp_path: Path) -> None:
    lessons = read(tmp_path / "data", drawings(20), None)
    assert look_of(lessons.pixels).ground == 255
    assert lessons.fine is None


def test_many_are_not_varied(tmp_path: Path, base: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FEW > 100
    monkeypatch.setattr("gan_digits.learning.FEW", 20)
    assert read(tmp_path / "some", drawings(19), base).fine is not None
    assert read(tmp_path / "more", drawings(20), base).fine is None


def test_an_empty_sheet_is_blank_and_no_fault(tmp_path: Path, base: Model) -> None:
    blank = Image(np.full((96, 96), 255, np.uint8))
    lessons = read(tmp_path / "data", [*drawings(4), (blank, "0")], base)
    assert not lessons.pixels[-1].any()


@pytest.mark.parametrize(
    ("look", "own", "foreign"),
    [
        (Look(255, 0.5), Look(0, 0.7), True),
        (Look(250, 0.0), Look(2, 0.7), True),
        (Look(0, 0.3), Look(0, 0.7), False),  # on its own ground they are taken as they are
        (Look(0, 0.7), Look(255, 0.6), True),
        (Look(200, 0.7), Look(0, 0.7), False),  # no drawing
        (Look(255, 0.7), Look(0, 0.0), False),  # a model of pictures that vary
    ],
)
def test_which_drawings_are_foreign(look: Look, own: Look, foreign: bool) -> None:
    assert is_foreign(look, own) is foreign


def test_each_is_drawn_a_little_differently_each_time(tmp_path: Path, base: Model) -> None:
    lessons = read(tmp_path / "data", drawings(12), base)
    first, again, other = (
        varied(lessons.shown, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert first.shape == lessons.pixels.shape
    assert first.dtype == torch.uint8
    apart = (first.float() - other.float()).abs().mean(dim=(1, 2, 3))
    plain = (first.float() - lessons.pixels.float()).abs().mean(dim=(1, 2, 3))
    assert bool((apart > 2).all())
    assert bool((plain < 40).all())  # of 255: still the same drawing
    assert look_of(first).extent == pytest.approx(base.look.extent, abs=0.06)


def test_a_training_on_drawings_resumes_to_the_bit(tmp_path: Path) -> None:
    model = write_model(tmp_path / "base", size=28)
    request = TrainRequest(
        dataset=write_dataset(tmp_path / "data", drawings(20)),
        folder=tmp_path / "whole",
        model=model,
        steps=8,
        parameters=TrainParameters(batch_size=8),
    )
    (tmp_path / "whole").mkdir()
    (tmp_path / "stopped").mkdir()
    whole = last(list(gan_digits.train(request)))
    assert open_model(whole.path).look == open_model(model).look
    stopped = replace(request, folder=tmp_path / "stopped")
    stopped_at(stopped, 3)
    resumed = last(list(gan_digits.train(replace(stopped, resume=True))))
    weights = [(each.path / "weights.safetensors").read_bytes() for each in (whole, resumed)]
    assert weights[0] == weights[1]


def stopped_at(request: TrainRequest[Any], step: int) -> None:
    """Train until this step is told; what it left can be gone on from."""
    action = gan_digits.train(request)
    for event in action:
        if isinstance(event, Metric) and event.step >= step:
            break
    assert isinstance(action, Generator)
    action.close()
    assert (request.folder / "resume.safetensors").exists()


def last(events: list[Any]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def test_a_training_that_was_begun_before_goes_on_as_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier version left no mark, and learnt from drawings as they came."""
    model = write_model(tmp_path / "base", size=28)
    (tmp_path / "job").mkdir()
    request = TrainRequest(
        dataset=write_dataset(tmp_path / "data", drawings(20)),
        folder=tmp_path / "job",
        model=model,
        steps=4,
        parameters=TrainParameters(batch_size=8),
    )
    stopped_at(request, 1)
    seen: list[bool] = []

    def noted(dataset: Any, parameters: Any, base: Any, as_before: bool) -> Any:
        seen.append(as_before)
        return read_lessons(dataset, parameters, base, as_before)

    monkeypatch.setattr("gan_digits.learning.read_lessons", noted)
    stopped_at(replace(request, resume=True), 2)
    (tmp_path / "job" / "drawings-brought-in").unlink()
    stopped_at(replace(request, resume=True), 3)
    assert seen == [False, True]
    lessons = read(tmp_path / "again", drawings(20), open_model(model), as_before=True)
    assert look_of(lessons.pixels).ground == 255
    assert lessons.fine is None


def test_a_model_is_measured_on_drawings_as_it_learnt_them(tmp_path: Path) -> None:
    model = write_model(tmp_path / "base", size=28)
    dataset = write_dataset(tmp_path / "data", drawings(60), test_every=4)
    looks: list[float] = []

    def compared(_judge: Any, _drawn: Any, training: Any, held_out: Any) -> Any:
        looks.extend(look_of(each.pictures).ground for each in (training, held_out))
        return iter(())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gan_digits.evaluating.compare", compared)
        patch.setattr("gan_digits.evaluating._SAMPLES", 20)
        held_out = type(dataset)(dataset.path, "test")
        list(gan_digits.evaluate(EvaluateRequest(dataset=held_out, model=model)))
    assert looks == [0, 0]
