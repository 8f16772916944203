"""The net, and what each operation does with it.

A tune is a line of words, one for each note: its pitch and how many sixteenths pass
until the next one begins ("67 2").
"""

import copy
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from aigc_studio import api
from aigc_studio import toolkit as kit
from aigc_studio.toolkit import sequences

if TYPE_CHECKING:
    from . import Composing, Learning

START = "start"  # stands before every tune and behind it
Words = list[str]


def words_of(tune: api.Melody, start: int = 0, stop: int | None = None) -> Words:
    """The notes of a tune that begin in these ticks, as words."""
    notes, unit = sequences.line(tune), tune.ticks_per_quarter / 4
    ends = [note.start for note in notes[1:]] + [tune.length]
    return [
        f"{note.pitch} {max(1, min(32, round((end - note.start) / unit)))}"
        for note, end in zip(notes, ends, strict=True)
        if start <= note.start < (tune.length if stop is None else stop)
    ]


def sixteenths(words: Words) -> int:
    """How long it takes to play them."""
    return sum(int(word.split()[1]) for word in words)


def notes_of(words: Words, unit: int, length: int) -> tuple[api.Note, ...]:
    """Words as notes, up to so many ticks; a unit is the ticks of a sixteenth."""
    begins = [unit * sixteenths(words[:number]) for number in range(len(words) + 1)]
    return tuple(
        api.Note(start, min(stop, length) - start, int(word.split()[0]))
        for word, (start, stop) in zip(words, pairwise(begins), strict=True)
        if start < length
    )


class Composer(nn.Module):
    """A net that reads words and says which may come next."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        super().__init__()
        self.about = dict(about)  # all that is needed to build it again
        self.known = sequences.Vocabulary.from_json(about["symbols"])
        count, width = len(self.known), about["width"]
        self.embedding = nn.Embedding(count, width)
        self.layer = nn.GRU(width, width, batch_first=True)
        self.output = nn.Linear(width, count)

    def forward(
        self, symbols: Tensor, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Logits (rows, n, count) for what follows each symbol (rows, n), and the state."""
        flow, state = self.layer(self.embedding(symbols), state)
        return self.output(flow), state

    def compose(
        self, before: Words, length: int, heat: float, rng: Random
    ) -> Iterator[Words]:
        """Words for so many sixteenths, as they grow, after those before them."""
        made: Words = []
        symbols = torch.from_numpy(self.known.encode([START, *before]))[None]
        state = None
        while sixteenths(made) < length:
            logits, state = self(symbols, state)
            logits[..., :2] = -math.inf  # what it does not know, and the end
            if not torch.isfinite(logits[0, -1]).any():  # it has learnt from no notes
                return
            chances = sequences.probabilities(logits[0, -1], temperature=heat)
            number = rng.choices(range(len(chances)), chances.tolist())[0]
            made = [*made, self.known.symbols[number]]
            symbols = torch.tensor([[number]])
            yield made

    def nats(self, words: Words) -> Tensor:
        """How unexpected each word is after those before it."""
        numbers = self.known.encode([START, *words])
        return sequences.nats_along(self, numbers)

    def fill(
        self, before: Words, after: Words, length: int, rng: Random
    ) -> Iterator[Words]:
        """Of some tries the one after which what follows is most expected."""
        before, after = before[-64:], after[:8]
        best: tuple[float, Words] = (math.inf, [])
        for _attempt in range(max(1, min(8, 400 // length))):
            made: Words = []
            for made in self.compose(before, length, 0.9, rng):
                yield best[1] or made
            whole = self.nats([*before, *made, *after])
            best = min(best, (float(whole[len(before) + len(made) :].sum()), made))
        yield best[1]


class Learner(kit.Learner):
    """One step of learning. The loop does all the rest: checkpoints, pause, resume."""

    def step(self, batch: sequences.Window, moment: kit.Moment) -> dict[str, float]:
        composer = self.networks["composer"]
        window = batch.to(next(composer.parameters()).device)
        loss = window.loss(composer(window.inputs)[0])
        return {"loss": self.descend("adam", loss, rate=1 - moment.progress, clip=1)}


def read_model(folder: Path) -> Composer:
    return kit.load_network(folder, "new-plugin", Composer).network


MODELS = kit.OpenModels(read_model)  # the last few stay open


def lines_of(dataset: api.Dataset) -> list[Words]:
    """All tunes of a dataset as words, with their beginnings and ends."""
    tunes = (each.artifact for each in dataset)
    found = [words_of(each) for each in tunes if isinstance(each, api.Melody)]
    return [[START, *words, START] for words in found]


def learn(request: "api.TrainRequest[Learning]") -> api.Action:
    device = kit.choose_device(request)
    torch.manual_seed(request.seed)
    lines = lines_of(request.dataset)
    if request.model:  # go on with a model that is there
        composer = copy.deepcopy(MODELS.open(request.model)).requires_grad_()
    else:
        known = sequences.Vocabulary.of(lines, marks=[START], most=1000)
        about = {"symbols": known.to_json(), "width": request.parameters.width}
        composer = Composer(about)
    composer.to(device)
    adam = torch.optim.Adam(composer.parameters(), request.parameters.rate)
    learner = Learner({"composer": composer}, {"adam": adam})
    numbers = [composer.known.encode(line) for line in lines]
    batches = sequences.Excerpts(numbers, size=32, length=64, seed=request.seed)

    def publish(_learner: Learner, folder: Path) -> dict[str, Any]:
        kit.save_network(folder, "new-plugin", composer, composer.about)
        return {}

    def sample(_learner: Learner) -> api.Melody:
        reader = copy.deepcopy(composer).cpu().requires_grad_(False)
        words: Words = []
        for words in reader.compose([], 64, 0.9, Random(0)):
            pass
        return api.Melody(notes_of(words, 120, 64 * 120), length=64 * 120)

    return kit.training_loop(request, learner, batches, publish=publish, sample=sample)


def compose(request: "api.GenerateRequest[Composing]") -> api.Action:
    composer, wish = MODELS.open(request.model), request.parameters
    tune = api.Melody(length=wish.bars * 16 * 120)

    def composed(rng: Random) -> Iterator[api.Melody]:
        yield tune
        for words in composer.compose([], wish.bars * 16, wish.heat, rng):
            yield replace(tune, notes=notes_of(words, 120, tune.length))

    return kit.candidates(request, composed)


def recompose(request: api.EditRequest) -> api.Action:
    composer, tune, bars = MODELS.open(request.model), request.melody, request.bars
    part, (start, stop) = tune.part(bars), tune.ticks(bars)
    before, after = words_of(tune, 0, start), words_of(tune, stop)
    unit = max(1, tune.ticks_per_quarter // 4)

    def recomposed(rng: Random) -> Iterator[api.Melody]:
        for words in composer.fill(before, after, math.ceil(part.length / unit), rng):
            yield replace(part, notes=notes_of(words, unit, part.length))

    return kit.candidates(request, recomposed, part=True)


def judge(request: api.EvaluateRequest) -> api.Action:
    """How expected the notes of other tunes are: nats, the fewer the better."""
    assert request.dataset is not None  # only operations with artifacts=1 get none
    composer, found = MODELS.open(request.model), list[float]()
    for number, line in enumerate(lines_of(request.dataset)):
        found += composer.nats(line[1:]).tolist()
        yield api.Progress(number + 1, len(request.dataset))
    if not found:
        raise api.GeneratorError(
            "There are no notes in these tunes: choose other data.",
            zh="这些旋律里没有音符：请选择其他数据。",
            parameter="dataset",
        )
    yield api.Metric("nats_per_note", sum(found) / len(found))
