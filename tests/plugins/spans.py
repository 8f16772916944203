"""A generator of text without torch: a chain of characters, learned from a dataset.

It writes, rewrites a span so that it joins what follows, continues at a place in a text, and blends
two texts. What it writes and continues is seen letter by letter.
"""

import json
import math
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from aigc_studio.api import (
    Annotation,
    Candidate,
    Checkpoint,
    Description,
    Event,
    GeneratorError,
    Metric,
    Operation,
    Parameters,
    Partial,
    Piece,
    Preview,
    Progress,
    Span,
    Starter,
    Text,
    hookimpl,
    parameter,
)

MOON = "The moon is but a thief, and steals her light."


class Learning(Parameters):
    order: int = parameter(
        4, {"en": "Memory", "zh": "记忆长度"}, minimum=1, maximum=8,
        help={"en": "How many characters back the chain looks.", "zh": "向前看多少个字符。"},
    )  # fmt: skip


class Writing(Parameters):
    length: int = parameter(80, {"en": "Length", "zh": "长度"}, minimum=1, maximum=4000)
    temperature: float = parameter(
        1.0, {"en": "Temperature", "zh": "温度"}, minimum=0.1, maximum=2.0, step=0.1
    )
    ending: Literal["length", "sentence"] = parameter(
        "length", {"en": "Ends", "zh": "结束于"},
        choices={
            "length": {"en": "at the length", "zh": "达到长度"},
            "sentence": {"en": "with a sentence", "zh": "句子结束"},
        },
    )  # fmt: skip
    keep_prompt: bool = parameter(True, {"en": "Keep the prompt", "zh": "保留提示"})


class Rewriting(Parameters):
    temperature: float = parameter(
        1.0, {"en": "Temperature", "zh": "温度"}, minimum=0.1, maximum=2.0, step=0.1
    )
    tries: int = parameter(8, {"en": "Tries", "zh": "尝试次数"}, minimum=1, maximum=64)


class Continuing(Parameters):
    length: int = parameter(40, {"en": "Length", "zh": "长度"}, minimum=1, maximum=4000)


class Blending(Parameters):
    length: int = parameter(80, {"en": "Length", "zh": "长度"}, minimum=1, maximum=4000)
    balance: float = parameter(0.5, {"en": "Balance", "zh": "比例"}, minimum=0.0, maximum=1.0)


@hookimpl
def describe() -> Description:
    return Description(
        id="spans",
        title={"en": "Chain of characters", "zh": "字符链"},
        summary={"en": "Writes like the texts it has read.", "zh": "模仿读过的文字。"},
        medium=Text,
        version="1.0",
        operations=(
            Operation(
                id="learn", verb="train", title={"en": "Learn", "zh": "学习"}, parameters=Learning
            ),
            Operation(
                id="write", verb="generate", title={"en": "Write", "zh": "写作"},
                parameters=Writing, prompt="optional",
                prompt_help={"en": "How it begins.", "zh": "开头。"},
                prompt_example="The ",
            ),
            Operation(
                id="rewrite", verb="edit", title={"en": "Rewrite", "zh": "改写"},
                parameters=Rewriting, artifacts=1, selection="required",
            ),
            Operation(
                id="continue", verb="edit", title={"en": "Continue here", "zh": "从这里续写"},
                parameters=Continuing, artifacts=1, selection="required", model="none",
            ),
            Operation(
                id="blend", verb="edit", title={"en": "Blend", "zh": "混合"},
                parameters=Blending, artifacts=2, model="none",
            ),
            Operation(
                id="evaluate", verb="evaluate", artifacts=1,
                title={"en": "How expected is this?", "zh": "有多可预料？"},
                help={"en": "How probable each character was.", "zh": "每个字符出现的概率。"},
            ),
        ),
        starters=(
            Starter(
                id="continue", title={"en": "Continue a sentence", "zh": "续写句子"},
                help={"en": "It goes on where you stop.", "zh": "从您停下的地方写下去。"},
                operation="continue", pieces=(Piece(artifact=Text(MOON), marked=(26, 26)),),
            ),
            Starter(
                id="begin", title={"en": "Begin with a word", "zh": "从一个词开始"},
                operation="write", prompt="The moon",
            ),
        ),
    )  # fmt: skip


