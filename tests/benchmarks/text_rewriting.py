"""Rewriting: how expected what follows a rewritten span is, by models that did not rewrite it.

A part of `text.py`, with the model that came along and the plays it has not seen. Any model alone:
`python tests/benchmarks/text_rewriting.py --model FOLDER --learnt A.txt --held-out B.txt`. Spans of
40 characters in text that no model here has learnt are rewritten; judged are the 100 characters
behind each. Beside them stand what the same model writes there knowing only the left side, and the
true text. An n-gram (Kneser and Ney) judges always, an LSTM where `--judge` gives it minutes; both
learn the text that the model has learnt.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import torch
from rows import row, tell
from surroundings import ROOT
from text_models import folder_of, model_of, texts
from torch import nn
from torch.nn import functional as F

SPAN, BEHIND, BEFORE = 40, 100, 400
HALF_WAY = 0.5
"""The bar: so much of the way from a left-only continuation to the true text."""
WARM = 1.0
"""Seconds for four candidates of 40 characters, warm."""
JUDGED_BY = 1_500_000
"""The judges learn so many characters at most: a chain of more takes gigabytes."""
SEED = 5

Judged = Callable[[str, int], float]
"""Mean nats of a character of a text, from a place on."""


def main() -> None:
    """Measure one model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="a model folder of rnn-text")
    parser.add_argument("--learnt", required=True, help="the text that it learnt")
    parser.add_argument("--held-out", required=True, help="text that it never saw")
    parser.add_argument("--places", type=int, default=60)
    parser.add_argument("--judge", type=float, default=0.0, help="minutes to train an LSTM for")
    parser.add_argument("--show", type=int, default=0, help="so many places as a person reads them")
    chosen = parser.parse_args()
    learnt, held_out = (Path(path).read_text("utf-8") for path in (chosen.learnt, chosen.held_out))
    judges = judges_of(learnt, chosen.judge)
    measure(Path(chosen.model), held_out, judges, places=chosen.places, show=chosen.show)


def shipped(arguments: argparse.Namespace) -> None:
    """The model of plays that came along. Raises FileNotFoundError."""
    folder = folder_of(arguments.shakespeare, "shakespeare")
    between = model_of(arguments.shakespeare, "shakespeare").between
    learnt, held_out = (between.join(part) for part in texts("shakespeare"))
    measure(folder, held_out, judges_of(learnt, arguments.judge))


def judges_of(learnt: str, minutes: float) -> dict[str, Judged]:
    """Models that learnt the same text: an n-gram, and an LSTM where there are minutes for it."""
    part = learnt[:JUDGED_BY]
    found: dict[str, Judged] = {"a Kneser-Ney 6-gram": chain(part)}
    if minutes:
        found["an LSTM"] = recurrent(part, minutes * 60)
    return found


def measure(
    model: Path, held_out: str, judges: Mapping[str, Judged], *, places: int = 60, show: int = 0
) -> None:
    """Tell the rows of one model on a text that it has not seen."""
    torch.set_num_threads(1)
    found: dict[tuple[str, str], list[float]] = {}
    at = Random(SEED).sample(range(BEFORE, len(held_out) - SPAN - BEHIND), places)
    seconds = []
    for number, place in enumerate(at):
        left, right = held_out[place - BEFORE : place], held_out[place + SPAN :][:BEHIND]
        began = time.perf_counter()
        four = rewritten(model, left, held_out[place : place + SPAN], right, 4)
        seconds.append(time.perf_counter() - began)
        parts = {
            "the true text": held_out[place : place + SPAN],
            "left only": written_on(model, left, number),
            "rewritten": four[0],
        }
        for kind, part in parts.items():
            for name, judge in judges.items():
                nats = judge(left + part + right, len(left) + len(part))
                found.setdefault((name, kind), []).append(nats)
        if number < show:
            show_place(left, parts, right, four)
    for name in judges:
        tell_judged(name, {kind: found[name, kind] for kind in parts})
    what = "four rewritten candidates of 40 characters, warm"
    tell(row(what, seconds[1:] or seconds, "s", bar=WARM))


