"""How unexpected each symbol of a text is to a model, many side by side, however long the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from rnn_text.alphabet import BEGIN, END
from rnn_text.model import Model
from rnn_text.writing.prompts import read

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Nats = np.ndarray[Any, np.dtype[np.float64]]

BLOCK, BEFORE = 1024, 256
"""Symbols of a long row that are looked at together, and those before them that are read again:
what stands still farther before has long been forgotten."""
_SIDE_BY_SIDE, _LOGITS = 8, 512
_FULL_STOPS = ("，", "。")
NOBODY = -1
"""The owner of a symbol that stands for nothing in the text."""


@dataclass(frozen=True)
class Row:
    """Symbols that are read one after another, int64 (n,), and to which piece of the text each
    belongs (`owners`, int64 (n,), `NOBODY` for none). The first is never looked at: nothing stands
    before it."""

    numbers: Numbers
    owners: Numbers


def rows_of(model: Model, text: str) -> tuple[list[Row], list[str]]:
    """A text as a model of this kind reads it, and its pieces, which joined are the text.

    What the alphabet lacks is read as what is most like it; what is like nothing is left out.
    """
    pieces = model.alphabet.pieces(text)
    near: dict[str, Numbers] = {}
    for piece in set(pieces) if pieces else ():
        found = model.alphabet.encode(read(piece, model.alphabet).text)
        near[piece] = found[found != 0]
    begin = np.array([model.alphabet.marks[BEGIN]], np.int64)
    if model.kind == "lines" and "\n" in model.alphabet:  # its examples have several lines
        return [_row(begin, pieces, near)], pieces
    if model.kind == "lines":
        return _lines(model, pieces, near), pieces
    if model.kind == "verse":
        return [_poem(model, pieces, near)], pieces
    return [_row(model.opening, pieces, near)], pieces


def example_row(model: Model, text: str) -> Row:
    """A text as it would be learnt: an example to its END, or running text; what the alphabet lacks
    is the unknown symbol. All but the beginning has an owner, the number of its symbol."""
    marks, found = model.alphabet.marks, model.alphabet.encode(text)
    if model.kind == "prose":
        numbers = np.concatenate([model.opening, found])
    else:
        numbers = np.concatenate([[marks[BEGIN]], found, [marks[END]]])
    begins = len(numbers) - len(found) - (model.kind != "prose")
    owners = np.concatenate([np.full(begins, NOBODY), np.arange(len(numbers) - begins)])
    return Row(numbers.astype(np.int64), owners)


def _row(opening: Numbers, pieces: Sequence[str], near: dict[str, Numbers], first: int = 0) -> Row:
    found = [near[piece] for piece in pieces]
    counts = [len(each) for each in found]
    owners = np.repeat(np.arange(first, first + len(pieces)), counts)
    before = np.full(len(opening), NOBODY)
    return Row(np.concatenate([opening, *found]), np.concatenate([before, owners]))


def _lines(model: Model, pieces: Sequence[str], near: dict[str, Numbers]) -> list[Row]:
    """Each line from BEGIN to END, which belongs to the break behind it."""
    begin, end = (np.array([model.alphabet.marks[name]], np.int64) for name in (BEGIN, END))
    rows, first = [], 0
    breaks = [n for n, piece in enumerate(pieces) if "\n" in piece]
    for stop in [*breaks, len(pieces)]:
        row = _row(begin, pieces[first:stop], near, first)
        if stop < len(pieces):
            row = Row(np.append(row.numbers, end), np.append(row.owners, stop))
        rows.append(row)
        first = stop + 1
    return rows


def _poem(model: Model, pieces: Sequence[str], near: dict[str, Numbers]) -> Row:
    """A poem; lines that end without a sign are read as if they had one, as in all that is known
    of verse."""
    stops = [model.alphabet.encode(each) for each in _FULL_STOPS]
    begin = np.array([model.alphabet.marks[BEGIN]], np.int64)
    numbers, owners = [begin], [np.array([NOBODY])]
    line = 0
    for place, piece in enumerate(pieces):
        if piece.strip():
            found = near[piece]
            numbers.append(found)
            owners.append(np.full(len(found), place))
            line += any(piece == each for each in _FULL_STOPS)
        elif "\n" in piece and place and pieces[place - 1].isalpha() and stops[0].all():
            numbers.append(stops[line % 2])
            owners.append(np.array([NOBODY]))
            line += 1
    return Row(np.concatenate(numbers), np.concatenate(owners))


def nats_of_rows(model: Model, rows: Iterable[Row]) -> Iterator[tuple[Numbers, Nats]]:
    """For a row, or a block of a long one, after the other: owners (n,) and nats (n,), float64."""
    blocks = (block for row in rows for block in _blocks(row))
    while some := list(islice(blocks, _SIDE_BY_SIDE)):
        yield from zip((owners for _n, owners in some), _nats_of(model, some), strict=True)


def _blocks(row: Row) -> Iterator[tuple[Numbers, Numbers]]:
    """Symbols to read, and the owners of so many of the last of them."""
    for start in range(1, max(len(row.numbers), 2), BLOCK):
        stop = min(start + BLOCK, len(row.numbers))
        yield row.numbers[max(0, start - BEFORE) : stop], row.owners[start:stop]


@torch.no_grad()
def _nats_of(model: Model, blocks: Sequence[tuple[Numbers, Numbers]]) -> list[Nats]:
    length = max(len(numbers) for numbers, _owners in blocks)
    inputs = torch.zeros(len(blocks), length, dtype=torch.int64)
    for row, (numbers, _owners) in enumerate(blocks):
        inputs[row, : len(numbers)] = torch.from_numpy(numbers)
    outputs, _state = model.writer.outputs(inputs)
    found = []
    for row, (numbers, owners) in enumerate(blocks):
        stop = len(numbers) - 1
        seen = outputs[row, stop - len(owners) : stop]
        wanted = inputs[row, len(numbers) - len(owners) : len(numbers)]
        parts = [
            _cross(model, *each)
            for each in zip(torch.split(seen, _LOGITS), torch.split(wanted, _LOGITS), strict=True)
        ]
        found.append(torch.cat(parts).double().numpy() if len(owners) else np.zeros(0))
    return found


def _cross(model: Model, seen: Tensor, wanted: Tensor) -> Tensor:
    return F.cross_entropy(model.writer.logits(seen), wanted, reduction="none")


def nats_of_pieces(model: Model, text: str) -> Iterator[float | None]:
    """How unexpected each piece of a text is after those before it: nats; None where the model
    cannot read it."""
    rows, pieces = rows_of(model, text)
    said, waiting, sum_ = 0, -1, 0.0
    for owners, nats in nats_of_rows(model, rows):
        for owner, each in zip(owners.tolist(), nats.tolist(), strict=True):
            if owner == NOBODY:
                continue
            if owner != waiting:
                if waiting >= 0:
                    yield sum_
                    said = waiting + 1
                for _piece in range(said, owner):
                    yield None
                said, waiting, sum_ = owner, owner, 0.0
            sum_ += each
    if waiting >= 0:
        yield sum_
        said = waiting + 1
    for _piece in range(said, len(pieces)):
        yield None
