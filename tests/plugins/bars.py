"""A generator of melodies without torch: chains of intervals and of durations.

It composes and recomposes bars in place, both seen bar by bar, and transposes.
"""

import itertools
import json
import math
import os
import random
import time
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from aigc_studio.api import (
    Annotation,
    Bars,
    Candidate,
    Checkpoint,
    Description,
    Event,
    GeneratorError,
    Melody,
    Metric,
    Note,
    Operation,
    Parameters,
    Partial,
    Piece,
    Progress,
    Starter,
    hookimpl,
    parameter,
)

LEAP = 12
"""The largest interval in semitones; larger ones count as this."""
LONGEST = 16
"""The longest duration, in sixteenths."""
SCALES = {
    "any": range(12),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}


SCALE = Melody(tuple(Note(n * 480, 480, 60 + n % 8) for n in range(16)))


class Composing(Parameters):
    bars: int = parameter(4, {"en": "Bars", "zh": "小节"}, minimum=1, maximum=64)
    temperature: float = parameter(
        1.0, {"en": "Temperature", "zh": "温度"}, minimum=0.1, maximum=2.0, step=0.1
    )
    scale: Literal["any", "major", "minor"] = parameter(
        "any", {"en": "Scale", "zh": "音阶"},
        choices={
            "any": {"en": "any", "zh": "任意"},
            "major": {"en": "C major", "zh": "C 大调"},
            "minor": {"en": "C minor", "zh": "C 小调"},
        },
    )  # fmt: skip
    ends_low: bool = parameter(False, {"en": "End on the keynote", "zh": "以主音结束"})


class Recomposing(Parameters):
    temperature: float = parameter(
        1.0, {"en": "Temperature", "zh": "温度"}, minimum=0.1, maximum=2.0, step=0.1
    )


class Transposing(Parameters):
    semitones: int = parameter(2, {"en": "Semitones", "zh": "半音"}, minimum=-24, maximum=24)


@hookimpl
def describe() -> Description:
    return Description(
        id="bars",
        title={"en": "Chain of intervals", "zh": "音程链"},
        medium=Melody,
        version="1.0",
        operations=(
            Operation(
                id="compose", verb="generate", title={"en": "Compose", "zh": "作曲"},
                parameters=Composing,
            ),
            Operation(
                id="recompose", verb="edit", title={"en": "Recompose", "zh": "重写"},
                parameters=Recomposing, artifacts=1, selection="required",
            ),
            Operation(
                id="transpose", verb="edit", title={"en": "Transpose", "zh": "移调"},
                parameters=Transposing, artifacts=1, selection="optional", model="none",
            ),
            Operation(
                id="evaluate", verb="evaluate", artifacts=1,
                title={"en": "How usual is this?", "zh": "有多常见？"},
                help={"en": "How usual its intervals are.", "zh": "音程有多常见。"},
            ),
        ),
        starters=(
            Starter(
                id="transpose", title={"en": "Lift two bars", "zh": "升高两小节"},
                help={"en": "Bars 2 and 3 of a scale, higher.", "zh": "音阶的第 2、3 小节，移高。"},
                operation="transpose",
                pieces=(Piece(artifact=SCALE, marked=(2, 3), name="Scale"),),
            ),
        ),
    )  # fmt: skip


