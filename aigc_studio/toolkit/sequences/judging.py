"""What *evaluate* tells of texts: nats on a dataset, and how expected each character is."""

from __future__ import annotations

import math
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from aigc_studio.api import (
    Annotation,
    EvaluateRequest,
    Event,
    GeneratorError,
    Message,
    Metric,
    Progress,
    Span,
    limits,
)

_TELL_EVERY = 0.1
_NAMED = 12
_LONGEST = 16
"""So many code points of a piece are shown: a letter may carry hundreds of marks."""
_UNKNOWN = {"en": "the model does not know it", "zh": "模型不认识"}

Cut = Callable[[str], Sequence[str]]


def judge_text(
    request: EvaluateRequest,
    chances: Callable[[str], Iterable[float | None]],
    pieces: Cut = list,
) -> Iterator[Event]:
    """Measure a dataset, or explain the text of the request, by a model's `chances`.

    `chances(text)` gives of each piece of a text, from the first, how probable it was after those
    before it: above 0, at most 1; None for one that the model does not know. `pieces(text)` cuts it
    into those, which joined are the text again: its code points unless told otherwise. Yields
    Progress and, of the text of the request, an Annotation for each piece (of several together
    where there are more than may be told) and a Message that names what is unknown, but for spaces
    and line breaks; of a dataset the metric `nats_per_character`, by code points. Raises
    GeneratorError for texts without any character.
    """
    if request.artifact is not None:
        yield from _explained(request.text.value, chances, pieces)
    elif request.dataset is not None:
        yield from _measured(request, chances, pieces)


def _explained(
    text: str, chances: Callable[[str], Iterable[float | None]], pieces: Cut
) -> Iterator[Event]:
    found = pieces(text)
    together = -(-len(found) // limits.ANNOTATIONS) or 1
    unknown: Counter[str] = Counter()
    start, told_at = 0, time.monotonic()
    known, length, logs = 0, 0, 0.0
    for number, (piece, chance) in enumerate(zip(found, chances(text), strict=True), 1):
        length += len(piece)
        if chance is None:
            unknown[piece] += bool(piece.strip())
        else:
            known, logs = known + 1, logs + math.log(max(chance, 1e-300))
        if number % together == 0 or number == len(found):
            value = chance or 0.0 if together == 1 else _mean(logs, known)
            words = _words(value) if known else _UNKNOWN
            yield Annotation(Span(start, start + length), min(max(value, 0.0), 1.0), words)
            start, known, length, logs = start + length, 0, 0, 0.0
        if number % 256 == 0 and time.monotonic() - told_at > _TELL_EVERY:
            told_at = time.monotonic()
            yield Progress(number, len(found))
    if unknown := +unknown:  # without spaces and line breaks
        yield _not_known(unknown)


def _mean(logs: float, count: int) -> float:
    return math.exp(logs / count) if count else 0.0


def _words(chance: float) -> str:
    return f"{chance:.1%}" if chance >= 0.001 else f"{chance:.1e}"


def name_pieces(pieces: Iterable[str]) -> dict[str, str]:
    """Pieces of a text as a sentence names them, each once, in English and Chinese.

    Twelve at most, and how many more there are. What has no look of its own is told by its code
    points (U+0000), one that is very long is cut in its middle.
    """
    found = [_shown(each) for each in dict.fromkeys(pieces)]
    english, chinese = (mark.join(found[:_NAMED]) for mark in (", ", "、"))
    if (more := len(found) - _NAMED) > 0:
        english, chinese = f"{english} and {more:,} more", f"{chinese} 等共 {len(found):,} 个"
    return {"en": english, "zh": chinese}


def _shown(piece: str) -> str:
    if all(unicodedata.category(each)[0] in "CZ" for each in piece):
        return " ".join(f"U+{ord(each):04X}" for each in piece[:_LONGEST])
    if len(piece) <= _LONGEST:
        return piece
    return f"{piece[: _LONGEST // 2]}…{piece[-_LONGEST // 2 :]}"


def _not_known(unknown: Counter[str]) -> Message:
    named, count = name_pieces(unknown), unknown.total()
    characters = "character" if count == 1 else "characters"
    return Message(
        {
            "en": f"The model does not know {count:,} {characters} of this text: {named['en']}",
            "zh": f"此文本中有 {count:,} 个字符是模型不认识的：{named['zh']}",
        }
    )


def _measured(
    request: EvaluateRequest, chances: Callable[[str], Iterable[float | None]], pieces: Cut
) -> Iterator[Event]:
    assert request.dataset is not None
    nats, count, told_at, asked = 0.0, 0, 0.0, 0
    for number, example in enumerate(request.dataset):
        text = str(example.artifact)
        for piece, chance in zip(pieces(text), chances(text), strict=True):
            if chance is not None:
                nats, count = nats - math.log(chance), count + len(piece)
            asked += 1
            if asked % 256 == 0 and time.monotonic() - told_at > _TELL_EVERY:
                told_at = time.monotonic()
                yield Progress(number, len(request.dataset))
        yield Progress(number + 1, len(request.dataset))
    if not count:
        raise GeneratorError(
            "The texts are all empty, so there is nothing to measure: choose other data.",
            zh="所有文本均为空，无可评估的内容：请选择其他数据。",
            parameter="dataset",
        )
    yield Metric("nats_per_character", nats / count)
