"""Evaluate: how well a model knows texts that it has not seen, and what it writes by itself."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from aigc_studio.api import (
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    Metric,
    Preview,
    Progress,
    Text,
)
from aigc_studio.toolkit import choose_device, learnt_from
from aigc_studio.toolkit.sequences import (
    Copy,
    bits,
    distinct,
    longest_copy,
    perplexity,
    self_bleu,
)
from rnn_text.judging.explaining import (
    copies_in,
    covered,
    explain_text,
    is_wide,
    mark_copies,
    usual_least,
)
from rnn_text.judging.samples import samples_of, speed_of, verse_metrics
from rnn_text.judging.scoring import example_row, nats_of_rows
from rnn_text.judging.verdicts import verdicts
from rnn_text.lines import digest, read_known
from rnn_text.model import Model, open_model
from rnn_text.training.cleaning import cleaned

MOST, OF_LEARNT = 200_000, 50_000
"""Code points that are measured of what was held out, and of what was learnt, from all over."""
_SHORT = 4
_SHOWN = 3
_LOOKED_AT = 10_000
_BETWEEN = "\uffff"
"""Stands in no text: copies do not go on from one sample to the next."""
_TELL_EVERY = 0.2
_READING = {"en": "Reading texts it has not seen", "zh": "正在读未见过的文本"}
_AGAIN = {"en": "Reading what it learnt from", "zh": "正在读学过的文本"}
_WRITING = {"en": "Writing samples", "zh": "正在写样本"}
_COPYING = {"en": "Looking for copies", "zh": "正在查找照抄"}
_A_SAMPLE = {"en": "What it wrote by itself", "zh": "它自己写的内容"}


def evaluate_text(request: EvaluateRequest) -> Iterator[Event]:
    """Measure a model on the held-out part of a dataset, or explain a text by it."""
    if request.artifact is not None:
        explain = mark_copies if request.operation == "copied" else explain_text
        return explain(request)
    return _measure(request)


@dataclass(frozen=True)
class _Read:
    """What was read of a dataset: code points, words and nats in all."""

    texts: Sequence[str]
    characters: int
    words: int
    nats: float
    unknown: int

    @property
    def each(self) -> float:
        """Nats a code point."""
        return self.nats / max(self.characters, 1)


def _measure(request: EvaluateRequest) -> Iterator[Event]:
    choose_device(replace(request, device="cpu"))
    model, held_out = open_model(request.model), request.dataset
    if held_out is None or held_out.medium != "text" or not len(held_out):
        raise GeneratorError(
            "There are no held-out texts to measure on: choose a dataset with a test part.",
            zh="没有可用于评估的留出文本：请选择含测试部分的数据集。",
            parameter="dataset",
        )
    found: dict[str, float] = {}
    for event in _events(request, model, held_out):
        if isinstance(event, Metric):
            found[event.name] = event.value
        yield event
    learnt = Dataset(held_out.path, "train")
    own = learnt_from(request.model, held_out)
    characters = sum(row["length"] for row in learnt.rows) if own else 0
    least, symbols = usual_least("".join(_few(held_out, _LOOKED_AT))), len(model.alphabet)
    yield from verdicts(found, characters=characters, least=least, symbols=symbols)


def _events(request: EvaluateRequest, model: Model, held_out: Dataset) -> Iterator[Event]:
    read = yield from _read(model, held_out, MOST, _READING)
    if not read.characters:
        raise GeneratorError(
            "The texts are all empty, so there is nothing to measure: choose other data.",
            zh="所有文本均为空，无可评估的内容：请选择其他数据。",
            parameter="dataset",
        )
    yield from _told(read)
    yield Metric("unigram_nats_per_character", round(counted_nats(read.texts), 4))
    learnt, own = Dataset(held_out.path, "train"), learnt_from(request.model, held_out)
    if own and len(learnt):
        again = yield from _read(model, learnt, OF_LEARNT, _AGAIN)
        yield Metric("learnt_nats_per_character", round(again.each, 4))
    yield Progress(0, 0, _WRITING)
    yield Metric("characters_per_second", round(speed_of(model)))
    samples = yield from samples_of(model, _WRITING)
    unseen = alike(read.texts, samples.texts, stand_alone=model.kind != "prose")
    yield from _variety(samples.texts, "")
    yield from _variety(unseen, "_unseen")
    if own and len(learnt):
        yield from _copied(samples.texts, unseen, learnt)
    if model.kind == "lines":
        yield from _new_lines(request, samples.texts)
    if model.kind == "verse":
        yield from verse_metrics(samples.texts, samples.asked, unseen)
    if samples.texts:
        yield Preview(Text("\n\n".join(samples.texts[:_SHOWN])), title=_A_SAMPLE)


# -- what it has not seen --------------------------------------------------------------------------


def _read(
    model: Model, dataset: Dataset, most: int, words: dict[str, str]
) -> Generator[Event, None, _Read]:
    """Read texts of a dataset from all over it, about `most` code points of them."""
    texts = _few(dataset, most)
    stand_alone = model.kind != "prose"
    parts = texts if stand_alone else [model.between.join(texts)]
    nats, done, unknown, clock = 0.0, 0, 0, time.monotonic()
    total = sum(map(len, parts)) + stand_alone * len(parts)
    for _owners, each in nats_of_rows(model, (example_row(model, text) for text in parts)):
        nats, done = nats + float(each.sum()), done + len(each)
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(min(done, total), total, words)
    for text in parts:
        unknown += sum(model.alphabet.unknown(text).values())
    return _Read(texts, total, sum(len(each.split()) for each in texts), nats, unknown)


def _few(dataset: Dataset, most: int) -> list[str]:
    """Texts from all over, or all of them; the last is cut where there is more than that."""
    total, count = sum(row["length"] for row in dataset.rows), len(dataset)
    wanted = count if total <= most else max(1, min(count, count * most // max(total, 1)))
    texts, room = list[str](), most
    for n in range(wanted):
        text = cleaned(str(dataset[n * count // wanted].artifact))[:room]
        room -= len(text)
        if text:
            texts.append(text)
    return texts


def counted_nats(texts: Sequence[str]) -> float:
    """Nats a character of whoever knows how often each comes in these texts, and nothing else."""
    counts = Counter("".join(texts)).values()
    total = sum(counts)
    return sum(n * math.log(total / n) for n in counts) / max(total, 1)


def _told(read: _Read) -> Iterator[Event]:
    yield Metric("nats_per_character", round(read.each, 4))
    yield Metric("bits_per_character", round(bits(read.each), 4))
    if read.words and not is_wide(" ".join(read.texts)[:_LOOKED_AT]):
        each = min(read.nats / read.words, 100.0)
        yield Metric("perplexity_per_word", round(perplexity(each), 2))
    if read.unknown:
        yield Metric("unknown_share", round(read.unknown / read.characters, 5))


# -- what it writes --------------------------------------------------------------------------------


def _variety(texts: Sequence[str], end: str) -> Iterator[Event]:
    """How different texts are in themselves and from each other, by words where there are some."""
    cut = [units_of(text) for text in texts]
    yield Metric(f"distinct_2{end}", round(distinct(cut, 2), 4))
    yield Metric(f"self_bleu{end}", round(self_bleu(cut), 4))


def units_of(text: str) -> list[str]:
    """The words of a text, or its characters where it has no spaces between words."""
    words = text.split()
    return list("".join(words)) if is_wide(text) else words


def alike(texts: Sequence[str], samples: Sequence[str], *, stand_alone: bool) -> list[str]:
    """Of texts as many as there are samples, and as long where they do not stand alone: else they
    could not be compared."""
    if stand_alone:
        return list(texts[: len(samples)])
    whole, start, found = "\n".join(texts), 0, list[str]()
    for sample in samples:
        found.append(whole[start : start + len(sample)])
        start += len(sample)
    return [each for each in found if each]


def _copied(
    samples: Sequence[str], unseen: Sequence[str], learnt: Dataset
) -> Generator[Event, None, None]:
    """How much of samples stands in what was learnt, and how much of other texts does."""
    mine, others = _BETWEEN.join(samples), _BETWEEN.join(unseen)
    least = usual_least(others or mine)
    both_sides = mine + _BETWEEN + others
    found = yield from copies_in(both_sides, learnt, min(least, _SHORT), _COPYING)
    both = [each for each in found if each.stop <= len(mine)]
    yield Metric("memorised_share", round(covered(len(mine), both, least) / max(len(mine), 1), 4))
    longest = max(map(len, both), default=0)
    if not longest:
        short = longest_copy(mine, (str(each.artifact) for each in learnt))
        longest = len(short) if short is not None else 0
    yield Metric("longest_copy", longest)
    if others:
        shift = len(mine) + len(_BETWEEN)
        rest = [
            Copy(each.start - shift, each.stop - shift, each.source, each.place)
            for each in found
            if each.start >= shift
        ]
        share = covered(len(others), rest, least) / len(others)
        yield Metric("memorised_share_unseen", round(share, 4))


def _new_lines(request: EvaluateRequest, samples: Sequence[str]) -> Iterator[Event]:
    """The share of lines that do not stand in what was learnt."""
    known = read_known(request.model) if request.model is not None else frozenset()
    if known and samples:
        new = sum(digest(each) not in known for each in samples)
        yield Metric("new_lines", round(new / len(samples), 4))