class Tables:
    """Counts: interval after interval, duration after duration, and first pitches."""

    def __init__(self) -> None:
        self.intervals = [[0] * (2 * LEAP + 1) for _row in range(2 * LEAP + 1)]
        self.durations = [[0] * LONGEST for _row in range(LONGEST)]
        self.pitches = [0] * 128

    def learn(self, melody: Melody) -> int:
        """Take in a melody; give how many pairs it had."""
        if not melody.notes:
            return 0
        unit = max(1, melody.ticks_per_quarter // 4)
        pitches = [note.pitch for note in melody.notes]
        lengths = [min(LONGEST, max(1, round(note.duration / unit))) - 1 for note in melody.notes]
        steps = [
            max(-LEAP, min(LEAP, after - before)) + LEAP
            for before, after in itertools.pairwise(pitches)
        ]
        self.pitches[pitches[0]] += 1
        for rows, values in ((self.intervals, steps), (self.durations, lengths)):
            for before, after in itertools.pairwise(values):
                rows[before][after] += 1
        return len(pitches)

    def save(self, path: Path, details: dict[str, Any]) -> None:
        import numpy as np
        from safetensors.numpy import save_file

        temporary = path.with_name(path.name + ".part")
        temporary.mkdir(parents=True, exist_ok=True)
        arrays = {name: np.array(rows, np.int64) for name, rows in vars(self).items()}
        save_file(arrays, temporary / "weights.safetensors")
        (temporary / "state.json").write_text(json.dumps(details), encoding="utf-8")
        if not path.exists():
            os.replace(temporary, path)

    @classmethod
    def load(cls, path: Path) -> "Tables":
        from safetensors.numpy import load_file

        tables = cls()
        try:
            arrays = load_file(path / "weights.safetensors")
            for name in vars(tables):
                setattr(tables, name, arrays[name].tolist())
        except Exception as error:
            raise GeneratorError(
                f"The model in {path.name} is not a chain of intervals. Choose another one.",
                zh="该模型不是音程链。",
                parameter="model",
            ) from error
        return tables


def _draw(counts: list[int], temperature: float, rng: random.Random) -> int:
    """An index; a little of everything, so that no row is a dead end."""
    return rng.choices(range(len(counts)), [(c + 0.05) ** (1 / temperature) for c in counts])[0]


def _fill(
    tables: Tables,
    start: int,
    stop: int,
    pitch: int,
    wish: Any,
    rng: random.Random,
    unit: int,
    allowed: Container[int],
) -> list[Note]:
    """Notes from `start` to exactly `stop`, beginning near `pitch`."""
    notes, interval, length = [], LEAP, 3
    while start < stop:
        interval = _draw(tables.intervals[interval], wish.temperature, rng)
        length = _draw(tables.durations[length], wish.temperature, rng)
        pitch = max(36, min(96, pitch + interval - LEAP))
        while pitch % 12 not in allowed:
            pitch -= 1
        duration = min((length + 1) * unit, stop - start)
        notes.append(Note(start, duration, pitch))
        start += duration
    return notes


def _model(request: Any) -> Tables:
    if request.model is None:
        raise GeneratorError(
            "This generator has no model yet. Train one first.",
            zh="还没有模型，请先训练。",
            parameter="model",
        )
    return Tables.load(request.model)


@hookimpl
def train(request: Any) -> Iterator[Event]:
    tables, step, notes = Tables(), 0, 0
    whole = sorted(path for path in request.folder.glob("step-*") if path.suffix != ".part")
    if request.resume and whole:
        try:
            state = json.loads((whole[-1] / "state.json").read_text("utf-8"))
        except ValueError as error:
            raise GeneratorError(
                "What was saved of this training is damaged. Begin it anew.",
                zh="训练的存档已损坏，请重新开始。",
            ) from error
        tables, step, notes = Tables.load(whole[-1]), state["step"], state["notes"]
    elif request.model is not None:
        tables = Tables.load(request.model)
    count = len(request.dataset)
    if not count:
        raise GeneratorError("The dataset is empty. Import some tunes.", zh="数据集是空的。")
    due = time.monotonic() + (request.minutes or 0) * 60

    def checkpoint(best: bool) -> Checkpoint:
        path = request.folder / f"step-{step:09d}"
        tables.save(path, {"step": step, "notes": notes})
        return Checkpoint(path, step, {"notes": notes}, best)

    try:
        while step < request.steps if request.steps else time.monotonic() < due:
            order = list(range(count))
            random.Random(f"{request.seed} {step // count}").shuffle(order)
            notes += tables.learn(request.dataset[order[step % count]].artifact)
            step += 1
            yield Metric("notes", notes, step)
            yield Progress(step, request.steps or 0)
            if step % 25 == 0:
                yield checkpoint(False)
    except GeneratorExit:
        checkpoint(False)
        raise
    yield checkpoint(True)


@hookimpl
def generate(request: Any) -> Iterator[Event]:
    tables, wish = _model(request), request.parameters
    for n in range(request.count):
        rng = random.Random(request.seed + n)
        pitch = _draw(tables.pitches[36:97], wish.temperature, rng) + 36
        stop = wish.bars * 4 * 480
        notes = _fill(tables, 0, stop, pitch, wish, rng, 120, SCALES[wish.scale])
        if wish.ends_low:
            last = notes[-1]
            notes[-1] = Note(last.start, last.duration, last.pitch // 12 * 12)
        yield from _grown(Melody(tuple(notes)), n)


@hookimpl
def edit(request: Any) -> Iterator[Event]:
    make = {"recompose": _recompose, "transpose": _transpose}[request.operation]
    for n in range(request.count):
        melody = request.artifacts[0]
        kept, notes = make(request, melody, random.Random(request.seed + n))
        made = Melody(
            (*kept, *notes),
            melody.ticks_per_quarter,
            melody.program,
            melody.tempos,
            melody.metres,
            melody.length,
        )
        chosen = request.selections[0]
        if request.operation == "recompose":
            yield from _grown(made.part(chosen), n, part=True)
        else:
            yield Candidate(melody.replaced(chosen, made.part(chosen)) if chosen else made)


def _grown(melody: Melody, number: int, *, part: bool = False) -> Iterator[Event]:
    """A tune bar by bar, as long from the first bar on as it will be."""
    for _start, stop in melody.bars[:-1]:
        notes = tuple(note for note in melody.notes if note.start < stop)
        yield Partial(replace(melody, notes=notes), number, part=part)
    yield Candidate(melody, part=part)


def _part(melody: Melody, chosen: Bars | None) -> tuple[int, int, list[Note], list[Note]]:
    """Start and stop in ticks, and the notes that begin outside and inside."""
    bars = melody.bars
    start, stop = (bars[chosen.first - 1][0], bars[chosen.last - 1][1]) if chosen else (0, 2**62)
    inside = [note for note in melody.notes if start <= note.start < stop]
    return start, stop, [note for note in melody.notes if note not in inside], inside


def _recompose(request: Any, melody: Melody, rng: random.Random) -> tuple[list[Note], list[Note]]:
    tables = _model(request)
    start, stop, kept, _inside = _part(melody, request.selections[0])
    before = [note.pitch for note in kept if note.start < start]
    pitch = before[-1] if before else _draw(tables.pitches[36:97], 1.0, rng) + 36
    unit = max(1, melody.ticks_per_quarter // 4)
    return kept, _fill(tables, start, stop, pitch, request.parameters, rng, unit, range(12))


def _transpose(request: Any, melody: Melody, rng: random.Random) -> tuple[list[Note], list[Note]]:
    _start, _stop, kept, inside = _part(melody, request.selections[0])
    by = request.parameters.semitones
    moved = [
        Note(note.start, note.duration, max(0, min(127, note.pitch + by)), note.velocity)
        for note in inside
    ]
    return kept, moved


@hookimpl
def evaluate(request: Any) -> Iterator[Event]:
    """Nats a note on a dataset; of a tune, how usual the intervals of each bar are."""
    tables = _model(request)
    if request.dataset is not None:
        seen = [p for each in request.dataset for _note, p in _likely(tables, each.artifact)]
        yield Metric("nats_per_note", -sum(map(math.log, seen)) / max(1, len(seen)))
        return
    melody: Melody = request.melody
    likely = _likely(tables, melody)
    for number, (start, stop) in enumerate(melody.bars, 1):
        here = [p for note, p in likely if start <= note.start < stop]
        yield Progress(number, melody.bar_count)
        if here:
            value = sum(here) / len(here)
            words = {"en": f"{len(here)} intervals", "zh": f"{len(here)} 个音程"}
            yield Annotation(Bars(number, number), value, words)


def _likely(tables: Tables, melody: Melody) -> list[tuple[Note, float]]:
    """Each note but the first two, and how probable the interval that leads to it is."""
    found, former = [], LEAP
    for before, note in itertools.pairwise(melody.notes):
        step = max(-LEAP, min(LEAP, note.pitch - before.pitch)) + LEAP
        row = tables.intervals[former]
        found.append((note, (row[step] + 0.05) / (sum(row) + 0.05 * len(row))))
        former = step
    return found[1:]
