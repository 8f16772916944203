"""What each operation does with the net."""

import copy
import re
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from aigc_studio import api
from aigc_studio import toolkit as kit
from aigc_studio.toolkit import sequences

from .lookup import lexicon, look_up
from .network import END, WORDS, Translator

ID = "translate"
PAIR, MOST = 400, 2000
"""Characters of a pair that is learnt from, and of a text that is translated, at most."""
SENTENCES = re.compile(r"(?:[^.!?。！？\n]|[.!?](?!\s)){1,200}[.!?。！？]*|\s+|.", re.DOTALL)
MODELS = kit.OpenModels(lambda folder: kit.load_network(folder, ID, Translator))


def pairs_of(dataset: api.Dataset, column: str, backwards: bool) -> list[tuple[str, str]]:
    pairs = sequences.read_pairs(dataset, column)
    return [(answer, text) if backwards else (text, answer) for text, answer in pairs]


class Learner(kit.Learner):
    def step(self, batch: tuple[Tensor, ...], moment: kit.Moment) -> dict[str, float]:
        net: Any = self.networks["net"].train()
        source, lengths, heard, wanted, there = batch
        chances = net(heard, source, net.read(source, lengths))[0]
        loss = -chances.gather(2, wanted[..., None])[..., 0][there].clamp(min=1e-9).log().mean()
        rate = min(1.0, 1.5 * (1 - moment.progress))
        return {"nats_per_piece": self.descend("adam", loss, rate=rate, clip=1.0)}


def batches_of(net: Translator, pairs: list[tuple[str, str]], seed: int) -> kit.Batches[Any]:
    """Texts, their lengths, answers as they are heard and as they go on, and where there are."""
    rows = [[torch.tensor(net.encode(side)) for side in pair] for pair in pairs]

    def fetch(chosen: Tensor) -> tuple[Tensor, ...]:
        columns = list(zip(*(rows[n] for n in chosen.tolist()), strict=True))
        source, wanted = (pad_sequence(list(column), True) for column in columns)
        lengths, ends = (torch.tensor([len(row) for row in column]) for column in columns)
        heard = torch.cat([torch.full_like(wanted[:, :1], net.known[END]), wanted[:, :-1]], 1)
        return source, lengths, heard, wanted, torch.arange(wanted.shape[1]) < ends[:, None]

    return kit.Batches(len(rows), 32, seed, fetch)


