"""Measuring VAE faces on pictures that were held out, and saying what a model cannot draw."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import vae_faces
from kinds import a_mask, an_image
from vae_faces.judging import evaluating, probes
from vae_faces.judging import judge as judging
from vae_faces.judging.metrics import METRICS
from vae_faces.model import open_model
from vae_faces_examples import TRAITS, Told, heads, tiny, write_dataset, write_model

from aigc_studio.api import (
    Annotation,
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    Image,
    Message,
    Metric,
    Preview,
    Progress,
)
from aigc_studio.library.known_measures import MEASURES
from aigc_studio.toolkit import judge, tell_apart
from aigc_studio.toolkit.judge import ALIKE
from aigc_studio.translation import localized


@pytest.fixture(autouse=True)
def quick_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judges learn for a moment only."""
    monkeypatch.setattr(judge, "MOST_STEPS", 3)
    monkeypatch.setattr("vae_faces.judging.reader._STEPS", 3)
    monkeypatch.setattr(evaluating, "_SAMPLES", 24)
    judging._readers.clear()


def evaluated(
    tmp_path: Path, faces: Any = None, pairs: Sequence[Told] | None = None
) -> list[Event]:
    model = write_model(tmp_path / "model", faces or tiny(traits=TRAITS))
    data = write_dataset(tmp_path / "data", pairs or heads(40), held_out=12)
    request: EvaluateRequest[Any] = EvaluateRequest(model=model, dataset=Dataset(data.path, "test"))
    return list(vae_faces.evaluate(request))


def metrics(events: list[Event]) -> dict[str, float]:
    return {event.name: event.value for event in events if isinstance(event, Metric)}


def texts(events: list[Event]) -> str:
    return "\n".join(localized(each.text) for each in events if isinstance(each, Message))


def test_a_model_is_measured_on_what_it_has_not_seen(tmp_path: Path) -> None:
    events = evaluated(tmp_path)
    found = metrics(events)
    assert {"psnr_db", "ssim", "frechet_distance", "precision", "recall", "diversity"} <= set(found)
    assert {"hole_psnr_db", "classical_hole_psnr_db", "candidates_apart"} <= set(found)
    assert {"scratches_psnr_db", "classical_scratches_psnr_db", "copied_share"} <= set(found)
    assert {"control_changes:beard", "control_keeps:hair"} <= set(found)
    own = {name for name in found if not name.startswith("control_")} - set(MEASURES)
    assert own <= set(METRICS)
    assert any(isinstance(event, Progress) for event in events)
    assert "reads right: beard " in texts(events)
    assert metrics(evaluated(tmp_path)) == found


def test_beside_few_pictures_few_faces_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating, "_EACH", 1)
    monkeypatch.setattr(evaluating, "_LEAST", 5)
    assert " of 12 samples" in texts(evaluated(tmp_path))
    monkeypatch.undo()
    assert [evaluating._samples(count) for count in (2, 4, 12, 20, 200)] == [
        100, 100, 300, 500, 500
    ]  # fmt: skip


def test_likeness_is_that_of_pictures_from_black_to_white() -> None:
    """In -1..1 middle grey is 0, and a step of light there would count as if it were all."""
    grey = torch.zeros(1, 1, 32, 32)
    lighter = grey + 4 / 127.5
    assert float(evaluating.likeness(lighter, grey)) > 0.999
    assert float(evaluating.likeness(grey, grey)) == pytest.approx(1)


def test_without_attributes_people_are_the_judges_classes(tmp_path: Path) -> None:
    found = metrics(evaluated(tmp_path, tiny()))
    assert "frechet_distance" in found
    assert not any(name.startswith("control_") for name in found)


def test_a_control_that_the_pictures_say_nothing_of_is_not_measured(tmp_path: Path) -> None:
    """A reader that was never told of it would read it by chance."""
    events = evaluated(tmp_path)
    assert not any(name.endswith(":age") for name in metrics(events))
    assert "say nothing of: age." in texts(events)
    bare: list[Told] = [(picture, {}) for picture, _told in heads(40)]
    (tmp_path / "more").mkdir()
    events = evaluated(tmp_path / "more", pairs=bare)
    assert not any(name.startswith("control_") for name in metrics(events))
    assert "say nothing of: beard, hair, age." in texts(events)
    assert "reads right" not in texts(events)