def tell_judged(name: str, found: Mapping[str, list[float]]) -> None:
    """The loss of what follows by one judge, and how far it went towards the true text's."""
    means = {kind: fmean(values) for kind, values in found.items()}
    share = (means["left only"] - means["rewritten"]) / (
        means["left only"] - means["the true text"]
    )
    what = "100 characters behind 40 rewritten ones, towards the true text's loss"
    tell(row(f"{what}, by {name}", [share], "", at_least=True, bar=HALF_WAY))
    for kind, values in found.items():
        tell(row(f"loss behind: {kind}, by {name}", values, "nats", judged="mean", peer=True))


# -- what is judged --------------------------------------------------------------------------------


def rewritten(model: Path, left: str, span: str, right: str, count: int) -> list[str]:
    """The parts that the operation makes."""
    from rnn_text.rewriting.spans import rewrite_text

    from aigc_studio.api import Candidate, EditRequest, Span, Text

    request: EditRequest = EditRequest(
        operation="rewrite",
        model=model,
        artifacts=(Text(left + span + right),),
        selections=(Span(len(left), len(left) + len(span)),),
        count=count,
        seed=SEED,
    )
    made = [each for each in rewrite_text(request) if isinstance(each, Candidate)]
    return [str(each.artifact) for each in made]


def written_on(model: Path, left: str, seed: int) -> str:
    """As many characters as a span has, written by the same model with only the left side known."""
    from rnn_text.model import open_model
    from rnn_text.rewriting.parameters import RewriteParameters
    from rnn_text.writing.pen import pen_of, write
    from rnn_text.writing.side_by_side import style_of

    opened, text = open_model(model), ""
    for page in write(
        pen_of(opened), opened.alphabet.encode(left), seed=seed, count=1, most=SPAN,
        style=style_of(RewriteParameters()), end=lambda _pieces: None, ends_itself=False,
    ):  # fmt: skip
        text = page.text(0)
    return text


def show_place(left: str, parts: Mapping[str, str], right: str, four: list[str]) -> None:
    """One place as a person reads it, on standard error."""
    sys.stderr.write(f"\n…{left[-60:]!r} | {right[:40]!r}…\n")
    for kind, part in [*parts.items(), *(("another", each) for each in four[1:])]:
        sys.stderr.write(f"  {kind:>14}: {part!r}\n")


# -- who judges ------------------------------------------------------------------------------------


def chain(learnt: str, order: int = 5) -> Judged:
    """An interpolated Kneser-Ney n-gram: the example plugin's."""
    from aigc_studio.api import Example, Text

    place = ROOT / "docs" / "plugins" / "examples" / "markov.py"
    spec = importlib.util.spec_from_file_location("markov_judge", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    counts: Any = module.Chain(order)
    counts.learn(Example(Text(learnt)))

    def judge(text: str, start: int) -> float:
        return fmean(-math.log(max(each, 1e-9)) for each in counts.chances(text, start))

    return judge


class Lstm(nn.Module):
    """A judge of its own: other cells, another width, another seed, and nothing shared."""

    def __init__(self, symbols: int, width: int = 256) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, 64)
        self.cells, self.out = nn.LSTM(64, width, batch_first=True), nn.Linear(width, symbols)

    def forward(self, symbols: torch.Tensor) -> torch.Tensor:
        """Logits (rows, n, symbols)."""
        logits: torch.Tensor = self.out(self.cells(self.embedding(symbols))[0])
        return logits


def recurrent(learnt: str, seconds: float) -> Judged:
    """An LSTM over characters, trained for so many seconds of processor time."""
    letters = sorted(set(learnt))
    numbers = {letter: number for number, letter in enumerate(letters, 1)}
    symbols = torch.tensor([numbers[each] for each in learnt])
    torch.manual_seed(7)
    net = Lstm(len(letters) + 1)
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, fused=True)
    began = time.process_time()
    while (progress := (time.process_time() - began) / seconds) < 1:
        at = torch.randint(len(symbols) - 97, (32, 1)) + torch.arange(97)
        rows = symbols[at]
        loss = F.cross_entropy(net(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        optimiser.param_groups[0]["lr"] = 3e-3 * min(1.0, (1 - progress) / 0.7)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()

    @torch.no_grad()
    def judge(text: str, start: int) -> float:
        row = torch.tensor([[numbers.get(each, 0) for each in text]])
        log = net(row[:, :-1]).log_softmax(-1).gather(-1, row[:, 1:, None])[0, :, 0]
        return -float(log[start - 1 :].mean())

    return judge


if __name__ == "__main__":
    main()
