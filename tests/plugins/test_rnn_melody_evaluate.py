"""Evaluate of rnn_melody: what was not seen beside chains, what it composes, and words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rnn_melody.copying import write_known
from rnn_melody.judging import traits
from rnn_melody.judging.evaluating import evaluate_melody
from rnn_melody.judging.metrics import METRICS
from rnn_melody.judging.scoring import counted_of, nats_of_readings, nats_per_note, reading_of, told
from rnn_melody.judging.verdicts import verdicts
from rnn_melody.model import open_model
from rnn_melody_examples import jig, jigs, reel, write_dataset, write_model
from rnn_melody_tunes import random_tune

from aigc_studio.api import (
    Dataset,
    EvaluateRequest,
    GeneratorError,
    KeySignature,
    Melody,
    Message,
    Metre,
    Metric,
    Note,
    Preview,
    Text,
)
from aigc_studio.testing import write_dataset as write_texts
from aigc_studio.translation import localized

STUDIO = {"nats_per_note", "diversity"}
"""What the studio itself has words for."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What is said of an untrained model of jigs."""
    folder = tmp_path_factory.mktemp("measured")
    tunes = [jig(number, 12) for number in range(14)]
    write_dataset(folder / "data", tunes, held_out=4)
    model = write_model(folder / "m", tunes[:10])
    write_known(model, [(f"Jig {number}", tune) for number, tune in enumerate(tunes[:10])])
    data = Dataset(folder / "data", "test")
    return list(evaluate_melody(EvaluateRequest(model=model, dataset=data, operation="evaluate")))


def metrics(events: list[Any]) -> dict[str, float]:
    return {each.name: each.value for each in events if isinstance(each, Metric)}


def words(**found: float) -> str:
    said = verdicts({"nats_per_note": 1.5, **found}, tunes=int(found.pop("tunes", 1_000)))
    return " ".join(localized(each.text) for each in said)


def test_every_measure_of_the_model_is_told_and_has_words(measured: list[Any]) -> None:
    found = metrics(measured)
    assert set(found) == set(METRICS) | STUDIO
    assert all(np.isfinite(each) for each in found.values())
    assert found["of_markov"] == pytest.approx(
        found["nats_per_note"] / found["markov_nats_per_note"], abs=1e-3
    )
    assert found["whole_bars"] == 1.0
    assert 0 <= found["key_fit"] <= 1
    assert found["key_fit_unseen"] == 1.0
    assert found["longest_run_unseen"] <= 16


def test_composed_tunes_can_be_heard_and_verdicts_end_it(measured: list[Any]) -> None:
    assert sum(isinstance(each, Preview) for each in measured) == 3
    said = [localized(each.text) for each in measured if isinstance(each, Message)]
    assert any("hardly learnt anything" in each for each in said)


def test_the_loss_is_that_of_notes_and_rests_with_ties_counted_once(tmp_path: Path) -> None:
    model = open_model(write_model(tmp_path / "m", jigs(4)))
    tied = Melody((Note(0, 2400, 62), Note(2880, 480, 64)))
    reading = reading_of(tied, model.signs)
    assert reading is not None
    assert reading.counted == 4
    nats = next(iter(nats_of_readings(model, [reading])))[1]
    assert len(nats) > 4
    assert nats_per_note([float(nats.sum())], [reading]) == pytest.approx(nats.sum() / 4)
    assert reading_of(Melody(), model.signs) is None


def test_chains_count_the_events_that_the_net_reads(tmp_path: Path) -> None:
    signs = open_model(write_model(tmp_path / "m", [*jigs(4), reel(1)])).signs
    for tune in (jig(1), reel(1), random_tune(4)):
        reading, light = reading_of(tune, signs), counted_of(tune, signs)
        assert reading is not None
        assert light is not None
        for one, two in zip(told(reading, signs), light, strict=True):
            assert np.array_equal(one, two)


def test_other_data_is_measured_without_what_was_learnt(tmp_path: Path) -> None:
    model = write_model(tmp_path / "m", jigs(6))
    (model / "card.json").write_text('{"data": {"fingerprint": "another"}}', "utf-8")
    write_dataset(tmp_path / "data", jigs(8), held_out=3)
    request = EvaluateRequest(model=model, dataset=Dataset(tmp_path / "data", "test"))
    found = metrics(list(evaluate_melody(request)))
    assert "nats_per_note" in found
    assert "learnt_nats_per_note" not in found


