"""What a net is measured on beside its training, and how sure it may be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.toolkit.sequences import IGNORED, nats_along
from rnn_text.alphabet import BEGIN
from rnn_text.model import Form
from rnn_text.network.net import Writer
from rnn_text.training.cuts import Cuts
from rnn_text.training.material import Material
from rnn_text.training.step import WriterStep
from rnn_text.training.sureness import as_sure, fitting
from rnn_text.training.windows import LONGEST, told_by

_ROWS = 64
_WINDOW, _BEFORE = 256, 32
"""Symbols of running text that are read side by side, and the first of them, which do not count."""
_FEWEST = 1500
"""Of fewer symbols it is not found out how sure a net may be."""


def made_sure(writer: Writer, material: Material) -> Writer:
    """The net as it is to be used: as sure as it may be of text that it has not learnt."""
    found = writer
    if writer.output is not None and (told := _apart(writer, material)) is not None:
        found = as_sure(writer, fitting(*told))
    return found


def finished(trainee: WriterStep, material: Material) -> Writer:
    """The net of a trainee as it is kept; one that only learnt to rewrite writes as it did."""
    if trainee.finished is None:
        writer = trainee.average.network
        trainee.finished = writer if trainee.recipe.only_right else made_sure(writer, material)
    return trainee.finished


@torch.no_grad()
def _apart(writer: Writer, material: Material) -> tuple[Tensor, Tensor] | None:
    """Logits and what came, of text that is not learnt; None where there is too little."""
    if material.form.kind != "prose":
        rows = [material.apart[place] for place in range(min(len(material.apart), 2 * _ROWS))]
        told = _told_of(writer, rows, material.alphabet.marks[BEGIN]) if rows else None
        return told if told is not None and len(told[1]) >= _FEWEST else None
    symbols = material.apart.symbols.long()
    if len(symbols) < _FEWEST:
        return None
    rows_read = symbols[: len(symbols) // _WINDOW * _WINDOW].view(-1, _WINDOW)
    logits, _state = writer.read(rows_read)
    return logits[:, _BEFORE:-1].flatten(0, 1), rows_read[:, _BEFORE + 1 :].flatten()


@torch.no_grad()
def nats_of(writer: Writer, symbols: Cuts, form: Form, begin: int) -> float:
    """The sum of nats of texts, each symbol after the first by those before it; examples are told
    nothing but that they BEGIN."""
    if form.kind == "prose":
        return float(nats_along(writer.read, symbols.symbols, rows=32).sum())
    order = sorted(range(len(symbols)), key=lambda place: len(symbols[place]))
    total = 0.0
    for start in range(0, len(order), _ROWS):
        rows = [symbols[place] for place in order[start : start + _ROWS]]
        logits, wanted = _told_of(writer, rows, begin)
        total += float(F.cross_entropy(logits, wanted, reduction="sum"))
    return total


def _told_of(writer: Writer, rows: Sequence[Tensor], begin: int) -> tuple[Tensor, Tensor]:
    """What a writer expects at each place of examples, logits (n, symbols), and what came there."""
    told = told_by(begin)
    rows = [row[max(0, told(row) - 1) :][: 4 * LONGEST] for row in rows]
    length = max(map(len, rows))
    read = torch.zeros(len(rows), length, dtype=torch.int64)
    wanted = torch.full((len(rows), length), IGNORED)
    for number, row in enumerate(rows):
        read[number, : len(row)] = row
        wanted[number, : len(row) - 1] = row[1:]
    outputs, _state = writer.outputs(read)
    learnt = wanted != IGNORED
    return writer.logits(outputs[learnt]), wanted[learnt]


def held_out_metrics(writer: Writer, material: Material) -> dict[str, float]:
    """Nats and bits a character of what is held out; the END of an example counts as one."""
    if not len(material.held_out.symbols):
        return {}
    begin = material.alphabet.marks[BEGIN]
    nats = nats_of(writer, material.held_out, material.form, begin)
    ends = 0 if material.form.kind == "prose" else len(material.held_out)
    each = nats / max(1, material.held_out_characters + ends)
    return {"nats_per_character": each, "bits_per_character": each / math.log(2)}
