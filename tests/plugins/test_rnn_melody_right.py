"""The part of the melody net that reads what follows a gap of bars."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from rnn_melody.events import read_voice
from rnn_melody.network.net import Writer
from rnn_melody.network.right import FAR, Right, ahead_of, later, seen_behind
from rnn_melody.signs import POSITION, Frame, numbers_of
from rnn_melody.training.material import Row, row_of, signs_of
from rnn_melody.training.towards import right_losses
from rnn_melody_examples import jig, jigs, reel, tiny
from torch import Tensor

COLUMNS = 3


def setting() -> tuple[Writer, list[Row]]:
    voices = [read_voice(melody)[0] for melody in (*jigs(4), reel())]
    signs = signs_of(voices)
    return tiny(signs, right=8), [row_of(voice, signs) for voice in voices]


def batch(rows: list[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, events and what stands ahead of rows of one length."""
    inputs, events, ahead = zip(*rows, strict=True)
    return torch.stack(inputs).long(), torch.stack(events).long(), torch.stack(ahead).long()


def test_what_stands_ahead_is_what_stands_there() -> None:
    """A tune whose halves are alike agrees with itself half a tune ahead, and nowhere by chance."""
    voice = read_voice(jig(bars=8))[0]
    signs = signs_of([voice])
    tones, lengths, places = numbers_of(voice, signs)
    ahead = ahead_of(voice, signs, tones, lengths, places)
    assert ahead[:, 0].tolist() == [place // 72 for place in places]
    eighth = list(signs.lags).index(4)  # half of this tune are four bars
    found = ahead[:, 1 + COLUMNS * eighth :][:, :COLUMNS]
    half = len(tones) // 2
    assert (found[:half, 0] == 2 * tones[half:] + 1).all()
    assert (found[half:, :2] == 0).all(), "behind the end there is nothing"
    assert found[:half, 2].tolist() == [min(number, 12) for number in range(half)]


def test_the_same_place_of_a_later_bar_lies_within_it() -> None:
    voice = read_voice(reel())[0]
    frame = Frame(voice.bars, signs_of([voice]), None, None)
    places = np.array([0, 95, 96, 7 * 96])
    assert later(frame, places)[:, 0].tolist() == [96, 191, 192, -1]


def test_at_first_the_right_side_changes_nothing_and_learns_alone() -> None:
    writer, rows = setting()
    inputs, events, ahead = batch(rows[:4])
    outputs, _state = writer.outputs(inputs)
    random = torch.Generator().manual_seed(1)
    found = right_losses(writer, inputs, events, ahead, outputs, random)["recomposing"]
    plain = writer.nats(outputs, inputs, events).sum(-1).mean().item()
    assert found.item() == pytest.approx(plain, rel=0.2), "the same, on some of the events"
    torch.autograd.backward(found)
    learning = {name for name, each in writer.named_parameters() if each.grad is not None}
    assert learning
    assert all(name.startswith("right.") for name in learning)
    assert all(each.requires_grad for each in writer.parameters())


def test_nothing_of_the_gap_is_seen() -> None:
    """What an event is told of the other side is the same whatever stands in its gap."""
    writer, _rows = setting()
    right = writer.right
    assert isinstance(right, Right)
    torch.nn.init.normal_(right.added.weight)
    voice, signs = read_voice(jig())[0], writer.signs
    other = list(voice.pitches)
    gap = range(12, 18)  # two bars
    for place in gap:
        other[place] = 60
    changed = replace(voice, pitches=tuple(other))
    told = []
    for each in (voice, changed):
        inputs, events, ahead = batch([row_of(each, signs)])
        states = right.states(events, inputs[..., POSITION])[0, gap.stop]
        seen = _seen_by(right, ahead, gap)
        told.append(right.change(torch.zeros(2 * 8), states, torch.tensor(2), seen))
    assert torch.equal(*told)


def _seen_by(right: Right, ahead: Tensor, gap: range) -> Tensor:
    bars = ahead[..., 0].contiguous()
    gaps = torch.full_like(bars, 2)
    return seen_behind(right.signs, ahead, bars, gaps)[0, gap.start]


def test_a_row_that_is_filled_up_reads_as_it_does_alone() -> None:
    writer, rows = setting()
    right = writer.right
    assert isinstance(right, Right)
    inputs, events, _ahead = batch(rows[:1])
    longer = torch.nn.functional.pad(events, (0, 0, 0, 5))
    places = torch.nn.functional.pad(inputs[..., POSITION], (0, 5))
    count = events.shape[1]
    alone = right.states(events, inputs[..., POSITION])
    filled = right.states(longer, places, torch.tensor([count]))
    torch.testing.assert_close(filled[:, :count], alone)


def test_bars_further_than_far_are_not_touched() -> None:
    right = Right(16, tiny(signs_of([read_voice(jig())[0]])).signs, size=8)
    torch.nn.init.normal_(right.added.weight)
    outputs, states = torch.randn(2, 16), torch.randn(2, 8)
    ahead = torch.zeros(2, COLUMNS * len(right.signs.lags), dtype=torch.int64)
    changed = right.change(outputs, states, torch.tensor([FAR + 1, FAR]), ahead)
    assert torch.equal(changed[0], outputs[0])
    assert not torch.equal(changed[1], outputs[1])


def test_a_tune_that_nothing_follows_in_teaches_nothing() -> None:
    writer, rows = setting()
    inputs, events, ahead = (each[:, :3] for each in batch(rows[:1]))
    outputs, _state = writer.outputs(inputs)
    assert right_losses(writer, inputs, events, ahead, outputs, torch.Generator()) == {}
