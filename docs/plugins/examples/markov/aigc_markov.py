"""Texts from a chain of characters: it learns, writes, rewrites to fit both sides, and explains."""

import math
from collections.abc import Iterator
from random import Random

from aigc_studio import api
from aigc_studio.toolkit import Memory, candidates, counting_loop
from aigc_studio.toolkit.sequences import judge_text


class Learning(api.Parameters):
    order: int = api.parameter(5, {"en": "Memory", "zh": "记忆长度"}, minimum=1, maximum=8)


class Wish(api.Parameters):
    heat: float = api.parameter(0.8, {"en": "Temperature", "zh": "温度"}, minimum=0.1, maximum=2)
    length: int = api.parameter(300, {"en": "Length", "zh": "长度"}, minimum=1, maximum=5000)


@api.hookimpl
def describe() -> api.Description:
    title, learn = {"en": "Markov chain", "zh": "马尔可夫链"}, {"en": "Learn", "zh": "学习"}
    write, rewrite = {"en": "Write", "zh": "写作"}, {"en": "Rewrite", "zh": "改写"}
    explain = {"en": "How expected is it?", "zh": "意料之中吗？"}
    operations = (
        api.Operation(id="learn", verb="train", title=learn, parameters=Learning),
        api.Operation(id="write", verb="generate", title=write, prompt="optional", parameters=Wish),
        api.Operation(id="rewrite", verb="edit", title=rewrite, artifacts=1, selection="required"),
        api.Operation(id="explain", verb="evaluate", title=explain, artifacts=1),
    )
    return api.Description(id="markov", title=title, medium=api.Text, operations=operations)


class Chain(Memory):
    """Counts of the character after 0 to `order` others, smoothed by Kneser and Ney (1995)."""

    def __init__(self, order: int = 0) -> None:
        self.order, self.counts = order, dict[str, dict[str, int]]()

    def learn(self, example: api.Example) -> None:
        text = str(example.artifact)
        for place, character in enumerate(text):
            for start in range(max(0, place - self.order), place + 1):
                seen = self.counts.setdefault(text[start:place], {})
                seen[character] = seen.get(character, 0) + 1
                if seen[character] > 1:  # what follows a shorter one counts once for each longer
                    break

    def after(self, text: str) -> dict[str, float]:
        """The chance of each character to follow, and of an unknown one ("")."""
        chances, left = dict[str, float](), 1.0
        for start in range(max(0, len(text) - self.order), len(text) + 1):
            if seen := self.counts.get(text[start:]):
                total = sum(seen.values())
                for character, count in seen.items():
                    chances[character] = chances.get(character, 0) + left * (count - 0.75) / total
                left *= 0.75 * len(seen) / total
        return chances | {"": left}

    def chances(self, text: str, start: int = 0) -> Iterator[float]:
        for place in range(start, len(text)):
            chances = self.after(text[max(0, place - self.order) : place])
            yield chances.get(text[place], chances[""])

    def write(self, text: str, length: int, heat: float, rng: Random) -> Iterator[str]:
        for _n in range(length):
            chances, power = self.after(text[-self.order :]), 1 / heat
            text += rng.choices(list(chances), [each**power for each in chances.values()])[0]
            yield text

    def fill(self, left: str, right: str, length: int, rng: Random) -> Iterator[str]:
        left, right, best = left[-self.order :], right[: self.order], (-1.0, "")
        for _attempt in range(4000 // length + 4):  # the best: the right side is then most expected
            *_rest, made = self.write(left, max(1, length + rng.randint(-4, 4)), 0.8, rng)
            best = max(best, (math.prod(self.chances(made + right, len(made))), made[len(left) :]))
            yield best[1]


@api.hookimpl
def train(request: api.TrainRequest[Learning]) -> api.Action:
    return counting_loop(request, Chain(request.parameters.order))


@api.hookimpl
def generate(request: api.GenerateRequest[Wish]) -> api.Action:
    chain, text, wish = Chain.open(request.model), request.prompt, request.parameters
    return candidates(request, lambda rng: chain.write(text, wish.length, wish.heat, rng))


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    chain, text, span = Chain.open(request.model), request.text.value, request.span
    left, right, length = text[: span.start], text[span.stop :], span.stop - span.start or 40
    return candidates(request, lambda rng: chain.fill(left, right, length, rng), part=True)


@api.hookimpl
def evaluate(request: api.EvaluateRequest) -> api.Action:
    return judge_text(request, Chain.open(request.model).chances)
