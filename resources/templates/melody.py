"""Tunes, step by step: how far one tone is from the next is as it was in the examples."""

from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Literal

from aigc_studio import api
from aigc_studio.toolkit import Memory, candidates, counting_loop

# What it knows before it has learnt anything: small steps more often than leaps.
STEPS = {"-4": 1, "-3": 2, "-2": 6, "-1": 4, "0": 2, "1": 4, "2": 6, "3": 2, "4": 1}
SCALES = {
    "major": [0, 2, 4, 5, 7, 9, 11],
    "minor": [0, 2, 3, 5, 7, 8, 10],
    "pentatonic": [0, 2, 4, 7, 9],
}


# A form in the window and flags in the shell are made of this class.
class Composing(api.Parameters):
    bars: int = api.parameter(8, {"en": "Bars", "zh": "小节数"}, minimum=1, maximum=64)
    scale: Literal["major", "minor", "pentatonic"] = api.parameter(
        "major",
        {"en": "Scale", "zh": "音阶"},
        choices={
            "major": {"en": "Major", "zh": "大调"},
            "minor": {"en": "Minor", "zh": "小调"},
            "pentatonic": {"en": "Pentatonic", "zh": "五声音阶"},
        },
    )
    busy: float = api.parameter(
        0.4,
        {"en": "Short notes", "zh": "短音比例"},
        help={"en": "How many quarters are divided.", "zh": "被分开的四分音符比例。"},
        minimum=0,
        maximum=1,
    )


@api.hookimpl
def describe() -> api.Description:
    """Who it is and what it offers: asked at every start, so import nothing slow."""
    return api.Description(
        id="new-plugin",
        title={"en": "New plugin", "zh": "New plugin"},
        medium=api.Melody,
        version="0.1.0",
        author="New author",
        licence="MIT",
        operations=(
            api.Operation(
                id="learn",
                verb="train",
                title={"en": "Learn", "zh": "学习"},
            ),
            api.Operation(
                id="compose",
                verb="generate",
                title={"en": "Compose", "zh": "作曲"},
                parameters=Composing,
                model="optional",
            ),
            api.Operation(
                id="recompose",
                verb="edit",
                title={"en": "Recompose bars", "zh": "重写小节"},
                artifacts=1,
                selection="required",
                model="optional",
            ),
        ),
    )


class Steps(Memory):
    """What it knows. Its attributes are the model: plain JSON values, or numpy arrays."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def learn(self, example: api.Example) -> None:
        """Called by `counting_loop` with one example after the other."""
        assert isinstance(example.artifact, api.Melody)
        for one, two in pairwise(example.artifact.notes):
            step = str(two.pitch - one.pitch)
            self.counts[step] = self.counts.get(step, 0) + 1

    def next(self, pitch: int, allowed: list[int], rng: Random) -> int:
        """The tone after one; each of those allowed may come, if only seldom."""
        weights = [self.counts.get(str(each - pitch), 0) + 0.01 for each in allowed]
        return rng.choices(allowed, weights)[0]


def rhythm(length: int, quarter: int, busy: float, rng: Random) -> list[int]:
    """Where notes begin, in ticks: on each quarter, and between some of them."""
    half = max(1, quarter // 2)
    begins = range(0, length, half)
    return [each for each in begins if each % (2 * half) == 0 or rng.random() < busy]


def notes_at(begins: list[int], end: int, pitches: list[int]) -> tuple[api.Note, ...]:
    """Notes that each sound until the next begins."""
    times = pairwise([*begins, end])
    return tuple(
        api.Note(start, stop - start, pitch)
        for (start, stop), pitch in zip(times, pitches, strict=True)
    )


def known_to(request: api.GenerateRequest[Composing] | api.EditRequest) -> Steps:
    """The model that was chosen, or what it knows from the start."""
    if request.model is not None:
        return Steps.open(request.model)
    steps = Steps()
    steps.counts |= STEPS
    return steps


@api.hookimpl
def train(request: api.TrainRequest) -> api.Action:
    """Learn: the loop writes models, pauses, resumes, and tells how far it is."""
    return counting_loop(request, Steps())


@api.hookimpl
def generate(request: api.GenerateRequest[Composing]) -> api.Action:
    """Compose: `candidates` makes one result for each seed that is asked for."""
    known, wish = known_to(request), request.parameters
    allowed = [each for each in range(55, 80) if each % 12 in SCALES[wish.scale]]

    def composed(rng: Random) -> api.Melody:
        tune = api.Melody(length=wish.bars * 4 * 480)
        begins = rhythm(tune.length, tune.ticks_per_quarter, wish.busy, rng)
        pitches = [60]
        for _note in begins[2:]:
            pitches.append(known.next(pitches[-1], allowed, rng))
        pitches = [*pitches, 60][: len(begins)]  # home again at the end
        return replace(tune, notes=notes_at(begins, tune.length, pitches))

    return candidates(request, composed)


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    """Recompose the selected bars with the tones of the tune; the others stay."""
    known, tune, bars = known_to(request), request.melody, request.bars
    part, (start, _stop) = tune.part(bars), tune.ticks(bars)
    # The bars lie in a tune: begin from the tone before them, keep to its scale.
    before = [note.pitch for note in tune.notes if note.start < start][-1:] or [60]
    heard = {note.pitch % 12 for note in tune.notes}
    scale = heard if len(heard) > 3 else set(SCALES["major"])
    near = range(max(0, before[0] - 12), min(127, before[0] + 12) + 1)
    allowed = [each for each in near if each % 12 in scale]

    def recomposed(rng: Random) -> api.Melody:
        begins, pitches = rhythm(part.length, part.ticks_per_quarter, 0.4, rng), before
        for _note in begins:
            pitches = [*pitches, known.next(pitches[-1], allowed, rng)]
        return replace(part, notes=notes_at(begins, part.length, pitches[1:]))

    return candidates(request, recomposed, part=True)
