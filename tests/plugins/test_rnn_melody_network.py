"""The net of tunes: what it hears and says, bars that are complete, and what a file may hold."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from rnn_melody.events import read_voice, regular_bars
from rnn_melody.model import build, open_model, save_model
from rnn_melody.network.net import Writer, nats_of
from rnn_melody.settings import WriterSettings
from rnn_melody.signs import MODE, REMAINING, TONIC, Frame, Signs
from rnn_melody.training.material import row_of, signs_of
from rnn_melody.training.previews import composed, draw
from rnn_melody_examples import jig, jigs, reel, tiny, write_model
from torch import Tensor

from aigc_studio.api import GeneratorError, Melody, StudioError


def rows_of(count: int = 3) -> tuple[Signs, list[tuple[Tensor, Tensor]]]:
    voices = [read_voice(melody)[0] for melody in [*jigs(count), reel(1)]]
    signs = signs_of(voices)
    return signs, [row_of(voice, signs)[:2] for voice in voices]


def test_durations_that_do_not_fit_the_bar_are_impossible() -> None:
    signs, _rows = rows_of()
    writer = tiny(signs)
    remaining = torch.tensor([1, 12, 96])
    logits = writer.length_logits(torch.zeros(3, 16), remaining)
    for row, units in zip(logits, remaining.tolist(), strict=True):
        possible = [units >= each for each in signs.durations]
        assert row.isfinite().tolist() == possible


def test_nats_are_those_of_the_two_heads_and_no_future_is_heard() -> None:
    signs, rows = rows_of()
    writer = tiny(signs)
    inputs, events = (part[None].long() for part in rows[0])
    outputs, _state = writer.outputs(inputs)
    nats = writer.nats(outputs, inputs, events)
    lengths = torch.log_softmax(writer.length_logits(outputs, inputs[..., REMAINING]), -1)
    tones = torch.log_softmax(writer.tone_logits(outputs, events[..., 1]), -1)
    torch.testing.assert_close(nats[..., 0], -lengths.gather(2, events[..., 1:])[..., 0])
    torch.testing.assert_close(nats[..., 1], -tones.gather(2, events[..., :1])[..., 0])
    half, after = writer.outputs(inputs[:, :20])
    rest, _state = writer.outputs(inputs[:, 20:], after)
    torch.testing.assert_close(torch.cat([half, rest], 1), outputs)


def test_the_nats_of_a_tune_do_not_depend_on_those_beside_it() -> None:
    signs, rows = rows_of()
    writer = tiny(signs)
    together = nats_of(writer, rows, size=4)
    for row, nats in zip(rows, together, strict=True):
        assert nats.shape == (len(row[0]), 2)
        torch.testing.assert_close(nats_of(writer, [row])[0], nats)


def test_learning_sees_what_measuring_sees() -> None:
    signs, rows = rows_of()
    writer = tiny(signs)
    inputs = rows[0][0][None].long()
    outputs, _state = writer.outputs(inputs)
    learning, _state = writer.train().outputs(inputs)
    torch.testing.assert_close(learning, outputs)


def test_what_is_drawn_fills_its_bars_whatever_the_metre() -> None:
    signs, _rows = rows_of()
    writer = tiny(signs)
    for seed, metre in enumerate(["2/4", "3/4", "4/4", "6/8", "9/8", "7/8", "5/16"]):
        frame = Frame(regular_bars(metre, 3, upbeat=12), signs, 7, "major")
        voice = draw(writer, frame, 7, "major", seed)
        ends = np.cumsum(voice.durations).tolist()
        assert ends[-1] == frame.length
        assert {bar.stop for bar in frame.bars} <= set(ends)


def test_a_preview_can_be_played() -> None:
    signs, _rows = rows_of()
    about = {"metres": {"6/8": 3}, "modes": {"minor": 1}, "tonics": {"9": 2}, "microseconds": 1000}
    found = composed(tiny(signs), about).artifact
    assert isinstance(found, Melody)
    assert found.bar_count == 8
    assert found.keys[0].tonic == 9
    assert found.tempos[0].microseconds == 1000
    assert composed(tiny(signs), {}).artifact


# -- files -----------------------------------------------------------------------------------------


def test_a_model_is_what_was_saved(tmp_path: Path) -> None:
    model = open_model(write_model(tmp_path / "one"))
    assert model.signs.metres == ("6/8",)
    assert model.learnt["tonics"] == {"2": 6}
    assert model.name == "one"
    assert json.dumps(dict(model.learnt))


def test_what_was_never_seen_is_as_if_it_were_not_told(tmp_path: Path) -> None:
    signs, rows = rows_of()
    writer = tiny(signs)
    first = int(writer.offsets[TONIC])
    with torch.no_grad():
        writer.table.weight[first + 8] = 0
    (tmp_path / "m").mkdir()
    save_model(tmp_path / "m", writer, {})
    opened = open_model(tmp_path / "m").writer
    told, untold = (rows[0][0][None].long().clone() for _n in range(2))
    told[..., TONIC], untold[..., TONIC] = 8, 12
    torch.testing.assert_close(opened.heard(told), opened.heard(untold))
    told[..., TONIC] = 2
    assert not torch.equal(opened.heard(told), opened.heard(untold))
    told[..., MODE] = 0
    assert opened.heard(told).isfinite().all()


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"settings": {"width": 0}},
        {"settings": {}, "signs": {"lowest": 0}},
        {"settings": {"width": 10**9}, "signs": Signs().to_json()},
        {"settings": {}, "signs": Signs().to_json() | {"durations": [3]}},
        {"settings": {}, "signs": Signs().to_json() | {"metres": ["6/8"] * 999}},
    ],
)
def test_files_that_hold_no_such_net_are_refused(about: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        build(about)


def test_a_damaged_model_is_told_of(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m")
    (folder / "weights.safetensors").write_bytes(b"nothing")
    with pytest.raises(StudioError):
        open_model(folder)
    with pytest.raises(GeneratorError, match="no model"):
        open_model(None)


def test_a_net_is_small(tmp_path: Path) -> None:
    voices = [read_voice(jig())[0]]
    signs = Signs(-17, 33, signs_of(voices).durations, tuple(f"{n}/8" for n in range(1, 13)))
    writer = Writer(WriterSettings(width=320, right=96), signs)
    assert sum(each.numel() for each in writer.parameters()) < 1_200_000
