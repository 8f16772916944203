"""Evaluate: how well a model knows tunes that it has not seen, and what it composes by itself."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from aigc_studio.api import (
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    KeySignature,
    Melody,
    Metric,
    Preview,
    Progress,
)
from aigc_studio.toolkit import choose_device, learnt_from
from rnn_melody.copying import read_known
from rnn_melody.events import keys_of
from rnn_melody.judging import traits
from rnn_melody.judging.explaining import explain_melody, mark_copies
from rnn_melody.judging.samples import TUNES, Samples, samples_of
from rnn_melody.judging.scoring import (
    Counted,
    Reading,
    chain_nats,
    chain_of,
    counted_of,
    nats_of_readings,
    nats_per_note,
    reading_of,
)
from rnn_melody.judging.verdicts import verdicts
from rnn_melody.model import Model, open_model

MOST, OF_LEARNT, COUNTED = 700, 200, 5_000
"""Tunes that are measured of what was held out, of what was learnt, and that chains count."""
_SHOWN = 3
_TELL_EVERY = 0.2
_READING = {"en": "Reading tunes it has not seen", "zh": "正在读未见过的曲子"}
_AGAIN = {"en": "Reading what it learnt from", "zh": "正在读学过的曲子"}
_COUNTING = {"en": "Counting, for comparison", "zh": "正在计数以作比较"}
_COMPOSING = {"en": "Composing samples", "zh": "正在作样曲"}
_A_SAMPLE = {"en": "What it composed by itself", "zh": "它自己作的曲"}


def evaluate_melody(request: EvaluateRequest) -> Iterator[Event]:
    """Measure a model on the held-out part of a dataset, or explain a tune by it."""
    if request.artifact is not None:
        explain = mark_copies if request.operation == "copied" else explain_melody
        return explain(request)
    return _measure(request)


@dataclass(frozen=True)
class _Read:
    """Tunes as the model reads them, and as they are."""

    readings: Sequence[Reading]
    tunes: Sequence[Melody]

    @property
    def keyed(self) -> list[tuple[Melody, KeySignature]]:
        """The tunes whose key is known or was guessed, with it."""
        found = []
        for reading, tune in zip(self.readings, self.tunes, strict=True):
            keys = keys_of(reading.voice.tonic, reading.voice.mode)
            if keys:
                found.append((tune, keys[0]))
        return found


def _measure(request: EvaluateRequest) -> Iterator[Event]:
    choose_device(replace(request, device="cpu"))
    model, held_out = open_model(request.model), request.dataset
    if held_out is None or held_out.medium != "melody" or not len(held_out):
        raise GeneratorError(
            "There are no held-out tunes to measure on: choose a dataset with a test part.",
            zh="没有可用于评估的留出曲子：请选择含测试部分的数据集。",
            parameter="dataset",
        )
    found: dict[str, float] = {}
    for event in _events(request, model, held_out):
        if isinstance(event, Metric):
            found[event.name] = event.value
        yield event
    own = learnt_from(request.model, held_out)
    yield from verdicts(found, tunes=len(Dataset(held_out.path, "train")) if own else 0)


def _events(request: EvaluateRequest, model: Model, held_out: Dataset) -> Iterator[Event]:
    unseen = yield from _read(model, held_out, MOST, _READING)
    if not unseen.readings:
        raise GeneratorError(
            "The tunes have no notes, so there is nothing to measure: choose other data.",
            zh="曲子中没有音符，无可评估的内容：请选择其他数据。",
            parameter="dataset",
        )
    nats = yield from _nats(model, unseen.readings, _READING)
    yield Metric("nats_per_note", round(nats, 4))
    learnt = Dataset(held_out.path, "train")
    if len(learnt):
        yield from _beside(model, learnt, unseen, nats, learnt_from(request.model, held_out))
    yield Progress(0, 0, _COMPOSING)
    like = unseen.keyed[:TUNES]
    samples = yield from samples_of(request.model, like, _COMPOSING)
    yield from _composed(request, samples, unseen.keyed)
    for tune in samples.tunes[:_SHOWN]:
        yield Preview(tune, title=_A_SAMPLE)


# -- what it has not seen --------------------------------------------------------------------------


def _read(
    model: Model, dataset: Dataset, most: int, words: dict[str, str]
) -> Generator[Event, None, _Read]:
    """Read tunes from all over a dataset, or all of them."""
    count, clock = len(dataset), time.monotonic()
    wanted = min(count, most)
    readings, tunes = list[Reading](), list[Melody]()
    for number in range(wanted):
        tune = dataset[number * count // wanted].artifact
        reading = reading_of(tune, model.signs) if isinstance(tune, Melody) else None
        if reading is not None and isinstance(tune, Melody):
            readings.append(reading)
            tunes.append(tune)
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, wanted, words)
    return _Read(readings, tunes)


def _nats(
    model: Model, readings: Sequence[Reading], words: dict[str, str]
) -> Generator[Event, None, float]:
    """Nats a note of tunes, which are told as they are read."""
    nats, clock = 0.0, time.monotonic()
    for number, each in nats_of_readings(model, readings):
        nats += float(each.sum())
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, len(readings), words)
    return nats_per_note([nats], readings)


def _beside(
    model: Model,
    learnt: Dataset,
    unseen: _Read,
    nats: float,
    own: bool,
) -> Generator[Event, None, None]:
    """What chains that only count the tunes to learn from make of the same, and the model itself of
    what it learnt."""
    counted = yield from _counted(model, learnt)
    if counted:
        yield Progress(0, 0, _COUNTING)
        markov, unigram = (
            chain_nats(chain_of(counted, model.signs, order), unseen.readings, model.signs)
            for order in (3, 0)
        )
        yield Metric("of_markov", round(nats / max(markov, 1e-9), 4))
        yield Metric("markov_nats_per_note", round(markov, 4))
        yield Metric("unigram_nats_per_note", round(unigram, 4))
    if own and counted:
        again = yield from _read(model, learnt, OF_LEARNT, _AGAIN)
        yield Metric(
            "learnt_nats_per_note", round((yield from _nats(model, again.readings, _AGAIN)), 4)
        )


def _counted(model: Model, learnt: Dataset) -> Generator[Event, None, list[Counted]]:
    """Tunes from all over a dataset as chains count them."""
    count, clock = len(learnt), time.monotonic()
    wanted, found = min(count, COUNTED), list[Counted]()
    for number in range(wanted):
        tune = learnt[number * count // wanted].artifact
        each = counted_of(tune, model.signs) if isinstance(tune, Melody) else None
        if each is not None:
            found.append(each)
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, wanted, _COUNTING)
    return found


# -- what it composes ------------------------------------------------------------------------------


def _composed(
    request: EvaluateRequest, samples: Samples, real: Sequence[tuple[Melody, KeySignature]]
) -> Iterator[Event]:
    """Tunes of the model beside as many real ones, and these beside others."""
    if not samples.tunes:
        return
    yield Metric("whole_bars", round(samples.whole, 4))
    yield Metric("tunes_per_second", round(samples.per_second, 2))
    made = [(each, each.keys[0] if each.keys else KeySignature(0)) for each in samples.tunes]
    half, rest = _cut(real[: len(made)]), _cut(real[len(made) : 2 * len(made)])
    if not rest:
        half, rest = half[::2], half[1::2]
    yield from _traits(made, "")
    yield from _traits(half, "_unseen")
    yield from _distances(made, _cut(real), "")
    yield from _distances(half, rest, "_unseen")
    usual = traits.apart(*_columns(half[:TUNES]))
    if usual:
        yield Metric("diversity", round(traits.apart(*_columns(made[:TUNES])) / usual, 4))
    known = read_known(request.model)
    if known:
        for name, tunes in (("", made), ("_unseen", real[: len(made)])):
            runs = [known.longest_run(tune).intervals for tune, _key in tunes]
            yield Metric(f"longest_run{name}", max(runs, default=0))
            if not name:
                yield Metric("copied_tunes", round(_copies(runs) / len(runs), 4))


def _copies(runs: Sequence[int]) -> int:
    from rnn_melody.copying import MOST_SHARED

    return sum(each > MOST_SHARED for each in runs)


def _cut(tunes: Sequence[tuple[Melody, KeySignature]]) -> list[tuple[Melody, KeySignature]]:
    """Real tunes, not longer than those that were composed: forms of other lengths differ."""
    from aigc_studio.api import Bars
    from rnn_melody.judging.samples import BARS

    return [
        (tune.part(Bars(1, BARS + 1)) if tune.bar_count > BARS + 1 else tune, key)
        for tune, key in tunes
    ]


def _columns(
    tunes: Sequence[tuple[Melody, KeySignature]],
) -> tuple[list[Melody], list[int]]:
    """Melodies and tonics."""
    return [tune for tune, _key in tunes], [key.tonic for _tune, key in tunes]


def _traits(tunes: Sequence[tuple[Melody, KeySignature]], end: str) -> Iterator[Event]:
    melodies = [tune for tune, _key in tunes]
    for name, value in (
        ("key_fit", traits.mean(traits.in_scale(*each) for each in tunes)),
        ("range", traits.mean(map(traits.spread, melodies))),
        ("repeats_4", traits.mean(traits.repeats(each, 4) for each in melodies)),
        ("repeats_8", traits.mean(traits.repeats(each, 8) for each in melodies)),
        ("openings", traits.openings(melodies)),
    ):
        if value is not None:
            yield Metric(f"{name}{end}", round(value, 4))


def _distances(
    one: Sequence[tuple[Melody, KeySignature]], two: Sequence[tuple[Melody, KeySignature]], end: str
) -> Iterator[Event]:
    if one and two:
        for name, value in traits.distances(*_columns(one), *_columns(two)).items():
            yield Metric(f"{name}{end}", round(value, 4))
