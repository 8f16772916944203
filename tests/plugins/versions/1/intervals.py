"""Tunes from counted intervals: it learns, composes, and recomposes bars to fit."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from aigc_studio import api
from aigc_studio.toolkit import Memory, candidates, counting_loop

MAJOR = {0, 2, 4, 5, 7, 9, 11}


class Wish(api.Parameters):
    bars: int = api.parameter(8, {"en": "Bars", "zh": "小节数"}, minimum=1, maximum=64)


@api.hookimpl
def describe() -> api.Description:
    title, learn = {"en": "Intervals", "zh": "音程"}, {"en": "Learn", "zh": "学习"}
    compose, again = {"en": "Compose", "zh": "作曲"}, {"en": "Recompose bars", "zh": "重写小节"}
    operations = (
        api.Operation(id="learn", verb="train", title=learn),
        api.Operation(id="compose", verb="generate", title=compose, parameters=Wish),
        api.Operation(id="recompose", verb="edit", title=again, artifacts=1, selection="required"),
    )
    return api.Description(id="intervals", title=title, medium=api.Melody, operations=operations)


class Intervals(Memory):
    """How often each interval came, in semitones."""

    def __init__(self) -> None:
        self.counts = dict[str, int]()

    def learn(self, example: api.Example) -> None:
        assert isinstance(example.artifact, api.Melody)
        for one, two in pairwise(example.artifact.notes):
            key = str(two.pitch - one.pitch)
            self.counts[key] = self.counts.get(key, 0) + 1

    def fill(self, tune: api.Melody, bars: api.Bars, rng: Random) -> api.Melody:
        """Of many ways through the scale of the tune, the one that joins what follows best."""
        part, (start, stop) = tune.part(bars), tune.ticks(bars)
        before = [note.pitch for note in tune.notes if note.start < start] or [60]
        after = [note.pitch for note in tune.notes if note.start >= stop] or before[:1]
        scale = {each % 12 for each in before + after} if len(tune.notes) > 7 else MAJOR
        low, high = max(0, min(before + after) - 7), min(127, max(before + after) + 7)
        allowed = [each for each in range(low, high + 1) if each % 12 in scale] or [low]
        half = max(1, part.ticks_per_quarter // 2)
        ticks = range(0, stop - start, half)
        begins = [tick for tick in ticks if tick % (2 * half) == 0 or rng.random() < 0.4]
        best = (-1, [0])
        for _attempt in range(40):
            pitches = before[-1:]
            for _begin in begins:
                weights = [self.counts.get(str(each - pitches[-1]), 0.01) for each in allowed]
                pitches += rng.choices(allowed, weights)
            best = max(best, (self.counts.get(str(after[0] - pitches[-1]), 0), pitches[1:]))
        sounding = zip(pairwise([*begins, stop - start]), best[1], strict=True)
        notes = (api.Note(begin, end - begin, pitch) for (begin, end), pitch in sounding)
        return replace(part, notes=tuple(notes))


@api.hookimpl
def train(request: api.TrainRequest) -> api.Action:
    return counting_loop(request, Intervals())


@api.hookimpl
def generate(request: api.GenerateRequest[Wish]) -> api.Action:
    known, bars = Intervals.open(request.model), request.parameters.bars
    empty = api.Melody(length=bars * 1920)
    return candidates(request, lambda rng: known.fill(empty, api.Bars(1, bars), rng))


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    known, tune, bars = Intervals.open(request.model), request.melody, request.bars
    return candidates(request, lambda rng: known.fill(tune, bars, rng), part=True)
