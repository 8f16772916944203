"""Explain a tune: how expected each of its notes is, or what of it was copied from where."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from aigc_studio.api import (
    Annotation,
    Dataset,
    EvaluateRequest,
    Event,
    Example,
    GeneratorError,
    Melody,
    Message,
    Metric,
    Note,
    Progress,
    Span,
)
from aigc_studio.toolkit import exactly, parameters_of
from aigc_studio.toolkit.sequences import Copy, copies, line
from rnn_melody.copying import DIFFERENT, MOST_SHARED, steps_of
from rnn_melody.events import REST, UNITS, read_voice
from rnn_melody.judging.parameters import CopiedParameters
from rnn_melody.judging.scoring import Reading, nats_of_readings, reading_of
from rnn_melody.model import open_model
from rnn_melody.signs import HOLD_SIGN, Signs

_SHARP = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_FLAT = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
_TELL_EVERY = 0.2
_SEARCHING = {"en": "Looking through the data", "zh": "正在查找训练数据"}
_MOST = 20_000
"""Runs that are told of one tune: the longest."""


# -- how expected ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chance:
    """A note or a rest of a tune (`pitch` is MIDI, or `REST`): where it begins and ends in ticks,
    and how unexpected it was after all before it, tone and duration together."""

    start: int
    stop: int
    pitch: int
    nats: float


def explain_melody(request: EvaluateRequest) -> Iterator[Event]:
    """Say of each note how expected it was."""
    exactly(request)
    model, melody = open_model(request.model), request.melody
    reading = reading_of(melody, model.signs)
    if reading is None:
        raise GeneratorError(
            "There are no notes in this tune yet: draw some first.",
            zh="此曲子中还没有音符：请先画一些。",
            parameter="artifact",
        )
    nats = next(iter(nats_of_readings(model, [reading])))[1]
    found = chances(melody, reading, model.signs, nats.tolist())
    names = _FLAT if melody.keys and melody.keys[0].fifths < 0 else _SHARP
    for each in found:
        yield Annotation(Span(each.start, each.stop), math.exp(-each.nats), _words(each, names))
    yield Metric("nats_per_note", round(_mean(found), 4))
    for english, chinese in read_voice(melody)[1].words():
        yield Message({"en": english, "zh": chinese})
    yield Message(_summary(melody, found))


def chances(melody: Melody, reading: Reading, signs: Signs, nats: Sequence[float]) -> list[Chance]:
    """The notes and rests of a tune in order; what is tied is one note."""
    found, ticks, place = list[Chance](), melody.ticks_per_quarter, 0
    pitches = dict(zip(reading.voice.places, reading.voice.pitches, strict=True))
    for tone, length, each in zip(
        reading.tones.tolist(), reading.lengths.tolist(), nats, strict=True
    ):
        begin, place = place, place + signs.durations[length]
        start = begin * ticks // UNITS
        stop = min(max(place * ticks // UNITS, start + 1), melody.length)
        if tone == HOLD_SIGN and found:
            last = found[-1]
            found[-1] = Chance(last.start, max(stop, last.stop), last.pitch, last.nats + each)
        elif start < stop:
            found.append(Chance(start, stop, pitches.get(begin, REST), each))
    return found


def _mean(found: Sequence[Chance]) -> float:
    return sum(each.nats for each in found) / max(1, len(found))


def _words(each: Chance, names: Sequence[str]) -> dict[str, str]:
    """The note and how probable it was."""
    if each.pitch < 0:
        name, name_zh = "a rest", "休止"
    else:
        name = name_zh = f"{names[each.pitch % 12]}{each.pitch // 12 - 1}"
    odds = math.exp(min(each.nats, 20.0))
    shown = f"{odds:,.0f}" if odds >= 10 else f"{odds:.2g}"
    return {"en": f"{name}: 1 in {shown}", "zh": f"{name_zh}：{shown} 分之一"}


def _summary(melody: Melody, found: Sequence[Chance]) -> dict[str, str]:
    """How sure it was on the whole, and which bar it expected least."""
    choices = math.exp(min(_mean(found), 20.0))
    shown = f"{choices:,.0f}" if choices >= 10 else f"{choices:.2g}"
    starts = [start for start, _stop in melody.bars]
    bars: dict[int, list[float]] = {}
    for each in found:
        bars.setdefault(bisect_right(starts, each.start), []).append(each.nats)
    least = max(bars, key=lambda bar: sum(bars[bar]) / len(bars[bar]))
    return {
        "en": f"As unsure of each note as among {shown} equally likely ones; bar {least} is the "
        "least expected.",
        "zh": f"每个音符的不确定程度相当于在 {shown} 个等可能的选项中选择；"
        f"最出人意料的是第 {least} 小节。",
    }


# -- what was copied -------------------------------------------------------------------------------


def mark_copies(request: EvaluateRequest[CopiedParameters]) -> Iterator[Event]:
    """Mark each run of intervals that stands in a tune of the data as well, and say in which."""
    melody, data = request.melody, request.dataset
    if data is None or data.medium != "melody":
        raise GeneratorError(
            "What was copied can be told only beside the tunes that the model learnt from.",
            zh="只有在有模型训练所用曲子时，才能指出哪些内容是抄来的。",
        )
    least = parameters_of(request, CopiedParameters).least
    steps, notes = steps_of(melody), line(melody)
    sources = yield from _steps_in(data)
    found = [
        each
        for each in copies(steps, sources, least)
        if len(set(steps[each.start : each.stop])) >= DIFFERENT
    ]
    for each in sorted(found, key=len, reverse=True)[:_MOST]:
        span = _stretch(notes[each.start : each.stop + 1], melody)
        yield Annotation(span, _strength(len(each)), _where(data, each))
    longest = max(found, key=len, default=None)
    yield Metric("longest_run", len(longest) if longest is not None else 0)
    yield Message(_said(data, longest, least))


def _steps_in(data: Dataset) -> Generator[Event, None, list[list[int]]]:
    """The intervals of every tune of a dataset."""
    found, clock = list[list[int]](), time.monotonic()
    for number in range(len(data)):
        artifact = data[number].artifact
        found.append(steps_of(artifact) if isinstance(artifact, Melody) else [])
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, len(data), _SEARCHING)
    return found


def _stretch(notes: Sequence[Note], melody: Melody) -> Span:
    """From the first of these notes to the end of the last, in ticks."""
    return Span(notes[0].start, min(notes[-1].start + notes[-1].duration, melody.length))


def _strength(length: int) -> float:
    """What other tunes share as well is weak, a copy strong."""
    return 1.0 if length > MOST_SHARED else 0.3 + 0.3 * min(1.0, length / MOST_SHARED)


def title_of(example: Example, number: int) -> str:
    """What a tune of a dataset is called, as far as that is known."""
    title = example.attributes.get("title")
    return str(title or example.source or f"#{number + 1:,}")


def _where(data: Dataset, copy: Copy) -> dict[str, str]:
    """How long a run is, and in which bars of which tune it stands."""
    example = data[copy.source]
    title, name = title_of(example, copy.source), data.name
    first = last = 0
    if isinstance(example.artifact, Melody):
        starts = [start for start, _stop in example.artifact.bars]
        there = line(example.artifact)[copy.place : copy.place + len(copy) + 1]
        first, last = (bisect_right(starts, note.start) for note in (there[0], there[-1]))
    bars, bars_zh = (
        (f"bar {first}", f"第 {first} 小节")
        if first == last
        else (f"bars {first} to {last}", f"第 {first} 至 {last} 小节")
    )
    return {
        "en": f"{len(copy):,} intervals, as in {bars} of “{title}” ({name})",
        "zh": f"{len(copy):,} 个音程，与“{title}”（{name}）{bars_zh}相同",
    }


def _said(data: Dataset, longest: Copy | None, least: int) -> dict[str, str]:
    if longest is None:
        return {
            "en": f"No run of {least} intervals or more stands in a tune that the model learnt.",
            "zh": f"模型学过的曲子中，没有与它 {least} 个以上连续音程相同的片段。",
        }
    title = title_of(data[longest.source], longest.source)
    if len(longest) <= MOST_SHARED:
        return {
            "en": f"The longest run shared with a tune that was learnt has {len(longest)} "
            f"intervals (“{title}”): real tunes share as much with others.",
            "zh": f"与学过的曲子相同的最长片段有 {len(longest)} 个音程（“{title}”）："
            "真实曲子之间也常有这么多相同。",
        }
    return {
        "en": f"A run of {len(longest):,} intervals stands in “{title}” as well: this is a copy.",
        "zh": f"有 {len(longest):,} 个连续音程与“{title}”相同：这是照抄。",
    }