class Chain:
    """Counts of the character after each context of up to `order` characters."""

    def __init__(self, order: int) -> None:
        self.order = order
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, text: str, weight: int = 1) -> None:
        for place, character in enumerate(text):
            for length in range(min(self.order, place) + 1):
                self.counts[text[place - length : place]][character] += weight

    def after(self, text: str) -> Counter[str]:
        """Counts after the longest known end of `text`."""
        for length in range(min(self.order, len(text)), -1, -1):
            context = text[len(text) - length :]
            if context in self.counts:
                return self.counts[context]
        return Counter()

    def probability(self, text: str, character: str) -> float:
        """Interpolated over context lengths (Witten and Bell 1991), with 2000 unseen characters."""
        value = 1 / 2000
        for length in range(min(self.order, len(text)) + 1):
            counts = self.counts.get(text[len(text) - length :])
            if not counts:
                break
            total, kinds = counts.total(), len(counts)
            value = (counts[character] + kinds * value) / (total + kinds)
        return value

    def nats(self, text: str) -> float:
        """How unexpected a text is: the sum of -log p of its characters."""
        seen = [text[max(0, place - 8) : place] for place in range(len(text))]
        return -sum(math.log(self.probability(*pair)) for pair in zip(seen, text, strict=True))

    def draw(self, text: str, temperature: float, rng: random.Random) -> str:
        counts = sorted(self.after(text).items())
        if not counts:
            raise GeneratorError(
                "The model has learned nothing. Train it on more text.", zh="模型没有学到任何内容。"
            )
        weights = [count ** (1 / temperature) for _character, count in counts]
        return rng.choices([character for character, _count in counts], weights)[0]

    def write(self, text: str, length: int, temperature: float, rng: random.Random) -> str:
        return "".join(self.letters(text, length, temperature, rng))

    def letters(
        self, text: str, length: int, temperature: float, rng: random.Random
    ) -> Iterator[str]:
        for _place in range(length):
            letter = self.draw(text[-self.order :], temperature, rng)
            text += letter
            yield letter

    def save(self, path: Path, details: dict[str, Any]) -> None:
        import numpy as np
        from safetensors.numpy import save_file

        rows = sorted(
            (context, character, count)
            for context, counts in self.counts.items()
            for character, count in counts.items()
        )
        table = np.zeros((len(rows), self.order + 2), np.uint32)
        for row, (context, character, count) in zip(table, rows, strict=True):
            row[: len(context)] = [ord(each) for each in context]
            row[-2:] = ord(character), count
        lengths = np.array([len(context) for context, _character, _count in rows], np.uint8)
        temporary = path.with_name(path.name + ".part")
        temporary.mkdir(parents=True, exist_ok=True)
        save_file({"table": table, "lengths": lengths}, temporary / "weights.safetensors")
        (temporary / "state.json").write_text(json.dumps(details), encoding="utf-8")
        if not path.exists():
            os.replace(temporary, path)

    @classmethod
    def load(cls, path: Path) -> "Chain":
        from safetensors.numpy import load_file

        try:
            arrays = load_file(path / "weights.safetensors")
            table, lengths = arrays["table"], arrays["lengths"]
            chain = cls(table.shape[1] - 2)
        except Exception as error:
            raise GeneratorError(
                f"The model in {path.name} is not a chain of characters. Choose another one.",
                zh="该模型不是字符链。",
                parameter="model",
            ) from error
        for row, length in zip(table.tolist(), lengths.tolist(), strict=True):
            chain.counts["".join(map(chr, row[:length]))][chr(row[-2])] = row[-1]
        return chain


def _model(request: Any) -> Chain:
    if request.model is None:
        raise GeneratorError(
            "This generator has no model yet. Train one first.",
            zh="还没有模型，请先训练。",
            parameter="model",
        )
    return Chain.load(request.model)


def _order_of(seed: int, epoch: int, count: int) -> list[int]:
    places = list(range(count))
    random.Random(f"{seed} {epoch}").shuffle(places)
    return places


def _start(request: Any) -> tuple[Chain, int, float]:
    """The chain, the step and the seconds to go on from."""
    if request.resume:
        whole = sorted(path for path in request.folder.glob("step-*") if path.suffix != ".part")
        if whole:
            try:
                state = json.loads((whole[-1] / "state.json").read_text("utf-8"))
            except ValueError as error:
                raise GeneratorError(
                    "What was saved of this training is damaged. Begin it anew.",
                    zh="训练的存档已损坏，请重新开始。",
                ) from error
            return Chain.load(whole[-1]), state["step"], state["seconds"]
    if request.model is not None:
        return Chain.load(request.model), 0, 0.0
    return Chain(request.parameters.order), 0, 0.0


