"""How sure a net may be: found out on text that stands apart, and the net is scaled by it."""

from pathlib import Path
from typing import Any

import pytest
import rnn_text_examples
import torch
from rnn_text.alphabet import BEGIN, END, Alphabet
from rnn_text.model import Form
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings
from rnn_text.training import material as reading
from rnn_text.training.cuts import Cuts
from rnn_text.training.material import Material, learnt_from
from rnn_text.training.measuring import held_out_metrics, made_sure
from rnn_text.training.parameters import TrainParameters
from rnn_text.training.sureness import as_sure, fitting

from aigc_studio.api import Dataset

ALPHABET = Alphabet("abcdefgh", [BEGIN, END])


def net(**settings: Any) -> Writer:
    torch.manual_seed(1)
    found = Writer(WriterSettings(symbols=len(ALPHABET), width=16, embedding=8, **settings))
    for each in found.parameters():
        torch.nn.init.normal_(each)
    return found.eval()


def material(symbols: torch.Tensor, kind: str = "prose", rows: int = 1) -> Material:
    ends = torch.arange(1, rows + 1) * (len(symbols) // rows)
    cuts = Cuts(symbols, ends)
    return Material(ALPHABET, Form.from_json({"kind": kind}), cuts, cuts, 1, len(symbols), cuts)


@pytest.mark.parametrize(("by", "wanted"), [(1.25, 0.8), (1.0, 1.0), (4.0, 0.6), (0.5, 1.1)])
def test_logits_are_scaled_to_what_comes(by: float, wanted: float) -> None:
    torch.manual_seed(3)
    true = torch.randn(40_000, 9) * 2
    came = torch.multinomial(true.softmax(1), 1)[:, 0]
    assert fitting(true * by, came) == pytest.approx(wanted, abs=0.02)
    assert fitting(true[:0], came[:0]) == 1


def test_only_the_output_of_a_scaled_net_is_its_own() -> None:
    writer, symbols = net(), torch.randint(len(ALPHABET), (2, 7))
    scaled = as_sure(writer, 0.5)
    torch.testing.assert_close(scaled.read(symbols)[0], writer.read(symbols)[0] * 0.5)
    assert scaled.embedding is writer.embedding
    assert scaled.output is not writer.output
    assert as_sure(writer, 1) is writer
    tied = net(tied=True)
    assert as_sure(tied, 0.5) is tied


@pytest.mark.parametrize("kind", ["prose", "lines"])
def test_a_net_that_is_too_sure_is_less_surprised_afterwards(kind: str) -> None:
    writer = net()
    symbols = torch.randint(3, len(ALPHABET), (4000,)).to(torch.uint8)
    if kind == "lines":
        symbols[::20], symbols[19::20] = ALPHABET.marks[BEGIN], ALPHABET.marks[END]
    read = material(symbols, kind, 200 if kind == "lines" else 1)
    scaled = made_sure(writer, read)
    name = "nats_per_character"
    assert held_out_metrics(scaled, read)[name] < held_out_metrics(writer, read)[name] - 0.1
    assert made_sure(writer, material(symbols[:400], kind)) is writer  # too little to tell


def test_what_is_held_out_tells_it_and_else_the_end_of_a_long_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(dataset: Dataset) -> Material:
        looking = learnt_from(dataset, TrainParameters(kind="prose"), None)
        while True:
            try:
                next(looking)
            except StopIteration as end:
                found: Material = end.value
                return found

    texts = ["abcd " * 500, "dcba " * 500]
    whole = read(rnn_text_examples.write_dataset(tmp_path / "whole", texts))
    assert len(whole.apart.symbols) == len(whole.held_out.symbols) == 0
    monkeypatch.setattr(reading, "_ENOUGH", 3000)
    monkeypatch.setattr(reading, "_APART", 1000)
    long = read(rnn_text_examples.write_dataset(tmp_path / "long", texts))
    assert len(long.learnt.symbols) == len(whole.learnt.symbols) - 1000
    assert torch.equal(long.apart[0], whole.learnt[0][-1000:])
    parted = read(rnn_text_examples.write_dataset(tmp_path / "parted", texts, held_out=1))
    assert torch.equal(parted.apart[0], parted.held_out[0][:1000])
