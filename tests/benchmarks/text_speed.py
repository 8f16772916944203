"""How fast texts are written: the first character, one text, sixteen side by side, what comes next.

Beside a bare step of torch's own cell of the same width, which has no output layer and draws
nothing. A model of the size of the shipped one is enough: what it learnt makes it no faster.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rows import Reference, row, tell
from surroundings import ROOT

if TYPE_CHECKING:
    from rnn_text.writing.pen import Numbers, Pen

WIDTH, EMBEDDING = 448, 128
CHARACTERS = "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LEFT = "KING:\nThe night is long, and they that keep the wall have seen no light since evening. "
SIDE_BY_SIDE, LENGTH = 16, 300
BARE_ONE, BARE_MANY = 0.403, 0.871
"""Milliseconds of a bare step of torch for 1 and 16 rows where the bars were set, quiet."""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--model", type=Path, help="a model folder, instead of an untrained one")
    arguments = parser.parse_args()
    sys.path.append(str(ROOT / "plugins"))
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments.model or untrained(Path(folder)), arguments.repeats)


def untrained(folder: Path) -> Path:
    """A model of the size of the shipped Shakespeare."""
    from rnn_text.alphabet import Alphabet
    from rnn_text.model import Form, save_model
    from rnn_text.network.net import Writer
    from rnn_text.settings import WriterSettings

    alphabet = Alphabet(CHARACTERS)
    writer = Writer(WriterSettings(len(alphabet), width=WIDTH, embedding=EMBEDDING))
    save_model(folder, writer, alphabet, Form())
    return folder


def measure(folder: Path, repeats: int) -> None:
    """All figures, in turn, so that what else the machine does falls on all of them."""
    from rnn_text.model import open_model
    from rnn_text.writing.pen import Pen

    pen = Pen(open_model(folder))
    alphabet = open_model(folder).alphabet
    left = alphabet.encode(LEFT)
    writing(pen, left, 1, 40)
    figures: dict[str, list[float]] = {name: [] for name in ("first", "one", "many", "pick")}
    bare: dict[int, list[float]] = {1: [], SIDE_BY_SIDE: []}
    for number in range(repeats):
        # Another left side each time: what was read before is remembered.
        figures["first"].append(first(pen, alphabet.encode(f"{'Go, ' * (number + 1)}{LEFT}")))
        figures["one"].append(writing(pen, left, 1, LENGTH))
        bare[1].append(bare_step(1))
        figures["many"].append(writing(pen, left, SIDE_BY_SIDE, LENGTH))
        bare[SIDE_BY_SIDE].append(bare_step(SIDE_BY_SIDE))
        figures["pick"].append(picking(pen, alphabet.encode(f"{LEFT}{'So ' * (number + 1)}")))
    one = Reference("a bare step of torch's cell, one row", bare[1], BARE_ONE)
    many = Reference(
        f"a bare step of torch's cell, {SIDE_BY_SIDE} rows", bare[SIDE_BY_SIDE], BARE_MANY
    )
    what = "text: from the request to the first character, a left side not read before"
    tell(row(what, figures["first"], bar=50, beside=one))
    tell(
        row(
            "text: a character, one text",
            figures["one"],
            bar=1 / 3,
            beside=one,
            note=rate(figures["one"]),
        )
    )
    what = f"text: a character, {SIDE_BY_SIDE} texts side by side"
    tell(row(what, figures["many"], bar=0.05, beside=many, note=rate(figures["many"])))
    what = "text: five words that may come next, warm"
    tell(row(what, figures["pick"], bar=50, beside=many))


def rate(values: list[float]) -> str:
    """How many characters a second the median is."""
    return f"{1000 / sorted(values)[len(values) // 2]:,.0f} characters a second"


def first(pen: Pen, left: Numbers) -> float:
    """Milliseconds to the first character after a left side."""
    from rnn_text.writing.ends import ending
    from rnn_text.writing.pen import Style, write

    began = time.perf_counter()
    pages = write(
        pen, left, seed=0, count=1, style=Style(), end=ending("length", 50), most=82
    )  # fmt: skip
    next(pages)
    return (time.perf_counter() - began) * 1000


def writing(pen: Pen, left: Numbers, count: int, length: int) -> float:
    """Milliseconds for each character of `count` texts together, all it takes included."""
    from rnn_text.writing.ends import ending
    from rnn_text.writing.pen import Style, write

    began = time.perf_counter()
    *_, page = write(
        pen, left, seed=0, count=count, style=Style(temperature=0.7, top_p=0.95),
        end=ending("length", length), most=length + 32, ends_itself=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    return seconds * 1000 / sum(len(page.text(number)) for number in range(count))


def picking(pen: Pen, left: Numbers) -> float:
    """Milliseconds to five words that may come next; all but the last few symbols were read."""
    from rnn_text.writing.picking import next_pieces

    pen.read(left[:-3])
    began = time.perf_counter()
    next_pieces(pen, left, 5)
    return (time.perf_counter() - began) * 1000


def bare_step(rows: int, steps: int = 60) -> float:
    """Milliseconds of a step of `nn.GRU` as wide as the model, nothing else."""
    import torch

    cell = torch.nn.GRU(EMBEDDING, WIDTH, batch_first=True).requires_grad_(False)
    given, state = torch.zeros(rows, 1, EMBEDDING), torch.zeros(1, rows, WIDTH)
    cell(given, state)
    began = time.perf_counter()
    with torch.inference_mode():
        for _n in range(steps):
            _output, state = cell(given, state)
    return (time.perf_counter() - began) * 1000 / steps


if __name__ == "__main__":
    main()
