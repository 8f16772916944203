"""Explaining a tune with rnn_melody: every note by its chance, and what of it was copied."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rnn_melody.events import REST
from rnn_melody.judging.evaluating import evaluate_melody
from rnn_melody.judging.explaining import chances
from rnn_melody.judging.parameters import CopiedParameters
from rnn_melody.judging.scoring import nats_of_readings, reading_of
from rnn_melody.model import open_model
from rnn_melody_examples import jig, jigs, reel, write_dataset, write_model
from rnn_melody_tunes import random_steps, random_tune, tune_of

from aigc_studio.api import (
    Annotation,
    EvaluateRequest,
    GeneratorError,
    Melody,
    Message,
    Metric,
    Note,
    Progress,
    Span,
)
from aigc_studio.translation import localized


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model of jigs."""
    return write_model(tmp_path_factory.mktemp("model") / "m", jigs(4))


def explained(folder: Path, tune: Melody, **more: Any) -> list[Any]:
    request = EvaluateRequest(model=folder, artifact=tune, **{"operation": "evaluate", **more})
    return [each for each in evaluate_melody(request) if not isinstance(each, Progress)]


def metrics(events: list[Any]) -> dict[str, float]:
    return {each.name: each.value for each in events if isinstance(each, Metric)}


def test_every_note_is_told_where_it_lies_with_its_chance(model: Path) -> None:
    tune = jig(3)
    told = [each for each in explained(model, tune) if isinstance(each, Annotation)]
    assert [each.selection for each in told] == [
        Span(note.start, note.start + note.duration) for note in tune.notes
    ]
    assert all(0 <= each.value <= 1 for each in told)
    assert localized(told[0].text).startswith(f"{'D' if tune.notes[0].pitch == 62 else ''}")


def test_the_chances_of_notes_are_what_the_model_says(model: Path) -> None:
    tune, opened = jig(3), open_model(model)
    events = explained(model, tune)
    values = [each.value for each in events if isinstance(each, Annotation)]
    reading = reading_of(tune, opened.signs)
    assert reading is not None
    nats = next(iter(nats_of_readings(opened, [reading])))[1]
    assert values == pytest.approx(np.exp(-nats).tolist(), rel=1e-5)
    mean = -sum(math.log(each) for each in values) / len(values)
    assert metrics(events)["nats_per_note"] == pytest.approx(mean, abs=1e-3)


def test_a_note_over_a_bar_line_is_one_note_and_rests_are_told(model: Path) -> None:
    tune = Melody((Note(0, 2400, 62), Note(2880, 480, 64)))
    opened = open_model(model)
    reading = reading_of(tune, opened.signs)
    assert reading is not None
    nats = next(iter(nats_of_readings(opened, [reading])))[1]
    found = chances(tune, reading, opened.signs, nats.tolist())
    assert [(each.start, each.stop, each.pitch) for each in found] == [
        (0, 2400, 62),
        (2400, 2880, REST),
        (2880, 3360, 64),
        (3360, 3840, REST),
    ]
    assert sum(each.nats for each in found) == pytest.approx(nats.sum())
    words = [
        localized(each.text) for each in explained(model, tune) if isinstance(each, Annotation)
    ]
    assert words[0].startswith("D4: 1 in ")
    assert words[1].startswith("a rest: 1 in ")


def test_any_tune_is_explained_and_what_was_left_aside_is_said(model: Path) -> None:
    chords = Melody(tuple(Note(n * 480, 480, 60 + high) for n in range(8) for high in (0, 7)))
    events = explained(model, chords)
    assert sum(isinstance(each, Annotation) for each in events) == 8
    said = " ".join(localized(each.text) for each in events if isinstance(each, Message))
    assert "8 notes beside it were not" in said
    odd = Melody(tuple(Note(n * 333, 331, 128 - 1 - n * 20) for n in range(6)), 1000)
    inside = [each.selection for each in explained(model, odd) if isinstance(each, Annotation)]
    assert inside
    assert all(isinstance(each, Span) and each.stop <= odd.length for each in inside)
    explained(model, reel(1))


def test_the_least_expected_bar_is_named(model: Path) -> None:
    said = [each for each in explained(model, jig(1)) if isinstance(each, Message)]
    assert "is the least expected" in localized(said[-1].text)


def test_a_tune_without_notes_is_refused_with_what_to_do(model: Path) -> None:
    with pytest.raises(GeneratorError, match="draw some first"):
        explained(model, Melody())


# -- what was copied -------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Any:
    """Thirty random tunes with titles."""
    titles = [{"title": f"Tune {number}"} for number in range(30)]
    tunes = [random_tune(number) for number in range(30)]
    return write_dataset(tmp_path / "tunes", tunes, attributes=titles)


def copied(model: Path, tune: Melody, data: Any, least: int = 12) -> list[Any]:
    wish = CopiedParameters(least=least)
    return explained(model, tune, operation="copied", dataset=data, parameters=wish)


def test_a_copied_run_is_marked_where_it_stands_and_its_tune_is_named(
    model: Path, data: Any
) -> None:
    part = random_steps(7)[11:31]
    mixed = tune_of([*random_steps(101, 9), *part, *random_steps(102, 9)], 62)
    events = copied(model, mixed, data)
    (mark,) = [each for each in events if isinstance(each, Annotation)]
    assert mark.selection == Span(9 * 240, 30 * 240)
    assert mark.value == 1.0
    assert "20 intervals, as in bars 2 to 4 of “Tune 7” (tunes)" in localized(mark.text)
    assert metrics(events) == {"longest_run": 20}
    assert "this is a copy" in localized(events[-1].text)


def test_what_real_tunes_share_as_well_is_no_copy(model: Path, data: Any) -> None:
    part = random_steps(7)[11:25]
    mixed = tune_of([*random_steps(101, 9), *part, *random_steps(102, 9)], 62)
    events = copied(model, mixed, data)
    (mark,) = [each for each in events if isinstance(each, Annotation)]
    assert mark.value < 0.7
    assert "real tunes share as much" in localized(events[-1].text)


def test_nothing_copied_is_said_and_so_is_what_lacks(model: Path, data: Any) -> None:
    events = copied(model, random_tune(500), data)
    assert not any(isinstance(each, Annotation) for each in events)
    assert "No run of 12 intervals" in localized(events[-1].text)
    assert not any(isinstance(each, Annotation) for each in copied(model, Melody(), data))
    with pytest.raises(GeneratorError, match="beside the tunes"):
        explained(model, random_tune(1), operation="copied")
