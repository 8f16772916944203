"""Windows of sequences for the training loop, and the state that is carried on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from aigc_studio.api import Checkpoint, Event, TrainRequest
from aigc_studio.toolkit import Learner, Moment, distributed, save_weights, training_loop
from aigc_studio.toolkit.sequences import (
    IGNORED,
    Carried,
    Excerpts,
    Stream,
    Window,
    nats,
    nats_along,
    sample,
)


def test_rows_go_on_where_they_were_and_begin_anew_after_each_round() -> None:
    stream = Stream(np.arange(1, 101), size=3, length=8, seed=1)
    assert stream.steps == 4
    before: Window | None = None
    for step in range(12):
        window = stream.at(step)
        assert window.inputs.shape == window.targets.shape == (3, 8)
        assert bool(window.fresh.all()) == (step % 4 == 0) == bool(window.fresh.any())
        assert torch.equal(window.inputs[:, 1:], window.targets[:, :-1].where(
            window.targets[:, :-1] != IGNORED, torch.ones(())).long())  # fmt: skip
        if step % 4 and before is not None:
            went_on = before.targets[:, -1]
            same = (went_on == window.inputs[:, 0]) | (went_on == IGNORED)
            assert bool(same.all())
        before = window
    starts = {int(stream.at(epoch * 4).inputs[0, 0]) for epoch in range(20)}
    assert len(starts) > 10


def test_what_follows_the_last_symbol_is_not_learnt() -> None:
    stream = Stream(torch.arange(1, 9, dtype=torch.uint8), size=2, length=4, seed=0)
    for step in range(8):
        window = stream.at(step)
        learnt = window.targets != IGNORED
        assert torch.equal(window.targets[learnt], window.inputs[learnt] + 1)
        assert bool((window.inputs[~learnt] == 8).all())
        assert window.count == int(learnt.sum())


def test_a_stream_is_a_function_of_seed_and_step() -> None:
    one, two = (Stream(np.arange(50), 2, 5, seed) for seed in (1, 2))
    again = Stream(np.arange(50), 2, 5, 1)
    assert torch.equal(one.at(7).inputs, again.at(7).inputs)
    assert any(not torch.equal(one.at(n).inputs, two.at(n).inputs) for n in range(10))


def test_a_stream_may_be_shorter_than_a_window() -> None:
    window = Stream(torch.tensor([1, 2, 3]), size=4, length=10, seed=0).at(5)
    assert window.inputs.shape == (4, 10)
    assert 0 < window.count < 40
    for few in ([], [1]):
        with pytest.raises(ValueError, match="fewer than two"):
            Stream(torch.tensor(few), 1, 1, 0)
    with pytest.raises(ValueError, match="rows and a length"):
        Stream(torch.tensor([1, 2, 3]), size=0, length=1, seed=0)


def test_excerpts_hold_whole_sequences_or_a_part_of_longer_ones() -> None:
    sequences = [np.array([1, 2, 3]), np.array([7]), np.arange(100, 200), np.array([4, 5])]
    excerpts = Excerpts(sequences, size=3, length=6, seed=3)
    begun = set()
    for step in range(30):
        window = excerpts.at(step)
        assert bool(window.fresh.all())
        assert window.count == int((window.targets != IGNORED).sum())
        for inputs, targets in zip(window.inputs.tolist(), window.targets.tolist(), strict=True):
            if inputs[0] >= 100:
                begun.add(inputs[0])
                assert targets == [each + 1 for each in inputs]
                assert len(inputs) == 6
            else:
                told = (inputs[:2], targets[:2])
                assert told in (([1, 2], [2, 3]), ([4, 0], [5, IGNORED]))
                assert set(targets[2:]) == {IGNORED}
    assert len(begun) > 15
    with pytest.raises(ValueError, match="no sequence"):
        Excerpts([np.array([7])], 1, 1, 0)


def test_what_is_given_is_read_and_not_learnt() -> None:
    def given(row: Tensor) -> int:
        return int((row == 9).nonzero()[0]) + 1 if bool((row == 9).any()) else 0

    told = [torch.tensor([5, 6, 9, 1, 2]), torch.tensor([3, 4, 7]), torch.tensor([9, 8])]
    excerpts = Excerpts(told, size=3, length=9, seed=1, given=given)
    window = excerpts.at(0)
    for inputs, targets in zip(window.inputs.tolist(), window.targets.tolist(), strict=True):
        expected = {
            5: [IGNORED, IGNORED, 1, 2],
            3: [4, 7, IGNORED, IGNORED],
            9: [8] + [IGNORED] * 3,
        }
        assert targets == expected[inputs[0]]
    assert window.count == 5


def test_sequences_of_like_lengths_stand_together_and_every_epoch_has_each_once() -> None:
    lengths = torch.arange(2, 102).repeat(10)
    sequences = [torch.full((int(length),), number) for number, length in enumerate(lengths)]
    alike = Excerpts(sequences, size=10, length=200, seed=1, alike=True)
    plain = Excerpts(sequences, size=10, length=200, seed=1)
    for epoch in range(2):
        steps = range(100 * epoch, 100 * epoch + 100)
        seen = torch.cat([alike.at(step).inputs[:, 0] for step in steps])
        assert torch.equal(seen.sort()[0], torch.arange(1000))
        filled, before = (
            sum(int((source.at(step).targets == IGNORED).sum()) for step in steps)
            for source in (alike, plain)
        )
        assert filled < before / 5
    order = [alike.at(step).inputs.shape[1] for step in range(100)]
    assert order != sorted(order)
    assert torch.equal(alike.at(7).inputs, Excerpts(sequences, 10, 200, 1, alike=True).at(7).inputs)
    odd = Excerpts(sequences[:7], size=3, length=200, seed=1, alike=True)
    assert len({int(row) for step in range(3) for row in odd.at(step).inputs[:, 0]}) == 7


def test_excerpts_may_be_varied_as_a_function_of_seed_and_step() -> None:
    def transposed(sequence: Tensor, source: torch.Generator) -> Tensor:
        return sequence + 10 * int(torch.randint(3, (), generator=source))

    excerpts = Excerpts([torch.tensor([1, 2])] * 2, 2, 5, 1, vary=transposed)
    seen = {tuple(row) for step in range(20) for row in excerpts.at(step).inputs.tolist()}
    assert seen == {(1,), (11,), (21,)}
    assert torch.equal(excerpts.at(3).inputs, excerpts.at(3).inputs)


def test_events_may_have_several_columns() -> None:
    events = torch.tensor([[1, 10], [2, 20], [3, 30]])
    for source in (Stream(events, 1, 2, 0), Excerpts([events], 1, 2, 0)):
        window = source.at(0)
        assert window.inputs.shape == (1, 2, 2)
        logits = torch.zeros(1, 2, 31)
        assert float(window.loss(logits, column=1)) == pytest.approx(np.log(31))


def test_processes_share_the_rows_and_the_loss_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generator = torch.Generator().manual_seed(0)
    table = torch.randn(20, 20, generator=generator)
    ragged = [np.arange(n) for n in (2, 5, 9, 14)]
    for source in (Stream(np.arange(20), 4, 3, 0), Excerpts(ragged, 4, 20, 0)):
        whole = source.at(1)
        monkeypatch.setattr(distributed, "world_size", lambda: 2)
        parts = []
        for rank in (0, 1):
            monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
            parts.append(source.at(1))
        monkeypatch.undo()
        assert torch.equal(parts[0].inputs, whole.inputs[::2])
        assert torch.equal(parts[1].targets, whole.targets[1::2])
        losses = [float(part.loss(table[part.inputs])) for part in parts]
        assert sum(losses) / 2 == pytest.approx(float(whole.loss(table[whole.inputs])))


def test_the_state_is_carried_cut_off_and_left_out_of_fresh_rows() -> None:
    carried = Carried()
    window = Stream(np.arange(40), 2, 4, 0).at(1)
    assert carried.before(window) is None
    assert carried.tensors() == {}
    state = torch.ones(1, 2, 3, requires_grad=True) * 2
    carried.after(state)
    kept = carried.before(window)
    assert isinstance(kept, Tensor)
    assert not kept.requires_grad
    assert torch.equal(kept, torch.full((1, 2, 3), 2.0))
    assert carried.before(replace(window, fresh=torch.tensor([True, True]))) is None
    half = carried.before(replace(window, fresh=torch.tensor([True, False])))
    assert isinstance(half, Tensor)
    assert half[0, :, 0].tolist() == [0, 2]


@pytest.mark.parametrize("several", [False, True])
def test_the_state_comes_back_from_its_tensors(several: bool) -> None:
    part = torch.arange(6.0).view(1, 2, 3)
    state = (part, part + 1) if several else part
    one, two = Carried(), Carried()
    one.after(state)
    two.restore(one.tensors() | {"network/net/weight": torch.zeros(1)})
    window = Stream(np.arange(40), 2, 4, 0).at(1)
    back = two.before(window)
    assert back is not None
    assert isinstance(back, tuple) == several
    for first, second in zip(state, back, strict=True):
        assert torch.equal(first, second)
    two.restore({})
    assert two.before(window) is None


# A small net that learns, is stopped, and goes on


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(5, 8)
        self.cells = nn.LSTM(8, 16, batch_first=True)
        self.out = nn.Linear(16, 5)

    def forward(self, inputs: Tensor, state: Any) -> tuple[Tensor, Any]:
        read, state = self.cells(self.table(inputs), state)
        return self.out(read), state


class ReaderLearner(Learner):
    def __init__(self) -> None:
        torch.manual_seed(0)
        self.net, self.carried = Reader(), Carried()
        super().__init__({"net": self.net}, {"adam": torch.optim.Adam(self.net.parameters(), 0.02)})

    def step(self, batch: Window, moment: Moment) -> Mapping[str, float]:
        logits, state = self.net(batch.inputs, self.carried.before(batch))
        self.carried.after(state)
        return {"loss": self.descend("adam", batch.loss(logits))}

    def tensors(self) -> dict[str, Tensor]:
        return super().tensors() | self.carried.tensors()

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        super().restore(tensors)
        self.carried.restore(tensors)


SYMBOLS = torch.tensor([1, 2, 3, 2] * 60)


def _training(folder: Path, resume: bool = False) -> Iterator[Event]:
    def publish(learner: ReaderLearner, path: Path) -> dict[str, Any]:
        save_weights(path / "weights.safetensors", learner.net.state_dict(), {})
        return {}

    from aigc_studio.testing import draw, write_dataset

    data = folder.parent / "data"
    if not data.exists():
        write_dataset(data, draw("text", 3)[0])
    from aigc_studio.api import Dataset

    folder.mkdir(exist_ok=True)
    request = TrainRequest(dataset=Dataset(data), steps=30, folder=folder, seed=4, resume=resume)
    stream = Stream(SYMBOLS, size=4, length=8, seed=4)
    yield from training_loop(request, ReaderLearner(), stream, publish=publish, previews=0)


def _weights(events: list[Event]) -> bytes:
    last = [event for event in events if isinstance(event, Checkpoint)][-1]
    return (last.path / "weights.safetensors").read_bytes()


def test_a_training_with_carried_state_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole = _weights(list(_training(tmp_path / "whole")))
    broken = _training(tmp_path / "broken")
    for event in broken:
        if getattr(event, "step", 0) == 10:  # in the midst of a round of seven
            break
    assert hasattr(broken, "close")
    broken.close()
    assert _weights(list(_training(tmp_path / "broken", resume=True))) == whole


def test_nats_along_a_sequence_are_those_of_reading_it_in_one_piece() -> None:
    net = ReaderLearner().net.eval()
    with torch.no_grad():
        logits, _state = net(SYMBOLS[None, :-1], None)
    wanted = nats(logits[0].double(), SYMBOLS[1:])
    for length in (7, 64, 10_000):
        found = nats_along(net, SYMBOLS, length=length)
        assert found.shape == (len(SYMBOLS) - 1,)
        assert torch.allclose(found, wanted, atol=1e-5)
    rows = nats_along(net, SYMBOLS, rows=7, length=16)
    assert rows.shape == found.shape
    assert torch.allclose(rows[:30], wanted[:30], atol=1e-5)
    assert abs(float(rows.mean() - wanted.mean())) < 0.05
    assert nats_along(net, SYMBOLS[:1]).tolist() == []


def test_tensors_are_sampled_and_measured_as_arrays_are() -> None:
    logits = torch.randn(6, 9, generator=torch.Generator().manual_seed(1))
    chances = np.linspace(0, 0.99, 6)
    drawn = sample(logits, chances, temperature=0.8, top_k=5)
    assert isinstance(drawn, Tensor)
    plain = sample(logits.numpy(), chances, temperature=0.8, top_k=5)
    assert drawn.tolist() == plain.tolist()
    targets = torch.arange(6)
    assert nats(logits, targets).tolist() == pytest.approx(
        nats(logits.numpy(), targets.numpy()).tolist(), abs=1e-5
    )