def test_under_each_sample_stands_the_nearest_picture_that_it_learnt_from(tmp_path: Path) -> None:
    (shown,) = [each for each in evaluated(tmp_path) if isinstance(each, Preview)]
    picture = an_image(shown.artifact)
    assert (picture.height, picture.width) == (2 * 32, evaluating._SHOWN * 32)
    training = torch.rand(9, 3, 8, 8) * 2 - 1
    sheet = evaluating.nearest_sheet(training[[4, 2]] * 0.99, training).pixels
    assert np.abs(sheet[:8].astype(int) - sheet[8:].astype(int)).max() <= 2


def test_a_model_that_knows_pictures_by_heart_is_told(tmp_path: Path) -> None:
    held_out, training = torch.rand(20, 1, 8, 8) * 2 - 1, torch.rand(20, 1, 8, 8) * 2 - 1
    parts = evaluating._Parts(held_out, training, None, "")  # type: ignore[arg-type]
    copied = list(evaluating._remember(training[:10] + 0.01, parts))
    assert metrics(copied)["copied_share"] == 1.0
    assert "10 of 10 samples lie nearer" in texts(copied)
    fresh = list(evaluating._remember(torch.rand(10, 1, 8, 8) * 2 - 1 + 0.4, parts))
    assert "None of 10 samples" in texts(fresh)


def test_faces_that_are_much_alike_are_told_to_be_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def tell(*features: Any, varied: float) -> Any:
        asked.append(varied)
        return tell_apart(*features, varied=varied)

    monkeypatch.setattr(evaluating, "tell_apart", tell)
    events = evaluated(tmp_path)
    assert asked == [pytest.approx(metrics(events)["diversity"], abs=1e-4)]
    assert asked[0] < ALIKE  # an untrained net
    assert "much alike" in texts(events)


def test_a_kl_that_vanished_is_said_in_words(tmp_path: Path) -> None:
    assert "The KL has vanished" in texts(evaluated(tmp_path))  # an untrained net tells nothing


def test_too_little_to_measure_on_is_a_sentence(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model", tiny())
    empty = write_dataset(tmp_path / "empty", heads(5))
    few = write_dataset(tmp_path / "few", heads(5), held_out=1)
    for data, words in ((empty, "no held-out pictures"), (few, "too few pictures")):
        request: EvaluateRequest[Any] = EvaluateRequest(
            model=model, dataset=Dataset(data.path, "test")
        )
        with pytest.raises(GeneratorError, match=words):
            list(vae_faces.evaluate(request))


def test_heat_lies_where_a_picture_is_unlike_what_the_model_draws(tmp_path: Path) -> None:
    faces = tiny(channels=1)
    model = write_model(tmp_path / "model", faces)
    grey = torch.zeros(1, 1, 32, 32)
    with torch.no_grad():
        own = open_model(model).network.decode(open_model(model).network.encode(grey)[0])[0, 0]
    pixels = (
        ((own + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy().repeat(3, 0).repeat(3, 1)
    )
    pixels[48:, 48:] = np.where(pixels[48:, 48:] > 127, 0, 255)
    events = vae_faces.evaluate(EvaluateRequest(model=model, artifact=Image(pixels)))
    said = [event for event in events if isinstance(event, Annotation)]
    covered = np.maximum.reduce([a_mask(each.selection).pixels for each in said])
    assert covered.shape == pixels.shape
    assert (covered[48:, 48:] == 255).mean() > 0.9
    assert (covered[:40, :40] == 255).mean() < 0.1


@pytest.mark.parametrize("side", [32, 64, 96])
def test_probes_are_a_function_of_the_seed_and_of_the_size_that_they_say(side: int) -> None:
    holes = probes.face_holes(7, side, 1)
    assert torch.equal(holes, probes.face_holes(7, side, 1))
    assert not torch.equal(holes, probes.face_holes(7, side, 2))
    part = holes.mean(dim=(1, 2, 3))
    assert part.tolist() == pytest.approx([20 * 24 / 64**2] * 7, rel=0.1)
    lines = probes.scratches(7, side, 1)
    assert torch.equal(lines, probes.scratches(7, side, 1))
    assert 0.05 < float(lines.mean()) < 0.2


def test_of_many_pictures_in_folders_some_of_each_are_measured_on() -> None:
    """Kind by kind, as they lie: the first of them are all of one."""
    assert evaluating.some_of(5, 200) == [0, 1, 2, 3, 4]
    assert evaluating.some_of(0, 200) == []
    kinds = [place // 200 for place in evaluating.some_of(600, 200)]
    assert [kinds.count(kind) for kind in range(3)] == [67, 67, 66]
