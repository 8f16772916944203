"""What a net writes while it learns, from the same seeds every time."""

from __future__ import annotations

import torch

from aigc_studio.api import Preview, Text
from aigc_studio.toolkit.sequences import Chances, sample
from rnn_text.alphabet import BEGIN, END, Alphabet
from rnn_text.model import Form, opening
from rnn_text.network.net import State, Writer

_SEED = 1564
_HEAT = 0.8
_ROWS = {"prose": 2, "lines": 8, "verse": 4}
_LENGTH = {"prose": 240, "lines": 160, "verse": 90}
_TITLE = {"en": "Written so far", "zh": "目前写出的文字"}


def written(writer: Writer, alphabet: Alphabet, form: Form) -> Preview:
    """Some texts, one under another, in the order of the forms where it has some."""
    texts = draw(writer, alphabet, form, _ROWS[form.kind], _LENGTH[form.kind])
    between = "\n" if form.kind == "lines" else "\n\n"
    return Preview(Text(between.join(text.strip() for text in texts)), title=_TITLE)


@torch.no_grad()
def draw(writer: Writer, alphabet: Alphabet, form: Form, rows: int, length: int) -> list[str]:
    """So many texts of at most `length` symbols, from a beginning with nothing."""
    inputs = _beginnings(alphabet, form, rows)
    chances, state, found = Chances(_SEED, rows), None, list[torch.Tensor]()
    after: State | None = state
    was_training = writer.training
    writer.eval()
    for _place in range(length):
        outputs, after = writer.outputs(inputs, after)
        logits = writer.logits(outputs[:, -1])
        logits[:, 0] = -torch.inf  # never what it does not know, nor a mark within a text
        for name, number in alphabet.marks.items():
            if name != END:
                logits[:, number] = -torch.inf
        inputs = sample(logits, chances.next(), temperature=_HEAT)[:, None]
        found.append(inputs)
        if bool(torch.cat(found, 1).eq(alphabet.marks[END]).any(1).all()):
            break
    writer.train(was_training)
    return [_cut(row.tolist(), alphabet) for row in torch.cat(found, 1)]


def _beginnings(alphabet: Alphabet, form: Form, rows: int) -> torch.Tensor:
    if form.kind != "verse" or not form.shapes:
        return torch.from_numpy(opening(alphabet, form)).expand(rows, -1)
    shapes = [form.shapes[number % len(form.shapes)] for number in range(rows)]
    begin = alphabet.marks[BEGIN]
    return torch.tensor([[alphabet.marks[shape], begin] for shape in shapes])


def _cut(numbers: list[int], alphabet: Alphabet) -> str:
    end = alphabet.marks[END]
    return alphabet.decode(numbers[: numbers.index(end)] if end in numbers else numbers)
