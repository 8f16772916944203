"""Runs of symbols that are looked up beside the net: their table, how it learns, and the state."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rnn_text
import torch
from rnn_text.alphabet import Alphabet
from rnn_text.judging.scoring import nats_of_pieces
from rnn_text.model import Form, open_model, save_model
from rnn_text.network.net import Writer
from rnn_text.network.ngrams import NGrams, RowAdagrad, keys_of
from rnn_text.network.stepping import Steps
from rnn_text.rewriting.weighing import state_after, weighed
from rnn_text.settings import WriterSettings
from rnn_text.training.runs import frequent_runs
from rnn_text.training.step import Recipe, WriterStep
from rnn_text.writing.ends import ending
from rnn_text.writing.pen import Pen, Style, write
from rnn_text_chains import results

from aigc_studio.api import EditRequest, Span, Text
from aigc_studio.toolkit import Moment, load_weights, save_network
from aigc_studio.toolkit.sequences import Window

TEXT = torch.randint(1, 11, (400,), generator=torch.Generator().manual_seed(3))


def writer(**settings: Any) -> Writer:
    runs = frequent_runs(TEXT.repeat(10), 4)
    chosen: dict[str, Any] = {"symbols": 11, "width": 12, "embedding": 6, "ngrams": 4} | settings
    torch.manual_seed(1)
    net = Writer(WriterSettings(runs=len(runs), **chosen))
    assert net.ngrams is not None
    net.ngrams.keys.copy_(runs)
    net.ngrams.table.normal_()
    return net


def test_a_run_is_known_by_its_symbols_and_no_others() -> None:
    window = torch.tensor([[1, 2, 3, 4, 5], [9, 9, 3, 4, 5]])
    pairs, threes, fours = keys_of(window, 4)
    assert torch.equal(pairs[0], pairs[1])
    assert threes[0, 0] != threes[1, 0]
    assert threes[0, 1] == threes[1, 1]
    assert fours[0, 1] != fours[1, 1]
    again = keys_of(window.numpy(), 4)
    for one, two in zip(again, (pairs, threes, fours), strict=True):
        assert np.array_equal(one, two.numpy())


def test_all_runs_of_an_alphabet_have_keys_of_their_own() -> None:
    every = torch.cartesian_prod(*[torch.arange(1, 24)] * 4)
    keys = torch.cat([each.flatten() for each in keys_of(every, 4)])
    assert len(set(keys.tolist())) == 23**2 + 23**3 + 23**4


def test_runs_that_stand_there_often_are_looked_up() -> None:
    text = torch.tensor([1, 2, 3] * 10 + [4, 5, 6])
    pairs = {tuple(pair.tolist()): int(keys_of(pair[None], 2)[0]) for pair in text.unfold(0, 2, 1)}
    assert frequent_runs(text, 2).tolist() == sorted([pairs[1, 2], pairs[2, 3]])
    assert len(frequent_runs(text, 0)) == 0
    assert len(frequent_runs(text[:1], 5)) == 0
    assert len(frequent_runs(text.to(torch.uint8), 5)) == 3


@pytest.mark.parametrize("cell", ["gru", "lstm", "tanh"])
@pytest.mark.parametrize("layers", [1, 2])
def test_reading_on_remembers_the_symbols_read_last(cell: str, layers: int) -> None:
    net = writer(cell=cell, layers=layers).eval()
    symbols = torch.randint(11, (2, 9))
    whole, end = net.read(symbols)
    first, state = net.read(symbols[:, :2])
    rest, after = net.read(symbols[:, 2:], state)
    torch.testing.assert_close(torch.cat([first, rest], 1), whole)
    assert torch.equal(after[-1], symbols[None, :, -3:])
    assert torch.equal(end[-1], after[-1])


@pytest.mark.parametrize("cell", ["gru", "lstm", "tanh"])
def test_a_symbol_at_a_time_says_the_same_however_many_rows_there_are(cell: str) -> None:
    net = writer(cell=cell, layers=2).eval()
    symbols = torch.randint(11, (5, 9))
    steps = Steps(net)
    state, alone = steps.start(5), steps.start(1)
    for place in range(9):
        outputs, state = steps.advance(symbols[:, place].numpy(), state)
        one, alone = steps.advance(symbols[:1, place].numpy(), alone)
    assert np.array_equal(outputs[:1], one)
    wanted = net.read(symbols)[0][:, -1].detach().numpy()
    np.testing.assert_allclose(steps.logits(outputs), wanted, atol=0.01)


def test_a_part_of_the_runs_is_left_out_in_training_alone() -> None:
    torch.manual_seed(1)
    window = torch.tensor([[1, 2, 3]]).repeat(40, 1)
    found = NGrams(3, 2, 5)
    found.keys.copy_(torch.cat([each.flatten() for each in keys_of(window[:1], 3)]).sort()[0])
    found.table.fill_(1.0)
    found.dropout = 0.5
    assert set(found.train()(window).flatten().tolist()) == {0.0, 2.0, 4.0}
    assert found.eval()(window).flatten().tolist() == [2.0] * 200
    assert not found(window.flip(1)).any()


def test_rows_that_were_not_met_stay_and_the_others_step_by_what_they_have_seen() -> None:
    window = torch.tensor([[1, 2]])
    found = NGrams(2, 3, 3)
    found.keys.copy_(int(keys_of(window, 2)[0]) + torch.tensor([-1, 0, 1]))
    table = found.table.requires_grad_()
    optimiser = RowAdagrad([table], 0.1)
    for _time in range(2):
        optimiser.zero_grad()
        found(window).backward(torch.tensor([[[1.0, 2.0, 2.0]]]))
        optimiser.step()
    wanted = torch.zeros(3, 3)  # the mean square is 3 each time
    wanted[1] = -0.1 * (1 / 3**0.5 + 1 / 6**0.5) * torch.tensor([1.0, 2.0, 2.0])
    torch.testing.assert_close(table.detach(), wanted)


def test_dense_gradients_change_the_same_rows_as_sparse_ones() -> None:
    tables = [torch.zeros(8, 2, requires_grad=True) for _each in range(2)]
    gradient = torch.zeros(8, 2)
    gradient[3] = torch.tensor([1.0, -2.0])
    tables[0].grad, tables[1].grad = gradient, gradient.to_sparse(1)
    for table in tables:
        RowAdagrad([table], 0.1).step()
    assert torch.equal(*tables)
    assert tables[0][3].tolist() == pytest.approx([-0.1 / 2.5**0.5, 0.2 / 2.5**0.5])


def test_the_average_has_the_table_of_the_net_and_all_is_taken_up_again() -> None:
    def trainee() -> WriterStep:
        return WriterStep(writer().train(), Recipe(size=2, length=4))

    def learn(learner: WriterStep, step: int) -> None:
        torch.manual_seed(step)
        read = torch.randint(1, 11, (2, 5))
        window = Window(read[:, :-1], read[:, 1:], torch.zeros(2, dtype=torch.bool), 8.0)
        learner._learn(window, Moment(step, 9, step / 9, torch.Generator()), {})
        learner.average.update(step)

    first, second = trainee(), trainee()
    learn(first, 0)
    assert first.average.network.ngrams is not None
    assert first.writer.ngrams is not None
    assert first.average.network.ngrams.table is first.writer.ngrams.table
    second.restore({name: each.clone() for name, each in first.tensors().items()})
    for learner in (first, second):
        learn(learner, 1)
    one, other = first.tensors(), second.tensors()
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert "optimiser/ngrams/0/squares" in one


@pytest.mark.parametrize("width", [6, 7])
def test_a_file_has_the_table_in_an_eighth_of_its_size(tmp_path: Path, width: int) -> None:
    alphabet = Alphabet("abcdefgh", ["begin", "end"])
    net = writer(symbols=11, embedding=width)
    assert net.ngrams is not None
    save_model(tmp_path, net, alphabet, Form())
    kept, about = load_weights(tmp_path / "weights.safetensors")
    assert about["settings"]["packed"]
    assert kept["ngrams.levels"].dtype == torch.uint8
    assert kept["ngrams.levels"].shape[1] == (width + 1) // 2
    assert "ngrams.table" not in kept
    assert not net.settings.packed  # the one that is still learning stays as it is
    found = open_model(tmp_path).writer
    assert found.settings == net.settings
    assert found.ngrams is not None
    assert not found.ngrams.training
    step = net.ngrams.table.abs().amax(1, keepdim=True) / 7
    off = (found.ngrams.table - net.ngrams.table).abs() / step
    assert float(off.max()) < 0.51
    save_model(tmp_path / "again", found, alphabet, Form())
    again, _about = load_weights(tmp_path / "again" / "weights.safetensors")
    assert all(torch.equal(kept[name], again[name]) for name in kept)


def test_a_file_from_before_tables_were_packed_opens(tmp_path: Path) -> None:
    alphabet, net = Alphabet("abcdefgh", ["begin", "end"]), writer(symbols=11)
    settings = asdict(net.settings)
    del settings["packed"]
    about = {"settings": settings, "alphabet": alphabet.to_json(), "form": asdict(Form())}
    save_network(tmp_path, "rnn-text", net, about)
    found = open_model(tmp_path).writer
    assert found.ngrams is not None
    assert net.ngrams is not None
    assert torch.equal(found.ngrams.table, net.ngrams.table.half().float())


def test_a_net_without_runs_is_what_it_was() -> None:
    settings = WriterSettings(symbols=11, width=12, embedding=6)
    assert settings.ngrams == 0
    net = Writer(settings)
    assert not any("ngrams" in name for name in net.state_dict())
    assert net.read(torch.zeros(1, 3, dtype=torch.int64))[1].shape == (1, 1, 12)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "settings", [{"ngrams": 1, "runs": 5}, {"ngrams": 9, "runs": 5}, {"ngrams": 4}, {"runs": 5}]
)
def test_tables_that_cannot_be_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        WriterSettings(symbols=5, **settings)


# -- what a person does with it --------------------------------------------------------------------

AFTER = {"\n春": "风", "春风": "雨", "风雨": "风", "雨风": "春", "风春": "风"}
"""What follows two characters: 风 is followed by what did not stand before it."""


def write_pairs(folder: Path) -> Path:
    """A model folder whose net knows nothing but what follows two characters."""
    alphabet = Alphabet("\n春风雨")
    runs = torch.stack([torch.from_numpy(alphabet.encode(pair)) for pair in AFTER])
    keys, order = keys_of(runs, 2)[0][:, 0].sort()
    count = len(AFTER)
    shape = WriterSettings(
        len(alphabet), cell="tanh", width=count, embedding=count, ngrams=2, runs=count
    )
    net = Writer(shape).eval()
    assert net.ngrams is not None
    assert net.output is not None
    for each in net.parameters():
        torch.nn.init.zeros_(each)
    net.ngrams.keys.copy_(keys)
    net.ngrams.table.copy_(torch.eye(count))
    with torch.no_grad():
        net.layers[0].weight_ih_l0.copy_(20 * torch.eye(count))  # type: ignore[operator]
        net.output.bias.fill_(-9)
        for row, pair in enumerate(order.tolist()):
            follows = int(alphabet.encode(list(AFTER.values())[pair])[0])
            net.output.weight[follows, row] = 9
    folder.mkdir()
    save_model(folder, net, alphabet, Form("prose", "\n"))
    return folder


def test_what_was_read_last_is_carried_by_writing_picking_rewriting_and_explaining(
    tmp_path: Path,
) -> None:
    model = open_model(write_pairs(tmp_path / "m"))
    pen, encode = Pen(model), model.alphabet.encode
    *_, page = write(
        pen, encode("春风"), seed=1, count=3, style=Style(guard=False), end=ending("length", 8),
        most=8, ends_itself=False,
    )  # fmt: skip
    assert [page.text(number) for number in range(3)] == ["雨风春风雨风春风"] * 3
    for text, likely in (("春风", "雨"), ("春风雨风", "春")):
        asked = EditRequest(
            operation="pick", model=tmp_path / "m", artifacts=(Text(text),), count=1,
            selections=(Span(len(text), len(text)),),
        )  # fmt: skip
        (found,) = results(rnn_text.edit(asked))
        assert str(found.artifact) == likely
        assert found.probability == pytest.approx(1, abs=1e-3)
    right, wrong = (list(nats_of_pieces(model, text)) for text in ("春风雨风春", "春风雨风雨"))
    assert max(each for each in right[1:] if each is not None) < 0.01
    assert (wrong[-1] or 0) > 5
    drafts = [encode("雨风"), encode("春风")]
    known = state_after(model.writer, encode("\n春"))
    for state in (None, known):
        one, other = weighed(model.writer, encode("\n春风"), drafts, encode("春"), state=state)
        assert one.written.sum() + one.followed.sum() > other.written.sum() + 5
