"""Continue, answer, more like this, transpose: what stands there stays."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rnn_melody
from rnn_melody.composing.parameters import (
    AnswerParameters,
    ContinueParameters,
    LikeParameters,
    TransposeParameters,
)
from rnn_melody_examples import jig, reel, write_model

from aigc_studio.api import (
    Bars,
    Candidate,
    EditRequest,
    GeneratorError,
    Melody,
    Message,
    Metre,
    Note,
    Parameters,
)
from aigc_studio.worker.results import keeps_rest


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "m")


def edited(
    model: Path | None, operation: str, tune: Melody, wish: Parameters, bars: Bars | None = None
) -> list[Any]:
    request = EditRequest(
        operation=operation, model=model, artifacts=(tune,), selections=(bars,), latents=(None,),
        count=1 if operation == "transpose" else 3, parameters=wish, seed=2,
    )  # fmt: skip
    return list(rnn_melody.edit(request))


def made(events: list[Any]) -> list[Melody]:
    found = [each.artifact for each in events if isinstance(each, Candidate)]
    return [each for each in found if isinstance(each, Melody)]


@pytest.mark.parametrize("tune", [jig(1), reel(1)])
@pytest.mark.parametrize("bars", [Bars(1, 1), Bars(2, 3), Bars(8, 8)])
def test_new_bars_come_behind_those_selected(model: Path, tune: Melody, bars: Bars) -> None:
    for result in made(edited(model, "continue", tune, ContinueParameters(more=3), bars)):
        assert result.bar_count == tune.bar_count + 3
        assert keeps_rest(tune, bars, result)
    for result in made(edited(model, "answer", tune, AnswerParameters(), bars)):
        assert result.bar_count == tune.bar_count + bars.last - bars.first + 1
        assert keeps_rest(tune, bars, result)


def test_without_a_selection_it_goes_on_at_the_end(model: Path) -> None:
    tune = jig(1)
    roomy = replace(tune, length=tune.length * 2)
    for result in made(edited(model, "continue", roomy, ContinueParameters(more=3))):
        assert result.bar_count == tune.bar_count + 3
        assert result.notes[: len(tune.notes)] == tune.notes
    for result in made(edited(model, "continue", tune, ContinueParameters(more=3, primer=False))):
        assert result.bar_count == 3


def test_a_metre_that_was_never_learnt_works_and_is_said(model: Path) -> None:
    odd = Melody(
        tuple(Note(n * 240, 240, 62 + n % 5) for n in range(11)), metres=(Metre(0, 11, 8),)
    )
    events = edited(model, "continue", odd, ContinueParameters(more=2))
    said = " ".join(str(each.text) for each in events if isinstance(each, Message))
    assert "11/8" in said
    assert "does not say its key" in said
    assert {result.bar_count for result in made(events)} == {3}


def test_an_empty_tune_is_begun(model: Path) -> None:
    found = made(edited(model, "continue", Melody(), ContinueParameters(more=2)))
    assert all(result.notes for result in found)


def test_an_answer_comes_home(model: Path) -> None:
    tune = jig(4)
    for result in made(edited(model, "answer", tune, AnswerParameters(), Bars(1, 4))):
        last = [n for n in result.notes if n.start < 8 * 1440][-1]
        assert last.pitch % 12 == 2
    with pytest.raises(GeneratorError, match="no phrase to answer"):
        edited(model, "answer", Melody(), AnswerParameters())


def test_an_answer_may_take_the_place_of_its_phrase(model: Path) -> None:
    wish = AnswerParameters(place="instead", rhythm=1.0)
    for result in made(edited(model, "answer", jig(4), wish, Bars(3, 4))):
        assert result.bar_count == 2


def test_more_like_a_tune_has_its_frame(model: Path) -> None:
    tune = replace(jig(2), program=73)
    for result in made(edited(model, "like", tune, LikeParameters())):
        assert (result.bar_count, result.program) == (tune.bar_count, 73)
        assert (result.metres, result.keys) == (tune.metres, tune.keys)
        assert result.notes != tune.notes


def test_a_tune_is_moved_exactly_and_its_key_with_it() -> None:
    tune = jig(2)
    (result,) = made(edited(None, "transpose", tune, TransposeParameters(semitones=3)))
    assert [n.pitch - 3 for n in result.notes] == [n.pitch for n in tune.notes]
    assert result.keys[0].tonic == 5
    (back,) = made(edited(None, "transpose", result, TransposeParameters(to="D")))
    assert back == tune


def test_of_selected_bars_only_these_are_moved() -> None:
    tune = jig(2)
    (part,) = made(edited(None, "transpose", tune, TransposeParameters(semitones=1), Bars(2, 2)))
    assert keeps_rest(tune, Bars(2, 2), tune.replaced(Bars(2, 2), part))


def test_no_note_is_moved_out_of_what_can_be_played() -> None:
    tune = Melody((Note(0, 480, 120),))
    wish = TransposeParameters(semitones=12, fit=False)
    with pytest.raises(GeneratorError, match="smaller interval"):
        edited(None, "transpose", tune, wish)
