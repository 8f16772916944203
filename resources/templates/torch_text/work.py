"""The net, and what each operation does with it."""

import copy
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from aigc_studio import api
from aigc_studio import toolkit as kit
from aigc_studio.toolkit import sequences

if TYPE_CHECKING:
    from . import Learning, Writing

START = "\n"  # stands before every text and behind it


class Writer(nn.Module):
    """A net that reads letters and says which may come next."""

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

    def write(self, text: str, length: int, heat: float, rng: Random) -> Iterator[str]:
        """The text as it grows: what is yielded is shown, the last is the result."""
        symbols = torch.from_numpy(self.known.encode(START + text))[None]
        state = None
        for _letter in range(length):
            logits, state = self(symbols, state)
            logits[..., 0] = -math.inf  # number 0 is whatever it does not know
            chances = sequences.probabilities(logits[0, -1], temperature=heat)
            number = rng.choices(range(len(chances)), chances.tolist())[0]
            text += self.known.symbols[number]
            symbols = torch.tensor([[number]])
            yield text

    def chances(self, text: str) -> Iterator[float | None]:
        """How probable each letter was; None for one that it does not know."""
        symbols = self.known.encode(START + text)
        nats = sequences.nats_along(self, symbols).tolist()
        for number, each in zip(symbols[1:], nats, strict=True):
            yield math.exp(-each) if number else None

    def fill(self, left: str, right: str, length: int, rng: Random) -> Iterator[str]:
        """Of some tries the one after which what stands right is most expected."""
        left, right, best = left[-200:], right[:20], (-math.inf, "")
        for _attempt in range(max(1, min(8, 400 // length))):
            whole = left
            for whole in self.write(left, length, 0.7, rng):
                yield best[1] or whole[len(left) :]
            found = list(self.chances(whole + right))[len(whole) :]
            fit = sum(math.log(each) if each else -10 for each in found)
            best = max(best, (fit, whole[len(left) :]))
        yield best[1]


class Learner(kit.Learner):
    """One step of learning. The loop does all the rest: checkpoints, pause, resume."""

    def step(self, batch: sequences.Window, moment: kit.Moment) -> dict[str, float]:
        writer = self.networks["writer"]
        window = batch.to(next(writer.parameters()).device)
        loss = window.loss(writer(window.inputs)[0])
        return {"loss": self.descend("adam", loss, rate=1 - moment.progress, clip=1)}


def read_model(folder: Path) -> Writer:
    return kit.load_network(folder, "new-plugin", Writer).network


MODELS = kit.OpenModels(read_model)  # the last few stay open


def learn(request: "api.TrainRequest[Learning]") -> api.Action:
    device = kit.choose_device(request)
    torch.manual_seed(request.seed)
    texts = [START + str(each.artifact) + START for each in request.dataset]
    if request.model:  # go on with a model that is there
        writer = copy.deepcopy(MODELS.open(request.model)).requires_grad_()
    else:
        known = sequences.Vocabulary.of(texts, most=1000)
        about = {"symbols": known.to_json(), "width": request.parameters.width}
        writer = Writer(about)
    writer.to(device)
    adam = torch.optim.Adam(writer.parameters(), request.parameters.rate)
    learner = Learner({"writer": writer}, {"adam": adam})
    numbers = [writer.known.encode(text) for text in texts]
    batches = sequences.Excerpts(numbers, size=32, length=128, seed=request.seed)

    def publish(_learner: Learner, folder: Path) -> dict[str, Any]:
        kit.save_network(folder, "new-plugin", writer, writer.about)
        return {}

    def sample(_learner: Learner) -> api.Text:
        reader = copy.deepcopy(writer).cpu().requires_grad_(False)
        *_others, text = reader.write("", 200, 0.7, Random(0))
        return api.Text(text)

    return kit.training_loop(request, learner, batches, publish=publish, sample=sample)


def write(request: "api.GenerateRequest[Writing]") -> api.Action:
    writer, wish = MODELS.open(request.model), request.parameters

    def written(rng: Random) -> Iterator[str]:
        return writer.write(request.prompt, wish.length, wish.heat, rng)

    return kit.candidates(request, written)


def rewrite(request: api.EditRequest) -> api.Action:
    writer, text, span = MODELS.open(request.model), request.text.value, request.span
    left, right = text[: span.start], text[span.stop :]
    length = span.stop - span.start or 30  # an empty selection: write something there

    def rewritten(rng: Random) -> Iterator[str]:
        return writer.fill(left, right, length, rng)

    return kit.candidates(request, rewritten, part=True)


def judge(request: api.EvaluateRequest) -> api.Action:
    return sequences.judge_text(request, MODELS.open(request.model).chances)