def test_what_cannot_be_measured_on_is_refused_with_what_to_do(tmp_path: Path) -> None:
    model = write_model(tmp_path / "m", jigs(4))
    texts = Dataset(write_texts(tmp_path / "texts", [Text("a")] * 10), "test")
    for dataset in (None, texts):
        with pytest.raises(GeneratorError, match="choose a dataset"):
            list(evaluate_melody(EvaluateRequest(model=model, dataset=dataset)))
    write_dataset(tmp_path / "silent", [Melody(), Melody()], held_out=1)
    silent = Dataset(tmp_path / "silent", "test")
    with pytest.raises(GeneratorError, match="no notes"):
        list(evaluate_melody(EvaluateRequest(model=model, dataset=silent)))


# -- what is measured of tunes ---------------------------------------------------------------------


def test_bars_are_whole_when_they_are_full_and_as_many_as_asked() -> None:
    tune = jig(1)
    assert traits.whole_bars(tune)
    assert traits.whole_bars(tune, tune.bar_count)
    assert not traits.whole_bars(tune, tune.bar_count + 1)
    short = replace(tune, length=tune.length + 300)
    assert not traits.whole_bars(short)
    both = replace(tune, notes=(*tune.notes, Note(100, 480, 50)))
    assert not traits.whole_bars(both)
    assert not traits.whole_bars(Melody())
    upbeat = Melody(
        (Note(0, 240, 62), *(Note(240 + n * 240, 240, 64) for n in range(12))),
        metres=(Metre(0, 6, 8), Metre(240, 6, 8)),
    )
    assert traits.whole_bars(upbeat, 2)


def test_form_is_what_returns() -> None:
    bars = [random_tune(seed, 7).notes for seed in range(4)]
    notes = [
        replace(note, start=note.start + number * 1920)
        for number, bar in enumerate([*bars, *bars])
        for note in bar
    ]
    tune = Melody(tuple(notes))
    assert traits.repeats(tune, 4) == 1.0
    assert traits.repeats(tune, 8) is None
    other = traits.repeats(random_tune(9, 79), 4)
    assert other is not None
    assert other < 0.4


def test_tunes_in_other_keys_are_alike_and_others_are_apart() -> None:
    one, two = random_tune(1, first=60), random_tune(1, first=65)
    assert traits.apart([one, two], [0, 5]) == 0.0
    assert traits.apart([one, random_tune(2)], [0, 0]) > 0.5
    assert traits.distances([one], [0], [two], [5])["pitch_class_distance"] == 0.0
    assert traits.distances([one], [0], [random_tune(3)], [0])["interval_distance"] > 0
    assert traits.distances([], [], [one], [0]) == {}
    assert traits.openings([one, two, random_tune(4)]) == pytest.approx(1 / 3)


def test_notes_of_the_scale_are_in_the_key() -> None:
    dorian = Melody(tuple(Note(n * 480, 480, pitch) for n, pitch in enumerate((62, 65, 69, 71))))
    assert traits.in_scale(dorian, KeySignature(0, 0, "dorian")) == 1.0
    assert traits.in_scale(dorian, KeySignature(0, -3, "major")) == 0.5
    assert traits.in_scale(Melody(), KeySignature(0)) is None
    assert traits.spread(dorian) == 9


# -- verdicts --------------------------------------------------------------------------------------


def test_a_good_model_is_told_so() -> None:
    assert "much as real ones are" in words(of_markov=0.7, whole_bars=1.0, diversity=1.0)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({"of_markov": 1.2}, "hardly learnt anything"),
        ({"whole_bars": 0.9}, "a fault of the generator"),
        ({"whole_bars": 0.996}, "Of 100 tunes only 99 have"),
        ({"copied_tunes": 0.05, "longest_run": 31}, "5 of 100 tunes share a run"),
        ({"learnt_nats_per_note": 0.7}, "over-fitted"),
        ({"learnt_nats_per_note": 0.7, "tunes": 30}, "Too few tunes: it knows its 30 well"),
        ({"diversity": 0.4}, "much alike"),
        ({"openings": 0.3, "openings_unseen": 0.95}, "often begin alike"),
        ({"repeats_4": 0.1, "repeats_4_unseen": 0.34}, "little form"),
        ({"repeats_8": 0.9, "repeats_8_unseen": 0.3}, "go in circles"),
        (
            {"interval_distance": 2.0, "duration_distance": 0.5, "pitch_class_distance": 0.5},
            "other pitch classes, intervals and durations than real tunes",
        ),
        ({"interval_distance": 2.0}, "other intervals than real tunes"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(found: dict[str, float], sentence: str) -> None:
    assert sentence in words(**found)


def test_small_distances_are_nothing_to_speak_of() -> None:
    assert "than real tunes" not in words(interval_distance=0.15, interval_distance_unseen=0.02)
