from pathlib import Path

import gan_digits
import numpy as np
import pytest
from gan_digits import evaluating
from gan_digits_examples import bars, candidates, write_dataset, write_model
from kinds import a_mask

from aigc_studio.api import (
    Annotation,
    Dataset,
    EvaluateRequest,
    GenerateRequest,
    GeneratorError,
    Metric,
    Progress,
)
from aigc_studio.toolkit import judge


@pytest.fixture
def quick_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge learns for a moment only."""
    monkeypatch.setattr(judge, "MOST_STEPS", 12)
    monkeypatch.setattr(evaluating, "_SAMPLES", 60)


def measure(model: Path, dataset: Dataset) -> dict[str, float]:
    events = list(gan_digits.evaluate(EvaluateRequest(model=model, dataset=dataset)))
    assert any(isinstance(event, Progress) for event in events)
    return {event.name: event.value for event in events if isinstance(event, Metric)}


def test_a_model_is_measured_on_what_it_has_not_seen(tmp_path: Path, quick_judge: None) -> None:
    model = write_model(tmp_path / "model")
    data = write_dataset(tmp_path / "data", bars(80), test_every=3)
    metrics = measure(model, Dataset(data.path, "test"))
    assert set(metrics) == {
        "label_accuracy",
        "judge_accuracy",
        "frechet_distance",
        "precision",
        "recall",
        "told_apart",
        "copied_share",
        "diversity",
        "diversity_within",
        "images_per_second",
    }
    assert metrics["frechet_distance"] > 1
    assert 0 <= metrics["recall"] <= 1
    assert metrics | {"images_per_second": 0} == measure(model, Dataset(data.path, "test")) | {
        "images_per_second": 0
    }


def test_without_classes_there_is_no_accuracy(tmp_path: Path, quick_judge: None) -> None:
    model = write_model(tmp_path / "model", classes=(), channels=3)
    data = write_dataset(tmp_path / "data", bars(30), test_every=3)
    metrics = measure(model, Dataset(data.path, "test"))
    assert "label_accuracy" not in metrics
    assert "frechet_distance" in metrics


def test_too_little_to_measure_on_is_a_sentence(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model")
    data = write_dataset(tmp_path / "data", bars(5))
    with pytest.raises(GeneratorError, match="no held-out pictures"):
        measure(model, Dataset(data.path, "test"))
    strange = write_dataset(tmp_path / "other", bars(9, labels=("a", "b")), test_every=2)
    with pytest.raises(GeneratorError, match="too few"):
        measure(model, Dataset(strange.path, "test"))


def test_a_picture_is_read_character_by_character(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model")
    (made,) = candidates(gan_digits.generate(GenerateRequest(model=model, prompt="31")))
    events = gan_digits.evaluate(EvaluateRequest(model=model, artifact=made.artifact))
    said = [event for event in events if isinstance(event, Annotation)]
    assert len(said) == 2
    assert all(0 <= each.value <= 1 for each in said)
    covered = np.sum([a_mask(each.selection).pixels.astype(int) for each in said], axis=0)
    assert (covered == 255).all()