def learn(request: api.TrainRequest) -> api.Action:
    kit.choose_device(request)
    torch.manual_seed(request.seed)
    wish = request.parameters
    pairs = pairs_of(request.dataset, wish.column, wish.backwards)
    pairs = [pair for pair in pairs if len("".join(pair)) <= PAIR] or pairs[:1]
    # All before the first yield: torch takes seconds over the first optimiser.
    opened = MODELS.open(request.model) if request.model else None
    about = dict(opened.about) if opened else about_of(pairs, wish)
    net = copy.deepcopy(opened.network).requires_grad_() if opened else Translator(about)
    learner = Learner({"net": net}, {"adam": torch.optim.Adam(net.parameters(), 3e-3)})

    def publish(_learner: Learner, folder: Any) -> dict[str, Any]:
        kit.save_network(folder, ID, net, {k: v for k, v in about.items() if k != "kind"})
        return {"architecture": {"symbols": len(net.known), "width": about["width"]}}

    def sample(_learner: Learner) -> api.Text:
        net.eval()
        told = (
            f"{text} → {answer(net, text, 30)}" for text, _right in pairs[:: len(pairs) // 2 + 1]
        )
        return api.Text("\n".join(told))

    batches = batches_of(net, pairs, request.seed)
    yield from kit.training_loop(request, learner, batches, publish=publish, sample=sample)


def about_of(pairs: list[tuple[str, str]], wish: Any) -> dict[str, Any]:
    """What a net for these pairs is made of, and the dictionary that it is measured by."""
    words = [(WORDS.findall(one), WORDS.findall(other)) for one, other in pairs]
    letters = {letter for pair in pairs for side in pair for letter in side}
    marks = (END, *sorted(letters - {END, sequences.UNKNOWN}))
    sides = (side for pair in words for side in pair)
    known = sequences.Vocabulary.of(sides, marks=marks, least=3, most=4000)
    told = {"width": wish.width, "column": wish.column, "backwards": wish.backwards}
    return {**told, "symbols": known.to_json(), "lexicon": lexicon(words[:1000])}


class Piece(NamedTuple):
    """What was said, at which piece of the text the net looked then, and how likely it was."""

    said: str
    looked: int
    chance: float


@torch.no_grad()
def speak(
    net: Translator, text: str, heat: float = 0.0, rng: Random | None = None
) -> Iterator[Piece]:
    """The likeliest piece each time, or at a temperature one that is drawn. What the net has no
    symbol for is copied from where it looks."""
    pieces, source = net.pieces(text), torch.tensor([net.encode(text)])
    read, states, heard = net.read(source, torch.tensor([source.shape[1]])), (None, None), END
    for _n in range(2 * len(pieces) + 20):
        every, looks, states = net(torch.tensor([[net.known[heard]]]), source, read, states)
        # A draw among all of them would be nonsense now and then.
        chances, numbers = every[0, 0].topk(min(5, every.shape[2]))
        at, place = int(looks[0, 0, : max(1, len(pieces))].argmax()), 0
        if rng is not None and heat:
            weights = (chances / chances[0]) ** (1 / heat)
            place = rng.choices(range(len(weights)), weights.tolist())[0]
        heard = net.known.symbols[int(numbers[place])]
        if heard == END:
            return
        yield Piece(pieces[at] if heard == sequences.UNKNOWN else heard, at, float(chances[place]))


def answer(net: Translator, text: str, most: int | None = None) -> str:
    return "".join(piece.said for piece in islice(speak(net, text), most)).strip()


def checked(text: str) -> str:
    if not text.strip() or len(text) > MOST:
        raise api.GeneratorError(
            f"Write or mark a sentence or some: from 1 to {MOST:,} characters.",
            zh=f"请输入或选中一句或几句：1 到 {MOST:,} 个字符。",
            parameter="prompt",
        )
    return text


def answers(request: Any, text: str, whole: bool = True) -> api.Action:
    """A result for each seed, as it grows."""
    kit.exactly(request)
    net, heat = MODELS.open(request.model).network, request.parameters.heat
    sentences = SENTENCES.findall(checked(text))

    def grown(rng: Random) -> Iterator[str]:
        made = ""
        for sentence in sentences:
            # After a Chinese sentence no space is wanted; line breaks stay.
            space = sentence[: len(sentence) - len(sentence.lstrip())]
            made += space if "\n" in space or made[-1:].isascii() else ""
            for piece in speak(net, sentence.strip(), heat, rng) if sentence.strip() else ():
                made += piece.said if made.strip() else piece.said.lstrip()
                yield made
        yield made

    return kit.candidates(request, grown, part=not whole)


def translate(request: api.GenerateRequest) -> api.Action:
    return answers(request, request.prompt)


def part(request: api.EditRequest) -> api.Action:
    text, span = request.text.value, request.span
    return answers(request, text[span.start : span.stop], whole=False)


def explain(request: api.EvaluateRequest) -> api.Action:
    """How right it is, beside a dictionary and a copy; or what became of each word of a text."""
    kit.exactly(request)
    model = MODELS.open(request.model)
    if request.artifact is not None:
        return became(model.network, checked(request.text.value))
    assert request.dataset is not None
    pairs = pairs_of(request.dataset, model.about["column"], model.about["backwards"])
    return judged(model.network, model.about["lexicon"], pairs)


def judged(net: Translator, lexicon: Any, pairs: list[tuple[str, str]]) -> Iterator[api.Event]:
    made: dict[str, list[tuple[str, str]]] = {"chrf": [], "chrf_lookup": [], "chrf_copying": []}
    for number, (text, right) in enumerate(pairs):
        made["chrf"].append((answer(net, text), right))
        made["chrf_lookup"].append((look_up(WORDS.findall(text), lexicon), right))
        made["chrf_copying"].append((text, right))
        yield api.Progress(number + 1, len(pairs))
    for name, each in made.items():
        yield api.Metric(name, sequences.chrf(each))
    yield api.Metric("exact_share", sum(one == other for one, other in made["chrf"]) / len(pairs))


def became(net: Translator, text: str) -> Iterator[api.Event]:
    """For each piece of a text, what was said while the net looked there, and how surely."""
    start = 0
    for sentence in SENTENCES.findall(text):
        said = list(speak(net, sentence)) if sentence.strip() else []
        for at, piece in enumerate(net.pieces(sentence)):
            mine = [each for each in said if each.looked == at]
            sure = sum(each.chance for each in mine) / max(len(mine), 1)
            words = "".join(each.said for each in mine).strip()
            span = api.Span(start, start := start + len(piece))
            yield api.Annotation(span, min(sure, 1.0), f"→ {words}" if words else "")
