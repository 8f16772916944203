"""Explain a text: how expected each of its characters is, or what of it was copied from where."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aigc_studio.api import (
    Annotation,
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    Message,
    Metric,
    Span,
)
from aigc_studio.toolkit import exactly, parameters_of
from aigc_studio.toolkit.sequences import Copy, find_copies, judge_text
from rnn_text.alphabet import clusters
from rnn_text.judging.parameters import CopiedParameters
from rnn_text.judging.scoring import nats_of_pieces
from rnn_text.model import open_model
from rnn_text.writing.ends import stands_alone

LETTERS, WIDE = 24, 8
"""A run of so many characters is a copy: of letters, and of characters of scripts without spaces.
Of tiny Shakespeare's last tenth 3 characters in 1,000 stand in such runs of the rest."""
_LOOKED_AT = 10_000
_MOST = 20_000
"""Copies that are told of one text: the longest."""
_AROUND, _SHOWN = 32, 160
_SEARCHING = {"en": "Looking through the data", "zh": "正在查找训练数据"}


def explain_text(request: EvaluateRequest) -> Iterator[Event]:
    """Say of each character how expected it was."""
    exactly(request)
    model = open_model(request.model)

    def chances(text: str) -> Iterator[float | None]:
        for nats in nats_of_pieces(model, text):
            yield None if nats is None else math.exp(-nats)

    return judge_text(request, chances, model.alphabet.pieces)


def usual_least(text: str) -> int:
    """From how many characters on a run is a copy, by the script of a text."""
    return WIDE if is_wide(text) else LETTERS


def is_wide(text: str) -> bool:
    """Whether most of a text is in a script that puts no space between words."""
    letters = [each for each in text[:_LOOKED_AT] if each.isalpha()]
    return sum(map(stands_alone, letters)) * 2 > len(letters)


def mark_copies(request: EvaluateRequest[CopiedParameters]) -> Iterator[Event]:
    """Mark each run that stands in what the model learnt from as well, and say where."""
    text, data = request.text.value, request.dataset
    if data is None:
        raise GeneratorError(
            "What was copied can be told only beside the data that the model learnt from.",
            zh="只有在有模型训练数据时，才能指出哪些内容是抄来的。",
        )
    least = parameters_of(request, CopiedParameters).least or usual_least(text)
    plain, places = _with_plain_ends(text)
    copies = yield from copies_in(plain, data, least, _SEARCHING)
    copies = _whole(plain, copies, least)
    told = sorted(copies, key=len, reverse=True)[:_MOST]
    where = _Where(data)
    for each in sorted(told, key=lambda copy: copy.start):
        span = Span(int(places[each.start]), int(places[each.stop]))
        yield Annotation(span, _strength(len(each), least), where.words(plain, each))
    share = covered(len(plain), copies, least) / max(len(plain), 1)
    yield Metric("memorised_share", round(share, 4))
    yield Metric("longest_copy", max(map(len, copies), default=0))
    yield Message(_summary(copies, share, least))


def copies_in(
    text: str, data: Dataset, least: int, words: dict[str, str]
) -> Generator[Event, None, list[Copy]]:
    """What of a text stands in the data, as `find_copies`; Progress says it in these words."""
    work = find_copies(text, data, least)
    while True:
        try:
            yield replace(next(work), text=words)
        except StopIteration as end:
            found: list[Copy] = end.value
            return found


def covered(length: int, copies: Sequence[Copy], least: int) -> int:
    """How many of so many characters stand in copies of at least `least`."""
    marked = np.zeros(length, np.bool_)
    for each in copies:
        if len(each) >= least:
            marked[each.start : each.stop] = True
    return int(marked.sum())


def _with_plain_ends(text: str) -> tuple[str, Sequence[int]]:
    """The text with line ends as datasets have them, and where each character and its end stood."""
    if "\r" not in text:
        return text, range(len(text) + 1)
    kept, places = list[str](), list[int]()
    for place, each in enumerate(text):
        if each == "\n" and text[place - 1 : place] == "\r":
            continue
        kept.append("\n" if each == "\r" else each)
        places.append(place)
    return "".join(kept), [*places, len(text)]


def _whole(text: str, copies: Sequence[Copy], least: int) -> list[Copy]:
    """The copies without characters that are cut: an accent alone was not copied."""
    if text.isascii() or not copies:
        return list(copies)
    ends = np.cumsum([0, *(len(each) for each in clusters(text))])
    found = []
    for each in copies:
        start = int(ends[ends.searchsorted(each.start, "left")])
        stop = int(ends[ends.searchsorted(each.stop, "right") - 1])
        if stop - start >= least:
            found.append(Copy(start, stop, each.source, each.place + start - each.start))
    return found


def _strength(length: int, least: int) -> float:
    """Longer runs are stronger: the strongest is four times as long as the shortest."""
    return min(1.0, 0.4 + 0.2 * (length - least) / least)


@dataclass
class _Where:
    """Says where copies stand in the data."""

    data: Dataset
    _number: int = -1
    _text: str = ""

    def words(self, text: str, copy: Copy) -> dict[str, str]:
        """How long a copy is, in which example it stands, and some words around it there."""
        if copy.source != self._number:
            self._number, self._text = copy.source, str(self.data[copy.source].artifact)
        before = self._text[max(0, copy.place - _AROUND) : copy.place]
        after = self._text[copy.place + len(copy) :][:_AROUND]
        run = text[copy.start : copy.stop]
        if len(run) > _SHOWN:
            run = f"{run[: _SHOWN // 2]} … {run[-_SHOWN // 2 :]}"
        opening = "…" if copy.place > _AROUND else ""
        shown = _on_a_line(f"{opening}{before}[{run}]{after}")
        shown += "…" if copy.place + len(copy) + _AROUND < len(self._text) else ""
        number, source = f"{copy.source + 1:,}", self.data.rows[copy.source].get("source", "")
        english = f"example {number}" + (f" ({source})" if source else "")
        chinese = f"第 {number} 个样本" + (f"（{source}）" if source else "")
        name = self.data.name
        return {
            "en": f"{len(copy):,} characters, as in {english} of “{name}”: {shown}",
            "zh": f"{len(copy):,} 个字符，与“{name}”{chinese}相同：{shown}",
        }


def _on_a_line(words: str) -> str:
    return " ".join(words.replace("\n", " / ").split())


def _summary(copies: Sequence[Copy], share: float, least: int) -> dict[str, str]:
    if not copies:
        return {
            "en": f"Nothing of {least} characters or more stands in what the model learnt from.",
            "zh": f"没有任何 {least} 个字符以上的内容出现在模型的训练数据中。",
        }
    longest = max(map(len, copies))
    percent = f"{share:.0%}" if share >= 0.005 else "<1%"
    return {
        "en": f"{percent} of the characters stand in runs of {least} or more that stand in what "
        f"the model learnt from as well; the longest has {longest:,}.",
        "zh": f"{percent} 的字符处于长度不少于 {least}、训练数据中也有的片段中；"
        f"最长的有 {longest:,} 个字符。",
    }
