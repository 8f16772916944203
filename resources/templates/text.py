"""Texts, letter by letter: after the same letters comes what came there before."""

from collections.abc import Iterator
from random import Random

from aigc_studio import api
from aigc_studio.toolkit import Memory, candidates, counting_loop

# What it knows before it has learnt anything, so that it writes at once.
SAMPLE = """\
The rain went over the hill and the river went under the bridge.
The wind sang to the willow, and the willow sang to the water.
In the morning the mist was on the meadow, and the mill began to turn.
"""


# A form in the window and flags in the shell are made of each of these classes.
class Learning(api.Parameters):
    memory: int = api.parameter(
        4,
        {"en": "Memory", "zh": "记忆长度"},
        help={"en": "Letters that it looks back.", "zh": "回看的字符数。"},
        minimum=1,
        maximum=6,
    )


class Writing(api.Parameters):
    heat: float = api.parameter(
        0.8,
        {"en": "Temperature", "zh": "温度"},
        help={"en": "The higher, the wilder.", "zh": "越高越大胆。"},
        minimum=0.1,
        maximum=2,
    )
    length: int = api.parameter(
        200, {"en": "Length", "zh": "长度"}, minimum=1, maximum=2000
    )


@api.hookimpl
def describe() -> api.Description:
    """Who it is and what it offers: asked at every start, so import nothing slow."""
    return api.Description(
        id="new-plugin",
        title={"en": "New plugin", "zh": "New plugin"},
        medium=api.Text,
        version="0.1.0",
        author="New author",
        licence="MIT",
        operations=(
            api.Operation(
                id="learn",
                verb="train",
                title={"en": "Learn", "zh": "学习"},
                parameters=Learning,
            ),
            api.Operation(
                id="write",
                verb="generate",
                title={"en": "Write", "zh": "写作"},
                parameters=Writing,
                prompt="optional",
                prompt_help={"en": "How it begins.", "zh": "开头的文字。"},
                prompt_example="The ",
                model="optional",
            ),
            api.Operation(
                id="rewrite",
                verb="edit",
                title={"en": "Rewrite", "zh": "改写"},
                artifacts=1,
                selection="required",
                model="optional",
            ),
        ),
    )


class Chain(Memory):
    """What it knows. Its attributes are the model: plain JSON values, or numpy arrays."""

    def __init__(self, memory: int = 4) -> None:
        self.memory = memory
        self.counts: dict[str, dict[str, int]] = {}

    def learn(self, example: api.Example) -> None:
        """Called by `counting_loop` with one example after the other."""
        self.read(str(example.artifact))

    def read(self, text: str) -> None:
        """Count which letter follows each few letters."""
        for place, letter in enumerate(text):
            for start in range(max(0, place - self.memory), place + 1):
                seen = self.counts.setdefault(text[start:place], {})
                seen[letter] = seen.get(letter, 0) + 1

    def after(self, text: str) -> dict[str, int]:
        """What came after the longest known end of a text, and how often."""
        for start in range(max(0, len(text) - self.memory), len(text) + 1):
            if seen := self.counts.get(text[start:]):
                return seen
        return {}

    def write(self, text: str, length: int, heat: float, rng: Random) -> Iterator[str]:
        """The text as it grows: what is yielded is shown, the last is the result."""
        yield text
        for _letter in range(length):
            seen = self.after(text)
            if not seen:  # it has learnt from nothing but empty texts
                return
            weights = [count ** (1 / heat) for count in seen.values()]
            text += rng.choices(list(seen), weights)[0]
            yield text

    def fill(self, left: str, right: str, length: int, rng: Random) -> Iterator[str]:
        """Of twenty tries the one that leads over to what stands right of it."""
        left, right, best = left[-self.memory :], right[: self.memory], (-1, "")
        for _attempt in range(20):
            *_others, whole = self.write(left, length, 0.8, rng)
            places = range(len(whole), len(whole + right))
            known = [
                self.counts.get((whole + right)[place - self.memory : place], {})
                for place in places
            ]
            fit = sum(
                seen.get(letter, 0) > 0
                for seen, letter in zip(known, right, strict=True)
            )
            best = max(best, (fit, whole[len(left) :]))
            yield best[1]


def known_to(request: api.GenerateRequest[Writing] | api.EditRequest) -> Chain:
    """The model that was chosen, or what it knows from the start."""
    if request.model is not None:
        return Chain.open(request.model)
    chain = Chain()
    chain.read(SAMPLE)
    return chain


@api.hookimpl
def train(request: api.TrainRequest[Learning]) -> api.Action:
    """Learn: the loop writes models, pauses, resumes, and tells how far it is."""
    return counting_loop(request, Chain(request.parameters.memory))


@api.hookimpl
def generate(request: api.GenerateRequest[Writing]) -> api.Action:
    """Write: `candidates` makes one result for each seed that is asked for."""
    chain, wish = known_to(request), request.parameters

    def written(rng: Random) -> Iterator[str]:
        return chain.write(request.prompt, wish.length, wish.heat, rng)

    return candidates(request, written)


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    """Rewrite the selected part; all else stays as it is."""
    chain, text, span = known_to(request), request.text.value, request.span
    left, right = text[: span.start], text[span.stop :]
    length = span.stop - span.start or 30  # an empty selection: write something there

    def rewritten(rng: Random) -> Iterator[str]:
        return chain.fill(left, right, length, rng)

    return candidates(request, rewritten, part=True)
