"""What a model writes by itself, as people get it, to be measured: how much, how fast, how good."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aigc_studio.api import Candidate, Event, GenerateRequest, Metric, Progress
from rnn_text.model import Model
from rnn_text.writing.ends import ending
from rnn_text.writing.parameters import GenerateParameters
from rnn_text.writing.pen import SIDE_BY_SIDE, Page, pen_of, write
from rnn_text.writing.side_by_side import style_of

PASSAGES, LENGTH = 16, 1_000
LINES, LONGEST_LINE = 128, 400
POEMS = 12
_SEED = 20_261_126
_TIMED = 400
_TELL_EVERY = 0.2


@dataclass(frozen=True)
class Samples:
    """Texts; of poems, the names of the forms that were `asked` for."""

    texts: Sequence[str]
    asked: Sequence[str] = ()


def samples_of(model: Model, words: dict[str, str]) -> Generator[Event, None, Samples]:
    """Some texts by the usual parameters: long passages, lines, or poems in each of its forms."""
    if model.kind == "verse" and model.forms:
        return (yield from _poems(model, words))
    count, length = (LINES, LONGEST_LINE) if model.kind == "lines" else (PASSAGES, LENGTH)
    texts, clock = list[str](), time.monotonic()
    for first in range(0, count, SIDE_BY_SIDE):
        block = min(SIDE_BY_SIDE, count - first)
        page: Page | None = None
        for page in _pages(model, first, block, length):
            if time.monotonic() - clock > _TELL_EVERY:
                clock = time.monotonic()
                yield Progress(first * length + page.place * block, count * length, words)
        if page is not None:
            texts += [page.text(row) for row in range(block)]
    return Samples([each for each in texts if each.strip()])


def _pages(model: Model, first: int, count: int, length: int) -> Iterator[Page]:
    return write(
        pen_of(model), np.zeros(0, np.int64), seed=_SEED + first, count=count,
        style=style_of(GenerateParameters()), end=ending("length", length), most=length + 32,
        ends_itself=model.kind != "prose",
    )  # fmt: skip


def speed_of(model: Model) -> float:
    """Characters a second that it writes in one stream, once it is warm."""
    for _warm in _pages(model, 0, 1, 8):
        pass
    began, count = time.perf_counter(), 0
    while count < _TIMED:  # of lines several
        count += max(sum(1 for _page in _pages(model, count, 1, _TIMED)), 1)
    return count / (time.perf_counter() - began)


def _poems(model: Model, words: dict[str, str]) -> Generator[Event, None, Samples]:
    from rnn_text.verse.composing import compose

    texts, asked = list[str](), list[str]()
    forms = model.forms[: max(1, POEMS // 4)]
    each = -(-POEMS // len(forms))
    for form in forms:
        request = GenerateRequest(seed=_SEED + len(texts), count=each, controls={"form": form})
        for event in compose(request, model):
            if isinstance(event, Candidate):
                texts.append(str(event.artifact))
                asked.append(form)
                yield Progress(len(texts), each * len(forms), words)
    return Samples(texts, asked)


def verse_metrics(
    texts: Sequence[str], asked: Sequence[str], unseen: Sequence[str]
) -> Iterator[Event]:
    """How many poems are complete in the form that was asked for, and how many even lines rhyme,
    in them and in real ones."""
    from rnn_text.verse.forms import form_of

    if asked:
        forms = [form_of(text) for text in texts]
        complete = sum(
            form is not None and form.name == name for form, name in zip(forms, asked, strict=True)
        )
        yield Metric("poems_complete", round(complete / len(asked), 4))
    for name, poems in (("rhymed_share", texts), ("rhymed_share_unseen", unseen)):
        share = _rhymed(poems)
        if share is not None:
            yield Metric(name, round(share, 4))


def _rhymed(poems: Sequence[str]) -> float | None:
    from rnn_text.verse.checking import judge_poem

    judged = [each for text in poems if (each := judge_poem(text)) is not None]
    even = sum(each.even for each in judged)
    return sum(each.rhymed for each in judged) / even if even else None
