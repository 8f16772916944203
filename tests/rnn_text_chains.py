"""Models of texts for tests: nets that know exactly what follows what, and untrained ones."""

from collections.abc import Mapping
from pathlib import Path

import torch
from rnn_text.alphabet import BEGIN, END, Alphabet
from rnn_text.model import Form, Model, open_model, save_model
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings

from aigc_studio.api import Action, Candidate

Follows = Mapping[str, Mapping[str, float]]
"""What follows each character, with its share."""
SELDOM = -9.0


def write_chain(
    folder: Path,
    follows: Follows,
    *,
    kind: str = "prose",
    between: str = "\n",
) -> Path:
    """A model folder whose net knows of each character how likely what comes next is.

    `follows` has shares by character, which need not be sums of 1; `^` stands for what a text
    begins after, `$` for the end. What is named nowhere comes once in some ten thousand times.
    """
    known = [*follows, *(after for each in follows.values() for after in each)]
    symbols = [each for each in dict.fromkeys([*known, *between]) if each not in "^$"]
    alphabet = Alphabet(symbols)
    count = len(alphabet)
    writer = Writer(WriterSettings(count, cell="tanh", width=count, embedding=count))
    numbers = {each: int(alphabet.encode(each)[0]) for each in symbols}
    numbers |= {"^": alphabet.marks[BEGIN], "$": alphabet.marks[END]}
    if kind == "prose":
        numbers["^"] = numbers[between[-1]]
    scores = torch.full((count, count), SELDOM)
    for before, after in follows.items():
        for each, share in after.items():
            scores[numbers[each], numbers[before]] = torch.tensor(share).log()
    _know(writer, scores)
    return _saved(folder, writer, alphabet, Form(kind, between))  # type: ignore[arg-type]


def _know(writer: Writer, scores: torch.Tensor) -> None:
    """A plain cell whose state is the last symbol, and an output that has the scores of it."""
    layer, output = writer.layers[0], writer.output
    assert output is not None
    with torch.no_grad():
        for each in writer.parameters():
            each.zero_()
        writer.embedding.weight.copy_(torch.eye(len(scores)))
        layer.weight_ih_l0.copy_(torch.eye(len(scores)) * 20)  # type: ignore[operator]
        output.weight.copy_(scores)


def write_untrained(
    folder: Path,
    characters: str = "\n abcdefgh.,",
    *,
    kind: str = "prose",
    cell: str = "gru",
    tied: bool = False,
    layers: int = 1,
    width: int = 24,
    shapes: tuple[str, ...] = (),
) -> Path:
    """A model folder with a net as it is drawn, made lively."""
    torch.manual_seed(0)
    alphabet = Alphabet(dict.fromkeys(characters), (BEGIN, END, *shapes))
    writer = Writer(
        WriterSettings(
            len(alphabet), cell=cell, tied=tied, layers=layers, width=width, embedding=16
        )
    )
    with torch.no_grad():
        for each in writer.parameters():
            each.add_(0.3 * torch.randn(each.shape))
    form = Form(kind, shapes=shapes)  # type: ignore[arg-type]
    return _saved(folder, writer, alphabet, form)


def opened(folder: Path) -> Model:
    """The model that was written there."""
    return open_model(folder)


def _saved(folder: Path, writer: Writer, alphabet: Alphabet, form: Form) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    save_model(folder, writer.eval(), alphabet, form)
    return folder


WORDS: Follows = {
    "\n": {"t": 0.7, "a": 0.3},
    "t": {"h": 1},
    "h": {"e": 1},
    "e": {" ": 0.6, ",": 0.3, "n": 0.1},
    "n": {" ": 1},
    "a": {" ": 1},
    " ": {"t": 0.5, "a": 0.4, "\n": 0.1},
    ",": {" ": 1},
}
"""A chain of three words: the, then, a."""
NAMES: Follows = {
    "^": {"a": 0.5, "b": 0.5},
    "a": {"n": 0.6, "$": 0.4},
    "n": {"a": 0.7, "i": 0.3},
    "b": {"a": 1},
    "i": {"$": 1},
}
"""A chain of names: a, ana, bani, …"""


def results(action: Action) -> list[Candidate]:
    """The candidates of an action."""
    return [event for event in action if isinstance(event, Candidate)]
