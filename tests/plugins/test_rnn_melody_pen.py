"""The pen of RNN melody: bars are complete, and no tune depends on how many are beside it."""

import numpy as np
import pytest
import torch
from rnn_melody.composing.page import Page, Part
from rnn_melody.composing.pen import Pen, pen_of
from rnn_melody.composing.sheet import Style
from rnn_melody.composing.writing import write
from rnn_melody.events import HOLD, Voice, bar_units, read_voice, regular_bars
from rnn_melody.model import open_model
from rnn_melody.network.steps import Floats, Steps
from rnn_melody.signs import inputs_of
from rnn_melody_examples import jig, write_model

METRES = ("2/4", "3/4", "4/4", "6/8", "9/8", "7/8", "5/4", "1/16", "13/8")


@pytest.fixture(scope="module")
def pen(tmp_path_factory: pytest.TempPathFactory) -> Pen:
    return pen_of(open_model(write_model(tmp_path_factory.mktemp("models") / "m")))


def tunes(
    pen: Pen, metre: str = "6/8", bars: int = 4, seed: int = 0, count: int = 1
) -> list[Voice]:
    style = Style(temperature=1.0, top_p=1.0)
    sheet = pen.sheet(Voice((), (), (), (), 2, "major"), regular_bars(metre, bars), style)
    *_, page = write(pen, sheet, seed=seed, count=count, style=style)
    return [page.voice(row) for row in range(count)]


def test_the_steps_are_those_of_the_net(pen: Pen) -> None:
    inputs, _tones, _lengths = inputs_of(read_voice(jig(3))[0], pen.model.signs)
    wanted, _state = pen.model.writer.outputs(torch.from_numpy(inputs)[None])
    steps, found = Steps(pen.model.writer), []
    state = steps.start(1)
    for row in inputs:
        outputs, state = steps.advance(row[None], state)
        found.append(outputs[0])
    assert np.abs(np.stack(found) - wanted[0].detach().numpy()).max() < 0.02


@pytest.mark.parametrize("metre", METRES)
def test_bars_are_as_many_as_asked_and_each_is_complete(pen: Pen, metre: str) -> None:
    for voice in tunes(pen, metre, 5, count=8):
        place = 0
        for duration, at in zip(voice.durations, voice.places, strict=True):
            assert at == place
            assert at // bar_units(metre) == (at + duration - 1) // bar_units(metre)
            place += duration
        assert place == 5 * bar_units(metre)
        assert voice.pitches[0] != HOLD


def test_a_tune_does_not_depend_on_how_many_are_written(pen: Pen) -> None:
    many = tunes(pen, count=5, seed=7)
    assert tunes(pen, count=2, seed=7) == many[:2]
    assert tunes(pen, seed=10) == many[3:4]
    assert len(set(many)) == 5


def test_the_range_is_kept(pen: Pen) -> None:
    style = Style(lowest=40, highest=47)
    sheet = pen.sheet(Voice((), (), (), (), 2, "major"), regular_bars("4/4", 4), style)
    *_, page = write(pen, sheet, seed=1, count=4, style=style)
    pitches = [pitch for row in range(4) for pitch in page.voice(row).pitches if pitch >= 0]
    assert pitches
    assert 40 <= min(pitches) <= max(pitches) <= 47


def test_density_goes_from_few_notes_to_many(pen: Pen) -> None:
    counts = []
    for density in (0.0, 0.5, 1.0):
        style = Style(density=density)
        sheet = pen.sheet(Voice((), (), (), (), 2, "major"), regular_bars("4/4", 8), style)
        *_, page = write(pen, sheet, seed=1, count=4, style=style)
        counts.append(sum(len(page.events[row]) for row in range(4)))
    assert counts[0] < counts[1] < counts[2]


def test_what_steers_sees_the_length_first_and_changes_both(pen: Pen) -> None:
    seen = set[str]()

    def steer(page: Page, part: Part, logits: Floats) -> None:
        seen.add(part)
        if part == "length":
            logits[:, pen.units != 24] = -np.inf

    style = Style()
    sheet = pen.sheet(Voice((), (), (), (), 0, "major"), regular_bars("4/4", 2), style)
    *_, page = write(pen, sheet, seed=0, count=1, style=style, steer=steer)
    assert seen == {"length", "tone"}
    assert [units for _tone, units in page.events[0]] == [24] * 8
