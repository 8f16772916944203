"""Vary: some of the bars is other, and the rest is as it was."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rnn_melody
from rnn_melody.composing.parameters import TransposeParameters, VaryParameters
from rnn_melody_examples import jig, write_model

from aigc_studio.api import Bars, Candidate, EditRequest, GeneratorError, Melody, Note


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "m")


def varied(model: Path, tune: Melody, bars: Bars | None = None, **wish: Any) -> list[Melody]:
    request = EditRequest(
        operation="vary", model=model, artifacts=(tune,), selections=(bars,), latents=(None,),
        count=3, parameters=VaryParameters(**wish), seed=5,
    )  # fmt: skip
    made = [each.artifact for each in rnn_melody.edit(request) if isinstance(each, Candidate)]
    return [each for each in made if isinstance(each, Melody)]


def test_little_changes_little(model: Path) -> None:
    tune = jig(1)
    for result in varied(model, tune, change=0.05):
        assert result != tune
        assert len(set(result.notes) & set(tune.notes)) > len(tune.notes) / 2
        assert (result.length, result.metres, result.keys) == (tune.length, tune.metres, tune.keys)


def test_the_rhythm_can_stay(model: Path) -> None:
    tune = jig(1)
    for result in varied(model, tune, keep="rhythm", change=1.0):
        assert [n.start for n in result.notes] == [n.start for n in tune.notes]
        assert [n.duration for n in result.notes] == [n.duration for n in tune.notes]
        assert [n.pitch for n in result.notes] != [n.pitch for n in tune.notes]


def test_a_second_voice_and_what_is_outside_stay(model: Path) -> None:
    tune = jig(1)
    bass = tuple(Note(bar * 1440, 1440, 40, 55) for bar in range(tune.bar_count))
    both = replace(tune, notes=(*tune.notes, *bass))
    for part in varied(model, both, Bars(2, 3), change=1.0):
        assert part.bar_count == 2
        assert {note for note in part.notes if note.velocity == 55} == {
            Note(0, 1440, 40, 55), Note(1440, 1440, 40, 55),
        }  # fmt: skip


def test_bars_without_notes_cannot_be_varied(model: Path) -> None:
    with pytest.raises(GeneratorError, match="no notes to vary"):
        varied(model, Melody())


def test_a_tune_goes_to_every_key_that_is_offered() -> None:
    field = TransposeParameters.model_json_schema()["properties"]["to"]
    assert set(field["x-ui"]["choices"]) == set(field["enum"]), "each has words of its own"
    for number, sign in enumerate(each for each in field["enum"] if each != "interval"):
        wish = TransposeParameters.model_validate({"to": sign})
        request = EditRequest(operation="transpose", artifacts=(jig(1),), parameters=wish)
        (moved,) = [each for each in rnn_melody.edit(request) if isinstance(each, Candidate)]
        assert isinstance(moved.artifact, Melody)
        assert moved.artifact.keys[0].tonic == number