@hookimpl
def train(request: Any) -> Iterator[Event]:
    chain, step, seconds = _start(request)
    steps, count = request.steps or 10**9, len(request.dataset)
    if not count:
        raise GeneratorError("The dataset is empty. Import some text.", zh="数据集是空的。")
    allowed = request.minutes * 60 if request.minutes else math.inf
    began = saved = time.monotonic()

    def checkpoint(best: bool) -> Checkpoint:
        path = request.folder / f"step-{step:09d}"
        chain.save(path, {"step": step, "seconds": seconds + time.monotonic() - began})
        return Checkpoint(path, step, best=best, card={"order": chain.order})

    try:
        while step < steps and seconds + time.monotonic() - began < allowed:
            place = _order_of(request.seed, step // count, count)[step % count]
            text = request.dataset[place].artifact.value
            yield Metric("nats_per_character", chain.nats(text) / max(1, len(text)), step)
            chain.learn(text)
            step += 1
            yield Progress(step, request.steps or 0, {"en": "Reading", "zh": "阅读"})
            if step % 100 == 1:
                written = chain.write("", 60, 1.0, random.Random(request.seed))
                yield Preview(Text(written), step)
            if time.monotonic() - saved > 2 or step % 50 == 0:
                saved = time.monotonic()
                yield checkpoint(False)
    except GeneratorExit:
        checkpoint(False)
        raise
    yield checkpoint(True)


@hookimpl
def generate(request: Any) -> Iterator[Event]:
    chain, wish = _model(request), request.parameters
    for n in range(request.count):
        rng = random.Random(request.seed + n)
        begun, text = request.prompt * wish.keep_prompt, ""
        for letter in chain.letters(request.prompt, wish.length, wish.temperature, rng):
            text += letter
            yield Partial(Text(begun + text), n)
        if wish.ending == "sentence":
            end = max(text.rfind(mark) for mark in ".!?。！？")
            text = text[: end + 1] if end > 0 else text
        yield Candidate(Text(begun + text))


@hookimpl
def edit(request: Any) -> Iterator[Event]:
    for n in range(request.count):
        rng = random.Random(request.seed + n)
        if request.operation == "continue":
            yield from _continue(request, n, rng)
        else:
            make = {"rewrite": _rewrite, "blend": _blend}[request.operation]
            yield Candidate(Text(make(request, rng)))


def _rewrite(request: Any, rng: random.Random) -> str:
    chain, wish = _model(request), request.parameters
    text: str = request.artifacts[0].value
    span: Span = request.selections[0]
    left, right = text[: span.start], text[span.stop :]
    length = span.stop - span.start or 20

    def misfit(made: str) -> float:
        """Nats that it takes to go on with what follows."""
        before = (left + made)[-chain.order :]
        return chain.nats(before + right[: chain.order]) - chain.nats(before)

    play = length // 5
    lengths = [max(1, length + rng.randint(-play, play)) for _try in range(wish.tries)]
    tries = [chain.write(left, each, wish.temperature, rng) for each in lengths]
    return left + min(tries, key=misfit) + right


def _continue(request: Any, number: int, rng: random.Random) -> Iterator[Event]:
    """Goes on at the end of the selection, a caret above all, in the manner of the text itself."""
    text: str = request.artifacts[0].value
    span: Span = request.selections[0]
    chain = Chain(3)
    chain.learn(text)
    part = text[span.start : span.stop]
    for letter in chain.letters(text[: span.stop], request.parameters.length, 1.0, rng):
        part += letter
        yield Partial(Text(part), number, part=True)
    yield Candidate(Text(part), part=True)


def _blend(request: Any, rng: random.Random) -> str:
    wish = request.parameters
    chain = Chain(3)
    first, second = (artifact.value for artifact in request.artifacts)
    chain.learn(first, max(1, round(100 * (1 - wish.balance))))
    chain.learn(second, max(1, round(100 * wish.balance)))
    return chain.write("", wish.length, 1.0, rng)


@hookimpl
def evaluate(request: Any) -> Iterator[Event]:
    chain = _model(request)
    if request.dataset is not None:
        texts = [example.artifact.value for example in request.dataset]
        nats = 0.0
        for n, text in enumerate(texts):
            nats += chain.nats(text)
            yield Progress(n + 1, len(texts))
        yield Metric("nats_per_character", nats / max(1, sum(map(len, texts))))
        return
    text = request.artifact.value
    for place, character in enumerate(text):
        probability = chain.probability(text[max(0, place - 8) : place], character)
        before = text[max(0, place - 8) : place].strip()
        words = {"en": f"after “{before}”", "zh": f"在“{before}”之后"} if before else ""
        yield Annotation(Span(place, place + 1), probability, words)
